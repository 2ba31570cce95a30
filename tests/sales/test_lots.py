"""Sales out of lots: whose goods they were, what is odd about it, and what `verify` says afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.stock.facts import LOTLESS
from fair_pos.stock.queries import moves_of_subjects
from fair_pos.stock.tables import Movement
from tests.asked import statements_sent
from tests.builders import BOUNDARY, Fair, Tablet, make_fair, pair_tablet, sold
from tests.proof.saying import said
from tests.sales.stored import oddities
from tests.stock.brought import bring_lot, lying

TODAY = fair_day(now(), BOUNDARY)


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def three_lots(app: Flask, fair: Fair, tablet: Tablet) -> dict[str, tuple[str, str]]:
    """Two of one owner, one of another: 4, 2 and 9 pieces. → name → (owner, lot)."""
    honey, at = fair.goods[0], now() - timedelta(days=2)
    anna, binh = fair.producer_ids[1], fair.producer_ids[2]
    found = {}
    for name, owner, pieces, days in (("june", anna, 4, 40), ("may", binh, 2, 10), ("july", anna, 9, 70)):
        expires = TODAY + timedelta(days=days)
        lot = bring_lot(app, tablet.booth_id, honey.product_id, owner, pieces, expires=expires, at=at)
        found[name] = (owner, lot)
    return found


def test_seven_sold_units_debit_three_lots_of_two_owners(app: Flask, fair: Fair, tablet: Tablet) -> None:
    lots, honey = three_lots(app, fair, tablet), fair.goods[0]
    sale = tablet.sale([(honey, 7)])
    tablet.send(sale)
    assert lying(app, tablet.booth_id, honey.product_id) == {lots["may"]: 0, lots["june"]: 0, lots["july"]: 8}
    with app.app_context():
        moves = moves_of_subjects(reading(), [sale["id"]])[sale["id"], 1]
    found = [((one.owner_id, one.lot_id), one.quantity) for one in moves]
    assert found == [(lots["may"], -2), (lots["june"], -4), (lots["july"], -1)]
    assert oddities(app, sale["id"]) == {}
    # What comes back goes to the owner it came from, the last lot first.
    tablet.send(tablet.sale([(honey, 3)], refund_of=sale["id"]))
    assert lying(app, tablet.booth_id, honey.product_id) == {lots["may"]: 0, lots["june"]: 2, lots["july"]: 9}


def test_a_sale_and_its_refund_in_one_upload_find_each_other(app: Flask, fair: Fair, tablet: Tablet) -> None:
    lots, honey = three_lots(app, fair, tablet), fair.goods[0]
    sale = tablet.sale([(honey, 3)])
    tablet.send(sale, tablet.sale([(honey, 3)], refund_of=sale["id"]))
    assert lying(app, tablet.booth_id, honey.product_id) == {lots["may"]: 2, lots["june"]: 4, lots["july"]: 9}


def test_what_is_given_back_at_another_booth_is_still_its_owner_s(app: Flask, fair: Fair, tablet: Tablet) -> None:
    lots, honey = three_lots(app, fair, tablet), fair.goods[0]
    other = pair_tablet(app, fair, booth=1)
    sale = tablet.sale([(honey, 7)])
    tablet.send(sale)
    other.send(other.sale([(honey, 2)], refund_of=sale["id"]))
    assert lying(app, other.booth_id, honey.product_id) == {lots["july"]: 1, lots["june"]: 1}
    # What came back there cannot come back here once more: the rest of the sale is left, and then goods in no lot.
    tablet.send(tablet.sale([(honey, 6)], refund_of=sale["id"]))
    assert lying(app, tablet.booth_id, honey.product_id) == {
        lots["may"]: 2, lots["june"]: 3, lots["july"]: 8, (honey.producer_id, LOTLESS): 1,
    }  # fmt: skip
    # Sold there, it is debited to its owner like any other lot.
    other.send(other.sale([(honey, 1)]))
    assert lying(app, other.booth_id, honey.product_id) == {lots["july"]: 1, lots["june"]: 0}
    with app.app_context(), transaction() as session:
        assert said(session) == ""


@pytest.mark.parametrize("booth", [0, 1])
def test_goods_given_back_before_their_sale_arrived_are_nobody_else_s_loss(
    app: Flask, fair: Fair, tablet: Tablet, booth: int
) -> None:
    """They lie with the maker in no lot; the sale takes them from there, and only what is beyond from the lots."""
    lots, honey = three_lots(app, fair, tablet), fair.goods[0]
    other, maker = pair_tablet(app, fair, booth=booth), (fair.goods[0].producer_id, LOTLESS)
    sale = tablet.sale([(honey, 3)])
    other.send(other.sale([(honey, 2)], refund_of=sale["id"]))
    assert lying(app, other.booth_id, honey.product_id)[maker] == 2
    tablet.send(sale)
    left = {lots["may"]: 1, lots["june"]: 4, lots["july"]: 9}
    assert lying(app, tablet.booth_id, honey.product_id) == left | {maker: 0 if booth == 0 else -2}
    # What comes back now is what is still out: of the lot.
    tablet.send(tablet.sale([(honey, 1)], refund_of=sale["id"]))
    assert lying(app, tablet.booth_id, honey.product_id)[lots["may"]] == 2
    with app.app_context(), transaction() as session:
        assert said(session) == ""


def test_an_expired_lot_is_sold_and_listed_with_the_seller_s_reason(app: Flask, fair: Fair, tablet: Tablet) -> None:
    honey, owner, day = fair.goods[0], fair.producer_ids[1], TODAY - timedelta(days=1)
    lot = bring_lot(app, tablet.booth_id, honey.product_id, owner, 5, expires=day, at=now() - timedelta(days=9))
    named = tablet.sale([{**sold(honey), "lot_id": lot, "lot_reason": "Khách đồng ý"}])
    picked = tablet.sale([(honey, 1)])
    thrown = tablet.giveaway([sold(honey)], purpose="damaged")
    tablet.send(named, picked, thrown)
    facts = {"name": honey.name, "lot": f"L-{day}", "day": f"{day:%d/%m/%Y}"}
    assert oddities(app, named["id"]) == {"lot_expired": {**facts, "reason": "Khách đồng ý"}}
    assert oddities(app, picked["id"]) == {"lot_expired": {**facts, "reason": "—"}}
    assert oddities(app, thrown["id"]) == {}
    assert lying(app, tablet.booth_id, honey.product_id) == {(owner, lot): 2}


def test_a_lot_is_good_on_its_last_day(app: Flask, fair: Fair, tablet: Tablet) -> None:
    bring_lot(app, tablet.booth_id, fair.goods[0].product_id, fair.producer_ids[1], 5, expires=TODAY, at=now())
    sale = tablet.sale([(fair.goods[0], 1)])
    tablet.send(sale)
    assert oddities(app, sale["id"]) == {}


def test_a_lot_nobody_knows_is_listed_and_the_goods_are_sold(app: Flask, fair: Fair, tablet: Tablet) -> None:
    honey = fair.goods[0]
    sale = tablet.sale([{**sold(honey), "lot_id": new_id()}])
    tablet.send(sale)
    assert oddities(app, sale["id"]) == {"lot_unknown": {"name": honey.name}}
    assert lying(app, tablet.booth_id, honey.product_id) == {(honey.producer_id, LOTLESS): -1}


def test_verify_picks_the_same_lots_again_and_names_another(app: Flask, fair: Fair, tablet: Tablet) -> None:
    lots, honey = three_lots(app, fair, tablet), fair.goods[0]
    sale = tablet.sale([(honey, 7)])
    tablet.send(sale, tablet.sale([(honey, 2)], refund_of=sale["id"]), tablet.giveaway([sold(honey)]))
    with app.app_context(), transaction() as session:
        assert said(session) == ""
        other = update(Movement).where(Movement.kind == "sale", Movement.lot_id == lots["may"][1])
        session.execute(other.values(owner_id=lots["june"][0], lot_id=lots["june"][1]))
        assert said(session) == "movement: owners, lots and quantities"
        session.rollback()


def statements_of(tablet: Tablet, parcel: dict[str, object]) -> list[str]:
    """What the database is asked while this upload comes in."""
    with statements_sent(tablet.app) as statements:
        tablet.send(parcel)
    return statements


def test_the_cost_of_a_sale_does_not_depend_on_history(app: Flask, fair: Fair, tablet: Tablet) -> None:
    """Neither more statements nor more rows looked at: used up lots are not even read."""
    honey = fair.goods[0]
    three_lots(app, fair, tablet)
    before = statements_of(tablet, tablet.sale([(honey, 1)]))
    for number in range(12):
        at = now() - timedelta(hours=number + 1)
        expires = TODAY + timedelta(days=1)
        bring_lot(app, tablet.booth_id, honey.product_id, fair.producer_ids[1], 3, expires=expires, at=at)
        tablet.send(tablet.sale([(honey, 3)]))
    after = statements_of(tablet, tablet.sale([(honey, 1)]))
    assert after == before
    ours = [one for one in before if any(name in one for name in ("movement", "balance", "shelf"))]
    assert len(ours) == 5
    with app.app_context():
        asked = [one for one in ours if one.startswith("SELECT")]
        assert ["balance.quantity <> 0" in one for one in asked] == [True, False]
        assert ["movement.returns_id <> ''" in one for one in asked] == [False, True]
        assert reading().scalar(select(Movement.id).limit(1)) is not None
