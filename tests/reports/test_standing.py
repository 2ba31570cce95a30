"""What is published when figures are frozen equals plain SQL over the sales, and what nobody counted is not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.published.rules import NAMES, OF_A_DAY, SUMMED
from fair_pos.registry.tables import Certificate
from fair_pos.reports.standing import standing_of
from fair_pos.venues.queries import get_edition
from tests.builders import BOUNDARY, Fair, make_fair, pair_tablet
from tests.reports.golden import DAY, FIRST_DAY, LINES, SALES, Golden, by_sql, local, make_golden, sell_whole_till

LAST_DAY = FIRST_DAY + timedelta(days=4)


@pytest.fixture
def golden(app: Flask) -> Iterator[Golden]:
    made = make_golden(app)
    sell_whole_till(app, made)
    with app.app_context():
        with transaction() as session:
            # Recognised from the second day on, so that the same honey is OCOP on one day and not on the other.
            for goods, stars, issued in ((made.fair.goods[0], 4, DAY), (made.fair.goods[4], 3, FIRST_DAY)):
                session.add(
                    Certificate(
                        id=new_id(), product_id=goods.product_id, stars=stars, issued_day=issued,
                        expires_day=LAST_DAY, decision_no="QĐ",
                    )
                )  # fmt: skip
        yield made


def counted(what: str, fair: Fair, day: date | None) -> int:
    statement = f"""
        SELECT COUNT(DISTINCT {what}) FROM {LINES} WHERE sale.edition_id = :edition AND kind = 'sale'
        AND (CAST(:day AS VARCHAR) IS NULL OR CAST(fair_day AS VARCHAR) = :day)"""
    found = reading().execute(text(statement), {"edition": fair.edition_id, "day": day.isoformat() if day else None})
    return int(found.scalar_one())


@pytest.mark.parametrize("day", [None, FIRST_DAY, DAY, FIRST_DAY + timedelta(days=2)])
def test_every_figure_equals_plain_sql(golden: Golden, day: date | None) -> None:
    fair = golden.fair
    found = standing_of(reading(), fair.edition_id, LAST_DAY)[day]
    ((sold, back, receipts, refunds),) = by_sql("1", SALES, "total_dong", fair.edition_id, day).values()
    assert (found["sold_dong"], found["refunded_dong"], found["net_dong"]) == (sold, back, sold - back)
    assert (found["receipts"], found["refunds"]) == (receipts, refunds)
    assert found["selling_booths"] == counted("sale.booth_id", fair, day)
    assert found["enterprises"] == counted("sale_line.producer_id", fair, day)
    assert found["products"] == counted("sale_line.product_id", fair, day)
    recognised = """sale_line JOIN sale ON sale.id = sale_line.sale_id JOIN booth ON booth.id = sale.booth_id
        JOIN certificate ON certificate.product_id = sale_line.product_id
        AND fair_day BETWEEN issued_day AND expires_day"""
    ocop = by_sql("1", recognised, "amount_dong", fair.edition_id, day)
    assert found["ocop_dong"] == sum(one[0] - one[1] for one in ocop.values())


def test_days_add_up_to_the_whole_and_days_without_sales_are_zero(golden: Golden) -> None:
    found = standing_of(reading(), golden.fair.edition_id, LAST_DAY)
    whole = found.pop(None)
    assert sorted(found, key=str) == [FIRST_DAY + timedelta(days=step) for step in range(5)]
    for name in SUMMED:
        if name in whole:
            assert sum(of_day[name] for of_day in found.values()) == whole[name], name
    assert found[LAST_DAY]["net_dong"] == 0
    assert whole["ocop_dong"] > 0
    assert (whole["days"], whole["booths"]) == (5, 2)
    assert set(whole) == set(NAMES) - {"visits"}  # nobody counted at a gate
    assert set(found[DAY]) == set(OF_A_DAY) - {"visits"}


def test_what_only_came_back_on_a_day_was_not_sold_on_it(golden: Golden) -> None:
    tablet, goods = golden.tablets[0], golden.fair.goods[1]
    bought = tablet.sale([(goods, 1)], at=local(22, 20))
    tablet.send(bought, tablet.sale([(goods, 1)], at=local(24, 9), refund_of=bought["id"]))
    of_day = standing_of(reading(), golden.fair.edition_id, LAST_DAY)[LAST_DAY]
    assert (of_day["refunds"], of_day["net_dong"]) == (1, -goods.price_dong)
    names = ("receipts", "selling_booths", "products", "enterprises")
    assert [of_day[name] for name in names] == [0, 0, 0, 0]


def test_days_to_come_are_left_out(golden: Golden) -> None:
    found = standing_of(reading(), golden.fair.edition_id, FIRST_DAY)
    assert LAST_DAY not in found
    assert found[None]["days"] == 1  # of five: what is divided by them is of the days that have begun
    assert standing_of(reading(), golden.fair.edition_id, LAST_DAY + timedelta(days=9))[None]["days"] == 5
    assert "days" not in standing_of(reading(), golden.fair.edition_id, FIRST_DAY - timedelta(days=1))[None]
    assert DAY in found  # a tablet whose clock is ahead has sold on it all the same


def test_a_showroom_has_no_length_and_no_goods_by_day(app: Flask) -> None:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(fair.goods[0], 1)]))
    with app.app_context():
        with transaction() as session:
            edition = get_edition(session, fair.edition_id)
            edition.kind, edition.ends_day = "showroom", None
        found = standing_of(reading(), fair.edition_id, fair_day(now(), BOUNDARY))
        ((day, of_day),) = ((day, values) for day, values in found.items() if day is not None)
        assert day == fair_day(now(), BOUNDARY)
        assert ("days" in found[None], found[None]["products"], "products" in of_day, of_day["receipts"]) == (
            False,
            1,
            False,
            1,
        )


def test_an_edition_without_facts_has_only_its_booths(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context():
        assert standing_of(reading(), fair.edition_id, LAST_DAY) == {None: {"booths": 2}}
