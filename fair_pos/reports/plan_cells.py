"""The cells of a plan: what stands in each booth and how dark it is. Pure; whole numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fair_pos.kernel.money import group_thousands
from fair_pos.reports.booth_states import State
from fair_pos.reports.rules import Figure

Show = Literal["state", "money", "receipts", "minutes"]
SHOWS: tuple[Show, ...] = ("state", "money", "receipts", "minutes")
Unit = Literal["million", "thousand"]
LEVELS = 5
"""How many shades of one hue; what has no data has a pattern instead."""
MINUTE_BANDS = (10, 20, 30, 60)
"""Up to so many minutes since the last sale each shade reaches; the darkest is for all above."""


@dataclass(frozen=True)
class Cell:
    """A booth on the plan with its figures of the day."""

    booth_id: str
    code: str
    name: str
    zone: str
    figure: Figure
    state: State
    last_sold_at: datetime | None = None
    minutes: int | None = None
    """Since the last sale; None before the first, and of a day that is over."""

    @property
    def is_empty(self) -> bool:
        """Whether no receipt of it has come: nothing is known, which is not the same as nothing sold."""
        return not self.figure.receipts and not self.figure.refunds


@dataclass(frozen=True)
class Shade:
    """What stands in a cell. `level` runs from 1 (pale) to LEVELS (dark); 0 is nothing or less, None is no data."""

    text: str
    level: int | None


NO_DATA = Shade("\N{EN DASH}", None)


def minutes_since(last_sold_at: datetime | None, at: datetime) -> int | None:
    """Whole minutes since a sale, 0 for one that a fast clock puts into the future."""
    return None if last_sold_at is None else max(0, int((at - last_sold_at).total_seconds()) // 60)


def unit_of(amounts_dong: Sequence[int]) -> Unit:
    """In what a plan writes its money: one unit for all its cells, millions from ten million on."""
    return "million" if max(map(abs, amounts_dong), default=0) >= 10_000_000 else "thousand"


def short_money(amount_dong: int, unit: Unit) -> str:
    """An amount for a cell, without its unit, rounded half up; less than the last digit is said so.

    >>> [short_money(amount, "million") for amount in (12_345_678, 120_900_000, 50_000, 49_999, 0, -2_000_000)]
    ['12,3', '121', '0,1', '<0,1', '0', '−2']
    >>> [short_money(amount, "thousand") for amount in (1_234_500, 499, 0)]
    ['1.235', '<1', '0']
    """
    size, sign = abs(amount_dong), "\N{MINUS SIGN}" if amount_dong < 0 else ""
    step = 1_000_000 if unit == "million" else 1_000
    if size and size < step // (20 if unit == "million" else 2):
        return "<0,1" if unit == "million" else "<1"
    if unit == "million" and size < 99_950_000:
        whole, tenth = divmod((size + 50_000) // 100_000, 10)
        return f"{sign}{whole}{f',{tenth}' if tenth else ''}"
    return f"{sign}{group_thousands((size + step // 2) // step)}"


def level_of(value: int, most: int) -> int:
    """The shade of a value beside the largest: equal fifths of it, 0 for nothing and for less."""
    return 0 if value <= 0 or most <= 0 else min(LEVELS, -(-value * LEVELS // most))


def minute_level(minutes: int) -> int:
    """The shade of so many minutes since the last sale: the longer, the darker."""
    return 1 + sum(1 for band in MINUTE_BANDS if minutes > band)


def shades(cells: Sequence[Cell], show: Show) -> dict[str, Shade]:
    """Booth id → what stands in its cell. With «state» it is the money, and the state makes the colour."""
    if show == "minutes":
        return {
            one.booth_id: NO_DATA if one.minutes is None else Shade(str(one.minutes), minute_level(one.minutes))
            for one in cells
        }
    of_receipts = show == "receipts"
    values = {one.booth_id: one.figure.receipts if of_receipts else one.figure.net_dong for one in cells}
    most, unit = max(values.values(), default=0), unit_of(list(values.values()))
    found = {}
    for one in cells:
        value = values[one.booth_id]
        text = group_thousands(value) if of_receipts else short_money(value, unit)
        found[one.booth_id] = NO_DATA if one.is_empty else Shade(text, level_of(value, most))
    return found
