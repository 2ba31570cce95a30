"""What stands on a sheet: sums, the same text for the same content, and what changed between two."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime

from fair_pos.daysheet.rules import Completeness, DeviceState
from fair_pos.daysheet.sheet import (
    BoothFigures,
    Change,
    DrawerLine,
    Gathered,
    Heading,
    VisitorFigures,
    changes_between,
    content_of,
    frozen,
    thawed,
)
from fair_pos.kernel.day import VIETNAM

AT = datetime(2026, 11, 24, 22, 10, tzinfo=VIETNAM)
BOOTH = BoothFigures("1", "A01", "Gian 1", "A", 3, 1, 500_000, 50_000, 200_000, 150_000, 60_000, 40_000)
LATE = DeviceState("d", "B", AT, None, None, 2, None, 0)
FOUND = Gathered(
    discount_dong=5_000,
    rounding_dong=-500,
    sample_receipts=0,
    booths=[BOOTH, replace(BOOTH, id="2", code="A02"), replace(BOOTH, id="3", code="B01", zone="")],
    drawers=[DrawerLine("A01", "A", 7, -2_000), DrawerLine("A02", "B", None, None), DrawerLine("A02", "C", 1, 0)],
    visitors=VisitorFigures(2, 300, 120, AT, None, 200, more_than_planned=False),
    oddities=4,
    unread=1,
    tablets=Completeness(1, 2, AT, 2, (LATE,)),
    phones=Completeness(0, 0, None, 0, ()),
)
HEADING = Heading("Hội chợ", "Công viên", date(2026, 11, 24), 3, 2, "Lò Thị B", AT)


def test_the_whole_is_the_sum_of_the_booths() -> None:
    content = content_of(HEADING, FOUND)
    assert content["money"]["sold_dong"] == 1_500_000
    assert content["paid"] == {
        "cash_dong": 600_000,
        "confirmed_dong": 450_000,
        "claimed_dong": 180_000,
        "card_dong": 120_000,
    }
    assert [(one["zone"], one["receipts"], one["card_dong"]) for one in content["zones"]] == [
        ("A", 6, 80_000),
        ("", 3, 40_000),
    ]
    assert content["drawers"]["closed"] == 2
    assert content["drawers"]["difference_dong"] == -2_000
    assert [one["letter"] for one in content["drawers"]["to_look_at"]] == ["A", "B"]


def test_the_same_content_is_the_same_text_and_comes_back() -> None:
    text = frozen(content_of(HEADING, FOUND))
    assert text == frozen(content_of(HEADING, deepcopy(FOUND)))
    again = thawed(text)
    assert again["day"] == date(2026, 11, 24)
    assert again["closed"]["at"] == AT
    assert again["visitors"]["peak_at"] == AT
    assert again["tablets"]["late"] == [{"name": "B", "waiting": 2, "missing": 0, "heard_at": None}]


def test_what_changed_is_said_with_old_and_new() -> None:
    more = replace(
        FOUND,
        booths=[replace(BOOTH, sold_dong=700_000), *FOUND.booths[1:]],
        visitors=None,
        tablets=replace(FOUND.tablets, complete=2),
    )
    old, new = content_of(HEADING, FOUND), content_of(HEADING, more)
    assert changes_between(old, old) == []
    assert changes_between(old, new) == [
        Change("money.sold_dong", 1_500_000, 1_700_000),
        Change("visitors.entries", 300, None),
        Change("visitors.peak", 120, None),
        Change("visitors.planned", 200, None),
        Change("tablets.complete", 1, 2),
    ]
