"""Lines of several editions over their fair days: told apart by ink, dashes and marks, so that a black and white printer shows them too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from fair_pos.reports.canvas import BACK, BACK_WORDS, INK, KEPT, SOFT, Form, rendered
from fair_pos.reports.charts import short_dong

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LINES = 6


@dataclass(frozen=True)
class Curve:
    """An edition with its value on the first, second … day; None where nobody knows."""

    name: str
    values: tuple[int | None, ...]
    style: int = 0
    """Number of its line (styles_of): 0 is the bold one of the edition that is looked at."""


@dataclass(frozen=True)
class CurveWords:
    """What is written into the plot, in the reader's language. `day` holds «{}» for the number of a day."""

    title: str
    day: str
    nothing: str
    million: str = " tr"
    billion: str = " tỷ"


# That of the edition which is looked at first: ink of the line, ink of its name, dashes, mark, thickness.
_STYLES = (
    (KEPT, KEPT, "solid", "o", 2.6),
    (BACK, BACK_WORDS, (0, (6, 2)), "s", 2.0),
    (INK, INK, (0, (1.5, 1.5)), "^", 1.6),
    (SOFT, SOFT, (0, (6, 2, 1.5, 2)), "D", 1.4),
    (SOFT, SOFT, (0, (3, 1)), "v", 1.4),
    (SOFT, SOFT, (0, (1, 3)), "x", 1.4),
)


def styles_of(drawn: Sequence[str], series: Sequence[str], this: str) -> list[int]:
    """The line of each edition that is drawn: 0 for `this`, the others by their place in the series, so that ticking one moves none.

    Where the series is longer than there are lines, the older of two that would be alike takes the next free one.

    >>> styles_of(["2023", "2025", "2026"], ["2023", "2024", "2025", "2026"], "2025"), styles_of(["2023", "2025"], ["2023", "2024", "2025", "2026"], "2025")
    ([3, 0, 1], [3, 0])
    """
    others = [one for one in reversed(series) if one != this]
    found, free = {this: 0}, list(range(1, MOST_LINES))
    for one in (one for one in reversed(drawn) if one != this):
        wanted = others.index(one) % (MOST_LINES - 1) + 1
        found[one] = min(free, key=lambda style: (style - wanted) % (MOST_LINES - 1))
        free.remove(found[one])
    return [found[one] for one in drawn]


@lru_cache(maxsize=64)
def curves_svg(curves: tuple[Curve, ...], words: CurveWords, *, narrow: bool = False, form: Form = "svg") -> bytes:
    """The plot, drawn for 960 or, `narrow`, 380 pixels; at most MOST_LINES `curves`, oldest first."""
    width, height = (380, 300) if narrow else (960, 380)
    return rendered(lambda axes: _draw(axes, curves, words, narrow=narrow), width, height, form)


def _draw(axes: Axes, curves: Sequence[Curve], words: CurveWords, *, narrow: bool) -> None:
    size = 9 if narrow else 10.5
    longest = max((len(one.values) for one in curves), default=1)
    known = [value for one in curves for value in one.values if value is not None]
    axes.set_title(words.title, loc="left", color=INK, fontsize=size if narrow else size + 1, fontweight="bold")
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    if not known:
        axes.set_xticks([])
        axes.set_yticks([])
        axes.text(0.5, 0.5, words.nothing, transform=axes.transAxes, ha="center", color=SOFT, fontsize=size + 1)
        return
    top, bottom = max([*known, 1]), min([*known, 0])
    ends: list[tuple[int, int, str, str]] = []
    for curve in sorted(curves, key=lambda one: one.style):
        ink, letters, dashes, mark, thickness = _STYLES[curve.style]
        points = [(number, value) for number, value in enumerate(curve.values, 1) if value is not None]
        if not points:
            continue
        axes.plot(
            [number for number, _ in points], [value for _, value in points], color=ink, linestyle=dashes, linewidth=thickness,
            marker=mark, markersize=5.5 if narrow else 6.5, zorder=10 - curve.style,
        )  # fmt: skip
        last, height = points[-1]
        amount = short_dong(height, million=words.million, billion=words.billion)
        ends.append((last, height, letters, f"{curve.name}\n{amount}" if narrow else f"{curve.name}: {amount}"))
    axes.axhline(0, color=INK, linewidth=0.8, zorder=1)
    room = (top - bottom) / (7 if narrow else 12)
    for (at, end, letters, text), place in zip(ends, _apart([one[1] for one in ends], room), strict=True):
        axes.annotate(
            text, (at, end), xytext=(longest + (0.18 if narrow else 0.12), place), textcoords="data", color=letters, fontsize=size,
            va="center", ha="left", fontweight="bold" if letters == KEPT else "normal",
            arrowprops={"arrowstyle": "-", "color": letters, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 4}
            if at < longest or abs(place - end) > room / 3 else None,
        )  # fmt: skip
    axes.set_ylim(bottom - (room / 2 if bottom < 0 else 0), top + room)
    axes.set_xlim(0.7, longest + (1.5 if narrow else 1.0) * max(longest, 3) / 5)
    numbers = range(1, longest + 1, -(-longest // (6 if narrow else 14)))
    names = [str(number) if narrow and number > 1 else words.day.format(number) for number in numbers]
    axes.set_xticks(list(numbers), names, fontsize=size, color=SOFT)
    axes.locator_params(axis="y", nbins=4, integer=True, steps=[1, 2, 5, 10])
    axes.yaxis.set_major_formatter(
        lambda value, _at: short_dong(round(value), million=words.million, billion=words.billion)
    )
    axes.tick_params(axis="y", labelsize=size, labelcolor=SOFT)
    axes.grid(axis="y", color="#d9d6cc", linewidth=0.6, zorder=0)


def _apart(heights: Sequence[float], room: float) -> list[float]:
    """Where names stand beside the ends of lines: at their heights, pushed apart where two would lie on each other.

    >>> _apart([10, 11, 50], 5)
    [8.0, 13.0, 50.0]
    """
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    groups: list[list[int]] = []
    places = [float(height) for height in heights]
    for at in order:
        groups.append([at])
        while len(groups) > 1 and places[groups[-1][0]] - places[groups[-2][-1]] < room:
            merged = groups.pop(-2) + groups.pop()
            groups.append(merged)
            middle = sum(heights[one] for one in merged) / len(merged)
            lowest = middle - room * (len(merged) - 1) / 2
            for step, one in enumerate(merged):
                places[one] = lowest + room * step
    return places
