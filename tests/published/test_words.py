"""Every figure, origin, contradiction and open item has its words."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from flask import Flask

from fair_pos.published import words
from fair_pos.published.rules import NAMES, Contradiction, Entry, OpenItem


@pytest.fixture(autouse=True)
def _context(app: Flask) -> object:
    with app.test_request_context():
        yield


def test_every_figure_has_a_name_of_its_own_and_a_meaning() -> None:
    assert len({words.figure_name(name) for name in NAMES}) == len(NAMES)
    assert all(words.figure_meaning(name).endswith(".") for name in NAMES)


def test_values_and_changes() -> None:
    assert words.figure_text(6_800_000_000, "net_dong") == "6.800.000.000\u00a0₫"
    assert words.figure_text(-5, "net_dong") == "\u22125\u00a0₫"
    assert words.figure_text(54_000, "visits") == "54.000"
    assert words.figure_text(None, "visits") == "chưa có"
    assert words.change_text(1_000, "net_dong") == "+1.000\u00a0₫"
    assert (words.change_text(-3, "receipts"), words.change_text(0, "receipts")) == ("\u22123", "0")


def test_where_a_figure_is_from() -> None:
    kinds = ("frozen", "adjusted", "stated", "live", "summed")
    assert len({words.origin_word(kind) for kind in kinds}) == len(kinds)
    at = datetime(2023, 11, 1, tzinfo=timezone.utc)
    entry = Entry(1, None, "visits", 5, None, "stated", "Báo Quảng Ninh", "ghi lại", "p1", at)
    assert words.entry_words(entry) == "Báo Quảng Ninh; ghi lại"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Contradiction("net", None, "net_dong", (90, 100, 5)), "Thực thu 90\u00a0₫ khác bán ra 100\u00a0₫ trừ trả lại 5\u00a0₫."),
        (Contradiction("gross", None, "net_dong", (9, 7)), "Thực thu 9\u00a0₫ nhiều hơn bán ra 7\u00a0₫."),
        (Contradiction("ocop", None, "ocop_dong", (10, 7)), "Tiền hàng OCOP 10\u00a0₫ nhiều hơn tổng 7\u00a0₫."),
        (Contradiction("days", None, "days", (6, 5)), "Nguồn ghi 6 ngày, hội chợ mở 5 ngày."),
        (Contradiction("sum", None, "visits", (10, 9)), "Lượt khách: cộng các ngày được 9, cả hội chợ ghi 10."),
    ],
)  # fmt: skip
def test_contradictions(found: Contradiction, said: str) -> None:
    assert words.contradiction_words(found) == said


def test_what_is_open() -> None:
    many = tuple(str(number) for number in range(30))
    assert words.open_words(OpenItem("day", date(2023, 10, 27))) == "Ngày 27/10/2023 chưa chốt."
    assert words.open_words(OpenItem("running")).startswith("Ngày cuối của hội chợ chưa hết")
    assert words.open_words(OpenItem("tablets", names=("A", "B"))) == "Máy bán hàng chưa gửi đủ: A, B."
    assert words.open_words(OpenItem("phones", names=many)).endswith("19 ….")


def test_what_was_known_to_be_open_fits_into_the_ledger() -> None:
    """Of a month that nobody signed too; who owed data comes first, since that is what figures may still change by."""
    first = date(2023, 10, 27)
    days = [OpenItem("day", first + timedelta(days=step)) for step in (*range(14), 16, *range(18, 30))]
    said = words.known_words([*days, OpenItem("tablets", names=("A", "B"))])
    assert said == (
        "Máy bán hàng chưa gửi đủ: A, B. Chưa chốt ngày 27/10/2023–09/11/2023, 12/11/2023, 14/11/2023–25/11/2023."
    )
    assert words.known_words([]) == ""
