"""A statement on A4, with its lists of goods sold by VAT rate; and those lists alone."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from flask import render_template
from flask_babel import force_locale
from PIL import Image

from fair_pos.settings import TOP
from fair_pos.settlement.content import thawed

if TYPE_CHECKING:
    from fair_pos.plumbing.pdf import SheetPrinter

STYLE = TOP / "templates" / "settlement" / "paper.css"
PHOTO_SIDE = 400
"""Pixels of a photo 34 mm wide: 300 to an inch."""


@cache
def sheet_printer() -> SheetPrinter:
    """The printer of statements, made when the first one is asked for: WeasyPrint takes a second to import."""
    from fair_pos.plumbing.pdf import SheetPrinter

    return SheetPrinter(STYLE.read_text(encoding="utf-8"))


def print_statement(content: str, photos: Mapping[str, bytes]) -> bytes:
    """Frozen content as a PDF, in Vietnamese whoever asks, with small photos (id → JPEG) of what was written off.

    The same content and photos are the same bytes. Raises PrinterBusy.
    """
    with force_locale("vi"):
        html = render_template("settlement/paper.html", statement=thawed(content), photos=photos)
    files = {f"own:{photo}.jpg": ("image/jpeg", small(jpeg)) for photo, jpeg in photos.items()}
    return sheet_printer().print_sheets(html, files)


def small(jpeg: bytes) -> bytes:
    """A photo no larger than paper shows it: a dozen of full ones would make a file that no phone is sent."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(jpeg)) as picture:
        picture.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
        picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def print_goods_sold(content: str) -> bytes:
    """The lists of goods sold alone, one for each VAT rate, as a PDF. Raises PrinterBusy."""
    with force_locale("vi"):
        html = render_template("settlement/goods_sold.html", statement=thawed(content))
    return sheet_printer().print_sheets(html, {})
