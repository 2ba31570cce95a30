"""Finding devices and codes."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.till.pairing import make_pairing_code
from fair_pos.till.queries import (
    code_hash,
    count_missing,
    count_waiting_tills,
    find_device,
    find_device_by_token,
    find_device_place,
    find_usable_code,
    missing_by_device,
    real_tablets_of,
    token_hash,
)
from fair_pos.till.tables import Device
from tests.builders import make_fair, pair_tablet


def test_a_device_is_found_by_its_secret_and_by_nothing_like_it(app: Flask) -> None:
    tablet = pair_tablet(app, make_fair(app))
    with app.app_context():
        found = find_device_by_token(reading(), tablet.token)
        assert found is not None
        assert found.id == tablet.device_id
        for wrong in ("", tablet.token[:-1], tablet.token + "x", token_hash(tablet.token)):
            assert find_device_by_token(reading(), wrong) is None


def test_a_device_lies_where_its_booth_lies(app: Flask) -> None:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair, booth=1)
    with app.app_context():
        assert find_device_place(reading(), tablet.device_id) == (fair.edition_id, fair.booth_ids[1])
        assert find_device_place(reading(), "nobody") is None
        assert find_device(reading(), "nobody") is None


def test_a_code_is_the_same_however_it_is_typed(app: Flask) -> None:
    assert code_hash("ABCD-EFGH") == code_hash("abcd efgh") == code_hash(" abcdefgh ")
    assert code_hash("ABCD-EFGH") != code_hash("ABCD-EFGJ")


def test_a_code_is_usable_until_it_ends(app: Flask) -> None:
    fair, at = make_fair(app), now()
    with app.app_context(), transaction() as session:
        code = make_pairing_code(session, fair.booth_ids[0], by=fair.people["bantochuc"], at=at)
        assert find_usable_code(session, code, at + timedelta(minutes=9)) is not None
        assert find_usable_code(session, code, at + timedelta(minutes=10)) is None
        assert find_usable_code(session, "ABCD-EFGH", at) is None


def test_tills_that_hold_sales_are_counted(app: Flask) -> None:
    fair = make_fair(app)
    tablets = [pair_tablet(app, fair, booth) for booth in (0, 0, 1)]
    with app.app_context(), transaction() as session:
        for tablet, waiting in zip(tablets, (3, 0, 1), strict=True):
            device = find_device(session, tablet.device_id)
            assert device is not None
            device.waiting = waiting
    with app.app_context():
        assert count_waiting_tills(reading(), set(fair.booth_ids)) == 2
        assert count_waiting_tills(reading(), {fair.booth_ids[1]}) == 1
        assert count_waiting_tills(reading(), set()) == 0


def test_gaps_of_all_tablets_at_once_are_those_of_each(app: Flask) -> None:
    fair = make_fair(app)
    tablets = [pair_tablet(app, fair, number % 2) for number in range(3)]
    for tablet, kept in zip(tablets, ((0, 1, 2), (0, 3), (1,)), strict=True):
        parcels = [tablet.sale([(fair.goods[0], 1)]) for _ in range(4)]
        tablet.send(*(parcels[one] for one in kept))
    tablets[1].send(tablets[1].sale([(fair.goods[0], 1)]) | {"text": "{"})
    with app.app_context():
        devices = real_tablets_of(reading(), fair.booth_ids)
        found = missing_by_device(reading(), devices)
        assert found == {one.id: missing for one in devices if (missing := count_missing(reading(), one))}
        assert found == {tablets[1].device_id: 2, tablets[2].device_id: 1}
        assert missing_by_device(reading(), devices[:1]) == {}
    with app.app_context(), transaction() as session:
        session.get_one(Device, tablets[2].device_id).sample = True
    with app.app_context():
        assert [one.letter for one in real_tablets_of(reading(), fair.booth_ids)] == [one.letter for one in tablets[:2]]
