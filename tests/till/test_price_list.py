"""The price list a till holds."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from fair_pos.catalogue.tables import Barcode, Product
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.people.actions import set_pin
from fair_pos.people.queries import get_person
from fair_pos.plumbing.db import reading, transaction
from fair_pos.registry.tables import Certificate
from fair_pos.till.price_list import price_list_of
from fair_pos.till.wire import PriceList
from fair_pos.venues.actions import set_till_rules
from fair_pos.venues.rules import TillRules
from tests.asked import statements_sent
from tests.builders import BOUNDARY, Fair, add_pack, add_weighed, make_fair, pair_tablet, till_headers
from tests.printing.jobs import set_up_printer
from tests.stock.brought import bring_lot


def price_list(app: Flask, fair: Fair, booth: int = 0) -> PriceList:
    with app.app_context():
        return price_list_of(
            reading(), fair.booth_ids[booth], today=fair_day(now(), BOUNDARY), at=now(), receipt_base_url="https://x/r/"
        )


def test_only_the_goods_of_the_booths_own_producers(app: Flask) -> None:
    fair, other = make_fair(app), make_fair(app, name="Hội chợ khác")
    shown = price_list(app, fair)
    assert {product.id for product in shown.products} == {one.product_id for one in fair.goods}
    assert not {product.id for product in shown.products} & {one.product_id for one in other.goods}
    assert {producer.id for producer in shown.producers} == set(fair.producer_ids)


def test_withdrawn_goods_are_left_out(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context(), transaction() as session:
        session.execute(update(Product).where(Product.id == fair.goods[0].product_id).values(withdrawn_at=now()))
    assert fair.goods[0].product_id not in {product.id for product in price_list(app, fair).products}


def test_a_star_comes_with_its_last_day_and_goes_with_it(app: Flask) -> None:
    fair = make_fair(app)
    today = fair_day(now(), BOUNDARY)
    with app.app_context(), transaction() as session:
        for goods, expires in ((fair.goods[0], today), (fair.goods[1], today - timedelta(days=1))):
            session.add(
                Certificate(
                    id=new_id(), product_id=goods.product_id, stars=4, decision_no="1/QĐ",
                    issued_day=today - timedelta(days=900), expires_day=expires,
                )
            )  # fmt: skip
    stars = {product.id: (product.stars, product.stars_until) for product in price_list(app, fair).products}
    assert stars[fair.goods[0].product_id] == (4, today.isoformat())
    assert stars[fair.goods[1].product_id] == (0, None)


def test_groups_are_those_present(app: Flask) -> None:
    assert [group.id for group in price_list(app, make_fair(app)).groups] == ["thuc_pham"]


def test_a_new_public_address_makes_another_price_list(app: Flask) -> None:
    client, tablet = app.test_client(), pair_tablet(app, make_fair(app))
    first = client.get("/api/till/price-list", headers=till_headers(tablet.token))
    settings = app.extensions["fair_pos_settings"]
    app.extensions["fair_pos_settings"] = replace(settings, public_url="https://khac.example")
    headers = till_headers(tablet.token) | {"If-None-Match": first.headers["ETag"]}
    again = client.get("/api/till/price-list", headers=headers)
    assert (again.status_code, (again.json or {})["receipt_base_url"]) == (200, "https://khac.example/r/")


def test_packs_codes_and_how_goods_are_sold(app: Flask) -> None:
    fair = make_fair(app)
    honey, fish = fair.goods[0], add_weighed(app, fair)
    case = add_pack(app, honey)
    with app.app_context(), transaction() as session:
        for code, pack_id in (("4006381333931", None), ("2000000000015", case.pack_id)):
            session.add(Barcode(code=code, product_id=honey.product_id, pack_id=pack_id))
    shown = {product.id: product for product in price_list(app, fair).products}
    assert (shown[fish.product_id].sold_by, shown[honey.product_id].sold_by) == ("weight", "piece")
    assert shown[honey.product_id].barcodes == ["4006381333931"]
    (pack,) = shown[honey.product_id].packs
    assert (pack.name, pack.size, pack.price_dong, pack.barcodes) == ("Thùng 12", 12, 2_400_000, ["2000000000015"])


def test_sellers_come_with_their_rights_and_the_hash_of_their_pin(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context(), transaction() as session:
        seller = get_person(session, fair.people["nguoiban"])
        set_pin(session, seller, "1234", at=now(), by=fair.people["bantochuc"])
        set_till_rules(session, fair.edition_id, TillRules(seller_discount_percent=15), at=now(), by=None)
    sellers = {one.id: one for one in price_list(app, fair).sellers}
    assert set(sellers) == {fair.people[login] for login in ("quantri", "bantochuc", "nguoiban")}
    mine, boss = sellers[fair.people["nguoiban"]], sellers[fair.people["bantochuc"]]
    assert (mine.discount_limit_percent, mine.may_change_price, mine.may_sign_second) == (15, False, False)
    assert (boss.discount_limit_percent, boss.may_change_price, boss.may_sign_second) == (100, True, True)
    assert mine.pin_hash == hashlib.pbkdf2_hmac("sha256", b"1234", bytes.fromhex(mine.pin_salt), 100_000, 32).hex()
    assert (boss.pin_salt, boss.pin_hash) == ("", "")
    elsewhere = {one.id for one in price_list(app, fair, 1).sellers}
    assert elsewhere == {fair.people["quantri"], fair.people["bantochuc"]}


def test_the_rules_of_the_edition(app: Flask) -> None:
    fair = make_fair(app)
    rules = price_list(app, fair).rules
    assert (rules.cash_rounding_dong, rules.close_limit_dong, rules.refund_limit_dong, rules.drawer) == (
        0,
        50_000,
        500_000,
        False,
    )
    with app.app_context(), transaction() as session:
        wanted = TillRules(cash_rounding_dong=1000, close_limit_dong=0, refund_limit_dong=1, drawer=True)
        set_till_rules(session, fair.edition_id, wanted, at=now(), by=None)
    rules = price_list(app, fair).rules
    assert (rules.cash_rounding_dong, rules.close_limit_dong, rules.refund_limit_dong, rules.drawer) == (
        1000,
        0,
        1,
        True,
    )


def test_whether_the_booth_has_a_printer_that_the_server_reaches(app: Flask) -> None:
    fair = make_fair(app)
    assert [price_list(app, fair, booth).printer for booth in (0, 1)] == [False, False]
    set_up_printer(app, fair, everywhere=False, booth_ids=frozenset({fair.booth_ids[1]}))
    assert [price_list(app, fair, booth).printer for booth in (0, 1)] == [False, True]


def test_lots_at_the_booth_come_with_their_owners_first_to_expire_first(app: Flask) -> None:
    fair, today = make_fair(app), fair_day(now(), BOUNDARY)
    honey, (own, other) = fair.goods[0], fair.producer_ids[:2]
    made = {
        name: bring_lot(app, fair.booth_ids[booth], honey.product_id, owner, pieces, expires=expires, at=at)
        for name, booth, owner, pieces, expires, at in (
            ("undated", 0, own, 9, None, now()),
            ("later", 0, own, 4, today + timedelta(days=40), now() - timedelta(days=5)),
            ("sooner", 0, other, 3, today + timedelta(days=2), now()),
            ("sold out", 0, other, 1, today + timedelta(days=1), now()),
            ("elsewhere", 1, own, 5, today, now()),
        )
    }
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(honey, 2)]))
    shown = {one.id: one for one in price_list(app, fair).products}
    lots = [(one.id, one.owner_id, one.left, one.expires_day) for one in shown[honey.product_id].lots]
    assert lots == [
        (made["sooner"], other, 2, str(today + timedelta(days=2))),
        (made["later"], own, 4, str(today + timedelta(days=40))),
        (made["undated"], own, 9, None),
    ]
    assert all(one.owner_name for one in shown[honey.product_id].lots)
    assert all(one.lots == [] for one in shown.values() if one.id != honey.product_id)


def test_an_owner_nobody_knows_has_no_name_and_his_lot_is_shown(app: Flask) -> None:
    fair = make_fair(app)
    bring_lot(app, fair.booth_ids[0], fair.goods[0].product_id, new_id(), 2, expires=None, at=now())
    [(lot,)] = [one.lots for one in price_list(app, fair).products if one.lots]
    assert (lot.owner_name, lot.left) == ("", 2)


def test_the_number_of_statements_does_not_grow_with_goods_and_lots(app: Flask) -> None:
    fair = make_fair(app)

    def statements() -> int:
        with statements_sent(app) as sent:
            price_list(app, fair)
        return len(sent)

    bring_lot(app, fair.booth_ids[0], fair.goods[0].product_id, fair.producer_ids[0], 2, expires=None, at=now())
    few = statements()
    for goods in fair.goods:
        for owner in fair.producer_ids:
            bring_lot(app, fair.booth_ids[0], goods.product_id, owner, 2, expires=None, at=now())
    assert statements() == few <= 30
