"""Which word about a figure holds, where the system has moved on since, and what contradicts itself."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from fair_pos.published.rules import (
    LEAST_REASON,
    MOST_REASON,
    NAMES,
    OF_A_DAY,
    SUMMED,
    Contradiction,
    Entry,
    Figures,
    Gap,
    Kind,
    OpenItem,
    Published,
    arrived,
    contradictions,
    gaps,
    may_state,
    read_figure,
    reason_fits,
    seen_token,
    spans,
    unticked,
)

DAY1, DAY2 = date(2023, 10, 27), date(2023, 10, 28)
AT = datetime(2023, 11, 1, 8, tzinfo=timezone.utc)


def word(number: int, name: str, value: int, kind: Kind = "frozen", day: date | None = None, old: int | None = None) -> Entry:  # fmt: skip
    return Entry(number, day, name, value, old, kind, "", "vì sao", "p1", AT.replace(minute=number))


def test_the_last_word_holds_and_all_stay() -> None:
    found = Published(
        (
            word(1, "net_dong", 100),
            word(2, "net_dong", 40, day=DAY1),
            word(3, "visits", 7),
            word(4, "net_dong", 120, "adjusted", old=100),
        )
    )
    assert (found.value("net_dong"), found.value("net_dong", DAY1), found.value("visits")) == (120, 40, 7)
    assert [one.value for one in found.history("net_dong")] == [100, 120]
    assert found.latest("net_dong") == found.entries[3]
    assert found.days == [DAY1]
    assert found.frozen_at == AT.replace(minute=1)
    assert found.figures() == {None: {"net_dong": 120, "visits": 7}, DAY1: {"net_dong": 40}}


def test_what_was_never_published_is_unknown_and_not_zero() -> None:
    found = Published()
    assert found.is_empty
    assert (found.value("net_dong"), found.latest("visits"), found.history("days"), found.frozen_at) == (None, None, (), None)  # fmt: skip
    assert Published((word(1, "net_dong", 5, "stated"),)).frozen_at is None


def test_gaps_are_what_the_system_holds_beside_what_was_published() -> None:
    published = {None: {"net_dong": 100, "receipts": 3, "booths": 5}, DAY1: {"net_dong": 100}}
    now = {DAY2: {"net_dong": 20}, None: {"receipts": 4, "net_dong": 120, "booths": 5}, DAY1: {"net_dong": 100}}
    found = gaps(published, now)
    assert found == [Gap(None, "receipts", 3, 4), Gap(None, "net_dong", 100, 120), Gap(DAY2, "net_dong", None, 20)]
    assert [one.difference for one in found] == [1, 20, 20]


def test_what_only_a_source_knows_is_no_gap() -> None:
    assert gaps({None: {"visits": 54_000, "net_dong": 6_800_000_000}}, {None: {}}) == []
    assert gaps({}, {}) == []


def test_only_what_moved_since_the_last_word_is_offered() -> None:
    def said(number: int, name: str, value: int | None, held: int | None, kind: Kind) -> Entry:
        return Entry(number, None, name, value, None, kind, "", "vì", "p", AT, held)

    published = Published((
        said(1, "net_dong", 100, 100, "frozen"), said(2, "visits", 4_905, 4_905, "frozen"), said(3, "receipts", 3, 3, "frozen"),
        said(4, "visits", 5_000, 4_905, "adjusted"), said(5, "receipts", None, 3, "adjusted"),
    ))  # fmt: skip
    assert arrived(published, {None: {"net_dong": 100, "visits": 4_905, "receipts": 3}}) == []
    now: Figures = {None: {"net_dong": 120, "visits": 4_910, "receipts": 4, "refunds": 0}}
    assert arrived(published, now) == gaps(published.figures(), now)
    # Counted meanwhile up to what the person had written: nothing is left to take in.
    assert arrived(published, {None: {"visits": 5_000}}) == []


@pytest.mark.parametrize(
    ("figures", "length", "code", "values"),
    [
        ({None: {"net_dong": 90, "sold_dong": 100, "refunded_dong": 5}}, 5, "net", (90, 100, 5)),
        ({None: {"net_dong": 6_000, "sold_dong": 5_000}}, 5, "gross", (6_000, 5_000)),
        ({DAY1: {"net_dong": 6_000, "sold_dong": 5_000}}, 5, "gross", (6_000, 5_000)),
        ({DAY1: {"net_dong": -1, "sold_dong": 0, "refunded_dong": 0}}, None, "net", (-1, 0, 0)),
        ({None: {"net_dong": 7_000_000_000, "ocop_dong": 10_200_000_000}}, 5, "ocop", (10_200_000_000, 7_000_000_000)),
        ({None: {"sold_dong": 7, "ocop_dong": 8, "net_dong": 7}}, 5, "ocop", (8, 7)),
        ({None: {"days": 6}}, 5, "days", (6, 5)),
        ({None: {"visits": 10}, DAY1: {"visits": 6}, DAY2: {"visits": 3}}, 2, "sum", (10, 9)),
        ({None: {"visits": 10}, DAY1: {"visits": 11}}, 5, "sum", (10, 11)),
    ],
)
def test_a_contradiction_is_said(
    figures: dict[date | None, dict[str, int]], length: int | None, code: str, values: tuple[int, ...]
) -> None:
    (found,) = contradictions(figures, length)
    assert (found.code, found.values) == (code, values)


@pytest.mark.parametrize(
    ("figures", "length"),
    [
        ({}, 5),
        ({None: {"net_dong": 95, "sold_dong": 100, "refunded_dong": 5, "ocop_dong": 95, "days": 5}}, 5),
        ({None: {"net_dong": 10_200_000_000, "ocop_dong": 7_000_000_000}}, 5),
        ({None: {"days": 6}}, None),
        ({None: {"visits": 10}, DAY1: {"visits": 6}}, 2),
        ({None: {"visits": 10}, DAY1: {"visits": 6}, DAY2: {"visits": 4}}, 2),
        ({None: {"products": 3}, DAY1: {"products": 3}, DAY2: {"products": 3}}, 2),
        ({None: {"sold_dong": 100, "ocop_dong": 100}}, 1),
        ({DAY1: {"sold_dong": 100, "refunded_dong": 40, "net_dong": 60, "ocop_dong": 100}}, 2),  # other goods came back
        ({DAY1: {"receipts": 2, "sold_dong": 42_000, "ocop_dong": 42_800}}, 2),  # two receipts rounded down by 400
    ],
)
def test_what_can_be_right_is_no_contradiction(figures: dict[date | None, dict[str, int]], length: int | None) -> None:
    assert contradictions(figures, length) == []


def test_contradictions_come_whole_edition_first() -> None:
    figures = {DAY1: {"net_dong": 1, "ocop_dong": 2}, None: {"net_dong": 1, "ocop_dong": 3}}
    assert [one.day for one in contradictions(figures, None)] == [None, DAY1]
    assert contradictions(figures, None)[0] == Contradiction("ocop", None, "ocop_dong", (3, 1))


def test_a_figure_is_stated_only_where_the_system_has_none() -> None:
    own: Figures = {None: {"net_dong": 5}}
    assert may_state("visits", None, own, frozen=False)
    assert may_state("net_dong", DAY1, own, frozen=False)
    assert not may_state("net_dong", None, own, frozen=False)
    assert not may_state("visits", None, own, frozen=True)


def test_a_reason_says_something() -> None:
    assert [reason_fits("x" * length) for length in (0, LEAST_REASON - 1, LEAST_REASON, MOST_REASON, MOST_REASON + 1)] == [
        False, False, True, True, False,
    ]  # fmt: skip


def test_what_is_open_and_was_not_ticked() -> None:
    running, day, late = OpenItem("running"), OpenItem("day", DAY1), OpenItem("tablets", names=("A", "B"))
    assert [one.key for one in (running, day, late)] == ["running:", "day:2023-10-27", "tablets:A,B"]
    assert unticked([running, day, late], ["day:2023-10-27", "tablets:A"]) == [running, late]  # B became late since
    assert unticked([], []) == []


def test_a_figure_that_was_taken_back_is_unknown_again() -> None:
    found = Published(
        (word(1, "visits", 10, "stated"), Entry(2, None, "visits", None, 10, "stated", "", "nhầm", "p1", AT))
    )
    assert found.value("visits") is None
    assert len(found.history("visits")) == 2
    assert found.figures() == {None: {}}


@pytest.mark.parametrize(
    ("text", "money", "value"),
    [
        ("54.000", False, 54_000),
        ("54000", False, 54_000),
        (" 110 000 ", False, 110_000),
        ("0", False, 0),
        ("6,8 tỷ", True, 6_800_000_000),
        ("6.8 tỷ", True, 6_800_000_000),
        ("1,36 tỉ đồng", True, 1_360_000_000),
        ("1.360 triệu", True, 1_360_000_000),
        ("760 triệu đ", True, 760_000_000),
        ("37.500 ₫", True, 37_500),
        ("6,8 tỷ", False, None),
        ("54,5", False, None),
        ("1,0000000001 tỷ", True, None),
        ("0,0000001 triệu", True, None),
        ("-5", True, None),
        ("", True, None),
        ("khoảng 5", False, None),
        ("٥", False, None),
        ("٥ tỷ", True, None),
        ("1.000.000.000.000.000", True, 10**15),
        ("1.000.000.000.000.001", True, None),
        ("9999999 tỷ", True, None),
        ("9999999999 tỷ", True, None),
        ("1.2345", False, None),
    ],
)
def test_figures_are_read_as_people_type_them(text: str, money: bool, value: int | None) -> None:
    assert read_figure(text, money=money) == value


def test_the_token_changes_with_any_gap() -> None:
    seen = [[Gap(None, "visits", 1, 2)], [Gap(None, "visits", 1, 3)], [Gap(DAY1, "visits", 1, 2)], []]
    assert len({seen_token(one) for one in seen}) == len(seen)


def test_names_of_days_and_sums_are_names() -> None:
    assert set(OF_A_DAY) | {"days", "booths"} == set(NAMES)
    assert set(SUMMED) < set(OF_A_DAY)


def test_days_in_a_row_are_one_stretch() -> None:
    one, two, four = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 3)
    assert spans([four, two, one]) == [(one, two), (four, four)]
    assert spans([]) == []
