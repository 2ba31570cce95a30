"""The whole edition by everything, long tables page by page, the league of places and booths, and the plots beside them all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from fair_pos.daysheet.words import named
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.sheets import Cell, Permille
from fair_pos.plumbing.web import requires
from fair_pos.reports import queries
from fair_pos.reports.conversion import HourConversion, conversion_of, whole_hours
from fair_pos.reports.day_tables import makeup_of, table_of, tables_of
from fair_pos.reports.export import Cells, Table, as_file, table_cells
from fair_pos.reports.forms import day_asked, league_asked
from fair_pos.reports.league import Entry
from fair_pos.reports.league_tables import league_of
from fair_pos.reports.plot_data import OF_ROWS, plot_of, rows_of, svg_answer
from fair_pos.reports.plots import rows_size
from fair_pos.reports.rules import Money, first_money, together
from fair_pos.reports.shares import ocop_share_in, percent_words, tenths_words
from fair_pos.venues.queries import get_edition

blueprint = Blueprint("totals", __name__)
blueprint.add_app_template_filter(percent_words, "percent")
blueprint.add_app_template_filter(tenths_words, "tenths")
blueprint.add_app_template_filter(named, "named_tablets")
PAGE_SIZE = 200
MOST_SHOWN = 10
"""Rows of a table on a page of many tables; the others stand as one, and on the table's own page."""
PLOTTED = ("zones", "groups", "stars", "entities", "localities", "districts", "communes")
"""Tables with a plot of their rows beside them; of the others each row has its bar."""


@blueprint.get("/editions/<edition_id>/totals")
@requires(Verb.SEE_FIGURES)
def edition(edition_id: str) -> str:
    """The whole edition by day, hour, booth, zone, group, star, product, maker, kind, place and way of paying."""
    found = get_edition(reading(), edition_id)
    tables = tables_of(edition_id, None)
    total = together(tables[0].figures)
    return render_template(
        "reports/totals.html",
        edition=found,
        tables=tables,
        total=total,
        makeup=makeup_of(edition_id, None, total),
        share=ocop_share_in(next(table.figures for table in tables if table.name == "stars"), total.net_dong),
        now=now(),
    )


