"""The file of waiting sales: what it may look like, and that it is taken in once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.queries import prove
from fair_pos.sales.tables import Oddity, Sale
from fair_pos.till.refusals import WaitingFileUnreadable
from fair_pos.till.tables import Device
from fair_pos.till.waiting_file import Imported, import_waiting, read_waiting_file
from tests.builders import Fair, Tablet, make_fair, pair_tablet


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def unknown_tablet(app: Flask, fair: Fair) -> Tablet:
    """A tablet of a server that was restored from a backup older than its pairing."""
    return Tablet(app, fair, fair.booth_ids[0], new_id(), "gone", "Q")


def file_of(tablet: Tablet, *parcels: object) -> bytes:
    devices = [{"device_id": tablet.device_id, "letter": tablet.letter, "parcels": list(parcels)}]
    return json.dumps({"devices": devices}).encode()


def take_in(app: Flask, data: bytes, booth_id: str) -> Imported:
    with app.app_context(), transaction() as session:
        return import_waiting(session, read_waiting_file(data), booth_id=booth_id, at=now())


def test_an_unknown_tablets_sales_come_in_once(app: Flask, fair: Fair) -> None:
    tablet = unknown_tablet(app, fair)
    parcels = [tablet.sale([(fair.goods[0], 1)]) for _ in range(60)]
    data = file_of(tablet, *parcels)
    first, again = take_in(app, data, fair.booth_ids[0]), take_in(app, data, fair.booth_ids[0])
    assert (first.answers, again.answers) == ({"stored": 60}, {"already_have": 60})
    assert first.letters == again.letters
    with app.app_context():
        (device,) = reading().scalars(select(Device))
        proof = prove(reading())
        assert reading().scalar(select(func.count()).select_from(Sale)) == 60
        assert list(reading().scalars(select(Oddity))) == []
    assert (proof.sales, proof.quarantined, proof.gaps) == (60, 0, [])
    assert device.name == f"Từ tệp: máy Q ({tablet.device_id})"
    assert device.revoked_at is not None, "nobody waits for a word from it"


def test_a_longer_file_of_the_same_tablet_goes_to_the_same_device(app: Flask, fair: Fair) -> None:
    tablet = unknown_tablet(app, fair)
    parcels = [tablet.sale([(fair.goods[0], 1)]) for _ in range(4)]
    take_in(app, file_of(tablet, *parcels[:2]), fair.booth_ids[0])
    done = take_in(app, file_of(tablet, *parcels), fair.booth_ids[1])
    assert done.answers == {"already_have": 2, "stored": 2}
    with app.app_context():
        assert reading().scalar(select(func.count()).select_from(Device)) == 1
        assert list(reading().scalars(select(Oddity.code))) == []


def test_a_known_tablets_sales_come_in_as_its_own(app: Flask, fair: Fair) -> None:
    tablet = pair_tablet(app, fair)
    parcels = [tablet.sale([(fair.goods[0], 1)]) for _ in range(3)]
    tablet.send(parcels[0])
    assert take_in(app, file_of(tablet, *parcels), fair.booth_ids[1]).answers == {"already_have": 1, "stored": 2}
    assert {answer.answer for answer in tablet.send(*parcels)} == {"already_have"}
    with app.app_context():
        device = reading().get_one(Device, tablet.device_id)
        assert (device.high_seq, device.revoked_at) == (3, None)


def test_one_bad_parcel_spoils_nothing(app: Flask, fair: Fair) -> None:
    tablet = unknown_tablet(app, fair)
    good = tablet.sale([(fair.goods[0], 1)])
    late = tablet.sale([(fair.goods[0], 1)], device_at="9999-12-31T23:59:59.999Z", clock_offset_ms=10**11)
    done = take_in(app, file_of(tablet, 7, {"id": "x"}, good, late), fair.booth_ids[0])
    assert done.answers == {"quarantined": 2, "stored": 2}


def test_an_unknown_booth_takes_nothing(app: Flask, fair: Fair) -> None:
    tablet = unknown_tablet(app, fair)
    with pytest.raises(NotFound):
        take_in(app, file_of(tablet, tablet.sale([(fair.goods[0], 1)])), "no-such-booth")
    with app.app_context():
        assert reading().scalar(select(func.count()).select_from(Device)) == 0


@pytest.mark.parametrize(
    "body",
    [
        "không phải JSON",
        [],
        {"parcels": []},
        {"devices": {}},
        {"devices": [1]},
        {"devices": [{"device_id": 1, "letter": "A", "parcels": []}]},
        {"devices": [{"device_id": "x", "letter": None, "parcels": []}]},
        {"devices": [{"device_id": "x", "letter": "A", "parcels": {}}]},
    ],
)
def test_another_file_is_refused(body: Any) -> None:
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    with pytest.raises(WaitingFileUnreadable):
        read_waiting_file(data)


def test_a_device_without_parcels_makes_no_device(app: Flask, fair: Fair) -> None:
    done = take_in(app, file_of(unknown_tablet(app, fair)), fair.booth_ids[0])
    assert (done.letters, sum(done.answers.values())) == ([], 0)
