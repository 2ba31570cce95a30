"""A cooperative's own pages, a household's page behind its link, and the bands that an office may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fair_pos.cooperative import actions, queries
from fair_pos.cooperative.forms import day_said, quantity_said, year_said
from fair_pos.cooperative.rules import BANDS, households_by_band, is_over, shown_bands
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.kernel.text import slug, sort_key
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.qr import qr_svg
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.sheets import write_xlsx
from fair_pos.plumbing.web import public, requires
from fair_pos.registry.queries import producers_by_id
from fair_pos.settlement.queries import get_statement_of, statements_of_producer
from fair_pos.venues.queries import get_edition, occupants_in

blueprint = Blueprint("cooperative", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# --- households ---------------------------------------------------------------------------------------------------------


@blueprint.get("/producers/<producer_id>/members")
@requires(Verb.MANAGE_MEMBERS)
def members(producer_id: str) -> str:
    """All households, and the form for a new one."""
    return members_page(producer_id, "")


@blueprint.post("/producers/<producer_id>/members")
@requires(Verb.MANAGE_MEMBERS)
def add_member(producer_id: str) -> Response | tuple[str, int]:
    """A household joins."""
    form = request.form
    return done(
        lambda session: actions.add_member(
            session,
            producer_id,
            code=form.get("code", ""),
            name=form.get("name", ""),
            joined_day=day_said(form.get("joined_day", "")),
            at=now(),
            by=current_user.id,
        ),
        _("Đã thêm hộ."),
        url_for("cooperative.members", producer_id=producer_id),
        lambda error: members_page(producer_id, error),
    )


@blueprint.get("/producers/<producer_id>/members/<member>")
@requires(Verb.MANAGE_MEMBERS)
def member(producer_id: str, member: str) -> str:
    """One household: what it brought, what it got, its link."""
    return member_page(producer_id, member, "")


@blueprint.post("/producers/<producer_id>/members/<member>/leave")
@requires(Verb.MANAGE_MEMBERS)
def leave(producer_id: str, member: str) -> Response | tuple[str, int]:
    """A household leaves."""
    day = day_said(request.form.get("left_day", ""))
    return changed(
        producer_id,
        member,
        lambda session: actions.end_membership(session, producer_id, member, day, at=now(), by=current_user.id),
        _("Đã ghi ngày thôi. Các lần giao và các khoản đã chia vẫn giữ nguyên."),
    )


@blueprint.post("/producers/<producer_id>/members/<member>/deliveries")
@requires(Verb.MANAGE_MEMBERS)
def add_delivery(producer_id: str, member: str) -> Response | tuple[str, int]:
    """A household brought goods."""
    form = request.form
    measure = form.get("measure", "")
    return changed(
        producer_id,
        member,
        lambda session: actions.add_delivery(
            session,
            producer_id,
            member,
            day=day_said(form.get("day", "")),
            measure=measure,
            quantity=quantity_said(form.get("quantity", ""), measure),
            what=form.get("what", ""),
            at=now(),
            by=current_user.id,
        ),
        _("Đã ghi lần giao."),
    )


@blueprint.post("/producers/<producer_id>/members/<member>/deliveries/<delivery>/undo")
@requires(Verb.MANAGE_MEMBERS)
def undo_delivery(producer_id: str, member: str, delivery: str) -> Response | tuple[str, int]:
    """Take a wrong delivery back."""
    return changed(
        producer_id,
        member,
        lambda session: actions.undo_delivery(session, producer_id, member, delivery, at=now(), by=current_user.id),
        _("Đã hủy lần giao. Dòng cũ vẫn còn để xem lại."),
    )


@blueprint.post("/producers/<producer_id>/members/<member>/card")
@requires(Verb.MANAGE_MEMBERS)
def give_card(producer_id: str, member: str) -> str:
    """A new link for the household, shown this once: only its hash is kept."""
    token = in_transaction(
        lambda session: actions.give_card(session, producer_id, member, at=now(), by=current_user.id)
    )
    address = url_for("cooperative.household", token=token, _external=True)
    return render_template(
        "cooperative/card.html",
        member=queries.get_member(reading(), producer_id, member),
        address=address,
        qr=qr_svg(address),
        **frame_of(producer_id),
    )


@blueprint.post("/producers/<producer_id>/members/<member>/card/revoke")
@requires(Verb.MANAGE_MEMBERS)
def revoke_card(producer_id: str, member: str) -> Response | tuple[str, int]:
    """The household's link ends."""
    return changed(
        producer_id,
        member,
        lambda session: actions.revoke_card(session, producer_id, member, at=now(), by=current_user.id),
        _("Đã thu hồi đường dẫn. Mã QR cũ không mở được nữa."),
    )


