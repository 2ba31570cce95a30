"""What a booth is doing, judged by its sales and its tablets. One rule for the live plan, the wall and the organiser's board. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from fair_pos.kernel.day import day_starts_at

SILENT_AFTER = timedelta(minutes=30)
"""So long without a sale, and somebody should walk over."""
State = Literal["selling", "silent", "ready", "not_opened", "closed"]
STATES: tuple[State, ...] = ("selling", "silent", "not_opened", "ready", "closed")
"""In the order of a legend: what sells, what somebody should look at, what is as it should be."""


@dataclass(frozen=True)
class Hours:
    """From when until when a fair is open on one of its days: the first instant, and the first after the last."""

    opens_at: datetime
    closes_at: datetime


def is_selling(last_sold_at: datetime | None, at: datetime) -> bool:
    """Whether a booth is selling at `at`: its last sale of the fair day (a refund is none) is at most thirty minutes old.

    By the instant of the sale, not of its arrival: an hour of sales that a tablet hands in late does not make a booth sell now.
    """
    return last_sold_at is not None and at - last_sold_at <= SILENT_AFTER


def hours_of(day: date, starts_day: date, ends_day: date | None, opens_minute: int, closes_minute: int) -> Hours | None:
    """The opening hours of a fair day; None when the fair does not run on it. Minutes count from the midnight at which the day is
    written, so that a market open until 25 × 60 closes at 01:00 of the next date.
    """
    if day < starts_day or (ends_day is not None and day > ends_day):
        return None
    midnight = day_starts_at(day, 0)
    return Hours(midnight + timedelta(minutes=opens_minute), midnight + timedelta(minutes=closes_minute))


def state_of(last_sold_at: datetime | None, *, is_heard: bool, hours: Hours | None, at: datetime) -> State:
    """What a booth is doing at `at` on a fair day.

    `last_sold_at` is its last sale of that day, `is_heard` whether a tablet of it was heard of on it.
    - selling: a sale at most thirty minutes ago, also before opening and after closing;
    - closed: otherwise outside the opening hours (open from the opening minute on, closed from the closing minute on);
    - not_opened: no sale, and no tablet heard of;
    - ready: open, but the fair itself opened at most thirty minutes ago, so silence says nothing yet;
    - silent: none of these, so more than thirty minutes of opening hours without a sale.
    """
    if is_selling(last_sold_at, at):
        return "selling"
    if hours is None or not hours.opens_at <= at < hours.closes_at:
        return "closed"
    if last_sold_at is None and not is_heard:
        return "not_opened"
    return "ready" if at - hours.opens_at <= SILENT_AFTER else "silent"
