"""The visitors of a day for an organiser: every figure with what it means, signed corrections, paper, counters, and the band."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import day_starts_at, fair_day, local_hour
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.money import group_thousands, with_true_minus
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people.queries import find_person
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.sheets import write_csv, write_xlsx
from fair_pos.plumbing.web import requires
from fair_pos.sales.queries import count_receipts
from fair_pos.venues.queries import booths_of, get_edition
from fair_pos.visitors import actions, counters, forms, queries
from fair_pos.visitors.plans import plan_days
from fair_pos.visitors.queries import DayVisitors
from fair_pos.visitors.rules import (
    Said,
    crowd_percent,
    days_to_plan,
    hour_order,
    hours_of_day,
    is_clock_wrong,
    is_more_than_planned,
    people_of,
    reconcile,
)
from fair_pos.visitors.sheet import print_tally_sheets
from fair_pos.visitors.tables import GateDevice

blueprint = Blueprint("visitors", __name__)
blueprint.add_app_template_filter(is_more_than_planned, "more_than_planned")
blueprint.add_app_template_filter(crowd_percent)
MOST_DAYS_SHOWN = 60
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/editions/<edition_id>/visitors")
@requires(Verb.SEE_FIGURES)
def day(edition_id: str) -> str:
    """One fair day."""
    return day_page(edition_id, chosen_day(edition_id), "")


def chosen_day(edition_id: str) -> date:
    """The day asked for; today within the fair, otherwise its nearest day."""
    edition = get_edition(reading(), edition_id)
    today = fair_day(now(), edition.day_boundary_minutes)
    last = min(edition.ends_day or today, today)
    return forms.day_asked(request.values.get("day"), max(edition.starts_day, last))


def day_page(edition_id: str, shown: date, error: str) -> str:
    """The day with its forms, and what was wrong with the one that was sent."""
    looking, edition = reading(), get_edition(reading(), edition_id)
    found = queries.visitors_of_day(looking, edition_id, shown)
    ids = [gate.id for gate in found.gates]
    corrections = queries.corrections_of(looking, ids, shown)
    tallies = queries.tallies_of(looking, ids, shown)
    others = queries.other_counts_of(looking, edition_id, shown)
    said = sources(edition_id, shown, found)
    machines = queries.counter_hours(looking, edition_id, shown)
    counted = {hour for _, hour in (*found.by_hour, *machines)}
    boundary, today = edition.day_boundary_minutes, fair_day(now(), edition.day_boundary_minutes)
    hours = hours_of_day(edition.opens_minute, edition.closes_minute, boundary, counted)
    if shown == today:  # hours to come say nothing yet
        so_far = hour_order(local_hour(now()), boundary)
        hours = [hour for hour in hours if hour in counted or hour_order(hour, boundary) <= so_far]
    peak_at = None
    if found.peak is not None:
        peak_at = day_starts_at(shown, boundary) + timedelta(minutes=found.peak.minute)
    return render_template(
        "visitors/day.html",
        edition=edition,
        day=shown,
        today=today,
        days=days_to_choose(edition_id, shown, today),
        found=found,
        hours=hours,
        inside_at=inside_by_hour(found, hours),
        most_in_hour=max((found.of_hour(hour).net.people_in for hour in hours), default=0),
        peak_at=peak_at,
        said=said,
        band=reconcile(said),
        counters=queries.counters_of(looking, edition_id, shown),
        counter_hours=machines,
        corrections=corrections,
        tallies=tallies,
        others=others,
        people=names(queries.people_named([*corrections, *tallies, *others])),
        gate_names={gate.id: gate.name for gate in found.gates},
        wrong_clocks=phones_with_wrong_clocks(edition_id) if shown == today else [],
        plan_days=days_to_plan(edition.starts_day, edition.ends_day, shown),
        planned=queries.planned_of(looking, edition_id),
        came=queries.entries_by_day(looking, edition_id),
        fresh_id=new_id,
        sent=request.form,
        error=error,
        now=now(),
    )


def phones_with_wrong_clocks(edition_id: str) -> list[GateDevice]:
    """The phones that count now and whose clock somebody should set."""
    phones = queries.gate_devices_of(reading(), edition_id)
    return [one for one in phones if one.revoked_at is None and is_clock_wrong(one.clock_off_ms)]


def days_to_choose(edition_id: str, shown: date, today: date) -> list[date]:
    """The days so far, and others on which somebody counted."""
    edition = get_edition(reading(), edition_id)
    last = min(edition.ends_day or today, today)
    span = range(max(0, min((last - edition.starts_day).days + 1, MOST_DAYS_SHOWN)))
    days = {last - timedelta(days=back) for back in span} | {shown}
    return sorted(days | set(queries.entries_by_day(reading(), edition.id)))[-MOST_DAYS_SHOWN:]


def inside_by_hour(found: DayVisitors, hours: Iterable[int]) -> dict[int, int]:
    """Hour → who was inside at its end; empty where that cannot be said."""
    if found.inside.people is None:
        return {}
    there, by_hour = 0, {}
    for hour in hours:
        net = found.of_hour(hour).net
        there += net.people_in - net.people_out
        by_hour[hour] = there
    return by_hour


def sources(edition_id: str, shown: date, found: DayVisitors) -> list[Said]:
    """What every source says of how many different people came."""
    looking = reading()
    receipts = count_receipts(looking, [booth.id for booth in booths_of(looking, edition_id)], shown)
    said = [Said(_("Lượt vào ở các cổng"), found.entries, "most")]
    said += [Said(one.source, one.people_in, "most") for one in queries.counters_of(looking, edition_id, shown)]
    for one in queries.other_counts_of(looking, edition_id, shown):
        people = people_of(one.quantity, one.factor_hundredths)
        said.append(Said(one.name, people, "most" if one.bound == "most" else "least"))
    said.append(Said(_("Phiếu bán hàng"), receipts, "least"))
    if found.peak is not None:
        said.append(Said(_("Lúc đông nhất bên trong"), found.peak.people, "least"))
    return said


def names(person_ids: Iterable[str]) -> dict[str, str]:
    """Person id → name."""
    found = (find_person(reading(), one) for one in sorted(person_ids))
    return {person.id: person.name for person in found if person is not None}


@blueprint.app_template_filter()
def signed(people: int) -> str:
    """A difference of people with its sign: «+50», «−18»."""
    return f"+{group_thousands(people)}" if people > 0 else with_true_minus(group_thousands(people))


@blueprint.app_template_filter()
def hundredths(factor: int) -> str:
    """A factor of hundredths as it is written here: «1,7»."""
    whole, part = divmod(factor, 100)
    return f"{whole},{part:02}".rstrip("0").rstrip(",") if part else str(whole)


# --- signed entries ---------------------------------------------------------------------------------------------------


def recorded(
    edition_id: str, work: Callable[[Session], bool], said: str, otherwise: str
) -> AnyResponse | tuple[str, int]:
    """Do it and come back to the day, with what to say when something changed and when nothing did."""
    try:
        done = in_transaction(work)
    except NotFound:
        raise
    except Refusal as refusal:
        return day_page(edition_id, chosen_day(edition_id), sentence(refusal.code, refusal.facts)), refusal.status
    flash(said if done else otherwise)
    return redirect(url_for("visitors.day", edition_id=edition_id, day=chosen_day(edition_id).isoformat()))


def checked_gate(session: Session, edition_id: str, gate_id: str) -> None:
    """The gate named in a form must be one of this edition. Raises NotFound."""
    if queries.get_gate(session, gate_id).edition_id != edition_id:
        raise NotFound


@blueprint.post("/editions/<edition_id>/visitors/corrections")
@requires(Verb.MANAGE_VISITORS)
def correct(edition_id: str) -> AnyResponse | tuple[str, int]:
    """A signed correction of one gate's hour."""
    form, at, by = request.form, now(), current_user.id

    def work(session: Session) -> bool:
        where = forms.hour_of(form)
        checked_gate(session, edition_id, where.gate_id)
        direction, people = forms.correction_said(form)
        return actions.correct(session, where, direction, people, form.get("reason", ""), at=at, by=by)

    return recorded(
        edition_id, work, _("Đã ghi điều chỉnh, có tên bạn và lý do."), _("Điều chỉnh này đã được ghi trước đó.")
    )


