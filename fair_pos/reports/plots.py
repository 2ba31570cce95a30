"""The plots beside the tables: rows as lying bars, a day's visitors over its sales, and how an edition's money grew.

All are drawn on reports/canvas.py. Every word and number in them stands in the table below as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from fair_pos.kernel.money import group_thousands
from fair_pos.reports.canvas import BACK, BACK_HATCH, BACK_WORDS, INK, KEPT, LATE_HATCH, SOFT, Form, rendered
from fair_pos.reports.charts import Bar, Words, short_dong

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_BARS, FIRST_BARS = 12, 10
"""Of more rows than `MOST_BARS` the first are drawn: those that the folded table below shows (export.Table.cut)."""
_WIDE, _NARROW = 960, 380
PAPER_WIDTH = 648
"""Of a plot that is printed across the text of an A4 page, 165 mm: a point drawn is then a point on paper, and no label is below eight."""
LINES_OF_MARKS = 3


def shortened(name: str, letters: int) -> str:
    """A name that fits beside a bar; the table has all of it.

    >>> shortened("Hợp tác xã nông nghiệp Mường Tè", 16)
    'Hợp tác xã nông…'
    """
    return name if len(name) <= letters else f"{name[: letters - 1].rstrip()}…"


# --- rows of a table ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=128)
def rows_plot(
    bars: tuple[Bar, ...], words: Words, *, narrow: bool = False, paper: bool = False, form: Form = "svg"
) -> bytes:
    """The rows of a table as lying bars, in its order; of many the first. `paper` draws them PAPER_WIDTH wide."""
    shown = bars if len(bars) <= MOST_BARS else bars[:FIRST_BARS]
    width, height = rows_size(len(bars), narrow)
    return rendered(
        lambda axes: _draw_rows(axes, shown, words, narrow=narrow), PAPER_WIDTH if paper else width, height, form
    )


def rows_size(rows: int, narrow: bool) -> tuple[int, int]:
    """(width, height) of such a plot in CSS pixels."""
    shown = max(1, rows) if rows <= MOST_BARS else FIRST_BARS
    return (_NARROW, 50 + 46 * shown) if narrow else (_WIDE, 50 + 30 * shown)


def _draw_rows(axes: Axes, bars: Sequence[Bar], words: Words, *, narrow: bool) -> None:
    size = 9 if narrow else 10
    _bare(axes)
    if not any(bar.net_dong or bar.refunded_dong for bar in bars):
        _nothing(axes, words.nothing, size)
        return
    places = [-place for place in range(len(bars))]
    thick = 0.42 if narrow else 0.66
    axes.barh(places, [bar.net_dong for bar in bars], height=thick, color=KEPT, zorder=2)
    back = [(place, bar) for place, bar in zip(places, bars, strict=True) if bar.refunded_dong]
    axes.barh(
        [place for place, _ in back], [bar.refunded_dong for _, bar in back], left=[bar.net_dong for _, bar in back],
        height=thick, facecolor="none", edgecolor=BACK, hatch=BACK_HATCH, linewidth=0.8, zorder=3,
    )  # fmt: skip
    ends = [max(bar.net_dong + bar.refunded_dong, 0) for bar in bars]
    highest, lowest = max([*ends, 1]), min([*(bar.net_dong for bar in bars), 0])
    for place, bar, end in zip(places, bars, ends, strict=True):
        axes.annotate(
            short_dong(bar.net_dong, million=words.million, billion=words.billion), (end, place), xytext=(5, 0),
            textcoords="offset points", va="center", fontsize=size, color=INK,
        )  # fmt: skip
        if narrow:
            axes.annotate(
                shortened(bar.label, 44), (0, place + thick / 2), xytext=(0, 2), textcoords="offset points", va="bottom",
                fontsize=size, color=SOFT,
            )  # fmt: skip
    axes.axvline(0, color=INK, linewidth=0.8, zorder=4)
    axes.set_xlim(lowest, highest + (highest - lowest) // (4 if narrow else 8))
    axes.set_ylim(places[-1] - 0.5, 0.75 if narrow else 0.5)
    names = [] if narrow else [shortened(bar.label, 34) for bar in bars]
    axes.set_yticks([] if narrow else places, names, fontsize=size, color=SOFT)
    _titles(axes, words, size, with_back=bool(back))


# --- a day: visitors over sales -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HourMark:
    """An hour of the plot. `entries` None where no gate said anything; `is_whole` when all did."""

    label: str
    net_dong: int
    refunded_dong: int
    entries: int | None
    is_whole: bool


@dataclass(frozen=True)
class Mark:
    """Something of the programme; `at` counts hours from the left edge of the first one in minutes."""

    minute: int
    label: str


@dataclass(frozen=True)
class DayWords:
    """What is written into it, in the reader's language."""

    money: Words
    entries: str
    part: str
    """Of an hour in which a gate said nothing."""
    late: str
    """Of hours of which tablets still owe something."""


