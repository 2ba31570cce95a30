"""The plot of the organiser's board: today's hours as bars, the same fair day of the edition before as a dashed line over them.

Told apart by shape and words, so that a black and white print and every eye can read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from fair_pos.board.rules import HourPair
from fair_pos.reports.canvas import BACK, BACK_WORDS, INK, KEPT, SOFT, Form, rendered
from fair_pos.reports.charts import short_dong
from fair_pos.reports.plots import LINES_OF_MARKS, Mark, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = 300
"""What no eye can see does not redraw the plot: amounts are drawn to the three hundredth part of the highest."""


@dataclass(frozen=True)
class CurveWords:
    """What is written into the plot, in the reader's language."""

    today: str
    before: str
    nothing: str
    million: str = " tr"
    billion: str = " tỷ"


def draw_marks(axes: Axes, marks: Sequence[tuple[int, Mark]], hours: int, size: int, *, narrow: bool) -> None:
    """Dotted lines with their words on top, on three lines in turn, as in the plot of a day."""
    for number, mark in marks:
        at = mark.minute / 60 - 0.5
        axes.axvline(at, color=SOFT, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
        is_right = at > hours * 0.72
        axes.annotate(
            str(number) if narrow else shortened(mark.label, 44), (at, 1.0), xycoords=axes.get_xaxis_transform(),
            xytext=(-3 if is_right else 3, -2 - 13 * ((number - 1) % LINES_OF_MARKS)), textcoords="offset points",
            ha="right" if is_right else "left", va="top", fontsize=size - 1, color=INK,
            bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 1, "alpha": 0.85}, zorder=8,
        )  # fmt: skip


def as_drawn(hours: Sequence[HourPair]) -> tuple[HourPair, ...]:
    """The hours as coarse as they can be drawn; equal drawings are one."""
    highest = max((abs(dong) for one in hours for dong in (one.net_dong, one.before_dong or 0)), default=0)
    step: int = 10 ** (len(str(highest // STEPS)) - 1)

    def coarse(dong: int) -> int:
        return (2 * dong + step) // (2 * step) * step

    return tuple(
        replace(
            one,
            net_dong=coarse(one.net_dong),
            before_dong=None if one.before_dong is None else coarse(one.before_dong),
        )
        for one in hours
    )


@lru_cache(maxsize=64)
def curve_svg(
    hours: tuple[HourPair, ...],
    words: CurveWords,
    marks: tuple[Mark, ...] = (),
    *,
    narrow: bool = False,
    form: Form = "svg",
) -> bytes:
    """The plot with the programme above it, drawn for 960 or, `narrow`, 380 pixels, where marks are numbered as in the list. Kept by its content, since drawing takes a tenth of a second."""
    width, height = (380, 290) if narrow else (960, 320)
    return rendered(lambda axes: _draw(axes, hours, words, marks, narrow=narrow), width, height, form)


def _draw(axes: Axes, hours: Sequence[HourPair], words: CurveWords, marks: Sequence[Mark], *, narrow: bool) -> None:
    places = range(len(hours))
    before = [one.before_dong for one in hours if one.before_dong is not None]
    compared = len(before) == len(hours) and any(before)
    tops = [max(one.net_dong, 0) for one in hours]
    highest, lowest = max([*tops, *before, 1]), min([*(one.net_dong for one in hours), *before, 0])
    size = 9 if narrow else 10
    axes.bar(places, [one.net_dong for one in hours], width=0.72, color=KEPT, zorder=2)
    if compared:
        axes.plot(
            places, before, color=BACK, linewidth=2, linestyle=(0, (4, 2)), marker="o", markersize=4,
            markerfacecolor="#ffffff", zorder=3,
        )  # fmt: skip
    for place, (one, top) in enumerate(zip(hours, tops, strict=True)):
        # On a phone only the highest bar has room for its number; the table below has all of them.
        if one.net_dong and (not narrow or top == max(tops)):
            axes.annotate(
                short_dong(one.net_dong, million=words.million, billion=words.billion), (place, top), xytext=(0, 3),
                textcoords="offset points", ha="center", va="bottom", fontsize=size, color=INK, zorder=5,
                bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 1, "alpha": 0.8},
            )  # fmt: skip
    axes.axhline(0, color=INK, linewidth=0.8, zorder=4)
    shown = [(number, mark) for number, mark in enumerate(marks, 1) if 0 <= mark.minute <= 60 * len(hours)]
    # The words of the programme stand above the highest bar.
    room = (highest - lowest) // 2 if shown else (highest - lowest) // 6
    axes.set_ylim(lowest - (highest - lowest) // 20 if lowest < 0 else 0, highest + room)
    draw_marks(axes, shown, len(hours), size, narrow=narrow)
    axes.set_xlim(-0.6, max(len(hours), 5 if narrow else 10) - 0.4)
    every = -(-len(hours) // (6 if narrow else 16)) or 1
    axes.set_xticks(list(places)[::every], [f"{one.hour}h" for one in hours][::every], fontsize=size, color=SOFT)
    axes.tick_params(length=0)
    axes.yaxis.set_visible(False)
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)
    if not any(tops) and not compared:
        axes.text(0.5, 0.5, words.nothing, transform=axes.transAxes, ha="center", color=SOFT, fontsize=size + 1)
        return
    axes.set_title(words.today, loc="left", color=KEPT, fontsize=size + 1, fontweight="bold")
    if compared:
        axes.set_title(words.before, loc="right", color=BACK_WORDS, fontsize=size + 1, fontweight="bold")