@blueprint.post("/editions/<edition_id>/visitors/tallies")
@requires(Verb.MANAGE_VISITORS)
def tally(edition_id: str) -> AnyResponse | tuple[str, int]:
    """What the paper says of one gate's hour."""
    form, at, by = request.form, now(), current_user.id

    def work(session: Session) -> bool:
        where = forms.hour_of(form)
        checked_gate(session, edition_id, where.gate_id)
        people_in, people_out = forms.tally_said(form)
        return actions.tally(session, where, people_in, people_out, form.get("note", ""), at=at, by=by)

    return recorded(edition_id, work, _("Đã ghi số đếm giấy."), _("Giờ này đã ghi đúng như vậy; không có gì thay đổi."))


@blueprint.post("/editions/<edition_id>/visitors/sources")
@requires(Verb.MANAGE_VISITORS)
def add_source(edition_id: str) -> AnyResponse | tuple[str, int]:
    """What something else says of the day: motorbikes, tickets, a survey."""
    form, at, by = request.form, now(), current_user.id
    shown = chosen_day(edition_id)

    def work(session: Session) -> bool:
        entry = forms.entry_id(form)
        if form.get("withdraw"):
            return actions.withdraw_other_count(session, edition_id, entry, shown, form["withdraw"], at=at, by=by)
        return actions.add_other_count(session, edition_id, entry, shown, forms.other_said(form), at=at, by=by)

    return recorded(edition_id, work, _("Đã ghi nguồn này."), _("Nguồn này đã được ghi trước đó."))


