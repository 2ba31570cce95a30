"""How long goods last, when a lot ends, since when there are fewer than none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.inventory.rules import Pace, days_left, freshness, shortage_of, steps_of, window_before
from fair_pos.stock.facts import Recorded
from fair_pos.stock.rules import waiting_of

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 5, tzinfo=timezone.utc)


def moved(quantity: int, minutes: int = 0, kind: str = "sale") -> Recorded:
    at = NOON + timedelta(minutes=minutes)
    return Recorded("b", "booth", "p", "o", "", kind, quantity, f"s{minutes}", 1, minutes, at, at)


@pytest.mark.parametrize(
    ("quantity", "pace", "left"),
    [
        (20, Pace(14, 7), 10),
        (21, Pace(14, 7), 10),
        (1, Pace(14, 7), 0),
        (0, Pace(14, 7), 0),
        (-3, Pace(14, 7), 0),
        (5, Pace(0, 7), None),
        (5, Pace(-2, 7), None),
        (5, Pace(0, 0), None),
        (1000, Pace(1, 3), 3000),
    ],
)
def test_days_left_are_whole_days_that_can_be_sold(quantity: int, pace: Pace, left: int | None) -> None:
    assert days_left(quantity, pace) == left


def test_a_pace_is_told_to_the_nearest_whole_piece() -> None:
    assert Pace(10, 4).per_day == 3
    assert Pace(9, 4).per_day == 2
    assert Pace(-1, 4).per_day == Pace(5, 0).per_day == 0


def test_the_window_is_the_seven_whole_days_before() -> None:
    assert window_before(TODAY) == (date(2026, 11, 17), date(2026, 11, 23))


@pytest.mark.parametrize(("days", "said"), [(-1, "expired"), (0, "near"), (7, "near"), (8, "good"), (None, "good")])
def test_a_lot_is_near_its_end_a_week_before_and_good_on_its_last_day(days: int | None, said: str) -> None:
    assert freshness(None if days is None else TODAY + timedelta(days=days), TODAY) == said


def test_a_shortage_names_what_left_since_nothing_lay_there() -> None:
    moves = [moved(2, 0, "intake"), moved(-2, 1), moved(-1, 2), moved(-1, 3), moved(1, 4, "refund")]
    found = shortage_of(moves)
    assert found is not None
    assert (found.since, found.missing) == (NOON + timedelta(minutes=2), 1)
    assert [one.subject_id for one in found.moves] == ["s2", "s3"]


def test_what_was_mended_is_no_shortage_and_a_new_one_begins_anew() -> None:
    moves = [moved(-1, 0), moved(1, 1, "intake")]
    assert shortage_of(moves) is None
    again = shortage_of([*moves, moved(-2, 9)])
    assert again is not None
    assert (again.since, again.missing) == (NOON + timedelta(minutes=9), 2)


@given(st.lists(st.integers(-5, 5).filter(bool), max_size=20))
def test_below_zero_is_told_exactly_when_the_sum_is(quantities: list[int]) -> None:
    moves = [moved(quantity, minute) for minute, quantity in enumerate(quantities)]
    found = shortage_of(moves)
    assert (found.missing if found else 0) == max(0, -sum(quantities))
    assert [step.left for step in steps_of(moves)] == [sum(quantities[: n + 1]) for n in range(len(quantities))]


def test_damaged_goods_that_passed_over_a_shelf_neither_end_nor_begin_a_shortage() -> None:
    sale, back = moved(-1, 1), moved(1, 2, "refund")
    aside = replace(back, kind="set_aside", quantity=-1)
    found = shortage_of([sale, back, aside])
    assert found == shortage_of([sale])
    assert shortage_of([sale, back, aside, replace(back, kind="set_aside")]) is None, "put right by its sale"


def test_what_has_waited_longest_is_cleared_first_and_comes_back_last() -> None:
    first, second = moved(2, 1, "set_aside"), moved(3, 2, "set_aside")
    gone, again = moved(-3, 3, "write_off"), moved(3, 4, "write_off")

    def waits(*moves: Recorded) -> list[tuple[Recorded, int]]:
        return [(one.moved, one.left) for one in waiting_of(moves)]

    assert waits(first, second) == [(first, 2), (second, 3)]
    assert waits(first, second, gone) == [(second, 2)]
    assert waits(first, second, gone, again) == [(first, 2), (second, 3)]
    assert waits(gone) == []
    other = replace(second, quantity=-2)  # turned out to be another's when its sale came
    assert waits(first, second, other) == [(first, 2), (second, 1)]


@given(st.lists(st.integers(-9, 9).filter(bool)))
def test_what_waits_is_what_lies_there(quantities: list[int]) -> None:
    moves, lies, gone = [], 0, 0
    for hour, wanted in enumerate(quantities):
        quantity = max(wanted, -lies)
        kind = "set_aside" if quantity > 0 else "write_off"
        if quantity > 0 and hour % 3 == 0:
            kind, quantity = "write_off", min(quantity, gone)
        if quantity:
            moves.append(moved(quantity, hour, kind))
            lies += quantity
            gone = gone - quantity if kind == "write_off" else gone
    assert sum(one.left for one in waiting_of(moves)) == lies
    assert all(one.left > 0 for one in waiting_of(moves))
