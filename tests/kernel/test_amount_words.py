"""Amounts in words: the examples both languages share, and reading the words back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.kernel.amount_words import BILLION, amount_words, number_words
from tests.kernel.vectors import vectors

DIGITS = {
    "không": 0,
    "một": 1,
    "mốt": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "lăm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
}
GROUPS = {"nghìn": 10**3, "triệu": 10**6}


def read_back(words: str) -> int:
    """A plain reader of Vietnamese numbers, written without looking at the writer."""
    billions, group, digit = 0, 0, 0
    below = 0
    for word in words.split():
        if word in DIGITS:
            digit = DIGITS[word]
        elif word == "trăm":
            group, digit = digit * 100, 0
        elif word == "mươi":
            group, digit = group + digit * 10, 0
        elif word == "mười":
            group, digit = group + 10, 0
        elif word in GROUPS:
            below, group, digit = below + (group + digit) * GROUPS[word], 0, 0
        elif word == "tỷ":
            billions, below, group, digit = (billions + below + group + digit) * BILLION, 0, 0, 0
        else:
            assert word == "linh", word
    return billions + below + group + digit


@pytest.mark.parametrize("case", vectors("amount_words")["numbers"], ids=lambda case: str(case["n"]))
def test_numbers_are_said_as_in_the_vectors(case: dict[str, Any]) -> None:
    assert number_words(case["n"]) == case["words"]


@pytest.mark.parametrize("case", vectors("amount_words")["south"], ids=lambda case: str(case["n"]))
def test_the_south_says_le_for_an_empty_place(case: dict[str, Any]) -> None:
    assert number_words(case["n"], "lẻ") == case["words"]


@pytest.mark.parametrize("case", vectors("amount_words")["amounts"], ids=lambda case: str(case["dong"]))
def test_amounts_begin_with_a_capital_and_end_with_dong(case: dict[str, Any]) -> None:
    assert amount_words(case["dong"]) == case["text"]


@given(st.integers(0, 10**18))
def test_the_words_say_the_number_again(number: int) -> None:
    assert read_back(number_words(number)) == number


@given(st.integers(1, 10**13))
def test_a_negative_amount_is_said_as_such(number: int) -> None:
    assert number_words(-number) == f"âm {number_words(number)}"


@given(st.integers(1, 999), st.integers(1, 999))
def test_every_group_but_the_first_names_its_hundreds(first: int, second: int) -> None:
    assert " trăm" in number_words(first * 1000 + second).split("nghìn")[1]
