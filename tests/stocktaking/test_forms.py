"""What may be typed into a count."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from fair_pos.stocktaking.actions import Entered
from fair_pos.stocktaking.forms import approval_said, counted_at_said, lines_said, quantity_said
from fair_pos.stocktaking.refusals import CountedQuantityWrong, CountedTimeWrong


@pytest.mark.parametrize(
    ("text", "weighed", "quantity"),
    [("0", False, 0), (" 12 ", False, 12), ("1,5", True, 1500), ("0.575 kg", True, 575), ("0", True, 0)],
)
def test_numbers_are_read(text: str, weighed: bool, quantity: int) -> None:
    assert quantity_said(text, "x", weighed=weighed) == quantity


@pytest.mark.parametrize(
    ("text", "weighed"), [("-1", False), ("1,5", False), ("ba", False), ("1,2345", True), ("", True), ("9" * 10, False)]
)
def test_what_is_no_number_is_named(text: str, weighed: bool) -> None:
    with pytest.raises(CountedQuantityWrong):
        quantity_said(text, "x", weighed=weighed)


def test_an_empty_field_is_no_line_and_a_zero_is_one() -> None:
    goods = {"a": ("p", "", "P", False), "b": ("q", "lot", "Q", False)}
    assert lines_said({"a": "", "b": "0"}, goods) == [Entered("q", 0, "lot")]


def test_moments_are_those_of_vietnam() -> None:
    assert counted_at_said("2026-11-24T12:00") == datetime(2026, 11, 24, 5, tzinfo=timezone.utc)
    for wrong in ("", "hôm qua", "2026-11-24T12:00+00:00", "0001-01-01T00:00"):
        with pytest.raises(CountedTimeWrong):
            counted_at_said(wrong)


def test_only_ticked_lines_with_what_was_shown_are_approved() -> None:
    form = {"left_1": "-5", "left_2": "3", "left_x": "1", "reason": "r", "borne_by": "house"}
    assert approval_said(form, ["1", "x", "7"]).seen == {1: -5}
