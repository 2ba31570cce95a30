"""A fair of the size of FEATURES 5: 224 booths in five zones, 670 products, ten days, three gates, every booth on the plan."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert

from fair_pos.catalogue.tables import Product
from fair_pos.floorplan.tables import BoothSpot, FloorPlan
from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.ids import named_id
from fair_pos.kernel.text import identity, slug
from fair_pos.plumbing.db import transaction
from fair_pos.registry.tables import Producer
from fair_pos.sales.tables import HourFigure, ProductFigure, TenderFigure
from fair_pos.till.tables import Device
from fair_pos.venues.tables import Booth, Edition, Occupant
from fair_pos.visitors.tables import Gate, GateHour, VisitorPlan
from tests.builders import Fair, make_fair

BOOTHS, PRODUCTS, DAYS = 223, 667, 10
"""Beside the one booth and its three products that every fair of the tests has."""
STARTS = date(2026, 11, 6)
GROUPS = ("thuc_pham", "do_uong", "duoc_lieu", "thu_cong_my_nghe", "sinh_vat_canh", "du_lich")


def make_big(app: Flask) -> Fair:
    """The figures are written as the till's commands would have left them; receipts behind them there are none."""
    fair = make_fair(app, booths=1, producers=1, starts=STARTS)
    at = datetime(2026, 11, 1, 8, tzinfo=VIETNAM)
    chance = random.Random(11)
    rows: dict[Any, list[dict[str, Any]]] = {
        table: []
        for table in (
            Booth, Producer, Product, Occupant, Device, FloorPlan, BoothSpot, Gate, HourFigure, ProductFigure, TenderFigure, GateHour,
            VisitorPlan,
        )
    }  # fmt: skip
    booths = [named_id("booth", "big", str(at)) for at in range(BOOTHS)]
    for number, booth_id in enumerate(booths):
        zone = "ABCDE"[number * 5 // BOOTHS]
        rows[Booth].append(
            {"id": booth_id, "edition_id": fair.edition_id, "code": f"{zone}{number + 1:03}", "name": f"Gian {number + 1}", "zone": f"Khu {zone}"}
        )  # fmt: skip
        maker = named_id("producer", "big", str(number))
        title = f"Hợp tác xã nông nghiệp hữu cơ số {number + 1}"
        rows[Producer].append(
            {"id": maker, "slug": slug(title), "name": title, "name_key": identity(title), "place_key": "", "kind": "hop_tac_xa", "created_at": at}
        )  # fmt: skip
        rows[Occupant].append({"booth_id": booth_id, "producer_id": maker})
        rows[Device].append(
            {
                "id": named_id("device", "big", str(number)), "booth_id": booth_id, "letter": f"M{number + 1}", "token_hash": f"{number:064}",
                "paired_at": at, "paired_by": fair.people["quantri"],
            }
        )  # fmt: skip
        rows[BoothSpot].append(
            {"booth_id": booth_id, "x": 40 + number % 20 * 40, "y": 60 + number // 20 * 60, "width": 30, "height": 30}
        )
    rows[FloorPlan].append(
        {
            "edition_id": fair.edition_id,
            "width_dm": 900,
            "height_dm": 800,
            "version": 1,
            "changed_by": None,
            "changed_at": at,
        }
    )
    for number in range(PRODUCTS):
        name = f"Sản phẩm đặc trưng {number + 1}"
        rows[Product].append(
            {
                "id": named_id("product", "big", str(number)), "slug": slug(name), "name": name, "name_key": identity(name),
                "producer_id": named_id("producer", "big", str(number % BOOTHS)), "group_code": GROUPS[number % 6], "unit": "hộp",
                "unit_key": "hop", "price_dong": 100_000, "vat_code": "8", "story": "", "created_at": at, "sold_by": "piece",
            }
        )  # fmt: skip
    _sell(rows, booths, chance)
    _visit(rows, fair, chance, at)
    with app.app_context(), transaction() as session:
        for table, some in rows.items():
            session.execute(insert(table), some)
        session.get_one(Edition, fair.edition_id).ends_day = STARTS + timedelta(days=DAYS - 1)
    fair.booth_ids += booths
    return fair


def _sell(rows: dict[Any, list[dict[str, Any]]], booths: list[str], chance: random.Random) -> None:
    for step in range(DAYS):
        day = STARTS + timedelta(days=step)
        for number, booth_id in enumerate(booths):
            goods = range(number, PRODUCTS, BOOTHS)
            where = {"booth_id": booth_id, "fair_day": day, "hour": 9 + (number + step) % 12}
            sold = {one: chance.randint(1, 60) for one in goods}
            dong = sum(sold.values()) * 100_000
            rows[HourFigure].append(
                where | {"receipts": 20, "refunds": 1, "sample_receipts": 0, "sold_dong": dong, "refunded_dong": 100_000, "rounding_dong": 0}
            )  # fmt: skip
            rows[TenderFigure].append(where | {"method": "cash", "received_dong": dong, "paid_out_dong": 100_000})
            for at, (one, quantity) in enumerate(sold.items()):
                back = int(at == 0)
                rows[ProductFigure].append(
                    where
                    | {
                        "product_id": named_id("product", "big", str(one)), "producer_id": named_id("producer", "big", str(number)),
                        "sold_quantity": quantity, "refunded_quantity": back, "sold_dong": quantity * 100_000, "refunded_dong": back * 100_000,
                    }
                )  # fmt: skip


def _visit(rows: dict[Any, list[dict[str, Any]]], fair: Fair, chance: random.Random, at: datetime) -> None:
    for number in range(3):
        gate = named_id("gate", "big", str(number))
        rows[Gate].append(
            {"id": gate, "edition_id": fair.edition_id, "name": f"Cổng {number + 1}", "name_key": f"cong {number + 1}", "way": "both", "created_at": at}
        )  # fmt: skip
        for step in range(DAYS):
            for hour in range(8, 22):
                came = chance.randint(200, 500)
                rows[GateHour].append(
                    {
                        "gate_id": gate, "fair_day": STARTS + timedelta(days=step), "hour": hour, "source": "tap", "people_in": came,
                        "people_out": came * 9 // 10, "group_in": 0, "group_out": 0,
                    }
                )  # fmt: skip
    for step in range(DAYS):
        rows[VisitorPlan].append(
            {
                "id": named_id("plan", "big", str(step)), "edition_id": fair.edition_id, "fair_day": STARTS + timedelta(days=step), "people": 9_000,
                "at": at, "person_id": fair.people["quantri"],
            }
        )  # fmt: skip