@blueprint.get("/editions/<edition_id>/totals/<name>")
@requires(Verb.SEE_FIGURES)
def table(edition_id: str, name: str) -> str:
    """One table with all its rows, page by page; of a day when one is asked for."""
    found, asked = get_edition(reading(), edition_id), day_asked(request.args)
    whole = _table(edition_id, asked.day, name)
    first = (asked.page - 1) * PAGE_SIZE
    days = queries.day_figures(reading(), edition_id)
    return render_template(
        "reports/total_table.html",
        edition=found,
        day=asked.day,
        table=Table(
            whole.name, whole.title, whole.heading, whole.asks, whole.counts, whole.figures[first : first + PAGE_SIZE],
            whole.rest, whole.has_split,
        ),
        rows=len(whole.figures),
        total=together(one for at, one in days.items() if asked.day in (None, at)),
        page=asked.page,
        pages=max(1, -(-len(whole.figures) // PAGE_SIZE)),
        now=now(),
    )  # fmt: skip


@blueprint.get("/editions/<edition_id>/totals/<name>.<any(csv, xlsx):ending>")
@requires(Verb.SEE_FIGURES)
def table_file(edition_id: str, name: str, ending: str) -> Response:
    """A table of the whole edition, or of a day, with all its rows."""
    found, day = get_edition(reading(), edition_id), day_asked(request.args).day
    whole = _table(edition_id, day, name)
    return as_file(
        ending, f"{whole.title} {day.isoformat() if day else found.name}", table_cells(whole), about=(edition_id, day)
    )


@blueprint.get("/editions/<edition_id>/conversion.<any(csv, xlsx):ending>")
@requires(Verb.SEE_FIGURES)
def conversion_file(edition_id: str, ending: str) -> Response:
    """Receipts and money beside entries, hour by hour. Raises NotFound without a day."""
    get_edition(reading(), edition_id)
    day = day_asked(request.args).day
    if day is None:
        raise NotFound
    return as_file(
        ending,
        f"{_('Bán hàng và khách vào')} {day.isoformat()}",
        conversion_cells(edition_id, day),
        about=(edition_id, day),
    )


@blueprint.get("/editions/<edition_id>/league")
@requires(Verb.SEE_FIGURES)
def league(edition_id: str) -> str:
    """Places, or booths, by what they sold; `hidden` makes it fit to be shown to others."""
    found, asked = get_edition(reading(), edition_id), league_asked(request.args)
    made = league_of(edition_id, asked)
    return render_template(
        "reports/league.html",
        edition=found,
        asked=asked,
        entries=made.entries[(asked.page - 1) * PAGE_SIZE : asked.page * PAGE_SIZE],
        table=made.as_table(),
        levels=made.levels,
        unsure=sum(not one.is_sure for one in made.entries),
        pages=max(1, -(-len(made.entries) // PAGE_SIZE)),
        days=sorted(queries.day_figures(reading(), edition_id)),
        now=now(),
    )


@blueprint.get("/editions/<edition_id>/league.<any(csv, xlsx):ending>")
@requires(Verb.SEE_FIGURES)
def league_file(edition_id: str, ending: str) -> Response:
    """The same as a file, hidden like the page."""
    found, asked = get_edition(reading(), edition_id), league_asked(request.args)
    title = f"{_('Xếp hạng')} {asked.day.isoformat() if asked.day else found.name}"
    return as_file(
        ending,
        title,
        league_cells(league_of(edition_id, asked).entries, hidden=asked.hidden),
        about=(edition_id, asked.day),
    )


@blueprint.get("/editions/<edition_id>/league.svg")
@requires(Verb.SEE_FIGURES)
def league_plot(edition_id: str) -> Response:
    """Its plot."""
    get_edition(reading(), edition_id)
    asked = league_asked(request.args)
    return svg_answer(rows_of(league_of(edition_id, asked).as_table(), narrow=asked.narrow))


@blueprint.get("/editions/<edition_id>/totals/plots/<name>.svg")
@requires(Verb.SEE_FIGURES)
def plot(edition_id: str, name: str) -> Response:
    """The plot beside a table, of a day or of the whole edition."""
    get_edition(reading(), edition_id)
    asked = day_asked(request.args)
    drawn = plot_of(edition_id, asked.day, name, narrow=asked.narrow)
    if drawn is None:
        raise NotFound
    return svg_answer(drawn)


# --- what the pages share -----------------------------------------------------------------------------------------------


def _table(edition_id: str, day: date | None, name: str) -> Table:
    found = table_of(edition_id, day, name)
    if found is None:
        raise NotFound
    return found


@blueprint.app_template_global()
def cut_rows(table: Table, most: int | None) -> tuple[Sequence[object], object | None]:
    """The rows of a table that stand on a page of many tables, or the first `most`, and the others as one."""
    return table.cut(MOST_SHOWN if most is None else most)


@blueprint.app_template_global()
def cut_money(rows: Sequence[Money]) -> tuple[Sequence[Money], Money | None]:
    """The same of money received."""
    return first_money(rows, MOST_SHOWN)


@blueprint.app_template_global()
def has_rows_plot(table: Table) -> bool:
    """Whether the rows of a table are worth a plot of their own."""
    return table.name in PLOTTED and table.name in OF_ROWS and len(table.figures) > 1


@blueprint.app_template_global()
def rows_plot_size(rows: int, *, narrow: bool) -> tuple[int, int]:
    """(width, height) of that plot."""
    return rows_size(rows, narrow)


def conversion_cells(edition_id: str, day: date) -> Cells:
    """(headings, rows) of receipts and entries by hour; what cannot be worked out stays empty."""
    headings = [
        _("Giờ"), _("Phiếu bán"), _("Phiếu trả"), _("Thực thu (đồng)"), _("Lượt vào"), _("Phiếu bán trên lượt vào"),
        _("Thực thu mỗi lượt vào (đồng)"), _("Cổng chưa có số"),
    ]  # fmt: skip
    rows = conversion_of(reading(), edition_id, day)
    whole = whole_hours(rows)
    cells = [_conversion_row(one.name, one) for one in rows]
    if whole is not None:
        cells.append(_conversion_row(_("Các giờ đủ số"), whole))
    return headings, cells


def _conversion_row(name: str, one: HourConversion) -> list[Cell]:
    share = None if one.permille is None else Permille(one.permille)
    return [
        name, one.receipts, one.refunds, one.net_dong, one.entries, share, one.dong_per_entry, ", ".join(one.missing)
    ]  # fmt: skip


def league_cells(entries: Sequence[Entry], *, hidden: bool = False) -> Cells:
    """(headings, rows) of a league. `hidden` says of how many tablets something is owed, but not of which: receipts carry their letters."""
    headings = [
        _("Hạng"), _("Tên"), _("Bán ra (đồng)"), _("Trả lại (đồng)"), _("Thực thu (đồng)"), _("Phần"), _("Số chủ thể"),
        _("Máy chưa gửi hết"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            one.rank, one.figure.name, one.figure.sold_dong, one.figure.refunded_dong, one.figure.net_dong,
            None if one.permille is None else Permille(one.permille), one.makers, len(one.late) or None if hidden else ", ".join(one.late),
        ]
        for one in entries
    ]  # fmt: skip
    return headings, rows
