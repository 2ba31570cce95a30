"""What of a plan is drawn: each booth with its tint, the names of the zones, the ground that two booths share. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fair_pos.floorplan.rules import Spot, gap, overlapping

TINTS = 6
"""How many tints tokens.css has; the seventh zone has that of the first."""
NAME_DM = 25
"""How much room above a booth the name of its zone needs (templates: 14 high, 7 above the booth)."""
APART_DM = 50
"""Booths of a zone with so much ground between them stand in two places: more than an aisle, with room for a name."""


@dataclass(frozen=True)
class Ground:
    """A booth as the drawing needs it."""

    id: str
    code: str
    name: str
    zone: str


@dataclass(frozen=True)
class ZoneName:
    """A zone's name, above the booth that stands furthest up and left in it, or in a part of it that stands apart; `y` is the booth's edge."""

    name: str
    x: int
    y: int


def tints_of(zones: Iterable[str]) -> dict[str, int]:
    """Zone → the number of its tint, from 1, in the order in which the zones come."""
    return {zone: index % TINTS + 1 for index, zone in enumerate(dict.fromkeys(zones))}


def zone_names(zones: Mapping[str, str], spots: Mapping[str, Spot]) -> list[ZoneName]:
    """Where the zones' names stand; `zones` is booth id → zone. A booth in no zone has no name above it.

    Of a zone whose booths stand in several places each place is named. At the plan's upper edge a name goes over its booths: above
    the edge nobody would see it.
    """
    return [ZoneName(one.name, one.x, max(one.y, NAME_DM)) for one in corners(zones, spots)]


def corners(zones: Mapping[str, str], spots: Mapping[str, Spot]) -> list[ZoneName]:
    """The upper left corners of the places at which each zone stands, wherever on the plan."""
    of_zone: dict[str, list[Spot]] = {}
    for booth_id, spot in spots.items():
        if zone := zones.get(booth_id, ""):
            of_zone.setdefault(zone, []).append(spot)
    found = []
    for zone, some in of_zone.items():
        starts = [min((spot.y, spot.x) for spot in place) for place in _places(some)]
        found += [ZoneName(zone, x, y) for y, x in sorted(starts)]
    return found


def _places(spots: Iterable[Spot]) -> list[list[Spot]]:
    """The spots in groups: nearer than APART_DM to another of the group, over however many steps."""
    order = sorted(spots, key=lambda spot: spot.y)
    leader = list(range(len(order)))

    def leader_of(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    tallest = max((spot.height for spot in order), default=0)
    for index, one in enumerate(order):
        for back in range(index - 1, -1, -1):
            if order[back].y + tallest + APART_DM <= one.y:
                break
            if gap(one, order[back]) < APART_DM:
                leader[leader_of(index)] = leader_of(back)
    found: dict[int, list[Spot]] = {}
    for index, one in enumerate(order):
        found.setdefault(leader_of(index), []).append(one)
    return list(found.values())


def shared_ground(spots: Mapping[str, Spot]) -> list[Spot]:
    """The rectangle that each overlapping pair shares, for hatching it."""
    found = []
    for one, other in ((spots[one], spots[other]) for one, other in overlapping(spots)):
        x, y = max(one.x, other.x), max(one.y, other.y)
        found.append(Spot(x, y, min(one.right, other.right) - x, min(one.bottom, other.bottom) - y))
    return found


def letter_size(code: str, spot: Spot, *, share: int = 42) -> int:
    """How high the letters of a booth's code are, in decimetres: at most `share` hundredths of its depth, and the word inside its width."""
    return max(3, min(spot.height * share // 100, spot.width * 13 // (10 * max(len(code), 2)), 12))
