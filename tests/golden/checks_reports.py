"""What is compared on the organiser's pages of figures: the day, the days, their plots and their files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

from tests.golden.independent import EPOCH
from tests.golden.reading import (
    Node,
    Row,
    csv_rows,
    dong,
    facts_of,
    measure,
    number,
    rows_of,
    sheets_of,
    short,
    svg_words,
)
from tests.golden.visit import NAMES, Visit, by_words, checks

PROVINCE = "COALESCE((SELECT name FROM admin_unit WHERE admin_unit.id = producer.province_id), 'Không rõ nơi')"
GOODS = {
    "products": "line.product_id",
    "producers": "line.producer_id",
    "groups": "COALESCE(product.group_code, 'unknown')",
    "stars": "star",
    "entities": "COALESCE(producer.kind, 'unknown')",
    "localities": PROVINCE,
}
"""Table of goods → what its rows are."""
PAID_BY_MAKER = {
    "producers": "paid.producer_id",
    "entities": "COALESCE(producer.kind, 'unknown')",
    "localities": PROVINCE,
}
UNKNOWN = "Không rõ (không có trong danh mục)"
GROUPS = {"thuc_pham": "Thực phẩm", "do_uong": "Đồ uống", "thu_cong_my_nghe": "Thủ công mỹ nghệ", "unknown": UNKNOWN}
STARS = {"5": "5 sao", "4": "4 sao", "3": "3 sao", "none": "Không có sao", "unknown": UNKNOWN}
KINDS = {"hop_tac_xa": "Hợp tác xã", "doanh_nghiep": "Doanh nghiệp", "ho_kinh_doanh": "Hộ kinh doanh"}
PLACES = {
    "hours": ("receipt.hour", "paid.hour"),
    "booths": ("receipt.booth_id", "paid.booth_id"),
    "zones": ("booth.zone", "booth.zone"),
}
METHODS = {"cash": "Tiền mặt", "transfer": "Chuyển khoản", "card": "Thẻ"}
SPLIT = ("Tiền mặt", "CK đã xác nhận", "CK chưa xác nhận", "Thẻ")
MONEY = ("Tiền mặt", "Chuyển khoản đã xác nhận", "Chuyển khoản chưa xác nhận", "Thẻ", "Cộng")
Numbers = tuple[int, ...]


def hour_name(hour: Any) -> str:
    return f"{int(hour):02d}:00–{(int(hour) + 1) % 24:02d}:00"


def written(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def total_of(visit: Visit, day: date | None) -> Numbers:
    """(sales, refunds, sold, given back, rounding of sales, rounding of refunds) of a day or of all."""
    return summed(visit.figures.receipts_by("receipt.day", day), 6)


def summed(found: Mapping[Any, Numbers], columns: int) -> Numbers:
    return tuple(sum(column) for column in zip(*found.values(), strict=True)) if found else (0,) * columns


def split_of(net: int, money: Numbers) -> tuple[int, ...]:
    """(cash, confirmed, claimed, card) of a net: what is not told otherwise is cash."""
    return (net - sum(money[1:]), *money[1:])


def table_figures(visit: Visit, name: str, day: date | None) -> dict[str, tuple[Numbers, Numbers, Numbers | None]]:
    """Row → (counts as its kind of table has them, (sold, given back), split or none)."""
    if name == "methods":
        return {METHODS[key]: ((), one, None) for key, one in visit.figures.methods(day).items()}
    if name in GOODS:
        words = goods_words(visit, name)
        found = by_words(visit.figures.goods_by(GOODS[name], day), words)
        # Of what was not paid in cash all goods are of one producer (see independent.py).
        paid = PAID_BY_MAKER.get(name)
        money = by_words(visit.figures.money_by(paid, day), words) if paid else {}
        return {
            row: (one[:4], one[4:6], split_of(one[4] - one[5], money.get(row, (0,) * 4)) if paid else None)
            for row, one in found.items()
        }
    key, of_money = PLACES.get(name, ("receipt.day", "paid.day"))
    words = visit.names(NAMES["booth"]) if name == "booths" else {}
    receipts, of_place = visit.figures.receipts_by(key, day), visit.figures.money_by(of_money, day)
    rows: dict[str, tuple[Numbers, Numbers, Numbers | None]] = {}
    for value, one in receipts.items():
        row = words.get(str(value), str(value))
        if name == "hours":
            row = hour_name(value)
        if name == "days":
            row = written(date.fromordinal(value + EPOCH))
        rows[row] = (one[:2], one[2:4], split_of(one[2] - one[3], of_place.get(value, (0,) * 4)))
    return rows


def goods_words(visit: Visit, name: str) -> dict[str, str]:
    """What the rows of a table of goods are called."""
    if name == "products":
        return visit.names(NAMES["product"]) | unknown_names(visit)
    if name == "producers":
        return visit.names(NAMES["producer"])
    return {"groups": GROUPS, "stars": STARS, "entities": KINDS}.get(name, {})


def unknown_names(visit: Visit) -> dict[str, str]:
    """Goods that no catalogue knows are called what the tablets called them."""
    known = visit.names(NAMES["product"])
    named = visit.figures.goods_by("line.product_id || '|' || line.name")
    return {key.split("|")[0]: key.split("|")[1] for key in named if key.split("|")[0] not in known}


def shown_cells(counts: Numbers, money: Numbers, kind: str) -> list[str]:
    pieces = (
        [measure(counts[0], counts[2]), measure(counts[1], counts[3])] if kind == "goods" else list(map(number, counts))
    )
    return [*pieces, dong(money[0]), dong(money[1]), dong(money[0] - money[1])]


def thousandths(part: int, whole: int) -> str:
    """«68,6 %», half up."""
    share = (2000 * part + whole) // (2 * whole)
    return f"{share // 10},{share % 10} %"


def kind_of(name: str) -> str:
    return "goods" if name in GOODS else "money" if name == "methods" else "receipts"


def compare_table(
    visit: Visit, page: str, table: Node, name: str, day: date | None, *, with_split: bool = True
) -> None:
    """A table of the page, row for row and cell for cell: what it shows of each and how each was paid.

    One that shows its first rows must hold all others as one row, and every row of it is compared on its own page as well.
    """
    expected = table_figures(visit, name, day)
    shown = {row.name: row for row in rows_of(table)}
    if any(row.startswith("… ") for row in shown):
        expected = compare_folded(visit, page, shown, expected, name, day, with_split=with_split)
    total = total_of(visit, day)
    rest = (total[4], total[5])
    for row, (counts, money, split) in expected.items():
        here = shown.pop(row, None)
        cells = shown_cells(counts, money, kind_of(name))
        visit.same(page, f"{name}: {row}", here and list(here.cells.values()), cells)
        if with_split and here is not None and split is not None and any(split[1:]):
            visit.same(
                page, f"{name}: {row}, paid", here.split, {w: dong(d) for w, d in zip(SPLIT, split, strict=True) if d}
            )
    if name in GOODS and any(rest):
        here = shown.pop("Làm tròn tiền mặt", None)
        visit.same(page, f"{name}: rounding", here and list(here.cells.values())[-3:], shown_cells((), rest, ""))
    foot = shown.pop("Tổng cộng", None)
    if foot is not None:
        wanted = shown_cells(total[:2] if kind_of(name) == "receipts" else (), total[2:4], "")
        visit.same(page, f"{name}: total", list(foot.cells.values())[-len(wanted) :], wanted)
    for row, here in shown.items():  # an hour in which nothing was sold, a booth that sold nothing
        nothing = {"0", "0 ₫"}
        visit.same(page, f"{name}: {row}", set(here.cells.values()) - nothing, set())


Expected = dict[str, tuple[Numbers, Numbers, Numbers | None]]
FOLDED_TO = 10
NOT_TOTALS = {"Tổng cộng", "Làm tròn tiền mặt"}
LAST = {UNKNOWN, "Không rõ nơi", "Không rõ chủ thể"}


def compare_folded(
    visit: Visit, page: str, shown: dict[str, Row], expected: Expected, name: str, day: date | None, *, with_split: bool
) -> Expected:
    """Of a table that shows its first rows: the row of all others, taken from `shown`, and the table's own page with every row.

    Returns what is expected of the rows that are shown.
    """
    (others,) = [shown.pop(row) for row in list(shown) if row.startswith("… ")]
    alone = visit.page(f"{visit.at}/totals/{name}" + (f"?day={day}" if day else "")).by_id("main").all("table")[0]
    compare_table(visit, f"{page}, all of it", alone, name, day)
    rows = [row for row in shown if row not in NOT_TOTALS]
    every = {row.name for row in rows_of(alone)} - NOT_TOTALS
    visit.same(page, f"{name}: rows shown, and not shown", (len(rows), set(rows) <= every), (FOLDED_TO, True))
    visit.same(page, f"{name}: others, how many", others.name, f"… {number(len(every) - FOLDED_TO)} dòng khác")
    here = {row: one for row, one in expected.items() if row in shown}
    hidden = {row: one for row, one in expected.items() if row not in shown}
    columns = zip(*((counts, money) for counts, money, _split in hidden.values()), strict=True)
    counts, money = (tuple(map(sum, zip(*column, strict=True))) for column in columns)
    visit.same(page, f"{name}: others", list(others.cells.values()), shown_cells(counts, money, kind_of(name)))
    splits = [split for _counts, _money, split in hidden.values() if split is not None]
    paid = [sum(column) for column in zip(*splits, strict=True)]
    if with_split and any(paid[1:]):
        words = {word: dong(amount) for word, amount in zip(SPLIT, paid, strict=True) if amount}
        visit.same(page, f"{name}: others, paid", others.split, words)
    least = min((one[1][0] - one[1][1] for row, one in here.items() if row not in LAST), default=0)
    more = [row for row, one in hidden.items() if one[1][0] - one[1][1] > least and row not in LAST]
    visit.same(page, f"{name}: those with the most money are shown", more, [])
    return here


def compare_head(visit: Visit, page: str, main: Node, day: date | None) -> None:
    """The six figures, and what the net is made of."""
    sales, refunds, sold, back, up, up_back = total_of(visit, day)
    net = sold - back
    average = (2 * net + sales) // (2 * sales) if sales else 0
    wanted = {
        "Bán ra": dong(sold), "Trả lại": dong(back), "Thực thu": dong(net), "Phiếu bán": number(sales),
        "Phiếu trả": number(refunds), "Thực thu mỗi phiếu bán": dong(average),
    }  # fmt: skip
    facts = facts_of(main.all("dl", "figures")[0])
    visit.same_rows(
        page, {f"head: {word}": facts.get(word) for word in wanted}, {f"head: {w}": a for w, a in wanted.items()}
    )
    off = summed(visit.figures.discounts_by("receipt.day", day), 2)
    discount, rounding = off[0] - off[1], up - up_back
    if discount or rounding:
        parts = [net + discount - rounding, *([discount] if discount else []), *([rounding] if rounding else []), net]
        made = [one.text() for line in main.all("p", "makeup") if "share" not in line.classes for one in line.all("b")]
        visit.same(page, "head: made of", made[: len(parts)], [dong(one) for one in parts])
    for line in main.all("p", "share"):
        stars = {key: one[4] - one[5] for key, one in visit.figures.goods_by("star", day).items()}
        ocop = sum(one for key, one in stars.items() if key in {"3", "4", "5"})
        shown = [one.text() for one in (*line.all("b"), *line.all("strong"))]
        share = [thousandths(ocop, net)] if ocop >= 0 and net > 0 and 2000 * ocop < 2001 * net else []
        visit.same(page, "head: OCOP", shown, [dong(ocop), dong(net), *share])


def compare_money(visit: Visit, page: str, main: Node, day: date | None) -> None:
    """Money received: all, by booth, by account."""
    panel = main.by_id("money")
    by_booth = by_words(visit.figures.money_by("paid.booth_id", day), visit.names(NAMES["booth"]))
    total = summed(by_booth, 4)
    visit.same(page, "money: all", facts_of(panel), dict(zip(MONEY, map(dong, (*total, sum(total))), strict=True)))
    compare_others(visit, f"{page} money", panel, day)
    if any(row.name.startswith("… ") for table in panel.all("table") for row in rows_of(table)):
        panel = money_alone(visit, day)
    tables = panel.all("table")
    shown = {row.name: list(row.cells.values()) for row in rows_of(tables[0])}
    visit.same_rows(
        page, {f"money: {row}": cells for row, cells in shown.items()},
        {f"money: {row}": [*map(dong, (*one, sum(one)))] for row, one in by_booth.items()},
    )  # fmt: skip
    by_account = visit.figures.money_by("paid.account_id", day)
    numbers = visit.names(NAMES["account"])
    wanted = {numbers.get(str(key), ""): one[1:3] for key, one in by_account.items() if any(one[1:3])}
    rows = rows_of(tables[1]) if len(tables) > 1 else []
    for account, one in wanted.items():
        here = [row for row in rows if (account[-3:] in row.name if account else row.name == "không ghi tài khoản")]
        visit.same(page, f"money: account {account}", [list(row.cells.values()) for row in here], [[*map(dong, one)]])
    visit.same(page, "money: accounts", len(rows), len(wanted))


def money_alone(visit: Visit, day: date | None) -> Node:
    """The panel with every row, on its own page."""
    return visit.page(f"{visit.at}/money" + (f"?day={day}" if day else "")).by_id("main").by_id("money")


def amounts_of(row: Row) -> tuple[int, ...]:
    return tuple(int(re.sub(r"[^0-9−]", "", cell).replace("−", "-")) for cell in row.cells.values())


def compare_others(visit: Visit, page: str, panel: Node, day: date | None) -> None:
    """Tables of money that show their first rows: those are rows of the whole table, the others are in one row."""
    for place, table in enumerate(panel.all("table")):
        rows = rows_of(table)
        others = [row for row in rows if row.name.startswith("… ")]
        if not others:
            continue
        every = rows_of(money_alone(visit, day).all("table")[place])
        shown = [row for row in rows if row not in others]
        hidden = [row for row in every if row not in shown]
        visit.same(page, "rows shown", (len(shown), len(hidden)), (FOLDED_TO, len(every) - FOLDED_TO))
        visit.same(page, "others, how many", others[0].name, f"… {number(len(hidden))} dòng khác")
        sums = tuple(sum(column) for column in zip(*map(amounts_of, hidden), strict=True))
        visit.same(page, "others", amounts_of(others[0]), sums)


@checks("reports.money")
def the_money(visit: Visit) -> None:
    for day in (None, *visit.days):
        main = visit.page(f"{visit.at}/money" + (f"?day={day}" if day else "")).by_id("main")
        rows = [row.name for table in main.all("table") for row in rows_of(table)]
        visit.same(f"reports.money {day}", "money: every row", [row for row in rows if row.startswith("… ")], [])
        compare_money(visit, f"reports.money {day}", main, day)


@checks("reports.edition_day")
def the_day(visit: Visit) -> None:
    for day in visit.days:
        page = f"reports.edition_day {day}"
        main = visit.page(f"{visit.at}/?day={day}").by_id("main")
        compare_head(visit, page, main, day)
        compare_money(visit, page, main, day)
        for section in main.all("section", "panel"):
            name = section.attributes.get("id", "")
            if name in {*PLACES, *GOODS, "methods"}:
                compare_table(visit, page, section.all("table")[0], name, day)


@checks("reports.edition_days")
def the_days(visit: Visit) -> None:
    page = "reports.edition_days"
    main = visit.page(f"{visit.at}/days").by_id("main")
    compare_head(visit, page, main, None)
    compare_money(visit, page, main, None)
    compare_table(visit, page, main.by_id("days").all("table")[0], "days", None)


@checks("totals.edition", "totals.table")
def the_whole_edition(visit: Visit) -> None:
    main = visit.page(f"{visit.at}/totals").by_id("main")
    compare_head(visit, "totals.edition", main, None)
    for section in main.all("section", "panel"):
        name = section.attributes["id"]
        compare_table(visit, "totals.edition", section.all("table")[0], name, None)
        alone = visit.page(f"{visit.at}/totals/{name}").by_id("main")
        compare_table(visit, "totals.table", alone.all("table")[0], name, None)


@checks("reports.editions")
def the_editions(visit: Visit) -> None:
    today = (datetime.now(timezone.utc) + timedelta(hours=3)).date()
    total, now = total_of(visit, None), total_of(visit, today)
    rows = rows_of(visit.page("/editions/").by_id("main").all("table")[0])
    (row,) = [one for one in rows if re.match(re.escape(visit.name) + r"(?!\d)", one.name)]
    wanted = (dong(now[2] - now[3]) if any(now) else "–", number(total[0]), dong(total[2] - total[3]))
    visit.same("reports.editions", row.name, tuple(row.cells.values())[-3:], wanted)


@checks("reports.plot")
def the_plots(visit: Visit) -> None:
    days = visit.days if visit.whole else visit.days[:1]
    plots: list[tuple[str, str, date | None]] = [(f"hours.svg?day={day}", "receipt.hour", day) for day in days]
    for address, by, day in [*plots, ("days.svg", "receipt.day", None)]:
        nets = [one[2] - one[3] for one in visit.figures.receipts_by(by, day).values()]
        words = svg_words(visit.data(f"{visit.at}/plots/{address}").decode())
        amounts = [one for one in words if re.fullmatch(r"−?[\d.]+(,\d+)?(k| tr| tỷ)?", one)]
        visit.same("reports.plot", address, sorted(amounts), sorted(short(net) for net in nets if net))


FILES = ("hours", "booths", "zones", *GOODS, "methods")


@checks("reports.table_file", "totals.table_file")
def the_files(visit: Visit) -> None:
    of_days = [(name, day) for day in (visit.days if visit.whole else visit.days[:1]) for name in FILES]
    for name, day in [("days", None), *((name, None) for name in FILES), *of_days]:
        if name == "zones" and len(visit.figures.receipts_by("booth.zone")) < 2:
            continue  # one zone is no table
        expected, total = table_figures(visit, name, day), total_of(visit, day)
        wanted = {row: file_cells(name, *one) for row, one in expected.items()}
        if name in GOODS and (total[4] or total[5]):
            split = split_of(total[4] - total[5], (0,) * 4) if name in PAID_BY_MAKER else None
            wanted["Làm tròn tiền mặt"] = file_cells(name, (0,) * 4, total[4:6], split)
        for ending in ("xlsx", "csv"):
            door = "tables" if day or name == "days" else "totals"
            page = f"{'reports' if door == 'tables' else 'totals'}.table_file {name}.{ending} {day}"
            data = visit.data(f"{visit.at}/{door}/{name}.{ending}" + (f"?day={day}" if day else ""))
            rows = sheets_of(data)[0] if ending == "xlsx" else csv_rows(data)
            shown = file_rows(rows)
            nothing = {row: cells for row, cells in shown.items() if row not in wanted and not any(cells)}
            visit.same_rows(page, {row: shown[row] for row in shown if row not in nothing}, wanted)


def file_rows(rows: Sequence[Sequence[Any]]) -> dict[str, list[int]]:
    """The rows of a file under their headings."""
    return {str(row[0]): [int(one) for one in row[1:]] for row in rows[1:]}


def file_cells(name: str, counts: Numbers, money: Numbers, split: Numbers | None) -> list[int]:
    """The cells of a row in a file: every number by itself."""
    return [*counts, *money, money[0] - money[1], *(split or ())]
