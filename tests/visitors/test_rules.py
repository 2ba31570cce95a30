"""Entries, inside, peak and distinct are four figures; several sources leave a band."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.settings import TOP
from fair_pos.visitors.rules import (
    Band,
    Counts,
    Flow,
    Peak,
    Said,
    counts_in,
    counts_out,
    crowd_level,
    crowd_percent,
    end_of_hour,
    estimated_distinct,
    hour_order,
    hours_of_day,
    inside,
    is_clock_wrong,
    peak,
    people_of,
    read_factor,
    read_people,
    reconcile,
    total,
)

VECTORS: list[dict[str, Any]] = json.loads((TOP / "tests" / "vectors" / "crowd.json").read_text())


def test_raw_and_net_stand_side_by_side() -> None:
    counts = Counts(tap=Flow(100, 40, 30), paper=Flow(20, 5), correction=Flow(-3))
    assert counts.net == Flow(117, 45, 30)
    assert counts.tap.people_in == 100
    assert total([counts, counts]).net.people_in == 234
    assert counts.twice
    assert not Counts(tap=Flow(1)).twice


def test_a_clock_is_wrong_from_a_minute_on_either_way() -> None:
    assert [is_clock_wrong(off) for off in (0, 59_999, -59_999, 60_000, -60_000)] == [False, False, False, True, True]


def test_inside_is_said_only_when_in_and_out_are_both_counted() -> None:
    flow = Flow(100, 40)
    assert inside(flow, ["both", "both"]).people == 60
    assert inside(flow, ["entrance", "exit"]).people == 60
    for ways in (["both", "in_only"], ["entrance"], ["exit"], []):
        assert inside(flow, ways).people is None, ways


def test_more_out_than_in_is_zero_and_says_so() -> None:
    there = inside(Flow(3, 5), ["both"])
    assert (there.people, there.why, there.short) == (0, "more_out", 2)


def test_ways() -> None:
    assert [(counts_in(way), counts_out(way)) for way in ("both", "entrance", "exit", "in_only")] == [
        (True, True), (True, False), (False, True), (True, False),
    ]  # fmt: skip


def test_peak_is_the_most_at_once_and_not_the_entries() -> None:
    assert peak([(10, 5), (20, -3), (30, 4), (40, -6)]) == Peak(6, 30)
    assert peak([(30, 4), (10, 5), (40, -6), (20, -3)]) == Peak(6, 30), "in any order"
    assert peak([]) is None
    assert peak([(1, -4), (2, 3)]) is None, "nobody was ever inside"


@given(st.lists(st.tuples(st.integers(0, 1439), st.integers(-5, 5))))
def test_peak_never_exceeds_entries(moves: list[tuple[int, int]]) -> None:
    found = peak(moves)
    assert (found.people if found else 0) <= sum(people for _, people in moves if people > 0)


def test_distinct_is_an_estimate_or_nothing() -> None:
    assert estimated_distinct(10_000, None) is None
    assert estimated_distinct(10_000, 15) == 8_500
    assert estimated_distinct(10_000, 90, peak_people=4_000) == 4_000
    assert estimated_distinct(3, 50) == 2
    assert estimated_distinct(0, 10) is None
    assert estimated_distinct(10, 0, peak_people=99) == 10


@pytest.mark.parametrize("vector", VECTORS)
def test_crowd_warnings_as_the_phone_has_them(vector: dict[str, Any]) -> None:
    assert crowd_level(vector["people"], vector["limit"]) == vector["level"]
    if "percent" in vector:
        assert crowd_percent(vector["people"], vector["limit"]) == vector["percent"]


def test_three_sources_leave_a_band_and_no_magic_number() -> None:
    """The figures of the feature list: gate 10,412; parking 3,050 motorbikes at 1.7; receipts 2,871."""
    parking = people_of(3_050, 170)
    assert parking == 5_185
    band = reconcile(
        [Said("gate", 10_412, "most"), Said("parking", parking, "least"), Said("receipts", 2_871, "least")]
    )
    assert band == Band(5_185, 10_412, "parking", "gate")
    assert (band.middle, band.off_percent, band.contradicts) == (7_799, 34, False)


def test_of_two_that_count_passages_the_larger_is_the_honest_end() -> None:
    band = reconcile([Said("gate", 10_412, "most"), Said("camera", 10_900, "most"), Said("off", 0, "most")])
    assert band == Band(None, 10_900, "", "camera")
    assert band.middle is None
    assert band.off_percent is None


def test_sources_that_contradict_say_so() -> None:
    band = reconcile([Said("gate", 2_000, "most"), Said("parking", 5_185, "least")])
    assert band.contradicts
    assert (band.low, band.high) == (5_185, 2_000), "shown as it is"


@given(st.lists(st.builds(Said, st.text(max_size=3), st.integers(0, 10**6), st.sampled_from(["least", "most"]))))
def test_a_band_bounds_every_source(sources: list[Said]) -> None:
    band = reconcile(sources)
    for one in sources:
        if one.people and one.bound == "least":
            assert band.low is not None
            assert one.people <= band.low
        elif one.people:
            assert band.high is not None
            assert one.people <= band.high


def test_numbers_as_people_write_them() -> None:
    assert [read_people(text) for text in ("1.250", " 30 ", "", "-3", "1,5", "9999999", "٣")] == [
        1250, 30, None, None, None, None, None,
    ]  # fmt: skip
    assert [read_factor(text) for text in ("1,7", "1.70", "2", "0,05", "0", "101", "1.234", "x", "")] == [
        170, 170, 200, 5, None, None, None, None, None,
    ]  # fmt: skip
    assert people_of(3, 150) == 5, "half up"


def test_hours_stand_in_the_order_of_the_fair_day() -> None:
    assert hours_of_day(8 * 60, 10 * 60, 240, []) == [8, 9]
    assert hours_of_day(20 * 60, 25 * 60, 240, [3, 7]) == [7, 20, 21, 22, 23, 0, 3]
    assert hour_order(4, 240) == 0
    assert hour_order(3, 240) == 23
    assert end_of_hour(10, 240) == 419
    assert end_of_hour(3, 240) == 1439
