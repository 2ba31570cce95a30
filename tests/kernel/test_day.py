"""Fair days: the night belongs to the evening before, whatever clock the server's machine keeps."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.kernel.day import VIETNAM, day_starts_at, fair_day, local_hour, months_later
from tests.kernel.vectors import vectors

DAYS = st.dates(date(2, 1, 1), date(9998, 12, 31))
BOUNDARIES = st.integers(0, 1439)


@pytest.fixture(params=["Asia/Ho_Chi_Minh", "UTC", "America/St_Johns", "Pacific/Kiritimati", "America/New_York"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The machine's own zone, which must not matter."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("case", vectors("fair_day"), ids=lambda case: f"{case['instant']} {case['boundary_minutes']}")
def test_days_and_hours_are_those_of_the_vectors(case: dict[str, Any]) -> None:
    instant = datetime.fromisoformat(case["instant"])
    assert fair_day(instant, case["boundary_minutes"]) == date.fromisoformat(case["day"])
    assert local_hour(instant) == case["hour"]


@pytest.mark.parametrize(
    ("clock", "day", "hour"),
    [
        ("2026-11-24T23:59:59.999", "2026-11-24", 23),
        ("2026-11-25T00:00:00", "2026-11-24", 0),
        ("2026-11-25T00:30:00", "2026-11-24", 0),
        ("2026-11-25T03:59:59.999", "2026-11-24", 3),
        ("2026-11-25T04:00:00", "2026-11-25", 4),
        ("2026-11-25T04:00:00.001", "2026-11-25", 4),
        ("2026-03-08T02:30:00", "2026-03-07", 2),  # the hour that New York leaves out
        ("2027-01-01T01:00:00", "2026-12-31", 1),
        ("2028-03-01T03:00:00", "2028-02-29", 3),
    ],
)
def test_the_day_turns_at_four_on_every_machine(machine_zone: str, clock: str, day: str, hour: int) -> None:
    vietnamese = datetime.fromisoformat(clock).replace(tzinfo=VIETNAM)
    for instant in (vietnamese, vietnamese.astimezone(timezone.utc), vietnamese.astimezone()):
        assert fair_day(instant, 240) == date.fromisoformat(day)
        assert local_hour(instant) == hour


@given(DAYS, BOUNDARIES)
def test_a_day_begins_at_its_first_instant(day: date, boundary: int) -> None:
    start = day_starts_at(day, boundary)
    assert fair_day(start, boundary) == day
    assert fair_day(start - timedelta(microseconds=1), boundary) == day - timedelta(days=1)
    assert fair_day(start + timedelta(days=1, microseconds=-1), boundary) == day


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-11-24", 0, "2026-11-24"),
        ("2026-11-24", 1, "2026-12-24"),
        ("2026-11-24", 2, "2027-01-24"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-05-31", 1, "2026-06-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 36, "2027-02-28"),  # a star's three years
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-10-31", 1, "2026-11-30"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2027-01-15", -1, "2026-12-15"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: str, months: int, later: str) -> None:
    assert months_later(date.fromisoformat(day), months) == date.fromisoformat(later)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(0, 240))
def test_months_later_lands_in_the_right_month(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)