@lru_cache(maxsize=64)
def day_plot(
    hours: tuple[HourMark, ...],
    marks: tuple[Mark, ...],
    late_from: int | None,
    words: DayWords,
    *,
    narrow: bool = False,
    form: Form = "svg",
) -> bytes:
    """Visitors as a line over sales as bars, hour by hour, each from zero on a scale of its own.

    From hour number `late_from` on tablets still owe something: hatched. An hour that not every gate counted is a hollow point
    without a line to it.
    """
    width, height = day_size(narrow)
    return rendered(lambda axes: _draw_day(axes, hours, marks, late_from, words, narrow), width, height, form)


def day_size(narrow: bool) -> tuple[int, int]:
    """(width, height) of that plot in CSS pixels."""
    return (_NARROW, 420) if narrow else (_WIDE, 460)


def _draw_day(
    axes: Axes, hours: Sequence[HourMark], marks: Sequence[Mark], late_from: int | None, words: DayWords, narrow: bool
) -> None:
    from matplotlib.figure import Figure

    figure = axes.figure
    assert isinstance(figure, Figure)
    axes.remove()
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(5, 6))
    size = 9 if narrow else 10
    for one in (above, below):
        one.set_facecolor("none")
        _bare(one)
        if late_from is not None and late_from < len(hours):
            one.axvspan(
                late_from - 0.5, len(hours) - 0.5, facecolor="none", edgecolor="#a6a196", hatch=LATE_HATCH, linewidth=0,
                zorder=0,
            )  # fmt: skip
    _draw_entries(above, hours, words, size, narrow, room=2.1 if marks else 1.4)
    _draw_sales(below, hours, words, size, narrow)
    if late_from is not None and late_from < len(hours):
        below.text(
            len(hours) - 0.5, 0.97, words.late, transform=below.get_xaxis_transform(), ha="right", va="top", fontsize=size,
            color=INK, bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 2}, zorder=9,
        )  # fmt: skip
    for number, mark in enumerate(marks):
        at = mark.minute / 60 - 0.5
        if not -0.5 <= at <= len(hours) - 0.5:
            continue
        for one in (above, below):
            one.axvline(at, color=SOFT, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
        line = number % LINES_OF_MARKS
        is_right = at > len(hours) * 0.72
        above.annotate(
            str(number + 1) if narrow else shortened(mark.label, 44), (at, 1.0), xycoords=above.get_xaxis_transform(),
            xytext=(-3 if is_right else 3, -2 - 13 * line), textcoords="offset points", ha="right" if is_right else "left", va="top",
            fontsize=size - 1, color=INK, bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 1, "alpha": 0.85}, zorder=8,
        )  # fmt: skip


def _draw_entries(
    axes: Axes, hours: Sequence[HourMark], words: DayWords, size: int, narrow: bool, *, room: float
) -> None:
    counted = [(place, one) for place, one in enumerate(hours) if one.entries is not None]
    highest = max([one.entries or 0 for _, one in counted] + [1])
    line = [float(one.entries) if one.entries is not None and one.is_whole else float("nan") for one in hours]
    axes.plot(range(len(hours)), line, color=BACK, linewidth=2, marker="o", markersize=5, zorder=5)
    part = [(place, one.entries or 0) for place, one in counted if not one.is_whole]
    axes.plot(
        [place for place, _ in part], [people for _, people in part], linestyle="none", marker="o", markersize=7,
        markerfacecolor="#ffffff", markeredgecolor=BACK, markeredgewidth=1.6, zorder=5,
    )  # fmt: skip
    for place, one in counted:
        if one.entries and (not narrow or one.entries == highest):
            axes.annotate(
                group_thousands(one.entries), (place, one.entries), xytext=(0, 6), textcoords="offset points", ha="center",
                fontsize=size, color=INK, zorder=6,
            )  # fmt: skip
    axes.set_ylim(0, highest * room)
    axes.axhline(0, color=INK, linewidth=0.8, zorder=4)
    title = f"{words.entries} ({words.part})" if part else words.entries
    axes.set_title(title, loc="left", color=BACK_WORDS, fontsize=size + 1, fontweight="bold")


