"""The figures of a day, of the whole edition, and of this moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM, fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from fair_pos.visitors.actions import (
    HourOf,
    OtherSaid,
    add_gate,
    add_other_count,
    close_gate,
    correct,
    set_crowd_rule,
    tally,
)
from fair_pos.visitors.queries import (
    code_hash,
    corrections_of,
    count_missing_entries,
    counts_visitors,
    crowd_now,
    entries_by_day,
    entries_by_hour,
    find_gate_device_edition,
    find_gate_edition,
    gate_devices_of,
    gates_of,
    gates_of_day,
    get_gate,
    odd_taps_of,
    other_counts_of,
    paired_phones,
    people_named,
    tallies_of,
    visitors_of_day,
)
from fair_pos.visitors.rules import Peak
from tests.builders import BOUNDARY, Fair, make_fair
from tests.visitors.phones import device_of, make_gates, pair_phone


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def yesterday_at(hour: int, minute: int = 0) -> datetime:
    day = fair_day(now(), BOUNDARY) - timedelta(days=1)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)


def test_a_day_adds_gates_and_keeps_four_figures_apart(app: Flask, fair: Fair) -> None:
    """Total equals the sum of gates, once; raw, paper and corrections stand side by side; the peak is by the minute."""
    first, second = make_gates(app, fair, 2)
    one, two = pair_phone(app, fair, first), pair_phone(app, fair, second)
    one.send(
        *(one.tap(at=yesterday_at(9, 10)) for _ in range(6)),
        *(one.tap("out", at=yesterday_at(9, 40)) for _ in range(4)),
    )
    two.send(two.group(at=yesterday_at(9, 20)), two.tap("out", at=yesterday_at(10, 5)))
    day = fair_day(yesterday_at(9), BOUNDARY)
    by = fair.people["bantochuc"]
    with app.app_context(), transaction() as session:
        tally(session, HourOf(new_id(), first, day, 10), 8, 3, "", at=now(), by=by)
        correct(session, HourOf(new_id(), second, day, 9), "in", -5, "đếm nhầm", at=now(), by=by)
        set_crowd_rule(session, fair.edition_id, 40, 10, at=now(), by=by)
    with app.app_context():
        found = visitors_of_day(reading(), fair.edition_id, day)
        assert (found.total.tap.people_in, found.total.paper.people_in, found.total.correction.people_in) == (36, 8, -5)
        assert found.entries == found.of_gate(first).net.people_in + found.of_gate(second).net.people_in == 39
        assert found.of_hour(9).net.people_in == 31
        assert found.total.net.group_in == 30
        assert found.inside.people == 39 - 8
        assert found.peak == Peak(36, 5 * 60 + 20), (
            "before anybody left, by taps; the correction comes at the hour's end"
        )
        assert found.distinct == 36, "39 less a tenth, and never fewer than were inside at once"
        assert found.level == "calm"
        assert entries_by_day(reading(), fair.edition_id) == {day: 39}
        signed = people_named([*corrections_of(reading(), [first, second], day), *tallies_of(reading(), [first], day)])
        assert signed == {by}


def test_where_people_leave_uncounted_nobody_is_inside(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair, way="in_only")
    phone = pair_phone(app, fair, gate)
    phone.send(phone.tap(at=yesterday_at(9)))
    with app.app_context():
        found = visitors_of_day(reading(), fair.edition_id, fair_day(yesterday_at(9), BOUNDARY))
        assert (found.entries, found.inside.people, found.peak) == (1, None, None)


def test_who_is_inside_now(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair)
    phone = pair_phone(app, fair, gate)
    with app.app_context(), transaction() as session:
        set_crowd_rule(session, fair.edition_id, 10, None, at=now(), by=fair.people["bantochuc"])
    phone.send(*(phone.tap() for _ in range(8)), phone.tap(at=yesterday_at(9)))
    with app.app_context():
        there = crowd_now(reading(), fair.edition_id, now())
        assert (there.inside.people, there.limit_people, there.level, there.entries) == (8, 10, "amber", 8)
    phone.send(phone.group())
    with app.app_context():
        assert crowd_now(reading(), fair.edition_id, now()).level == "red"


def test_an_hour_in_which_a_gate_said_nothing_is_named(app: Flask, fair: Fair) -> None:
    first, _second = make_gates(app, fair, 2)
    phone = pair_phone(app, fair, first)
    phone.send(phone.tap(at=yesterday_at(9)))
    day = fair_day(yesterday_at(9), BOUNDARY)
    with app.app_context(), transaction() as session:
        for gate in (first, _second):
            where = HourOf(new_id(), gate, day, 11)
            tally(session, where, 5, 0, "", at=now(), by=fair.people["bantochuc"])
    with app.app_context():
        hours = entries_by_hour(reading(), fair.edition_id, day)
        assert (hours[9].entries, hours[9].missing) == (1, ("Cổng phụ",))
        assert (hours[11].entries, hours[11].missing) == (10, ())
        assert set(hours) == {9, 11}


def test_what_is_odd_is_counted_by_phone(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair)
    phone = pair_phone(app, fair, gate)
    tap = phone.tap()
    phone.send(tap, phone.tap(at=now() + timedelta(days=2)), phone.undo(tap), phone.undo(tap))
    with app.app_context():
        devices = gate_devices_of(reading(), fair.edition_id)
        found = {one.code: one.count for one in odd_taps_of(reading(), devices)}
    assert found == {"clock_off": 1, "undo_again": 1}


def test_gates_and_phones_are_found_by_id(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair)
    phone = pair_phone(app, fair, gate)
    with app.app_context():
        assert (
            find_gate_edition(reading(), gate)
            == find_gate_device_edition(reading(), phone.device_id)
            == fair.edition_id
        )
        assert find_gate_edition(reading(), "x") is find_gate_device_edition(reading(), "x") is None
        assert [one.id for one in gates_of(reading(), fair.edition_id)] == [gate]
        with pytest.raises(NotFound):
            get_gate(reading(), "x")
    assert code_hash("abcd-efgh") == code_hash("ABCD EFGH")


def test_what_is_missing_is_counted(app: Flask, fair: Fair) -> None:
    phone = pair_phone(app, fair, make_gates(app, fair)[0])
    entries = [phone.tap() for _ in range(10)]
    phone.send(*entries[:3], *entries[5:8], entries[9] | {"people": 0})
    with app.app_context():
        assert count_missing_entries(reading(), device_of(app, phone)) == 3


def test_other_sources_of_another_day_say_nothing(app: Flask, fair: Fair) -> None:
    day = fair_day(now(), BOUNDARY)
    said = OtherSaid("Bãi xe", 10, 170, "least")
    with app.app_context(), transaction() as session:
        add_other_count(session, fair.edition_id, new_id(), day, said, at=now(), by=fair.people["bantochuc"])
    with app.app_context():
        assert other_counts_of(reading(), fair.edition_id, day - timedelta(days=1)) == []
        assert len(other_counts_of(reading(), fair.edition_id, day)) == 1


def shut(app: Flask, fair: Fair, gate: str, at: datetime) -> None:
    with app.app_context(), transaction() as session:
        close_gate(session, gate, at=at, by=fair.people["bantochuc"])


def test_a_gate_closed_before_a_day_says_nothing_of_it_unless_it_was_counted_there(app: Flask, fair: Fair) -> None:
    """A gate where people left uncounted hides who is inside as long as it is open; from the day after its end it does not."""
    (counting,) = make_gates(app, fair)
    with app.app_context(), transaction() as session:
        leak = add_gate(session, fair.edition_id, "Cổng sau", "in_only", at=now(), by=fair.people["bantochuc"]).id
    phone, late = pair_phone(app, fair, counting), pair_phone(app, fair, leak)
    phone.send(phone.tap(), phone.tap(at=yesterday_at(9)))
    today = fair_day(now(), BOUNDARY)

    def seen(day: date) -> tuple[list[str], int | None]:
        with app.app_context():
            found = visitors_of_day(reading(), fair.edition_id, day)
            assert [one.id for one in gates_of_day(reading(), fair.edition_id, day, BOUNDARY)] == [
                one.id for one in found.gates
            ]
            if day == today:
                assert crowd_now(reading(), fair.edition_id, now()).inside == found.inside
            return [one.name for one in found.gates], found.inside.people

    both = ["Cổng chính", "Cổng sau"]
    assert seen(today) == (both, None)
    shut(app, fair, leak, yesterday_at(12))
    assert seen(today) == (["Cổng chính"], 1)
    assert seen(today - timedelta(days=1)) == (both, None), "it was open that morning"
    late.send(late.tap())
    assert seen(today) == (both, None), "somebody came in there all the same"


def test_a_gate_is_not_missing_in_hours_after_its_end(app: Flask, fair: Fair) -> None:
    first, second = make_gates(app, fair, 2)
    phone = pair_phone(app, fair, first)
    phone.send(*(phone.tap(at=yesterday_at(hour)) for hour in (9, 10, 11)))
    shut(app, fair, second, yesterday_at(10, 30))
    with app.app_context():
        hours = entries_by_hour(reading(), fair.edition_id, fair_day(yesterday_at(9), BOUNDARY))
    assert {hour: one.missing for hour, one in hours.items()} == {9: ("Cổng phụ",), 10: ("Cổng phụ",), 11: ()}


def test_an_edition_counts_visitors_while_a_phone_is_paired_or_once_one_counted(app: Flask, fair: Fair) -> None:
    def counted() -> bool:
        with app.app_context():
            return counts_visitors(reading(), fair.edition_id)

    (gate,) = make_gates(app, fair)
    assert not counted(), "a gate alone is nothing yet"
    phone = pair_phone(app, fair, gate)
    assert counted()
    with app.app_context():
        assert [one.id for one in paired_phones(reading(), gate)] == [phone.device_id]
    shut(app, fair, gate, now())
    assert not counted()
    with app.app_context():
        assert paired_phones(reading(), gate) == []
    phone.send(phone.tap())
    assert counted()
