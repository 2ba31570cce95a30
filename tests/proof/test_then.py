"""What was known when a command came: neither what is younger nor what is newer changes a verdict, and nobody can pretend it does."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from fair_pos.catalogue.actions import change_price, save_pack, withdraw_pack, withdraw_product
from fair_pos.catalogue.tables import CatalogueVersion, Pack, PackPrice, Product
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import named_id, new_id
from fair_pos.people.actions import create_person
from fair_pos.plumbing.db import db, transaction
from fair_pos.proof.then import look_back
from fair_pos.sales.facts import LineFact
from tests.builders import PASSWORD, Fair, Goods, Packed, Tablet, add_pack, add_weighed, make_fair, pair_tablet, sold
from tests.proof.saying import invent, listed, said, said_now
from tests.sales.facts import a_giveaway, a_sale


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def test_a_product_a_pack_and_a_person_that_came_to_be_later_were_unknown_then(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    stranger, maker = new_id(), fair.producer_ids[0]
    new = Goods(named_id("product", maker, "Chả mực"), maker, "Chả mực", "kg", 38_000)
    case = Packed(named_id("pack", fair.goods[0].product_id, "Thùng 12"), fair.goods[0], "Thùng 12", 12, 2_400_000)
    early = tablet.sale([(new, 1), (case, 1)], person_id=stranger)
    arrived = now()
    tablet.send(early, at=arrived)
    with app.app_context(), Session(db.engine) as session:
        assert set(listed(session, early["id"])) == {"product_unknown", "pack_unknown", "person_unknown"}
    assert add_weighed(app, fair).product_id == new.product_id
    with app.app_context(), transaction() as session:
        create_person(session, login_name="la", name="Lạ", password=PASSWORD, at=now(), by=None, person_id=stranger)
        session.add(CatalogueVersion(version=2, changed_at=now(), cause="test"))
        pack = Pack(
            id=case.pack_id, product_id=case.goods.product_id, name=case.name, name_key="x", size=12, price_dong=1
        )
        session.add(pack)
        session.flush()
        session.add(PackPrice(pack_id=case.pack_id, version=2, price_dong=1))
    assert said_now(app) == ""
    with app.app_context(), Session(db.engine) as session:
        then = look_back(session, [a_sale(person_id=stranger)])
        assert then.people_known({"person_unknown"}, arrived) == frozenset()
        assert then.people_known(set(), arrived) == {stranger}


def test_what_was_known_cannot_become_unknown(app: Flask, fair: Fair, tablet: Tablet) -> None:
    case, good = add_pack(app, fair.goods[0]), fair.goods[1]
    parcel = tablet.sale([(case, 1), (good, 1)])
    tablet.send(parcel)
    with app.app_context(), Session(db.engine) as session:
        for code, facts in (("pack_unknown", {"name": case.goods.name}), ("product_unknown", {"name": good.name})):
            invent(session, parcel["id"], code, facts)
            assert said(session) == f"oddity: {code}"
            session.rollback()
        invent(session, parcel["id"], "price_list_unknown", {"version": 1})
        assert said(session) == "oddity: price_list_unknown"


def test_a_price_list_that_came_later_was_unknown_then(app: Flask, fair: Fair, tablet: Tablet) -> None:
    good = fair.goods[0]
    ahead = tablet.sale([sold(good, unit_price_dong=250_000)], price_list_version=2)
    tablet.send(ahead)
    with app.app_context(), transaction() as session:
        change_price(session, session.get_one(Product, good.product_id), "250000", at=now(), by=fair.people["quantri"])
    assert said_now(app) == ""
    with app.app_context(), Session(db.engine) as session:
        assert set(listed(session, ahead["id"])) == {"price_list_unknown"}


def test_old_verdicts_stand_whatever_the_catalogue_says_now(app: Flask, fair: Fair, tablet: Tablet) -> None:
    good, case, by = fair.goods[0], add_pack(app, fair.goods[0]), fair.people["quantri"]
    tablet.send(
        tablet.sale([(good, 1), (case, 2)]),
        tablet.sale([sold(good, unit_price_dong=1)]),
        tablet.giveaway([sold(case, 1, unit_price_dong=5)]),
        tablet.sale([sold(case, 1, pack_size=10)]),
        tablet.sale([sold(good, 1, grams=300)]),
    )
    with app.app_context(), transaction() as session:
        product = session.get_one(Product, good.product_id)
        change_price(session, product, "999000", at=now(), by=by)
        save_pack(session, product, "Thùng 12", "9990000", at=now(), by=by)
        withdraw_pack(session, product, case.pack_id, at=now(), by=by)
        withdraw_product(session, product, at=now(), by=by)
    assert said_now(app) == ""


def test_only_what_a_command_names_is_looked_up(app: Flask, fair: Fair) -> None:
    case = add_pack(app, fair.goods[0])
    sale = a_sale(price_list_version=1, person_id=fair.people["nguoiban"])
    fact = a_giveaway(price_list_version=1, lines=(LineFact(**sold(case)),))
    with app.app_context(), Session(db.engine) as session:
        then = look_back(session, [fact, sale])
        known = then.known_to(fact, set(), now())
    assert set(known.goods) == {fair.goods[0].product_id}
    assert known.packs == {case.pack_id: (fair.goods[0].product_id, 12)}
    assert known.price_at == {(case.pack_id, 1): 2_400_000, (fair.goods[0].product_id, 1): 220_000}
    assert (known.newest_version, set(known.people)) == (1, {fair.people["nguoiban"]})
    assert (known.discount_limits, known.price_changers, known.may_sell_until) == ({}, frozenset(), None)
