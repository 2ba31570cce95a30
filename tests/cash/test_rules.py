from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.cash.facts import ClosedFact, MovedFact, OpenedFact
from fair_pos.cash.rules import (
    Drawer,
    Event,
    Gap,
    KnownOfDrawer,
    counted_dong,
    drawer_of,
    judge_drawer,
    missing_numbers,
    odd_closing,
    odd_sequence,
)
from tests.sales.facts import ARRIVED, PLACE


@dataclass(frozen=True)
class Part:
    method: str
    amount_dong: int


@dataclass(frozen=True)
class Paper:
    kind: str
    payments: tuple[Part, ...]


@dataclass(frozen=True)
class Moved:
    direction: str
    amount_dong: int


def sold(**parts: int) -> Paper:
    return Paper("sale", tuple(Part(method, dong) for method, dong in parts.items()))


def back(**parts: int) -> Paper:
    return replace(sold(**parts), kind="refund")


@pytest.mark.parametrize(
    ("drawer", "cash", "card"),
    [
        (drawer_of(500_000, [], []), 500_000, 0),
        (drawer_of(500_000, [], [sold(cash=137_000)]), 637_000, 0),
        (drawer_of(500_000, [], [sold(cash=100_000), back(cash=100_000)]), 500_000, 0),
        (drawer_of(500_000, [Moved("in", 200_000), Moved("out", 50_000)], []), 650_000, 0),
        (drawer_of(0, [], [sold(cash=100_000, transfer=150_000, card=50_000)]), 100_000, 50_000),
        (drawer_of(0, [], [sold(card=50_000), back(card=20_000)]), 0, 30_000),
        (drawer_of(0, [Moved("out", 1)], []), -1, 0),
    ],
)
def test_one_formula(drawer: Drawer, cash: int, card: int) -> None:
    assert (drawer.expected_cash_dong, drawer.expected_card_dong) == (cash, card)


@given(
    float_dong=st.integers(0, 10**13),
    deeds=st.lists(
        st.tuples(st.sampled_from(["sale", "refund", "in", "out"]), st.sampled_from(["cash", "transfer", "card"]), st.integers(0, 10**13))
    ),
)  # fmt: skip
def test_any_day_comes_to_what_lies_in_the_drawer(float_dong: int, deeds: list[tuple[str, str, int]]) -> None:
    # The drawer itself: money goes in and out of one box, deed by deed.
    box = float_dong
    for deed, method, dong in deeds:
        if deed in ("in", "out"):
            box += dong if deed == "in" else -dong
        elif method == "cash":
            box += dong if deed == "sale" else -dong
    moves = [Moved(deed, dong) for deed, _method, dong in deeds if deed in ("in", "out")]
    papers = [Paper(deed, (Part(method, dong),)) for deed, method, dong in deeds if deed in ("sale", "refund")]
    assert drawer_of(float_dong, moves, papers).expected_cash_dong == box


def test_notes_come_to_a_sum() -> None:
    assert counted_dong([]) == 0
    assert counted_dong([(500_000, 2), (1_000, 3)]) == 1_003_000


# --- a fact by itself -------------------------------------------------------------------------------------------------

COMMON: dict[str, Any] = {
    "id": "one", "device_seq": 1, "booth_id": "booth", "person_id": "seller", "device_at": ARRIVED, "clock_offset_ms": 0,
    "fair_day": "2026-11-24", "hash": "0" * 64, "till_session_id": "session",
}  # fmt: skip
KNOWN = KnownOfDrawer(people={"seller", "boss"}, second_signers=frozenset({"boss"}), close_limit_dong=50_000)
CLOSED = ClosedFact(**COMMON, z_number=1, notes=((100_000, 1),), counted_dong=100_000, expected_dong=100_000)


def codes(fact: OpenedFact | MovedFact | ClosedFact) -> set[str]:
    return {odd.code for odd in judge_drawer(fact, PLACE, KNOWN).oddities}


def test_nothing_is_odd_about_ordinary_facts() -> None:
    assert codes(OpenedFact(**COMMON, notes=((1_000, 5),), float_dong=5_000)) == set()
    assert codes(MovedFact(**COMMON, direction="in", amount_dong=5_000, reason="x")) == set()
    assert codes(CLOSED) == set()


def test_what_every_command_shares_is_judged_too() -> None:
    moved = MovedFact(
        **(COMMON | {"person_id": "nobody", "booth_id": "other"}), direction="in", amount_dong=1, reason="x"
    )
    assert codes(moved) == {"person_unknown", "booth_differs"}


def test_each_code_once_and_with_its_figures() -> None:
    closed = replace(CLOSED, counted_dong=40_000, notes=((20_000, 1),), till_session_id=None)
    found = {odd.code: dict(odd.facts) for odd in judge_drawer(closed, PLACE, KNOWN).oddities}
    assert found == {
        "session_unknown": {},
        "counted_differs": {"sent": 40_000, "computed": 20_000},
        "close_unexplained": {"difference": -60_000},
        "close_second_missing": {"difference": -60_000, "limit": 50_000},
    }


