"""What a note may say."""

from __future__ import annotations

from datetime import date

import pytest

from fair_pos.consignment.rules import (
    MOST_SIGNATURE,
    IntakeLine,
    OutLine,
    is_note_day,
    is_signature,
    more_than_lies,
    open_quantity,
    share_words,
    trouble_with_decision,
    trouble_with_intake,
    worth_dong,
    written_number,
)

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("path", "fits"),
    [
        ("M100 200L180 90L260 210", True),
        ("M100 200L180 90M10 10L20 300", True),
        ("", False),
        ("M5 5", False),
        ("M5 5L20 20", False),
        ("M0 0L1001 50", False),
        ("M0 0L100 401", False),
        ('M0 0L100 100"/><script>', False),
        ("M0 0l100 100", False),
        ("M0 0" + "L100 100" * (MOST_SIGNATURE // 8), False),
    ],
)
def test_a_signature_is_strokes_of_whole_numbers(path: str, fits: bool) -> None:
    assert is_signature(path) is fits


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        (IntakeLine("p", 1, "", DAY, 0), None),
        (IntakeLine("p", 0, "", None, 1), "quantity_wrong"),
        (IntakeLine("p", -1, "", None, 1), "quantity_wrong"),
        (IntakeLine("p", 1, "", None, -1), "note_price_wrong"),
        (IntakeLine("p", 1, "x" * 61, None, 1), "lot_code_long"),
        (IntakeLine("p", 1, "", date(2026, 11, 23), 1), "expires_before_intake"),
    ],
)
def test_lines_of_an_intake(line: IntakeLine, trouble: str | None) -> None:
    assert trouble_with_intake(line, DAY) == trouble


def test_lines_of_the_same_goods_add_up() -> None:
    lines = [OutLine("p", "o", "l", 6), OutLine("p", "o", "l", 5), OutLine("p", "o", "", 1)]
    assert more_than_lies(lines, {("p", "o", "l"): 10, ("p", "o", ""): 1}) == [1]


@pytest.mark.parametrize(
    ("left", "quantity", "outcome", "trouble"),
    [
        (3, 3, "lost", None),
        (3, 1, "back", None),
        (-2, -2, "arrived", None),
        (0, 1, "back", "discrepancy_settled"),
        (3, 4, "back", "discrepancy_quantity_wrong"),
        (3, -1, "back", "discrepancy_quantity_wrong"),
        (3, 0, "back", "discrepancy_quantity_wrong"),
        (-2, -1, "lost", "discrepancy_outcome_wrong"),
        (3, 1, "eaten", "discrepancy_outcome_wrong"),
    ],
)
def test_what_may_be_said_of_a_difference(left: int, quantity: int, outcome: str, trouble: str | None) -> None:
    assert trouble_with_decision(left, quantity, outcome) == trouble


def test_numbers_days_worth_and_words() -> None:
    assert written_number("write_off", 12) == "PH-0012"
    assert written_number("intake", 12345) == "PN-12345"
    with pytest.raises(KeyError):
        written_number("gift", 1)
    assert is_note_day(DAY, DAY)
    assert not is_note_day(date(2026, 11, 25), DAY)
    assert worth_dong(575, 38_000, weighed=True) == 21_850
    assert worth_dong(3, 38_000, weighed=False) == 114_000
    assert open_quantity(10, 6, 1) == 3
    assert share_words("percent", 8250, (), 0) == "chủ hàng 82,5%"
    assert share_words("percent", 10_000, (), 0) == "chủ hàng 100%"
    assert share_words("fixed", 0, (), 5000) == "bên bán giữ 5.000 đ mỗi đơn vị"
    assert "từ 100.000 đ: 80%" in share_words("tiers", 0, ((0, 7000), (100_000, 8000)), 0)
