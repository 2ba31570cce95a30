"""Phones of gates: one code, one phone, one gate; a revoked one still hands in."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from flask import Flask

from fair_pos.journal.queries import lines_about
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from fair_pos.visitors.actions import close_gate, reopen_gate
from fair_pos.visitors.pairing import (
    hear_from_gate,
    make_gate_code,
    pair_gate_device,
    revoke_gate_device,
    unpair_gate_device,
)
from fair_pos.visitors.queries import find_gate_device_by_token
from fair_pos.visitors.refusals import GateClosed, GateCodeUnknown, TapsWaiting
from fair_pos.visitors.tables import GateDevice
from tests.builders import Fair, make_fair
from tests.visitors.phones import device_of, make_gates, pair_phone


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def code_for(app: Flask, fair: Fair, gate_id: str, at: datetime) -> str:
    with app.app_context(), transaction() as session:
        return make_gate_code(session, gate_id, by=fair.people["bantochuc"], at=at)


def test_a_code_pairs_one_phone_once(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair)
    at = now()
    code = code_for(app, fair, gate, at)
    with app.app_context(), transaction() as session:
        device, token = pair_gate_device(session, code=code.lower().replace("-", " "), name="  Anh  Nam ", at=at)
        assert (device.gate_id, device.name, device.paired_by) == (gate, "Anh Nam", fair.people["bantochuc"])
    with app.app_context(), transaction() as session:
        found = find_gate_device_by_token(session, token)
        assert found is not None
        assert found.id == device.id
        assert token not in found.token_hash
        with pytest.raises(GateCodeUnknown):
            pair_gate_device(session, code=code, name="", at=at)
        assert [line.verb for line in lines_about(session, "gate_device", device.id)] == ["gate_device_paired"]


def test_a_code_grows_old_and_a_wrong_one_is_none(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair)
    at = now()
    code = code_for(app, fair, gate, at)
    with app.app_context(), transaction() as session:
        for wrong, when in ((code, at + timedelta(minutes=10)), ("ABCD-EFGH", at), ("\ud800", at)):
            with pytest.raises(GateCodeUnknown):
                pair_gate_device(session, code=wrong, name="", at=when)
        with pytest.raises(NotFound):
            make_gate_code(session, "none", by=fair.people["bantochuc"], at=at)


def test_a_closed_gate_takes_no_phone(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair)
    at, by = now(), fair.people["bantochuc"]
    code = code_for(app, fair, gate, at)
    with app.app_context(), transaction() as session:
        close_gate(session, gate, at=at, by=by)
    with app.app_context(), transaction() as session:
        with pytest.raises(GateClosed):
            make_gate_code(session, gate, by=by, at=at)
        with pytest.raises(GateClosed):
            pair_gate_device(session, code=code, name="", at=at)
        reopen_gate(session, gate, at=at, by=by)
        device, _token = pair_gate_device(session, code=code, name="", at=at)
        assert (device.gate_id, device.revoked_at) == (gate, None), "the code was not used up"


def test_a_revoked_phone_still_hands_in(app: Flask, fair: Fair) -> None:
    phone = pair_phone(app, fair, make_gates(app, fair)[0])
    at = now()
    with app.app_context(), transaction() as session:
        device = session.get_one(GateDevice, phone.device_id)
        revoke_gate_device(session, device, by=fair.people["bantochuc"], at=at)
        revoke_gate_device(session, device, by=None, at=at + timedelta(hours=1))
    assert phone.send(phone.tap())[0].answer == "stored"
    assert device_of(app, phone).revoked_at == at


def test_no_unpairing_while_taps_wait(app: Flask, fair: Fair) -> None:
    phone = pair_phone(app, fair, make_gates(app, fair)[0])
    with app.app_context(), transaction() as session:
        device = session.get_one(GateDevice, phone.device_id)
        with pytest.raises(TapsWaiting):
            unpair_gate_device(session, device, waiting=1, at=now())
        unpair_gate_device(session, device, waiting=0, at=now())
        assert device.revoked_at is not None


@pytest.mark.parametrize("said", [datetime(1, 1, 1, tzinfo=timezone.utc), datetime(9999, 12, 31, tzinfo=timezone.utc)])
def test_an_unbelievable_clock_takes_no_page_down(app: Flask, fair: Fair, said: datetime) -> None:
    phone = pair_phone(app, fair, make_gates(app, fair)[0])
    at = now()
    with app.app_context(), transaction() as session:
        device = session.get_one(GateDevice, phone.device_id)
        hear_from_gate(session, device, at=at, waiting=3, sent_at=said, app_version="1")
    with app.app_context():
        device = reading().get_one(GateDevice, phone.device_id)
        assert (device.waiting, device.last_heard_at) == (3, at)
        assert abs(device.clock_off_ms) > 86_400_000
