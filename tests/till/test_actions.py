"""What uploads leave behind on a device."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from fair_pos.plumbing.db import reading
from fair_pos.proof.queries import prove
from fair_pos.sales.tables import Oddity
from fair_pos.till import actions
from fair_pos.till.tables import Device, Received
from tests.asked import statements_sent
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
    with statements_sent(app) as statements:
        work()
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
