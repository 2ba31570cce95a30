from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from fair_pos.final_report.annexes import annexes_of, buying_table, sent_table, sheets_table, state_words
from fair_pos.final_report.facts import Change, Device, Facts, SignedDay
from fair_pos.final_report.rules import Table, written
from fair_pos.published.rules import Entry, Published
from fair_pos.reports.conversion import HourConversion
from tests.final_report.samples import AT, CLOSED, FIRST, SECOND, badge, day_facts, facts, figure_tables, heat


@pytest.fixture(autouse=True)
def _words(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def lines(table: Table) -> list[list[str]]:
    return [[written(cell) for cell in row] for row in table.lines]


def third(some: Facts) -> str:
    """What annex III says, without its tables."""
    return "\n".join(
        getattr(block, "text", "") for block in annexes_of(some, figure_tables(), heat())[2].blocks
    ).replace("\N{NO-BREAK SPACE}", " ")


def test_all_three_annexes_are_always_there() -> None:
    for some in (facts(), facts(days=())):
        assert [one.number for one in annexes_of(some, {} if not some.days else figure_tables(), heat())] == [
            "I",
            "II",
            "III",
        ]


def test_annex_one_has_every_row() -> None:
    many = figure_tables(names=tuple(f"Sản phẩm {at}" for at in range(670)))
    tables = {block.code: block for block in annexes_of(facts(), many, heat())[0].blocks if isinstance(block, Table)}
    assert set(tables) == {"hours", "booths", "products", "localities", "payments"}
    assert len(tables["products"].rows) == 670
    few = annexes_of(facts(), figure_tables(), heat())[0].blocks
    codes = [block.code for block in few if isinstance(block, Table)]
    assert codes == ["hours", "booths", "products", "payments"], "places that the text has whole are not repeated"


def test_a_day_says_who_sent_and_who_signed() -> None:
    running = badge(sheet=None, complete=142, total=150, waiting=7, late=("B", "C"), is_over=False)
    some = facts(days=(day_facts(oddities=3), day_facts(SECOND, badge=running, sheets=())))
    assert lines(sent_table(some)) == [
        ["20/11/2026", "đã chốt", "2/2", "22:15", "0", "", "2/2", "3"],
        ["21/11/2026", "tạm tính", "142/150", "22:15", "7", "B, C", "2/2", "0"],
    ]
    again = SignedDay(1, "Vừ A Lan", CLOSED, "Vừ A Dua", AT, "Máy B gửi thêm")
    assert lines(
        sheets_table(
            facts(days=(day_facts(sheets=(again, SignedDay(2, "Vừ A Lan", AT))), day_facts(SECOND, sheets=())))
        )
    ) == [
        ["20/11/2026", "1", "Vừ A Lan", "22:15 20/11/2026", "Vừ A Dua, 22/11/2026 09:30: Máy B gửi thêm"],
        ["20/11/2026", "2", "Vừ A Lan", "09:30 22/11/2026", ""],
        ["21/11/2026", "–", "chưa chốt", "–", ""],
    ]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "đã chốt"),
        ({"late_receipts": 1, "late_dong": 5}, "đã chốt, sau đó có thêm"),
        ({"sheet": None}, "đã nhận đủ, chưa chốt"),
        ({"sheet": None, "complete": 1}, "tạm tính"),
        ({"sheet": None, "begun": False, "is_over": False}, "chưa đến ngày"),
    ],
)
def test_each_state_has_its_words(changes: dict[str, object], word: str) -> None:
    assert state_words(day_facts(badge=badge(**changes))) == word


def test_late_data_devices_gates_and_oddities_are_named() -> None:
    day = day_facts(
        badge=badge(late_receipts=2, late_dong=-70_000), visitor_badge=badge("visitors", late_people=9, empty_hours=4), silent_gates=("Cổng phụ",),
        corrections=1, paper_tallies=2, oddities=5,
    )  # fmt: skip
    devices = (
        Device("D", "A04", None, 0, 0),
        Device("E", "A05", CLOSED, 3, 2),
        Device("Chị Hoa", "", None, 0, 0, is_phone=True),
    )
    said = third(facts(days=(day,), devices=devices, quarantined=1))
    for sentence in (
        "Ngày 20/11/2026: thêm 2 phiếu, −70.000 ₫ sau khi chốt.",
        "Ngày 20/11/2026: lượt vào thay đổi 9 sau khi chốt.",
        "Máy D (A04): chưa lần nào liên lạc.",
        "Máy E (A05): liên lạc lần cuối 20/11/2026 22:15, còn giữ 3 bản ghi chưa gửi, hụt 2 số giữa chừng.",
        "Điện thoại cổng Chị Hoa: chưa lần nào liên lạc.",
        "Ngày 20/11/2026: không có số đếm của Cổng phụ cả ngày.",
        "Ngày 20/11/2026: 4 giờ mở cửa ở cổng không có số đếm.",
        "Ngày 20/11/2026: 1 lần điều chỉnh số khách, 2 lần ghi từ giấy.",
        "5 điều cần xem",
        "1 gói dữ liệu không đọc được",
    ):
        assert sentence in said, sentence


def test_no_change_of_visitors_is_said_that_never_was() -> None:
    said = third(facts(days=(day_facts(paper_tallies=14),)))
    below = said.split("Số khách điều chỉnh và ghi từ giấy\n")[1]
    assert below.startswith("Ngày 20/11/2026: 14 lần ghi từ giấy.")
    assert "Cổng không có số đếm\nKhông có." in said
    assert "0 lần" not in said


def test_nothing_missing_is_said_too() -> None:
    said = third(facts())
    assert said.count("Không có.") == 4
    assert "Đã chốt 2 trên 2 ngày." in said
    assert "Chưa có số liệu công bố" in said
    assert "tạm tính" not in said


def test_published_figures_and_adjustments() -> None:
    entry = Entry(1, None, "net_dong", 1_700_000, None, "frozen", "", "", "p", CLOSED)
    change = Change(AT, None, "net_dong", 1_600_000, 1_700_000, "Vừ A Lan", "đơn gửi muộn")
    some = facts(published=Published((entry,)), changes=(change,))
    assert "Số liệu được khóa lúc 20/11/2026 22:15." in third(some)
    codes = [block.code for block in annexes_of(some, figure_tables(), heat())[2].blocks if isinstance(block, Table)]
    assert codes == ["completeness", "sheets", "differences", "adjustments"]
    same = replace(entry, value=1_800_000)
    assert "đúng bằng số đã công bố" in third(facts(published=Published((same,))))
    assert "Không có điều chỉnh nào" in third(facts(published=Published((same,))))


def test_sales_against_visitors_only_where_every_gate_spoke() -> None:
    bought = HourConversion(None, 60, 1, 900_000, 1_000, ())
    some = facts(days=(day_facts(buying=bought), day_facts(SECOND, buying=None)))
    assert lines(buying_table(some)) == [
        ["20/11/2026", "1.000", "60", "6,0", "900.000", "900"],
        ["21/11/2026", "–", "–", "–", "–", "–"],
    ]
    assert some.days[0].day == FIRST
