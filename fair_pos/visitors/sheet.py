"""The printed tally sheet: strokes by the hour for a gate without a phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from flask import render_template

from fair_pos.settings import TOP
from fair_pos.visitors.tables import Gate

if TYPE_CHECKING:
    from fair_pos.plumbing.pdf import SheetPrinter

STYLE = TOP / "templates" / "visitors" / "tally_sheet.css"


@cache
def tally_printer() -> SheetPrinter:
    """The printer of tally sheets, made when the first one is asked for: WeasyPrint takes a second to import."""
    from fair_pos.plumbing.pdf import SheetPrinter

    return SheetPrinter(STYLE.read_text(encoding="utf-8"))


def tally_sheets_html(fair: str, hours: Sequence[int], gates: Sequence[Gate], day: date | None) -> str:
    """One sheet per gate with a row for every opening hour; without gates one sheet to fill in. `day` is left blank when None."""
    names = [(gate.name, gate.way) for gate in gates] or [("", "both")]
    return render_template("visitors/tally_sheet.html", fair=fair, gates=names, hours=hours, day=day)


def print_tally_sheets(fair: str, hours: Sequence[int], gates: Sequence[Gate], day: date | None) -> bytes:
    """The sheets as a PDF on A4. Raises PrinterBusy."""
    return tally_printer().print_sheets(tally_sheets_html(fair, hours, gates, day), {})
