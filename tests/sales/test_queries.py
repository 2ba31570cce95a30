"""Finding sales, and what one producer may know of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import reading
from fair_pos.sales import queries
from tests.builders import BOUNDARY, Fair, Tablet, add_pack, add_weighed, make_fair, pair_tablet, sold


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def test_a_sale_is_found_by_its_id_and_knows_its_place(app: Flask, fair: Fair, tablet: Tablet) -> None:
    parcel = tablet.sale([(fair.goods[0], 1)])
    tablet.send(parcel)
    with app.app_context():
        assert queries.find_sale_place(reading(), parcel["id"]) == (fair.edition_id, tablet.booth_id)
        assert queries.find_sale_place(reading(), new_id()) is None
        assert queries.find_sale(reading(), new_id()) is None


def test_a_receipt_s_secret_belongs_to_the_sale_that_came_first(app: Flask, fair: Fair, tablet: Tablet) -> None:
    first = tablet.sale([(fair.goods[0], 1)], receipt_token="s" * 22)
    second = tablet.sale([(fair.goods[1], 1)], receipt_token="s" * 22)
    tablet.send(second, at=now())
    tablet.send(first, at=now() - timedelta(minutes=1))
    with app.app_context():
        found = queries.find_sale_by_token(reading(), "s" * 22)
        assert found is not None
        assert found.id == first["id"]
        for near in ("s" * 21, "S" * 22, "", "s" * 22 + " "):
            assert queries.find_sale_by_token(reading(), near) is None


def test_refunds_are_listed_by_when_they_happened(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = tablet.sale([(fair.goods[0], 5)], at=now() - timedelta(hours=2))
    later = tablet.sale([(fair.goods[0], 1)], refund_of=sale["id"])
    earlier = tablet.sale([(fair.goods[0], 1)], at=now() - timedelta(hours=1), refund_of=sale["id"])
    tablet.send(sale, later, earlier)
    with app.app_context():
        assert [one.id for one in queries.refunds_of(reading(), sale["id"])] == [earlier["id"], later["id"]]
        assert queries.refunds_of(reading(), later["id"]) == []


def test_a_producer_sees_their_own_lines_of_a_shared_receipt_and_nothing_else(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    own, foreign = fair.goods[0], next(goods for goods in fair.goods if goods.producer_id != fair.goods[0].producer_id)
    at = now() - timedelta(seconds=5)
    day, booths = fair_day(at, BOUNDARY), {tablet.booth_id}
    shared = tablet.sale([(foreign, 3), (own, 2), (own, 1)], at=at)
    alone = tablet.sale([(foreign, 7)], at=at)
    back = tablet.sale([(own, 1)], at=at + timedelta(seconds=1), refund_of=shared["id"])
    tablet.send(shared, alone, back)
    with app.app_context():
        lines = queries.producer_lines(reading(), own.producer_id, day, booths)
        assert [(line.sale_id, line.kind, line.quantity, line.amount_dong) for line in lines] == [
            (back["id"], "refund", 1, 220_000),
            (shared["id"], "sale", 2, 440_000),
            (shared["id"], "sale", 1, 220_000),
        ]
        (figure,) = queries.producer_figures(reading(), own.producer_id)
        assert (figure.sold_quantity, figure.refunded_quantity, figure.sold_dong, figure.refunded_dong) == (
            3,
            1,
            660_000,
            220_000,
        )
        assert type(figure.sold_dong) is int
        assert queries.producer_lines(reading(), own.producer_id, day, set()) == []
        assert queries.producer_lines(reading(), own.producer_id, day - timedelta(days=1), booths) == []


def test_a_producer_s_figures_are_kept_by_booth_and_day(app: Flask, fair: Fair, tablet: Tablet) -> None:
    own, today = fair.goods[0], now()
    yesterday = today - timedelta(days=1)
    other = pair_tablet(app, fair, 1)
    tablet.send(tablet.sale([(own, 1)], at=yesterday), tablet.sale([(own, 2)], at=today))
    other.send(other.sale([(own, 4)], at=today))
    with app.app_context():
        days = [fair_day(at, BOUNDARY) for at in (yesterday, today)]
        found = {
            (one.booth_id, one.fair_day): one.sold_quantity
            for one in queries.producer_figures(reading(), own.producer_id)
        }
        assert found == {
            (tablet.booth_id, days[0]): 1,
            (tablet.booth_id, days[1]): 2,
            (other.booth_id, days[1]): 4,
        }
        (only,) = queries.producer_figures(reading(), own.producer_id, days[:1])
        assert only.sold_quantity == 1
        assert queries.producer_figures(reading(), own.producer_id, []) == []
        assert queries.producer_figures(reading(), new_id()) == []


def test_how_fresh_figures_are(app: Flask, fair: Fair, tablet: Tablet) -> None:
    own, sold, arrived = fair.goods[0], now() - timedelta(hours=1), now()
    days, booths = [fair_day(sold, BOUNDARY)], [tablet.booth_id]
    with app.app_context():
        assert queries.last_sale_at(reading(), own.producer_id, days, booths) is None
        assert queries.newest_received_at(reading(), booths, days) is None
    sale = tablet.sale([(own, 1)], at=sold)
    tablet.send(sale, tablet.sale([(own, 1)], at=sold + timedelta(minutes=1), refund_of=sale["id"]), at=arrived)
    with app.app_context():
        assert queries.last_sale_at(reading(), own.producer_id, days, booths) == sold  # a refund is no sale
        assert queries.newest_received_at(reading(), booths, days) == arrived
        assert queries.sample_days(reading(), booths) == set()


def test_goods_no_catalogue_knows_are_named_as_on_the_receipt(app: Flask, fair: Fair, tablet: Tablet) -> None:
    strange = replace(fair.goods[0], product_id=new_id(), name="Rượu ngô", unit="chai")
    tablet.send(tablet.sale([(strange, 1)]))
    with app.app_context():
        names = queries.names_as_sold(reading(), [strange.product_id, new_id()])
    assert names == {strange.product_id: ("Rượu ngô", "chai")}


def test_a_receipt_is_found_for_giving_back_by_what_is_known_of_it(app: Flask, fair: Fair, tablet: Tablet) -> None:
    at, honey, tea = now() - timedelta(hours=2), fair.goods[0], fair.goods[1]
    sale = tablet.sale([sold(honey, 3, note="khách quen"), (tea, 1)], at=at, receipt_token="s" * 22)
    other = tablet.sale([(tea, 1)], at=at + timedelta(hours=1))
    elsewhere = pair_tablet(app, fair, 1)
    elsewhere.send(elsewhere.sale([(honey, 3), (tea, 1)], at=at))
    tablet.send(sale, other, tablet.sale([(honey, 2)], refund_of=sale["id"]))

    def found(**wanted: Any) -> list[str]:
        with app.app_context():
            return [one.sale_id for one in queries.find_returnable(reading(), tablet.booth_id, **wanted)]

    assert found() == [other["id"], sale["id"]]
    assert found(token="s" * 22) == [sale["id"]]
    assert found(token="t" * 22) == []
    assert found(amount_dong=1_010_000) == [sale["id"]]
    assert found(amount_dong=1_010_000, since=at + timedelta(minutes=1)) == []
    assert found(since=at, until=at) == [sale["id"]]
    assert found(most=1) == [other["id"]]
    with app.app_context():
        (one,) = queries.find_returnable(reading(), tablet.booth_id, token="s" * 22)
        assert (one.left, one.total_dong, one.lines[0].note) == ([1, 1], 1_010_000, "khách quen")
        assert queries.find_returnable(reading(), tablet.booth_id, number=one.receipt_number) == [one]


def test_a_producers_lines_say_how_they_were_measured_and_what_was_taken_off(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    weighed, pack = add_weighed(app, fair), add_pack(app, fair.goods[0])
    at, producer_id = now() - timedelta(seconds=5), fair.producer_ids[0]
    off: dict[str, Any] = {"discount_reason": "Mua nhiều", "discount_borne_by": "organiser"}
    sale = tablet.sale(
        [sold(weighed, grams=575, discount_dong=850, **off), sold(pack, 2), sold(fair.goods[0], discount_dong=20_000)],
        at=at,
    )
    back = tablet.sale([sold(weighed, grams=575, discount_dong=850, **off)], at=at, refund_of=sale["id"])
    tablet.send(sale)
    with app.app_context():
        lines = queries.producer_lines(reading(), producer_id, fair_day(at, BOUNDARY), {tablet.booth_id})
        assert [(one.quantity, one.grams, one.base_quantity, one.amount_dong, one.discount_dong) for one in lines] == [
            (1, 575, 575, 21_000, 850),
            (2, None, 24, 4_800_000, 0),
            (1, None, 1, 200_000, 20_000),
        ]
        assert [one.pack_id for one in lines] == [None, pack.pack_id, None]
        day = fair_day(at, BOUNDARY)
        given = [(tablet.booth_id, day, "", 20_000), (tablet.booth_id, day, "organiser", 850)]
        assert queries.producer_discounts(reading(), producer_id) == given
        assert queries.producer_discounts(reading(), producer_id, {day}) == given
        assert queries.producer_discounts(reading(), producer_id, {day - timedelta(days=1)}) == []
        assert queries.weighed_as_sold(reading(), {weighed.product_id, fair.goods[0].product_id}) == {
            weighed.product_id
        }
        reading().remove()
        tablet.send(back)
        assert queries.producer_discounts(reading(), producer_id)[1] == (tablet.booth_id, day, "organiser", 0)


def test_sales_and_what_was_given_back_of_them(app: Flask, fair: Fair, tablet: Tablet) -> None:
    one, two = (tablet.sale([(fair.goods[0], 2)]) for _ in range(2))
    back = [tablet.sale([(fair.goods[0], 1)], refund_of=one["id"]) for _ in range(2)]
    tablet.send(one, two, *back)
    with app.app_context():
        ids = [one["id"], two["id"], back[0]["id"], new_id()]
        assert {sale.id for sale in queries.sales_by_id(reading(), ids)} == {one["id"], two["id"]}
        assert {sale.id for sale in queries.given_back(reading(), ids)} == {sale["id"] for sale in back}
        assert queries.given_back(reading(), [two["id"]]) == []
