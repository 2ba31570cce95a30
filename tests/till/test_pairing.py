"""What pairing, taking over and revoking change."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.people.rules import Held, Role, Scope
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.till.pairing import (
    check_may_sell,
    make_pairing_code,
    new_device,
    pair_device,
    pair_sample_device,
    revoke_device,
)
from fair_pos.till.refusals import MayNotSellHere
from fair_pos.till.tables import Device, PairingCode
from tests.builders import Fair, Tablet, make_fair, pair_tablet, till_headers, wire_time


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def test_only_the_hash_of_a_code_is_kept(app: Flask, fair: Fair) -> None:
    with app.app_context(), transaction() as session:
        code = make_pairing_code(session, fair.booth_ids[0], by=fair.people["bantochuc"], at=now())
    with app.app_context():
        kept = reading().scalars(select(PairingCode)).one()
    assert code.replace("-", "") not in kept.code_hash.upper()
    assert len(code) == 9


def test_pairing_and_revoking_are_in_the_journal(app: Flask, fair: Fair) -> None:
    by = fair.people["bantochuc"]
    with app.app_context(), transaction() as session:
        code = make_pairing_code(session, fair.booth_ids[0], by=by, at=now())
        roles = [Held(Role.ORGANISER, Scope(edition_id=fair.edition_id))]
        device, token = pair_device(session, code=code, person_id=by, roles=roles, name="Máy 1", at=now())
        assert token not in device.token_hash
        revoke_device(session, device, by=by, at=now())
        revoke_device(session, device, by=by, at=now())
    with app.app_context():
        verbs = list(reading().scalars(select(Line.verb).where(Line.person_id == by).order_by(Line.seq)))
    assert verbs[-3:] == ["pairing_code_made", "device_paired", "device_revoked"]


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        ({"booth": 0}, True),
        ({"booth": 1}, False),
        ({"edition": True}, True),
    ],
)
def test_selling_is_tied_to_the_booth(app: Flask, fair: Fair, scope: dict[str, int], may: bool) -> None:
    held = Scope(
        edition_id=fair.edition_id if "edition" in scope else None,
        booth_id=fair.booth_ids[scope["booth"]] if "booth" in scope else None,
    )
    with app.app_context(), transaction() as session:
        if may:
            check_may_sell(session, [Held(Role.SELLER, held)], fair.booth_ids[0])
        else:
            with pytest.raises(MayNotSellHere):
                check_may_sell(session, [Held(Role.SELLER, held)], fair.booth_ids[0])


def test_a_letter_is_never_given_again(app: Flask, fair: Fair) -> None:
    def pair_and_revoke() -> str:
        def work(session):  # type: ignore[no-untyped-def]
            device, _ = new_device(session, booth_id=fair.booth_ids[0], name="", at=now(), by=None)
            revoke_device(session, device, by=None, at=now())
            return device.letter

        with app.app_context():
            letter: str = in_transaction(work)
            return letter

    letters = [pair_and_revoke() for _ in range(30)]
    assert len(set(letters)) == 30
    assert letters[-1] == "AD"


def test_sales_of_the_simulator_are_marked(app: Flask, fair: Fair) -> None:
    with app.app_context(), transaction() as session:
        device = pair_sample_device(session, booth_id=fair.booth_ids[0], person_id=fair.people["nguoiban"], at=now())
        assert device.sample


def test_the_organiser_learns_what_waits(app: Flask, client: Any, tablet: Tablet) -> None:
    said = {"waiting": 7, "oldest_waiting_at": wire_time(now()), "sent_at": wire_time(now()), "app_version": "test"}
    answer = client.post("/api/till/ping", json=said | {"storage_persisted": True}, headers=till_headers(tablet.token))
    assert answer.json["price_list_version"] == 1
    with app.app_context():
        device = reading().get_one(Device, tablet.device_id)
        assert (device.waiting, device.storage_persisted, abs(device.clock_off_ms) < 5000) == (7, True, True)


def test_unpairing_waits_for_the_last_sale(app: Flask, client: Any, tablet: Tablet) -> None:
    refused = client.post("/api/till/unpair", json={"waiting": 2}, headers=till_headers(tablet.token))
    assert (refused.status_code, refused.json) == (400, {"code": "sales_waiting", "facts": {"waiting": 2}})
    assert client.post("/api/till/unpair", json={"waiting": 0}, headers=till_headers(tablet.token)).status_code == 200
    with app.app_context():
        assert reading().get_one(Device, tablet.device_id).revoked_at is not None
