"""The organiser's pages: figures of an edition, the receipts behind them, and what a person should look at."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from fair_pos.daysheet.queries import device_states
from fair_pos.daysheet.rules import completeness
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import sort_key
from fair_pos.people.forms import Place
from fair_pos.people.rules import Scope, Verb, may
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.sentences import oddity_sentence, quarantine_sentence
from fair_pos.plumbing.sheets import TooManyRows
from fair_pos.plumbing.web import requires
from fair_pos.reports import queries
from fair_pos.reports import receipts as behind
from fair_pos.reports.about import about
from fair_pos.reports.day_tables import (
    days_table,
    late_words,
    makeup_of,
    money_panel,
    tables_of,
)
from fair_pos.reports.export import Beside, as_file, bearer_name, line_cells, method_name, receipt_cells, table_cells
from fair_pos.reports.forms import day_asked, receipts_asked
from fair_pos.reports.narrowing import narrowed_words
from fair_pos.reports.plot_data import beside_visitors, plot_of, svg_answer
from fair_pos.reports.rules import Figure, days_to_choose, shown_day, together
from fair_pos.reports.sale_facts import facts_of_sale
from fair_pos.reports.shares import ocop_share_in
from fair_pos.sales.queries import find_sale
from fair_pos.venues.queries import all_editions, booths_by_edition, get_edition

blueprint = Blueprint("reports", __name__)
blueprint.add_app_template_filter(method_name)
blueprint.add_app_template_filter(bearer_name)
# The pages about people name editions, booths and producers, all of which stand above them.
blueprint.record_once(lambda state: state.app.extensions.setdefault("fair_pos_places", all_places))
PAGE_SIZE = 200
MOST_ROWS = 100_000
"""Of a file: it is made in memory, and a day at one fair has a tenth of it."""
SHOWN_BYTES = 2_000


@blueprint.get("/editions/")
@requires(Verb.SEE_FIGURES)
def editions() -> str:
    """The editions whose figures the person may see, newest first."""
    seen = [
        one for one in all_editions(reading()) if may(current_user.roles, Verb.SEE_FIGURES, Scope(edition_id=one.id))
    ]
    rows = []
    for one in seen:
        today = fair_day(now(), one.day_boundary_minutes)
        days = queries.day_figures(reading(), one.id)
        rows.append((one, together(days.values()), days.get(today)))
    return render_template("reports/editions.html", rows=rows)


@blueprint.get("/editions/<edition_id>/")
@requires(Verb.SEE_FIGURES)
def edition_day(edition_id: str) -> str:
    """One fair day: gross, refunds and net side by side, by hour, booth, zone, product, producer and way of paying."""
    edition = get_edition(reading(), edition_id)
    days = queries.day_figures(reading(), edition_id)
    day, today = chosen_day(edition_id, days), fair_day(now(), edition.day_boundary_minutes)
    tables, total = tables_of(edition_id, day), days.get(day, Figure("", ""))
    complete = completeness(device_states(reading(), edition_id), day, edition.day_boundary_minutes)
    return render_template(
        "reports/edition_day.html",
        edition=edition,
        day=day,
        today=today,
        days=days_to_choose(day, today, edition.starts_day, edition.ends_day, days),
        total=total,
        makeup=makeup_of(edition_id, day, total),
        nothing_yet="day" not in request.args
        and day < today
        and (edition.ends_day is None or today <= edition.ends_day),
        latest=max((one for one in days if one < day), default=None),
        tables=tables,
        **money_panel(edition_id, day),
        busiest=max(tables[0].figures, key=lambda figure: figure.net_dong),
        complete=complete,
        late=late_words(complete.late),
        share=ocop_share_in(next(table.figures for table in tables if table.name == "stars"), total.net_dong),
        **beside_visitors(edition_id, day),
        oddity_count=queries.count_oddities(reading(), edition_id, day),
        quarantine_count=queries.count_quarantined(reading(), edition_id),
        now=now(),
    )


@blueprint.get("/editions/<edition_id>/days")
@requires(Verb.SEE_FIGURES)
def edition_days(edition_id: str) -> str:
    """The whole edition, day by day."""
    edition = get_edition(reading(), edition_id)
    table = days_table(edition_id)
    total = together(table.figures)
    return render_template(
        "reports/edition_days.html",
        edition=edition,
        table=table,
        total=total,
        makeup=makeup_of(edition_id, None, total),
        day=None,
        **money_panel(edition_id, None),
        now=now(),
    )


@blueprint.get("/editions/<edition_id>/money")
@requires(Verb.SEE_FIGURES)
def money(edition_id: str) -> str:
    """Money received by every booth and to every account, of a day or of all days: pages about more than that show the first."""
    edition, day = get_edition(reading(), edition_id), day_asked(request.args).day
    panel = money_panel(edition_id, day, unfolded=True)
    return render_template("reports/money_whole.html", edition=edition, day=day, **panel, now=now())


@blueprint.get("/editions/<edition_id>/plots/<any(hours, days):what>.svg")
@requires(Verb.SEE_FIGURES)
def plot(edition_id: str, what: str) -> Response:
    """The plot beside a table, made from the same figures."""
    day = chosen_day(edition_id, {}) if what == "hours" else None
    drawn = plot_of(edition_id, day, what, narrow=day_asked(request.args).narrow)
    assert drawn is not None  # both are always there
    return svg_answer(drawn)


@blueprint.get("/editions/<edition_id>/tables/<name>.<any(csv, xlsx):ending>")
@requires(Verb.SEE_FIGURES)
def table_file(edition_id: str, name: str, ending: str) -> Response:
    """A table of a day, or the days of the edition, as a file."""
    edition = get_edition(reading(), edition_id)
    if name == "days":
        table = days_table(edition_id)
        return as_file(ending, f"{table.title} {edition.name}", table_cells(table), about=(edition_id, None))
    day = chosen_day(edition_id, {})
    found = [table for table in tables_of(edition_id, day) if table.name == name]
    if not found:
        raise NotFound
    return as_file(ending, f"{found[0].title} {day.isoformat()}", table_cells(found[0]), about=(edition_id, day))


@blueprint.get("/editions/<edition_id>/receipts")
@requires(Verb.SEE_RECEIPTS)
def receipts(edition_id: str) -> str:
    """The receipts behind a figure; what counts of them adds up to it."""
    edition, asked = get_edition(reading(), edition_id), receipts_asked(request.args)
    sums = behind.receipt_sums(reading(), edition_id, asked.wanted())
    rows = behind.receipts(reading(), edition_id, asked.wanted(), limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE)
    return render_template(
        "reports/receipts.html",
        edition=edition,
        asked=asked,
        narrowed=narrowed_words(edition_id, asked),
        sums=sums,
        rows=rows,
        methods=behind.methods_of(reading(), [row.id for row in rows]),
        pages=page_count(sums.sales + sums.refunds),
    )


@blueprint.get("/editions/<edition_id>/<any(receipts, lines):what>.<any(csv, xlsx):ending>")
@requires(Verb.SEE_RECEIPTS)
def receipts_file(edition_id: str, what: str, ending: str) -> Response:
    """All of those receipts, or their lines, as a file; a workbook of receipts has their lines on a second sheet. Raises TooManyRows."""
    session, asked = reading(), receipts_asked(request.args)
    wanted, of_goods = asked.wanted(), asked.wanted().is_of_goods
    if behind.count_lines(session, edition_id, wanted) > MOST_ROWS:
        raise TooManyRows(rows=MOST_ROWS)
    receipts = behind.receipts(session, edition_id, wanted)
    lines = behind.lines(session, edition_id, wanted) if what == "lines" or ending == "xlsx" else []
    beside = Beside(
        sellers=queries.person_names(session, {row.person_id for row in receipts}),
        letters=queries.device_letters(session, {row.device_id for row in receipts}),
        methods=behind.methods_of(session, [row.id for row in receipts]),
        producers=queries.producer_names(session, {line.producer_id for line in lines}),
    )
    day = asked.day.isoformat() if asked.day else ""
    about = (edition_id, asked.day)
    title, title_of_lines = f"{_('Danh sách phiếu')} {day}".strip(), f"{_('Dòng hàng')} {day}".strip()
    if what == "lines":
        return as_file(ending, title_of_lines, line_cells(lines, beside), about=about)
    return as_file(
        ending,
        title,
        receipt_cells(receipts, beside, of_goods=of_goods),
        (title_of_lines, *line_cells(lines, beside)),
        about=about,
    )


@blueprint.get("/sales/<sale_id>")
@requires(Verb.SEE_RECEIPTS)
def sale(sale_id: str) -> str:
    """One receipt with all that is known of it."""
    found = find_sale(reading(), sale_id)
    if found is None:
        raise NotFound
    return render_template("reports/sale.html", **facts_of_sale(found))


@blueprint.get("/editions/<edition_id>/oddities")
@requires(Verb.SEE_ODDITIES)
def oddities(edition_id: str) -> str:
    """What is odd about sales, and about whatever else tablets reported; all of it was stored."""
    edition, asked = get_edition(reading(), edition_id), day_asked(request.args)
    rows = queries.oddities(reading(), edition_id, day=asked.day, limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE)
    count = queries.count_oddities(reading(), edition_id, asked.day)
    return render_template(
        "reports/oddities.html",
        edition=edition,
        asked=asked,
        rows=[(row, about(row, edition_id), oddity_sentence(row.code, row.facts, second=row.second)) for row in rows],
        count=count,
        pages=page_count(count),
    )


@blueprint.get("/editions/<edition_id>/quarantine")
@requires(Verb.SEE_ODDITIES)
def quarantine(edition_id: str) -> str:
    """Parcels that could not be read, with the beginning of what they hold."""
    edition, asked = get_edition(reading(), edition_id), day_asked(request.args)
    rows = queries.quarantined(reading(), edition_id, limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE)
    count = queries.count_quarantined(reading(), edition_id)
    return render_template(
        "reports/quarantine.html",
        edition=edition,
        rows=[
            (row, letter, quarantine_sentence(row.reason), row.raw[:SHOWN_BYTES].decode("utf-8", "replace"))
            for row, letter in rows
        ],
        shown_bytes=SHOWN_BYTES,
        asked=asked,
        count=count,
        pages=page_count(count),
    )


@blueprint.get("/editions/<edition_id>/quarantine/<int:number>.txt")
@requires(Verb.SEE_ODDITIES)
def quarantined_text(edition_id: str, number: int) -> Response:
    """The whole text of such a parcel, byte for byte; saved, never shown, since nobody knows what it is."""
    found = queries.find_quarantined(reading(), edition_id, number)
    if found is None:
        raise NotFound
    answer = Response(found.raw, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="parcel-{number}.txt"'
    return answer


def all_places() -> list[Place]:
    """Every place where a role can hold: editions newest first, booths by code, producers by name."""
    session = reading()
    found, booths = [], booths_by_edition(session)
    for edition in all_editions(session):
        found.append(Place("edition", edition.id, edition.name))
        here = booths.get(edition.id, [])
        found += [Place("booth", one.id, f"{one.code} · {one.name}", edition.id) for one in here]
    producers = sorted(queries.all_producers(session).items(), key=lambda one: sort_key(one[1]))
    return found + [Place("producer", producer_id, name) for producer_id, name in producers]


# --- what several pages need ----------------------------------------------------------------------------------------


def chosen_day(edition_id: str, days: dict[date, Figure]) -> date:
    """The day the request asks for, or the one that is shown without asking."""
    edition, asked = get_edition(reading(), edition_id), day_asked(request.args).day
    if asked is None and not days:
        days = queries.day_figures(reading(), edition_id)
    today = fair_day(now(), edition.day_boundary_minutes)
    return shown_day(asked, today, edition.starts_day, edition.ends_day, days)


def page_count(rows: int) -> int:
    """How many pages that many rows fill; at least one."""
    return max(1, -(-rows // PAGE_SIZE))


@blueprint.app_template_global()
def receipts_args(asks: str, figure: Figure, day: date | None, kind: str | None) -> dict[str, Any]:
    """The arguments of the list of receipts behind one number of a table; «part» asks for the rounding."""
    found: dict[str, Any] = {"day": day.isoformat()} if day is not None else {}
    if asks == "part":
        found["part"] = "rounding"
    elif asks:
        found[asks] = figure.key
    if kind:
        found["kind"] = kind
    return found
