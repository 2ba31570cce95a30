"""Facts written by hand, the report made of them, and ways to read what comes out."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import docx
from flask import Flask
from flask_babel import force_locale
from openpyxl import load_workbook

from fair_pos.daysheet.rules import Badge, Signed
from fair_pos.final_report.facts import DayFacts, EditionFacts, Facts, Happening, SignedDay, with_keys
from fair_pos.final_report.forms import Said
from fair_pos.final_report.rules import Report, Table
from fair_pos.final_report.wording import report_of
from fair_pos.floorplan.rules import PlanSize
from fair_pos.kernel.day import VIETNAM
from fair_pos.published.rules import Published
from fair_pos.reports import comparison as compared
from fair_pos.reports.comparison import Column
from fair_pos.reports.export import Table as FigureTable
from fair_pos.reports.heat import HeatCell, HeatWords
from fair_pos.reports.plan_heat import Drawn
from fair_pos.reports.rules import Figure, Makeup, together
from fair_pos.reports.shares import Share
from fair_pos.venues.tables import Edition

FIRST, SECOND = date(2026, 11, 20), date(2026, 11, 21)
AT = datetime(2026, 11, 22, 9, 30, tzinfo=VIETNAM)
CLOSED = datetime(2026, 11, 20, 22, 15, tzinfo=VIETNAM)
NASTY = (
    '=HYPERLINK("http://x.example";"bấm")', "<script>alert(1)</script>", "{{7*7}}", "Mật \u202e000.5\u202c ong", 'Ông "A" & bà <B>', "Đ" * 300
)  # fmt: skip
"""Names that try to be something else than names."""


def badge(what: Any = "sales", **changes: Any) -> Badge:
    made = Badge(what, 2, 2, CLOSED, 0, (), True, True, Signed(1, 1, "Vừ A Lan", CLOSED))
    return replace(made, **changes)


def money(net: int = 900_000, refunded: int = 100_000) -> Figure:
    return Figure("", "", receipts=10, refunds=1, sold_dong=net + refunded, refunded_dong=refunded)


def day_facts(day: date = FIRST, **changes: Any) -> DayFacts:
    signed = SignedDay(1, "Vừ A Lan", CLOSED)
    made = DayFacts(day, money(), badge(), badge("visitors"), entries=1_600, peak=400, peak_at=CLOSED, distinct=1_200, planned=1_000, sheets=(signed,))  # fmt: skip
    return replace(made, **changes)


def column(name: str, days: int, **figures: int) -> Column:
    """An edition as the comparison has it, its figures stated from a source."""
    said = {key: compared.Cell(value, "stated") for key, value in figures.items()}
    edition = Edition(id=name, name=name, kind="fair", starts_day=FIRST, day_boundary_minutes=240)
    return Column(edition, days, days, said, {}, (), None, True)


def heat(*codes: str) -> Drawn:
    """A plan with these booths on it."""
    cells = tuple(HeatCell(10, 20, 30, 30, code, "1,8", 5) for code in codes)
    words = HeatWords("Thực thu, triệu đồng, cả hội chợ", "Chưa có phiếu nào", "Chưa xếp gian nào lên sơ đồ")
    table = FigureTable(
        "booths",
        "Theo gian hàng",
        "Gian hàng",
        "booth",
        "receipts",
        [replace(money(), name=f"{code} · Gian") for code in codes],
    )
    return Drawn(cells, words, PlanSize(), (), table)


def facts(days: tuple[DayFacts, ...] | None = None, **changes: Any) -> Facts:
    """A fair of two days, all signed; key figures are worked out from the days unless given."""
    days = (day_facts(), day_facts(SECOND)) if days is None else days
    total = together(one.money for one in days)
    edition = EditionFacts(
        name="Tuần lễ OCOP 2026", place="Công viên Lê Thị Riêng", series="Tuần lễ OCOP", number_in_series=3, starts_day=FIRST,
        ends_day=SECOND, opens_minute=480, closes_minute=1320, sample=False, booths=2, zones=1, enterprises=3,
        localities=2, products=9,
    )  # fmt: skip
    made = Facts(
        at=AT, edition=edition, days=days, total=total, makeup=Makeup(total.net_dong, 0, 0), share=Share(686_000, 1_000_000, 686),
        published=Published(), changes=(), badge=badge(of_day=False, sheet=None, days_signed=len(days), days_begun=len(days)),
        now=column("Tuần lễ OCOP 2026", 2, visits=3_200, net_dong=1_800_000, receipts=80),
        before=column("Tuần lễ OCOP 2025", 5, visits=47_000, net_dong=4_000_000, receipts=100),
        programme=(Happening(FIRST, 540, "opening", "Khai mạc"),), devices=(), quarantined=0,
    )  # fmt: skip
    made = replace(made, **changes)
    live: dict[str, int | None] = {
        "days": len(made.days) or None, "visits": made.entries, "peak": made.peak_day.peak if made.peak_day else None,
        "distinct": made.distinct, "receipts": total.receipts or None, "refunds": total.refunds if total.receipts else None,
        "sold_dong": total.sold_dong if total.receipts else None, "refunded_dong": total.refunded_dong if total.receipts else None,
        "net_dong": total.net_dong if total.receipts else None, "average_dong": total.average_dong if total.receipts else None,
        "ocop_dong": made.share.ocop_dong if total.receipts else None,
    }  # fmt: skip
    return made if made.keys else replace(made, keys=with_keys(made.published, live))


def figure_tables(total: Figure | None = None, names: tuple[str, ...] = ("Mật ong",)) -> dict[str, FigureTable]:
    """One row of everything, by the names that reports.day_tables gives its tables."""
    total = total or together([money(), money()])
    rows = [replace(total, key="booth-a", name=name) for name in names]
    counts: Mapping[str, Any] = {
        "products": "pieces",
        "groups": "pieces",
        "stars": "pieces",
        "localities": "pieces",
        "methods": "money",
    }
    found = ("days", "hours", "booths", "groups", "stars", "products", "localities", "methods")
    made = {name: FigureTable(name, f"Theo {name}", "Tên", name, counts.get(name, "receipts"), rows) for name in found}
    return made | {"days": replace(made["days"], figures=[replace(total, key=FIRST.isoformat(), name="20/11/2026")])}


def report(
    app: Flask,
    made: Facts | None = None,
    said: Said | None = None,
    tables: dict[str, FigureTable] | None = None,
    language: str = "vi",
) -> Report:
    with app.test_request_context(), force_locale(language):
        found = figure_tables() if tables is None else tables
        return report_of(made or facts(), found, heat("A01"), said or Said(), language)


def table_of(made: Report, code: str) -> Table:
    return next(one for one in made.tables if one.code == code)


def words_of(made: Report) -> str:
    """All headings and paragraphs, one a line."""
    blocks = [block for part in (*made.parts, *made.annexes) for block in part.blocks]
    return "\n".join(getattr(block, "text", "") for block in blocks)


def read_pdf(pdf: bytes) -> str:
    """Its words, every gap one blank."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def read_docx(data: bytes) -> str:
    """Its paragraphs and cells, every gap one blank."""
    body = docx.Document(io.BytesIO(data)).element.body
    texts = (
        "".join(node.text or "" for node in line.iter() if node.tag.endswith("}t"))
        for line in body.iter()
        if line.tag.endswith("}p")
    )
    return " ".join(" ".join(texts).replace("\N{NO-BREAK SPACE}", " ").split())


def read_xlsx(data: bytes) -> dict[str, list[list[Any]]]:
    """Sheet → rows of values."""
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}
