"""Running figures in the database: what they hold after uploads, and that they are what the database adds up itself."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.sales.tables import DiscountFigure, HourFigure, ProductFigure, TenderFigure
from fair_pos.stock.tables import Balance
from tests.builders import Fair, Tablet, add_weighed, make_fair, pair_tablet, sold
from tests.sales.histories import a_fair_with_tablets, random_parcels, send_in_uploads
from tests.sales.stored import oddities, rows

OFFER: dict[str, Any] = {"discount_dong": 22_000, "discount_reason": "cuối ngày", "discount_borne_by": "organiser"}


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


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


def test_a_discount_stands_in_its_own_figure_by_who_bears_it(app: Flask, fair: Fair, tablet: Tablet) -> None:
    parcel = tablet.sale([sold(fair.goods[0], **OFFER)])
    tablet.send(parcel)
    assert oddities(app, parcel["id"]) == {}
    assert rows(app, "SELECT sold_dong FROM product_figure") == [(198_000,)]
    assert rows(app, "SELECT borne_by, given_dong, taken_back_dong FROM discount_figure") == [("organiser", 22_000, 0)]


def test_rounding_is_its_own_account(app: Flask, fair: Fair, tablet: Tablet) -> None:
    fish = add_weighed(app, fair)
    parcel = tablet.sale([sold(fish, grams=575)], rounding_dong=150)
    tablet.send(parcel)
    assert oddities(app, parcel["id"]) == {}
    assert rows(app, "SELECT total_dong, rounding_dong FROM sale") == [(22_000, 150)]
    assert rows(app, "SELECT sold_dong, rounding_dong FROM hour_figure") == [(22_000, 150)]
    tablet.send(tablet.sale([sold(fish, grams=575)], rounding_dong=150, refund_of=parcel["id"]))
    assert rows(app, "SELECT sold_dong, refunded_dong, rounding_dong FROM hour_figure") == [(22_000, 22_000, 0)]


# --- the same by the database's own sums --------------------------------------------------------------------------------

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
    "balance": (
        "SELECT place_id, product_id, owner_id, lot_id, place_kind, sum(quantity) FROM movement"
        " GROUP BY place_id, product_id, owner_id, lot_id, place_kind"
    ),
}  # fmt: skip
COLUMNS = {
    "product_figure": (
        "booth_id, fair_day, hour, product_id, producer_id, sold_quantity, refunded_quantity, sold_dong, refunded_dong,"
        " last_sold_at, last_at, name, unit"
    ),
    "tender_figure": "booth_id, fair_day, hour, method, received_dong, paid_out_dong",
    "discount_figure": "booth_id, fair_day, hour, producer_id, borne_by, given_dong, taken_back_dong",
    "hour_figure": (
        "booth_id, fair_day, hour, receipts, refunds, sample_receipts, sold_dong, refunded_dong, rounding_dong, last_received_at"
    ),
    "balance": "place_id, product_id, owner_id, lot_id, place_kind, quantity",
}
"""By name: a database that grew by migrations has them in another order than one made at once."""


def test_every_column_of_every_figure_is_added_up() -> None:
    for model in (ProductFigure, TenderFigure, DiscountFigure, HourFigure, Balance):
        asked = set(COLUMNS[model.__tablename__].split(", "))
        assert asked == {column.name for column in model.__table__.columns}


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
            for statement in (f"SELECT {COLUMNS[table]} FROM {table}", grouped)
        )
        assert kept == added, table
        assert len(kept) > 1
