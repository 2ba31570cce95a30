"""What may stand where on a plan. Lengths are whole decimetres from its top left corner; the grid is half a metre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

GRID_DM = 5
BOOTH_DM = 30
"""A booth of three metres by three, the usual size of a stand at a fair."""
LEAST_SIDE_DM, MOST_SIDE_DM = GRID_DM, 1_000
LEAST_PLAN_DM, MOST_PLAN_DM = 100, 10_000


@dataclass(frozen=True)
class Spot:
    """The rectangle of a booth."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first decimetre to the right of it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first decimetre below it."""
        return self.y + self.height


@dataclass(frozen=True)
class PlanSize:
    """How wide and how high a plan is."""

    width: int = 800
    height: int = 600


def size_fits(size: PlanSize) -> bool:
    """Whether a plan has between ten and a thousand metres on each side."""
    return all(LEAST_PLAN_DM <= side <= MOST_PLAN_DM for side in (size.width, size.height))


def pulled_inside(spot: Spot, size: PlanSize) -> Spot:
    """The same spot where it lies on the plan, else pushed in over the nearest edge; what is larger than the plan is cut to it."""
    width = min(max(spot.width, LEAST_SIDE_DM), MOST_SIDE_DM, size.width)
    height = min(max(spot.height, LEAST_SIDE_DM), MOST_SIDE_DM, size.height)
    x = min(max(spot.x, 0), size.width - width)
    y = min(max(spot.y, 0), size.height - height)
    return Spot(x, y, width, height)


def overlap(one: Spot, other: Spot) -> bool:
    """Whether two spots share some ground. Booths that stand wall to wall do not."""
    beside = one.right <= other.x or other.right <= one.x
    above = one.bottom <= other.y or other.bottom <= one.y
    return not beside and not above


def gap(one: Spot, other: Spot) -> int:
    """How wide the ground between two spots is, the longer way of across and down; 0 where they touch or overlap."""
    across = max(one.x - other.right, other.x - one.right, 0)
    down = max(one.y - other.bottom, other.y - one.bottom, 0)
    return max(across, down)


def overlapping(spots: Mapping[str, Spot]) -> list[tuple[str, str]]:
    """The pairs of booths that share ground, each once, in the order of `spots`."""
    order = list(spots)
    return [
        (order[index], other)
        for index in range(len(order))
        for other in order[index + 1 :]
        if overlap(spots[order[index]], spots[other])
    ]
