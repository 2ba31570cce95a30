"""The doors of a gate's phone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import transaction
from fair_pos.visitors.actions import change_gate, set_crowd_rule
from fair_pos.visitors.pairing import make_gate_code, revoke_gate_device
from fair_pos.visitors.tables import GateDevice
from tests.builders import Fair, make_fair, pair_tablet, till_headers, wire_time
from tests.visitors.phones import Phone, device_of, make_gates, pair_phone, sums


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def gate(app: Flask, fair: Fair) -> str:
    return make_gates(app, fair)[0]


@pytest.fixture
def phone(app: Flask, fair: Fair, gate: str) -> Phone:
    return pair_phone(app, fair, gate)


def ping(client: FlaskClient, token: str, **changes: Any) -> Any:
    body = {"waiting": 0, "sent_at": wire_time(now()), "app_version": "test"} | changes
    return client.post("/api/gate/ping", json=body, headers=till_headers(token))


def test_a_phone_is_paired_with_a_code_alone(app: Flask, fair: Fair, gate: str, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        code = make_gate_code(session, gate, by=fair.people["bantochuc"], at=now())
    answer = client.post("/api/gate/pair", json={"code": code, "name": "Chị Hoa"}, headers={"X-Fair-Pos": "gate"})
    assert answer.status_code == 200
    paired: dict[str, Any] = answer.get_json()
    assert paired["gate"]["name"] == "Cổng chính"
    assert (paired["gate"]["counts_in"], paired["gate"]["counts_out"], paired["gate"]["day_boundary_minutes"]) == (
        True,
        True,
        240,
    )
    assert paired["crowd"] == {"people": 0, "limit": None, "level": "calm", "entries": 0}
    assert ping(client, paired["device_token"]).status_code == 200
    again = client.post("/api/gate/pair", json={"code": code, "name": ""}, headers={"X-Fair-Pos": "gate"})
    assert (again.status_code, again.get_json()["code"]) == (400, "gate_code_unknown")


def test_an_upload_is_answered_entry_by_entry(app: Flask, fair: Fair, phone: Phone, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        set_crowd_rule(session, fair.edition_id, 10, None, at=now(), by=fair.people["bantochuc"])
    answer = phone.post(client, *(phone.tap() for _ in range(8)), 7, waiting=11)
    assert answer.status_code == 200
    assert [one["answer"] for one in answer.get_json()["answers"]] == ["stored"] * 8 + ["quarantined"]
    assert answer.get_json()["high_water"] == {"seq": 8, "count": 8}
    assert answer.get_json()["crowd"] == {"people": 8, "limit": 10, "level": "amber", "entries": 8}
    assert answer.get_json()["revoked"] is False
    device = device_of(app, phone)
    assert (device.waiting, device.app_version) == (2, "test")


def test_what_is_no_upload_is_refused_whole(phone: Phone, client: FlaskClient) -> None:
    headers = till_headers(phone.token)
    for body in ("{", "[]", "{}", '{"entries": 7, "waiting": 0, "sent_at": "2026-11-24T00:00:00Z", "app_version": ""}'):
        answer = client.post("/api/gate/taps", data=body, headers=headers, content_type="application/json")
        assert (answer.status_code, answer.get_json()["code"]) == (400, "wrong_shape"), body
    deep = client.post("/api/gate/taps", data="[" * 100_000, headers=headers, content_type="application/json")
    assert deep.status_code == 400
    large = client.post(
        "/api/gate/taps", data=b" " * (2 * 1024 * 1024 + 1), headers=headers, content_type="application/json"
    )
    assert large.status_code == 413
    plain = client.post("/api/gate/taps", data="{}", headers=headers, content_type="text/plain")
    assert plain.status_code == 415


def test_a_revoked_phone_hands_in_and_does_nothing_else(app: Flask, phone: Phone, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        revoke_gate_device(session, session.get_one(GateDevice, phone.device_id), by=None, at=now())
    assert (ping(client, phone.token).status_code, ping(client, phone.token).json["code"]) == (
        401,
        "gate_device_revoked",
    )
    answer = phone.post(client, phone.tap())
    assert (answer.status_code, answer.get_json()["revoked"]) == (200, True)
    assert sums(app) == (1, 0)


def test_secrets_of_tills_open_no_gate_and_the_other_way_round(
    app: Flask, fair: Fair, phone: Phone, client: FlaskClient
) -> None:
    tablet = pair_tablet(app, fair)
    for token in (tablet.token, "", "x", phone.token + "x"):
        assert phone.post(client, phone.tap(), token=token or " ").status_code == 401
    assert tablet.post(client, token=phone.token).status_code == 401
    no_header = client.post("/api/gate/ping", json={}, headers={"Authorization": f"Bearer {phone.token}"})
    assert no_header.status_code == 415


def test_a_ping_brings_the_gates_new_name_and_who_is_inside(
    app: Flask, fair: Fair, gate: str, phone: Phone, client: FlaskClient
) -> None:
    other = pair_phone(app, fair, gate)
    other.send(other.group())
    with app.app_context(), transaction() as session:
        change_gate(session, gate, "Cổng Bắc", "entrance", at=now(), by=fair.people["bantochuc"])
    pong: dict[str, Any] = ping(client, phone.token, waiting=5).get_json()
    assert (pong["gate"]["name"], pong["gate"]["counts_out"]) == ("Cổng Bắc", False)
    assert pong["crowd"] == {"people": None, "limit": None, "level": "calm", "entries": 30}
    assert device_of(app, phone).waiting == 5


def test_the_warning_reaches_another_gate_with_its_next_ping(
    app: Flask, fair: Fair, phone: Phone, client: FlaskClient
) -> None:
    """Phones ask every three seconds; what one gate has handed in, the next answer to any other says."""
    with app.app_context(), transaction() as session:
        set_crowd_rule(session, fair.edition_id, 100, None, at=now(), by=fair.people["bantochuc"])
    levels = []
    for _ in range(4):
        phone.post(client, *(phone.tap() for _ in range(25)))
        levels.append(ping(client, phone.token).json["crowd"]["level"])
    assert levels == ["calm", "calm", "calm", "red"]


def test_a_phone_gives_itself_up_when_nothing_waits(app: Flask, phone: Phone, client: FlaskClient) -> None:
    headers = till_headers(phone.token)
    refused = client.post("/api/gate/unpair", json={"waiting": 2}, headers=headers)
    assert (refused.status_code, refused.json) == (400, {"code": "taps_waiting", "facts": {"waiting": 2}})
    assert client.post("/api/gate/unpair", json={"waiting": 0}, headers=headers).status_code == 200
    assert device_of(app, phone).revoked_at is not None


def test_taps_of_last_night_count_to_last_night(app: Flask, phone: Phone, client: FlaskClient) -> None:
    at: datetime = now() - timedelta(hours=26)
    assert phone.post(client, phone.tap(at=at)).json["crowd"]["entries"] == 0
    assert sums(app) == (1, 0)
