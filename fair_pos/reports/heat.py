"""The heat map of a plan for paper and documents: one hue, the number in every cell, a pattern where nothing is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from fair_pos.reports.canvas import INK, PALE, SOFT, Form, rendered

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHADES = ("#ffffff", "#dcebe2", "#b3d6c2", "#7fb899", "#2f7d56", "#0b5d3b")
"""From nothing to the most; each darker than the one before, so that a copy in grey says the same. Letters on the last two are white."""
_WHITE_FROM = 4
_NO_DATA_HATCH = "////"
_WIDTH = 1100
_PAPER_WIDTH = 648
"""165 mm, the text of an A4 page: a point drawn is a point on paper."""
_LEAST_POINTS = 8
"""On paper: a number that would be smaller is left out. It stands in the table, and the shade says nearly as much."""
_MOST_HEIGHT = 1500


@dataclass(frozen=True)
class HeatCell:
    """A booth: its rectangle in decimetres from the top left, its code, the number in it, and its shade (None: no data)."""

    x: int
    y: int
    width: int
    height: int
    code: str
    text: str
    level: int | None


@dataclass(frozen=True)
class ZoneLabel:
    """The name of a zone, where it stands."""

    name: str
    x: int
    y: int


@dataclass(frozen=True)
class HeatWords:
    """What is written around the map, in the reader's language."""

    title: str
    """What the numbers are, with their unit."""
    no_data: str
    nothing: str
    """Stands alone when no booth is on the plan."""


@lru_cache(maxsize=32)
def heat_svg(
    cells: tuple[HeatCell, ...],
    words: HeatWords,
    size: tuple[int, int],
    zones: tuple[ZoneLabel, ...] = (),
    *,
    form: Form = "svg",
    paper: bool = False,
) -> bytes:
    """The map of a plan of `size` decimetres (wide, high), 1,100 pixels wide and as high as the plan asks. Kept by its content.

    `paper` draws it for the width of an A4 page, with no number that nobody could read there.
    """
    plan_width, plan_height = max(size[0], 1), max(size[1], 1)
    width, most = (_PAPER_WIDTH, _PAPER_WIDTH * 4 // 3) if paper else (_WIDTH, _MOST_HEIGHT)
    height = min(most, max(200, width * plan_height // plan_width + 40))
    # How many points of type a decimetre is; a plan higher than the page is drawn smaller as a whole.
    points = 72 / 100 * min(width / plan_width, (height - 40) / plan_height)
    least = _LEAST_POINTS if paper else 0
    return rendered(lambda axes: _draw(axes, cells, words, size, zones, points, least), width, height, form)


def _draw(
    axes: Axes, cells: Sequence[HeatCell], words: HeatWords, size: tuple[int, int], zones: Sequence[ZoneLabel], points: float, least: int
) -> None:  # fmt: skip
    from matplotlib.patches import Rectangle

    axes.set_xlim(0, size[0])
    axes.set_ylim(size[1], 0)
    axes.set_aspect("equal")
    axes.set_axis_off()
    if not cells:
        axes.text(size[0] // 2, size[1] // 2, words.nothing, ha="center", color=SOFT, fontsize=12)
        return
    for cell in cells:
        known = cell.level is not None
        fill = SHADES[cell.level] if cell.level is not None else "#ffffff"
        axes.add_patch(
            Rectangle(
                (cell.x, cell.y), cell.width, cell.height, facecolor=fill, edgecolor=SOFT if known else PALE,
                hatch=None if known else _NO_DATA_HATCH, linewidth=0,
            )
        )  # fmt: skip
        axes.add_patch(Rectangle((cell.x, cell.y), cell.width, cell.height, fill=False, edgecolor=SOFT, linewidth=0.6))
        _write(axes, cell, points, least)
    for zone in zones:
        axes.text(
            zone.x, zone.y - 5, zone.name, fontsize=max(least, min(14, 13 * points)), color=SOFT, fontweight="bold"
        )
    for text in axes.texts:
        text.set_in_layout(
            False
        )  # a long name of a zone at the edge is cut off there and does not make the map smaller
        text.set_clip_on(True)
    axes.set_title(words.title, loc="left", color=SHADES[-1], fontsize=11, fontweight="bold")
    if any(cell.level is None for cell in cells):
        axes.set_title(f"▨ {words.no_data}", loc="right", color=SOFT, fontsize=10)


def _write(axes: Axes, cell: HeatCell, points: float, least: int) -> None:
    """The code above, the number below it; in a small cell, or where the number would be smaller than `least` points, the code alone.

    Where not even the code fits at that size, nothing: a plan of two hundred booths on one page is looked at for its shades.
    """
    ink = "#ffffff" if cell.level is not None and cell.level >= _WHITE_FROM else INK
    middle = cell.x + cell.width / 2

    def fitting(text: str, most: int) -> float:
        return min(most, cell.width * 3 / (2 * max(len(text), 3))) * points

    behind = {"facecolor": "#ffffff", "edgecolor": "none", "pad": 0.6} if cell.level is None else None
    if is_small(cell.width, cell.height) or min(fitting(cell.code, 8), fitting(cell.text, 10)) < least:
        if cell.width * points * 2 < least * len(cell.code):
            return
        axes.text(
            middle, cell.y + cell.height / 2, cell.code, ha="center", va="center", color=ink,
            fontsize=max(least, fitting(cell.code, cell.height // 2)), bbox=behind,
        )  # fmt: skip
        return
    axes.text(
        middle, cell.y + cell.height * 0.3, cell.code, ha="center", va="center", color=ink,
        fontsize=fitting(cell.code, 8), bbox=behind,
    )  # fmt: skip
    axes.text(
        middle, cell.y + cell.height * 0.7, cell.text, ha="center", va="center", color=ink, fontweight="bold",
        fontsize=fitting(cell.text, 10), bbox=behind,
    )  # fmt: skip


SMALL_WIDTH, SMALL_HEIGHT = 25, 20


def is_small(width: int, height: int) -> bool:
    """Whether a booth of so many decimetres has room for its code only."""
    return width < SMALL_WIDTH or height < SMALL_HEIGHT
