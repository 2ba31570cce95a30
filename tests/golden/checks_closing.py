"""What is compared on the pages that outlive a fair: published figures, editions beside each other, the closing report and its files."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from docx import Document

from tests.golden.checks_reports import (
    GOODS,
    Numbers,
    summed,
    table_figures,
    thousandths,
    total_of,
    written,
)
from tests.golden.fair import DAYS
from tests.golden.independent import EPOCH
from tests.golden.reading import Node, csv_rows, dong, number, rows_of, sheets_of, short, svg_words
from tests.golden.visit import Visit, checks

REPORT_TABLES = ("hours", "zones", "booths", *GOODS, "methods")


def key_figures(visit: Visit, day: date | None = None) -> dict[str, int]:
    """Name of a figure → its value, of the edition or of a day."""
    total, stars = total_of(visit, day), visit.figures.goods_by("star", day)
    return {
        "visits": summed(visit.figures.visitors_by("day", day), 3)[0],
        "receipts": total[0],
        "refunds": total[1],
        "sold_dong": total[2],
        "refunded_dong": total[3],
        "net_dong": total[2] - total[3],
        "ocop_dong": sum(one[4] - one[5] for key, one in stars.items() if key in {"3", "4", "5"}),
        "booths": len(visit.golden.fair.booth_ids),
        "selling_booths": sum(1 for one in visit.figures.receipts_by("receipt.booth_id", day).values() if one[0]),
        "enterprises": sum(1 for one in visit.figures.goods_by("line.producer_id", day).values() if one[6]),
        "products": sum(1 for one in visit.figures.goods_by("line.product_id", day).values() if one[6]),
    }


def as_written(name: str, value: int) -> str:
    return dong(value) if name.endswith("_dong") else number(value)


def first_word(cell: Node) -> str:
    """The figure of a cell, without where it is from."""
    return cell.text(without=("origin", "growth", "dates", "soft"))


@checks("comparison.series")
def the_comparison(visit: Visit) -> None:
    """One column, that of the fair: the others' figures are published and compared in tests/reports and tests/published."""
    main, keys = visit.page(f"{visit.at}/comparison").by_id("main"), key_figures(visit)
    shown = {
        row.attributes["data-row"]: first_word(row.all("td")[0])
        for row in main.all("tr")
        if "data-row" in row.attributes
    }
    wanted = {name: as_written(name, keys[name]) for name in keys if name in shown}
    visit.same("comparison.series", "rows", {"visits", "receipts", "net_dong", "ocop_dong"} <= wanted.keys(), True)
    visit.same_rows("comparison.series", {name: shown[name] for name in wanted}, wanted)
    net_per_day = (2 * keys["net_dong"] + len(DAYS)) // (2 * len(DAYS))
    visit.same("comparison.series", "net_per_day", shown["net_per_day"], dong(net_per_day))
    for table in [one for one in main.all("table") if "data-days" in one.attributes]:
        name = table.attributes["data-days"]
        for place, (day, row) in enumerate(zip(DAYS, table.all("tbody")[0].all("tr"), strict=True), 1):
            value = key_figures(visit, day)[name]
            cell = row.all("td")[0].text()
            first = " ".join(cell.split()[: 2 if name.endswith("_dong") else 1])
            expected = as_written(name, value) if value or day in visit.days else None
            visit.same("comparison.series", f"day {place}: {name}", None if expected is None else first, expected)


@checks("comparison.table_file")
def the_comparison_as_a_file(visit: Visit) -> None:
    keys = key_figures(visit)
    for ending in ("xlsx", "csv"):
        data = visit.data(f"{visit.at}/comparison/editions.{ending}")
        rows = sheets_of(data)[0] if ending == "xlsx" else csv_rows(data)
        cells = {str(row[0]): row[2] for row in rows[1:]}
        for word, name in (("Phiếu bán", "receipts"), ("Thực thu", "net_dong"), ("Lượt khách", "visits")):
            visit.same(f"comparison.table_file {ending}", word, int(cells[word]), keys[name])
        data = visit.data(f"{visit.at}/comparison/days.{ending}")
        rows = sheets_of(data)[0] if ending == "xlsx" else csv_rows(data)
        for day, row in zip(DAYS, rows[1:], strict=True):
            if day in visit.days:
                of_day = key_figures(visit, day)
                visit.same(f"comparison.table_file days.{ending}", f"{day}", int(row[2]), of_day["net_dong"])
                visit.same(f"comparison.table_file days.{ending}", f"{day} receipts", int(row[5]), of_day["receipts"])


