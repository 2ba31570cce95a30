"""Editions of a series beside one another: one table, day by day, and three plots; every figure says where it is from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.lunar import lunar_day
from fair_pos.kernel.money import format_dong, group_thousands, with_true_minus
from fair_pos.people.rules import Scope, Verb, may
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.sheets import Cell as SheetCell
from fair_pos.plumbing.web import requires
from fair_pos.plumbing.words import day as written_day
from fair_pos.published.words import contradiction_words, figure_meaning, figure_name, origin_word
from fair_pos.reports.comparison import LEAST_SALES, Cell, Column, columns_of, enough, growth_of, series_of
from fair_pos.reports.curves import MOST_LINES, Curve, CurveWords, curves_svg, styles_of
from fair_pos.reports.export import as_file
from fair_pos.reports.forms import day_asked
from fair_pos.venues.queries import get_edition
from fair_pos.venues.tables import Edition

blueprint = Blueprint("comparison", __name__)
Unit = Literal["number", "dong", "permille"]
PLOTS: tuple[tuple[str, str], ...] = (("cumulative", "net_dong"), ("money", "net_dong"), ("visits", "visits"))


@dataclass(frozen=True)
class RowCell:
    """A value of one edition: where it is from when it is a figure itself, by how much a day of it grew when that can be said."""

    value: int | None
    origin: str | None = None
    growth: int | None = None


@dataclass(frozen=True)
class Row:
    """One line of the table, a cell an edition. `name` is that of a figure, or of what is worked out from figures above it."""

    name: str
    title: str
    meaning: str
    unit: Unit
    cells: list[RowCell] = field(default_factory=list)
    is_figure: bool = True
    """Whether its cells open to a figure's own page; the others follow from figures in the same table."""


@blueprint.get("/editions/<edition_id>/comparison")
@requires(Verb.SEE_FIGURES)
def series(edition_id: str) -> str:
    """The editions of the series, or those that were ticked, as columns of one table, per day and day by day."""
    edition, choice = get_edition(reading(), edition_id), series_of(reading(), edition_id)
    columns = chosen_columns(edition_id)
    longest = max((one.length or 0 for one in columns), default=0)
    return render_template(
        "reports/comparison.html",
        edition=edition,
        choice=choice,
        chosen=[one.edition.id for one in columns],
        columns=columns,
        rows=rows_of(columns),
        numbers=range(1, longest + 1),
        by_day=[name for name in ("net_dong", "visits", "receipts") if any(has_days(one, name) for one in columns)],
        plots=[what for what, name in PLOTS if any(has_days(one, name) for one in columns)],
        notes=[(one, words) for one in columns for words in notes_of(one)],
        most_lines=MOST_LINES,
        now=now(),
    )


