"""Goods given back damaged before their sale has arrived: when it comes they are their owner's, in their lot, as far as they lie there."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from fair_pos.consignment.actions import cancel, carry, give_back
from fair_pos.consignment.receiving import receive
from fair_pos.consignment.rules import OutLine
from fair_pos.inventory import queries
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.settlement.gather import open_parts
from fair_pos.stock.facts import LOTLESS
from fair_pos.stock.queries import balances_at
from fair_pos.stock.tables import Balance
from fair_pos.terms.rules import About, Share
from tests.builders import BOUNDARY, Fair, Tablet, make_fair, pair_tablet, sold
from tests.inventory.damage import WORDS, clear, damaged_back, place_beside, waiting
from tests.proof.saying import said_now
from tests.settlement.stage import make_stage
from tests.stock.brought import bring_lot, lying


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def bring(app: Flask, fair: Fair, pieces: int, *, owner: int = 1, ends: int = 30, booth: int = 0) -> str:
    """A lot of honey, of somebody who did not make it; its id."""
    at = now() - timedelta(days=1)
    expires = fair_day(at, BOUNDARY) + timedelta(days=ends)
    honey = fair.goods[0].product_id
    return bring_lot(app, fair.booth_ids[booth], honey, fair.producer_ids[owner], pieces, expires=expires, at=at)


def send(tablet: Tablet, *parcels: dict[str, Any]) -> None:
    for parcel in parcels:
        assert [one.answer for one in tablet.send(parcel)] == ["stored"]


def apart(app: Flask, fair: Fair) -> dict[tuple[str, str], int]:
    """(owner, lot) → what waits of it."""
    return {(one.owner_id, one.lot.id if one.lot else LOTLESS): one.quantity for one in waiting(app, fair)}


def shelf(app: Flask, fair: Fair, booth: int = 0) -> dict[tuple[str, str], int]:
    """(owner, lot) → what lies of it at a booth; nothing that is at zero."""
    held = lying(app, fair.booth_ids[booth], fair.goods[0].product_id)
    return {bucket: quantity for bucket, quantity in held.items() if quantity}


def everywhere(app: Flask) -> dict[tuple[str, str], int]:
    """(owner, lot) → what lies of it in all places together."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    with app.app_context():
        for one in reading().scalars(select(Balance)):
            sums[one.owner_id, one.lot_id] += one.quantity
    return {key: quantity for key, quantity in sums.items() if quantity}


