"""Giveaways of every kind at both booths beside the golden sales, and the same costs from plain SQL."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import text

from fair_pos.plumbing.db import reading
from tests.builders import Goods, add_pack, add_weighed, sold
from tests.reports.golden import Golden, local, sell_whole_till

GIVEN_KEYS = {
    "day": "giveaway.fair_day",
    "booth": "giveaway.booth_id",
    "producer": "giveaway_line.producer_id",
    "product": "giveaway_line.product_id",
    "borne_by": "giveaway.borne_by",
    "purpose": "giveaway.purpose",
}
OFF_KEYS = {
    "day": "sale.fair_day",
    "booth": "sale.booth_id",
    "producer": "sale_line.producer_id",
    "borne_by": "sale_line.discount_borne_by",
}


def give_away(app: Flask, golden: Golden) -> Goods:
    """Six giveaways over three days: pieces, packs and weights, of several makers, one by an old hand without a note. The weighed goods."""
    fair, (first, second) = golden.fair, golden.tablets
    weighed = add_weighed(app, fair, "Chả mực nếm", 400_000)
    pack = add_pack(app, fair.goods[3], name="Hộp 6 gói", size=6, price=1_200_000)
    first.send(
        first.giveaway([sold(weighed, grams=150), sold(fair.goods[0], 2)], at=local(20, 9), note="Khách đoàn"),
        first.giveaway([sold(pack, 2)], at=local(21, 10), purpose="gift", borne_by="organiser"),
        first.giveaway(
            [sold(fair.goods[1]), sold(fair.goods[4], 3)], at=local(21, 14), purpose="sample", borne_by="shared"
        ),
        # Before four in the morning it is still the day before.
        first.giveaway([sold(fair.goods[0])], at=local(22, 1), purpose="damaged"),
    )
    second.send(
        second.giveaway([sold(fair.goods[0], 5, note="Vỡ khi chở")], at=local(21, 11), purpose="damaged"),
        second.giveaway([sold(weighed, grams=75)], at=local(22, 9), borne_by="organiser"),
    )
    return weighed


def take_off(app: Flask, golden: Golden) -> None:
    """Discounts of every bearer, and of none, some given back, beside those of the whole till."""
    sell_whole_till(app, golden)
    fair, (first, second) = golden.fair, golden.tablets

    def off(goods: Goods, dong: int, **said: Any) -> dict[str, Any]:
        return sold(goods, discount_dong=dong, **said)

    shared = second.sale(
        [off(fair.goods[0], 20_000, discount_borne_by="shared", discount_reason="Khách quen")], at=local(20, 15)
    )
    first.send(
        first.sale(
            [
                off(fair.goods[1], 10_000, discount_borne_by="producer"),
                off(fair.goods[4], 30_000, discount_borne_by="organiser"),
            ],
            at=local(20, 16),
        )
    )
    second.send(
        shared,
        second.sale([off(fair.goods[5], 1_000)], at=local(21, 16)),
        second.sale([off(fair.goods[0], 20_000, discount_borne_by="shared")], at=local(21, 17), refund_of=shared["id"]),
    )


def given_by_sql(by: str, edition_id: str, **narrowed: Any) -> dict[str, tuple[int, int, int, int]]:
    """{value: (times, pieces, grams, worth)}, straight from the giveaways."""
    terms = "".join(f" AND CAST({GIVEN_KEYS[name]} AS VARCHAR) = :{name}" for name in narrowed)
    statement = f"""
        SELECT {GIVEN_KEYS[by]}, COUNT(DISTINCT giveaway.id),
               SUM(CASE WHEN grams IS NULL THEN quantity * pack_size ELSE 0 END),
               SUM(CASE WHEN grams IS NULL THEN 0 ELSE quantity * grams END), SUM(giveaway_line.worth_dong)
        FROM giveaway JOIN giveaway_line ON giveaway_line.giveaway_id = giveaway.id
        WHERE giveaway.edition_id = :edition{terms} GROUP BY {GIVEN_KEYS[by]}"""
    return _rows(statement, edition_id, narrowed)


def off_by_sql(by: str, edition_id: str, **narrowed: Any) -> dict[str, tuple[int, int]]:
    """{value: (given, taken back)}, straight from the lines of the sales."""
    terms = "".join(f" AND CAST({OFF_KEYS[name]} AS VARCHAR) = :{name}" for name in narrowed)
    statement = f"""
        SELECT {OFF_KEYS[by]}, SUM(CASE WHEN kind = 'sale' THEN discount_dong ELSE 0 END),
               SUM(CASE WHEN kind = 'refund' THEN discount_dong ELSE 0 END)
        FROM sale JOIN sale_line ON sale_line.sale_id = sale.id
        WHERE sale.edition_id = :edition AND discount_dong <> 0{terms} GROUP BY {OFF_KEYS[by]}"""
    return _rows(statement, edition_id, narrowed)


def _rows(statement: str, edition_id: str, narrowed: dict[str, Any]) -> dict[str, Any]:
    asked = {"edition": edition_id, **{name: str(value) for name, value in narrowed.items()}}
    return {str(name): tuple(map(int, numbers)) for name, *numbers in reading().execute(text(statement), asked)}
