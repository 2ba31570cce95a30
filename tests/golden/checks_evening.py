"""What is compared on the day sheets, the live board, the plan, sales beside visitors, and the league."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any
from unittest.mock import patch

from tests.golden.checks_reports import (
    PLACES,
    PROVINCE,
    Numbers,
    compare_table,
    file_rows,
    hour_name,
    split_of,
    summed,
    thousandths,
    total_of,
    written,
)
from tests.golden.fair import DAYS
from tests.golden.independent import day_number
from tests.golden.reading import Node, csv_rows, dong, facts_of, number, rows_of, sheets_of, svg_words
from tests.golden.visit import NAMES, Visit, by_words, checks

PAID = ("Tiền mặt", "Chuyển khoản đã xác nhận", "Chuyển khoản chưa xác nhận", "Thẻ")


def days_of_fair(visit: Visit) -> list[date]:
    """The days that belong to the edition; what came on others stands in no day sheet."""
    return [day for day in visit.days if day in DAYS]


def place_cells(one: Numbers, money: Numbers) -> list[str]:
    sold, back = one[2], one[3]
    return [number(one[0]), dong(sold), dong(back), dong(sold - back), *map(dong, split_of(sold - back, money))]


@checks("daysheet.days")
def the_days_to_sign(visit: Visit) -> None:
    by_day = visit.figures.receipts_by("receipt.day")
    (table,) = visit.page(f"{visit.at}/sheets").by_id("main").all("table")
    shown = {row.name: list(row.cells.values())[:4] for row in rows_of(table)}
    for day in DAYS:
        one = by_day.get(day_number(day), (0,) * 6)
        wanted = [number(one[0]), dong(one[2]), dong(one[3]), dong(one[2] - one[3])]
        visit.same("daysheet.days", written(day), shown.get(written(day)), wanted)


@checks("daysheet.sheet")
def the_day_to_sign(visit: Visit) -> None:
    for day in days_of_fair(visit):
        page = f"daysheet.sheet {day}"
        main = visit.page(f"{visit.at}/days/{day}/sheet").by_id("main")
        sales, refunds, sold, back, up, up_back = total_of(visit, day)
        off = summed(visit.figures.discounts_by("receipt.day", day), 2)
        wanted = {
            "Bán ra": dong(sold), "Trả lại": dong(back), "Thực thu": dong(sold - back), "Phiếu bán": number(sales),
            "Phiếu trả": number(refunds), "Giảm giá": dong(off[0] - off[1]),
        }  # fmt: skip
        if up - up_back:
            wanted["Làm tròn"] = dong(up - up_back)
        visit.same_rows(page, facts_of(main.all("dl", "figures")[0]), wanted)
        money = split_of(sold - back, summed(visit.figures.money_by("paid.day", day), 4))
        visit.same(page, "paid", facts_of(main.by_id("paid")), dict(zip(PAID, map(dong, money), strict=True)))
        for name, (by, of_money) in PLACES.items():
            sections = [one for one in main.all("section") if one.attributes.get("id") == name]
            words = visit.names(NAMES["booth"]) if name == "booths" else {}
            receipts = by_words(visit.figures.receipts_by(by, day), words) if name != "hours" else {}
            moneys = by_words(visit.figures.money_by(of_money, day), words)
            for section in sections:
                rows = {row.name: list(row.cells.values()) for row in rows_of(section.all("table")[0])}
                for row, one in receipts.items():
                    cells = place_cells(one, moneys.get(row, (0,) * 4))
                    visit.same(page, f"{name}: {row}", rows.pop(row, None), cells)
                for row, cells_shown in rows.items():
                    visit.same(page, f"{name}: {row}", set(cells_shown), {"0", "0 ₫"})
        compare_visitors(visit, page, main, day)


def compare_visitors(visit: Visit, page: str, main: Node, day: date) -> None:
    for section in [one for one in main.all("section") if one.attributes.get("id") == "visitors"]:
        people_in = summed(visit.figures.visitors_by("day", day), 3)[0]
        shown, peak = facts_of(section), visit.figures.peak(day)
        visit.same(page, "visitors", shown.get("Lượt vào"), number(people_in))
        visit.same(page, "peak", shown.get("Lúc đông nhất"), number(peak) if peak else "–")


def evening(day: date) -> datetime:
    """Twenty past four in the afternoon, when every booth of the golden fair has just sold."""
    return datetime(day.year, day.month, day.day, 9, 20, tzinfo=timezone.utc)


@checks("board.live", "board.live_plot")
def the_board(visit: Visit) -> None:
    """As it stands in the afternoon of each day."""
    for day in days_of_fair(visit)[: None if visit.whole else 1]:
        page = f"board.live {day}"
        moment = evening(day)
        with patch("fair_pos.board.pages.now", lambda: moment):  # noqa: B023  # used at once
            main = visit.page(f"{visit.at}/live").by_id("main")
            words = svg_words(visit.data(f"{visit.at}/live/hours.svg").decode())
        total, names = total_of(visit, day), visit.names(NAMES["booth"])
        shown = {one.attributes["data-number"]: one.text() for one in main.walk() if "data-number" in one.attributes}
        people_in = summed(visit.figures.visitors_by("day", day), 3)[0]
        wanted = {"net": dong(total[2] - total[3]), "receipts": number(total[0]), "visitors": number(people_in)}
        visit.same_rows(page, {name: shown[name] for name in wanted}, wanted)
        if visit.whole:
            visit.same(page, "selling", shown["selling"].replace(" ", ""), "12/12")
        by_hour = {
            hour_name(key): one[2] - one[3] for key, one in visit.figures.receipts_by("receipt.hour", day).items()
        }
        rows = {row.name: row.cells["Hôm nay"] for row in rows_of(main.by_id("hours").all("table")[0])}
        here = {name: dong(net) for name, net in by_hour.items() if name in rows or net}
        visit.same_rows(page, {name: one for name, one in rows.items() if name in here or one != "0 ₫"}, here)
        booths = by_words(visit.figures.receipts_by("receipt.booth_id", day), names)
        nets = sorted((one[2] - one[3] for one in booths.values()), reverse=True)
        top = [(one.all("span")[0].text(), one.all("b")[0].text()) for one in main.by_id("top-booths").all("li")]
        visit.same(page, "top booths", [amount for _name, amount in top], [dong(net) for net in nets[:5] if net > 0])
        for name, amount in top:
            visit.same(page, f"top booths: {name}", amount, dong(booths[name][2] - booths[name][3]))
        # The curve is drawn coarsely: what is written beside it is an hour's net to one hundredth of the highest.
        highest = max((abs(net) for net in by_hour.values()), default=0)
        for word in (one for one in words if one.endswith(("k", " tr"))):
            off = min(abs(amount_of(word) - net) for net in by_hour.values())
            visit.same(
                "board.live_plot", f"{day}: {word}", off <= highest // 100 + (500 if "k" in word else 50_000), True
            )


def amount_of(word: str) -> int:
    """«380k» is 380.000, «3,7 tr» 3.700.000."""
    digits = word.replace("−", "-").split()[0].rstrip("k")
    return int(digits) * 1_000 if word.endswith("k") else int(float(digits.replace(",", ".")) * 1_000_000)


@checks("plan.live", "plan.live_part")
def the_plan(visit: Visit) -> None:
    for day in days_of_fair(visit):
        by_booth = by_words(visit.figures.receipts_by("receipt.booth_id", day), visit.names(NAMES["booth"]))
        for part in ("", "/part"):
            page = f"plan.live{part.replace('/', '_')} {day}"
            rows = rows_of(visit.page(f"{visit.at}/plan{part}?day={day}").by_id("booths").all("table")[0])
            shown = {row.name: list(row.cells.values())[-3:] for row in rows}
            total = total_of(visit, day)
            wanted = {row: [number(one[0]), number(one[1]), dong(one[2] - one[3])] for row, one in by_booth.items()}
            wanted["Tổng cộng"] = [number(total[0]), number(total[1]), dong(total[2] - total[3])]
            visit.same_rows(page, {row: cells for row, cells in shown.items() if cells != ["–"] * 3}, wanted)


@checks("plan.heat", "plan.heat_file")
def the_heat(visit: Visit) -> None:
    for day in (None, *days_of_fair(visit)):
        asked = f"?day={day}" if day else ""
        (table,) = visit.page(f"{visit.at}/plan/heat{asked}").by_id("heat").all("table")
        compare_table(visit, f"plan.heat {day}", table, "booths", day, with_split=False)
        by_booth = by_words(visit.figures.receipts_by("receipt.booth_id", day), visit.names(NAMES["booth"]))
        wanted = {row: [*one[:4], one[2] - one[3]] for row, one in by_booth.items()}
        for ending in ("xlsx", "csv"):
            data = visit.data(f"{visit.at}/plan/heat-table.{ending}{asked}")
            rows = file_rows(sheets_of(data)[0] if ending == "xlsx" else csv_rows(data))
            here = {row: cells for row, cells in rows.items() if any(cells)}
            visit.same_rows(
                f"plan.heat_file {ending} {day}", here, {row: one for row, one in wanted.items() if any(one)}
            )


@checks("totals.conversion_file")
def sales_beside_visitors(visit: Visit) -> None:
    """Receipts and money beside entries, hour by hour; blank where a gate counted nothing."""
    for day in days_of_fair(visit):
        receipts, entries = visit.figures.receipts_by("receipt.hour", day), visit.figures.visitors_by("hour", day)
        at_gates = visit.figures.visitors_by("gate_id || '|' || hour", day)
        for ending in ("xlsx", "csv"):
            page = f"totals.conversion_file {ending} {day}"
            data = visit.data(f"{visit.at}/conversion.{ending}?day={day}")
            rows = sheets_of(data)[0] if ending == "xlsx" else csv_rows(data)
            shown = {str(row[0]): row[1:] for row in rows[1:] if str(row[0])[:2].isdigit()}
            for hour in sorted({*receipts, *entries}):
                one = receipts.get(hour, (0,) * 6)
                whole = all(f"{gate}|{hour}" in at_gates for gate in visit.golden.gate_ids)
                here = shown.get(hour_name(hour))
                if here is None:
                    visit.same(page, hour_name(hour), None, "a row")
                    continue
                visit.same(page, hour_name(hour), [int(cell) for cell in here[:3]], [one[0], one[1], one[2] - one[3]])
                people = entries[hour][0] if hour in entries else 0
                if whole and people:
                    visit.same(page, f"{hour_name(hour)} entries", int(here[3]), people)
                    share = (2 * (one[2] - one[3]) + people) // (2 * people)
                    if one[2] >= one[3]:
                        visit.same(page, f"{hour_name(hour)} each", int(here[5] or 0), share)
                elif not whole:
                    visit.same(
                        page, f"{hour_name(hour)} blank", [here[4] in {None, ""}, here[5] in {None, ""}], [True, True]
                    )


@checks("totals.league", "totals.league_file")
def the_league(visit: Visit) -> None:
    for by, found in (
        ("province", visit.figures.goods_by(PROVINCE)),
        ("booth", by_words(visit.figures.receipts_by("receipt.booth_id"), visit.names(NAMES["booth"]))),
    ):
        money = {row: (one[4], one[5]) if by == "province" else (one[2], one[3]) for row, one in found.items()}
        wanted = {row: [dong(sold), dong(back), dong(sold - back)] for row, (sold, back) in money.items()}
        main = visit.page(f"{visit.at}/league?by={by}").by_id("main")
        shown = {row.name: row.cells for row in league_rows(main)}
        order = sorted((sold - back for sold, back in money.values()), reverse=True)
        whole = sum(order)
        for row, cells in wanted.items():
            here = shown.get(row, {})
            visit.same(
                f"totals.league {by}", row, [here.get(word) for word in ("Bán ra", "Trả lại", "Thực thu")], cells
            )
            net = money[row][0] - money[row][1]
            if all(one >= 0 for one in order) and whole:
                visit.same(f"totals.league {by}", f"{row}: share", here.get("Phần"), thousandths(net, whole))
        for ending in ("xlsx", "csv"):
            data = visit.data(f"{visit.at}/league.{ending}?by={by}")
            rows = sheets_of(data)[0] if ending == "xlsx" else csv_rows(data)
            in_file = {str(row[1]): [dong(int(cell)) for cell in row[2:5]] for row in rows[1:]}
            in_file = {row: cells for row, cells in in_file.items() if row in wanted or set(cells) != {"0 ₫"}}
            visit.same_rows(f"totals.league_file {by}.{ending}", in_file, wanted)


def league_rows(main: Node) -> list[Any]:
    """Rows whose heading stands in the second column."""
    (table,) = main.all("table")
    headings = [one.text() for one in table.all("thead")[0].all("th")]
    found = []
    for row in table.all("tbody")[0].all("tr"):
        cells = dict(zip([headings[0], *headings[2:]], [one.text() for one in row.all("td")], strict=True))
        name = row.all("th")[0].text(without=("remark", "badge"))
        found.append(type("LeagueRow", (), {"name": name, "cells": cells}))
    return found
