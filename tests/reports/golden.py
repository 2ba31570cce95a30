"""Two booths, three days, every kind of sale that has ever confused a report; and the same figures from plain SQL."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask
from sqlalchemy import text

from fair_pos.kernel.day import VIETNAM
from fair_pos.plumbing.db import reading
from tests.builders import Fair, Goods, Packed, Tablet, add_pack, add_weighed, make_fair, pair_tablet, sold

FIRST_DAY = date(2026, 11, 20)
DAY = date(2026, 11, 21)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


@dataclass
class Golden:
    fair: Fair
    tablets: list[Tablet]


def make_golden(app: Flask) -> Golden:
    fair = make_fair(app, starts=FIRST_DAY)
    tablets = [pair_tablet(app, fair, booth, paired_at=local(1, 8)) for booth in (0, 1)]
    honey, tea, rice, other = fair.goods[0], fair.goods[1], fair.goods[2], fair.goods[4]
    chance = random.Random(7)
    for tablet in tablets:
        parcels = []
        for day in (20, 21):
            for _ in range(12):
                lines = [(goods, chance.randint(1, 4)) for goods in chance.sample(fair.goods, chance.randint(1, 3))]
                when = local(day, chance.choice((8, 9, 14, 19)), chance.randint(0, 59))
                parcels.append(tablet.sale(lines, at=when, method=chance.choice(("cash", "transfer"))))
        bought = tablet.sale([(honey, 2), (other, 1)], at=local(21, 10))
        parcels += [bought, tablet.sale([(honey, 1)], at=local(21, 11), refund_of=bought["id"])]
        # Midnight does not end the day of a night market; four in the morning does.
        parcels += [tablet.sale([(tea, 1)], at=local(21, 23, 50)), tablet.sale([(rice, 1)], at=local(22, 0, 10))]
        parcels += [tablet.sale([(rice, 3)], at=local(22, 3, 59)), tablet.sale([(rice, 5)], at=local(22, 4, 0))]
        # Half in cash, half by transfer; and a tablet that adds up wrongly.
        halves = [
            {"method": method, "amount_dong": 110_000, "tendered_dong": 110_000, "change_dong": 0}
            for method in ("cash", "transfer")
        ]
        parcels += [tablet.sale([(honey, 1)], at=local(21, 15), payments=halves)]
        parcels += [tablet.sale([(honey, 1)], at=local(21, 16), total_dong=1)]
        tablet.send(*parcels)
    return Golden(fair, tablets)


@dataclass
class WholeTill:
    """What was sold beside the golden sales: weights, packs, discounts, rounding, several ways of paying, and a sale taken back."""

    weighed: Goods
    pack: Packed
    ids: dict[str, str]
    """What it is → id of the command."""


def sell_whole_till(app: Flask, golden: Golden) -> WholeTill:
    """One of each on the golden day, at the first booth."""
    fair, tablet = golden.fair, golden.tablets[0]
    weighed, pack = add_weighed(app, fair), add_pack(app, fair.goods[0], name="Hộp 12 cái")
    rounded = [{"method": "cash", "amount_dong": 22_000, "tendered_dong": 50_000, "change_dong": 28_000}]
    scale = tablet.sale([sold(weighed, grams=575)], at=local(21, 12), rounding_dong=150, payments=rounded)
    packs = tablet.sale([(pack, 2)], at=local(21, 12, 5), method="card")
    off = sold(
        fair.goods[4], 2, discount_dong=50_000, discount_reason="Mua nhiều; cháu bà Tâm", discount_borne_by="organiser"
    )
    paid = [
        {"method": "cash", "amount_dong": 200_000, "tendered_dong": 200_000, "change_dong": 0},
        {"method": "transfer", "amount_dong": 450_000, "tendered_dong": 450_000, "change_dong": 0, "reference": "OCP1"},
    ]
    dear = tablet.sale([off], at=local(21, 12, 10), payments=paid)
    half = sold(fair.goods[4], discount_dong=25_000, discount_reason="Mua nhiều", discount_borne_by="organiser")
    back = tablet.sale([half], at=local(21, 12, 20), refund_of=dear["id"])
    voided = tablet.sale(
        [sold(weighed, grams=575)], at=local(21, 12, 30), refund_of=scale["id"], whole=True, rounding_dong=150
    )
    mixed = tablet.sale([sold(weighed, grams=1_250), (fair.goods[1], 1)], at=local(21, 13))
    cheap = {"list_price_dong": 37_500, "unit_price_dong": 30_000, "price_reason": "Giá sỉ"}
    changed = tablet.sale([sold(fair.goods[2], 3, **cheap)], at=local(21, 13, 5))
    parcels = {"scale": scale, "packs": packs, "dear": dear, "back": back, "void": voided, "mixed": mixed}
    tablet.send(*parcels.values(), changed)
    return WholeTill(weighed, pack, {name: one["id"] for name, one in parcels.items()} | {"changed": changed["id"]})


LINES = "sale_line JOIN sale ON sale.id = sale_line.sale_id JOIN booth ON booth.id = sale.booth_id"
SALES = "sale JOIN booth ON booth.id = sale.booth_id"
PAYMENTS = "payment JOIN sale ON sale.id = payment.sale_id"


def by_sql(column: str, tables: str, amount: str, edition_id: str, day: date | None) -> dict[str, tuple[int, ...]]:
    """{value of column: (sold, given back, sales, refunds)}, straight from the sales."""
    statement = f"""
        SELECT {column} AS name,
               SUM(CASE WHEN kind = 'sale' THEN {amount} ELSE 0 END),
               SUM(CASE WHEN kind = 'refund' THEN {amount} ELSE 0 END),
               COUNT(DISTINCT CASE WHEN kind = 'sale' THEN sale.id END),
               COUNT(DISTINCT CASE WHEN kind = 'refund' THEN sale.id END)
        FROM {tables} WHERE sale.edition_id = :edition AND (CAST(:day AS VARCHAR) IS NULL OR CAST(fair_day AS VARCHAR) = :day)
        GROUP BY {column}"""
    rows = reading().execute(text(statement), {"edition": edition_id, "day": day.isoformat() if day else None})
    return {str(name): tuple(map(int, numbers)) for name, *numbers in rows}
