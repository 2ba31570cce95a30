"""The golden fair with stars that lapse and change in its middle, groups, places of every kind and goods that nobody knows."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import text, update

from fair_pos.catalogue.tables import Product
from fair_pos.kernel.ids import named_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.registry.rules import place_key
from fair_pos.registry.tables import AdminUnit, Certificate, Producer
from tests.builders import Goods
from tests.reports.golden import Golden, local, make_golden, sell_whole_till

UNKNOWN_GOODS = named_id("unknown goods")
UNKNOWN_MAKER = named_id("unknown maker")


def make_starred(app: Flask) -> Golden:
    """The whole till's sales too. Of the first product the star lapses after 20/11, the second gets its fifth on 21/11."""
    golden = make_golden(app)
    sell_whole_till(app, golden)
    goods, makers = golden.fair.goods, golden.fair.producer_ids
    with app.app_context(), transaction() as session:
        for product, stars, issued, expires in (
            (goods[0], 4, date(2023, 11, 21), date(2026, 11, 20)),
            (goods[1], 3, date(2024, 5, 1), date(2027, 4, 30)),
            (goods[1], 5, date(2026, 11, 21), date(2029, 11, 20)),
            (goods[2], 3, date(2025, 1, 1), date(2027, 12, 31)),
            (goods[3], 2, date(2025, 1, 1), date(2027, 12, 31)),
            (goods[4], 5, date(2026, 12, 1), date(2029, 11, 30)),
        ):
            add_certificate(session, product, stars, issued, expires)
        for product, group in ((goods[1], "do_uong"), (goods[4], "do_uong"), (goods[2], "duoc_lieu")):
            session.execute(update(Product).where(Product.id == product.product_id).values(group_code=group))
        today = add_place(session, "vn2025", "Lai Châu", commune="Xã Bum Tở")
        before = add_place(session, "vn_legacy", "Lai Châu", district="Huyện Mường Tè", commune="Xã Bum Nưa")
        settle(session, makers[0], province_id=today[0], commune_id=today[1], legacy_commune_id=before[2])
        abroad = add_place(session, "vn2025", "Thái Lan")
        settle(session, makers[1], province_id=abroad[0], kind="ho_kinh_doanh")
    odd = {
        "product_id": UNKNOWN_GOODS, "name": "Bánh lạ", "unit": "", "producer_id": UNKNOWN_MAKER, "quantity": 2,
        "unit_price_dong": 500_000, "amount_dong": 1_000_000,
    }  # fmt: skip
    tablet = golden.tablets[1]
    tablet.send(tablet.sale([odd], at=local(21, 18)), tablet.sale([odd], at=local(20, 18)))
    return golden


def add_certificate(session: Any, goods: Goods, stars: int, issued: date, expires: date) -> None:
    """A certificate as the registry keeps it."""
    certificate_id = named_id("certificate", goods.product_id, issued.isoformat())
    session.add(
        Certificate(id=certificate_id, product_id=goods.product_id, stars=stars, issued_day=issued, expires_day=expires)
    )


def add_place(session: Any, scheme: str, province: str, *, district: str = "", commune: str = "") -> list[str]:
    """The ids of a place's units from large to small, made where they are missing."""
    found: list[str] = []
    for level, name in (("province", province), ("district", district), ("commune", commune)):
        if not name:
            continue
        parent = found[-1] if found else None
        unit_id = named_id("admin_unit", scheme, level, parent or "", name)
        if session.get(AdminUnit, unit_id) is None:
            session.add(
                AdminUnit(
                    id=unit_id, scheme=scheme, level=level, code="", name=name, name_key=place_key(level, name),
                    parent_id=parent, parent_key=parent or "",
                )
            )  # fmt: skip
            session.flush()
        found.append(unit_id)
    return found


def settle(session: Any, producer_id: str, **values: Any) -> None:
    """Put a maker's place or kind right."""
    session.execute(update(Producer).where(Producer.id == producer_id).values(**values))


_STAR = """COALESCE((SELECT CAST(c.stars AS VARCHAR) FROM certificate c WHERE c.product_id = sale_line.product_id AND c.stars >= 3
    AND c.issued_day <= sale.fair_day AND c.expires_day >= sale.fair_day AND NOT EXISTS (SELECT 1 FROM certificate n
        WHERE n.product_id = c.product_id AND n.issued_day > c.issued_day AND n.issued_day <= sale.fair_day
        AND n.expires_day >= sale.fair_day)), CASE WHEN product.id IS NULL THEN 'unknown' ELSE 'none' END)"""
KEYS = {
    "star": _STAR,
    "group": "COALESCE(product.group_code, 'unknown')",
    "entity": "COALESCE(producer.kind, 'unknown')",
    "province": "COALESCE(province.name, '')",
    "product": "sale_line.product_id",
    "producer": "sale_line.producer_id",
}


def goods_by_sql(by: str, edition_id: str, day: date | None) -> dict[str, tuple[int, int]]:
    """{value: (sold, given back)} in đồng, straight from the lines."""
    statement = f"""
        SELECT name, SUM(CASE WHEN kind = 'sale' THEN dong ELSE 0 END), SUM(CASE WHEN kind = 'refund' THEN dong ELSE 0 END) FROM (
            SELECT {KEYS[by]} AS name, sale.kind AS kind, sale_line.amount_dong AS dong
            FROM sale_line JOIN sale ON sale.id = sale_line.sale_id
            LEFT JOIN product ON product.id = sale_line.product_id LEFT JOIN producer ON producer.id = sale_line.producer_id
            LEFT JOIN admin_unit province ON province.id = producer.province_id
            WHERE sale.edition_id = :edition AND (CAST(:day AS VARCHAR) IS NULL OR CAST(fair_day AS VARCHAR) = :day)) goods
        GROUP BY name"""
    rows = reading().execute(text(statement), {"edition": edition_id, "day": day.isoformat() if day else None})
    return {str(name): (int(sold), int(back)) for name, sold, back in rows}
