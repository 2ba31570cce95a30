"""What uploads leave behind on a device, and what pairing, taking over and revoking change."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.people.rules import Held, Role, Scope
from fair_pos.plumbing.db import db, in_transaction, reading, transaction
from fair_pos.proof.queries import prove
from fair_pos.sales.tables import Oddity
from fair_pos.till import actions
from fair_pos.till.actions import (
    check_may_sell,
    make_pairing_code,
    new_device,
    pair_device,
    pair_sample_device,
    revoke_device,
)
from fair_pos.till.refusals import MayNotSellHere
from fair_pos.till.tables import Device, PairingCode, Received
from tests.builders import Fair, Tablet, make_fair, pair_tablet, sold


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def water(app: Flask, tablet: Tablet) -> tuple[int, int, int]:
    with app.app_context():
        device = reading().get_one(Device, tablet.device_id)
        return device.high_seq, device.max_seq, device.command_count


def test_the_text_is_kept_exactly_as_sent(app: Flask, tablet: Tablet) -> None:
    parcel = tablet.sale([(tablet.fair.goods[0], 1)])
    tablet.send(parcel)
    with app.app_context():
        assert reading().scalars(select(Received.text)).one() == parcel["text"]


def test_a_gap_holds_the_mark_until_it_is_filled(app: Flask, tablet: Tablet) -> None:
    parcels = [tablet.sale([(tablet.fair.goods[0], 1)]) for _ in range(6)]
    tablet.send(parcels[0], parcels[1])
    tablet.send(parcels[4], parcels[3])
    assert water(app, tablet) == (2, 5, 4)
    tablet.send(parcels[2])
    assert water(app, tablet) == (5, 5, 5)
    tablet.send(*parcels)
    assert water(app, tablet) == (6, 6, 6)


def test_any_shuffling_and_cutting_of_a_day_ends_the_same(app: Flask, tablet: Tablet) -> None:
    chance = random.Random(7)
    goods = tablet.fair.goods
    parcels = [tablet.sale([(chance.choice(goods), chance.randint(1, 4))]) for _ in range(60)]
    tangled = parcels + chance.choices(parcels, k=40)
    chance.shuffle(tangled)
    while tangled:
        size = chance.randint(1, 12)
        tablet.send(*tangled[:size])
        tangled = tangled[size:]
    tablet.send(*parcels[:50])
    tablet.send(*parcels[50:])
    assert water(app, tablet) == (60, 60, 60)
    with app.app_context():
        proof = prove(reading())
    assert (proof.sales, proof.oddities, proof.quarantined, proof.gaps) == (60, 0, 0, [])


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


# --- commands of every kind -------------------------------------------------------------------------------------------


def test_a_command_nobody_reads_yet_is_kept_and_said_to_be(
    app: Flask, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fair_pos.till.actions.HANDLERS", {})
    moved = tablet.command("cash_moved", direction="out", amount_dong=20_000, reason="đá lạnh")
    assert [one.answer for one in tablet.send(moved)] == ["stored"]
    assert [one.answer for one in tablet.send(moved)] == ["already_have"]
    with app.app_context():
        lines = reading().scalars(select(Line).where(Line.verb == "command_kept")).all()
        assert [(one.subject_id, one.facts) for one in lines] == [(moved["id"], {"kind": "cash_moved"})]
        assert reading().scalars(select(Received.id)).all() == [moved["id"]]
        assert prove(reading()).others == {"cash_moved": 1}


def test_the_chain_of_commands_that_are_no_sales_is_watched_too(app: Flask, tablet: Tablet) -> None:
    given = tablet.giveaway([sold(tablet.fair.goods[0])])
    tablet.send(given | {"hash": "0" * 64})
    with app.app_context():
        assert [one.code for one in reading().scalars(select(Oddity).where(Oddity.sale_id == given["id"]))] == [
            "chain_hash_wrong"
        ]
        assert prove(reading()).giveaways == 1
def reads_of_numbers(app: Flask, work: Callable[[], object]) -> int:
    """How many statements look for numbers above the mark."""
    statements: list[str] = []

    def note(*args: Any) -> None:
        statements.append(args[2])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum("seq BETWEEN" in one for one in statements)


def test_a_number_that_never_comes_makes_no_upload_read_all_after_it(
    app: Flask, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "RUN", 2)
    parcels = [tablet.sale([(tablet.fair.goods[0], 1)]) for _ in range(12)]
    tablet.send(parcels[0], *parcels[2:8])
    assert reads_of_numbers(app, lambda: tablet.send(*parcels[8:11])) == 0
    assert water(app, tablet) == (1, 11, 10)
    assert reads_of_numbers(app, lambda: tablet.send(parcels[1])) > 2  # filled: on to the next gap, in short runs
    assert water(app, tablet) == (11, 11, 11)
    tablet.send(parcels[11])
    assert water(app, tablet) == (12, 12, 12)


def test_what_is_no_parcel_is_counted_on_the_device(app: Flask, tablet: Tablet) -> None:
    tablet.send({"no": "parcel"}, {"no": "parcel"}, {"no": "parcel either"})
    assert water(app, tablet) == (0, 0, 0)
    with app.app_context():
        assert reading().get_one(Device, tablet.device_id).quarantine_count == 2
