"""A day sheet on A4, for two signatures and the binder."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import render_template
from flask_babel import force_locale

from fair_pos.daysheet.sheet import thawed
from fair_pos.settings import TOP

if TYPE_CHECKING:
    from fair_pos.plumbing.pdf import SheetPrinter

STYLE = TOP / "templates" / "daysheet" / "paper.css"


@cache
def sheet_printer() -> SheetPrinter:
    """The printer of day sheets, made when the first one is asked for: WeasyPrint takes a second to import."""
    from fair_pos.plumbing.pdf import SheetPrinter

    return SheetPrinter(STYLE.read_text(encoding="utf-8"))


def print_sheet(content: str) -> bytes:
    """The frozen content of a sheet as a PDF, in Vietnamese whoever asks: the same content is the same bytes. Raises PrinterBusy."""
    with force_locale("vi"):
        html = render_template("daysheet/paper.html", sheet=thawed(content))
    return sheet_printer().print_sheets(html, {})