# --- shares -------------------------------------------------------------------------------------------------------------


@blueprint.get("/producers/<producer_id>/shares")
@requires(Verb.MANAGE_MEMBERS)
def shares(producer_id: str) -> str:
    """All statements of the cooperative: shared, or to be shared."""
    return shares_page(producer_id, "")


@blueprint.post("/producers/<producer_id>/shares/<statement>")
@requires(Verb.MANAGE_MEMBERS)
def share(producer_id: str, statement: str) -> Response | tuple[str, int]:
    """Share a statement among the households as they were looked at, for good."""
    seen, by = request.form.get("seen", ""), current_user.id
    return done(
        lambda session: actions.share_out(session, producer_id, statement, seen=seen, at=now(), by=by),
        _("Đã chia. Cộng lại đúng bằng số tiền của bảng."),
        url_for("cooperative.share_run", producer_id=producer_id, statement=statement),
        lambda error: share_page(producer_id, statement, error)[0],
    )


@blueprint.get("/producers/<producer_id>/shares/<statement>")
@requires(Verb.MANAGE_MEMBERS)
def share_run(producer_id: str, statement: str) -> tuple[str, int]:
    """How a statement was shared; or would be, with the button that does it."""
    return share_page(producer_id, statement, "")


@blueprint.get("/producers/<producer_id>/shares/<statement>.xlsx")
@requires(Verb.MANAGE_MEMBERS)
def share_file(producer_id: str, statement: str) -> Response:
    """The same as a workbook."""
    run = run_asked(producer_id, statement)
    headings = [
        _("Mã hộ"),
        _("Hộ"),
        _("Số gam giao") if run.measure == "grams" else _("Số cái giao"),
        _("Được chia (₫)"),
    ]
    lines = queries.lines_of_run(reading(), run.id)
    rows: list[tuple[str, str, int, int]] = [(one.code, one.name, one.quantity, one.amount_dong) for one in lines]
    rows.append(("", _("Cộng"), sum(one.quantity for one in lines), sum(one.amount_dong for one in lines)))
    name = f"chia-tien-{slug(run.number)}.xlsx"
    answer = Response(write_xlsx(run.number, headings, rows), mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def run_asked(producer_id: str, statement: str) -> Any:
    """How the statement in the address was shared. Raises NotFound."""
    get_statement_of(reading(), producer_id, statement)
    run = queries.runs_of(reading(), producer_id).get(statement)
    if run is None:
        raise NotFound
    return run


# --- bands --------------------------------------------------------------------------------------------------------------


@blueprint.get("/producers/<producer_id>/bands")
@requires(Verb.MANAGE_MEMBERS)
def own_bands(producer_id: str) -> str:
    """What others would see of each year, before it is published and after."""
    return own_bands_page(producer_id, "")


@blueprint.post("/producers/<producer_id>/bands")
@requires(Verb.MANAGE_MEMBERS)
def publish(producer_id: str) -> Response | tuple[str, int]:
    """Publish a year, for good."""
    year = year_said(request.form.get("year", ""))
    return done(
        lambda session: actions.publish_bands(session, producer_id, year, at=now(), by=current_user.id),
        _("Đã công bố năm %(year)s.", year=year),
        url_for("cooperative.own_bands", producer_id=producer_id),
        lambda error: own_bands_page(producer_id, error),
    )


@blueprint.get("/editions/<edition_id>/income-bands")
@requires(Verb.SEE_BANDS)
def bands(edition_id: str) -> str:
    """What the cooperatives of an edition published; no income, no household, no total."""
    session = reading()
    owners = producers_by_id(
        session, {one for several in occupants_in(session, edition_id).values() for one in several}
    )
    published = queries.published_of(session, set(owners))
    return render_template(
        "cooperative/bands.html",
        edition=get_edition(session, edition_id),
        published=sorted(published, key=lambda one: (-one.year, sort_key(owners[one.producer_id].name))),
        owners=owners,
        words=band_words(),
    )


def band_words() -> dict[str, str]:
    """The bands in words, in their order."""
    words = {
        "under_50": _("Dưới 50 triệu"),
        "50_to_100": _("Từ 50 đến dưới 100 triệu"),
        "100_to_200": _("Từ 100 đến 200 triệu"),
        "over_200": _("Trên 200 triệu"),
    }
    return {band: words[band] for band in BANDS}


# --- a household's own page ---------------------------------------------------------------------------------------------


@blueprint.get("/household/<token>")
@public
def household(token: str) -> tuple[str, int] | str:
    """What one household brought and got. Whoever holds its link sees this and nothing else."""
    found = queries.find_member_by_token(reading(), token)
    if found is None:
        return render_template("cooperative/household_gone.html"), 404
    earned = queries.earned_by(reading(), found.id)
    return render_template(
        "cooperative/household.html",
        member=found,
        cooperative=producers_by_id(reading(), {found.producer_id})[found.producer_id],
        years=by_year(earned),
        deliveries=queries.deliveries_of(reading(), found.id),
    )


def by_year(earned: list[queries.Earned]) -> dict[int, list[queries.Earned]]:
    """A household's parts by year, the newest first."""
    years: dict[int, list[queries.Earned]] = {}
    for one in earned:
        years.setdefault(one.until_day.year, []).append(one)
    return years


# --- what the pages share -----------------------------------------------------------------------------------------------


def frame_of(producer_id: str) -> dict[str, Any]:
    """What a producer's pages show around what they say. Raises NotFound for who is no cooperative."""
    if not queries.is_cooperative(reading(), producer_id):
        raise NotFound
    return {
        "producer": producers_by_id(reading(), {producer_id})[producer_id],
        "switch": [],
        "today": fair_day(now(), 0),
    }


def done(
    work: Callable[[Session], Any], told: str, address: str, again: Callable[[str], str]
) -> Response | tuple[str, int]:
    """Do it and go to `address`, or show the page again with what is wrong."""
    try:
        in_transaction(work)
    except NotFound:
        raise
    except Refusal as refusal:
        return again(sentence(refusal.code, refusal.facts)), refusal.status
    flash(told)
    return redirect(address)


def changed(producer_id: str, member: str, work: Callable[[Session], Any], told: str) -> Response | tuple[str, int]:
    """A change of one household."""
    address = url_for("cooperative.member", producer_id=producer_id, member=member)
    return done(work, told, address, lambda error: member_page(producer_id, member, error))


def members_page(producer_id: str, error: str) -> str:
    """The households."""
    frame = frame_of(producer_id)
    found = queries.members_of(reading(), producer_id)
    return render_template("cooperative/members.html", members=found, form=request.form, error=error, **frame)


def member_page(producer_id: str, member_id: str, error: str) -> str:
    """One household."""
    frame = frame_of(producer_id)
    session = reading()
    found = queries.get_member(session, producer_id, member_id)
    deliveries = queries.deliveries_of(session, member_id)
    return render_template(
        "cooperative/member.html",
        member=found,
        deliveries=deliveries,
        undone={one.undoes_id for one in deliveries if one.undoes_id},
        years=by_year(queries.earned_by(session, member_id)),
        card=queries.card_of(session, member_id),
        form=request.form,
        error=error,
        **frame,
    )


def shares_page(producer_id: str, error: str) -> str:
    """The statements."""
    frame = frame_of(producer_id)
    return render_template(
        "cooperative/shares.html",
        statements=statements_of_producer(reading(), producer_id),
        runs=queries.runs_of(reading(), producer_id),
        error=error,
        **frame,
    )


def share_page(producer_id: str, statement: str, error: str) -> tuple[str, int]:
    """One statement's shares, made or to be looked at first; the list with what stands in the way when there are none."""
    frame, session = frame_of(producer_id), reading()
    get_statement_of(session, producer_id, statement)
    run = queries.runs_of(session, producer_id).get(statement)
    if run is not None:
        lines = queries.lines_of_run(session, run.id)
        return render_template("cooperative/share_run.html", run=run, its=run, lines=lines, error=error, **frame), 200
    try:
        plan = queries.plan_of(session, producer_id, statement)
    except NotFound:
        raise
    except Refusal as refusal:
        return shares_page(producer_id, sentence(refusal.code, refusal.facts)), refusal.status
    lines = queries.lines_of_plan(session, producer_id, plan)
    return render_template("cooperative/share_run.html", run=None, its=plan, lines=lines, error=error, **frame), 200


def own_bands_page(producer_id: str, error: str) -> str:
    """Years with what others see, or would see, of them."""
    frame = frame_of(producer_id)
    session = reading()
    published = {one.year: one for one in queries.published_of(session, {producer_id})}
    years: list[tuple[int, dict[str, int], date | None, bool]] = []
    for year in queries.years_shared(session, producer_id):
        if year in published:
            one = published[year]
            years.append((year, dict(one.households), fair_day(one.published_at, 0), True))
        else:
            incomes = queries.incomes_of_year(session, producer_id, year)
            years.append(
                (year, shown_bands(households_by_band(list(incomes.values()))), None, is_over(year, frame["today"]))
            )
    return render_template("cooperative/own_bands.html", years=years, words=band_words(), error=error, **frame)
