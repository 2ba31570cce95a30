"""Recording sales: every row they become, on SQLite and on PostgreSQL, through the path a tablet takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from fair_pos.catalogue.tables import CatalogueVersion, Price
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.people.actions import disable_person, withdraw_seller
from fair_pos.people.queries import get_person
from fair_pos.plumbing.db import reading, transaction
from fair_pos.sales.queries import find_sale, refunds_of
from fair_pos.venues.tables import Edition
from tests.builders import BOUNDARY, Fair, Tablet, add_pack, add_weighed, make_fair, pair_tablet, sold
from tests.sales.stored import balance, oddities, rows


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def test_a_sale_moves_stock_even_below_zero_and_a_refund_brings_it_back(app: Flask, fair: Fair, tablet: Tablet) -> None:
    honey = fair.goods[0]
    sale = tablet.sale([(honey, 2), (honey, 1)])
    tablet.send(sale)
    assert balance(app, honey.product_id) == [(tablet.booth_id, honey.producer_id, -3)]
    tablet.send(tablet.sale([(honey, 1)], refund_of=sale["id"]))
    assert balance(app, honey.product_id) == [(tablet.booth_id, honey.producer_id, -2)]
    moved = rows(app, "SELECT kind, quantity FROM movement WHERE product_id = :id ORDER BY id", id=honey.product_id)
    assert moved == [("sale", -2), ("sale", -1), ("refund", 1)]


# --- what is odd, and stored all the same -----------------------------------------------------------------------------


def test_a_refund_knows_its_sale_and_the_sale_its_refunds(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = tablet.sale([(fair.goods[0], 3)])
    first, second = (tablet.sale([(fair.goods[0], 1)], refund_of=sale["id"]) for _ in range(2))
    tablet.send(sale, first)
    tablet.send(second)
    with app.app_context():
        assert [one.id for one in refunds_of(reading(), sale["id"])] == [first["id"], second["id"]]
    assert oddities(app, first["id"]) == oddities(app, second["id"]) == {}


def test_the_refund_that_goes_beyond_the_sale_is_odd(app: Flask, fair: Fair, tablet: Tablet) -> None:
    honey, tea = fair.goods[0], fair.goods[1]
    sale = tablet.sale([(honey, 1), (honey, 1), (tea, 1)])
    first, second = (tablet.sale([(honey, pieces)], refund_of=sale["id"]) for pieces in (2, 1))
    tablet.send(sale, first)
    tablet.send(second)
    assert oddities(app, first["id"]) == {}
    assert oddities(app, second["id"]) == {"refund_exceeds_sale": {"name": honey.name}}
    assert balance(app, honey.product_id)[0][2] == 1  # given back all the same


def test_a_refund_of_other_goods_is_odd(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = tablet.sale([(fair.goods[0], 5)])
    refund = tablet.sale([(fair.goods[1], 1)], refund_of=sale["id"])
    tablet.send(sale, refund)
    assert set(oddities(app, refund["id"])) == {"refund_exceeds_sale"}


def test_a_refund_of_what_rounding_had_taken_off_is_odd(app: Flask, fair: Fair, tablet: Tablet) -> None:
    cash = {"method": "cash", "amount_dong": 0, "tendered_dong": 0, "change_dong": 0}
    offer = sold(fair.goods[0], 1, discount_dong=219_800, discount_reason="x", discount_borne_by="shared")  # 200 đồng
    sale = tablet.sale([offer], rounding_dong=-200, total_dong=0, payments=[cash])
    right = tablet.sale([offer], refund_of=sale["id"], rounding_dong=-200, total_dong=0, payments=[cash])
    tablet.send(sale, right)
    assert "refund_exceeds_sale" not in oddities(app, right["id"])
    again = tablet.sale([offer], rounding_dong=-200, total_dong=0, payments=[cash])
    wrong = tablet.sale([offer], refund_of=again["id"])
    tablet.send(again, wrong)
    assert set(oddities(app, wrong["id"])) == {"refund_exceeds_sale"}


def test_a_refund_of_nothing_known_and_one_of_a_refund_are_odd(app: Flask, fair: Fair, tablet: Tablet) -> None:
    lost = tablet.sale([(fair.goods[0], 1)], refund_of=new_id())
    of_refund = tablet.sale([(fair.goods[0], 1)], refund_of=lost["id"])
    tablet.send(lost)
    tablet.send(of_refund)
    assert set(oddities(app, lost["id"])) == set(oddities(app, of_refund["id"])) == {"refund_original_unknown"}


def test_a_refund_that_arrives_with_or_before_its_sale(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = tablet.sale([(fair.goods[0], 1)])
    refund = tablet.sale([(fair.goods[0], 1)], refund_of=sale["id"])
    tablet.send(refund, sale)
    assert oddities(app, refund["id"]) == {}


def test_a_number_used_twice_stays_with_both_sales(app: Flask, fair: Fair, tablet: Tablet) -> None:
    first = tablet.sale([(fair.goods[0], 1)])
    tablet.counters.clear()
    second = tablet.sale([(fair.goods[1], 1)])
    tablet.send(first)
    tablet.send(second)
    numbers = rows(app, "SELECT receipt_number, count(*) FROM sale GROUP BY receipt_number")
    assert [count for _, count in numbers] == [2]
    assert oddities(app, first["id"]) == {}
    assert oddities(app, second["id"]) == {"number_reused": {"number": numbers[0][0]}}


def test_a_number_used_twice_within_one_upload(app: Flask, fair: Fair, tablet: Tablet) -> None:
    first = tablet.sale([(fair.goods[0], 1)])
    tablet.counters.clear()
    second = tablet.sale([(fair.goods[1], 1)])
    tablet.send(first, second)
    assert set(oddities(app, first["id"])) == set(oddities(app, second["id"])) == {"number_reused"}


def test_a_price_is_compared_with_the_list_the_sale_names(app: Flask, fair: Fair, tablet: Tablet) -> None:
    old = fair.goods[0]
    new = replace(old, price_dong=250_000)
    with app.app_context(), transaction() as session:
        session.add(CatalogueVersion(version=2, changed_at=now(), cause="test"))
        session.flush()
        session.add(Price(product_id=old.product_id, version=2, price_dong=250_000))
    sales = {
        "old price, old list": tablet.sale([(old, 1)], price_list_version=1),
        "new price, new list": tablet.sale([(new, 1)], price_list_version=2),
        "old price, new list": tablet.sale([(old, 1)], price_list_version=2),
        "new price, old list": tablet.sale([(new, 1)], price_list_version=1),
        "a list to come": tablet.sale([(new, 1)], price_list_version=3),
    }
    tablet.send(*sales.values())
    found = {name: oddities(app, parcel["id"]) for name, parcel in sales.items()}
    sent = {"name": old.name, "sent": 220_000, "listed": 250_000, "version": 2}
    assert found == {
        "old price, old list": {},
        "new price, new list": {},
        "old price, new list": {"price_differs": sent},
        "new price, old list": {"price_differs": sent | {"sent": 250_000, "listed": 220_000, "version": 1}},
        "a list to come": {"price_list_unknown": {"version": 3}},
    }
    assert rows(app, "SELECT sum(sold_dong) FROM hour_figure")[0][0] == 2 * 220_000 + 3 * 250_000


def test_goods_nobody_knows_are_sold_all_the_same(app: Flask, fair: Fair, tablet: Tablet) -> None:
    strange = replace(fair.goods[0], product_id=new_id(), producer_id=new_id(), name="Rượu ngô")
    parcel = tablet.sale([(strange, 2)])
    assert tablet.send(parcel)[0].answer == "stored"
    assert oddities(app, parcel["id"]) == {"product_unknown": {"name": "Rượu ngô"}}
    assert balance(app, strange.product_id) == [(tablet.booth_id, strange.producer_id, -2)]
    assert rows(app, "SELECT producer_id, sold_dong FROM product_figure") == [(strange.producer_id, 440_000)]


@pytest.mark.parametrize(
    "device_at", ["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000Z"]
)
def test_a_tablet_without_a_calendar_still_sells(app: Flask, fair: Fair, tablet: Tablet, device_at: str) -> None:
    parcel, arrived = tablet.sale([(fair.goods[0], 1)], device_at=device_at), now()
    assert tablet.send(parcel, at=arrived)[0].answer == "stored"
    with app.app_context():
        sale = find_sale(reading(), parcel["id"])
        assert sale is not None
        assert sale.sold_at == arrived
    assert set(oddities(app, parcel["id"])) == {"clock_off"}


# --- weights, packs, discounts, gifts ---------------------------------------------------------------------------------


def test_weighed_goods_cost_the_same_everywhere(app: Flask, fair: Fair, tablet: Tablet) -> None:
    fish = add_weighed(app, fair)
    parcel = tablet.sale([sold(fish, grams=575)])
    tablet.send(parcel)
    assert oddities(app, parcel["id"]) == {}
    assert rows(app, "SELECT amount_dong, gross_dong, grams FROM sale_line") == [(21_850, 21_850, 575)]
    assert balance(app, fish.product_id) == [(tablet.booth_id, fish.producer_id, -575)]
    assert rows(app, "SELECT sold_quantity, sold_dong FROM product_figure") == [(575, 21_850)]
    tablet.send(tablet.sale([sold(fish, grams=575)], refund_of=parcel["id"]))
    assert balance(app, fish.product_id)[0][2] == 0


def test_two_boxes_of_twelve_take_twenty_four_from_stock(app: Flask, fair: Fair, tablet: Tablet) -> None:
    honey = fair.goods[0]
    case = add_pack(app, honey)
    parcel = tablet.sale([(case, 2), (honey, 1)])
    tablet.send(parcel)
    assert oddities(app, parcel["id"]) == {}
    assert balance(app, honey.product_id) == [(tablet.booth_id, honey.producer_id, -25)]
    assert rows(app, "SELECT sold_quantity, sold_dong FROM product_figure") == [(25, 5_020_000)]
    for count, codes in ((1, {"refund_above_limit"}), (2, {"refund_above_limit", "refund_exceeds_sale"})):
        back = tablet.sale([(case, count)], refund_of=parcel["id"])
        tablet.send(back)
        assert set(oddities(app, back["id"])) == codes


OFFER: dict[str, Any] = {"discount_dong": 22_000, "discount_reason": "cuối ngày", "discount_borne_by": "organiser"}


def test_a_seller_is_held_to_the_edition_s_limit_and_an_organiser_is_not(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    line = sold(fair.goods[0], **{**OFFER, "discount_dong": 110_000})
    by_seller = tablet.sale([line])
    by_organiser = tablet.sale([line], person_id=fair.people["bantochuc"])
    by_producer = tablet.sale([sold(fair.goods[0], **OFFER)], person_id=fair.people["chuthe"])
    tablet.send(by_seller, by_organiser, by_producer)
    limit = {"name": fair.goods[0].name, "sent": 110_000, "gross": 220_000, "limit": 10}
    assert oddities(app, by_seller["id"]) == {"discount_above_limit": limit}
    assert oddities(app, by_organiser["id"]) == {}
    assert oddities(app, by_producer["id"])["discount_above_limit"]["limit"] == 0


def test_another_price_is_kept_with_the_old_one_and_who_charged_it(app: Flask, fair: Fair, tablet: Tablet) -> None:
    line = sold(fair.goods[0], unit_price_dong=200_000, list_price_dong=220_000, price_reason="bao bì móp")
    by_seller, by_organiser = tablet.sale([line]), tablet.sale([line], person_id=fair.people["bantochuc"])
    tablet.send(by_seller, by_organiser)
    assert set(oddities(app, by_seller["id"])) == {"price_changed", "price_changed_without_right"}
    assert oddities(app, by_organiser["id"]) == {
        "price_changed": {"name": fair.goods[0].name, "old": 220_000, "new": 200_000, "reason": "bao bì móp"}
    }
    assert rows(app, "SELECT unit_price_dong, list_price_dong FROM sale_line")[0] == (200_000, 220_000)


def test_much_given_back_wants_two_signatures(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = tablet.sale([(fair.goods[0], 9)])
    alone = tablet.sale([(fair.goods[0], 3)], refund_of=sale["id"])
    signed, by_seller = (
        tablet.sale([(fair.goods[0], 3)], refund_of=sale["id"], second_person_id=fair.people[who])
        for who in ("bantochuc", "nguoiban")
    )
    tablet.send(sale, alone, signed, by_seller)
    assert set(oddities(app, alone["id"])) == set(oddities(app, by_seller["id"])) == {"refund_above_limit"}
    assert oddities(app, signed["id"]) == {}


def test_what_is_given_away_leaves_stock_and_is_no_sale(app: Flask, fair: Fair, tablet: Tablet) -> None:
    honey, fish = fair.goods[0], add_weighed(app, fair)
    parcel = tablet.giveaway([sold(honey, 2), sold(fish, grams=300)], purpose="tasting", note="khai mạc")
    assert [one.answer for one in tablet.send(parcel)] == ["stored"]
    assert oddities(app, parcel["id"]) == {}
    assert rows(app, "SELECT purpose, borne_by, worth_dong, note FROM giveaway") == [
        ("tasting", "producer", 451_400, "khai mạc")
    ]
    assert rows(app, "SELECT quantity, grams, worth_dong FROM giveaway_line ORDER BY line_no") == [
        (2, None, 440_000), (1, 300, 11_400),
    ]  # fmt: skip
    assert rows(app, "SELECT kind, quantity FROM movement ORDER BY id") == [("giveaway", -2), ("giveaway", -300)]
    for table in ("sale", "hour_figure", "product_figure", "tender_figure", "discount_figure"):
        assert rows(app, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert rows(app, "SELECT verb FROM journal_line WHERE subject_kind = 'giveaway'") == [("giveaway_recorded",)]


# --- who, where and when ----------------------------------------------------------------------------------------------


def test_who_may_no_longer_sell_goes_on_unnoticed_by_the_tablet_and_noticed_here(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    early, late = (tablet.sale([(fair.goods[0], 1)], at=now() - timedelta(minutes=ago)) for ago in (20, 1))
    tablet.send(tablet.sale([(fair.goods[0], 1)]))
    with app.app_context(), transaction() as session:
        seller = get_person(session, fair.people["nguoiban"])
        withdrawn_at = now() - timedelta(minutes=10)
        withdraw_seller(session, seller, fair.edition_id, set(fair.booth_ids), at=withdrawn_at, by="somebody")
    tablet.send(early, late)
    assert oddities(app, early["id"]) == {}
    assert set(oddities(app, late["id"])) == {"person_may_not_sell"}


def test_who_sells_after_the_account_ended_is_noticed(app: Flask, fair: Fair, tablet: Tablet) -> None:
    with app.app_context(), transaction() as session:
        seller = get_person(session, fair.people["nguoiban"])
        disable_person(session, seller, at=now() - timedelta(minutes=10), by="somebody")
    early, late = (tablet.sale([(fair.goods[0], 1)], at=now() - timedelta(minutes=ago)) for ago in (20, 1))
    tablet.send(early, late)
    assert oddities(app, early["id"]) == {}
    assert set(oddities(app, late["id"])) == {"person_may_not_sell"}


def test_what_is_sold_outside_the_days_of_the_fair_is_noticed_and_counts(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    parcel = tablet.sale([(fair.goods[0], 1)], at=now() - timedelta(days=5))
    tablet.send(parcel)
    assert set(oddities(app, parcel["id"])) == {"outside_edition"}
    assert rows(app, "SELECT sold_dong FROM hour_figure") == [(fair.goods[0].price_dong,)]


def test_what_a_showroom_sold_before_its_opening_day_is_noticed_and_counts(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    today = fair_day(now(), BOUNDARY)
    with app.app_context(), transaction() as session:
        session.execute(update(Edition).values(kind="showroom", starts_day=today, ends_day=None))
    early, late = (tablet.sale([(fair.goods[0], 1)], at=now() - timedelta(days=days)) for days in (1, 0))
    tablet.send(early, late)
    yesterday = (today - timedelta(days=1)).isoformat()
    assert oddities(app, early["id"]) == {"before_opening": {"day": yesterday, "opening": today.isoformat()}}
    assert oddities(app, late["id"]) == {}
    assert rows(app, "SELECT sum(sold_dong) FROM hour_figure") == [(2 * fair.goods[0].price_dong,)]
