"""What a booth is doing."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from fair_pos.reports.booth_states import SILENT_AFTER, STATES, Hours, State, hours_of, is_selling, state_of

AT = datetime(2026, 11, 24, 7, 0, tzinfo=timezone.utc)
"""14:00 in Vietnam."""
DAY = date(2026, 11, 24)
MOMENT = timedelta(milliseconds=1)
OPEN = Hours(AT - timedelta(hours=6), AT + timedelta(hours=8))


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def test_a_booth_sells_for_half_an_hour_after_its_last_sale() -> None:
    assert is_selling(AT, AT)
    assert is_selling(AT - SILENT_AFTER, AT)
    assert not is_selling(AT - SILENT_AFTER - timedelta(milliseconds=1), AT)


def test_a_booth_without_a_sale_is_not_selling() -> None:
    assert not is_selling(None, AT)


def test_a_sale_that_a_fast_clock_puts_into_the_future_counts() -> None:
    assert is_selling(AT + timedelta(minutes=5), AT)


@pytest.mark.parametrize(
    ("sold", "is_heard", "state"),
    [
        (AT, True, "selling"),
        (AT - SILENT_AFTER, False, "selling"),
        (AT - SILENT_AFTER - MOMENT, True, "silent"),
        (AT - SILENT_AFTER - MOMENT, False, "silent"),  # its sales of today came: the tablet was on
        (None, True, "silent"),
        (None, False, "not_opened"),
    ],
)
def test_what_a_booth_does_while_the_fair_is_open(sold: datetime | None, is_heard: bool, state: State) -> None:
    assert state_of(sold, is_heard=is_heard, hours=OPEN, at=AT) == state


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (OPEN.opens_at - MOMENT, "closed"),
        (OPEN.opens_at, "ready"),
        (OPEN.opens_at + SILENT_AFTER, "ready"),
        (OPEN.opens_at + SILENT_AFTER + MOMENT, "silent"),
        (OPEN.closes_at - MOMENT, "silent"),
        (OPEN.closes_at, "closed"),
    ],
)
def test_a_silent_booth_from_opening_to_closing(at: datetime, state: State) -> None:
    assert state_of(None, is_heard=True, hours=OPEN, at=at) == state


def test_a_tablet_that_is_off_is_called_so_from_the_opening_minute_on() -> None:
    assert state_of(None, is_heard=False, hours=OPEN, at=OPEN.opens_at - MOMENT) == "closed"
    assert state_of(None, is_heard=False, hours=OPEN, at=OPEN.opens_at) == "not_opened"


def test_a_sale_before_opening_does_not_make_a_booth_silent_at_once() -> None:
    assert state_of(OPEN.opens_at - minutes(20), is_heard=True, hours=OPEN, at=OPEN.opens_at + minutes(15)) == "ready"


def test_who_sells_outside_the_hours_is_selling() -> None:
    assert state_of(OPEN.closes_at, is_heard=True, hours=OPEN, at=OPEN.closes_at + minutes(10)) == "selling"
    assert state_of(AT, is_heard=True, hours=None, at=AT) == "selling"


def test_on_a_day_without_the_fair_all_booths_are_closed() -> None:
    assert state_of(None, is_heard=True, hours=None, at=AT) == "closed"
    assert state_of(None, is_heard=False, hours=None, at=AT) == "closed"


def test_the_hours_of_a_day() -> None:
    found = hours_of(DAY, DAY, DAY, 8 * 60, 22 * 60)
    assert found == Hours(AT - timedelta(hours=6), AT + timedelta(hours=8))
    assert hours_of(DAY, DAY + timedelta(days=1), None, 0, 60) is None
    assert hours_of(DAY, DAY - timedelta(days=2), DAY - timedelta(days=1), 0, 60) is None
    assert hours_of(DAY, DAY - timedelta(days=400), None, 480, 1320) == found  # a showroom has no last day


def test_a_night_market_closes_on_the_next_date() -> None:
    night = hours_of(DAY, DAY, DAY, 18 * 60, 25 * 60)
    assert night is not None
    assert night.closes_at == datetime(2026, 11, 24, 18, 0, tzinfo=timezone.utc)
    assert state_of(None, is_heard=True, hours=night, at=night.closes_at - MOMENT) == "silent"


def test_every_state_stands_in_the_legend() -> None:
    assert set(STATES) == set(State.__args__)  # type: ignore[attr-defined]
