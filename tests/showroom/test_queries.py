from __future__ import annotations

from datetime import timedelta

from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.showroom.actions import admit
from fair_pos.showroom.queries import admitted_products, checks_of, goods_on_display, withdrawn_of
from tests.showroom.conftest import Shop


def test_checks_say_what_speaks_for_each_product_in_the_order_asked(app: Flask, shop: Shop) -> None:
    with app.app_context():
        found = checks_of(reading(), [shop.bare, shop.titled, shop.starred, "gone"], shop.today)
        assert [one.product.id for one in found] == [shop.bare, shop.titled, shop.starred]
        assert [[ground.kind for ground in one.grounds] for one in found] == [[], ["chu_luc"], ["ocop"]]


def test_a_place_without_admissions_keeps_no_list(app: Flask, shop: Shop) -> None:
    with app.app_context():
        assert admitted_products(reading(), shop.fair.edition_id, shop.today) is None
        assert goods_on_display(reading(), shop.fair.edition_id, shop.today) == []
        assert withdrawn_of(reading(), shop.fair.edition_id) == []


def test_what_is_on_display_shows_the_grounds_of_the_day_asked_for(app: Flask, shop: Shop) -> None:
    early = shop.today - timedelta(days=20)
    with app.app_context(), transaction() as session:
        admit(session, shop.fair.edition_id, [shop.titled, shop.starred], day=early, at=now(), by=None)
    with app.app_context():
        shown = goods_on_display(reading(), shop.fair.edition_id, shop.today)
        assert [one.check.product.name for one in shown] == sorted(one.check.product.name for one in shown)
        assert {one.counted.product_id: set(one.counted.kinds) for one in shown} == {
            shop.titled: {"chu_luc"},
            shop.starred: {"ocop"},
        }
        assert goods_on_display(reading(), shop.fair.edition_id, early - timedelta(days=1)) == []