def test_until_the_sale_arrives_they_are_the_maker_s_and_then_their_owner_s_in_their_lot(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    owner, maker = fair.producer_ids[1], fair.goods[0].producer_id
    lot = bring(app, fair, 3)
    sold_at = now() - timedelta(hours=30)
    sale = tablet.sale([(fair.goods[0], 1)], at=sold_at)
    back = damaged_back(tablet, fair.goods[0], 1, sale["id"], at=sold_at + timedelta(hours=1))
    send(tablet, back)
    assert apart(app, fair) == {(maker, LOTLESS): 1}
    (before,) = waiting(app, fair)
    send(tablet, sale)
    assert shelf(app, fair) == {(owner, lot): 2}
    (row,) = waiting(app, fair)
    assert (row.owner_id, row.lot and row.lot.id, row.quantity) == (owner, lot, 1)
    assert (row.brought, row.since, row.overnight) == (before.brought, before.since, before.overnight)
    assert [one.refund_id for one in row.brought] == [back["id"]]
    assert everywhere(app) == {(owner, lot): 3}
    with app.app_context():
        assert queries.below_zero_at(reading(), fair.edition_id, now()) == []
        place = place_beside(app, fair)
        then = balances_at(reading(), [place], as_of=sold_at + timedelta(hours=2))
        assert [(one.owner_id, one.lot_id, one.quantity) for one in then] == [(owner, lot, 1)]
    assert [one.answer for one in (*tablet.send(sale), *tablet.send(back))] == ["already_have"] * 2
    assert apart(app, fair) == {(owner, lot): 1}
    assert said_now(app) == ""


@pytest.mark.parametrize("booth", [0, 1])
def test_at_either_booth_of_several_owners_and_lots_and_only_in_part(app: Flask, fair: Fair, booth: int) -> None:
    """Four of five: the first is taken from what came back last, as a refund after its sale would find it."""
    here, there = pair_tablet(app, fair), pair_tablet(app, fair, booth=booth)
    lots = [bring(app, fair, 2, owner=owner, ends=10 + owner) for owner in range(3)]
    one, two, three = ((fair.producer_ids[owner], lots[owner]) for owner in range(3))
    sale = here.sale([(fair.goods[0], 5)])
    send(there, damaged_back(there, fair.goods[0], 4, sale["id"]))
    send(here, sale)
    assert shelf(app, fair) == {three: 1}
    assert apart(app, fair) == {one: 1, two: 2, three: 1}
    assert {row.booth_id for row in waiting(app, fair)} == {fair.booth_ids[booth]}
    assert everywhere(app) == {one: 1, two: 2, three: 2}
    assert said_now(app) == ""
    send(there, damaged_back(there, fair.goods[0], 1, sale["id"]))
    assert apart(app, fair) == {one: 2, two: 2, three: 1}
    assert everywhere(app) == {one: 2, two: 2, three: 2}
    assert said_now(app) == ""


def test_both_in_one_upload_the_refund_first_and_several_lines(app: Flask, fair: Fair, tablet: Tablet) -> None:
    first, second, owner = bring(app, fair, 2, ends=10), bring(app, fair, 2, ends=20), fair.producer_ids[1]
    sale = tablet.sale([(fair.goods[0], 1), (fair.goods[0], 2)])
    whole = tablet.sale([(fair.goods[0], 1), (fair.goods[0], 2)], refund_of=sale["id"], reason=WORDS, whole=True)
    answers = tablet.send(whole, sale)
    assert [one.answer for one in answers] == ["stored", "stored"]
    assert apart(app, fair) == {(owner, first): 2, (owner, second): 1}
    assert shelf(app, fair) == {(owner, second): 1}
    assert said_now(app) == ""


def test_only_what_came_back_damaged_and_no_more_than_was_sold(app: Flask, fair: Fair, tablet: Tablet) -> None:
    lot, owner, maker = bring(app, fair, 5), fair.producer_ids[1], fair.goods[0].producer_id
    sale = tablet.sale([(fair.goods[0], 2)])
    good = tablet.sale([(fair.goods[0], 1)], refund_of=sale["id"], reason="Khách đổi ý")
    send(tablet, good, damaged_back(tablet, fair.goods[0], 3, sale["id"]), sale)
    assert apart(app, fair) == {(owner, lot): 2, (maker, LOTLESS): 1}
    assert everywhere(app) == {(owner, lot): 5, (maker, LOTLESS): 2}, "two more came back than were sold"
    assert said_now(app) == ""


def test_a_lot_that_is_named_and_goods_in_no_lot(app: Flask, fair: Fair, tablet: Tablet) -> None:
    first, second, owner = bring(app, fair, 2, ends=10), bring(app, fair, 2, ends=20), fair.producer_ids[1]
    named = tablet.sale([{**sold(fair.goods[0], 1), "lot_id": second}])
    send(tablet, damaged_back(tablet, fair.goods[0], 1, named["id"]), named)
    assert (apart(app, fair), shelf(app, fair)) == ({(owner, second): 1}, {(owner, first): 2, (owner, second): 1})
    said = tablet.sale([{**sold(fair.goods[0], 1), "lot_id": first}])
    back = tablet.sale([{**sold(fair.goods[0], 1), "lot_id": first}], refund_of=said["id"], reason=WORDS)
    send(tablet, back, said)
    assert apart(app, fair) == {(owner, first): 1, (owner, second): 1}
    assert shelf(app, fair) == {(owner, first): 1, (owner, second): 1}
    assert said_now(app) == ""


def test_of_goods_that_nobody_wrote_down_as_come_it_stays_the_maker_s(app: Flask, fair: Fair, tablet: Tablet) -> None:
    maker = fair.goods[0].producer_id
    sale = tablet.sale([(fair.goods[0], 1)])
    send(tablet, damaged_back(tablet, fair.goods[0], 1, sale["id"]), sale)
    assert (apart(app, fair), shelf(app, fair)) == ({(maker, LOTLESS): 1}, {(maker, LOTLESS): -1})
    assert said_now(app) == ""


@pytest.mark.parametrize("way", ["written off", "given back", "brought to the booth"])
def test_what_was_cleared_before_its_sale_arrived_stays_as_it_was_said(
    app: Flask, fair: Fair, tablet: Tablet, way: str
) -> None:
    """One of two is cleared: the other is put right, and the books say of both what was done with them, once."""
    lot, owner, maker = bring(app, fair, 5), fair.producer_ids[1], fair.goods[0].producer_id
    sale = tablet.sale([(fair.goods[0], 2)])
    send(tablet, damaged_back(tablet, fair.goods[0], 2, sale["id"]))
    (row,) = waiting(app, fair)
    at, by, edition = now(), fair.people["bantochuc"], fair.edition_id
    said: dict[str, Any] = {"at": at, "by": by, "signed": None}
    one, day = OutLine(fair.goods[0].product_id, maker, "", 1), fair_day(at, BOUNDARY)
    note = clear(app, fair, row, 1) if way == "written off" else ""
    with app.app_context():
        if way == "given back":
            in_transaction(lambda session: give_back(session, edition, row.place.id, maker, [one], day=day, **said))
        elif way == "brought to the booth":
            to = (edition, row.place.id, edition, fair.booth_ids[0])
            note = in_transaction(lambda session: carry(session, *to, [one], day=day, **said))
            in_transaction(lambda session: receive(session, note, fair.booth_ids[0], {1: 1}, **said))
    send(tablet, sale)
    assert apart(app, fair) == {(owner, lot): 1}
    if way == "brought to the booth":  # it may be sold again, and by number nothing is missing
        assert shelf(app, fair) == {(owner, lot): 4}
    else:  # below zero is listed, and a count of the lot finds what is gone
        assert shelf(app, fair) == {(owner, lot): 4, (maker, LOTLESS): -1}
    assert said_now(app) == ""
    if way == "written off":
        with app.app_context():
            in_transaction(lambda session: cancel(session, edition, note, "Ghi nhầm", at=now(), by=by))
        assert apart(app, fair) == {(owner, lot): 1, (maker, LOTLESS): 1}
        assert said_now(app) == ""


def test_the_one_that_waited_longest_was_cleared_and_is_not_put_right(app: Flask, fair: Fair, tablet: Tablet) -> None:
    lot, owner, maker = bring(app, fair, 5), fair.producer_ids[1], fair.goods[0].producer_id
    sales = [tablet.sale([(fair.goods[0], 1)]) for _ in range(2)]
    send(tablet, *(damaged_back(tablet, fair.goods[0], 1, sale["id"]) for sale in sales))
    clear(app, fair, waiting(app, fair)[0], 1)
    send(tablet, sales[0])
    assert apart(app, fair) == {(maker, LOTLESS): 1}
    send(tablet, sales[1])
    assert apart(app, fair) == {(owner, lot): 1}
    assert said_now(app) == ""


@pytest.mark.parametrize("cleared_first", [False, True])
def test_the_house_pays_whoever_the_goods_are_of_once(app: Flask, cleared_first: bool) -> None:
    """Sold and given back cancel out; the write-off pays the owner of the lot, or whom it said when nobody knew better, never both."""
    stage = make_stage(app, percent=None)
    fair, goods = stage.fair, stage.fair.goods[0]
    stage.rule(Share(kind="percent", basis_points=6000), About(booth_id=fair.booth_ids[0]))
    owner, maker = fair.producer_ids[1], goods.producer_id
    bring_lot(app, fair.booth_ids[0], goods.product_id, owner, 5, expires=None, at=stage.at(8))
    sale = stage.tablet.sale([stage.line(goods, 10_000)], at=stage.at(6))
    back = stage.tablet.sale([stage.line(goods, 10_000)], at=stage.at(6), refund_of=sale["id"], reason=WORDS)
    send(stage.tablet, back)
    when: dict[str, Any] = {"day": stage.day(2), "at": stage.at(2)}
    if cleared_first:
        clear(app, fair, waiting(app, fair)[0], 1, **when)
    send(stage.tablet, sale)
    for row in waiting(app, fair):
        clear(app, fair, row, 1, **when)
    with app.app_context():
        parts = open_parts(reading(), fair.edition_id, stage.day(0)).by_owner
    paid, other = (maker, owner) if cleared_first else (owner, maker)
    assert [(one.quantity, one.borne_by, one.booth_id) for one in parts[paid].borne] == [
        (1, "house", fair.booth_ids[0])
    ]
    assert other not in parts or parts[other].borne == []
    assert {key: sum(one.amount_dong for one in mine.parts) for key, mine in parts.items()} == dict.fromkeys(parts, 0)
    assert owner not in parts or parts[owner].parts == []
    assert waiting(app, fair) == []
    assert said_now(app) == ""
