"""A device's chain: each finding alone, whatever order the commands come in."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.kernel.chain import GENESIS, link
from fair_pos.till.rules import Link, believable, hash_oddities, high_water, letter_of, link_oddities


def chain(length: int) -> list[Link]:
    """An unbroken chain of `length` commands; the text of command n is its number."""
    made, prev = [], GENESIS
    for seq in range(1, length + 1):
        hashed = link(prev, str(seq)) or ""
        made.append(Link(f"id-{seq}", seq, prev, hashed))
        prev = hashed
    return made


@pytest.mark.parametrize(
    ("number", "letter"),
    [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")],
)
def test_letters_go_on_after_z(number: int, letter: str) -> None:
    assert letter_of(number) == letter


def test_only_what_a_clock_can_say_is_believed() -> None:
    utc, east, west = timezone.utc, timezone(timedelta(hours=14)), timezone(timedelta(hours=-14))
    assert believable(datetime(2026, 11, 24, tzinfo=utc)) == datetime(2026, 11, 24, tzinfo=utc)
    for instant in (
        None,
        datetime(1, 1, 1, tzinfo=east),
        datetime(9999, 12, 31, tzinfo=west),
        datetime(1970, 1, 1, tzinfo=utc),
    ):
        assert believable(instant) is None


def test_no_two_devices_share_a_letter() -> None:
    assert len({letter_of(number) for number in range(20_000)}) == 20_000


def test_a_missing_hash_and_a_wrong_one_are_different_findings() -> None:
    right = link(GENESIS, "x") or ""
    assert hash_oddities(GENESIS, right, "x") == []
    assert [odd.code for odd in hash_oddities(GENESIS, "", "x")] == ["chain_hash_missing"]
    assert [odd.code for odd in hash_oddities(GENESIS, right, "y")] == ["chain_hash_wrong"]
    assert [odd.code for odd in hash_oddities("no hash", right, "x")] == ["chain_hash_wrong"]


def test_an_unbroken_chain_is_silent_in_every_order() -> None:
    links = chain(4)
    for order in permutations(links):
        for count in range(1, 5):
            assert link_oddities([order[count - 1]], order[:count]) == {}


def test_a_gap_is_no_oddity() -> None:
    one, _two, three = chain(3)
    assert link_oddities([three], [one, three]) == {}


def test_a_broken_link_is_charged_to_the_later_command_whichever_came_last() -> None:
    one, two, three = chain(3)
    changed = Link(two.id, 2, two.prev_hash, "f" * 64)
    for fresh in (changed, three):
        found = link_oddities([fresh], [one, changed, three])
        assert {key: [odd.code for odd in odds] for key, odds in found.items()} == {"id-3": ["chain_link_wrong"]}


def test_the_first_command_follows_nothing() -> None:
    first = Link("id-1", 1, "a" * 64, "b" * 64)
    assert [odd.code for odd in link_oddities([first], [first])["id-1"]] == ["chain_link_wrong"]


def test_a_number_used_twice_is_charged_to_both() -> None:
    one, two, _ = chain(3)
    clone = Link("clone", 2, one.hash, "c" * 64)
    found = link_oddities([clone], [one, two, clone])
    assert set(found) == {"id-2", "clone"}
    assert {odd.code for odds in found.values() for odd in odds} == {"sequence_reused"}


@given(st.permutations(range(1, 30)), st.integers(1, 7))
def test_the_high_water_mark_is_the_same_for_every_order_of_arrival(order: list[int], size: int) -> None:
    high = top = 0
    held: set[int] = set()
    for start in range(0, len(order), size):
        arrived = order[start : start + size]
        beyond = {seq: None for seq in held if seq > high} if top > high else {}
        high, top = high_water(high, top, arrived, beyond)
        held |= set(arrived)
        missing = next((seq for seq in range(1, 31) if seq not in held), 30)
        assert (high, top) == (missing - 1, max(held))
