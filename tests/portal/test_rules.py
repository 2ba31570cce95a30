from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fair_pos.portal.rules import (
    Discounts,
    Paid,
    Sums,
    discounts_of,
    line_sums,
    measured_sums,
    page_of,
    paid_of,
    shown_day,
    sum_of,
    sums_by,
)

amounts = st.integers(0, 10**13)
sums = st.builds(Sums, amounts, amounts, amounts, amounts)
EVENING, NEXT_DAY = date(2026, 11, 24), date(2026, 11, 25)


@given(st.lists(st.tuples(st.sampled_from("abc"), sums)))
def test_parts_add_up_to_the_whole(parts: list[tuple[str, Sums]]) -> None:
    assert sum_of(sums_by(parts).values()) == sum_of(part for _, part in parts)


@given(sums)
def test_net_is_sold_less_given_back(one: Sums) -> None:
    assert one.net_dong == one.sold_dong - one.refunded_dong
    assert one.net_quantity == one.sold_quantity - one.refunded_quantity


def test_a_full_refund_leaves_nothing() -> None:
    """FEATURES I5."""
    both = line_sums("sale", 3, 660_000) + line_sums("refund", 3, 660_000)
    assert both == Sums(3, 3, 660_000, 660_000)
    assert (both.net_quantity, both.net_dong) == (0, 0)


def test_today_is_the_day_that_has_figures() -> None:
    """At 00:30 a night market still counts the evening before; a showroom next door has begun the next day."""
    running = {"night market": EVENING, "showroom": NEXT_DAY}
    assert shown_day({EVENING}, running, NEXT_DAY) == EVENING
    assert shown_day({EVENING, NEXT_DAY}, running, NEXT_DAY) == NEXT_DAY
    assert shown_day(set(), {"night market": EVENING}, NEXT_DAY) == EVENING
    assert shown_day(set(), {}, NEXT_DAY) == NEXT_DAY


@given(st.lists(st.integers(), max_size=40), st.integers(1, 7))
def test_pages_hold_every_row_once(rows: list[int], size: int) -> None:
    pages = page_of(rows, 1, size)[2]
    assert [row for number in range(1, pages + 1) for row in page_of(rows, number, size)[0]] == rows


def test_pages_that_do_not_exist_are_brought_into_range() -> None:
    rows = list(range(5))
    assert page_of(rows, 0, 2) == ([0, 1], 1, 3)
    assert page_of(rows, -9, 2) == ([0, 1], 1, 3)
    assert page_of(rows, 99, 2) == ([4], 3, 3)
    assert page_of([], 1, 2) == ([], 1, 1)


def test_weighed_goods_count_grams_beside_the_pieces() -> None:
    both = (
        line_sums("sale", 575, 21_850, weighed=True)
        + line_sums("sale", 2, 75_000)
        + line_sums("refund", 250, 9_500, weighed=True)
    )
    assert both == Sums(2, 0, 96_850, 9_500, 575, 250)
    assert (both.net_quantity, both.net_grams, both.net_dong) == (2, 325, 87_350)
    assert measured_sums(3, 1, 30, 10, weighed=False) == Sums(3, 1, 30, 10)


def test_discounts_are_told_by_who_bears_them() -> None:
    parts = [("producer", 5), ("organiser", 7), ("shared", 2), ("", 1), ("organiser", -7)]
    assert discounts_of(parts) == Discounts(own_dong=6, organiser_dong=0, shared_dong=2)
    assert discounts_of([]).is_empty
    assert not discounts_of([("shared", -2)]).is_empty


@given(amounts, st.lists(st.tuples(amounts, amounts, amounts)))
def test_what_was_paid_adds_up_to_the_net(net: int, parts: list[tuple[int, int, int]]) -> None:
    paid = paid_of(net, [Paid(0, *part) for part in parts])
    assert paid.cash_dong + paid.confirmed_dong + paid.claimed_dong + paid.card_dong == net
    assert paid.is_cash is not any(any(part) for part in parts)
