"""The goods of a showroom: what is on display and why, putting more on display, taking goods off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.catalogue.queries import search_products
from fair_pos.catalogue.rules import GROUPS
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.sheets import Cell, write_xlsx
from fair_pos.plumbing.web import requires
from fair_pos.showroom import actions, refusals
from fair_pos.showroom.forms import Wanted, day_said, wanted
from fair_pos.showroom.queries import OnDisplay, admitted_products, checks_of, goods_on_display, withdrawn_of
from fair_pos.showroom.rules import LINES, MOST_REASON, REASONS, Counts, count, fits
from fair_pos.showroom.words import ground_words, lack_words
from fair_pos.venues.queries import get_edition

blueprint = Blueprint("showroom", __name__)

A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Chip:
    """A filter with the number of goods that it leaves beside those already chosen; `args` turn it on or off."""

    name: str
    count: int
    on: bool
    args: dict[str, object]


@blueprint.get("/editions/<edition_id>/goods")
@requires(Verb.MANAGE_SHOWROOM)
def goods(edition_id: str) -> str:
    """What is on display on a day: how many of what, on which grounds, one by one."""
    return goods_page(edition_id, "")


@blueprint.get("/editions/<edition_id>/goods.xlsx")
@requires(Verb.MANAGE_SHOWROOM)
def goods_file(edition_id: str) -> Response:
    """The goods that the filters leave, with their grounds; and the counts on a sheet of their own."""
    edition = get_edition(reading(), edition_id)
    asked, day = asked_for(edition.day_boundary_minutes)
    everything = goods_on_display(reading(), edition.id, day)
    found = chosen(everything, asked)
    headings = [
        _("Sản phẩm"), _("Đơn vị tính"), _("Chủ hàng"), _("Nơi sản xuất"), _("Nhóm"), _("Giá bán (₫)"),
        *(_(name) for name in REASONS.values()), _("Căn cứ"), _("Trưng bày từ ngày"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for one in found:
        product, kinds = one.check.product, one.counted.kinds
        maker = product.producer
        reasons = [ground_words(ground) for ground in one.check.grounds] or [lack_words(x) for x in one.check.lacks]
        rows.append(
            [product.name, product.unit, maker.name, maker.place or maker.old_place, _(GROUPS[product.group_code])]
            + [product.price_dong]
            + [1 if kind in kinds else None for kind in REASONS]
            + ["; ".join(reasons), one.admission.admitted_day]
        )
    sums: list[list[Cell]] = [[name, number] for name, number in count_rows(count(one.counted for one in found))]
    data = write_xlsx(_("Hàng trưng bày"), headings, rows, (_("Tổng số"), [_("Loại"), _("Số")], sums))
    disposition = f'attachment; filename="hang-trung-bay-{day.isoformat()}.xlsx"'
    return Response(data, mimetype=XLSX, headers={"Content-Disposition": disposition})


def count_rows(counts: Counts) -> list[tuple[str, int]]:
    """The counts one below the other, as the page says them."""
    return [
        (_("Sản phẩm"), counts.products),
        (_("Chủ hàng"), counts.makers),
        *((_(LINES[code][0]), number) for code, number in counts.lines.items()),
        *((_(REASONS[kind]), number) for kind, number in counts.kinds.items()),
        (_("Có từ hai căn cứ"), counts.several),
        (_("Không còn căn cứ"), counts.without),
    ]


@blueprint.get("/editions/<edition_id>/goods/admit")
@requires(Verb.MANAGE_SHOWROOM)
def admit(edition_id: str) -> str:
    """Products that are not on display, each with what speaks for it and what does not."""
    return admit_page(edition_id, "")


@blueprint.post("/editions/<edition_id>/goods/admit")
@requires(Verb.MANAGE_SHOWROOM)
def take_in(edition_id: str) -> AnyResponse | tuple[str, int]:
    """Put the chosen products on display; those without any ground stay out, with the reasons."""
    day, by = day_said(request.form, "day"), current_user.id
    chosen_ids, exception = request.form.getlist("product")[:500], request.form.get("exception", "")[:400]
    try:
        if day is None:
            raise refusals.AdmissionDayWrong
        outcome = in_transaction(
            lambda session: actions.admit(
                session, edition_id, chosen_ids, day=day, at=now(), by=by, exception=exception
            )
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return admit_page(edition_id, sentence(refusal.code, refusal.facts)), refusal.status
    done = len(outcome.admitted)
    flash(ngettext("Đã trưng bày %(count)s sản phẩm.", "Đã trưng bày %(count)s sản phẩm.", done, count=done))
    for one in outcome.turned_down:
        why = "; ".join(lack_words(lack) for lack in one.lacks)
        flash(_("Chưa nhận «%(name)s»: %(why)s.", name=one.product.name, why=why), "waiting")
    return redirect(url_for("showroom.goods", edition_id=edition_id))


@blueprint.post("/editions/<edition_id>/goods/withdraw")
@requires(Verb.MANAGE_SHOWROOM)
def withdraw(edition_id: str) -> AnyResponse | tuple[str, int]:
    """Take a product off display."""
    day, by = day_said(request.form, "day"), current_user.id
    admission_id, reason = request.form.get("admission", ""), request.form.get("reason", "")[:400]
    try:
        if day is None:
            raise refusals.WithdrawalDayWrong
        in_transaction(
            lambda session: actions.withdraw(session, edition_id, admission_id, day=day, reason=reason, at=now(), by=by)
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return goods_page(edition_id, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã thôi trưng bày. Máy bán hàng sẽ tự lấy bảng giá mới."))
    return redirect(url_for("showroom.goods", edition_id=edition_id))


def asked_for(boundary_minutes: int) -> tuple[Wanted, date]:
    """The filters and the day that the address names; today when it names none."""
    args = request.args
    asked = wanted(args.get("line", ""), args.getlist("kind"), args.get("without", ""), args.get("maker", ""))
    return asked, day_said(args, "day") or fair_day(now(), boundary_minutes)


def chosen(everything: list[OnDisplay], asked: Wanted) -> list[OnDisplay]:
    """The goods that filters leave."""
    return [
        one
        for one in everything
        if fits(one.counted, line=asked.line, kinds=asked.kinds, without=asked.without)
        and (not asked.maker or one.check.product.producer.id == asked.maker)
    ]


def chips(everything: list[OnDisplay], asked: Wanted) -> list[Chip]:
    """The filters that find anything or are on; each with how many goods are left once it is chosen too."""
    changes = [
        (
            _(name),
            replace(asked, line="" if asked.line == code else code),
            replace(asked, line=code),
            asked.line == code,
        )
        for code, (name, _groups) in LINES.items()
    ]
    for kind, name in REASONS.items():
        on = kind in asked.kinds
        kinds = tuple(one for one in REASONS if (one in asked.kinds) != (one == kind))
        changes.append((_(name), replace(asked, kinds=kinds), replace(asked, kinds=(*asked.kinds, kind)), on))
    turned = replace(asked, without=not asked.without)
    changes.append((_("Không còn căn cứ"), turned, replace(asked, without=True), asked.without))
    found = [Chip(name, len(chosen(everything, also)), on, to.args) for name, to, also, on in changes]
    return [one for one in found if one.count or one.on]


def goods_page(edition_id: str, error: str) -> str:
    """Counts, filters and the goods they leave."""
    edition = get_edition(reading(), edition_id)
    asked, day = asked_for(edition.day_boundary_minutes)
    today = fair_day(now(), edition.day_boundary_minutes)
    everything = goods_on_display(reading(), edition.id, day)
    found = chosen(everything, asked)
    page = max(request.args.get("page", 1, type=int), 1)
    address = {**asked.args, "day": day.isoformat() if day != today else None}
    return render_template(
        "showroom/goods.html",
        edition=edition,
        day=day,
        today=today,
        all_counts=count(one.counted for one in everything),
        counts=count(one.counted for one in found),
        chips=chips(everything, asked),
        asked=asked,
        address=address,
        goods=found[(page - 1) * A_PAGE : page * A_PAGE],
        page=page,
        pages=-(-len(found) // A_PAGE),
        withdrawn=withdrawn_of(reading(), edition.id),
        reasons=REASONS,
        lines=LINES,
        groups=GROUPS,
        ground_words=ground_words,
        lack_words=lack_words,
        most=MOST_REASON,
        error=error,
    )


def admit_page(edition_id: str, error: str) -> str:
    """A page of products that a search finds, with their checks on the day that was asked for."""
    edition = get_edition(reading(), edition_id)
    today = fair_day(now(), edition.day_boundary_minutes)
    day = day_said(request.values, "day") or today
    text, page = request.values.get("q", "")[:200], max(request.args.get("page", 1, type=int), 1)
    found, total = search_products(reading(), text, day, first=(page - 1) * A_PAGE, most=A_PAGE)
    there = admitted_products(reading(), edition.id, day) or set()
    return render_template(
        "showroom/admit.html",
        edition=edition,
        checks=checks_of(reading(), [one.id for one in found if one.on_sale], day),
        there=there,
        ticked=set(request.form.getlist("product")),
        exception=request.form.get("exception", "")[:400],
        text=text,
        day=day,
        today=today,
        total=total,
        page=page,
        pages=-(-total // A_PAGE),
        ground_words=ground_words,
        lack_words=lack_words,
        most=MOST_REASON,
        error=error,
    )
