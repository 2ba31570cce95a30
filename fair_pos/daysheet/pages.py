"""The badge that stands beside every figure, and the pages on which a day is closed."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any, cast

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.daysheet import actions, forms, queries, words
from fair_pos.daysheet.gather import Counted, gather, ids_signed
from fair_pos.daysheet.paper import print_sheet
from fair_pos.daysheet.rules import Badge, What, closes_at, completeness
from fair_pos.daysheet.sheet import Heading, brought_up, changes_between, content_of, thawed
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading, snapshot
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import requires
from fair_pos.sales.day_set import ids_of_day, receipts_outside, sums_outside
from fair_pos.sales.queries import DaySums, sums_by_day
from fair_pos.till.queries import devices_of
from fair_pos.venues.queries import booths_of, get_edition

blueprint = Blueprint("daysheet", __name__)
blueprint.add_app_template_filter(words.state_words)
blueprint.add_app_template_filter(words.sent_words)
blueprint.add_app_template_filter(words.late_words)
blueprint.add_app_template_filter(words.late_reason)
PAGE_SIZE = 100
MOST_DAYS = 60
"""Of a showroom, which has no last day, the newest so many."""


@blueprint.app_template_global()
def completeness_badge(edition_id: str, day: date | None = None, what: What = "sales") -> Badge:
    """How complete a figure is, of a day or of the whole edition so far; asked once in a request however often a page shows it."""
    kept: dict[tuple[str, date | None, str], Badge] = g.setdefault("completeness_badges", {})
    key = (edition_id, day, what)
    if key not in kept:
        found = queries.visitor_badge_of if what == "visitors" else queries.badge_of
        kept[key] = found(reading(), edition_id, day, now())
    return kept[key]


def counted() -> Counted:
    """How many oddities a day has: reports stand above us, so the application lends their count."""
    return cast("Counted", current_app.extensions["fair_pos_count_oddities"])


@blueprint.get("/editions/<edition_id>/sheets")
@requires(Verb.SEE_FIGURES)
def days(edition_id: str) -> str:
    """The days of an edition: what each came to, who signed it, and what came after."""
    session, at = reading(), now()
    edition = get_edition(session, edition_id)
    today = fair_day(at, edition.day_boundary_minutes)
    last = today if edition.ends_day is None else min(today, edition.ends_day)
    shown = [last - timedelta(days=back) for back in range((last - edition.starts_day).days + 1)][:MOST_DAYS]
    sums = sums_by_day(session, [one.id for one in booths_of(session, edition_id)], shown)
    return render_template(
        "daysheet/days.html",
        edition=edition,
        today=today,
        days=shown,
        sums={day: sums.get(day, DaySums()) for day in shown},
        badges=queries.badges_by_day(session, edition_id, shown, at),
    )


@blueprint.get("/editions/<edition_id>/days/<day>/sheet")
@requires(Verb.SEE_FIGURES)
def sheet(edition_id: str, day: str) -> str:
    """The figures of one evening: as they stand, as they were signed, or (`number`) on one of the sheets signed before."""
    return sheet_page(edition_id, forms.day_in_address(day), "")


def sheet_page(edition_id: str, day: date, error: str) -> str:
    """The day with its form, and why it was not closed when it was tried."""
    at, asked = now(), forms.number_asked(request.args)
    with snapshot() as session:
        edition = get_edition(session, edition_id)
        sheets = [one for one in queries.sheets_of(session, edition_id) if one.fair_day == day]
        in_force = next((one for one in sheets if one.in_force), None)
        shown = in_force if asked is None else next((one for one in sheets if one.number == asked), None)
        if asked is not None and shown is None:
            raise NotFound
        contents = {one.id: thawed(queries.content_of_sheet(session, one.id)) for one in sheets}
        if shown is None:
            heading = Heading(edition.name, edition.place, day)
            content = brought_up(
                content_of(heading, gather(session, edition_id, day, ids_of_day(edition_id, day), counted()))
            )
        else:
            content = contents[shown.id]
        late, late_visits = {}, 0
        if in_force is not None:
            late = sums_outside(session, edition_id, day, ids_signed(in_force.id))
            late_visits = queries.visitor_badge_of(session, edition_id, day, at).late_people
        known = completeness(queries.device_states(session, edition_id), day, edition.day_boundary_minutes)
        letters = {
            one.id: one.letter for one in devices_of(session, [one.id for one in booths_of(session, edition_id)])
        }
        people = queries.names_of(session, [*(one.closed_by for one in sheets), *(one.reopened_by for one in sheets)])
    today = fair_day(at, edition.day_boundary_minutes)
    closing = closes_at(day, edition.closes_minute, edition.day_boundary_minutes)
    inside = edition.starts_day <= day and (edition.ends_day is None or day <= edition.ends_day)
    return render_template(
        "daysheet/sheet.html",
        edition=edition,
        day=day,
        today=today,
        can_close=in_force is None and inside and day <= today,
        outside=not inside,
        closes=closing,
        closing=closing if at < closing else None,
        content=content,
        shown=shown,
        in_force=in_force,
        sheets=sheets,
        people=people,
        changes={
            later.id: changes_between(contents[earlier.id], contents[later.id]) for earlier, later in pairwise(sheets)
        },
        change_name=change_name,
        late=[
            (letters.get(one, "?"), sums)
            for one, sums in sorted(late.items(), key=lambda item: letters.get(item[0], ""))
        ],
        late_visits=late_visits,
        known=known,
        ticked=request.form,
        error=error,
    )


@blueprint.post("/editions/<edition_id>/days/<day>/sheet")
@requires(Verb.CLOSE_DAYS)
def close(edition_id: str, day: str) -> AnyResponse | tuple[str, int]:
    """Sign the day as the person who is signed in."""
    asked, agreed, count = (
        forms.day_in_address(day),
        forms.agreed_of(request.form, request.form.getlist("late")),
        counted(),
    )
    at, by = now(), current_user.id
    try:
        made = in_transaction(
            lambda session: actions.close_day(session, edition_id, asked, agreed, count, at=at, by=by).number,
            one_moment=True,
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return sheet_page(edition_id, asked, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã chốt ngày. Bảng chốt số %(number)s.", number=made))
    return redirect(url_for("daysheet.sheet", edition_id=edition_id, day=day))


@blueprint.post("/editions/<edition_id>/days/<day>/sheet/reopen")
@requires(Verb.CLOSE_DAYS)
def reopen(edition_id: str, day: str) -> AnyResponse | tuple[str, int]:
    """Open a signed day again, with a reason."""
    asked, reason = forms.day_in_address(day), request.form.get("reason", "")
    at, by = now(), current_user.id
    try:
        in_transaction(lambda session: actions.reopen_day(session, edition_id, asked, reason, at=at, by=by))
    except NotFound:
        raise
    except Refusal as refusal:
        return sheet_page(edition_id, asked, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã mở lại ngày. Xem lại số liệu rồi chốt lần nữa."))
    return redirect(url_for("daysheet.sheet", edition_id=edition_id, day=day))


@blueprint.get("/editions/<edition_id>/days/<day>/sheet/late")
@requires(Verb.SEE_RECEIPTS)
def late(edition_id: str, day: str) -> str:
    """The receipts of a signed day that its sheet does not cover, in the order in which they came."""
    session, asked, page = reading(), forms.day_in_address(day), forms.page_asked(request.args)
    edition = get_edition(session, edition_id)
    in_force = queries.sheet_of_day(session, edition_id, asked)
    if in_force is None:
        raise NotFound
    ids = ids_signed(in_force.id)
    booths = {one.id: one for one in booths_of(session, edition_id)}
    sums = sums_outside(session, edition_id, asked, ids).values()
    count = sum(one.receipts + one.refunds for one in sums)
    return render_template(
        "daysheet/late.html",
        edition=edition,
        day=asked,
        sheet=in_force,
        rows=receipts_outside(session, edition_id, asked, ids, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE),
        net_dong=sum(one.sold_dong - one.refunded_dong for one in sums),
        count=count,
        booths=booths,
        letters={one.id: one.letter for one in devices_of(session, list(booths))},
        page=page,
        pages=max(1, -(-count // PAGE_SIZE)),
    )


@blueprint.get("/editions/<edition_id>/sheets/<int:number>.pdf")
@requires(Verb.SEE_FIGURES)
def paper(edition_id: str, number: int) -> Response:
    """A signed sheet on paper: printed from its frozen content once, and the same bytes ever after. Raises PrinterBusy."""
    found = queries.get_sheet(reading(), edition_id, number)
    pdf = queries.find_paper(reading(), found.id)
    if pdf is None:
        printed = print_sheet(queries.content_of_sheet(reading(), found.id))
        pdf = in_transaction(lambda session: actions.keep_paper(session, found.id, printed, at=now()))
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="bang-chot-{found.fair_day.isoformat()}-{number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def change_name(name: str) -> str:
    """What a figure of a sheet is called (sheet.Change)."""
    names: dict[str, Any] = {
        "money.receipts": _("Phiếu bán"),
        "money.refunds": _("Phiếu trả"),
        "money.sold_dong": _("Bán ra"),
        "money.refunded_dong": _("Trả lại"),
        "money.discount_dong": _("Giảm giá"),
        "money.rounding_dong": _("Làm tròn"),
        "paid.cash_dong": _("Tiền mặt"),
        "paid.confirmed_dong": _("Chuyển khoản đã xác nhận"),
        "paid.claimed_dong": _("Chuyển khoản chưa xác nhận"),
        "paid.card_dong": _("Thẻ"),
        "drawers.closed": _("Ca đã kết"),
        "drawers.difference_dong": _("Lệch ngăn kéo"),
        "visitors.entries": _("Lượt vào"),
        "visitors.peak": _("Lúc đông nhất"),
        "visitors.distinct": _("Số người (ước tính)"),
        "visitors.planned": _("Dự kiến"),
        "oddities": _("Điều cần xem"),
        "unread": _("Gói lỗi"),
        "tablets.complete": _("Máy đã gửi hết"),
        "tablets.total": _("Số máy"),
    }
    return str(names[name])
