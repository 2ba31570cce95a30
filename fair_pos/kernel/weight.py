"""Weighed goods: whole grams, and a price in đồng for a kilogram."""

from __future__ import annotations

import re

_THOUSANDS = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]{1,3}")


def weighed_amount_dong(grams: int, price_per_kg_dong: int) -> int:
    """What `grams` cost, rounded half up to the đồng; no fraction is ever held. Raises ValueError for a weight below zero.

    >>> weighed_amount_dong(575, 38_000)
    21850
    """
    if grams < 0 or price_per_kg_dong < 0:
        raise ValueError("neither a weight nor a price is below zero")
    return (2 * grams * price_per_kg_dong + 1000) // 2000


def read_grams(text: str) -> int | None:
    """Grams from kilograms as people type them, with at most three places: «0,575», «0.575» and «2» are 575, 575 and 2000.

    Dots between thousands are read where a comma says what they are: «1.234,5» is 1,234,500, as pages write it.
    None for what is no weight above zero.
    """
    bare = text.strip()
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(".", "")
    whole, mark, rest = bare.replace(",", ".").partition(".")
    if not (whole + rest).isascii() or not (whole or "0").isdecimal() or len(whole) > 6:
        return None
    if mark and not (rest.isdecimal() and len(rest) <= 3):
        return None
    grams = int(whole or "0") * 1000 + int((rest + "000")[:3])
    return grams or None


def format_grams(grams: int) -> str:
    """575 → «0,575 kg»: kilograms with a decimal comma and three places, as scales show them."""
    whole, rest = divmod(grams, 1000)
    return f"{whole},{rest:03} kg"
