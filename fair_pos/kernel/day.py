"""Fair days. Vietnam keeps UTC+7 all year (no summer time since 1975), so one fixed offset serves every machine."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)
"""Days that anybody may ask for: the day before and the day after the calendar of Python can be written in no zone."""


def fair_day(instant: datetime, boundary_minutes: int) -> date:
    """The fair day an instant belongs to: a night market's sale at 00:30 counts to the evening before.

    `instant` must carry a zone; `boundary_minutes` are minutes after local midnight at which the next day begins.
    """
    return (instant.astimezone(VIETNAM) - timedelta(minutes=boundary_minutes)).date()


def local_hour(instant: datetime) -> int:
    """The hour on the wall clock in Vietnam, 0 to 23."""
    return instant.astimezone(VIETNAM).hour


def day_starts_at(day: date, boundary_minutes: int) -> datetime:
    """The first instant of a fair day."""
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM) + timedelta(minutes=boundary_minutes)


def months_later(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last_of_month = first_of_next - timedelta(days=1)
    return date(year, month + 1, min(day.day, last_of_month.day))
