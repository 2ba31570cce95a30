"""Sharing đồng without loss, and writing them."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fair_pos.kernel.money import (
    average_dong,
    cash_rounding_dong,
    format_dong,
    group_thousands,
    percent_of_dong,
    share_by_largest_remainder,
    spread_discount,
    with_true_minus,
)
from tests.kernel.vectors import vectors

TOTALS = st.integers(0, 10**13)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)
SMALL = st.lists(st.integers(0, 4), min_size=1, max_size=6).filter(any)  # small numbers tie often


@pytest.mark.parametrize("case", vectors("money")["shares"], ids=lambda case: f"{case['total']} by {case['weights']}")
def test_shares_are_those_of_the_vectors(case: dict[str, Any]) -> None:
    assert share_by_largest_remainder(case["total"], case["weights"]) == case["shares"]


@pytest.mark.parametrize("case", vectors("money")["format"], ids=lambda case: case["text"])
def test_amounts_are_written_as_in_the_vectors(case: dict[str, Any]) -> None:
    # Which kind of space stands before the sign is each language's own affair.
    assert format_dong(case["dong"]).replace("\u00a0", " ") == case["text"]


@given(TOTALS, WEIGHTS)
def test_shares_add_up_and_differ_from_the_exact_quota_by_less_than_one_dong(total: int, weights: list[int]) -> None:
    shares = share_by_largest_remainder(total, weights)
    assert sum(shares) == total
    assert all(
        abs(share - Fraction(total * weight, sum(weights))) < 1 for share, weight in zip(shares, weights, strict=True)
    )


@given(st.integers(0, 50) | TOTALS, SMALL | WEIGHTS)
def test_left_over_dong_go_to_the_largest_remainders_and_ties_to_the_earlier(total: int, weights: list[int]) -> None:
    quotas = [Fraction(total * weight, sum(weights)) for weight in weights]
    shares = share_by_largest_remainder(total, weights)
    raised = [(quota % 1, -index) for index, quota in enumerate(quotas) if shares[index] > int(quota)]
    left = [(quota % 1, -index) for index, quota in enumerate(quotas) if shares[index] == int(quota)]
    assert not raised or not left or min(raised) > max(left)


@given(st.integers(0, 50) | TOTALS, SMALL | WEIGHTS)
def test_a_refund_undoes_exactly_what_the_sale_shared(total: int, weights: list[int]) -> None:
    shares = share_by_largest_remainder(total, weights)
    assert share_by_largest_remainder(-total, weights) == [-share for share in shares]


@given(TOTALS, WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_parts_matters_only_between_equal_remainders(
    total: int, weights: list[int], chance: Random
) -> None:
    order = list(range(len(weights)))
    chance.shuffle(order)
    shares = share_by_largest_remainder(total, weights)
    moved = share_by_largest_remainder(total, [weights[index] for index in order])
    assert all(abs(moved[place] - shares[index]) <= 1 for place, index in enumerate(order))
    remainders = [total * weight % sum(weights) for weight in weights]
    assume(len(set(remainders)) == len(remainders))
    assert moved == [shares[index] for index in order]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [3, -1]])
def test_weights_that_share_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        share_by_largest_remainder(100, weights)


@pytest.mark.parametrize(
    ("total", "count", "average"),
    [
        (0, 0, 0), (100, 0, 0), (100, -1, 0),
        (100, 3, 33), (200, 3, 67),
        (1, 2, 1), (3, 2, 2), (5, 2, 3), (150, 100, 2), (149, 100, 1),
        (10**13, 1, 10**13),
    ],
)  # fmt: skip
def test_an_average_is_rounded_half_up(total: int, count: int, average: int) -> None:
    assert average_dong(total, count) == average


@given(TOTALS, st.integers(1, 10**6))
def test_an_average_is_the_nearest_whole_dong(total: int, count: int) -> None:
    assert Fraction(-1, 2) < average_dong(total, count) - Fraction(total, count) <= Fraction(1, 2)


@given(st.integers(-(10**13), 10**13))
def test_grouping_changes_no_digit(number: int) -> None:
    assert int(group_thousands(number).replace(".", "")) == number
    assert all(len(group) == 3 for group in group_thousands(abs(number)).split(".")[1:])


def test_a_hyphen_becomes_a_minus() -> None:
    assert with_true_minus(format_dong(-5_000)) == "−5.000\u00a0₫"
    assert with_true_minus(format_dong(5_000)) == format_dong(5_000)


def test_the_dong_sign_never_stands_alone_on_a_line() -> None:
    assert format_dong(1_234_567) == "1.234.567\u00a0₫"


# --- discounts and rounding: the same examples as the tablet's -------------------------------------------------------

LINES = vectors("lines")


@pytest.mark.parametrize("case", LINES["lines"], ids=str)
def test_a_line_s_discount_is_that_of_the_vectors(case: dict[str, Any]) -> None:
    discount = case["discount"]
    if discount is not None:
        percent = discount["kind"] == "percent"
        off = percent_of_dong(case["gross_dong"], discount["value"]) if percent else discount["value"]
        assert min(off, case["gross_dong"]) == case["discount_dong"]
    assert case["gross_dong"] - case["discount_dong"] == case["amount_dong"]


@pytest.mark.parametrize("case", LINES["carts"], ids=str)
def test_a_cart_s_discount_is_shared_as_in_the_vectors(case: dict[str, Any]) -> None:
    grosses = [line["gross_dong"] for line in case["lines"]]
    rooms = [line["gross_dong"] - line["own_discount_dong"] for line in case["lines"]]
    discount = case["discount"]
    percent = discount["kind"] == "percent"
    off = min(percent_of_dong(sum(rooms), discount["value"]) if percent else discount["value"], sum(rooms))
    shares = spread_discount(off, grosses, rooms)
    assert shares == case["shares"]
    assert [room - share for room, share in zip(rooms, shares, strict=True)] == case["amounts"]
    assert sum(case["amounts"]) == case["total_dong"]


@pytest.mark.parametrize("case", LINES["rounding"], ids=str)
def test_cash_is_rounded_as_in_the_vectors(case: dict[str, int]) -> None:
    assert cash_rounding_dong(case["total_dong"], case["step_dong"]) == case["rounding_dong"]


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 100)), min_size=1, max_size=12), st.integers(0, 2 * 10**9)
)
def test_a_shared_discount_adds_up_and_no_line_falls_below_zero(lines: list[tuple[int, int]], off: int) -> None:
    grosses = [gross for gross, _ in lines]
    rooms = [gross - percent_of_dong(gross, percent) for gross, percent in lines]
    shares = spread_discount(off, grosses, rooms)
    assert sum(shares) == min(off, sum(rooms))
    assert all(0 <= share <= room for share, room in zip(shares, rooms, strict=True))


@given(TOTALS, st.sampled_from([500, 1000]))
def test_rounding_moves_by_half_a_step_at_most(total: int, step: int) -> None:
    rounding = cash_rounding_dong(total, step)
    assert (total + rounding) % step == 0
    assert -step < 2 * rounding <= step
