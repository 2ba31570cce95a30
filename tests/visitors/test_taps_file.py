"""The file of taps: what it may look like, and that it is taken in once."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from fair_pos.journal.queries import lines_about
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.visitors import prove_visitors
from fair_pos.visitors.pairing import revoke_gate_device
from fair_pos.visitors.queries import find_gate_device, gate_devices_of, odd_taps_of
from fair_pos.visitors.refusals import TapsFileUnreadable
from fair_pos.visitors.tables import GateDevice
from fair_pos.visitors.taps_file import import_taps, read_taps_file
from tests.builders import Fair, make_fair
from tests.visitors.phones import Phone, device_of, make_gates, pair_phone, sums


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def file_of(*phones: Phone) -> bytes:
    return json.dumps({"gate_phones": [{"device_id": one.device_id, "entries": one.made} for one in phones]}).encode()


def take_in(app: Flask, data: bytes, gate_id: str) -> Counter[str]:
    with app.app_context(), transaction() as session:
        return import_taps(session, read_taps_file(data), gate_id=gate_id, at=now())


def test_an_unknown_phones_taps_come_in_once(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair)
    phone = Phone(app, new_id(), "gone")
    began = now() - timedelta(hours=2)
    for number in range(700):
        phone.tap(at=began + timedelta(seconds=number))
    phone.undo(phone.made[0], at=began + timedelta(hours=1))
    data = file_of(phone)
    assert take_in(app, data, gate) == {"stored": 701}
    assert take_in(app, data, gate) == {"already_have": 701}
    assert sums(app) == (699, 0)
    with app.app_context():
        (device,) = gate_devices_of(reading(), fair.edition_id)
        assert prove_visitors(reading()).entries == 701
        assert odd_taps_of(reading(), [device]) == [], "their times are believed"
        verbs = [line.verb for line in lines_about(reading(), "gate_device", device.id)]
    assert (device.name, device.high_seq, device.paired_by) == (f"Từ tệp: {phone.device_id}", 701, None)
    assert device.revoked_at is not None, "nobody waits for a word from it"
    assert verbs == ["gate_device_paired", "gate_taps_imported", "gate_taps_imported"]


def test_a_known_phone_keeps_its_gate_and_its_end(app: Flask, fair: Fair) -> None:
    first, second = make_gates(app, fair, 2)
    phone = pair_phone(app, fair, first)
    phone.send(phone.tap(), phone.tap())
    phone.tap("out")
    ended_at = now()
    with app.app_context(), transaction() as session:
        revoke_gate_device(session, session.get_one(GateDevice, phone.device_id), by=None, at=ended_at)
    assert take_in(app, file_of(phone, Phone(app, new_id(), "never tapped")), second) == {
        "already_have": 2,
        "stored": 1,
    }
    assert sums(app) == (2, 1)
    device = device_of(app, phone)
    assert (device.gate_id, device.revoked_at) == (first, ended_at)
    with app.app_context():
        found = find_gate_device(reading(), phone.device_id)
        assert found is not None
        assert odd_taps_of(reading(), [found]) == [], "it counted while it was paired"
        assert len(list(reading().scalars(select(GateDevice)))) == 1


def test_what_cannot_be_read_in_a_file_is_kept(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair)
    phone = Phone(app, new_id(), "gone")
    phone.made = [phone.tap(), 7, phone.tap() | {"device_at": "0001-01-01T00:00:00+14:00"}]  # type: ignore[list-item]
    assert take_in(app, file_of(phone), gate) == {"stored": 2, "quarantined": 1}
    assert sums(app) == (2, 0)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"[]",
        b"{}",
        b'{"gate_phones": {}}',
        b'{"gate_phones": [1]}',
        b'{"gate_phones": [{"device_id": 1, "entries": []}]}',
        b'{"gate_phones": [{"device_id": "a\\u0000b", "entries": []}]}',
        b'{"gate_phones": [{"device_id": "a", "entries": {}}]}',
        b'{"devices": [{"device_id": "a", "letter": "A", "parcels": []}]}',
    ],
)
def test_what_is_no_file_of_taps_is_refused(data: bytes) -> None:
    with pytest.raises(TapsFileUnreadable):
        read_taps_file(data)


def test_a_gate_that_does_not_exist_takes_nothing(app: Flask, fair: Fair) -> None:
    with pytest.raises(NotFound):
        take_in(app, file_of(Phone(app, new_id(), "gone")), "none")
