"""What a list of receipts may be asked by."""

from __future__ import annotations

from datetime import date

import pytest

from fair_pos.kernel.refusal import NotFound
from fair_pos.reports.forms import costs_asked, day_asked, league_asked, receipts_asked
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
    for day in ("2026-02-30", "0001-01-01", "9999-12-31"):
        for asked in (day_asked, receipts_asked, costs_asked, league_asked):
            with pytest.raises(NotFound):
                asked({"day": day})


def test_goods_are_asked_for_by_group_star_kind_and_place() -> None:
    asked = receipts_asked({"group": "do_uong", "star": "ocop", "entity": "ho_kinh_doanh", "locality": "district:u1"})
    assert asked.wanted() == Wanted(group="do_uong", star="ocop", entity="ho_kinh_doanh", locality="district:u1")
    assert asked.arguments() == {
        "group": "do_uong", "star": "ocop", "entity": "ho_kinh_doanh", "locality": "district:u1",
    }  # fmt: skip
    assert asked.wanted().is_of_goods
    assert receipts_asked({"locality": "province:"}).wanted().locality == "province:"
    for nonsense in ({"star": "6"}, {"locality": "village:x"}, {"locality": "x"}, {"group": "x" * 31}):
        with pytest.raises(NotFound):
            receipts_asked(nonsense)


def test_the_league_keeps_what_is_not_changed() -> None:
    asked = league_asked({"by": "district", "day": "2026-11-21", "hidden": "1", "page": "2"})
    assert asked.arguments() == {"by": "district", "day": "2026-11-21", "hidden": 1}
    assert asked.arguments(by="booth", hidden=None) == {"by": "booth", "day": "2026-11-21"}
    assert league_asked({}).by == "province"
    with pytest.raises(NotFound):
        league_asked({"by": "star"})
