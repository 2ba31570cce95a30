"""Laying out booths by themselves: zone by zone, in double rows with aisles between them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fair_pos.floorplan.rules import BOOTH_DM, LEAST_PLAN_DM, MOST_PLAN_DM, PlanSize, Spot, overlap, pulled_inside

MARGIN_DM = 20
AISLE_DM = 30
ZONE_GAP_DM = 55
"""From one zone to the next: an aisle, and room for the name of the zone."""
HEAD_DM = 35
"""Above the first zone, for its name."""
GROUP, GROUP_GAP_DM = 8, 20
"""After so many booths side by side there is a way through."""
ONE_ROW = 8
"""A zone of at most so many booths stands in one row."""
LETTER_DM = 10
"""How wide a letter of a zone's name is at most."""
SCREEN, SHELF_STEP_DM = (16, 9), 50


def laid_out(
    zones: Mapping[str, str], spots: Mapping[str, Spot], size: PlanSize, *, fit: bool = False
) -> tuple[dict[str, Spot], PlanSize]:
    """(every booth's spot, size of the plan): those in `spots` stay, the others are put where they touch nothing.

    `zones` names the zone of every booth, in the order in which they shall stand. A booth whose zone is on the plan already goes
    beside one of it when there is room; the rest stands in rows below everything else, small zones side by side. The plan grows downwards when it must, and
    with `fit` becomes as large as what stands on it.
    """
    placed = dict(spots)
    waiting: dict[str, list[str]] = {}
    for booth_id, zone in zones.items():
        if booth_id in placed:
            continue
        beside = _beside(placed, [one for one in placed if zones.get(one) == zone], size)
        if beside is None:
            waiting.setdefault(zone, []).append(booth_id)
        else:
            placed[booth_id] = beside
    top = max((spot.bottom + ZONE_GAP_DM for spot in placed.values()), default=HEAD_DM)
    blocks = {zone: _block(booth_ids, size.width) for zone, booth_ids in waiting.items()}
    # A narrower shelf makes a taller plan; of a plan that may have any size the one is taken that fills a screen best.
    shelves = [size.width, *(range(LEAST_PLAN_DM, size.width, SHELF_STEP_DM) if fit else ())]
    tries = [placed | _on_shelves(blocks, top, shelf) for shelf in shelves]
    placed, size = min(
        ((one, _grown(one, size, fit=fit)) for one in tries),
        key=lambda made: abs(made[1].width * SCREEN[1] - made[1].height * SCREEN[0]),
    )
    return {one: pulled_inside(placed[one], size) for one in zones if one in placed}, size


def _on_shelves(blocks: Mapping[str, Mapping[str, Spot]], top: int, shelf: int) -> dict[str, Spot]:
    """The blocks of all zones side by side as far as `shelf` reaches, then below; each at least as wide as its name."""
    placed: dict[str, Spot] = {}
    left, below = MARGIN_DM, top
    for zone, block in blocks.items():
        width = max(*(spot.right for spot in block.values()), len(zone) * LETTER_DM)
        if left > MARGIN_DM and left + width + MARGIN_DM > shelf:
            left, top = MARGIN_DM, below
        placed |= {one: replace(spot, x=spot.x + left, y=spot.y + top) for one, spot in block.items()}
        below = max(below, top + max(spot.bottom for spot in block.values()) + ZONE_GAP_DM)
        left += width + AISLE_DM
    return placed


def _columns(width: int) -> int:
    """How many booths stand side by side on a plan of this width, ways through counted; at least one."""
    room, columns = width - 2 * MARGIN_DM, 1
    while _left_of(columns) + BOOTH_DM <= room:
        columns += 1
    return columns


def _left_of(column: int) -> int:
    """How far to the right the booth of this column begins, from the margin."""
    return column * BOOTH_DM + column // GROUP * GROUP_GAP_DM


def _block(booth_ids: Sequence[str], width: int) -> dict[str, Spot]:
    """The booths of a zone from its own corner on: rows back to back, an aisle after each pair, all rows equally long."""
    most, count = _columns(width), len(booth_ids)
    rows = 1 if count <= min(ONE_ROW, most) else 2 * -(-count // (2 * most))
    columns = -(-count // rows)
    found = {}
    for index, booth_id in enumerate(booth_ids):
        row, column = divmod(index, columns)
        found[booth_id] = Spot(_left_of(column), row * BOOTH_DM + row // 2 * AISLE_DM, BOOTH_DM, BOOTH_DM)
    return found


def _beside(placed: Mapping[str, Spot], of_zone: Sequence[str], size: PlanSize) -> Spot | None:
    """A free spot wall to wall with a booth of the zone, the newest first, inside the plan; as large as that booth."""
    for booth_id in reversed(of_zone):
        one = placed[booth_id]
        for x, y in ((one.right, one.y), (one.x - one.width, one.y), (one.x, one.bottom), (one.x, one.y - one.height)):
            spot = Spot(x, y, one.width, one.height)
            if spot == pulled_inside(spot, size) and not any(overlap(spot, other) for other in placed.values()):
                return spot
    return None


def _grown(placed: Mapping[str, Spot], size: PlanSize, *, fit: bool) -> PlanSize:
    if not placed:
        return size
    width = max(spot.right for spot in placed.values()) + MARGIN_DM
    height = max(spot.bottom for spot in placed.values()) + MARGIN_DM
    if not fit:
        width, height = size.width, max(size.height, height)
    return PlanSize(*(min(max(side, LEAST_PLAN_DM), MOST_PLAN_DM) for side in (width, height)))
