"""A statement on A4, with its lists of goods sold by VAT rate; and those lists alone."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import render_template
from flask_babel import force_locale

from fair_pos.settings import TOP
from fair_pos.settlement.content import thawed

if TYPE_CHECKING:
    from fair_pos.plumbing.pdf import SheetPrinter

STYLE = TOP / "templates" / "settlement" / "paper.css"


@cache
def sheet_printer() -> SheetPrinter:
    """The printer of statements, made when the first one is asked for: WeasyPrint takes a second to import."""
    from fair_pos.plumbing.pdf import SheetPrinter

    return SheetPrinter(STYLE.read_text(encoding="utf-8"))


def print_statement(content: str) -> bytes:
    """Frozen content as a PDF, in Vietnamese whoever asks: the same content is the same bytes. Raises PrinterBusy."""
    with force_locale("vi"):
        html = render_template("settlement/paper.html", statement=thawed(content))
    return sheet_printer().print_sheets(html, {})


def print_goods_sold(content: str) -> bytes:
    """The lists of goods sold alone, one for each VAT rate, as a PDF. Raises PrinterBusy."""
    with force_locale("vi"):
        html = render_template("settlement/goods_sold.html", statement=thawed(content))
    return sheet_printer().print_sheets(html, {})
