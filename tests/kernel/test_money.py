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
    format_dong,
    group_thousands,
    share_by_largest_remainder,
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