@pytest.mark.parametrize(("second", "wanted"), [(None, True), ("seller", True), ("stranger", True), ("boss", False)])
def test_the_second_person_is_another_one_who_may(second: str | None, wanted: bool) -> None:
    closed = replace(CLOSED, expected_dong=0, explanation="x", second_person_id=second)
    assert ("close_second_missing" in codes(closed)) is wanted


# --- facts side by side -----------------------------------------------------------------------------------------------


def opening(seq: int, session: str) -> Event:
    return Event(f"{seq}", seq, "opening", session)


def closing(seq: int, session: str | None, z: int) -> Event:
    return Event(f"{seq}", seq, "closing", session, z)


def seen(events: list[Event], missing: tuple[int, ...] = (), since: int = 0) -> dict[str, set[str]]:
    def whole(after: int, before: int) -> bool:
        return not any(after < one < before for one in missing)

    return {one: {odd.code for odd in found} for one, found in odd_sequence(events, since, whole).items()}


GOOD = [opening(1, "a"), closing(5, "a", 1), opening(6, "b"), closing(9, "b", 2)]


def test_a_day_as_it_should_be_in_any_order() -> None:
    for some in permutations(GOOD):
        assert seen(list(some)) == {}


@pytest.mark.parametrize(
    ("events", "odd"),
    [
        ([opening(1, "a"), opening(3, "b")], {"3": {"session_overlaps"}}),
        ([closing(1, "a", 1)], {"1": {"session_not_open"}}),
        ([opening(1, "a"), closing(2, "b", 1)], {"2": {"session_not_open"}}),
        ([opening(1, "a"), closing(2, "a", 2)], {"2": {"z_number_skipped"}}),
        ([*GOOD, closing(10, "b", 3)], {"10": {"session_closed_already", "session_not_open"}}),
        ([*GOOD, opening(10, "c"), closing(11, "c", 2)], {"9": {"z_number_reused"}, "11": {"z_number_reused", "z_number_skipped"}}),
        ([opening(1, "a"), closing(2, None, 1)], {}),
    ],
)  # fmt: skip
def test_what_is_odd_between_them(events: list[Event], odd: dict[str, set[str]]) -> None:
    for some in (events, events[::-1]):
        assert seen(list(some)) == odd


def test_nothing_is_said_while_something_in_between_may_be_on_its_way() -> None:
    assert seen([opening(1, "a"), opening(3, "b")], missing=(2,)) == {}
    assert seen([opening(1, "a"), closing(9, "a", 2)], missing=(4,)) == {}
    assert seen([opening(1, "a"), opening(3, "b")], since=4) == {}


@dataclass(frozen=True)
class Kept:
    person_id: str = "seller"
    second_person_id: str | None = None
    explanation: str = ""
    expected_dong: int = 100_000
    counted_card_dong: int = 0
    sale_count: int = 0


def test_a_closing_is_compared_with_all_it_covers() -> None:
    drawer = Drawer(100_000, {"card": 60_000})
    assert {odd.code for odd in odd_closing(Kept(counted_card_dong=60_000), drawer, 0, KNOWN)} == set()
    assert {odd.code for odd in odd_closing(Kept(), drawer, 2, KNOWN)} == {
        "covered_differs", "close_unexplained", "close_second_missing",
    }  # fmt: skip
    assert [
        dict(odd.facts) for odd in odd_closing(Kept(counted_card_dong=60_000, expected_dong=1), drawer, 0, KNOWN)
    ] == [{"sent": 1, "computed": 100_000}]


# --- receipt numbers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "first", "last", "gaps"),
    [
        ([], "", "", []),
        (["A-261124-001", "A-261124-002"], "A-261124-001", "A-261124-002", []),
        (["A-261124-002"], "A-261124-001", "A-261124-004", [("A-261124-001", "A-261124-001", 1), ("A-261124-003", "A-261124-004", 2)]),
        ([], "A-261124-007", "A-261124-009", [("A-261124-007", "A-261124-009", 3)]),
        # Past the boundary of the day: counters begin anew.
        (["A-261124-098", "A-261125-002"], "A-261124-098", "A-261125-002", [("A-261125-001", "A-261125-001", 1)]),
        # A number that nobody can have used makes one gap, not ten million.
        (["A-261124-001"], "A-261124-001", "A-261124-9999999", [("A-261124-002", "A-261124-9999999", 9_999_998)]),
        (["rubbish", "A-261124-x"], "?", "", []),
        # A sale from outside of the range is no reason to look there.
        (["A-261124-050"], "A-261124-001", "A-261124-001", [("A-261124-001", "A-261124-001", 1)]),
    ],
)  # fmt: skip
def test_gaps_between_receipt_numbers(here: list[str], first: str, last: str, gaps: list[tuple[str, str, int]]) -> None:
    assert missing_numbers(here, first, last) == [Gap(*one) for one in gaps]
