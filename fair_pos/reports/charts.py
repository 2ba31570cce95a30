"""Plots of what was sold and given back. Two inks, and hatching that tells them apart on a black and white printer; bars stand on zero;
words stand beside what they mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from fair_pos.kernel.money import group_thousands
from fair_pos.reports.canvas import BACK, BACK_HATCH, BACK_WORDS, INK, KEPT, SOFT, Form, rendered

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Bar:
    """One bar: what was kept, and on top of it what was given back; together they are what was sold. Whole đồng."""

    label: str
    net_dong: int
    refunded_dong: int


@dataclass(frozen=True)
class Words:
    """What is written into the plot, in the reader's language."""

    net: str
    refunded: str
    nothing: str
    million: str = " tr"
    billion: str = " tỷ"


WHOLE_BELOW = 10_000
"""Below it a number is written whole: «1k» for 1.487 would be a wrong number, and no shorter one."""


def short_dong(amount_dong: int, *, million: str = Words.million, billion: str = Words.billion) -> str:
    """An amount, or a count, for the end of a bar or a mark of an axis: «9.500», «84,5k», «1,45 tr», «12,5 tr»; rounded half up.

    One decimal where needed, two of less than ten millions or billions: no number is off by more than one part in two hundred.

    >>> [short_dong(amount) for amount in (1_487, 84_500, 12_450_000, 1_000_000_000, -2_000_000)]
    ['1.487', '84,5k', '12,5 tr', '1 tỷ', '−2 tr']
    """
    sign, size = ("\u2212" if amount_dong < 0 else ""), abs(amount_dong)
    if size < WHOLE_BELOW:
        return f"{sign}{group_thousands(size)}"
    # What would round up to the next unit is written in it: 999.950.000 is «1 tỷ» and not «1000 tr».
    units = ((999_950_000, 10**9, billion), (999_950, 10**6, million), (0, 1_000, "k"))
    step, unit = next((step, unit) for from_dong, step, unit in units if size >= from_dong)
    hundredths = (size * 100 + step // 2) // step
    if hundredths >= 1_000:
        hundredths = (size * 10 + step // 2) // step * 10
    whole, part = divmod(hundredths, 100)
    digits = f"{part:02d}".rstrip("0")
    return f"{sign}{group_thousands(whole)}{f',{digits}' if digits else ''}{unit}"


@lru_cache(maxsize=128)
def bars_svg(bars: tuple[Bar, ...], words: Words, *, narrow: bool = False, form: Form = "svg") -> bytes:
    """The plot, drawn for 960 or, `narrow`, 380 pixels. Kept by its content, since drawing takes a tenth of a second."""
    width, height = (380, 290) if narrow else (960, 320)
    return rendered(lambda axes: _draw(axes, bars, words, narrow=narrow), width, height, form)


def _draw(axes: Axes, bars: Sequence[Bar], words: Words, *, narrow: bool) -> None:
    places = range(len(bars))
    axes.bar(places, [bar.net_dong for bar in bars], width=0.72, color=KEPT, zorder=2)
    back = [(place, bar) for place, bar in enumerate(bars) if bar.refunded_dong]
    axes.bar(
        [place for place, _ in back], [bar.refunded_dong for _, bar in back], bottom=[bar.net_dong for _, bar in back],
        width=0.72, facecolor="none", edgecolor=BACK, hatch=BACK_HATCH, linewidth=0.8, zorder=3,
    )  # fmt: skip
    tops = [max(bar.net_dong + bar.refunded_dong, 0) for bar in bars]
    highest, lowest = max([*tops, 1]), min([*(bar.net_dong for bar in bars), 0])
    size = 9 if narrow else 10
    for place, (bar, top) in enumerate(zip(bars, tops, strict=True)):
        # On a phone only the highest bar has room for its number; the table below has all of them.
        if bar.net_dong and (not narrow or len(bars) <= 6 or top == max(tops)):
            axes.annotate(
                short_dong(bar.net_dong, million=words.million, billion=words.billion), (place, top), xytext=(0, 3), textcoords="offset points",
                ha="center", va="bottom", fontsize=size, color=INK,
            )  # fmt: skip
    axes.axhline(0, color=INK, linewidth=0.8, zorder=4)
    axes.set_ylim(lowest - (highest - lowest) // 20 if lowest < 0 else 0, highest + (highest - lowest) // 6)
    axes.set_xlim(-0.6, max(len(bars), 5 if narrow else 10) - 0.4)  # three days are not three walls
    every = -(-len(bars) // (6 if narrow else 16)) or 1
    axes.set_xticks(list(places)[::every], [bar.label for bar in bars][::every], fontsize=size, color=SOFT)
    axes.tick_params(length=0)
    axes.yaxis.set_visible(False)
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)
    if not any(bar.net_dong or bar.refunded_dong for bar in bars):
        axes.text(0.5, 0.5, words.nothing, transform=axes.transAxes, ha="center", color=SOFT, fontsize=size + 1)
        return
    axes.set_title(words.net, loc="left", color=KEPT, fontsize=size + 1, fontweight="bold")
    if back:
        axes.set_title(words.refunded, loc="right", color=BACK_WORDS, fontsize=size + 1, fontweight="bold")
