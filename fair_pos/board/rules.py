"""What a board shows, and what the public may be told: by which steps totals are rounded, and when they may move on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from fair_pos.reports.rules import Figure, by_money, hours_of_day, together

TOP = 5

Phase = Literal["before", "running", "after"]


def phase_of(day: date, starts_day: date, ends_day: date | None) -> Phase:
    """Where an edition stands on a fair day; a showroom, which has no last day, never ends."""
    if day < starts_day:
        return "before"
    return "after" if ends_day is not None and day > ends_day else "running"


@dataclass(frozen=True)
class Shown:
    """An edition as a board names it."""

    id: str
    name: str
    place: str
    starts_day: date
    ends_day: date | None
    boundary_minutes: int
    is_sample: bool


@dataclass(frozen=True)
class Mark:
    """Something of the programme: minutes since midnight in Vietnam, opening | livestream | cooking | other, its title."""

    minute: int
    kind: str
    title: str


def minute_of_day(minute: int, boundary_minutes: int) -> int:
    """Minutes since the midnight with which a fair day's date begins: what comes after the next midnight lies beyond 1440.

    >>> [minute_of_day(minute, 240) for minute in (240, 1439, 0, 239)]
    [240, 1439, 1440, 1679]
    """
    return minute if minute >= boundary_minutes else minute + 24 * 60


@dataclass(frozen=True)
class HourPair:
    """Net money of one hour, and of the same hour of the same fair day of the edition before; None where there is nothing to compare."""

    hour: int
    net_dong: int
    before_dong: int | None


def pair_hours(
    today: Mapping[int, Figure],
    before: Mapping[int, Figure] | None,
    *,
    boundary_minutes: int,
    opens_minute: int,
    closes_minute: int,
) -> list[HourPair]:
    """Both days hour by hour in the order in which a fair day runs, from the earlier beginning to the later end."""
    both = {hour: Figure("", "") for hour in {*today, *(before or {})}}
    hours = [int(one.key) for one in hours_of_day(both, boundary_minutes, opens_minute, closes_minute)]
    nothing = Figure("", "")
    return [
        HourPair(
            hour,
            today.get(hour, nothing).net_dong,
            None if before is None else before.get(hour, nothing).net_dong,
        )
        for hour in hours
    ]


def top_booths(figures: Iterable[Figure], most: int = TOP) -> list[Figure]:
    """The booths with the most net money; those that sold nothing are none of them."""
    return [one for one in by_money(figures) if one.net_dong > 0][:most]


# --- the public -------------------------------------------------------------------------------------------------------

VISITOR_STEP = 100
RECEIPT_STEP = 50
MONEY_STEP_DONG = 10_000_000
LEAST_RECEIPTS = 50
LEAST_BOOTHS = 5
LEAST_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True)
class Totals:
    """Sales of a day, to the đồng."""

    receipts: int = 0
    refunds: int = 0
    sold_dong: int = 0
    refunded_dong: int = 0

    @property
    def net_dong(self) -> int:
        """Less what was given back."""
        return self.sold_dong - self.refunded_dong


def totals_of(figures: Iterable[Figure]) -> Totals:
    """The figures of hours as one."""
    sums = together(figures)
    return Totals(sums.receipts, sums.refunds, sums.sold_dong, sums.refunded_dong)


def may_move_on(said: Totals, now: Totals, *, booths: int, largest_dong: int) -> bool:
    """Whether the public may be told `now` after it was told `said`; the difference is what somebody who reads twice learns.

    It must hold at least fifty receipts of at least five booths (`booths` had a new one since), and move at least twice as much as
    the largest receipt of the day (`largest_dong`): then no single receipt and no single booth is the difference.
    """
    receipts = now.receipts + now.refunds - said.receipts - said.refunds
    moved_dong = now.sold_dong + now.refunded_dong - said.sold_dong - said.refunded_dong
    return receipts >= LEAST_RECEIPTS and booths >= LEAST_BOOTHS and moved_dong >= 2 * largest_dong


def rounded_down(value: int, step: int) -> int:
    """The whole steps in a value; nothing below zero.

    >>> [rounded_down(value, 100) for value in (0, 99, 100, 1_299, -5)]
    [0, 0, 100, 1200, 0]
    """
    return max(value, 0) // step * step


@dataclass(frozen=True)
class PublicTotals:
    """What the public board says; None where there is too little to say it."""

    visitors: int | None
    receipts: int | None
    net_dong: int | None


def public_totals(said: Totals, visitors: int) -> PublicTotals:
    """Rounded down to whole hundreds of entries, fifties of receipts, ten millions of đồng; below one step nothing is said."""
    return PublicTotals(
        rounded_down(visitors, VISITOR_STEP) or None,
        rounded_down(said.receipts, RECEIPT_STEP) or None,
        rounded_down(said.net_dong, MONEY_STEP_DONG) or None,
    )


SEEN_EVERY = timedelta(minutes=1)


def is_news(last_seen_at: datetime | None, at: datetime) -> bool:
    """Whether it is time to write down again that a display was seen."""
    return last_seen_at is None or at - last_seen_at >= SEEN_EVERY
