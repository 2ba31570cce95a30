"""Booths laid out by themselves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fair_pos.floorplan.layout import HEAD_DM, MARGIN_DM, laid_out
from fair_pos.floorplan.rules import PlanSize, Spot, overlapping, pulled_inside


def zones(*counts: int) -> dict[str, str]:
    return {f"{zone}{number:03}": zone for zone, count in zip("ABCDE", counts, strict=False) for number in range(count)}


def test_224_booths_in_five_zones_stand_in_rows_and_touch_nothing() -> None:
    booths = zones(45, 45, 45, 45, 44)
    spots, size = laid_out(booths, {}, PlanSize(), fit=True)
    assert spots.keys() == booths.keys()
    assert overlapping(spots) == []
    assert all(spot == pulled_inside(spot, size) for spot in spots.values())
    assert all(side % 5 == 0 for spot in spots.values() for side in vars(spot).values())
    # Each zone two rows back to back, zone below zone, the plan no larger than what stands on it.
    tops = {zone: sorted({spot.y for one, spot in spots.items() if booths[one] == zone}) for zone in "ABCDE"}
    assert tops["A"] == [HEAD_DM, HEAD_DM + 30]
    assert all(len(rows) == 2 for rows in tops.values())
    assert sorted(tops.values()) == list(tops.values())
    assert size == PlanSize(770, tops["E"][1] + 30 + MARGIN_DM)


def test_a_small_zone_stands_in_one_row() -> None:
    spots, _size = laid_out(zones(8), {}, PlanSize())
    assert {spot.y for spot in spots.values()} == {HEAD_DM}
    assert spots["A000"].x == MARGIN_DM


def test_small_zones_stand_side_by_side_with_room_for_their_names_so_that_the_plan_fills_a_screen() -> None:
    names = {"A": "Khu A", "B": "Khu B · Các tỉnh miền núi phía Bắc", "C": "Khu C", "D": "Khu D"}
    booths = {one: names[zone] for one, zone in zones(8, 3, 4, 3).items()}
    spots, size = laid_out(booths, {}, PlanSize(), fit=True)
    assert overlapping(spots) == []
    assert 4 * size.height > size.width > size.height
    b = [spots[f"B00{number}"] for number in range(3)]
    for one in (spot for booth, spot in spots.items() if booth[0] in "CD" and spot.y == b[0].y):
        assert one.x >= b[0].x + 10 * len(names["B"]) or one.right <= b[0].x


def test_what_stands_stays_and_a_new_booth_goes_beside_its_zone() -> None:
    there = {"A000": Spot(400, 300, 40, 20), "B000": Spot(440, 300, 30, 30)}
    spots, size = laid_out({"A000": "A", "A001": "A", "B000": "B"}, there, PlanSize())
    assert {one: spots[one] for one in there} == there
    assert spots["A001"] == Spot(360, 300, 40, 20)  # to the right stands another
    assert size == PlanSize()


def test_a_plan_without_room_grows_downwards() -> None:
    there = {"A000": Spot(0, 90, 300, 10)}
    spots, size = laid_out({"A000": "A", **zones(0, 50)}, there, PlanSize(300, 100))
    assert overlapping(spots) == []
    assert size.width == 300
    assert size.height == max(spot.bottom for spot in spots.values()) + MARGIN_DM


def test_nothing_to_place_is_no_change() -> None:
    assert laid_out({}, {}, PlanSize(), fit=True) == ({}, PlanSize())


@given(st.lists(st.integers(0, 60), min_size=1, max_size=5), st.integers(100, 1200), st.integers(0, 40))
def test_however_many_nothing_touches_and_all_stand_inside(counts: list[int], width: int, there: int) -> None:
    booths = zones(*counts)
    before, _ = laid_out(dict(list(booths.items())[:there]), {}, PlanSize(width, 400))
    spots, size = laid_out(booths, before, PlanSize(width, 400))
    assert spots.keys() == booths.keys()
    assert overlapping(spots) == []
    assert all(spot == pulled_inside(spot, size) for spot in spots.values())
