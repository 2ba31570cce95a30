"""Who has sent everything, the badge with what came after a signature, and that many tablets cost no more than few."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from fair_pos.daysheet import queries
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM, day_starts_at
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from fair_pos.till.queries import count_missing
from fair_pos.till.tables import Device
from tests.asked import statements_sent
from tests.builders import BOUNDARY, make_fair
from tests.daysheet.evenings import Evening, make_evening
from tests.visitors.phones import make_gates, pair_phone


@pytest.fixture
def evening(app: Flask) -> Evening:
    return make_evening(app)


def test_a_gap_in_a_tablets_numbers_is_counted(app: Flask, evening: Evening) -> None:
    tablet, other = evening.tablets
    parcels = [tablet.sale([(evening.fair.goods[0], 1)]) for _ in range(5)]
    tablet.send(parcels[0], parcels[3], parcels[4])
    beyond = [other.sale([(evening.fair.goods[0], 1)]) for _ in range(4)]
    other.send(beyond[1], beyond[3] | {"text": "{"})
    with app.app_context():
        found = {one.letter: one.missing for one in queries.device_states(reading(), evening.fair.edition_id)}
        assert found == {tablet.letter: 2, other.letter: 2}, "a parcel that cannot be read has come all the same"
        for one in (tablet, other):
            assert count_missing(reading(), reading().get_one(Device, one.device_id)) == 2
    tablet.send(parcels[1], parcels[2])
    with app.app_context():
        found = {one.letter: one.missing for one in queries.device_states(reading(), evening.fair.edition_id)}
        assert found == {tablet.letter: 0, other.letter: 2}


def test_the_simulators_devices_are_no_tablets_to_wait_for(app: Flask, evening: Evening) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Device, evening.tablets[1].device_id).sample = True
    with app.app_context():
        states = queries.device_states(reading(), evening.fair.edition_id)
        assert [one.id for one in states] == [evening.tablets[0].device_id]


def test_the_badge_of_a_day_and_of_the_whole_fair(app: Flask, evening: Evening) -> None:
    edition = evening.fair.edition_id
    evening.heard(evening.tablets[1], at=now() - timedelta(days=1))
    with app.app_context():
        yesterday = queries.badge_of(reading(), edition, evening.day, now())
        assert (yesterday.complete, yesterday.total) == (2, 2)
        whole = queries.badge_of(reading(), edition, None, now())
        assert (whole.complete, whole.total, whole.late) == (1, 2, (evening.tablets[1].letter,))
        assert (whole.days_begun, whole.days_signed, whole.state) == (3, 0, "provisional")
    evening.heard(evening.tablets[1])
    with app.app_context():
        after = day_starts_at(evening.day + timedelta(days=1), BOUNDARY) + timedelta(hours=1)
        badge = queries.badge_of(reading(), edition, evening.day, after)
        assert (badge.state, badge.to_the_end) == ("whole", True)
        with pytest.raises(NotFound):
            queries.badge_of(reading(), "none", None, now())


def test_badges_of_many_days_are_those_of_each(app: Flask, evening: Evening) -> None:
    evening.close()
    late = evening.tablets[0]
    late.send(late.sale([(evening.fair.goods[0], 1)], at=now() - timedelta(days=1)))
    days = [evening.day + timedelta(days=step) for step in (-1, 0, 1, 2)]
    with app.app_context():
        at = now()
        together = queries.badges_by_day(reading(), evening.fair.edition_id, days, at)
        assert together == {day: queries.badge_of(reading(), evening.fair.edition_id, day, at) for day in days}
        assert together[evening.day].late_receipts == 1
        assert together[days[3]].state == "ahead"


def test_three_hundred_tablets_cost_no_more_than_two(app: Flask, evening: Evening) -> None:
    evening.close()
    edition, days = evening.fair.edition_id, [evening.day, evening.day + timedelta(days=1)]

    def statements() -> tuple[int, int]:
        with app.app_context(), statements_sent(app) as one:
            queries.badge_of(reading(), edition, evening.day, now())
        with app.app_context(), statements_sent(app) as many:
            queries.badges_by_day(reading(), edition, days, now())
        return len(one), len(many)

    gap = evening.tablets[0]
    parcels = [gap.sale([(evening.fair.goods[0], 1)]) for _ in range(3)]
    gap.send(parcels[2])
    few = statements()
    with app.app_context(), transaction() as session:
        for number in range(298):
            session.add(
                Device(
                    id=f"{number:036}", letter=f"X{number}", booth_id=evening.fair.booth_ids[0], token_hash=f"{number:064}",
                    paired_at=now() - timedelta(days=9), high_seq=1, max_seq=3,
                )
            )  # fmt: skip
    assert statements() == few
    assert few[0] <= 9, "its BEGIN included"
    with app.app_context():
        assert queries.badge_of(reading(), edition, evening.day, now()).total == 300


def test_gate_phones_and_hours_without_a_count(app: Flask) -> None:
    fair = make_fair(app, starts=now().astimezone(VIETNAM).date() - timedelta(days=3))
    day = now().astimezone(VIETNAM).date() - timedelta(days=1)
    (gate,) = make_gates(app, fair)
    phone = pair_phone(app, fair, gate)
    noon = datetime(day.year, day.month, day.day, 12, 5, tzinfo=VIETNAM)
    with app.app_context(), transaction() as session:
        from fair_pos.visitors.tables import Gate

        session.get_one(Gate, gate).created_at = noon - timedelta(days=5)
    taps = [phone.tap(at=noon) for _ in range(3)]
    phone.send(taps[0], taps[2])
    with app.app_context():
        badge = queries.visitor_badge_of(reading(), fair.edition_id, day, now())
        assert (badge.complete, badge.total, badge.late) == (0, 1, ("Chị Hoa",))
        assert queries.phone_states(reading(), fair.edition_id)[0].missing == 1
        assert badge.empty_hours == 13, "from 8 to 22 without the one at noon"
        early = queries.visitor_badge_of(reading(), fair.edition_id, day, noon + timedelta(hours=1))
        assert early.empty_hours == 4, "hours to come say nothing yet"
        assert queries.visitor_badge_of(reading(), fair.edition_id, None, now()).empty_hours == 0


def test_sheets_are_found_by_number(app: Flask, evening: Evening) -> None:
    evening.close()
    with app.app_context():
        sheet = queries.get_sheet(reading(), evening.fair.edition_id, 1)
        assert sheet.in_force
        assert queries.find_paper(reading(), sheet.id) is None
        for edition, number in ((evening.fair.edition_id, 2), ("none", 1)):
            with pytest.raises(NotFound):
                queries.get_sheet(reading(), edition, number)
