"""Laying out booths by themselves: zone by zone, in double rows with aisles between them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isqrt

from fair_pos.floorplan.drawing import NAME_DM, ZoneName, corners
from fair_pos.floorplan.rules import BOOTH_DM, LEAST_PLAN_DM, MOST_PLAN_DM, PlanSize, Spot, gap, overlap, pulled_inside

MARGIN_DM = 20
AISLE_DM = 30
ZONE_GAP_DM = 55
"""From one zone to the next: an aisle, and room for the name of the zone."""
HEAD_DM = 35
"""Above the first zone, for its name."""
GROUP, GROUP_GAP_DM = 8, 20
"""After so many booths side by side at most there is a way through."""
ONE_ROW = 8
"""A zone of at most so many booths stands in one row."""
LETTER_DM = 10
"""How wide a letter of a zone's name is at most."""
SCREEN, STEP_DM = (16, 9), 50


@dataclass(frozen=True)
class Block:
    """The booths of a zone from its own corner on, and how much ground they and the zone's name take."""

    spots: Mapping[str, Spot]
    width: int
    height: int


def laid_out(
    zones: Mapping[str, str], spots: Mapping[str, Spot], size: PlanSize, *, fit: bool = False
) -> tuple[dict[str, Spot], PlanSize]:
    """(every booth's spot, size of the plan): those in `spots` stay, the others are put where they touch nothing.

    `zones` names the zone of every booth, in the order in which they shall stand. A booth whose zone is on the plan already goes on
    with a row of it, as far as neither an aisle nor the name of a zone is in the way; the rest stands in blocks below everything
    else, small zones side by side. The plan grows when it must, down and to the right so that it fills a screen best; with `fit` it
    becomes as large as what stands on it.
    """
    placed, full = dict(spots), set()
    waiting: dict[str, list[str]] = {}
    for booth_id, zone in zones.items():
        if booth_id in placed:
            continue
        beside = None if zone in full else _beside(booth_id, placed, zones, size)
        if beside is None:
            full.add(zone)  # more booths leave less room, so that nobody has to look again
            waiting.setdefault(zone, []).append(booth_id)
        else:
            placed[booth_id] = beside
    top = max((spot.bottom + ZONE_GAP_DM for spot in placed.values()), default=HEAD_DM)
    blocks, shelf = _best_for_a_screen(waiting, size, top, fit=fit)
    for corner, block in zip(_on_shelves(blocks, top, shelf), blocks, strict=True):
        placed |= {one: replace(spot, x=spot.x + corner[0], y=spot.y + corner[1]) for one, spot in block.spots.items()}
    size = _grown(placed, size, fit=fit)
    return {one: pulled_inside(placed[one], size) for one in zones if one in placed}, size


