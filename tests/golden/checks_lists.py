"""What is compared on lists: receipts and their files, one receipt, what was given away and taken off, drawers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

from tests.golden.checks_reports import Numbers, summed, total_of, unknown_names, written
from tests.golden.independent import EPOCH
from tests.golden.reading import csv_rows, dong, facts_of, measure, number, page_of, rows_of, sheets_of
from tests.golden.visit import NAMES, Visit, checks

BEARERS = {"producer": "chủ thể", "organiser": "ban tổ chức", "shared": "cùng chịu", "": "chưa ghi ai chịu"}
PURPOSES = {"tasting": "Ăn thử", "gift": "Tặng", "sample": "Hàng mẫu", "damaged": "Hỏng, vỡ"}


def questions(visit: Visit) -> list[tuple[str, Numbers]]:
    """What a list of receipts may be narrowed by → (sales, refunds, đồng)."""
    asked: list[tuple[str, Numbers]] = []
    days: list[date | None] = [None, *(visit.days if visit.whole else visit.days[:1])]
    for day in days:
        narrow = f"day={day}&" if day else ""
        total = total_of(visit, day)
        asked.append((narrow, (total[0], total[1], total[2] - total[3])))
        asked.append((f"{narrow}kind=sale", (total[0], 0, total[2])))
        asked.append((f"{narrow}kind=refund", (0, total[1], -total[3])))
        for name, by in (("hour", "receipt.hour"), ("booth", "receipt.booth_id"), ("zone", "booth.zone")):
            for key, one in visit.figures.receipts_by(by, day).items():
                asked.append((f"{narrow}{name}={key}", (one[0], one[1], one[2] - one[3])))
        for name, by in (("product", "line.product_id"), ("producer", "line.producer_id")):
            for key, one in visit.figures.goods_by(by, day).items():
                asked.append((f"{narrow}{name}={key}", (one[6], one[7], one[4] - one[5])))
        off, counted = visit.figures.discounts_by("receipt.day", day), visit.figures.discounted(day)
        asked.append((f"{narrow}part=discount", (*counted, summed(off, 2)[0] - summed(off, 2)[1])))
    return asked


@checks("reports.receipts")
def the_receipts(visit: Visit) -> None:
    for narrow, (sales, refunds, amount) in questions(visit):
        page = f"reports.receipts {narrow}"
        main = visit.page(f"{visit.at}/receipts?{narrow}").by_id("main")
        shown = [main.by_id(one).text() for one in ("sum", "sales", "refunds")]
        visit.same(page, "sums", shown, [dong(amount), number(sales), number(refunds)])
        rows = rows_of(main.all("table")[0]) if main.all("table") else []
        if len(rows) < 200:  # a whole page; the longer lists are compared as files
            listed = sum(
                int(re.sub(r"[^\d]", "", one)) * (-1 if one.startswith("−") else 1) for one in amounts_of(rows)
            )
            visit.same(page, "rows", (len(rows), listed), (sales + refunds, amount))


def amounts_of(rows: list[Any]) -> list[str]:
    return [list(row.cells.values())[-1] for row in rows]


@checks("reports.receipts_file")
def the_receipt_files(visit: Visit) -> None:
    for day in (None, *visit.days):
        narrow = f"?day={day}" if day else ""
        total, goods = total_of(visit, day), summed(visit.figures.goods_by("line.product_id", day), 8)
        off = summed(visit.figures.discounts_by("receipt.day", day), 2)
        wanted = (total[0] + total[1], total[2] - total[3], off[0] - off[1], total[4] - total[5])
        book = sheets_of(visit.data(f"{visit.at}/receipts.xlsx{narrow}"))
        texts = csv_rows(visit.data(f"{visit.at}/receipts.csv{narrow}"))
        for name, rows in (("receipts.xlsx", book[0]), ("receipts.csv", texts)):
            columns = ("Tổng phiếu (đồng)", "Giảm giá (đồng)", "Làm tròn (đồng)")
            visit.same(f"reports.receipts_file {name} {day}", "sums", (len(rows) - 1, *sums_of(rows, columns)), wanted)
        lines = csv_rows(visit.data(f"{visit.at}/lines.csv{narrow}"))
        for name, rows in (("receipts.xlsx, lines", book[1]), ("lines.csv", lines)):
            columns = ("Thành tiền (đồng)", "Giảm giá (đồng)", "Cân (gam)")
            shown = sums_of(rows, columns)
            visit.same(
                f"reports.receipts_file {name} {day}", "sums", shown,
                (goods[4] - goods[5], off[0] - off[1], goods[2] - goods[3]),
            )  # fmt: skip


def sums_of(rows: list[list[Any]], columns: tuple[str, ...]) -> tuple[int, ...]:
    """Sums of columns; empty cells are none."""
    places = [[str(one) for one in rows[0]].index(column) for column in columns]
    return tuple(sum(int(row[place] or 0) for row in rows[1:]) for place in places)


@checks("reports.sale")
def each_sale(visit: Visit) -> None:
    receipts = visit.figures.receipts_by("receipt.id")
    wanted = sorted(receipts) if not visit.whole else special(visit)
    for sale_id in wanted[: None if visit.whole else 6]:
        sales, _refunds, sold, back, *_rounding = receipts[sale_id]
        main = visit.page(f"/sales/{sale_id}").by_id("main")
        total = rows_of(main.all("table")[0])[-1]
        visit.same(f"reports.sale {sale_id}", "total", list(total.cells.values())[-1], dong(sold if sales else back))
        paid = facts_of(main.all("dl", "facts")[0])
        money = visit.figures.money_by("paid.id").get(sale_id, (0,) * 4)
        shown = sum(amount_in(one) for word, one in paid.items() if word != "Tổng máy gửi")
        visit.same(f"reports.sale {sale_id}", "paid", shown, abs(sum(money)))


def special(visit: Visit) -> list[str]:
    """The receipts of the first booth: its regular and all special ones."""
    return [key.split("|")[0] for key in visit.figures.receipts_by("receipt.id || '|' || booth.code") if "|A01" in key]


def amount_in(text: str) -> int:
    found = re.match(r"−?[\d.]+ ₫", text)
    return int(re.sub(r"\D", "", found.group())) if found else 0


@checks("costs.discounts", "costs.discounts_file")
def the_discounts(visit: Visit) -> None:
    page, words = "costs.discounts", cost_words(visit)
    main = visit.page(f"{visit.at}/discounts").by_id("main")
    given, back = summed(visit.figures.discounts_by("receipt.day"), 2)
    if not given and not back:
        return
    shown = [main.by_id(one).text() for one in ("net", "given", "back")]
    visit.same(page, "sums", shown, [dong(given - back), dong(given), dong(back)])
    for name, by in (
        ("day", "receipt.day"), ("booth", "receipt.booth_id"), ("producer", "line.producer_id"), ("borne_by", "line.bearer"),
    ):  # fmt: skip
        found = {words[name](key): one for key, one in visit.figures.discounts_by(by).items()}
        rows = {row.name: list(row.cells.values()) for row in rows_of(main.by_id(f"by-{name}").all("table")[0])}
        visit.same_rows(page, rows, {row: [dong(a), dong(b), dong(a - b)] for row, (a, b) in found.items()})
    files = (sheets_of(visit.data(f"{visit.at}/discounts.xlsx"))[0], csv_rows(visit.data(f"{visit.at}/discounts.csv")))
    for rows_in_file in files:
        visit.same("costs.discounts_file", "sum", sums_of(rows_in_file, ("Giảm giá (đồng)",)), (given - back,))


@checks("costs.giveaways", "costs.giveaways_file")
def what_was_given(visit: Visit) -> None:
    page, words = "costs.giveaways", cost_words(visit)
    main = visit.page(f"{visit.at}/giveaways").by_id("main")
    times, pieces, grams, worth = summed(visit.figures.given_by("placed.id"), 4)
    if not times:
        return
    shown = [main.by_id(one).text() for one in ("worth", "times", "pieces")]
    visit.same(page, "sums", shown, [dong(worth), number(times), number(pieces)])
    for name, by in (
        ("day", "placed.day"), ("booth", "placed.booth_id"), ("producer", "line.producer_id"), ("product", "line.product_id"),
        ("borne_by", "placed.borne_by"), ("purpose", "placed.purpose"),
    ):  # fmt: skip
        found = {words[name](key): one for key, one in visit.figures.given_by(by).items()}
        rows = {row.name: list(row.cells.values()) for row in rows_of(main.by_id(f"by-{name}").all("table")[0])}
        visit.same_rows(page, rows, {row: [measure(p, g), dong(w)] for row, (_times, p, g, w) in found.items()})
    files = (sheets_of(visit.data(f"{visit.at}/giveaways.xlsx"))[0], csv_rows(visit.data(f"{visit.at}/giveaways.csv")))
    for rows_in_file in files:
        columns = ("Số lượng", "Cân (gam)", "Trị giá (đồng)")
        visit.same("costs.giveaways_file", "sums", sums_of(rows_in_file, columns), (pieces, grams, worth))


def cost_words(visit: Visit) -> dict[str, Callable[[Any], str]]:
    """How a row of these tables is called."""
    booths, producers = visit.names(NAMES["booth"]), visit.names(NAMES["producer"])
    products = visit.names(NAMES["product"]) | unknown_names(visit)
    return {
        "day": lambda key: written(date.fromordinal(key + EPOCH)),
        "booth": booths.__getitem__,
        "producer": producers.__getitem__,
        "product": products.__getitem__,
        "borne_by": BEARERS.__getitem__,
        "purpose": PURPOSES.__getitem__,
    }


@checks("cash.drawers", "cash.without_session")
def cash_without_a_drawer(visit: Visit) -> None:
    """No drawer was opened at these fairs: all cash stands under «no session»."""
    count, sold, back = visit.figures.cash_receipts()
    if not count:
        return
    panel = visit.page(f"{visit.at}/drawers").by_id("main").all("section", "panel")[-1]
    wanted = {"Tổng số phiếu": number(count), "Bán ra": dong(sold), "Trả khách": dong(-back)}
    visit.same_rows("cash.drawers", facts_of(panel), wanted)
    main = visit.page(f"{visit.at}/drawers/without").by_id("main")
    said = f"{number(count)} phiếu: bán ra {dong(sold)}, trả khách {dong(back)}."
    visit.same("cash.without_session", "sums", said in [one.text() for one in main.all("p", "soft")], True)


def links_add_up(visit: Visit, day: date) -> None:
    """Every number of a day's page that opens to receipts: their sum, or their count, is that number."""
    html = visit.data(f"{visit.at}/?day={day}").decode()
    found = re.findall(r'<a href="([^"]*/receipts\?[^"]*)">([^<]+)</a>', html)
    assert len(found) > 100
    for address, text in dict.fromkeys(found):
        shown = " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())
        answers = page_of(visit.data(unescape(address)).decode())
        ids = {one.attributes["id"]: one.text() for one in answers.walk() if one.attributes.get("id") in SUMS}
        opened = {value.lstrip("−") for value in ids.values()}
        visit.same("reports.edition_day opens", address, shown.lstrip("−") in opened, True)


SUMS = {"sum", "sales", "refunds", "pieces", "grams"}