@checks("published.figures")
def what_is_published(visit: Visit) -> None:
    """What the system holds, and once the edition is frozen the published word beside it."""
    main, keys = visit.page(f"{visit.at}/published").by_id("main"), key_figures(visit)
    told_rows = [row for row in main.by_id("whole").all("tr") if "data-name" in row.attributes]
    for line in told_rows:
        name = line.attributes["data-name"]
        values = [cell.text() for cell in line.all("td", "number")]
        value = keys.get(name, len(DAYS))
        visit.same("published.figures", name, values[:2], [as_written(name, value)] * len(values[:2]))
    visit.same(
        "published.figures",
        "names",
        {line.attributes["data-name"] for line in told_rows} >= keys.keys() - {"visits"},
        True,
    )
    columns = ("visits", "receipts", "sold_dong", "refunded_dong", "net_dong", "ocop_dong")
    names = ("Lượt khách", "Phiếu bán", "Bán ra", "Trả lại", "Thực thu", "Trong đó hàng OCOP")
    tables = [one for one in main.all("table") if one.all("th")[0].text() == "Ngày"]
    for row in rows_of(tables[0]):
        day = date(*map(int, reversed(row.name[:10].split("/"))))
        wanted = {word: as_written(one, key_figures(visit, day)[one]) for word, one in zip(names, columns, strict=True)}
        shown = {word: row.cells.get(word) for word in wanted}
        told = {word: one for word, one in wanted.items() if shown[word] not in {"chưa có", None}}
        visit.same_rows(f"published.figures {day}", {word: shown[word] for word in told}, told)
        visit.same(f"published.figures {day}", "net", "Thực thu" in told or day not in visit.days, True)


# --- the closing report ---------------------------------------------------------------------------------------------


def report_rows(visit: Visit, name: str) -> dict[str, Numbers]:
    """Row of a table of the report → (sold, given back, net)."""
    return {
        row: (*money, money[0] - money[1]) for row, (_counts, money, _split) in table_figures(visit, name, None).items()
    }


