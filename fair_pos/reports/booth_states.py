"""What a booth is doing, judged by its sales. One rule for the live plan, the wall and the organiser's board. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

SILENT_AFTER = timedelta(minutes=30)
"""So long without a sale, and somebody should walk over."""


def is_selling(last_sold_at: datetime | None, at: datetime) -> bool:
    """Whether a booth is selling at `at`: its last sale of the fair day (a refund is none) is at most thirty minutes old.

    By the instant of the sale, not of its arrival: an hour of sales that a tablet hands in late does not make a booth sell now.
    """
    return last_sold_at is not None and at - last_sold_at <= SILENT_AFTER
