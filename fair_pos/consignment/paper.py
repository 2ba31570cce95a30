"""Notes and receipts on A4, in Vietnamese whoever asks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import render_template
from flask_babel import force_locale

from fair_pos.consignment.note import thawed
from fair_pos.consignment.rules import SIGNATURE_BOX
from fair_pos.kernel.amount_words import amount_words
from fair_pos.settings import TOP

if TYPE_CHECKING:
    from fair_pos.plumbing.pdf import SheetPrinter

STYLE = TOP / "templates" / "consignment" / "paper.css"


@cache
def sheet_printer() -> SheetPrinter:
    """The printer of notes, made when the first one is asked for: WeasyPrint takes a second to import."""
    from fair_pos.plumbing.pdf import SheetPrinter

    return SheetPrinter(STYLE.read_text(encoding="utf-8"))


def print_note(content: str) -> bytes:
    """The frozen content of a note or a receipt as a PDF: the same content is the same bytes. Raises PrinterBusy."""
    note = thawed(content)
    with force_locale("vi"):
        if note["kind"] == "receipt":
            html = render_template("consignment/receipt_paper.html", note=note, box=SIGNATURE_BOX)
        else:
            in_words = amount_words(note["sum_dong"])
            html = render_template("consignment/paper.html", note=note, box=SIGNATURE_BOX, in_words=in_words)
    return sheet_printer().print_sheets(html, {})
