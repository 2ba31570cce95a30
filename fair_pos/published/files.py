"""What was published of an edition as CSV, workbook and PDF: every figure with where it is from, and every word ever said about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Response, render_template
from flask_babel import gettext as _

from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.text import slug
from fair_pos.plumbing.sheets import Cell, write_csv, write_xlsx
from fair_pos.published.rules import MONEY, NAMES, OF_A_DAY, Contradiction, Published
from fair_pos.published.words import entry_words, figure_name, origin_word
from fair_pos.settings import TOP

if TYPE_CHECKING:
    from fair_pos.plumbing.pdf import SheetPrinter

STYLE = TOP / "templates" / "published" / "paper.css"
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
Cells = tuple[list[str], list[list[Cell]]]
"""(headings, rows)."""


@dataclass(frozen=True)
class Paper:
    """What a file is made of. `at` is when it was made, `people` names by id."""

    edition: Any
    published: Published
    days: Sequence[date]
    said: Sequence[Contradiction]
    people: Mapping[str, str]
    at: datetime


def figure_cells(paper: Paper) -> Cells:
    """What holds: one row a figure of the whole edition and of each day; money in whole đồng."""
    headings = [_("Ngày"), _("Số liệu"), _("Đơn vị"), _("Công bố"), _("Từ đâu"), _("Nguồn hoặc lý do"), _("Lúc"), _("Người")]  # fmt: skip
    rows: list[list[Cell]] = []
    for day in (None, *paper.days):
        for name in NAMES if day is None else OF_A_DAY:
            found = paper.published.latest(name, day)
            if found is None or found.value is None:
                continue
            rows.append(
                [
                    day or _("Cả hội chợ"), figure_name(name), _("đồng") if name in MONEY else "", found.value,
                    origin_word(found.kind), entry_words(found), found.at.astimezone(VIETNAM),
                    paper.people.get(found.person_id, ""),
                ]
            )  # fmt: skip
    return headings, rows


def history_cells(paper: Paper) -> Cells:
    """Every word about every figure, oldest first."""
    headings = [
        _("Thứ tự"), _("Lúc"), _("Người"), _("Ngày"), _("Số liệu"), _("Số cũ"), _("Số mới"), _("Từ đâu"), _("Nguồn hoặc lý do"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            one.number, one.at.astimezone(VIETNAM), paper.people.get(one.person_id, ""), one.day or _("Cả hội chợ"),
            figure_name(one.name), one.old_value, one.value, origin_word(one.kind), entry_words(one),
        ]
        for one in paper.published.entries
    ]  # fmt: skip
    return headings, rows


def as_csv(paper: Paper) -> Response:
    """The whole ledger: the last row of a figure is the one that holds."""
    return _answer(paper, "csv", write_csv(*history_cells(paper)))


def as_xlsx(paper: Paper) -> Response:
    """What holds on the first sheet, the ledger on the second."""
    data = write_xlsx(_("Số liệu công bố"), *figure_cells(paper), (_("Lịch sử"), *history_cells(paper)))
    return _answer(paper, "xlsx", data)


def print_figures(paper: Paper) -> Response:
    """Both on A4. Raises PrinterBusy."""
    return _answer(paper, "pdf", sheet_printer().print_sheets(figures_html(paper), {}))


def figures_html(paper: Paper) -> str:
    """The sheet before it is printed. The days as they were frozen are on it as a table; the ledger lists only what changed since."""
    return render_template("published/paper.html", paper=paper, names=NAMES, money=MONEY, of_a_day=OF_A_DAY)


@cache
def sheet_printer() -> SheetPrinter:
    """The printer of these sheets, made when the first one is asked for: WeasyPrint takes a second to import."""
    from fair_pos.plumbing.pdf import SheetPrinter

    return SheetPrinter(STYLE.read_text(encoding="utf-8"))


def _answer(paper: Paper, ending: str, data: bytes) -> Response:
    answer = Response(data, content_type=_TYPES[ending])
    name = slug(f"{_('Số liệu công bố')} {paper.edition.name}")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer
