from __future__ import annotations

from dataclasses import replace

import pytest

from fair_pos.final_report.facts import with_keys
from fair_pos.published.rules import Entry, Published
from fair_pos.reports.shares import Share
from tests.final_report.samples import AT, SECOND, badge, day_facts, facts


def entry(name: str, value: int | None, number: int = 1) -> Entry:
    return Entry(number, None, name, value, None, "frozen", "", "", "p", AT)


@pytest.mark.parametrize(("entries", "over"), [(1_500, False), (1_501, True), (None, False), (0, False)])
def test_more_than_planned_is_more_than_half_above(entries: int | None, over: bool) -> None:
    assert day_facts(entries=entries, planned=1_000).is_over_plan is over
    assert not day_facts(entries=10**6, planned=None).is_over_plan


def test_a_day_is_final_when_money_and_visitors_are() -> None:
    open_badge = badge(sheet=None, complete=1, late=("B",))
    assert day_facts().is_final
    assert not day_facts(badge=open_badge).is_final
    assert not day_facts(visitor_badge=open_badge).is_final
    assert day_facts(visitor_badge=open_badge, entries=None).is_final


def test_a_fair_is_provisional_until_every_day_is_final() -> None:
    assert not facts().is_provisional
    assert facts(days=(day_facts(), day_facts(SECOND, badge=badge(sheet=None, complete=1)))).is_provisional
    assert facts(badge=badge(of_day=False, sheet=None, days_signed=1, days_begun=2, complete=1)).is_provisional


def test_visitors_are_added_where_adding_means_something() -> None:
    made = facts(days=(day_facts(peak=400), day_facts(SECOND, entries=400, peak=500, distinct=300)))
    assert (made.entries, made.distinct) == (2_000, 1_500)
    assert made.peak_day is not None
    assert made.peak_day.day == SECOND


def test_what_nobody_counted_is_unknown() -> None:
    nobody = day_facts(entries=None, peak=None, peak_at=None, distinct=None)
    made = facts(days=(nobody,))
    assert (made.entries, made.distinct, made.peak_day) == (None, None, None)
    # One day without an estimate: no estimate of the fair.
    assert facts(days=(day_facts(), day_facts(SECOND, distinct=None))).distinct is None
    # Gates that stood and let nobody in estimate nothing and spoil nothing.
    assert facts(days=(day_facts(), day_facts(SECOND, entries=0, distinct=None))).distinct == 1_200


def test_published_figures_are_the_ones_that_are_said() -> None:
    published = Published((entry("visits", 3_000), entry("net_dong", None, 2)))
    keys = with_keys(published, {"visits": 3_200, "net_dong": 5, "peak": None})
    assert (keys["visits"].said, keys["visits"].difference) == (3_000, 200)
    assert (keys["net_dong"].said, keys["net_dong"].difference) == (5, None)
    assert keys["peak"].said is None


def test_the_share_is_of_two_figures_of_one_source() -> None:
    assert facts().ocop == Share(686_000, 1_000_000, 686)
    both = Published((entry("ocop_dong", 7_000_000_000), entry("net_dong", 10_200_000_000, 2)))
    assert facts(published=both).ocop == Share(7_000_000_000, 10_200_000_000, 686)
    one = Published((entry("ocop_dong", 7_000_000_000),))
    assert facts(published=one).ocop == Share(686_000, 1_000_000, 686)
    assert replace(facts(), share=Share(0, 0, None)).ocop is None
