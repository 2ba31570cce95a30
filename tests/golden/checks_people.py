"""What is compared on the page of the day's visitors and on each maker's own pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timezone
from typing import Any
from unittest.mock import patch

from tests.golden.checks_reports import Numbers, split_of, summed, unknown_names, written
from tests.golden.independent import EPOCH
from tests.golden.reading import Node, dong, facts_of, number, rows_of
from tests.golden.visit import NAMES, Visit, by_words, checks

PAID = ("Tiền mặt", "Chuyển khoản đã xác nhận", "Chuyển khoản chưa xác nhận", "Thẻ")
OFF = {
    "producer": "Giảm giá bạn chịu, đã trừ ở trên",
    "shared": "Giảm giá cùng chịu, đã trừ ở trên",
    "organiser": "Giảm giá ban tổ chức chịu, bù cho bạn",
}


@checks("visitors.day")
def the_visitors(visit: Visit) -> None:
    """Entries, who is still inside, the peak, the estimate; and every hour at every gate."""
    gates = {key: name for key, name in visit.names(NAMES["gate"]).items() if key in visit.golden.gate_ids}
    for day in [date.fromordinal(one + EPOCH) for one in sorted(visit.figures.visitors_by("day"))]:
        page = f"visitors.day {day}"
        main = visit.page(f"{visit.at}/visitors?day={day}").by_id("main")
        people_in, people_out, _in_groups = summed(visit.figures.visitors_by("day", day), 3)
        peak = visit.figures.peak(day)
        shown = {
            one.attributes["data-figure"]: one.attributes["data-value"]
            for one in main.walk()
            if "data-figure" in one.attributes
        }
        # Nine of ten came for the first time, and never fewer than were inside at once.
        first_time = min(people_in, max((people_in * 9 + 5) // 10, peak)) if people_in else None
        wanted = {
            "entries": people_in,
            "inside": max(people_in - people_out, 0),
            "peak": peak or None,
            "distinct": first_time,
        }
        visit.same_rows(page, shown, {name: "" if one is None else str(one) for name, one in wanted.items()})
        compare_hours(visit, page, main, day, gates)
        if day in visit.days:
            receipts = summed(visit.figures.receipts_by("receipt.day", day), 6)[0]
            sources = {row.name: list(row.cells.values())[-1] for row in rows_of(main.by_id("band").all("table")[0])}
            said = {"Lượt vào ở các cổng": people_in, "Phiếu bán hàng": receipts}
            said |= {"Lúc đông nhất bên trong": peak} if peak else {}
            visit.same_rows(page, sources, {name: number(one) for name, one in said.items()})


def compare_hours(visit: Visit, page: str, main: Node, day: date, gates: Mapping[str, str]) -> None:
    by_hour, inside = visit.figures.visitors_by("hour", day), 0
    cells = visit.figures.visitors_by("gate_id || '|' || hour", day)
    rows = {row.name: row.cells for row in rows_of(main.by_id("hours").all("table")[0])}
    for hour in sorted(by_hour, key=lambda one: (one - 4) % 24):
        people_in, people_out, _groups = by_hour[hour]
        inside += people_in - people_out
        wanted = {"Lượt vào": number(people_in), "Lượt ra": number(people_out), "Ở trong cuối giờ": number(inside)}
        for gate, name in gates.items():
            passed = cells.get(f"{gate}|{hour}")
            wanted[name] = "–" if passed is None else number(passed[0])
        visit.same(page, f"hour {hour}", rows.pop(f"{hour} giờ", None), wanted)
    foot = rows.pop("Cả ngày")
    by_gate, total = visit.figures.visitors_by("gate_id", day), summed(by_hour, 3)
    whole = {name: number(by_gate.get(gate, (0,))[0]) for gate, name in gates.items()}
    whole |= {"Lượt vào": number(total[0]), "Lượt ra": number(total[1])}
    visit.same(page, "all hours", {name: one for name, one in foot.items() if name in whole}, whole)
    for hour, here in rows.items():  # nobody passed
        visit.same(page, hour, {here["Lượt vào"], here["Lượt ra"]}, {"0"})


# --- a maker's pages ------------------------------------------------------------------------------------------------


def sums_block(visit: Visit, page: str, block: Node, goods: Numbers, money: Numbers, off: Mapping[str, int]) -> None:
    """The figures on top: net, sold, given back, how it was paid, and who bore what was taken off."""
    sold, back = goods[4], goods[5]
    net = sold - back
    wanted = {"Thực thu": dong(net), "Bán ra": dong(sold), "Trả lại": dong(-back) if back else dong(0)}
    split = split_of(net, money)
    if any(split[1:]):
        wanted |= {word: dong(one) for word, one in zip(PAID, split, strict=True) if one}
    wanted |= {OFF[key]: dong(one) for key, one in off.items() if one}
    if off.get("organiser"):
        wanted["Thực thu và phần bù"] = dong(net + off["organiser"])
    shown = facts_of(block) | {"Thực thu": block.all("p", "net")[0].all("b")[0].text()}
    visit.same_rows(page, {f"sums: {w}": a for w, a in shown.items()}, {f"sums: {w}": a for w, a in wanted.items()})


def measured(goods: Numbers) -> str:
    """«3 món, 0,575 kg»."""
    pieces, grams = goods[0] - goods[1], goods[2] - goods[3]
    weight = f"{'−' if grams < 0 else ''}{abs(grams) // 1000},{abs(grams) % 1000:03} kg"
    weighed = bool(goods[2] or goods[3])
    return ", ".join(([f"{number(pieces)} món"] if pieces or not weighed else []) + ([weight] if weighed else []))


def row_cells(goods: Numbers) -> list[str]:
    sold, back = goods[4], goods[5]
    return [measured(goods), number(sold), number(-back) if back else "0", number(sold - back)]


def own_figures(visit: Visit, maker: str, by: str, day: date | None = None) -> dict[str, Numbers]:
    """Key → figures of goods of one maker."""
    found = visit.figures.goods_by(f"line.producer_id || '|' || {by}", day)
    return {key.split("|", 1)[1]: one for key, one in found.items() if key.split("|", 1)[0] == maker}


def own_money(visit: Visit, maker: str, day: date | None = None) -> Numbers:
    return visit.figures.money_by("paid.producer_id", day).get(maker, (0,) * 4)


def own_off(visit: Visit, maker: str, day: date | None = None) -> dict[str, int]:
    found = visit.figures.discounts_by("line.producer_id || '|' || line.bearer", day)
    return {key.split("|")[1]: one[0] - one[1] for key, one in found.items() if key.split("|")[0] == maker}


@checks("portal.days")
def the_makers_days(visit: Visit) -> None:
    for maker in visit.golden.fair.producer_ids:
        page = f"portal.days {maker}"
        main = visit.page(f"/producers/{maker}/days").by_id("main")
        by_day = own_figures(visit, maker, "receipt.day")
        if not by_day:
            continue
        sums_block(
            visit,
            page,
            main.all("div", "figures")[0],
            summed(by_day, 8),
            own_money(visit, maker),
            own_off(visit, maker),
        )
        rows = {row.name: list(row.cells.values()) for row in rows_of(main.all("table")[0])}
        wanted = {written(date.fromordinal(int(day) + EPOCH)): row_cells(one) for day, one in by_day.items()}
        visit.same_rows(page, rows, wanted)


@checks("portal.day")
def the_makers_day(visit: Visit) -> None:
    for day in visit.days:
        for maker in visit.golden.fair.producer_ids:
            goods = own_figures(visit, maker, "receipt.day", day)
            if not goods:
                continue
            page = f"portal.day {day} {maker}"
            main = visit.page(f"/producers/{maker}/days/{day}").by_id("main")
            own = summed(goods, 8)
            sums_block(
                visit,
                page,
                main.all("div", "figures")[0],
                own,
                own_money(visit, maker, day),
                own_off(visit, maker, day),
            )
            amounts = [list(row.cells.values())[-1] for row in rows_of(main.all("table")[0])]
            listed = sum(int(one.replace("−", "-").replace(".", "")) for one in amounts)
            visit.same(page, "lines", listed, own[4] - own[5])


@checks("portal.today")
def the_makers_today(visit: Visit) -> None:
    """Seen at ten in the evening of each of the fair's days."""
    booths = visit.names(NAMES["booth"])
    names = visit.names(PLAIN) | {key: f"{name} gói" for key, name in unknown_names(visit).items()}
    for day in [one for one in visit.days if one.year == 2025]:
        evening = datetime(day.year, day.month, day.day, 15, tzinfo=timezone.utc)
        for maker in visit.golden.fair.producer_ids:
            page = f"portal.today {day} {maker}"
            with patch("fair_pos.portal.pages.now", lambda: evening):  # noqa: B023  # used at once
                main = visit.page(f"/producers/{maker}/").by_id("main")
            own = own_figures(visit, maker, "receipt.day", day)
            sums_block(
                visit, page, main.all("div", "figures")[0], summed(own, 8), own_money(visit, maker, day), own_off(visit, maker, day)
            )  # fmt: skip
            if not own:
                continue
            by_booth, by_goods = (own_figures(visit, maker, by, day) for by in ("receipt.booth_id", "line.product_id"))
            tables = [{row.name: list(row.cells.values()) for row in rows_of(one)} for one in main.all("table")]
            # A fair is named only where the maker sold at several; nobody sells at two fairs in this data.
            wanted: dict[str, Any] = {booths[key]: row_cells(one) for key, one in by_booth.items()}
            visit.same_rows(page, tables[0], wanted)
            visit.same_rows(page, tables[1], {name: row_cells(one) for name, one in by_words(by_goods, names).items()})


# Goods that no catalogue knows were sold by the «gói» there.
PLAIN = "SELECT id, name || ' ' || unit FROM product"