def _best_for_a_screen(
    waiting: Mapping[str, Sequence[str]], size: PlanSize, top: int, *, fit: bool
) -> tuple[list[Block], int]:
    """(blocks, shelf) with which the plan is drawn largest on a screen, of blocks and shelves as narrow and as wide as may be.

    Those as wide as the plan are kept when none is better. What stands on the plan already reaches down to `top`.
    """
    least = (0, 0) if fit else (size.width, size.height)
    booths = sum(len(some) for some in waiting.values())
    # Twice as wide as a screen would be with a plan that is half booths, half ways.
    widest = max(size.width, 2 * isqrt((booths * 2 * BOOTH_DM * BOOTH_DM + size.width * top) * SCREEN[0] // SCREEN[1]))
    widths = range(LEAST_PLAN_DM, min(widest, MOST_PLAN_DM) + 1, STEP_DM)
    best = (_blocks(waiting, size.width), size.width)
    smallest = _drawn_size(*best, top, least)
    for across in widths:
        some = _blocks(waiting, across)
        for shelf in widths:
            if shelf >= across and (drawn := _drawn_size(some, shelf, top, least)) < smallest:
                best, smallest = (some, shelf), drawn
    return best


def _drawn_size(blocks: Sequence[Block], shelf: int, top: int, least: tuple[int, int]) -> tuple[int, int]:
    """How large a screen must be to hold the plan, which is `least` at least, then its ground: less is drawn larger."""
    places = list(zip(_on_shelves(blocks, top, shelf), blocks, strict=True))
    width = max([least[0], *(left + block.width + MARGIN_DM for (left, _), block in places)])
    height = max([least[1], *(down + block.height + MARGIN_DM for (_, down), block in places)])
    return max(width * SCREEN[1], height * SCREEN[0]), width * height


def _on_shelves(blocks: Sequence[Block], top: int, shelf: int) -> list[tuple[int, int]]:
    """The corner (x, y) of each block: side by side as far as `shelf` reaches, then below."""
    found, left, below = [], MARGIN_DM, top
    for block in blocks:
        if left > MARGIN_DM and left + block.width + MARGIN_DM > shelf:
            left, top = MARGIN_DM, below
        found.append((left, top))
        below = max(below, top + block.height + ZONE_GAP_DM)
        left += block.width + AISLE_DM
    return found


def _blocks(waiting: Mapping[str, Sequence[str]], width: int) -> list[Block]:
    """Each zone's booths on ground of this width; a block is at least as wide as its name."""
    found = []
    for zone, booth_ids in waiting.items():
        spots = _block(booth_ids, width)
        across = max(*(spot.right for spot in spots.values()), len(zone) * LETTER_DM)
        found.append(Block(spots, across, max(spot.bottom for spot in spots.values())))
    return found


def _columns(width: int) -> int:
    """How many booths stand side by side on a plan of this width, ways through counted; at least one."""
    room, columns = width - 2 * MARGIN_DM, 1
    while _left_of(columns, columns + 1) + BOOTH_DM <= room:
        columns += 1
    return columns


def _left_of(column: int, columns: int) -> int:
    """How far to the right the booth of this column begins, from the margin; the groups of a row are as long as one another."""
    groups = -(-columns // GROUP)
    return column * BOOTH_DM + column // -(-columns // groups) * GROUP_GAP_DM


def _block(booth_ids: Sequence[str], width: int) -> dict[str, Spot]:
    """The booths of a zone from its own corner on: rows back to back, an aisle after each pair, all rows equally long."""
    most, count = _columns(width), len(booth_ids)
    rows = 1 if count <= min(ONE_ROW, most) else 2 * -(-count // (2 * most))
    columns = -(-count // rows)
    found = {}
    for index, booth_id in enumerate(booth_ids):
        row, column = divmod(index, columns)
        found[booth_id] = Spot(_left_of(column, columns), row * BOOTH_DM + row // 2 * AISLE_DM, BOOTH_DM, BOOTH_DM)
    return found


def _beside(booth_id: str, placed: Mapping[str, Spot], zones: Mapping[str, str], size: PlanSize) -> Spot | None:
    """A spot that goes on with a row of the booth's zone, the newest first, wall to wall and as large; None where there is no room."""
    zone = zones[booth_id]
    of_zone = {one: spot for one, spot in placed.items() if zones.get(one) == zone}
    others = [spot for one, spot in placed.items() if one not in of_zone]
    names = [_strip(one) for one in corners(zones, placed)]
    for one in reversed(of_zone.values()):
        for x in (one.right, one.x - one.width):
            spot = Spot(x, one.y, one.width, one.height)
            if (
                MARGIN_DM <= spot.x <= spot.right <= size.width - MARGIN_DM
                and spot == pulled_inside(spot, size)
                and all(gap(spot, other) >= AISLE_DM for other in others)
                and all(_leaves_the_aisle(spot, other) for other in of_zone.values())
                and not any(overlap(spot, name) for name in names)
                and _name_has_room(booth_id, spot, zone, placed, of_zone)
            ):
                return spot
    return None


def _leaves_the_aisle(spot: Spot, other: Spot) -> bool:
    """Whether a spot stands wall to wall with a booth of its own zone, or an aisle away from it."""
    return not overlap(spot, other) and (gap(spot, other) == 0 or gap(spot, other) >= AISLE_DM)


def _name_has_room(
    booth_id: str, spot: Spot, zone: str, placed: Mapping[str, Spot], of_zone: Mapping[str, Spot]
) -> bool:
    """Whether the name of the zone, which stands above its first booth, covers no booth when this spot is the first."""
    before = set(corners(dict.fromkeys(of_zone, zone), of_zone))
    with_it = {**of_zone, booth_id: spot}
    moved = [_strip(one) for one in corners(dict.fromkeys(with_it, zone), with_it) if one not in before]
    return not any(overlap(strip, other) for strip in moved for other in placed.values())


def _strip(corner: ZoneName) -> Spot:
    """The ground above a zone on which its name is written."""
    return Spot(corner.x, corner.y - NAME_DM, len(corner.name) * LETTER_DM, NAME_DM)


def _grown(placed: Mapping[str, Spot], size: PlanSize, *, fit: bool) -> PlanSize:
    if not placed:
        return size
    width = max(spot.right for spot in placed.values()) + MARGIN_DM
    height = max(spot.bottom for spot in placed.values()) + MARGIN_DM
    if not fit:
        width, height = max(size.width, width), max(size.height, height)
    return PlanSize(*(min(max(side, LEAST_PLAN_DM), MOST_PLAN_DM) for side in (width, height)))
