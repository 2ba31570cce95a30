"""What may stand where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.floorplan.rules import PlanSize, Spot, gap, overlap, overlapping, pulled_inside, size_fits

SIZE = PlanSize(500, 400)
SPOTS = st.builds(
    Spot, st.integers(-2_000, 2_000), st.integers(-2_000, 2_000), st.integers(1, 2_000), st.integers(1, 2_000)
)


@pytest.mark.parametrize(
    ("spot", "inside"),
    [
        (Spot(0, 0, 500, 400), Spot(0, 0, 500, 400)),
        (Spot(470, 370, 30, 30), Spot(470, 370, 30, 30)),
        (Spot(471, 371, 30, 30), Spot(470, 370, 30, 30)),
        (Spot(-1, -1, 30, 30), Spot(0, 0, 30, 30)),
        (Spot(0, 0, 501, 900), Spot(0, 0, 500, 400)),
        (Spot(10, 10, 1, 2), Spot(10, 10, 5, 5)),
    ],
)
def test_a_spot_beyond_the_edge_is_pulled_inside(spot: Spot, inside: Spot) -> None:
    assert pulled_inside(spot, SIZE) == inside


@given(SPOTS)
def test_pulled_inside_lies_inside_and_stays(spot: Spot) -> None:
    inside = pulled_inside(spot, SIZE)
    assert inside.x >= 0
    assert inside.y >= 0
    assert inside.right <= SIZE.width
    assert inside.bottom <= SIZE.height
    assert pulled_inside(inside, SIZE) == inside


def test_wall_to_wall_is_no_overlap_and_a_decimetre_is_one() -> None:
    one = Spot(100, 100, 30, 30)
    for beside in (Spot(130, 100, 30, 30), Spot(70, 100, 30, 30), Spot(100, 130, 30, 30), Spot(130, 130, 30, 30)):
        assert not overlap(one, beside)
    for over in (Spot(129, 129, 30, 30), Spot(110, 110, 5, 5), Spot(100, 100, 30, 30), Spot(0, 0, 500, 400)):
        assert overlap(one, over)
        assert overlap(over, one)


@given(SPOTS, SPOTS)
def test_spots_overlap_when_they_share_a_square(one: Spot, other: Spot) -> None:
    columns = set(range(one.x, one.right)) & set(range(other.x, other.right))
    rows = set(range(one.y, one.bottom)) & set(range(other.y, other.bottom))
    assert overlap(one, other) == bool(columns and rows)


def test_each_overlapping_pair_is_named_once() -> None:
    spots = {"A": Spot(0, 0, 30, 30), "B": Spot(20, 0, 30, 30), "C": Spot(40, 0, 30, 30), "D": Spot(200, 0, 30, 30)}
    assert overlapping(spots) == [("A", "B"), ("B", "C")]


@pytest.mark.parametrize(
    ("size", "fits"),
    [
        (PlanSize(), True),
        (PlanSize(100, 10_000), True),
        (PlanSize(99, 500), False),
        (PlanSize(500, 10_001), False),
    ],
)
def test_a_plan_has_ten_to_a_thousand_metres(size: PlanSize, fits: bool) -> None:
    assert size_fits(size) is fits


@given(SPOTS, SPOTS)
def test_the_gap_is_none_exactly_where_spots_touch_or_overlap(one: Spot, other: Spot) -> None:
    wider = Spot(one.x - 1, one.y - 1, one.width + 2, one.height + 2)
    assert gap(one, other) == gap(other, one)
    assert (gap(one, other) == 0) == overlap(wider, other)


def test_the_gap_is_the_longer_way() -> None:
    assert gap(Spot(0, 0, 30, 30), Spot(40, 90, 30, 30)) == 60
    assert gap(Spot(0, 0, 30, 30), Spot(50, 10, 30, 30)) == 20
