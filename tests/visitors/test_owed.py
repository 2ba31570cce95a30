"""What is still to come of a count."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day, local_hour
from fair_pos.plumbing.db import reading
from fair_pos.visitors.owed import hours_counted, missing_by_device
from fair_pos.visitors.queries import count_missing_entries, gate_devices_of
from tests.builders import BOUNDARY, make_fair
from tests.visitors.phones import make_gates, pair_phone


def test_gaps_of_all_phones_at_once(app: Flask) -> None:
    fair = make_fair(app)
    gates = make_gates(app, fair, 2)
    whole, gap = (pair_phone(app, fair, gate) for gate in gates)
    whole.send(whole.tap(), whole.tap())
    taps = [gap.tap() for _ in range(5)]
    gap.send(taps[0], taps[4], taps[2] | {"people": 0})
    with app.app_context():
        phones = gate_devices_of(reading(), fair.edition_id)
        found = missing_by_device(reading(), phones)
        assert found == {gap.device_id: 2}, "what lies aside has come all the same"
        assert {one.id: count_missing_entries(reading(), one) for one in phones} == {
            whole.device_id: 0,
            gap.device_id: 2,
        }
        assert missing_by_device(reading(), []) == {}


def test_hours_in_which_somebody_counted(app: Flask) -> None:
    fair = make_fair(app)
    first, second = make_gates(app, fair, 2)
    at = now() - timedelta(days=1)
    phone = pair_phone(app, fair, first)
    phone.send(phone.tap(at=at))
    day = fair_day(at, BOUNDARY)
    with app.app_context():
        assert hours_counted(reading(), fair.edition_id, day) == {(first, local_hour(at))}
        assert hours_counted(reading(), fair.edition_id, day - timedelta(days=1)) == set()
    assert second != first
