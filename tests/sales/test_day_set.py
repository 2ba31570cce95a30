"""What a set of receipts comes to, against plain SQL; and what of the day stands outside it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text

from fair_pos.plumbing.db import reading
from fair_pos.sales.day_set import (
    booths_of_set,
    ids_of_day,
    methods_of_set,
    receipts_outside,
    sums_of_set,
    sums_outside,
)
from fair_pos.sales.queries import DaySums, sums_by_day
from fair_pos.sales.tables import Sale
from tests.reports.golden import DAY, FIRST_DAY, Golden, make_golden, sell_whole_till


@pytest.fixture
def golden(app: Flask) -> Golden:
    golden = make_golden(app)
    sell_whole_till(app, golden)
    return golden


SUMS = """
    SELECT SUM(CASE WHEN kind = 'sale' THEN 1 ELSE 0 END), SUM(CASE WHEN kind = 'refund' THEN 1 ELSE 0 END),
           SUM(CASE WHEN kind = 'sale' THEN total_dong ELSE 0 END), SUM(CASE WHEN kind = 'refund' THEN total_dong ELSE 0 END),
           SUM(CASE WHEN kind = 'sale' THEN rounding_dong ELSE -rounding_dong END)
    FROM sale WHERE CAST(fair_day AS VARCHAR) = :day"""
DISCOUNT = """
    SELECT SUM(CASE WHEN kind = 'sale' THEN discount_dong ELSE -discount_dong END)
    FROM sale JOIN sale_line ON sale.id = sale_id WHERE CAST(fair_day AS VARCHAR) = :day"""


def test_a_day_as_a_set_is_what_plain_sql_says(app: Flask, golden: Golden) -> None:
    edition, day = golden.fair.edition_id, {"day": DAY.isoformat()}
    with app.app_context():
        session = reading()
        found = sums_of_set(session, ids_of_day(edition, DAY))
        *sums, rounding = map(int, session.execute(text(SUMS), day).one())
        assert found.sums == DaySums(*sums)
        assert found.rounding_dong == rounding
        assert found.discount_dong == int(session.scalar(text(DISCOUNT), day) or 0)
        assert found.discount_dong > 0
        assert found.sample_receipts == 0
        booths = booths_of_set(session, ids_of_day(edition, DAY))
        assert sum(one.sold_dong for one in booths.values()) == found.sums.sold_dong
        assert booths.keys() == set(golden.fair.booth_ids)
        nets = methods_of_set(session, ids_of_day(edition, DAY))
        by_sql = "SELECT SUM(CASE WHEN kind = 'sale' THEN amount_dong ELSE -amount_dong END) FROM payment JOIN sale ON sale.id = sale_id WHERE CAST(fair_day AS VARCHAR) = :day AND method = :method"
        for method in ("cash", "transfer", "card"):
            net = sum(dong for (_booth, way), dong in nets.items() if way == method)
            assert net == int(session.scalar(text(by_sql), day | {"method": method}) or 0), method


def test_running_sums_by_day_are_the_same(app: Flask, golden: Golden) -> None:
    with app.app_context():
        sums = sums_by_day(reading(), golden.fair.booth_ids, [DAY, FIRST_DAY])
        for day in (DAY, FIRST_DAY):
            assert sums[day] == sums_of_set(reading(), ids_of_day(golden.fair.edition_id, day)).sums
        assert sums_by_day(reading(), [], [DAY]) == {}


def test_what_stands_outside_a_set(app: Flask, golden: Golden) -> None:
    edition = golden.fair.edition_id
    with app.app_context():
        session = reading()
        first = golden.tablets[0].device_id
        inside = select(Sale.id).where(Sale.device_id == first)
        outside = receipts_outside(session, edition, DAY, inside, limit=1000)
        assert {one.device_id for one in outside} == {golden.tablets[1].device_id}
        sums = sums_outside(session, edition, DAY, inside)[golden.tablets[1].device_id]
        assert sum(one.net_dong for one in outside) == sums.sold_dong - sums.refunded_dong
        assert len(outside) == sums.receipts + sums.refunds
        assert [one.received_at for one in outside] == sorted(one.received_at for one in outside)
        assert receipts_outside(session, edition, DAY, inside, limit=2, offset=1) == outside[1:3]
        assert receipts_outside(session, edition, DAY, ids_of_day(edition, DAY), limit=5) == []
        empty = select(Sale.id).where(Sale.id == "none")
        assert sums_of_set(session, empty).sums == DaySums()
