"""What of a plan is drawn."""

from __future__ import annotations

from fair_pos.floorplan.drawing import (
    NAME_DM,
    Ground,
    ZoneName,
    corners,
    letter_size,
    shared_ground,
    tints_of,
    zone_names,
)
from fair_pos.floorplan.rules import Spot


def test_zones_have_tints_in_their_order_and_the_seventh_begins_again() -> None:
    assert tints_of(["B", "A", "B", "", "C", "D", "E", "F"]) == {
        "B": 1, "A": 2, "": 3, "C": 4, "D": 5, "E": 6, "F": 1,
    }  # fmt: skip


def test_a_zone_is_named_above_its_first_booth() -> None:
    spots = {"a": Spot(50, 90, 30, 30), "b": Spot(20, 90, 30, 30), "c": Spot(0, 150, 30, 30), "d": Spot(9, 9, 5, 5)}
    assert zone_names({"a": "Tây Bắc", "b": "Tây Bắc", "c": "Tây Bắc", "d": ""}, spots) == [ZoneName("Tây Bắc", 20, 90)]


def test_each_place_of_a_zone_is_named_and_no_name_is_above_the_edge() -> None:
    spots = {
        "a": Spot(20, 10, 30, 30),
        "b": Spot(50, 10, 30, 30),
        "c": Spot(20, 90, 30, 30),
        "d": Spot(129, 40, 30, 30),
    }
    zones = dict.fromkeys(spots, "Khu A")
    assert corners(zones, spots) == [ZoneName("Khu A", 20, 10), ZoneName("Khu A", 20, 90)]
    assert zone_names(zones, spots) == [ZoneName("Khu A", 20, NAME_DM), ZoneName("Khu A", 20, 90)]


def test_the_ground_that_two_booths_share_is_hatched() -> None:
    spots = {"a": Spot(0, 0, 30, 30), "b": Spot(20, 10, 30, 10), "c": Spot(60, 0, 30, 30)}
    assert shared_ground(spots) == [Spot(20, 10, 10, 10)]


def test_letters_stay_inside_their_booth() -> None:
    assert letter_size("A12", Spot(0, 0, 30, 30)) == 12
    assert letter_size("KHU-B/112", Spot(0, 0, 30, 30)) == 4
    assert letter_size("A1", Spot(0, 0, 30, 10)) == 4
    assert letter_size("X" * 20, Spot(0, 0, 5, 5)) == 3


def test_a_booth_is_drawn_with_its_zone() -> None:
    assert vars(Ground("1", "A01", "Gian 1", "Tây Bắc")) == {
        "id": "1",
        "code": "A01",
        "name": "Gian 1",
        "zone": "Tây Bắc",
    }
