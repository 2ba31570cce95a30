"""How long goods last, which are to be sold first, and since when there are fewer than none. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from fair_pos.stock.facts import Recorded

WINDOW_DAYS = 7
"""How many days before today say how fast goods go."""
NEAR_DAYS = 7
"""A lot is near its end that many days before the last one."""
Freshness = Literal["good", "near", "expired"]


@dataclass(frozen=True)
class Pace:
    """How fast goods went: `sold` base units or grams, less what came back, on `days` days of selling."""

    sold: int
    days: int

    @property
    def per_day(self) -> int:
        """Base units or grams a day, to the nearest whole one."""
        return (2 * self.sold + self.days) // (2 * self.days) if self.days and self.sold > 0 else 0


def days_left(quantity: int, pace: Pace) -> int | None:
    """For how many whole days `quantity` lasts at this pace; 0 when nothing is left, None when nobody can say since nothing was sold."""
    if quantity <= 0:
        return 0
    return None if pace.sold <= 0 or not pace.days else quantity * pace.days // pace.sold


def window_before(day: date) -> tuple[date, date]:
    """The first and the last of the days that say how fast goods go: whole days before `day`, which is not over yet."""
    return day - timedelta(days=WINDOW_DAYS), day - timedelta(days=1)


def freshness(expires_day: date | None, today: date) -> Freshness:
    """Whether a lot is good on `today`. `expires_day` is the last day on which it is."""
    if expires_day is None or expires_day > today + timedelta(days=NEAR_DAYS):
        return "good"
    return "near" if expires_day >= today else "expired"


@dataclass(frozen=True)
class Step:
    """A movement and what lay there after it."""

    moved: Recorded
    left: int


def steps_of(moves: Iterable[Recorded]) -> list[Step]:
    """Movements in their order, each with the running sum after it."""
    left, steps = 0, list[Step]()
    for moved in moves:
        left += moved.quantity
        steps.append(Step(moved, left))
    return steps


@dataclass(frozen=True)
class Shortage:
    """Since when there are fewer than none, and what was sold or given away since then without anything lying there."""

    since: datetime
    missing: int
    """Above zero: how many base units or grams more left than came."""
    moves: tuple[Recorded, ...]


def shortage_of(moves: Iterable[Recorded]) -> Shortage | None:
    """What is wrong with a shelf's goods of one owner now; None when they are not below zero. `moves` in the order they happened."""
    since: datetime | None = None
    causes: list[Recorded] = []
    left = 0
    for step in steps_of(_without_passing(moves)):
        left = step.left
        if left >= 0:
            since, causes = None, []
        else:
            since = since or step.moved.at
            if step.moved.quantity < 0:
                causes.append(step.moved)
    return None if since is None else Shortage(since, -left, tuple(causes))


def _without_passing(moves: Iterable[Recorded]) -> list[Recorded]:
    """What came back damaged and went on in the same breath neither filled the shelf nor emptied it; what a sale that arrived later
    put right of it counts once, from when it came back.
    """
    every = list(moves)
    sums: dict[tuple[str, int], int] = {(one.subject_id, one.line_no): 0 for one in every if one.kind == "set_aside"}
    for one in every:
        if (one.subject_id, one.line_no) in sums:
            sums[one.subject_id, one.line_no] += one.quantity
    found: list[Recorded] = []
    for one in every:
        quantity = sums.get((one.subject_id, one.line_no), one.quantity)
        if (one.subject_id, one.line_no) in sums:
            sums[one.subject_id, one.line_no] = 0
        if quantity:
            found.append(replace(one, quantity=quantity))
    return found
