"""Recording sales: every row they become, on SQLite and on PostgreSQL, through the path a tablet takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from fair_pos.catalogue.tables import CatalogueVersion, Price
from fair_pos.journal.queries import lines_about
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.people.actions import disable_person, withdraw_seller
from fair_pos.people.queries import get_person
from fair_pos.plumbing.db import reading, transaction
from fair_pos.sales.queries import find_sale, refunds_of
from fair_pos.sales.tables import Oddity
from tests.builders import Fair, Tablet, add_pack, add_weighed, make_fair, pair_tablet, sold
from tests.sales.histories import a_fair_with_tablets, random_parcels, send_in_uploads


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def rows(app: Flask, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with app.app_context():
        return [tuple(row) for row in reading().execute(text(statement), values)]


def oddities(app: Flask, sale_id: str) -> dict[str, dict[str, Any]]:
    with app.app_context():
        return {one.code: one.facts for one in reading().scalars(select(Oddity).where(Oddity.sale_id == sale_id))}


def balance(app: Flask, product_id: str) -> list[tuple[Any, ...]]:
    return rows(app, "SELECT booth_id, producer_id, quantity FROM balance WHERE product_id = :id", id=product_id)


def test_a_sale_becomes_its_rows(app: Flask, fair: Fair, tablet: Tablet) -> None:
    honey, tea = fair.goods[0], fair.goods[1]
    at = now() - timedelta(minutes=3)
    parcel = tablet.sale([(honey, 2), (tea, 1)], at=at, method="transfer")
    arrived = now()
    assert [one.answer for one in tablet.send(parcel, at=arrived)] == ["stored"]
    with app.app_context():
        sale = find_sale(reading(), parcel["id"])
        assert sale is not None
        assert (sale.kind, sale.edition_id, sale.booth_id, sale.device_id) == (
            "sale",
            fair.edition_id,
            tablet.booth_id,
            tablet.device_id,
        )
        assert (sale.sold_at, sale.claimed_at, sale.received_at) == (at, at, arrived)
        assert (sale.total_dong, sale.claimed_total_dong, sale.sample) == (790_000, 790_000, False)
        assert (sale.device_seq, sale.hash, sale.refund_of) == (1, parcel["hash"], None)
        assert [(line.line_no, line.product_id, line.name, line.quantity, line.amount_dong) for line in sale.lines] == [
            (1, honey.product_id, honey.name, 2, 440_000),
            (2, tea.product_id, tea.name, 1, 350_000),
        ]
        assert [(paid.payment_no, paid.method, paid.amount_dong) for paid in sale.payments] == [
            (1, "transfer", 790_000)
        ]
    assert oddities(app, parcel["id"]) == {}


def test_a_sale_moves_stock_even_below_zero_and_a_refund_brings_it_back(app: Flask, fair: Fair, tablet: Tablet) -> None:
    honey = fair.goods[0]
    sale = tablet.sale([(honey, 2), (honey, 1)])
    tablet.send(sale)
    assert balance(app, honey.product_id) == [(tablet.booth_id, honey.producer_id, -3)]
    tablet.send(tablet.sale([(honey, 1)], refund_of=sale["id"]))
    assert balance(app, honey.product_id) == [(tablet.booth_id, honey.producer_id, -2)]
    moved = rows(app, "SELECT kind, quantity FROM movement WHERE product_id = :id ORDER BY id", id=honey.product_id)
    assert moved == [("sale", -2), ("sale", -1), ("refund", 1)]


def test_a_sale_and_its_refund_stand_in_the_figures_side_by_side(app: Flask, fair: Fair, tablet: Tablet) -> None:
    honey, at = fair.goods[0], now() - timedelta(seconds=1)
    sale = tablet.sale([(honey, 2)], at=at)
    tablet.send(sale)
    tablet.send(tablet.sale([(honey, 1)], at=at, refund_of=sale["id"], method="transfer"))
    assert rows(app, "SELECT receipts, refunds, sold_dong, refunded_dong FROM hour_figure") == [
        (1, 1, 440_000, 220_000)
    ]
    assert rows(app, "SELECT sold_quantity, refunded_quantity, sold_dong, refunded_dong FROM product_figure") == [
        (2, 1, 440_000, 220_000)
    ]
    assert rows(app, "SELECT method, received_dong, paid_out_dong FROM tender_figure ORDER BY method") == [
        ("cash", 440_000, 0),
        ("transfer", 0, 220_000),
    ]


def test_a_sale_is_written_into_the_journal(app: Flask, fair: Fair, tablet: Tablet) -> None:
    parcel = tablet.sale([(fair.goods[0], 2)])
    refund = tablet.sale([(fair.goods[0], 2)], refund_of=parcel["id"])
    arrived = now()
    tablet.send(parcel, refund, at=arrived)
    with app.app_context():
        (line,) = lines_about(reading(), "sale", parcel["id"])
        assert (line.verb, line.at, line.person_id, line.device_id) == (
            "sale_recorded",
            arrived,
            fair.people["nguoiban"],
            tablet.device_id,
        )
        assert line.facts["total_dong"] == 440_000
        assert [line.verb for line in lines_about(reading(), "sale", refund["id"])] == ["refund_recorded"]


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


def test_goods_are_counted_for_the_catalogue_s_producer(app: Flask, fair: Fair, tablet: Tablet) -> None:
    honey = fair.goods[0]
    tablet.send(tablet.sale([(replace(honey, producer_id=fair.producer_ids[2]), 1)]))
    for table in ("sale_line", "movement", "balance", "product_figure"):
        assert rows(app, f"SELECT producer_id FROM {table}") == [(honey.producer_id,)]


def test_the_total_is_the_sum_of_the_lines_and_the_claim_stands_beside_it(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    parcel = tablet.sale([(fair.goods[0], 1)], total_dong=1)
    tablet.send(parcel)
    assert rows(app, "SELECT total_dong, claimed_total_dong FROM sale") == [(220_000, 1)]
    assert oddities(app, parcel["id"]) == {"total_differs": {"sent": 1, "computed": 220_000}}


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


def test_a_discount_stands_in_its_own_figure_by_who_bears_it(app: Flask, fair: Fair, tablet: Tablet) -> None:
    parcel = tablet.sale([sold(fair.goods[0], **OFFER)])
    tablet.send(parcel)
    assert oddities(app, parcel["id"]) == {}
    assert rows(app, "SELECT sold_dong FROM product_figure") == [(198_000,)]
    assert rows(app, "SELECT borne_by, given_dong, taken_back_dong FROM discount_figure") == [("organiser", 22_000, 0)]


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


def test_rounding_is_its_own_account(app: Flask, fair: Fair, tablet: Tablet) -> None:
    fish = add_weighed(app, fair)
    parcel = tablet.sale([sold(fish, grams=575)], rounding_dong=150)
    tablet.send(parcel)
    assert oddities(app, parcel["id"]) == {}
    assert rows(app, "SELECT total_dong, rounding_dong FROM sale") == [(22_000, 150)]
    assert rows(app, "SELECT sold_dong, rounding_dong FROM hour_figure") == [(22_000, 150)]
    tablet.send(tablet.sale([sold(fish, grams=575)], rounding_dong=150, refund_of=parcel["id"]))
    assert rows(app, "SELECT sold_dong, refunded_dong, rounding_dong FROM hour_figure") == [(22_000, 22_000, 0)]


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


# --- figures ----------------------------------------------------------------------------------------------------------

GROUPED = {
    "product_figure": """
        SELECT s.booth_id, s.fair_day, s.hour, l.product_id, l.producer_id,
               sum(CASE s.kind WHEN 'sale' THEN l.quantity * COALESCE(l.grams, l.pack_size) ELSE 0 END), sum(CASE s.kind WHEN 'refund' THEN l.quantity * COALESCE(l.grams, l.pack_size) ELSE 0 END),
               sum(CASE s.kind WHEN 'sale' THEN l.amount_dong ELSE 0 END), sum(CASE s.kind WHEN 'refund' THEN l.amount_dong ELSE 0 END),
               max(CASE s.kind WHEN 'sale' THEN s.sold_at END), max(s.sold_at), max(l.name), max(l.unit)
        FROM sale s JOIN sale_line l ON l.sale_id = s.id GROUP BY s.booth_id, s.fair_day, s.hour, l.product_id, l.producer_id""",
    "tender_figure": """
        SELECT s.booth_id, s.fair_day, s.hour, p.method,
               sum(CASE s.kind WHEN 'sale' THEN p.amount_dong ELSE 0 END), sum(CASE s.kind WHEN 'refund' THEN p.amount_dong ELSE 0 END)
        FROM sale s JOIN payment p ON p.sale_id = s.id GROUP BY s.booth_id, s.fair_day, s.hour, p.method""",
    "discount_figure": """
        SELECT s.booth_id, s.fair_day, s.hour, l.producer_id, l.discount_borne_by,
               sum(CASE s.kind WHEN 'sale' THEN l.discount_dong ELSE 0 END), sum(CASE s.kind WHEN 'refund' THEN l.discount_dong ELSE 0 END)
        FROM sale s JOIN sale_line l ON l.sale_id = s.id WHERE l.discount_dong > 0
        GROUP BY s.booth_id, s.fair_day, s.hour, l.producer_id, l.discount_borne_by""",
    "hour_figure": """
        SELECT booth_id, fair_day, hour, count(CASE kind WHEN 'sale' THEN 1 END), count(CASE kind WHEN 'refund' THEN 1 END),
               count(CASE WHEN sample THEN 1 END),
               sum(CASE kind WHEN 'sale' THEN total_dong ELSE 0 END), sum(CASE kind WHEN 'refund' THEN total_dong ELSE 0 END),
               sum(CASE kind WHEN 'sale' THEN rounding_dong ELSE -rounding_dong END), max(received_at)
        FROM sale GROUP BY booth_id, fair_day, hour""",
    "balance": "SELECT booth_id, product_id, producer_id, sum(quantity) FROM movement GROUP BY booth_id, product_id, producer_id",
}  # fmt: skip


def test_figures_equal_what_the_database_adds_up_itself(app: Flask) -> None:
    fair, tablets = a_fair_with_tablets(app, 3)
    chance = Random(20261124)
    for tablet in tablets:
        send_in_uploads(tablet, random_parcels(chance, fair, tablet, 70), chance)
    assert rows(app, "SELECT count(*) FROM sale")[0][0] + rows(app, "SELECT count(*) FROM giveaway")[0][0] == 210
    assert rows(app, "SELECT count(*) FROM giveaway")[0][0] > 5
    assert rows(app, "SELECT count(*) FROM sale WHERE kind = 'refund'")[0][0] > 5
    for table, grouped in GROUPED.items():
        kept, added = (
            sorted(tuple(str(cell) for cell in row) for row in rows(app, statement))
            for statement in (f"SELECT * FROM {table}", grouped)
        )
        assert kept == added, table
        assert len(kept) > 1


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
