from __future__ import annotations

from datetime import date

from fair_pos.showroom.forms import Wanted, day_said, wanted


def test_an_address_is_read_and_what_it_does_not_know_is_left_out() -> None:
    asked = wanted("food", ["dac_san", "gold", "ocop"], "1", "maker")
    assert asked == Wanted("food", ("ocop", "dac_san"), True, "maker")
    assert wanted("gold", [], "yes", "") == Wanted()
    assert Wanted().args == {"line": None, "kind": None, "without": None, "maker": None}
    assert asked.args == {"line": "food", "kind": ["ocop", "dac_san"], "without": 1, "maker": "maker"}


def test_a_day_that_is_none_is_none() -> None:
    assert day_said({"day": " 2023-11-18 "}, "day") == date(2023, 11, 18)
    assert day_said({"day": "18/11/2023"}, "day") is None
    assert day_said({}, "day") is None
