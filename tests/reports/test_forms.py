"""What a list of receipts may be asked by."""

from __future__ import annotations

from datetime import date

import pytest

from fair_pos.kernel.refusal import NotFound
from fair_pos.reports.forms import day_asked, receipts_asked
from fair_pos.reports.receipts import Wanted


def test_what_is_left_out_or_unknown_does_not_narrow() -> None:
    asked = receipts_asked({"hour": "", "utm": "x"})
    assert asked.wanted() == Wanted()
    assert asked.arguments() == {}


def test_the_question_survives_as_arguments() -> None:
    asked = receipts_asked({"day": "2026-11-24", "hour": "0", "zone": "", "kind": "refund", "page": "3"})
    assert asked.wanted() == Wanted(day=date(2026, 11, 24), hour=0, zone="", kind="refund")
    assert asked.arguments() == {"day": "2026-11-24", "hour": 0, "zone": "", "kind": "refund"}


@pytest.mark.parametrize(
    "arguments",
    [
        {"day": "hôm nay"},
        {"hour": "24"},
        {"kind": "gift"},
        {"method": "gold"},
        {"part": "all"},
        {"page": "0"},
        {"booth": "x" * 37},
    ],
)
def test_nonsense_is_not_found(arguments: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        receipts_asked(arguments)


def test_a_day_that_is_none_is_not_found() -> None:
    assert day_asked({"day": ""}).day is None
    with pytest.raises(NotFound):
        day_asked({"day": "2026-02-30"})