@blueprint.post("/editions/<edition_id>/visitors/plan")
@requires(Verb.MANAGE_VISITORS)
def plan(edition_id: str) -> AnyResponse | tuple[str, int]:
    """How many entries are expected on each day."""
    form, at, by = request.form, now(), current_user.id

    def work(session: Session) -> bool:
        return plan_days(session, edition_id, forms.entry_id(form), forms.plan_said(form), at=at, by=by)

    return recorded(edition_id, work, _("Đã lưu dự kiến."), _("Dự kiến vẫn như trước; không có gì thay đổi."))


@blueprint.get("/editions/<edition_id>/visitors/tally-sheet.pdf")
@requires(Verb.MANAGE_VISITORS)
def tally_sheet(edition_id: str) -> Response:
    """A sheet for strokes per gate, A4, to be printed before the fair."""
    edition = get_edition(reading(), edition_id)
    shown = chosen_day(edition_id) if request.args.get("day") else None
    hours = hours_of_day(edition.opens_minute, edition.closes_minute, edition.day_boundary_minutes, ())
    open_gates = [gate for gate in queries.gates_of(reading(), edition_id) if gate.closed_at is None]
    pdf = print_tally_sheets(edition.name, hours, open_gates, shown)
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="phieu-dem-khach.pdf"'
    return answer


# --- files of cameras and counters ------------------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/visitors/counters")
@requires(Verb.MANAGE_VISITORS)
def counter_files(edition_id: str) -> str:
    """Send a counter's file in; what was imported before."""
    return counters_page(edition_id, "")


@blueprint.get("/editions/<edition_id>/visitors/counters/template.<any(xlsx, csv):kind>")
@requires(Verb.MANAGE_VISITORS)
def counter_template(edition_id: str, kind: str) -> Response:
    """Our headings alone, to be filled in from any counter. Raises NotFound."""
    get_edition(reading(), edition_id)
    if kind == "xlsx":
        data, mimetype = write_xlsx(_("Lượt vào"), counters.HEADINGS, []), XLSX
    else:
        data, mimetype = write_csv(counters.HEADINGS, []), "text/csv"
    disposition = f'attachment; filename="mau-may-dem.{kind}"'
    return Response(data, mimetype=mimetype, headers={"Content-Disposition": disposition})


