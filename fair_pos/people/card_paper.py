"""Cards on A4, four to a sheet: a big name, the code, and how to use it in three lines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from flask import render_template, url_for
from flask_babel import force_locale

from fair_pos.plumbing.qr import modules_png, qr_modules
from fair_pos.settings import TOP

if TYPE_CHECKING:
    from fair_pos.plumbing.pdf import SheetPrinter

STYLE = TOP / "templates" / "people" / "card_sheet.css"
CARDS_A_SHEET = 4


@cache
def card_printer() -> SheetPrinter:
    """The printer of cards, made when the first one is asked for: WeasyPrint takes a second to import."""
    from fair_pos.plumbing.pdf import SheetPrinter

    return SheetPrinter(STYLE.read_text(encoding="utf-8"))


def print_cards(made: Sequence[tuple[str, str]], public_url: str) -> bytes:
    """(producer's name, token) of each card as a PDF, in Vietnamese whoever prints. Raises PrinterBusy."""
    base = public_url.rstrip("/")
    pictures: dict[str, tuple[str, bytes]] = {}
    shown = []
    for number, (name, token) in enumerate(made):
        picture = f"own:{number}.png"
        pictures[picture] = ("image/png", modules_png(qr_modules(f"{base}{url_for('cards.door', token=token)}")))
        shown.append({"name": name, "picture": picture})
    sheets = [shown[first : first + CARDS_A_SHEET] for first in range(0, len(shown), CARDS_A_SHEET)]
    typed = f"{base}{url_for('cards.code')}".removeprefix("https://").removeprefix("http://")  # a browser adds it
    with force_locale("vi"):
        html = render_template("people/card_sheet.html", sheets=sheets, address=typed)
    return card_printer().print_sheets(html, pictures)
