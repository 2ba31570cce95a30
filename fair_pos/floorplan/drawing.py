"""What of a plan is drawn: each booth with its tint, the names of the zones, the ground that two booths share. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fair_pos.floorplan.rules import Spot, overlapping

TINTS = 6
"""How many tints tokens.css has; the seventh zone has that of the first."""


@dataclass(frozen=True)
class Ground:
    """A booth as the drawing needs it."""

    id: str
    code: str
    name: str
    zone: str


@dataclass(frozen=True)
class ZoneName:
    """A zone's name, above the booth that stands furthest up and left in it."""

    name: str
    x: int
    y: int


def tints_of(zones: Iterable[str]) -> dict[str, int]:
    """Zone → the number of its tint, from 1, in the order in which the zones come."""
    return {zone: index % TINTS + 1 for index, zone in enumerate(dict.fromkeys(zones))}


def zone_names(zones: Mapping[str, str], spots: Mapping[str, Spot]) -> list[ZoneName]:
    """Where the zones' names stand; `zones` is booth id → zone. A booth in no zone has no name above it."""
    corners: dict[str, tuple[int, int]] = {}
    for booth_id, spot in spots.items():
        if zone := zones.get(booth_id, ""):
            corners[zone] = min(corners.get(zone, (spot.y, spot.x)), (spot.y, spot.x))
    return [ZoneName(zone, x, y) for zone, (y, x) in corners.items()]


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
