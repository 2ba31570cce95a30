"""Sharing a cooperative's proceeds among its households, and saying how many earned how much without naming any. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fair_pos.kernel.money import share_by_largest_remainder

Measure = Literal["grams", "pieces"]
MEASURES: tuple[Measure, ...] = ("grams", "pieces")
MOST_QUANTITY = 10**9
MOST_CODE, MOST_NAME, MOST_WHAT = 20, 100, 100

MILLION = 10**6
BANDS = ("under_50", "50_to_100", "100_to_200", "over_200")
"""Year income in million đồng; «100–200» has both its edges, as it is written of Hồng Yên Du, so «50–100» ends below 100."""
FEWEST = 5
"""A band with fewer households is not shown: its people would be known by name in their village."""


@dataclass(frozen=True)
class Delivered:
    """What the households brought in a period: member → grams or pieces, each above zero."""

    measure: Measure
    quantities: Mapping[str, int]


def shares_of(payable_dong: int, delivered: Delivered) -> dict[str, int]:
    """Member → đồng: in proportion to what each brought, by largest remainder; always adds up to `payable_dong`.

    Of equal remainders the smaller member id comes first, so that the same deliveries always give the same shares.
    Raises ValueError when nobody brought anything.

    >>> shares_of(100, Delivered("grams", {"a": 1000, "b": 1000, "c": 1000}))
    {'a': 34, 'b': 33, 'c': 33}
    """
    members = sorted(delivered.quantities)
    parts = share_by_largest_remainder(payable_dong, [delivered.quantities[one] for one in members])
    return dict(zip(members, parts, strict=True))


def mark_of(shares: Mapping[str, int]) -> str:
    """A short mark of who gets how much: other shares, another mark.

    What is shared is shared for good; whoever presses the button says with it which shares were on the screen.

    >>> mark_of({"a": 34, "b": 66}) == mark_of({"b": 66, "a": 34}) != mark_of({"a": 66, "b": 34})
    True
    """
    said = ";".join(f"{one}={shares[one]}" for one in sorted(shares))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def band_of(income_dong: int) -> str:
    """The band of a year's income in đồng.

    >>> band_of(50 * MILLION), band_of(100 * MILLION), band_of(200 * MILLION), band_of(200 * MILLION + 1)
    ('50_to_100', '100_to_200', '100_to_200', 'over_200')
    """
    if income_dong < 50 * MILLION:
        return "under_50"
    if income_dong < 100 * MILLION:
        return "50_to_100"
    return "100_to_200" if income_dong <= 200 * MILLION else "over_200"


def households_by_band(incomes_dong: Sequence[int]) -> dict[str, int]:
    """Band → households, of all four bands; not to be shown to others as it is."""
    counts = dict.fromkeys(BANDS, 0)
    for income in incomes_dong:
        counts[band_of(income)] += 1
    return counts


BESIDE = {"under_50": "50_to_100", "50_to_100": "under_50", "100_to_200": "over_200", "over_200": "100_to_200"}
"""The band that is kept back together with one that is small alone: fixed, since one chosen by its size would tell of it."""


def shown_bands(counts: Mapping[str, int]) -> dict[str, int]:
    """The bands that may be shown, with their households; a band that is not in the answer is kept back. No total is shown.

    Kept back is every band of fewer than `FEWEST`, empty ones too. Somebody may know how many households there are, and this
    rule; so a band that is small alone takes its neighbour with it (`BESIDE`), and several small bands that together hold
    fewer than `FEWEST`, or as many as small ones can, take everything. tests/cooperative tries every distribution.
    """
    small = [band for band in BANDS if counts[band] < FEWEST]
    together = sum(counts[band] for band in small)
    if len(small) > 1 and not FEWEST <= together < len(small) * (FEWEST - 1):
        return {}
    hidden = {*small, BESIDE[small[0]]} if len(small) == 1 else {*small}
    return {band: counts[band] for band in BANDS if band not in hidden}


def is_over(year: int, today: date) -> bool:
    """Whether a year has ended: before that its incomes still grow."""
    return year < today.year
