"""Taps are received once, whatever the network does to them; nothing a phone says is lost."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM, day_starts_at, fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.visitors import prove_visitors
from fair_pos.venues.tables import Edition
from fair_pos.visitors.queries import visitors_of_day
from fair_pos.visitors.receiving import Unreadable, open_entry
from fair_pos.visitors.tables import GateEntry, GateHour, GateQuarantined
from tests.builders import BOUNDARY, Fair, make_fair
from tests.visitors.phones import Phone, answers, device_of, make_gates, pair_phone, sums


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def phone(app: Flask, fair: Fair) -> Phone:
    return pair_phone(app, fair, make_gates(app, fair)[0])


def test_taps_groups_and_undos_are_counted(app: Flask, phone: Phone) -> None:
    first = phone.tap()
    assert answers(phone.send(first, phone.tap("out"), phone.group(), phone.tap())) == ["stored"] * 4
    phone.send(phone.undo(first))
    assert sums(app) == (31, 1)
    with app.app_context():
        hours = list(reading().scalars(select(GateHour)))
        assert sum(one.group_in for one in hours) == 30
    device = device_of(app, phone)
    assert (device.high_seq, device.max_seq, device.entry_count) == (5, 5, 5)


def test_sent_twice_counts_once(app: Flask, phone: Phone) -> None:
    entries = [phone.tap() for _ in range(5)]
    assert answers(phone.send(*entries, entries[0])) == ["stored"] * 5 + ["already_have"]
    assert answers(phone.send(*entries)) == ["already_have"] * 5
    assert sums(app) == (5, 0)
    assert device_of(app, phone).entry_count == 5


def test_two_taps_of_one_moment_are_two(app: Flask, phone: Phone) -> None:
    """A double tap within five seconds is two people until somebody undoes one: the phone cannot know."""
    at = now()
    phone.send(phone.tap(at=at), phone.tap(at=at))
    assert sums(app) == (2, 0)


def test_an_exit_before_any_entry_is_kept(app: Flask, fair: Fair, phone: Phone) -> None:
    phone.send(phone.tap("out"))
    phone.send(phone.tap("in"), phone.tap("in"))
    assert sums(app) == (2, 1)


def test_an_undo_that_overtakes_its_tap(app: Flask, phone: Phone) -> None:
    tap = phone.tap()
    undo = phone.undo(tap)
    assert answers(phone.send(undo)) == ["stored"]
    assert sums(app) == (0, 0)
    assert device_of(app, phone).high_seq == 0
    phone.send(tap)
    assert sums(app) == (0, 0)
    assert device_of(app, phone).high_seq == 2
    with app.app_context():
        assert reading().scalar(select(func.sum(GateEntry.people))) == 0


def test_an_undo_of_another_phones_tap_has_no_effect(app: Flask, fair: Fair, phone: Phone) -> None:
    other = pair_phone(app, fair, make_gate_of(app, phone))
    tap = phone.tap()
    phone.send(tap)
    other.send(other.undo(tap))
    assert sums(app) == (1, 0)
    with app.app_context():
        assert list(reading().scalars(select(GateEntry.oddities).where(GateEntry.oddities != ""))) == ["undo_foreign"]


def make_gate_of(app: Flask, phone: Phone) -> str:
    return device_of(app, phone).gate_id


def test_a_clock_days_off_lands_on_the_arrival(app: Flask, phone: Phone) -> None:
    at = now()
    phone.send(phone.tap(at=at + timedelta(days=2)), phone.tap(at=at - timedelta(days=60)), at=at)
    with app.app_context():
        rows = list(reading().scalars(select(GateEntry)))
    assert {(row.at, row.fair_day, row.oddities) for row in rows} == {(at, fair_day(at, BOUNDARY), "clock_off")}
    assert sums(app) == (2, 0)


def test_one_bad_entry_rejects_no_neighbour(app: Flask, phone: Phone) -> None:
    good = [phone.tap(), phone.tap()]
    odd: list[object] = [
        7, None, "tap", [], {}, phone.tap(people=0), phone.tap(people=501), phone.tap("up"), phone.tap(extra=1),
        phone.tap() | {"seq": True}, phone.tap() | {"id": "\ud800\0"}, phone.tap() | {"device_at": "now"},
        phone.tap(note="x" * 5000),
    ]  # fmt: skip
    given = answers(phone.send(good[0], *odd, good[1]))
    assert given == ["stored", *["quarantined"] * len(odd), "stored"]
    assert answers(phone.send(*odd)) == ["quarantined"] * len(odd)
    with app.app_context():
        assert reading().scalar(select(func.count()).select_from(GateQuarantined)) == len(odd)
        reasons = set(reading().scalars(select(GateQuarantined.reason)))
    assert reasons == {"wrong_shape", "too_long"}
    assert sums(app) == (2, 0)
    device = device_of(app, phone)
    # Numbers of what lies aside count where they could be read; the seventh came as «true».
    assert (device.high_seq, device.max_seq) == (6, phone.seq)
    assert device.quarantine_count == len(odd)


def test_an_id_with_another_story_is_kept_aside(app: Flask, phone: Phone) -> None:
    tap = phone.tap()
    phone.send(tap)
    given = phone.send(tap | {"direction": "out"})
    assert (given[0].answer, given[0].reason) == ("quarantined", "id_reused")
    both = phone.tap()
    assert answers(phone.send(both, both | {"people": 2})) == ["stored", "quarantined"]
    assert sums(app) == (2, 0)


def test_a_gap_holds_the_water_down_until_it_closes(app: Flask, phone: Phone) -> None:
    entries = [phone.tap() for _ in range(6)]
    phone.send(*entries[:2], *entries[3:])
    device = device_of(app, phone)
    assert (device.high_seq, device.max_seq) == (2, 6)
    phone.send(entries[2])
    assert device_of(app, phone).high_seq == 6


def test_a_hidden_edition_that_is_counted_at_is_shown_again(app: Flask, fair: Fair, phone: Phone) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Edition, fair.edition_id).hidden_at = now()
    phone.send(phone.tap())
    with app.app_context():
        assert reading().get_one(Edition, fair.edition_id).hidden_at is None


def test_what_cannot_be_read_is_told_apart() -> None:
    deep: Any = []
    for _ in range(200):
        deep = [deep]
    one = open_entry({"seq": 3, "id": "x", "deep": deep})
    assert isinstance(one, Unreadable)
    assert (one.seq, one.entry_id, one.reason) == (3, "x", "wrong_shape")


@pytest.mark.slow
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.data())
def test_three_phones_in_random_pieces_merge_to_exactly_the_taps_made(app: Flask, story: st.DataObject) -> None:
    """Up to five taps a second on three phones; uploads cut, shuffled, repeated and in any order."""
    chance = story.draw(st.randoms(use_true_random=False))
    fair = make_fair(app, name=f"Hội chợ {new_id()}")
    gates = make_gates(app, fair, 2)
    phones = [pair_phone(app, fair, gates[number % 2]) for number in range(3)]
    began = now() - timedelta(minutes=20)
    expected = {"in": 0, "out": 0}
    uploads: list[tuple[Phone, list[dict[str, Any]]]] = []
    for phone in phones:
        standing: list[dict[str, Any]] = []
        for tick in range(chance.randint(0, 150)):
            at = began + timedelta(milliseconds=200 * tick)
            what = chance.random()
            if what < 0.1 and standing:
                gone = standing.pop(chance.randrange(len(standing)) if chance.random() < 0.5 else -1)
                phone.undo(gone, at=at)
                expected[gone["direction"]] -= gone["people"]
                continue
            made = (
                phone.group(chance.choice(["in", "out"]), at=at)
                if what < 0.15
                else phone.tap(chance.choice(["in", "out"]), at=at)
            )
            standing.append(made)
            expected[made["direction"]] += made["people"]
        left = list(phone.made)
        chance.shuffle(left)
        while left:
            size = chance.randint(1, 40)
            uploads.append((phone, left[:size]))
            left = left[size:]
    uploads += chance.sample(uploads, len(uploads) // 3)
    chance.shuffle(uploads)
    before = sums(app)
    for phone, entries in uploads:
        phone.send(*entries)
    after = sums(app)
    assert (after[0] - before[0], after[1] - before[1]) == (expected["in"], expected["out"])
    for phone in phones:
        device = device_of(app, phone)
        assert (device.high_seq, device.entry_count) == (phone.seq, phone.seq)
    with app.app_context():
        prove_visitors(reading())


@pytest.mark.slow
def test_four_gates_of_ten_thousand_each(app: Flask, fair: Fair) -> None:
    """T29: 40,000 entries with double taps, exits before entries and undos, in shuffled uploads of 500, one in ten sent twice."""
    chance = random.Random(29)
    at = now()
    expected: dict[str, list[int]] = {}
    for gate_id in make_gates(app, fair, 4):
        phone, flow, standing = pair_phone(app, fair, gate_id), [0, 0], list[dict[str, Any]]()
        for number in range(10_000):
            when = at - timedelta(milliseconds=200 * (10_000 - number) // 4)
            if standing and chance.random() < 0.03:
                gone = standing.pop()
                phone.undo(gone, at=when)
                flow[gone["direction"] == "out"] -= 1
                continue
            way = "out" if number < 50 or chance.random() < 0.45 else "in"
            standing.append(phone.tap(way, at=when))
            flow[way == "out"] += 1
        pieces = [phone.made[start : start + 500] for start in range(0, 10_000, 500)]
        chance.shuffle(pieces)
        for piece in (*pieces, *pieces[:2]):
            phone.send(*chance.sample(piece, len(piece)))
        expected[gate_id] = flow
        device = device_of(app, phone)
        assert (device.high_seq, device.entry_count) == (10_000, 10_000)
    with app.app_context():
        found = dict[str, list[int]]()
        for row in reading().scalars(select(GateHour)):
            flow = found.setdefault(row.gate_id, [0, 0])
            flow[0] += row.people_in
            flow[1] += row.people_out
        prove_visitors(reading())
    assert found == expected


@pytest.mark.slow
def test_a_day_of_22_000_entries_with_peaks_of_90_a_minute_over_six_gates(app: Flask, fair: Fair) -> None:
    """The load of FEATURES 5: every figure of the day's page equals what was tapped, minute by minute."""
    chance = random.Random(22_000)
    day = fair_day(now(), BOUNDARY) - timedelta(days=1)
    gates = make_gates(app, fair, 6)
    phones = {gate: pair_phone(app, fair, gate) for gate in gates}
    per_minute = day_of_entries(chance)
    assert sum(per_minute) == 22_000
    assert max(per_minute) == 90
    there = highest = out = 0
    hourly: dict[tuple[str, int], int] = {}
    begins = datetime(day.year, day.month, day.day, 8, tzinfo=VIETNAM)
    for minute, entries in enumerate(per_minute):
        at = begins + timedelta(minutes=minute)
        leaving = min(there, entries if minute < 660 else 2 * entries) * chance.randint(0, 100) // 100
        for way, count in (("in", entries), ("out", leaving)):
            for _ in range(count):
                gate = chance.choice(gates)
                phones[gate].tap(way, at=at + timedelta(milliseconds=chance.randrange(60_000)))
                if way == "in":
                    hourly[gate, at.hour] = hourly.get((gate, at.hour), 0) + 1
        there += entries - leaving
        out += leaving
        highest = max(highest, there)
        if minute % 5 == 4 or minute == len(per_minute) - 1:
            for phone in phones.values():
                if phone.made:
                    phone.send(*phone.made)
                    phone.made = []
    with app.app_context():
        found = visitors_of_day(reading(), fair.edition_id, day)
        assert (found.entries, found.total.net.people_out) == (22_000, out)
        assert found.inside.people == there
        assert found.peak is not None
        assert found.peak.people == highest
        assert {key: counts.net.people_in for key, counts in found.by_hour.items() if counts.net.people_in} == hourly
        first = day_starts_at(day, BOUNDARY)
        assert begins <= first + timedelta(minutes=found.peak.minute) < begins + timedelta(hours=12)
        prove_visitors(reading())


def day_of_entries(chance: random.Random) -> list[int]:
    """Entries per minute from 8:00 to 20:00: 22,000 in all, 31 a minute on average, at times 90."""
    minutes = [90 if 540 <= minute < 560 else 0 for minute in range(720)]
    left = 22_000 - sum(minutes)
    while left:
        minute = chance.randrange(720)
        if minutes[minute] < 60:
            minutes[minute] += 1
            left -= 1
    return minutes
