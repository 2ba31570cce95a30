"""What the forms of a cooperative may contain."""

from __future__ import annotations

from datetime import date

from fair_pos.kernel.weight import read_grams
from fair_pos.venues.rules import read_day


def day_said(text: str) -> date | None:
    """A day as browsers send or people type it; None when it is none."""
    return read_day(text) if text.strip() else None


def quantity_said(text: str, measure: str) -> int | None:
    """Grams from kilograms («12,5»), or whole pieces; None for what is no amount above zero."""
    bare = text.strip().removesuffix("kg").strip()
    if measure == "grams":
        return read_grams(bare)
    if not (bare.isascii() and bare.isdecimal() and len(bare) <= 9):
        return None
    return int(bare) or None


def year_said(text: str) -> int:
    """A year; 9999 for what is none, which is never over."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 9999
