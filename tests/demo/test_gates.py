from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import func, select

from fair_pos.demo.gates import CROWD_LIMIT, GATES, PAPER_HOUR, simulate_gates
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.visitors import prove_visitors
from fair_pos.visitors.queries import entries_by_hour, visitors_of_day
from fair_pos.visitors.tables import GateDevice, GateEntry
from tests.builders import Fair, make_fair

FIRST = date(2026, 11, 21)
DAYS = [FIRST + timedelta(days=number) for number in range(3)]


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app, starts=FIRST)


def counted(app: Flask, fair: Fair) -> int:
    with app.app_context(), transaction() as session:
        return simulate_gates(session, fair.edition_id, DAYS, seed="thử", by=fair.people["bantochuc"])


def test_every_gate_counted_on_every_day_and_nobody_stays_overnight(app: Flask, fair: Fair) -> None:
    sent = counted(app, fair)
    with app.app_context():
        assert sent == reading().scalar(select(func.count()).select_from(GateEntry))
        assert sent > 3_000
        assert prove_visitors(reading()).devices == len(GATES)
        for day in DAYS:
            found = visitors_of_day(reading(), fair.edition_id, day)
            assert len(found.gates) == len(GATES)
            assert 800 < found.entries < 2_500
            assert found.limit_people == CROWD_LIMIT
            assert found.peak is not None
            assert all(found.of_gate(gate.id).net.people_in > 0 for gate in found.gates)
        assert {one.waiting for one in reading().scalars(select(GateDevice))} == {0}


def test_the_hour_on_paper_the_correction_and_the_crowd_of_the_third_day(app: Flask, fair: Fair) -> None:
    counted(app, fair)
    with app.app_context():
        days = [visitors_of_day(reading(), fair.edition_id, day) for day in DAYS]
        assert days[0].total.paper.people_in == 18
        assert days[0].total.correction.people_in == 24
        assert days[1].total.paper.people_in == 0
        assert days[2].entries > days[0].entries > days[1].entries
        assert entries_by_hour(reading(), fair.edition_id, FIRST)[PAPER_HOUR].missing == ()


def test_a_day_that_goes_on_has_people_inside(app: Flask, fair: Fair) -> None:
    until = datetime(2026, 11, 21, 9, 30, tzinfo=timezone.utc)  # half past four in the afternoon
    with app.app_context(), transaction() as session:
        simulate_gates(session, fair.edition_id, DAYS[:1], seed="thử", by=fair.people["bantochuc"], until=until)
    with app.app_context():
        found = visitors_of_day(reading(), fair.edition_id, FIRST)
        assert found.inside.people is not None
        assert found.inside.people > 50
        assert max(reading().scalars(select(GateEntry.device_at))) < until
        assert prove_visitors(reading()).entries > 500


def test_without_days_nothing_is_made(app: Flask, fair: Fair) -> None:
    with app.app_context(), transaction() as session:
        assert simulate_gates(session, fair.edition_id, [], seed="thử", by=fair.people["bantochuc"]) == 0
    with app.app_context():
        assert reading().scalar(select(func.count()).select_from(GateDevice)) == 0
