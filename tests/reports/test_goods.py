"""Goods by star on the day, group, maker and place: each equals plain SQL over the sales, and so do the receipts behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from fair_pos.plumbing.db import reading, transaction
from fair_pos.registry.rules import CertificateFact
from fair_pos.reports import receipts as behind
from fair_pos.reports.forms import receipts_asked
from fair_pos.reports.goods import OCOP_STARS, GoodsOfDay, all_makers, goods_by_day, goods_of, makers, star_code
from fair_pos.reports.goods_tables import summed
from fair_pos.reports.receipts import Wanted
from tests.asked import statements_sent
from tests.builders import make_fair
from tests.reports.golden import DAY, FIRST_DAY, Golden, local, make_golden
from tests.reports.starred import UNKNOWN_GOODS, add_certificate, add_place, goods_by_sql, make_starred, settle


@pytest.fixture
def golden(app: Flask) -> Iterator[Golden]:
    made = make_starred(app)
    with app.app_context():
        yield made


@pytest.mark.parametrize("day", [None, FIRST_DAY, DAY, date(2026, 11, 22), date(2026, 11, 25)])
def test_every_heading_equals_plain_sql(golden: Golden, day: date | None) -> None:
    edition = golden.fair.edition_id
    rows = goods_of(reading(), edition, day).rows
    for by, key_of in (
        ("star", lambda row: row.star),
        ("group", lambda row: row.group),
        ("product", lambda row: row.product_id),
        ("producer", lambda row: row.producer_id),
    ):
        found = {one.key: (one.sold_dong, one.refunded_dong) for one in summed(rows, key_of, {})}
        assert found == goods_by_sql(by, edition, day), by


def test_a_star_counts_on_the_days_on_which_it_held(golden: Golden) -> None:
    """The honey's four stars ended on the first evening; the tea had three that day and five on the next."""
    edition, (honey, tea) = golden.fair.edition_id, golden.fair.goods[:2]
    stars: dict[tuple[str, date], str] = {}
    for day in (FIRST_DAY, DAY):
        stars |= {(row.product_id, day): row.star for row in goods_of(reading(), edition, day).rows}
    assert (stars[honey.product_id, FIRST_DAY], stars[honey.product_id, DAY]) == ("4", "none")
    assert (stars[tea.product_id, FIRST_DAY], stars[tea.product_id, DAY]) == ("3", "5")
    assert stars[UNKNOWN_GOODS, DAY] == "unknown"
    whole = {(row.product_id, row.star) for row in goods_of(reading(), edition, None).rows}
    assert {("4"), ("none")} == {star for product_id, star in whole if product_id == honey.product_id}
    by_days = [goods_of(reading(), edition, day).rows for day in (FIRST_DAY, DAY, date(2026, 11, 22))]
    for star in ("5", "4", "3", "none", "unknown"):
        daily = sum(row.sold_dong - row.refunded_dong for rows in by_days for row in rows if row.star == star)
        assert daily == sum(
            row.sold_dong - row.refunded_dong for row in goods_of(reading(), edition, None).rows if row.star == star
        )


def test_a_star_that_lapses_while_no_other_begins_ends_on_its_last_day(app: Flask) -> None:
    """Its last day still counts, the day after does not, though nothing else changes then; one that begins is no star before."""
    golden = make_golden(app)
    first, second = golden.fair.goods[:2]
    with app.app_context(), transaction() as session:
        add_certificate(session, first, 4, date(2023, 11, 21), FIRST_DAY)
        add_certificate(session, second, 3, date(2026, 11, 22), date(2029, 11, 21))
    tablet = golden.tablets[0]
    for day in (20, 21, 22):
        tablet.send(tablet.sale([(first, 1), (second, 1)], at=local(day, 20)))
    with app.app_context():
        edition = golden.fair.edition_id
        rows = goods_of(reading(), edition, None).rows
        whole = {one.key: (one.sold_dong, one.refunded_dong) for one in summed(rows, lambda row: row.star, {})}
        assert whole == goods_by_sql("star", edition, None)
        assert {"4", "3", "none"} <= whole.keys()


def test_all_days_at_once_say_what_each_day_says(golden: Golden, app: Flask) -> None:
    """Stars that lapse and begin in the middle, and goods that no catalogue knows, too."""
    edition = golden.fair.edition_id
    found = goods_by_day(reading(), edition)
    assert len(found) > 2
    for day, its in found.items():
        rows = goods_of(reading(), edition, day).rows
        sold = [one for one in rows if one.sold_quantity]
        ocop = sum(one.sold_dong - one.refunded_dong for one in rows if one.star in OCOP_STARS)
        assert its == GoodsOfDay(ocop, len({one.producer_id for one in sold}), len({one.product_id for one in sold}))
    assert len({its.ocop_dong for its in found.values()}) > 1
    with statements_sent(app) as sent:
        goods_by_day(reading(), edition)
    assert len(sent) == 3, "however many days there are"
    assert goods_by_day(reading(), "no edition") == {}


