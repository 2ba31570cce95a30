"""A Z report on A4.

A4 and not the 80 mm roll: the tablet has its slip for the roll already (till/src/rules/z_slip.ts); this one is printed at the
organiser's desk, signed by two people and filed, and a day's unconfirmed transfers and late receipts can be long.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import render_template
from flask_babel import force_locale

from fair_pos.cash.z_report import thawed
from fair_pos.settings import TOP

if TYPE_CHECKING:
    from fair_pos.plumbing.pdf import SheetPrinter

STYLE = TOP / "templates" / "cash" / "z_paper.css"


@cache
def sheet_printer() -> SheetPrinter:
    """The printer of Z reports, made when the first one is asked for: WeasyPrint takes a second to import."""
    from fair_pos.plumbing.pdf import SheetPrinter

    return SheetPrinter(STYLE.read_text(encoding="utf-8"))


def print_report(content: str) -> bytes:
    """The frozen content of a Z report as a PDF, in Vietnamese whoever asks: the same content is the same bytes. Raises PrinterBusy."""
    with force_locale("vi"):
        html = render_template("cash/z_paper.html", z=thawed(content))
    return sheet_printer().print_sheets(html, {})
