"""Every figure equals what plain SQL finds in the sales themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from flask import Flask

from fair_pos.kernel.ids import named_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.reports import queries
from fair_pos.reports.goods import goods_of
from fair_pos.reports.goods_tables import by_product, summed
from fair_pos.reports.rules import Figure, together
from fair_pos.till.tables import Device
from tests.builders import make_fair
from tests.reports.golden import DAY, FIRST_DAY, LINES, PAYMENTS, SALES, Golden, by_sql, make_golden


@pytest.fixture
def golden(app: Flask) -> Iterator[Golden]:
    made = make_golden(app)
    with app.app_context():
        yield made


def money(figures: Iterable[Figure]) -> dict[str, tuple[int, int]]:
    return {one.key: (one.sold_dong, one.refunded_dong) for one in figures if one.sold_dong or one.refunded_dong}


def first_two(found: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    return {key: numbers[:2] for key, numbers in found.items()}


def test_days_hours_and_booths(golden: Golden) -> None:
    edition = golden.fair.edition_id
    days = queries.day_figures(reading(), edition)
    assert {
        str(day): (one.sold_dong, one.refunded_dong, one.receipts, one.refunds) for day, one in days.items()
    } == by_sql("fair_day", SALES, "total_dong", edition, None)
    hours = queries.hour_figures(reading(), edition, DAY).values()
    assert money(hours) == first_two(by_sql("hour", SALES, "total_dong", edition, DAY))
    booths = queries.booth_figures(reading(), edition, DAY)
    assert money(booths) == first_two(by_sql("sale.booth_id", SALES, "total_dong", edition, DAY))
    assert [one.name for one in booths] == sorted(one.name for one in booths)
    assert together(booths).net_dong == together(hours).net_dong == days[DAY].net_dong


def test_products_producers_and_ways_of_paying(golden: Golden) -> None:
    edition = golden.fair.edition_id
    goods = goods_of(reading(), edition, DAY)
    products = by_product(goods)
    assert money(products) == first_two(by_sql("product_id", LINES, "amount_dong", edition, DAY))
    assert {one.key: (one.sold_quantity, one.refunded_quantity) for one in products} == first_two(
        by_sql("product_id", LINES, "quantity", edition, DAY)
    )
    producers = summed(goods.rows, lambda row: row.producer_id, {})
    assert money(producers) == first_two(by_sql("producer_id", LINES, "amount_dong", edition, DAY))
    methods = queries.method_figures(reading(), edition, DAY)
    assert money(methods) == first_two(by_sql("method", PAYMENTS, "amount_dong", edition, DAY))


def test_ten_past_midnight_and_ten_to_are_one_evening(golden: Golden) -> None:
    """Also with the server's clock in another part of the world: the tests run in St. John's."""
    hours = queries.hour_figures(reading(), golden.fair.edition_id, DAY)
    assert {hour for hour in hours if hour >= 23 or hour < 4} == {23, 0, 3}
    after = queries.day_figures(reading(), golden.fair.edition_id)
    assert [(day.day, after[day].receipts) for day in after] == [(20, 24), (21, after[DAY].receipts), (22, 2)]


def test_goods_that_no_catalogue_knows_keep_the_name_on_their_receipt(golden: Golden) -> None:
    tablet, unknown = golden.tablets[0], named_id("unknown")
    line = {
        "product_id": unknown, "name": "Bánh lạ", "unit": "", "producer_id": unknown, "quantity": 1,
        "unit_price_dong": 5, "amount_dong": 5,
    }  # fmt: skip
    payment = {"method": "cash", "amount_dong": 5, "tendered_dong": 5, "change_dong": 0}
    tablet.send(tablet.sale([(golden.fair.goods[0], 1)], lines=[line], total_dong=5, payments=[payment]))
    assert queries.product_names(reading(), {unknown}) == {unknown: "Bánh lạ"}
    assert queries.producer_names(reading(), {unknown}) == {}


def test_oddities_and_quarantine_are_found_by_edition(golden: Golden, app: Flask) -> None:
    edition = golden.fair.edition_id
    odd = queries.oddities(reading(), edition, day=DAY, limit=100)
    assert [one.code for one in odd].count("total_differs") == 2
    assert queries.count_oddities(reading(), edition, DAY) == len(odd)
    assert len(queries.oddities(reading(), edition, sale_id=odd[0].command_id, limit=100)) == 1
    golden.tablets[0].send("không phải gói")
    reading().remove()  # an open look at the database does not see what comes after it
    other = make_fair(app, name="Hội chợ khác", starts=FIRST_DAY)
    ((parcel, letter),) = queries.quarantined(reading(), edition, limit=10)
    assert letter == golden.tablets[0].letter
    assert queries.count_quarantined(reading(), other.edition_id) == 0
    assert queries.find_quarantined(reading(), other.edition_id, parcel.id) is None
    assert queries.find_quarantined(reading(), edition, parcel.id) is not None


def test_a_tablet_is_called_by_letter_and_name(golden: Golden) -> None:
    with transaction() as session:
        session.get_one(Device, golden.tablets[1].device_id).name = "Máy hai"
    assert queries.find_device_label(reading(), golden.tablets[1].device_id) == (golden.tablets[1].letter, "Máy hai")
    assert queries.find_device_label(reading(), "none") == ("?", "")


def test_names_of_people_and_producers(golden: Golden) -> None:
    assert queries.person_names(reading(), {golden.fair.people["nguoiban"], "?"}) == {
        golden.fair.people["nguoiban"]: "Vừ A nguoiban"
    }
    assert set(queries.all_producers(reading())) == set(golden.fair.producer_ids)
    assert set(queries.zones_of_booths(reading(), golden.fair.edition_id).values()) == {"A"}
