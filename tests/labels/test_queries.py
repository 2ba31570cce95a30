from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from fair_pos.catalogue.tables import Barcode, Pack, Product
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.labels.queries import every_maker, goods_to_label, makers_at
from fair_pos.labels.rules import LabelGoods
from fair_pos.plumbing.db import reading, transaction
from fair_pos.registry.tables import Certificate
from fair_pos.venues.tables import Occupant
from tests.builders import Fair, Goods, add_pack, add_weighed, make_fair

TODAY = fair_day(now(), 0)


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def to_label(app: Flask, day: date = TODAY, **narrowed: str) -> list[LabelGoods]:
    with app.app_context():
        return goods_to_label(reading(), every_maker(reading()), day, **narrowed)


def certify(app: Flask, goods: Goods, stars: int, last_day: date) -> None:
    with app.app_context(), transaction() as session:
        session.add(
            Certificate(
                id=new_id(), product_id=goods.product_id, stars=stars, issued_day=last_day - timedelta(days=1000),
                expires_day=last_day, decision_no="",
            )
        )  # fmt: skip


def test_goods_by_name_with_maker_and_price(app: Flask, fair: Fair) -> None:
    found = to_label(app)
    assert len(found) == len(fair.goods)
    assert [one.name for one in found][:3] == [f"Chè Shan tuyết {number} Hội chợ thử" for number in (1, 2, 3)]
    honey = next(one for one in found if one.key == fair.goods[0].product_id)
    assert (honey.per, honey.price_dong, honey.maker) == ("hộp", 220_000, "Hợp tác xã Số 1 Hội chợ thử")
    assert (honey.stars, honey.stars_until, honey.barcode) == (0, None, "")


def test_weighed_goods_cost_by_the_kilogram(app: Flask, fair: Fair) -> None:
    weighed = add_weighed(app, fair)
    with app.app_context(), transaction() as session:
        session.get_one(Product, weighed.product_id).unit = "khay"
    found = next(one for one in to_label(app) if one.key == weighed.product_id)
    assert (found.per, found.price_dong) == ("kg", 38_000)


def test_a_pack_has_a_label_of_its_own_with_its_price_and_code(app: Flask, fair: Fair) -> None:
    pack = add_pack(app, fair.goods[0], name="Thùng 12 hộp", price=2_400_000)
    with app.app_context(), transaction() as session:
        session.add(Barcode(code="8934567000017", product_id=fair.goods[0].product_id, pack_id=pack.pack_id))
        session.add(Barcode(code="8934567000024", product_id=fair.goods[0].product_id, pack_id=None))
    single, packed = (one for one in to_label(app) if one.name == fair.goods[0].name)
    assert (single.per, single.price_dong, single.barcode) == ("hộp", 220_000, "8934567000024")
    assert (packed.per, packed.price_dong, packed.barcode) == ("thùng 12 hộp", 2_400_000, "8934567000017")
    assert packed.key == f"{fair.goods[0].product_id}.{pack.pack_id}"
    assert packed.slug == single.slug


def test_what_is_withdrawn_is_not_offered(app: Flask, fair: Fair) -> None:
    pack = add_pack(app, fair.goods[1])
    with app.app_context(), transaction() as session:
        session.get_one(Product, fair.goods[0].product_id).withdrawn_at = now()
        session.get_one(Pack, pack.pack_id).withdrawn_at = now()
    keys = {one.key for one in to_label(app)}
    assert fair.goods[0].product_id not in keys
    assert fair.goods[1].product_id in keys
    assert not any("." in key for key in keys)


@pytest.mark.parametrize(("last_day", "stars"), [(TODAY, 4), (TODAY - timedelta(days=1), 0)])
def test_a_star_is_printed_while_it_holds(app: Flask, fair: Fair, last_day: date, stars: int) -> None:
    certify(app, fair.goods[0], 4, last_day)
    found = next(one for one in to_label(app) if one.key == fair.goods[0].product_id)
    assert found.stars == stars
    assert found.stars_until == (last_day if stars else None)


def test_two_stars_are_no_star(app: Flask, fair: Fair) -> None:
    certify(app, fair.goods[0], 2, TODAY)
    found = next(one for one in to_label(app) if one.key == fair.goods[0].product_id)
    assert (found.stars, found.stars_until) == (0, None)


def test_narrowed_by_group_and_by_words_without_marks(app: Flask, fair: Fair) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Product, fair.goods[0].product_id).group_code = "do_uong"
    assert [one.key for one in to_label(app, group_code="do_uong")] == [fair.goods[0].product_id]
    assert {one.name for one in to_label(app, text="ong mat")} == {one.name for one in fair.goods[::3]}
    assert {one.producer_id for one in to_label(app, text="hop tac xa so 2")} == {fair.producer_ids[1]}
    assert to_label(app, text="khong co") == []


def test_an_edition_sells_what_its_booths_sell(app: Flask, fair: Fair) -> None:
    other = make_fair(app, name="Hội chợ khác")
    with app.app_context(), transaction() as session:
        session.delete(session.get_one(Occupant, (fair.booth_ids[0], fair.producer_ids[2])))
    with app.app_context():
        assert {one.id for one in makers_at(reading(), fair.edition_id, "")} == set(fair.producer_ids)
        assert {one.id for one in makers_at(reading(), fair.edition_id, fair.booth_ids[0])} == set(
            fair.producer_ids[:2]
        )
        assert makers_at(reading(), fair.edition_id, other.booth_ids[0]) == []
        assert {one.id for one in every_maker(reading())} == {*fair.producer_ids, *other.producer_ids}