@pytest.mark.parametrize("day", [None, FIRST_DAY, DAY])
def test_the_receipts_behind_every_heading_add_up_to_it(golden: Golden, day: date | None) -> None:
    edition, session = golden.fair.edition_id, reading()
    asked: list[tuple[Wanted, int]] = []
    for by in ("star", "group", "entity"):
        for key, (sold, back) in goods_by_sql(by, edition, day).items():
            of_goods = receipts_asked({"day": day.isoformat() if day else "", by: key}).wanted()
            asked += [
                (of_goods, sold - back),
                (replace(of_goods, kind="sale"), sold),
                (replace(of_goods, kind="refund"), -back),
            ]
    for key, (sold, back) in goods_by_sql("province", edition, day).items():
        place = {"Lai Châu": "lai chau", "Thái Lan": "thai lan", "": ""}[key]
        asked.append((Wanted(day=day, locality=f"province:{place}"), sold - back))
    assert len(asked) > 30
    for wanted, expected in asked:
        rows = behind.receipts(session, edition, wanted)
        sums = behind.receipt_sums(session, edition, wanted)
        assert (sums.amount_dong, sum(row.amount_dong for row in rows)) == (expected, expected), wanted
        lines = behind.lines(session, edition, wanted)
        assert sum(line.amount_dong for line in lines) == expected, wanted
        assert behind.count_lines(session, edition, wanted) == len(lines)
    ocop = behind.receipt_sums(session, edition, Wanted(day=day, star="ocop")).amount_dong
    stars = goods_by_sql("star", edition, day)
    assert ocop == sum(sold - back for key, (sold, back) in stars.items() if key in {"3", "4", "5"})


def test_places_at_every_level(golden: Golden) -> None:
    known = {one.id: one for one in all_makers(reading())}
    first, abroad, homeless = (known[one] for one in golden.fair.producer_ids)
    assert (first.keys["province"], first.names["district"], first.names["commune"]) == (
        "lai chau", "Huyện Mường Tè", "Xã Bum Tở",
    )  # fmt: skip
    assert (abroad.keys["district"], abroad.names["district"], abroad.province) == ("-thai lan", "", "Thái Lan")
    assert set(homeless.keys.values()) == {""}
    edition = golden.fair.edition_id
    expected = goods_by_sql("producer", edition, None)
    for maker in (first, abroad):
        sold, back = expected[maker.id]
        for level, key in maker.keys.items():
            sums = behind.receipt_sums(reading(), edition, Wanted(locality=f"{level}:{key}"))
            assert sums.amount_dong == sold - back, (maker.name, level)
    nowhere = sum(sold - back for key, (sold, back) in expected.items() if key not in (first.id, abroad.id))
    for level in ("province", "district", "commune"):
        assert behind.receipt_sums(reading(), edition, Wanted(locality=f"{level}:")).amount_dong == nowhere


def test_a_maker_known_only_by_its_old_place_stands_in_its_province(golden: Golden, app: Flask) -> None:
    third = golden.fair.producer_ids[2]
    with transaction() as session:
        settle(
            session, third, legacy_commune_id=add_place(session, "vn_legacy", "Lai Châu", district="Huyện Tam Đường")[1]
        )
    (maker,) = makers(reading(), {third}).values()
    assert (maker.keys["province"], maker.province, maker.names["district"]) == (
        "lai chau", "Lai Châu", "Huyện Tam Đường",
    )  # fmt: skip
    assert maker.keys["commune"] == "-lai chau"


def test_the_newest_certificate_counts_even_when_it_is_lower() -> None:
    high = CertificateFact(4, date(2025, 1, 1), date(2027, 12, 31), "")
    low = CertificateFact(2, date(2026, 1, 1), date(2028, 12, 31), "")
    assert star_code([high], DAY) == "4"
    assert star_code([high, low], DAY) == "none"
    assert star_code([], DAY) == "none"


def test_an_edition_without_sales_has_no_goods(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context():
        assert goods_of(reading(), fair.edition_id, None).rows == []
        assert goods_of(reading(), fair.edition_id, DAY).rows == []


def test_more_sales_ask_no_more_statements(app: Flask) -> None:
    golden = make_golden(app)
    tablet, goods = golden.tablets[0], golden.fair.goods

    def statements() -> int:
        with app.app_context(), statements_sent(app) as seen:
            goods_of(reading(), golden.fair.edition_id, None)
        return len(seen)

    before = statements()
    tablet.send(*(tablet.sale([(one, 1)], at=local(23, 9)) for one in goods))
    assert statements() == before
