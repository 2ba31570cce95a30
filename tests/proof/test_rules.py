"""Comparing, and naming the first difference."""

from __future__ import annotations

import pytest

from fair_pos.proof.rules import Difference, Differs, add_to, same, same_fields, same_sums


def test_equal_values_pass_and_others_are_named() -> None:
    same("sale", "s1", "total_dong", 5, 5)
    with pytest.raises(Differs) as raised:
        same("sale", "s1", "total_dong", 5, 6)
    assert raised.value.difference == Difference("sale", "s1", "total_dong", "5", "6")
    assert str(raised.value) == "sale s1: total_dong is 5, computed 6"


@pytest.mark.parametrize(("stored", "computed"), [(None, 0), ("1", 1), ("", None), ("Mật", "Ma\u0323\u0302t")])
def test_what_only_looks_equal_differs(stored: object, computed: object) -> None:
    with pytest.raises(Differs):
        same("sale", "s1", "x", stored, computed)


def test_fields_are_compared_one_by_one_and_a_missing_one_differs() -> None:
    same_fields("sale", "s1", {"a": 1, "b": 2, "id": 9}, {"a": 1, "b": 2})
    with pytest.raises(Differs, match="b is 3, computed 2"):
        same_fields("sale", "s1", {"a": 1, "b": 3}, {"a": 1, "b": 2})
    with pytest.raises(Differs, match="b is None, computed 2"):
        same_fields("sale", "s1", {"a": 1}, {"a": 1, "b": 2})


@pytest.mark.parametrize(
    ("stored", "computed", "named"),
    [
        ({("a", 1): (1, 2)}, {("a", 1): (1, 2)}, None),
        ({("a", 1): (0, 0)}, {}, None),
        ({}, {("a", 1): (0, 0)}, None),
        ({}, {}, None),
        ({("a", 1): (1, 2)}, {("a", 1): (2, 1)}, "a/1"),
        ({("a", 1): (1, 2)}, {}, "a/1"),
        ({}, {("a", 1): (1, 2)}, "a/1"),
        ({("b", 1): (1,), ("a", 2): (1,)}, {("b", 1): (1,), ("c", 1): (1,)}, "a/2"),
    ],
)
def test_sums_are_compared_key_by_key(
    stored: dict[tuple[str, int], tuple[int, ...]], computed: dict[tuple[str, int], tuple[int, ...]], named: str | None
) -> None:
    if named is None:
        same_sums("figure", stored, computed)
        return
    with pytest.raises(Differs) as raised:
        same_sums("figure", stored, computed)
    assert raised.value.difference.which == named


def test_sums_are_added_in_place() -> None:
    sums: dict[tuple[str], tuple[int, ...]] = {("a",): (1, 2)}
    add_to(sums, {("a",): (10, 20), ("b",): (5, 5)})
    assert sums == {("a",): (11, 22), ("b",): (5, 5)}
