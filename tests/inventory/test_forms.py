"""What an address of a stock page may ask for."""

from __future__ import annotations

from datetime import date

import pytest

from fair_pos.inventory.forms import stock_asked


def test_a_day_and_an_owner_narrow_a_page() -> None:
    asked = stock_asked({"day": "2026-11-20", "owner": "p1", "other": "x"})
    assert (asked.day, asked.owner) == (date(2026, 11, 20), "p1")


@pytest.mark.parametrize("day", ["", "20/11/2026", "2026-13-01", "0001-01-01", "x"])
def test_a_day_that_cannot_be_read_asks_for_now_and_keeps_the_owner(day: str) -> None:
    asked = stock_asked({"day": day, "owner": "p1"})
    assert (asked.day, asked.owner) == (None, "p1")


def test_an_owner_too_long_for_an_id_is_left_out() -> None:
    assert stock_asked({"owner": "x" * 37}).owner == ""
