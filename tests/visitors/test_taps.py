"""When a tap was, what it adds to which hour, and undos in every order of arrival."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fair_pos.plumbing.sentences import ODD_TAPS as SENTENCES
from fair_pos.plumbing.sentences import odd_tap_sentence
from fair_pos.visitors.taps import (
    CLOCK_OFF,
    ODD_TAPS,
    OTHER_WAY,
    OUTSIDE,
    REVOKED,
    UNDO_AGAIN,
    UNDO_FOREIGN,
    Entry,
    Post,
    Tap,
    climb,
    effects,
    hour_rows,
    settle,
)

# 10:59:58 on a fair day in Vietnam.
AT = datetime(2026, 11, 24, 3, 59, 58, tzinfo=timezone.utc)
POST = Post("d1", "g1", 240, AT - timedelta(hours=3), None, AT + timedelta(hours=1))


def tap(number: int, kind: Any = "tap", *, at: datetime = AT, **changes: Any) -> Tap:
    people = {"tap": 1, "group": 30, "undo": 0}[kind]
    made = Tap(f"id{number}", number, kind, "" if kind == "undo" else "in", people, None, at, 0, "d")
    return replace(made, **changes)


def settled(number: int, kind: Any = "tap", *, post: Post = POST, **changes: Any) -> Entry:
    return settle(tap(number, kind, **changes), post)


def people(entries: list[Entry]) -> int:
    return sum(row["people_in"] for row in hour_rows(entries))


def test_a_tap_counts_to_its_hour() -> None:
    one = settled(1)
    assert (one.fair_day, one.hour, one.minute, one.people, one.oddities) == (date(2026, 11, 24), 10, 419, 1, "")


def test_after_midnight_it_is_still_the_evening_before() -> None:
    one = settled(
        1, at=datetime(2026, 11, 24, 20, 30, tzinfo=timezone.utc), post=replace(POST, received_at=AT.replace(day=25))
    )
    assert (one.fair_day, one.hour, one.minute) == (date(2026, 11, 24), 3, 23 * 60 + 30)


def test_a_clock_days_off_lands_on_the_arrival() -> None:
    for wrong in (AT - timedelta(days=3), AT + timedelta(days=3), datetime(1, 1, 1, tzinfo=timezone.utc)):
        one = settled(1, at=wrong)
        assert (one.at, one.oddities) == (POST.received_at, CLOCK_OFF)


def test_an_offset_puts_a_wrong_clock_right() -> None:
    one = settled(1, at=AT - timedelta(days=3), clock_offset_ms=3 * 86_400_000)
    assert (one.at, one.oddities) == (AT, "")
    assert settled(1, clock_offset_ms=10**14).oddities == CLOCK_OFF


def test_what_is_odd_is_said_and_counts_all_the_same() -> None:
    post = replace(POST, revoked_at=AT, last_day=date(2026, 11, 23), counts_in=False)
    one = settled(1, post=post)
    assert one.oddities.split() == [REVOKED, OUTSIDE, OTHER_WAY]
    assert one.people == 1


def test_every_oddity_has_a_sentence() -> None:
    assert set(SENTENCES) == set(ODD_TAPS)
    assert odd_tap_sentence(CLOCK_OFF)


def test_an_undo_takes_away_from_the_hour_of_its_tap() -> None:
    late = settled(2, "undo", undoes_id="id1", at=AT + timedelta(seconds=4))
    assert late.hour == 11
    done = effects([settled(1, "group"), late], {}, {})
    (row,) = hour_rows(done.counting)
    assert (row["hour"], row["people_in"], row["group_in"]) == (10, 0, 0)


def test_an_undo_that_comes_first_waits_for_its_tap() -> None:
    undo = settled(2, "undo", undoes_id="id1")
    alone = effects([undo], {}, {})
    assert people(alone.counting) == 0
    then = effects([settled(1)], {}, {"id1": [undo]})
    assert people(then.counting) == 0
    assert [one.people for one in then.woken] == [-1]


def test_an_undo_that_comes_later_finds_its_tap() -> None:
    undo = settled(2, "undo", undoes_id="id1")
    done = effects([undo], {"id1": settled(1)}, {})
    assert [one.people for one in done.counting] == [-1]


def test_a_tap_is_undone_once() -> None:
    first, second = settled(2, "undo", undoes_id="id1"), settled(3, "undo", undoes_id="id1")
    together = effects([settled(1), first, second], {}, {})
    assert people(together.counting) == 0
    assert together.fresh[2].oddities == UNDO_AGAIN
    taken = together.fresh[1]
    later = effects([second], {"id1": settled(1)}, {"id1": [taken]})
    assert later.counting == []
    assert later.fresh[0].oddities == UNDO_AGAIN


def test_another_phones_tap_and_another_undo_are_not_undone() -> None:
    foreign = settled(1, post=replace(POST, device_id="d2"))
    undo = settled(2, "undo", undoes_id="id1")
    assert effects([undo], {"id1": foreign}, {}).fresh[0].oddities == UNDO_FOREIGN
    assert effects([foreign], {}, {"id1": [undo]}).woken[0].oddities == UNDO_FOREIGN
    of_undo = settled(3, "undo", undoes_id="id2")
    assert effects([undo, of_undo], {}, {}).fresh[1].oddities == UNDO_FOREIGN
    assert effects([undo], {}, {"id2": [of_undo]}).woken[0].oddities == UNDO_FOREIGN


@given(
    st.lists(st.tuples(st.sampled_from(["tap", "group", "undo"]), st.integers(0, 30)), max_size=30),
    st.randoms(use_true_random=False),
)
def test_any_partition_in_any_order_gives_the_same_sum(story: list[tuple[str, int]], chance: Any) -> None:
    """The sum is Σ taps less those that some undo names, however the entries are cut up and shuffled."""
    made: list[Entry] = []
    for number, (kind, back) in enumerate(story):
        made.append(settled(number, kind, undoes_id=f"id{back}" if kind == "undo" else None))
    named_ids = {one.undoes_id for one in made if one.kind == "undo"}
    expected = sum(one.people for one in made if one.kind != "undo" and one.id not in named_ids)

    chance.shuffle(made)
    known: dict[str, Entry] = {}
    counted: list[Entry] = []
    while made:
        batch = [made.pop() for _ in range(min(len(made), chance.randint(1, 7)))]
        named = {one.undoes_id for one in batch if one.undoes_id}
        mine = {one.id for one in batch}
        undos: dict[str, list[Entry]] = {}
        for one in known.values():
            if one.undoes_id in mine | named:
                undos.setdefault(str(one.undoes_id), []).append(one)
        done = effects(batch, {key: known[key] for key in named if key in known}, undos)
        counted += done.counting
        known |= {one.id: one for one in (*done.fresh, *done.woken)}
    assert people(counted) == expected
    assert people(list(known.values())) == expected, "and the rows themselves add up to it"


def test_the_water_rises_to_the_first_gap() -> None:
    assert climb(0, [1, 2, 3, 5]) == 3
    assert climb(3, [5]) == 3
    assert climb(3, [4, 4, 5]) == 5
    assert climb(7, []) == 7