def report_keys(visit: Visit) -> Mapping[str, str]:
    """Row of the report's key figures → as it is written there."""
    keys = key_figures(visit)
    sales, net = keys["receipts"], keys["net_dong"]
    found = {
        "Lượt khách vào": number(keys["visits"]), "Phiếu bán": number(sales), "Phiếu trả": number(keys["refunds"]),
        "Tiền bán ra": number(keys["sold_dong"]), "Tiền trả lại": number(keys["refunded_dong"]), "Thực thu": number(net),
        "Thực thu hàng OCOP": number(keys["ocop_dong"]), "Gian hàng": number(keys["booths"]),
        "Gian hàng có bán": number(keys["selling_booths"]), "Chủ thể có hàng bán ra": number(keys["enterprises"]),
        "Sản phẩm đã bán": number(keys["products"]),
    }  # fmt: skip
    if sales:
        found["Thực thu mỗi phiếu bán"] = number((2 * net + sales) // (2 * sales))
    goods = sum(one[4] - one[5] for one in visit.figures.goods_by("star").values())
    if 0 <= keys["ocop_dong"] <= goods > 0:
        found["Tỷ trọng hàng OCOP"] = thousandths(keys["ocop_dong"], goods)
    return found


def all_rows(visit: Visit) -> list[tuple[str, str, tuple[str, ...]]]:
    """(table, row, its last figures as written) of everything in the report."""
    found: list[tuple[str, str, tuple[str, ...]]] = [
        ("key_figures", row, (text,)) for row, text in report_keys(visit).items()
    ]
    for name in REPORT_TABLES:
        if name == "zones" and len(visit.figures.receipts_by("booth.zone")) < 2:
            continue
        found += [(name, row, tuple(map(number, one))) for row, one in report_rows(visit, name).items()]
    for day, one in visit.figures.receipts_by("receipt.day").items():
        money = (one[2], one[3], one[2] - one[3])
        found.append(("sales_days", written(date.fromordinal(day + EPOCH)), tuple(map(number, money))))
    return found


@checks("final_report.report")
def the_report(visit: Visit) -> None:
    main = visit.page(f"{visit.at}/final-report").by_id("main")
    tables = {one.attributes["id"]: one for one in main.all("table") if "id" in one.attributes}
    for table, row, texts in all_rows(visit):
        rows = [[cell.text() for cell in line.walk() if cell.name in {"td", "th"}] for line in tables[table].all("tr")]
        here = [cells for cells in rows if cells[0] == row]
        at = {"key_figures": slice(1, 2), "sales_days": slice(3, 6)}.get(table, slice(-3, None))
        visit.same("final_report.report", f"{table}: {row}", [tuple(cells[at]) for cells in here], [texts])


@checks("final_report.plain_file")
def the_report_as_files(visit: Visit) -> None:
    """Word, PDF, workbook and CSV hold the same rows: looked up by the row's name and its figures side by side."""
    rows = all_rows(visit)
    word = Document(io.BytesIO(visit.data(f"{visit.at}/final-report.docx")))
    in_word = {tuple(" ".join(cell.text.split()) for cell in row.cells) for table in word.tables for row in table.rows}
    tool = ["pdftotext", "-layout", "-", "-"]
    on_paper = ""
    if visit.whole:  # printed for the golden fair alone: that takes as long as all other pages of a small one
        data = visit.data(f"{visit.at}/final-report.pdf")
        on_paper = " ".join(subprocess.run(tool, input=data, capture_output=True, check=True).stdout.decode().split())
    book = sheets_of(visit.data(f"{visit.at}/final-report.xlsx"))
    in_book = {tuple(plain(cell) for cell in row) for sheet in book for row in sheet}
    in_text = put_together(csv_rows(visit.data(f"{visit.at}/final-report.csv")))
    for table, row, texts in rows:
        page = "final_report.plain_file"
        visit.same(f"{page} docx", f"{table}: {row}", holds(in_word, row, texts), True)
        if visit.whole:
            visit.same(f"{page} pdf", f"{table}: {row}", " ".join(texts) in on_paper, True)
        if table == "key_figures" and not texts[0].replace(".", "").lstrip("−").isdigit():
            continue  # a share is a fraction in a workbook
        figures = tuple(one.replace(".", "").replace("−", "-") for one in texts)
        visit.same(f"{page} xlsx", f"{table}: {row}", holds(in_book, named(table, row), figures), True)
        visit.same(f"{page} csv", f"{table}: {row}", holds(in_text, named(table, row), figures), True)


def put_together(rows: Sequence[Sequence[str]]) -> set[tuple[str, ...]]:
    """The file says every value on a row of its own (table, row, column, value, unit): the rows of the tables again."""
    found: dict[tuple[str, str], list[str]] = {}
    for table, row, _column, value, _unit in rows[1:]:
        found.setdefault((table, row), [row]).append(value)
    return {tuple(row) for row in found.values()}


def named(table: str, row: str) -> str:
    """A day stands in a workbook as a day."""
    return "-".join(reversed(row.split("/"))) if table == "sales_days" else row


def plain(cell: Any) -> str:
    """A cell as text: a day as 2025-10-15, a number by its digits, nothing as nothing."""
    if cell is None:
        return ""
    return cell.isoformat()[:10] if isinstance(cell, date) else str(cell)


def holds(rows: set[tuple[str, ...]], name: str, texts: tuple[str, ...]) -> bool:
    """Whether some row has this name and, side by side in it, these figures."""
    wanted = "\t".join(("", *texts, ""))
    return any(name in row and wanted in "\t".join(("", *row, "")) for row in rows)


# --- plots ----------------------------------------------------------------------------------------------------------


def amounts_written(visit: Visit, page: str, address: str, nets: Iterable[int]) -> None:
    """Every amount written in a plot is that of a figure, and the largest is written."""
    words = svg_words(visit.data(f"{visit.at}/{address}").decode())
    shown = {found for word in words for found in re.findall(r"−?\d[\d.,]*(?: tr|k| tỷ)(?!\w)", word)}
    known = {short(net) for net in nets}
    visit.same(page, f"{address}: amounts that are none", shown - known, set())
    highest = max(nets, default=0)
    if highest > 0:
        visit.same(page, f"{address}: the largest", short(highest) in shown, True)


@checks("totals.plot", "totals.league_plot", "plan.heat_image", "comparison.plot")
def the_other_plots(visit: Visit) -> None:
    days = [None, *(visit.days if visit.whole else visit.days[:1])]
    for day in days:
        asked = f"?day={day}" if day else ""
        for name in ("hours", "booths", "stars", "localities") if visit.whole else ("hours", "stars"):
            nets = [sold - back for _counts, (sold, back), _split in table_figures(visit, name, day).values()]
            amounts_written(visit, "totals.plot", f"totals/plots/{name}.svg{asked}", nets)
        nets = [sold - back for _counts, (sold, back), _split in table_figures(visit, "booths", day).values()]
        image = svg_words(visit.data(f"{visit.at}/plan/heat.svg{asked}").decode())
        visit.same("plan.heat_image", f"{day}", bool(image), True)
        amounts_written(visit, "totals.league_plot", f"league.svg?by=booth{asked.replace('?', '&')}", nets)
    # The curves have an axis; what is written beside one is what it comes to in the end.
    so_far = sum(key_figures(visit, day)["net_dong"] for day in DAYS)
    words = svg_words(visit.data(f"{visit.at}/comparison/cumulative.svg").decode())
    visit.same("comparison.plot", "the end", so_far <= 0 or any(short(so_far) in word for word in words), True)
