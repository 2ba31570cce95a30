"""What stands in the cells of a plan."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.reports.plan_cells import (
    LEVELS,
    NO_DATA,
    Cell,
    Shade,
    level_of,
    minute_level,
    minutes_since,
    shades,
    short_money,
    unit_of,
)
from fair_pos.reports.rules import Figure

AT = datetime(2026, 11, 24, 7, 0, tzinfo=timezone.utc)


def cell(booth_id: str, sold: int = 0, *, back: int = 0, receipts: int = 1, minutes: int | None = None) -> Cell:
    figure = Figure(booth_id, booth_id, receipts=receipts, refunds=int(back > 0), sold_dong=sold, refunded_dong=back)
    return Cell(booth_id, booth_id, "Gian", "A", figure, "selling", minutes=minutes)


def test_nothing_known_is_not_nothing_sold() -> None:
    silent, given_back, sold = cell("a", receipts=0), cell("b", 500_000, back=500_000), cell("c", 1_000_000)
    assert shades([silent, given_back, sold], "money") == {
        "a": NO_DATA,
        "b": Shade("0", 0),
        "c": Shade("1.000", 5),
    }
    assert shades([silent, given_back, sold], "state") == shades([silent, given_back, sold], "money")
    assert shades([silent, given_back, sold], "receipts") == {"a": NO_DATA, "b": Shade("1", 5), "c": Shade("1", 5)}


def test_more_given_back_than_sold_is_pale_and_below_zero() -> None:
    assert shades([cell("a", 0, back=1_500_000), cell("b", 12_000_000)], "money")["a"] == Shade("−1,5", 0)


def test_minutes_are_darker_the_longer_they_are() -> None:
    cells = [cell("a", minutes=0), cell("b", minutes=31), cell("c"), cell("d", minutes=600)]
    assert shades(cells, "minutes") == {"a": Shade("0", 1), "b": Shade("31", 4), "c": NO_DATA, "d": Shade("600", 5)}


@pytest.mark.parametrize(("minutes", "level"), [(10, 1), (11, 2), (20, 2), (30, 3), (31, 4), (60, 4), (61, 5)])
def test_bands_of_minutes(minutes: int, level: int) -> None:
    assert minute_level(minutes) == level


def test_minutes_since_a_sale_are_whole_and_never_below_zero() -> None:
    assert minutes_since(None, AT) is None
    assert minutes_since(AT - timedelta(seconds=119), AT) == 1
    assert minutes_since(AT + timedelta(minutes=5), AT) == 0


def test_a_plan_has_one_unit() -> None:
    assert unit_of([]) == "thousand"
    assert unit_of([9_999_999, 0]) == "thousand"
    assert unit_of([10_000_000, 5]) == "million"
    assert unit_of([-10_000_000]) == "million"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (99_949_999, "99,9"),
        (99_950_000, "100"),
        (100_499_999, "100"),
        (100_500_000, "101"),
        (1_234_500_000, "1.235"),
        (-49_999, "<0,1"),
        (-50_000, "−0,1"),
    ],
)
def test_millions_are_rounded_half_up(amount: int, text: str) -> None:
    assert short_money(amount, "million") == text


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_shades_are_fifths_of_the_largest(value: int, most: int) -> None:
    level = level_of(value, max(value, most))
    assert 1 <= level <= LEVELS
    assert (level - 1) * max(value, most) < value * LEVELS <= level * max(value, most)


def test_nothing_has_no_shade() -> None:
    assert [level_of(value, 10) for value in (0, -5)] == [0, 0]
    assert level_of(0, 0) == 0
