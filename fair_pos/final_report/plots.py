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
from fair_pos.reports.heat import HeatCell, HeatWords, ZoneLabel
from fair_pos.reports.plan_cells import NO_DATA, Shade, level_of, short_money, unit_of
from fair_pos.reports.plots import Point

MOST_SAID = 12
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


def heat_plot(facts: Facts, booths: FigureTable) -> Plot | None:
    """The plan of the fair with the net money of each booth; None where no booth stands on it."""
    if not facts.plan.spots:
        return None
    figures = {one.key: one for one in booths.figures}
    amounts = {key: one.net_dong for key, one in figures.items()}
    most, unit = max(amounts.values(), default=0), unit_of(list(amounts.values()))

    def shade(booth_id: str) -> Shade:
        figure = figures.get(booth_id)
        if figure is None or not (figure.receipts or figure.refunds):
            return NO_DATA
        return Shade(short_money(figure.net_dong, unit), level_of(figure.net_dong, most))

    cells: list[HeatCell] = []
    zones: dict[str, tuple[int, int]] = {}
    for spot in facts.plan.spots:
        one = shade(spot.booth_id)
        cells.append(HeatCell(spot.x, spot.y, spot.width, spot.height, spot.code, one.text, one.level))
        if spot.zone:
            x, y = zones.get(spot.zone, (spot.x, spot.y))
            zones[spot.zone] = (min(x, spot.x), min(y, spot.y))
    best = sorted(booths.figures, key=lambda one: (-one.net_dong, one.name))
    title = _("Thực thu, triệu đồng") if unit == "million" else _("Thực thu, nghìn đồng")
    return Plot(
        "heat_plot",
        _("Thực thu từng gian hàng trên sơ đồ"),
        _("Sơ đồ hội chợ, gian hàng bán nhiều thì đậm hơn. Nhiều nhất: %(figures)s", figures=_listed(f"{one.name}: {dong(one.net_dong)}" for one in best[:5] if one.receipts)),
        Heat(
            tuple(cells), HeatWords(title, _("chưa có dữ liệu"), _("Chưa có gian hàng nào trên sơ đồ.")),
            (facts.plan.width, facts.plan.height), tuple(ZoneLabel(name, x, y) for name, (x, y) in sorted(zones.items())),
        ),
    )  # fmt: skip


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
