"""The receipts behind a figure add up to it, whatever was weighed, packed, taken off or rounded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from fair_pos.kernel.ids import named_id
from fair_pos.plumbing.db import db, reading
from fair_pos.reports import queries
from fair_pos.reports import receipts as behind
from fair_pos.reports.goods import goods_of
from fair_pos.reports.goods_tables import by_product, summed
from fair_pos.reports.receipts import ReceiptSums, Wanted
from tests.asked import statements_sent
from tests.builders import Goods, make_fair, sold
from tests.reports.golden import DAY, FIRST_DAY, Golden, local, make_golden, sell_whole_till


@pytest.fixture
def golden(app: Flask) -> Iterator[Golden]:
    made = make_golden(app)
    with app.app_context():
        yield made


def test_every_way_of_asking_adds_up_to_its_figure(golden: Golden, app: Flask) -> None:
    sell_whole_till(app, golden)
    edition, session = golden.fair.edition_id, reading()
    asked = [(Wanted(day=DAY, hour=hour), one) for hour, one in queries.hour_figures(session, edition, DAY).items()]
    asked += [(Wanted(day=DAY, booth=one.key), one) for one in queries.booth_figures(session, edition, DAY)]
    asked += [(Wanted(day=DAY, product=one.key), one) for one in by_product(goods_of(session, edition, DAY))]
    asked += [
        (Wanted(day=DAY, producer=one.key), one)
        for one in summed(goods_of(session, edition, DAY).rows, lambda row: row.producer_id, {})
    ]
    asked += [(Wanted(day=DAY, method=one.key), one) for one in queries.method_figures(session, edition, DAY)]
    assert len(asked) > 20
    assert any(figure.net_grams for _wanted, figure in asked)
    for wanted, figure in asked:
        sums = behind.receipt_sums(session, edition, wanted)
        rows = behind.receipts(session, edition, wanted)
        assert (sums.amount_dong, sums.quantity) == (figure.net_dong, figure.net_quantity), wanted
        assert sums.grams == (figure.net_grams if wanted.is_of_goods else 0), wanted
        assert sum(row.amount_dong for row in rows) == figure.net_dong
        assert len(rows) == sums.sales + sums.refunds


def test_another_editions_receipts_are_never_listed(golden: Golden, app: Flask) -> None:
    other = make_fair(app, name="Hội chợ khác", starts=FIRST_DAY)
    wanted = Wanted(booth=golden.fair.booth_ids[0])
    assert behind.receipt_sums(reading(), other.edition_id, wanted) == ReceiptSums(0, 0, 0, 0)
    assert behind.receipts(reading(), other.edition_id, wanted) == []


def test_sums_of_a_whole_edition_are_read_from_the_figures(golden: Golden, app: Flask) -> None:
    edition, booth = golden.fair.edition_id, golden.fair.booth_ids[0]
    choices = [
        Wanted(**some)
        for some in ({}, {"kind": "sale"}, {"kind": "refund"}, {"booth": booth}, {"zone": "A"}, {"hour": 9})
    ]
    for wanted in choices:
        with statements_sent(app) as read:
            found = behind.receipt_sums(reading(), edition, wanted)
        assert not any("sale" in one.partition("FROM")[2] for one in read)
        rows = behind.receipts(reading(), edition, wanted)
        refunds = [row for row in rows if row.kind == "refund"]
        assert found == ReceiptSums(len(rows) - len(refunds), len(refunds), sum(row.amount_dong for row in rows), 0)


def test_a_whole_edition_is_listed_in_the_order_of_its_index(golden: Golden, app: Flask) -> None:
    rows = behind.receipts(reading(), golden.fair.edition_id, Wanted())
    assert [row.sold_at for row in rows] == sorted(row.sold_at for row in rows)
    if db.engine.dialect.name == "sqlite":
        with statements_sent(app) as sent:
            behind.receipts(reading(), golden.fair.edition_id, Wanted(), limit=200)
        (statement,) = sent
        plan = reading().execute(text("EXPLAIN QUERY PLAN " + statement.replace("?", "1"))).all()
        assert any("ix_sale_edition_id_fair_day_sold_at" in str(row) for row in plan)


def test_parts_of_the_receipts_make_their_total(golden: Golden, app: Flask) -> None:
    sell_whole_till(app, golden)
    edition, session = golden.fair.edition_id, reading()
    parts: dict[Any, int] = {
        part: behind.receipt_sums(session, edition, Wanted(day=DAY, part=part)).amount_dong
        for part in ("before", "discount", "rounding", None)
    }
    assert parts["before"] - parts["discount"] + parts["rounding"] == parts[None]
    assert (parts["discount"], parts["rounding"]) == (25_000, 0)
    assert parts["discount"] == queries.discount_net(session, edition, DAY)
    assert parts["rounding"] == queries.rounding_net(session, edition, DAY)
    rounded = behind.receipts(session, edition, Wanted(day=DAY, part="rounding"))
    assert [(row.kind, row.amount_dong, row.rounding_dong) for row in rounded] == [
        ("sale", 150, 150),
        ("refund", -150, -150),
    ]
    taken_off = behind.receipts(session, edition, Wanted(day=DAY, part="discount"))
    assert [(row.amount_dong, row.total_dong) for row in taken_off] == [(50_000, 650_000), (-25_000, -325_000)]
    assert sum(row.amount_dong for row in behind.receipts(session, edition, Wanted(part="before"))) == (
        behind.receipt_sums(session, edition, Wanted(part="before")).amount_dong
    )


def test_lines_add_up_to_their_receipts_but_for_the_rounding(golden: Golden, app: Flask) -> None:
    made = sell_whole_till(app, golden)
    edition, session = golden.fair.edition_id, reading()
    wanted = Wanted(day=DAY)
    rows, lines = behind.receipts(session, edition, wanted), behind.lines(session, edition, wanted)
    assert len(lines) == behind.count_lines(session, edition, wanted)
    assert sum(line.amount_dong for line in lines) == sum(row.total_dong - row.rounding_dong for row in rows)
    assert sum(line.discount_dong for line in lines) == sum(row.discount_dong for row in rows)
    weighed = behind.lines(session, edition, Wanted(day=DAY, product=made.weighed.product_id))
    assert [(line.quantity, line.grams, line.amount_dong) for line in weighed] == [
        (1, 575, 21_850),
        (-1, -575, -21_850),
        (1, 1_250, 47_500),
    ]
    packs = [line for line in lines if line.pack_id is not None]
    assert [(line.quantity, line.pack_size, line.unit) for line in packs] == [(2, 12, "Hộp 12 cái")]


def test_ways_of_paying_are_named_once_each(golden: Golden, app: Flask) -> None:
    made = sell_whole_till(app, golden)
    found = behind.methods_of(reading(), list(made.ids.values()))
    assert found[made.ids["dear"]] == ["cash", "transfer"]
    assert found[made.ids["packs"]] == ["card"]
    assert behind.methods_of(reading(), []) == {}


def test_unknown_goods_count_as_they_were_sold(golden: Golden) -> None:
    """A product that no catalogue knows was weighed if it ever stood on a scale."""
    producer = golden.fair.producer_ids[0]
    loose, boxed = (Goods(named_id("unknown", name), producer, name, "kg", 10_000) for name in ("Măng", "Bánh"))
    tablet = golden.tablets[0]
    tablet.send(tablet.sale([sold(loose, grams=250), (boxed, 3)], at=local(23, 9)))
    day = local(23, 9).date()
    figures = {one.key: one for one in by_product(goods_of(reading(), golden.fair.edition_id, day))}
    assert (figures[loose.product_id].sold_grams, figures[loose.product_id].sold_quantity) == (250, 0)
    assert (figures[boxed.product_id].sold_grams, figures[boxed.product_id].sold_quantity) == (0, 3)
    sums = behind.receipt_sums(reading(), golden.fair.edition_id, Wanted(day=day, producer=producer))
    assert (sums.quantity, sums.grams) == (3, 250)