@blueprint.get("/editions/<edition_id>/comparison/<any(cumulative, money, visits):what>.svg")
@requires(Verb.SEE_FIGURES)
def plot(edition_id: str, what: str) -> Response:
    """A plot of the days, made from the same figures as the table below it."""
    # Those without days too: an edition has the same line in every plot.
    columns = drawn_columns(chosen_columns(edition_id), edition_id)
    styles = styles_of(
        [one.edition.id for one in columns], [one.id for one in series_of(reading(), edition_id)], edition_id
    )
    shown = tuple(
        Curve(label(one.edition), values_of(one, what), style) for one, style in zip(columns, styles, strict=True)
    )
    drawn = curves_svg(shown, plot_words(what), narrow=day_asked(request.args).narrow)
    answer = Response(drawn, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer


@blueprint.get("/editions/<edition_id>/comparison/<any(editions, days):what>.<any(csv, xlsx):ending>")
@requires(Verb.SEE_FIGURES)
def table_file(edition_id: str, what: str, ending: str) -> Response:
    """Both tables as files; a workbook has the other one on its second sheet."""
    columns = chosen_columns(edition_id)
    editions = (_("So sánh các kỳ"), *edition_cells(columns))
    days = (_("Từng ngày hội chợ"), *day_cells(columns))
    (title, headings, rows), other = (editions, days) if what == "editions" else (days, editions)
    return as_file(ending, title, (headings, rows), other, about=(edition_id, None))


def chosen_columns(edition_id: str) -> list[Column]:
    """The ticked editions of the series, all when none is, oldest first; the one that is looked at is always there."""
    choice, ticked = series_of(reading(), edition_id), set(request.args.getlist("edition"))
    chosen = [one for one in choice if not ticked or one.id in ticked or one.id == edition_id]
    return columns_of(reading(), chosen, today_of, may_see)


def drawn_columns(columns: list[Column], edition_id: str) -> list[Column]:
    """Those of which a plot has room for a line: the edition that is looked at and the newest of the others, oldest first."""
    others = [one.edition.id for one in columns if one.edition.id != edition_id]
    kept = {edition_id, *others[-(MOST_LINES - 1) :]}
    return [one for one in columns if one.edition.id in kept]


def today_of(edition: Edition) -> date:
    """The fair day that runs now."""
    return fair_day(now(), edition.day_boundary_minutes)


def may_see(edition_id: str) -> bool:
    """Whether the signed-in person may see figures of an edition that nobody has published."""
    return bool(may(current_user.roles, Verb.SEE_FIGURES, Scope(edition_id=edition_id)))


# --- rows -------------------------------------------------------------------------------------------------------------


def rows_of(columns: Sequence[Column]) -> list[Row]:
    """The table: figures as they stand, and beneath those that depend on the length what came of them a day."""
    pairs = list(zip(columns, (None, *columns), strict=False))

    def figure(name: str, unit: Unit) -> Row:
        found = (one.figures.get(name, Cell()) for one in columns)
        return Row(
            name, figure_name(name), figure_meaning(name), unit, [RowCell(one.value, one.origin) for one in found]
        )

    def follows(name: str, title: str, meaning: str, unit: Unit, values: list[RowCell]) -> Row:
        return Row(name, title, meaning, unit, values, is_figure=False)

    days = [RowCell(None if one.length is None or one.is_to_come else one.days) for one in columns]
    return [
        follows("length", _("Số ngày"), _("Số ngày hội chợ mở; kỳ đang diễn ra chỉ tính những ngày đã bắt đầu."), "number", days),
        figure("booths", "number"),
        figure("enterprises", "number"),
        figure("products", "number"),
        figure("visits", "number"),
        follows("visits_per_day", _("Lượt khách mỗi ngày"), _("Lượt khách ÷ số ngày có đếm; tăng giảm so với kỳ đứng trước trong bảng."), "number",
                [RowCell(one.visits_per_day, growth=growth_of(one, before, "visits")) for one, before in pairs]),
        figure("receipts", "number"),
        figure("net_dong", "dong"),
        follows("net_per_day", _("Thực thu mỗi ngày"), _("Thực thu ÷ số ngày; tăng giảm so với kỳ đứng trước trong bảng."), "dong",
                [RowCell(one.net_per_day, growth=growth_of(one, before, "net_dong")) for one, before in pairs]),
        follows("net_per_visit", _("Thực thu mỗi lượt khách"), _("Thực thu ÷ lượt khách, khi ngày nào cũng đếm khách."), "dong",
                [RowCell(one.net_per_visit) for one in columns]),
        follows("net_per_booth_day", _("Thực thu mỗi gian mỗi ngày"), _("Thực thu ÷ số gian ÷ số ngày."), "dong",
                [RowCell(one.net_per_booth_day) for one in columns]),
        figure("ocop_dong", "dong"),
        follows("ocop_share", _("Tỷ lệ hàng OCOP"), _("Tiền hàng OCOP ÷ thực thu."), "permille",
                [RowCell(one.ocop_permille) for one in columns]),
    ]  # fmt: skip


def notes_of(column: Column) -> list[str]:
    """What a reader must know of an edition's figures before comparing them."""
    found: list[str] = []
    clash = column.clash_per_day
    for one in column.said:
        words = contradiction_words(one)
        if one.code == "days" and clash is not None and column.net_per_day is not None:
            both = _(
                "Thực thu mỗi ngày là %(ours)s theo %(length)s ngày, %(theirs)s theo %(said)s ngày; bảng dùng %(length)s ngày.",
                ours=format_dong(column.net_per_day), theirs=format_dong(clash[1]), length=column.days, said=clash[0],
            )  # fmt: skip
            words = f"{words} {both}"
        found.append(words)
    if column.is_to_come:
        found.append(_("Chưa diễn ra: bắt đầu ngày %(day)s.", day=written_day(column.edition.starts_day)))
    if column.is_running:
        found.append(_("Đang diễn ra: mới %(days)s trên %(length)s ngày.", days=column.days, length=column.length))
    if column.value("visits") is not None and column.visit_days < column.days:
        found.append(_("Khách chỉ đếm ở %(counted)s trên %(days)s ngày.", counted=column.visit_days, days=column.days))
    if not enough(column.value("receipts")):
        found.append(_("Dưới %(least)s phiếu bán nên không tính phần trăm.", least=LEAST_SALES))
    return found


# --- days -------------------------------------------------------------------------------------------------------------


def has_days(column: Column, name: str) -> bool:
    """Whether a figure of any day of the edition is known."""
    return any(name in values for values in column.by_day.values())


def values_of(column: Column, what: str) -> tuple[int | None, ...]:
    """What a plot shows of an edition, from its first day on."""
    name = dict(PLOTS)[what]
    if what == "cumulative":
        return tuple(column.cumulative(name))
    return tuple(column.on(number, name).value for number in range(1, (column.length or 0) + 1))


def plot_words(what: str) -> CurveWords:
    """What is written into a plot."""
    titles = {
        "cumulative": _("Thực thu cộng dồn (đồng)"),
        "money": _("Thực thu từng ngày (đồng)"),
        "visits": _("Lượt khách từng ngày"),
    }
    return CurveWords(titles[what], _("Ngày {}"), _("Chưa có số theo ngày"), _(" tr"), _(" tỷ"))


# --- files ------------------------------------------------------------------------------------------------------------


def edition_cells(columns: Sequence[Column]) -> tuple[list[str], list[list[SheetCell]]]:
    """(headings, rows): editions as columns, each with where its figures are from; growth and shares in whole thousandths."""
    headings = [_("Chỉ tiêu"), _("Đơn vị")]
    for one in columns:
        headings += [one.edition.name, _("Từ đâu")]
    units: dict[Unit, str] = {"number": "", "dong": _("đồng"), "permille": _("phần nghìn")}
    cells: list[list[SheetCell]] = []
    for row in rows_of(columns):
        line: list[SheetCell] = [row.title, units[row.unit]]
        grown: list[SheetCell] = [
            _("%(title)s, tăng so với kỳ đứng trước trong bảng", title=row.title),
            units["permille"],
        ]
        for cell in row.cells:
            line += [cell.value, origin_word(cell.origin) if cell.origin else ""]
            grown += [cell.growth, ""]
        cells.append(line)
        if any(cell.growth is not None for cell in row.cells):
            cells.append(grown)
    return headings, cells


def day_cells(columns: Sequence[Column]) -> tuple[list[str], list[list[SheetCell]]]:
    """(headings, rows): fair days beside one another, each edition with its date, money, money so far, visitors and receipts."""
    headings = [_("Ngày hội chợ")]
    for one in columns:
        title = label(one.edition)
        headings += [
            f"{title}: {words}"
            for words in (_("ngày"), _("thực thu (đồng)"), _("cộng dồn (đồng)"), _("lượt khách"), _("phiếu bán"))
        ]
    longest = max((one.length or 0 for one in columns), default=0)
    rows: list[list[SheetCell]] = []
    for number in range(1, longest + 1):
        line: list[SheetCell] = [number]
        for one in columns:
            so_far = one.cumulative("net_dong")
            line += [
                one.day(number), one.on(number, "net_dong").value, so_far[number - 1] if number <= len(so_far) else None,
                one.on(number, "visits").value, one.on(number, "receipts").value,
            ]  # fmt: skip
        rows.append(line)
    return headings, rows


# --- words ------------------------------------------------------------------------------------------------------------


@blueprint.app_template_filter("edition_label")
def label(edition: Edition) -> str:
    """An edition in few letters, for columns and lines: «Kỳ 11/2024»."""
    words: str = _("Kỳ %(month)s", month=edition.starts_day.strftime("%m/%Y"))
    return words


@blueprint.app_template_filter()
def compared(value: int | None, unit: Unit) -> str:
    """A value of the table; «chưa có» where nobody knows, never 0."""
    if value is None:
        nothing: str = _("chưa có")
        return nothing
    if unit == "permille":
        return percent(value)
    return with_true_minus(format_dong(value) if unit == "dong" else group_thousands(value))


@blueprint.app_template_filter()
def percent(permille: int) -> str:
    """«68,6 %» of 686 thousandths, «15 %» of 150."""
    whole, tenth = divmod(abs(permille), 10)
    sign = "\N{MINUS SIGN}" if permille < 0 else ""
    return f"{sign}{group_thousands(whole)}{f',{tenth}' if tenth else ''}\N{NO-BREAK SPACE}%"


@blueprint.app_template_filter()
def grown(permille: int) -> str:
    """The same of a change: «+15 %», «−3,5 %»."""
    return f"+{percent(permille)}" if permille > 0 else percent(permille)


@blueprint.app_template_filter()
def lunar(day: date) -> str:
    """The lunar day: «13/9 Quý Mão», a leap month marked; fairs before Tết move with it."""
    found = lunar_day(day)
    month = _("%(month)s nhuận", month=found.month) if found.leap else str(found.month)
    return f"{found.day}/{month} {found.year_name}"
