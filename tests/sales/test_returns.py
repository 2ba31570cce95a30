"""Giving back: what is left, and what is odd."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from fair_pos.sales.facts import LineFact
from fair_pos.sales.returns import DAMAGED_WORDS, WHOLE, Amount, came_back_damaged, left_to_return, refund_oddities
from tests.sales.facts import CASE, FISH, HONEY, RICE, TEA

ROOT = Path(__file__).resolve().parents[2]
MAY, JUNE = replace(HONEY, lot_id="may"), replace(HONEY, lot_id="june")


@pytest.mark.parametrize(
    ("sold", "refunded", "codes"),
    [
        ({"honey": 2}, {"honey": 1}, []),
        ({"honey": 2}, {"honey": 2}, []),
        ({"honey": 2}, {"honey": 3}, ["refund_exceeds_sale"]),
        ({"tea": 2}, {"honey": 1}, ["refund_exceeds_sale"]),
        ({"honey": 2, "rice": 1}, {"honey": 3, "rice": 3}, ["refund_exceeds_sale"]),
        ({"honey": 2, "tea": 1}, {"honey": 2, "tea": 9}, []),  # too much tea came back, but not with this refund
        ({}, {"honey": 2}, ["refund_exceeds_sale"]),
        (None, {"honey": 2}, ["refund_original_unknown"]),
    ],
)
def test_giving_back_more_than_was_sold_is_odd(
    sold: dict[str, int] | None, refunded: dict[str, int], codes: list[str]
) -> None:
    known = None if sold is None else {name: Amount(pieces) for name, pieces in sold.items()}
    back = {name: Amount(pieces) for name, pieces in refunded.items()}
    assert [one.code for one in refund_oddities([HONEY, RICE], known, back)] == codes


@pytest.mark.parametrize(("back_dong", "codes"), [(198_000, []), (396_000, []), (396_001, ["refund_exceeds_sale"])])
def test_giving_back_more_money_than_was_paid_is_odd(back_dong: int, codes: list[str]) -> None:
    sold, back = {"honey": Amount(2, 396_000)}, {"honey": Amount(2, back_dong)}
    assert [one.code for one in refund_oddities([HONEY], sold, back)] == codes


def test_giving_back_what_rounding_had_taken_off_is_odd() -> None:
    sold, back = {"honey": Amount(2, 396_300), WHOLE: Amount(0, 396_000)}, {"honey": Amount(2, 396_300)}
    assert refund_oddities([HONEY], sold, back | {WHOLE: Amount(0, 396_000)}) == []
    [odd] = refund_oddities([HONEY], sold, back | {WHOLE: Amount(0, 396_300)})
    assert (odd.code, odd.facts) == ("refund_exceeds_sale", {"name": HONEY.name})


@pytest.mark.parametrize(
    ("sold", "refunded", "left"),
    [
        ([HONEY, TEA], [], [2, 1]),
        ([HONEY, TEA], [replace(HONEY, quantity=1)], [1, 1]),
        ([HONEY, HONEY], [replace(HONEY, quantity=3)], [0, 1]),  # of lines alike the first comes back first
        ([HONEY, CASE], [replace(CASE, quantity=1)], [2, 1]),  # a pack is no piece
        ([FISH, replace(FISH, grams=300)], [replace(FISH, grams=300)], [1, 0]),
        ([FISH, FISH], [FISH], [0, 1]),
        (
            [FISH, replace(FISH, amount_dong=20_000)],
            [replace(FISH, amount_dong=20_000)],
            [1, 0],
        ),  # two bags, two prices
        ([replace(HONEY, unit_price_dong=1), HONEY], [replace(HONEY, quantity=1, amount_dong=7)], [2, 1]),
        ([HONEY], [replace(HONEY, quantity=9)], [0]),
        ([MAY, JUNE], [replace(JUNE, quantity=1)], [2, 1]),  # two lots of one product are two lines
        ([MAY, JUNE], [replace(JUNE, quantity=3)], [1, 0]),  # more than that line had goes on to its twin
        ([MAY, JUNE], [replace(HONEY, quantity=1)], [1, 2]),  # a refund that names no lot
        ([HONEY, MAY], [replace(MAY, quantity=1)], [2, 1]),
        ([HONEY], [TEA], [2]),
        ([HONEY], [replace(HONEY, quantity=1), replace(HONEY, quantity=1)], [0]),
    ],
)
def test_what_is_left_is_a_sum_over_refund_lines(
    sold: list[LineFact], refunded: list[LineFact], left: list[int]
) -> None:
    assert left_to_return(sold, refunded) == left


@pytest.mark.parametrize(
    ("reason", "damaged"),
    [
        ("Hàng hỏng", True), ("Hàng hỏng: vỡ nắp", True), (" Hàng  hỏng :vỡ", True), ("Damaged goods", True),
        ("Damaged goods: wet", True), ("Ha\u0300ng ho\u0309ng", True),
        ("Hàng hỏng hóc", False), ("Khách đổi ý: Hàng hỏng", False), ("Giao nhầm món", False), ("", False),
    ],
)  # fmt: skip
def test_a_reason_says_whether_the_goods_are_for_sale_again(reason: str, damaged: bool) -> None:
    assert came_back_damaged(reason) is damaged


def test_the_till_s_own_words_for_it_are_known() -> None:
    """The first of the reasons that a seller may touch, in both languages; chosen, it stands alone or before a colon and more words."""
    words = [
        re.findall(r"backReasons: \['([^']+)'", (ROOT / "till/src/words" / name).read_text(encoding="utf-8"))
        for name in ("pay.vi.ts", "pay.en.ts")
    ]
    assert words == [[DAMAGED_WORDS[0]], [DAMAGED_WORDS[1]]]
    screen = (ROOT / "till/src/screens/refund.tsx").read_text(encoding="utf-8")
    assert "more.trim() === '' ? reason : `${reason}: ${more.trim()}`" in screen
