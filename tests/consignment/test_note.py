"""What stands on a note, as text that is the same each time."""

from __future__ import annotations

from datetime import date

from fair_pos.consignment.note import frozen, thawed
from tests.consignment.test_paper import AT, DAY, content


def test_content_is_text_that_can_be_read_again() -> None:
    text = content("intake")
    again = thawed(text)
    assert frozen(again) == text
    assert (again["day"], again["at"], again["sum_dong"]) == (DAY, AT, 2_640_000)
    assert again["lines"][0]["expires_day"] == date(2027, 1, 1)
