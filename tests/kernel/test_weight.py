"""Weights: whole grams, half up, no fraction."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fair_pos.kernel.weight import format_grams, read_grams, weighed_amount_dong
from tests.kernel.vectors import vectors


@pytest.mark.parametrize("case", vectors("lines")["weighed"], ids=str)
def test_amounts_are_those_of_the_vectors(case: dict[str, int]) -> None:
    assert weighed_amount_dong(case["grams"], case["price_per_kg_dong"]) == case["amount_dong"]


@settings(max_examples=10_000)
@given(st.integers(0, 10**6), st.integers(0, 10**9))
def test_ten_thousand_pairs_are_rounded_half_up(grams: int, price_dong: int) -> None:
    exact = Decimal(grams) * Decimal(price_dong) / 1000
    assert weighed_amount_dong(grams, price_dong) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize("pair", [(-1, 38_000), (575, -1)])
def test_nothing_is_below_zero(pair: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="below zero"):
        weighed_amount_dong(*pair)


@pytest.mark.parametrize(
    ("text", "grams"),
    [("0,575", 575), ("0.575", 575), ("2", 2000), (" 1,5 ", 1500), (",5", 500), ("0,001", 1), ("0", None), ("0,000", None),
     ("", None), (",", None), ("-1", None), ("1.234,5", 1_234_500), ("12.345,678", 12_345_678), ("1.23,5", None), ("1,234.5", None), ("1,2345", None), ("1.2.3", None), ("một", None), ("1e3", None), ("٣", None), ("9" * 7, None)],
)  # fmt: skip
def test_weights_as_people_type_them(text: str, grams: int | None) -> None:
    assert read_grams(text) == grams


@given(st.integers(1, 10**6))
def test_a_weight_is_read_back(grams: int) -> None:
    assert read_grams(format_grams(grams).removesuffix(" kg")) == grams


def test_a_weight_is_written_as_scales_show_it() -> None:
    shown: dict[int, Any] = {575: "0,575 kg", 1000: "1,000 kg", 12_034: "12,034 kg"}
    assert {grams: format_grams(grams) for grams in shown} == shown