def _draw_sales(axes: Axes, hours: Sequence[HourMark], words: DayWords, size: int, narrow: bool) -> None:
    places = range(len(hours))
    axes.bar(places, [one.net_dong for one in hours], width=0.72, color=KEPT, zorder=2)
    back = [(place, one) for place, one in enumerate(hours) if one.refunded_dong]
    axes.bar(
        [place for place, _ in back], [one.refunded_dong for _, one in back], bottom=[one.net_dong for _, one in back], width=0.72,
        facecolor="none", edgecolor=BACK, hatch=BACK_HATCH, linewidth=0.8, zorder=3,
    )  # fmt: skip
    tops = [max(one.net_dong + one.refunded_dong, 0) for one in hours]
    highest, lowest = max([*tops, 1]), min([*(one.net_dong for one in hours), 0])
    for place, (one, top) in enumerate(zip(hours, tops, strict=True)):
        if one.net_dong and (not narrow or top == max(tops)):
            amount = short_dong(one.net_dong, million=words.money.million, billion=words.money.billion)
            axes.annotate(
                amount, (place, top), xytext=(0, 3), textcoords="offset points", ha="center", va="bottom", fontsize=size,
                color=INK, zorder=6,
            )  # fmt: skip
    axes.axhline(0, color=INK, linewidth=0.8, zorder=4)
    axes.set_ylim(lowest - (highest - lowest) // 20 if lowest < 0 else 0, highest + (highest - lowest) // 4)
    axes.set_xlim(-0.6, max(len(hours), 5 if narrow else 10) - 0.4)
    every = -(-len(hours) // (6 if narrow else 16)) or 1
    axes.set_xticks(list(places)[::every], [one.label for one in hours][::every], fontsize=size, color=SOFT)
    if not any(tops):
        _nothing(axes, words.money.nothing, size)
    else:
        _titles(axes, words.money, size, with_back=bool(back))


# --- an edition: how its money grew -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """A day and what had been kept by its end, in đồng."""

    label: str
    dong: int


@lru_cache(maxsize=64)
def cumulative_plot(
    points: tuple[Point, ...], words: Words, *, narrow: bool = False, paper: bool = False, form: Form = "svg"
) -> bytes:
    """Net money by the end of each day, from zero; `paper` draws it PAPER_WIDTH wide."""
    size = (PAPER_WIDTH, 260) if paper else (_NARROW, 290) if narrow else (_WIDE, 320)
    most = 7 if paper else 5 if narrow else 10
    return rendered(lambda axes: _draw_growth(axes, points, words, narrow=narrow, most=most), *size, form)


def _draw_growth(axes: Axes, points: Sequence[Point], words: Words, *, narrow: bool, most: int) -> None:
    size = 9 if narrow else 10
    _bare(axes)
    if not any(one.dong for one in points):
        _nothing(axes, words.nothing, size)
        return
    places = list(range(len(points)))
    heights = [one.dong for one in points]
    highest, lowest = max([*heights, 1]), min([*heights, 0])
    axes.fill_between(places, heights, facecolor="#e3ece7", edgecolor="none", zorder=1)
    axes.plot(places, heights, color=KEPT, linewidth=2.2, marker="o", markersize=5, zorder=3)
    every = -(-len(points) // most) or 1
    said = {place for place in places if (len(points) - 1 - place) % every == 0}
    for place, one in zip(places, points, strict=True):
        if place in said:
            amount = short_dong(one.dong, million=words.million, billion=words.billion)
            axes.annotate(
                amount, (place, one.dong), xytext=(-4, 6) if place else (-12, 10), textcoords="offset points",
                ha="right" if place else "center", fontsize=size, color=INK, fontweight="bold" if place == places[-1] else "normal",
                bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 1, "alpha": 0.8}, zorder=4,
            )  # fmt: skip
    axes.axhline(0, color=INK, linewidth=0.8, zorder=5)
    axes.set_ylim(lowest, highest + (highest - lowest) // 6)
    axes.set_xlim(-0.6, max(len(points), 5 if narrow else 10) - 0.4)  # a day stands below its bar (charts.bars_svg)
    shown = sorted(said)
    axes.set_xticks(shown, [points[place].label for place in shown], fontsize=size, color=SOFT)
    axes.set_title(words.net, loc="left", color=KEPT, fontsize=size + 1, fontweight="bold")


# --- what they share ----------------------------------------------------------------------------------------------------


def _bare(axes: Axes) -> None:
    axes.tick_params(length=0)
    axes.xaxis.set_ticks([])
    axes.yaxis.set_ticks([])
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)


def _nothing(axes: Axes, word: str, size: int) -> None:
    axes.text(0.5, 0.5, word, transform=axes.transAxes, ha="center", color=SOFT, fontsize=size + 1)


def _titles(axes: Axes, words: Words, size: int, *, with_back: bool) -> None:
    axes.set_title(words.net, loc="left", color=KEPT, fontsize=size + 1, fontweight="bold")
    if with_back:
        axes.set_title(words.refunded, loc="right", color=BACK_WORDS, fontsize=size + 1, fontweight="bold")
