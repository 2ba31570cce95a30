"""What the forms about closing may contain."""

from __future__ import annotations

from datetime import date

import pytest

from fair_pos.daysheet.forms import agreed_of, day_in_address, number_asked, page_asked
from fair_pos.daysheet.rules import Agreed
from fair_pos.kernel.refusal import NotFound


def test_hidden_fields_alone_agree_to_nothing() -> None:
    assert agreed_of({}, ["a", "b"]) == Agreed()
    assert agreed_of({"without": "1"}, ["a", "b"]) == Agreed(late_ids=frozenset({"a", "b"}))
    assert agreed_of({"early": "1"}, []) == Agreed(early=True)


@pytest.mark.parametrize("text", ["", "24/11/2026", "20261124", "2026-13-01", "2026-W48-2"])
def test_only_one_way_to_write_a_day_in_an_address(text: str) -> None:
    assert day_in_address("2026-11-24") == date(2026, 11, 24)
    with pytest.raises(NotFound):
        day_in_address(text)


@pytest.mark.parametrize(
    ("text", "page"), [("", 1), ("0", 1), ("-1", 1), ("3", 3), ("x", 1), ("999999", 1), ("99999", 10_000)]
)
def test_pages_begin_at_one(text: str, page: int) -> None:
    assert page_asked({"page": text}) == page


def test_the_number_of_a_sheet() -> None:
    assert number_asked({}) is None
    assert number_asked({"number": "7"}) == 7
    for text in ("x", "-1", "12345678", "１"):
        with pytest.raises(NotFound):
            number_asked({"number": text})
