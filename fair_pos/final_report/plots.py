"""The plots of the report: which figures each shows, and in words what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from flask_babel import gettext as _

from fair_pos.final_report.facts import Facts
from fair_pos.final_report.rules import Bar, Bars, Growth, Heat, Lying, Plot
from fair_pos.plumbing.words import day as written_day
from fair_pos.plumbing.words import dong, number
from fair_pos.reports.charts import Bar as LyingBar
from fair_pos.reports.charts import Words
from fair_pos.reports.export import Table as FigureTable
from fair_pos.reports.plan_heat import Drawn
from fair_pos.reports.plots import Point

MOST_SAID, MOST_BOOTHS_SAID = 12, 5
"""Figures in the words of a plot; the table beside it has all."""


def visitors_plot(facts: Facts) -> Plot:
    """Entries of each day, with what was planned as a line across."""
    bars = tuple(
        Bar(written_day(one.day)[:5], one.entries or 0, mark=one.planned, provisional=not one.is_final)
        for one in facts.days
    )
    said = [f"{written_day(one.day)}: {number(one.entries)}" for one in facts.counted_days if one.entries is not None]
    return Plot(
        "visitors_plot",
        _("Lượt khách vào từng ngày"),
        _("Biểu đồ cột, lượt khách vào từng ngày. %(figures)s", figures=_listed(said)),
        Bars(
            bars, _("Lượt vào"), mark_words=_("▬ Dự kiến"), provisional_words=_("▤ tạm tính"),
            nothing_words=_("Chưa đếm khách nào"), is_money=False,
        ),
    )  # fmt: skip


def sales_plot(facts: Facts) -> Plot:
    """Net money of each day, what went back hatched on top."""
    bars = tuple(
        Bar(
            written_day(one.day)[:5], one.money.net_dong, one.money.refunded_dong, provisional=not one.badge.is_final
        )
        for one in facts.days
    )  # fmt: skip
    said = [f"{written_day(one.day)}: {dong(one.money.net_dong)}" for one in facts.days if one.money.receipts]
    return Plot(
        "sales_plot",
        _("Thực thu từng ngày"),
        _("Biểu đồ cột, thực thu từng ngày. %(figures)s", figures=_listed(said)),
        Bars(
            bars, _("Thực thu (đồng)"), more_words=_("▨ Trả lại"), provisional_words=_("▤ tạm tính"),
            nothing_words=_("Chưa có phiếu nào"), million=_(" tr"), billion=_(" tỷ"),
        ),
    )  # fmt: skip


def growth_plot(facts: Facts) -> Plot:
    """Net money by the end of each day."""
    sums = list(accumulate(one.money.net_dong for one in facts.days))
    points = tuple(Point(written_day(one.day)[:5], so_far) for one, so_far in zip(facts.days, sums, strict=True))
    said = [f"{written_day(one.day)}: {dong(so_far)}" for one, so_far in zip(facts.days, sums, strict=True)]
    return Plot(
        "growth_plot",
        _("Thực thu cộng dồn"),
        _("Biểu đồ đường, thực thu cộng dồn đến cuối mỗi ngày. %(figures)s", figures=_listed(said)),
        Growth(points, money_words(_("Thực thu cộng dồn (đồng)"))),
    )


def localities_plot(found: FigureTable) -> Plot:
    """Net money by place, the largest first."""
    bars = tuple(LyingBar(one.name, one.net_dong, one.refunded_dong) for one in found.figures)
    said = [f"{one.name}: {dong(one.net_dong)}" for one in found.figures]
    return Plot(
        "localities_plot",
        _("Thực thu theo địa phương của chủ thể"),
        _("Biểu đồ thanh ngang, thực thu theo địa phương. %(figures)s", figures=_listed(said)),
        Lying(bars, money_words(_("Thực thu (đồng)"))),
    )


def heat_plot(drawn: Drawn) -> Plot:
    """The plan of the fair with the net money of each booth, as the page of the plan draws it."""
    best = sorted(drawn.table.figures, key=lambda one: (-one.net_dong, one.name))
    said = [f"{one.name}: {dong(one.net_dong)}" for one in best[:MOST_BOOTHS_SAID] if one.receipts]
    return Plot(
        "heat_plot",
        _("Thực thu từng gian hàng trên sơ đồ"),
        _("Sơ đồ hội chợ, gian hàng bán nhiều thì đậm hơn. Nhiều nhất: %(figures)s", figures=_listed(said)),
        Heat(drawn.cells, drawn.words, (drawn.size.width, drawn.size.height), drawn.zones),
    )


def money_words(net: str) -> Words:
    """What stands in a plot of money."""
    return Words(
        net=net, refunded=_("▨ Trả lại"), nothing=_("Chưa có phiếu nào"), million=_(" tr"), billion=_(" tỷ")
    )  # fmt: skip


def _listed(figures: Iterable[str]) -> str:
    some = list(figures)
    if not some:
        return str(_("Không có số liệu."))
    return "; ".join(some[:MOST_SAID]) + ("; …" if len(some) > MOST_SAID else ".")
