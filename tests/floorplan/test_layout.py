"""Booths laid out by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.floorplan.drawing import NAME_DM, zone_names
from fair_pos.floorplan.layout import AISLE_DM, HEAD_DM, LETTER_DM, MARGIN_DM, ZONE_GAP_DM, laid_out
from fair_pos.floorplan.rules import PlanSize, Spot, gap, overlap, overlapping, pulled_inside


def zones(*counts: int) -> dict[str, str]:
    return {f"{zone}{number:03}": zone for zone, count in zip("ABCDE", counts, strict=False) for number in range(count)}


def strips_of(zone_of: Mapping[str, str], spots: Mapping[str, Spot]) -> list[Spot]:
    """The ground on which the names of the zones are drawn."""
    return [Spot(one.x, one.y - NAME_DM, len(one.name) * LETTER_DM, NAME_DM - 5) for one in zone_names(zone_of, spots)]


@pytest.mark.parametrize(
    "counts", [(45, 45, 45, 45, 44), (50, 60, 40, 40, 27), (217,), (130, 2, 2, 40, 43), (9, 9, 9, 9, 9)]
)
def test_a_fair_from_scratch_fills_a_screen(counts: tuple[int, ...]) -> None:
    booths = zones(*counts)
    spots, size = laid_out(booths, {}, PlanSize(390, 1205), fit=True)
    assert spots.keys() == booths.keys()
    assert overlapping(spots) == []
    assert all(spot == pulled_inside(spot, size) for spot in spots.values())
    assert all(side % 5 == 0 for spot in spots.values() for side in vars(spot).values())
    assert size.height * 12 < size.width * 10 < size.height * 23
    assert size.width == max(spot.right for spot in spots.values()) + MARGIN_DM
    assert size.height == max(spot.bottom for spot in spots.values()) + MARGIN_DM
    # Each zone one place with its name, rows back to back with an aisle after each pair.
    assert sorted(one.name for one in zone_names(booths, spots)) == list("ABCDE"[: len(counts)])
    rows = sorted({spot.y for one, spot in spots.items() if booths[one] == "A"})
    assert [later - row for row, later in pairwise(rows)] == [30, 60] * ((len(rows) - 1) // 2) + [30] * (len(rows) % 2 == 0)  # fmt: skip


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


def test_a_new_booth_stands_neither_in_an_aisle_nor_on_a_name() -> None:
    # The row of A has room for one booth, then an aisle to B begins; above B stands its name; C has the aisle of its two rows.
    there = {
        "A000": Spot(20, 100, 30, 30), "B000": Spot(110, 100, 30, 30),
        "C000": Spot(20, 300, 30, 30), "C001": Spot(20, 330, 30, 30), "C002": Spot(20, 390, 30, 30),
    }  # fmt: skip
    booths = {one: one[0] for one in (*there, "A001", "A002", "B001", "C003", "C004", "C005", "C006")}
    spots, size = laid_out(booths, there, PlanSize(160, 600))
    assert spots["A001"] == Spot(50, 100, 30, 30)
    assert spots["C003"] == Spot(50, 390, 30, 30)
    assert spots["C004"] == Spot(80, 390, 30, 30)
    new = {one: spots[one] for one in booths if one not in there}
    assert all(gap(new[one], there["B000"]) >= AISLE_DM for one in ("A001", "A002"))
    below = max(spot.bottom for spot in there.values())
    assert spots["A002"].y >= below + AISLE_DM + NAME_DM
    assert spots["B001"].y == spots["A002"].y
    assert sorted(one.name for one in zone_names(booths, spots)) == ["A", "A", "B", "B", "C"]
    assert size.height >= spots["A002"].bottom


def test_names_stay_where_new_booths_go_on_with_a_row_below_them() -> None:
    # Left of A is room, but its name would then stand on B, which is right above.
    there = {"B000": Spot(20, 100, 30, 30), "A000": Spot(50, 160, 30, 30), "D000": Spot(110, 160, 30, 30)}
    booths = {one: one[0] for one in (*there, "A001")}
    spots, _size = laid_out(booths, there, PlanSize(160, 600))
    assert not any(overlap(strip, spot) for strip in strips_of(booths, spots) for spot in spots.values())
    assert gap(spots["A001"], there["B000"]) >= AISLE_DM


def test_many_more_booths_on_a_plan_that_fits_go_below_it_zone_by_zone() -> None:
    first = zones(8, 3, 4, 5)
    there, size = laid_out(first, {}, PlanSize(), fit=True)
    booths = first | zones(60, 40, 50, 46, 20)
    spots, _grown = laid_out(booths, there, size)
    assert {one: spots[one] for one in there} == there
    assert overlapping(spots) == []
    assert not any(overlap(strip, spot) for strip in strips_of(booths, spots) for spot in spots.values())
    for new in booths.keys() - there.keys():
        others = [there[one] for one in there if booths[one] != booths[new]]
        assert all(gap(spots[new], other) >= AISLE_DM for other in others)


def test_a_plan_without_room_grows_so_that_it_fills_a_screen() -> None:
    there = {"A000": Spot(0, 90, 300, 10)}
    spots, size = laid_out({"A000": "A", **zones(0, 200)}, there, PlanSize(300, 100))
    assert spots["A000"] == there["A000"]
    assert overlapping(spots) == []
    assert size.height == max(spot.bottom for spot in spots.values()) + MARGIN_DM
    assert size.height < size.width < 3 * size.height


def test_a_plan_with_room_below_stays_as_large_as_it_is() -> None:
    _spots, size = laid_out(zones(20, 20), {}, PlanSize(800, 600))
    assert size == PlanSize(800, 600)


def test_groups_of_a_row_are_alike_and_the_edge_stays_free() -> None:
    spots, _size = laid_out(zones(18), {}, PlanSize(360, 400))
    ways = [later - one for one, later in pairwise(sorted({spot.x for spot in spots.values()})) if later - one != 30]
    assert ways == [50]
    assert (
        len({spot.x for spot in spots.values() if spot.x < 190}) == 5
    )  # nine in a row: five and four, not eight and one
    there = {"A000": Spot(20, 100, 30, 30)}
    spots, _size = laid_out(zones(4), there, PlanSize(120, 400))
    assert (spots["A001"].x, spots["A002"].y) == (50, 100 + 30 + ZONE_GAP_DM)


def test_nothing_to_place_is_no_change() -> None:
    assert laid_out({}, {}, PlanSize(), fit=True) == ({}, PlanSize())


@given(st.lists(st.integers(0, 60), min_size=1, max_size=5), st.integers(100, 1200), st.integers(0, 40))
def test_however_many_nothing_touches_and_all_stand_inside(counts: list[int], width: int, there: int) -> None:
    booths = zones(*counts)
    before, _ = laid_out(dict(list(booths.items())[:there]), {}, PlanSize(width, 400))
    spots, size = laid_out(booths, before, PlanSize(width, 400))
    assert {one: spots[one] for one in before} == before
    assert not any(overlap(strip, spot) for strip in strips_of(booths, spots) for spot in spots.values())
    assert all(one.y >= NAME_DM for one in zone_names(booths, spots))
    for new, spot in spots.items():
        if new not in before:
            assert all(gap(spot, spots[one]) >= AISLE_DM for one in booths if booths[one] != booths[new])
    assert spots.keys() == booths.keys()
    assert overlapping(spots) == []
    assert all(spot == pulled_inside(spot, size) for spot in spots.values())
