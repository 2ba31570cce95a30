"""The price list a till holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from fair_pos.catalogue.tables import Product
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.registry.tables import Certificate
from fair_pos.till.price_list import price_list_of
from fair_pos.till.wire import PriceList
from tests.builders import BOUNDARY, Fair, make_fair, pair_tablet, till_headers


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