@blueprint.post("/editions/<edition_id>/visitors/counters")
@requires(Verb.MANAGE_VISITORS)
def upload_counter_file(edition_id: str) -> AnyResponse | tuple[str, int]:
    """Keep the file and go on to look at it."""
    file, source = request.files.get("file"), request.form.get("source", "")
    data, filename = (file.read(), file.filename or "") if file is not None else (b"", "")
    at, by = now(), current_user.id
    try:
        with transaction() as session:
            kept = counters.keep_counter_file(session, edition_id, source, data, filename, at=at, by=by)
    except NotFound:
        raise
    except Refusal as refusal:
        return counters_page(edition_id, sentence(refusal.code, refusal.facts)), refusal.status
    return redirect(url_for("visitors.counter_file", edition_id=edition_id, file=kept.id))


@blueprint.get("/editions/<edition_id>/visitors/counters/<file>")
@requires(Verb.MANAGE_VISITORS)
def counter_file(edition_id: str, file: str) -> str | tuple[str, int]:
    """What importing the file would do. Nothing is changed: the import is tried and taken back."""
    by, error, done = current_user.id, "", None
    with transaction() as session:
        kept = counters.get_counter_file(session, edition_id, file, at=now(), by=by)
        sheet = counters.read_counter_file(kept.data or b"", kept.filename)
        chosen = forms.columns_chosen(request.args, len(sheet.headings))
        columns = counters.guess_columns(sheet.headings) if chosen is None else chosen
        try:
            done = counters.import_counter_file(session, kept, columns, at=now(), by=by)
        except Refusal as refusal:
            error = sentence(refusal.code, refusal.facts)
        session.rollback()
        source, filename = kept.source, kept.filename
    page = render_template(
        "visitors/counter_file.html",
        edition=get_edition(reading(), edition_id),
        file=file,
        source=source,
        filename=filename,
        headings=sheet.headings,
        columns=columns,
        fields=column_words(),
        needed=counters.NEEDED,
        done=done,
        gate_names={gate.id: gate.name for gate in queries.gates_of(reading(), edition_id)},
        error=error,
    )
    return (page, 400) if error and chosen is not None else page


@blueprint.post("/editions/<edition_id>/visitors/counters/<file>")
@requires(Verb.MANAGE_VISITORS)
def import_counter_file(edition_id: str, file: str) -> AnyResponse | tuple[str, int]:
    """Import the file that was looked at."""
    form, at, by = request.form, now(), current_user.id

    def work(session: Session) -> counters.Imported:
        kept = counters.get_counter_file(session, edition_id, file, at=at, by=by)
        columns = forms.columns_chosen(form, 1000) or {}
        return counters.import_counter_file(session, kept, columns, at=at, by=by)

    try:
        done = in_transaction(work)
    except NotFound:
        raise
    except Refusal as refusal:
        return counters_page(edition_id, sentence(refusal.code, refusal.facts)), refusal.status
    facts = {"new": done.new, "changed": done.changed, "same": done.same}
    flash(_("Đã nhập: %(new)s giờ mới, %(changed)s giờ thay đổi, %(same)s giờ đã có.", **facts))
    return redirect(url_for("visitors.counter_files", edition_id=edition_id))


def counters_page(edition_id: str, error: str) -> str:
    """The form and the history."""
    imported = counters.counter_files_of(reading(), edition_id)
    return render_template(
        "visitors/counters.html",
        edition=get_edition(reading(), edition_id),
        imported=imported,
        people=names({one.imported_by for one in imported if one.imported_by}),
        source=request.form.get("source", ""),
        error=error,
    )


def column_words() -> dict[str, str]:
    """What each column we look for is called."""
    words = (_("Thời gian"), _("Giờ (nếu ở cột riêng)"), _("Lượt vào"), _("Lượt ra"), _("Cổng"))
    return dict(zip(counters.FIELDS, words, strict=True))
