from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fair_pos.portal.rules import Sums, line_sums, page_of, shown_day, sum_of, sums_by

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
