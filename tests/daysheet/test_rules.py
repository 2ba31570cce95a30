"""How complete a day is, and what a badge says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from fair_pos.daysheet.rules import (
    Badge,
    DeviceState,
    Signed,
    completeness,
    completeness_so_far,
    last_day_begun,
)
from fair_pos.kernel.day import VIETNAM

DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=VIETNAM)


def device(**changes: object) -> DeviceState:
    plain = DeviceState("1", "A", NOON - timedelta(30), None, NOON, 0, None, 0)
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_tablet_that_was_heard_and_holds_nothing_is_complete_until_then() -> None:
    found = completeness([device(), device(last_heard_at=NOON + timedelta(hours=1))], DAY, 240)
    assert (found.complete, found.total, found.until, found.is_whole) == (2, 2, NOON, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"waiting": 7},
        {"missing": 1},
        {"last_heard_at": None},
        {"last_heard_at": NOON - timedelta(days=1)},
        {"revoked_at": NOON, "waiting": 1},
    ],
)
def test_a_tablet_with_something_open_is_late(changes: dict[str, object]) -> None:
    found = completeness([device(), device(**changes)], DAY, 240)
    assert (found.complete, found.total, len(found.late), found.is_whole) == (1, 2, 1, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"paired_at": NOON + timedelta(days=1)},
        {"revoked_at": NOON},
        {"revoked_at": NOON - timedelta(days=2), "waiting": 3},
    ],
)
def test_a_tablet_that_owes_the_day_nothing_is_not_counted(changes: dict[str, object]) -> None:
    assert completeness([device(**changes)], DAY, 240).total == 0


def test_a_word_after_the_day_counts_to_its_end() -> None:
    found = completeness([device(last_heard_at=NOON + timedelta(days=3))], DAY, 240)
    assert found.until == datetime(2026, 11, 25, 4, tzinfo=VIETNAM)


def test_a_whole_edition_asks_each_tablet_for_the_last_day_it_owes() -> None:
    yesterday = device(last_heard_at=NOON - timedelta(days=1))
    assert completeness_so_far([device(), yesterday], DAY, 240).late == (yesterday,)
    assert completeness_so_far([device(), yesterday], DAY - timedelta(days=1), 240).is_whole


@pytest.mark.parametrize(("changes", "total", "late"), [({}, 0, 0), ({"waiting": 2}, 1, 1), ({"missing": 1}, 1, 1)])
def test_an_edition_waits_for_an_unpaired_tablet_that_held_something(
    changes: dict[str, object], total: int, late: int
) -> None:
    gone = device(revoked_at=NOON - timedelta(days=5), **changes)
    found = completeness_so_far([gone], DAY, 240)
    assert (found.total, len(found.late)) == (total, late)
    assert completeness([gone], DAY, 240).total == 0, "the day itself is owed nothing by it"


def test_a_tablet_paired_later_owes_the_edition_so_far_nothing() -> None:
    assert completeness_so_far([device(paired_at=NOON + timedelta(days=1))], DAY, 240).total == 0


def test_the_last_day_that_has_begun() -> None:
    starts, ends = DAY - timedelta(days=2), DAY + timedelta(days=2)
    assert last_day_begun(starts, ends, 240, NOON) == DAY
    assert last_day_begun(starts, ends, 240, NOON - timedelta(hours=9)) == DAY - timedelta(days=1), (
        "03:00 is the night before"
    )
    assert last_day_begun(starts, DAY, 240, NOON + timedelta(days=9)) == DAY
    assert last_day_begun(starts, None, 240, NOON) == DAY
    assert last_day_begun(ends, None, 240, NOON) == ends


PLAIN = Badge("sales", 3, 3, NOON, 0, (), begun=True, is_over=False)
SIGNED = Signed(4, 1, "Lò Thị B", NOON)


@pytest.mark.parametrize(
    ("badge", "state", "is_final"),
    [
        (PLAIN, "provisional", False),
        (replace(PLAIN, begun=False), "ahead", False),
        (replace(PLAIN, is_over=True), "whole", True),
        (replace(PLAIN, is_over=True, complete=2), "provisional", False),
        (replace(PLAIN, sheet=SIGNED), "signed", True),
        (replace(PLAIN, sheet=SIGNED, complete=2), "signed", True),
        (replace(PLAIN, sheet=SIGNED, late_receipts=1, late_dong=5_000), "signed_late", False),
        (replace(PLAIN, sheet=SIGNED, late_receipts=2, late_dong=0), "signed_late", False),
        (replace(PLAIN, sheet=SIGNED, late_people=1), "signed", True),
        (replace(PLAIN, sheet=SIGNED, late_people=-1, what="visitors"), "signed_late", False),
        (replace(PLAIN, sheet=SIGNED, late_receipts=1, what="visitors"), "signed", True),
        (replace(PLAIN, of_day=False, days_signed=2, days_begun=2, is_over=True), "signed", True),
        (replace(PLAIN, of_day=False, days_signed=2, days_begun=2), "provisional", False),
        (replace(PLAIN, of_day=False, days_signed=1, days_begun=2, is_over=True, complete=2), "provisional", False),
    ],
)
def test_what_may_be_made_of_a_figure(badge: Badge, state: str, is_final: bool) -> None:
    assert (badge.state, badge.is_final) == (state, is_final)
