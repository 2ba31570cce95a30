"""What the forms of statements may contain."""

from __future__ import annotations

from datetime import date

import pytest

from fair_pos.kernel.refusal import NotFound
from fair_pos.settlement.forms import accounts_seen, day_of, numbers_of, owners_of
from fair_pos.venues.refusals import DayInvalid


def test_days_and_owners() -> None:
    assert day_of({"until": "2026-11-30"}, "until") == day_of({"until": "30/11/2026"}, "until") == date(2026, 11, 30)
    assert (owners_of({"owner": ""}), owners_of({"owner": "a"})) == (None, ["a"])
    for wrong in ("", "hôm qua", "31/2/2026", "1/2"):
        with pytest.raises(DayInvalid):
            day_of({"until": wrong}, "until")


def test_numbers_that_were_ticked() -> None:
    assert numbers_of(["12", "3", "12"]) == [3, 12]
    for wrong in ("", "-1", "1.5", "²", "9" * 30):
        with pytest.raises(NotFound):
            numbers_of(["1", wrong])


def test_accounts_that_a_page_showed() -> None:
    assert accounts_seen(["3:one", "12:two", "12:three", "4:"]) == {3: "one", 12: "three", 4: ""}
    assert accounts_seen(["", "3", "x:one", "²:one", "-1:one", "9" * 30 + ":one"]) == {}
