"""The plots of the report, drawn from what the report says of them: SVG for page and PDF, PNG for the Word file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fair_pos.final_report.rules import Bar, Bars, Growth, Heat, Lying, Plot, Report
from fair_pos.kernel.money import group_thousands, with_true_minus
from fair_pos.reports.canvas import BACK, BACK_HATCH, BACK_WORDS, INK, KEPT, SOFT, Form, rendered
from fair_pos.reports.charts import short_dong
from fair_pos.reports.heat import heat_svg
from fair_pos.reports.plots import PAPER_WIDTH, cumulative_plot, rows_plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 270
PROVISIONAL_HATCH = "--"
"""Lines and not the dots of other plots: WeasyPrint draws each dot as four curves, which took as long as all tables together."""
MOST_LABELS = 10
"""Of more bars not every one is labelled, and only the highest has its number: they would run into each other."""


def pictures_of(report: Report, form: Form) -> dict[str, bytes]:
    """Every plot of the report by its code."""
    return {code: drawn(plot, form) for code, plot in report.plots.items()}


def drawn(plot: Plot, form: Form) -> bytes:
    """One plot."""
    picture = plot.picture
    match picture:
        case Growth():
            return cumulative_plot(picture.points, picture.words, paper=True, form=form)
        case Lying():
            return rows_plot(picture.bars, picture.words, paper=True, form=form)
        case Heat():
            return heat_svg(picture.cells, picture.words, picture.size, picture.zones, form=form, paper=True)
        case Bars():
            return bars(picture, form)


def bars(picture: Bars, form: Form) -> bytes:
    """Standing bars with marks and what is not final; reports.charts has neither."""
    return rendered(lambda axes: _draw(axes, picture), PAPER_WIDTH, HEIGHT, form)


def _draw(axes: Axes, picture: Bars) -> None:
    bars = picture.bars
    axes.set_xlim(-0.6, max(len(bars), 5) - 0.4)  # three days are not three walls
    axes.yaxis.set_visible(False)
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    if not any(bar.value or bar.more or bar.mark for bar in bars):
        axes.set_xticks([])
        axes.text(0.5, 0.5, picture.nothing_words, transform=axes.transAxes, ha="center", color=SOFT, fontsize=11)
        return
    tops = [max(bar.value + bar.more, bar.mark or 0, 0) for bar in bars]
    highest, lowest = max([*tops, 1]), min([*(bar.value for bar in bars), 0])
    _bars(axes, bars)
    for place, bar in enumerate(bars):
        if bar.value and (len(bars) <= MOST_LABELS or tops[place] == max(tops)):
            axes.annotate(
                _short(bar.value, picture), (place, max(bar.value + bar.more, 0)), xytext=(0, 4),
                textcoords="offset points", ha="center", va="bottom", fontsize=10, color=INK,
            )  # fmt: skip
    axes.axhline(0, color=INK, linewidth=0.8, zorder=4)
    axes.set_ylim(lowest - (highest - lowest) // 20 if lowest < 0 else 0, highest + (highest - lowest) // 5)
    every = -(-len(bars) // MOST_LABELS)
    axes.set_xticks(list(range(len(bars)))[::every], [bar.label for bar in bars][::every], fontsize=10, color=SOFT)
    axes.set_title(picture.value_words, loc="left", color=KEPT, fontsize=11, fontweight="bold")
    beside = [words for words, there in (
        (picture.more_words, any(bar.more for bar in bars)),
        (picture.mark_words, any(bar.mark is not None for bar in bars)),
        (picture.provisional_words, any(bar.provisional for bar in bars)),
    ) if there]  # fmt: skip
    axes.set_title("   ".join(beside), loc="right", color=BACK_WORDS, fontsize=10, fontweight="bold")


def _bars(axes: Axes, bars: Sequence[Bar]) -> None:
    """Kept in one colour, what is not final in lines, what went back hatched on top, what was planned as a line across."""
    for place, bar in enumerate(bars):
        if bar.provisional:
            axes.bar(
                place, bar.value, width=0.72, facecolor="#ffffff", edgecolor=KEPT, hatch=PROVISIONAL_HATCH, zorder=2
            )
        else:
            axes.bar(place, bar.value, width=0.72, color=KEPT, zorder=2)
        if bar.more:
            axes.bar(
                place, bar.more, bottom=bar.value, width=0.72, facecolor="none", edgecolor=BACK, hatch=BACK_HATCH,
                linewidth=0.8, zorder=3,
            )  # fmt: skip
        if bar.mark is not None:
            axes.plot([place - 0.46, place + 0.46], [bar.mark, bar.mark], color=INK, linewidth=2, zorder=5)


def _short(value: int, picture: Bars) -> str:
    if picture.is_money:
        return short_dong(value, million=picture.million, billion=picture.billion)
    return with_true_minus(group_thousands(value))
