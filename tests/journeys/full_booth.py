"""A booth as full as any at a fair: sixty goods, names long and short, all six groups."""

from __future__ import annotations

from flask import Flask

from fair_pos.catalogue.rules import GROUPS
from fair_pos.catalogue.tables import Price, Product
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import named_id
from fair_pos.kernel.text import identity, slug
from fair_pos.plumbing.db import transaction
from tests.builders import Fair

GOODS = (
    "Mật ong bạc hà Mèo Vạc chai thủy tinh", "Chè Shan tuyết cổ thụ Phình Hồ", "Gạo Séng cù Mường Khương túi",
    "Miến dong Bình Lư", "Thịt trâu gác bếp Sìn Hồ", "Rượu ngô men lá Nậm Cần", "Măng khô rừng", "Táo mèo sấy dẻo",
    "Khăn thổ cẩm dệt tay", "Cao chè dây", "Homestay bản Sin Suối Hồ, một đêm", "Mắc ca sấy nứt vỏ",
)  # fmt: skip


def sixty_goods(app: Flask, fair: Fair) -> list[str]:
    """A full booth: names long and short, all six groups; their ids."""
    groups, ids = list(GROUPS), []
    with app.app_context(), transaction() as session:
        for number in range(60):
            name = f"{GOODS[number % len(GOODS)]} {number + 1}"
            product_id, price_dong = named_id("walking", name), 15_000 + number * 17_500
            ids.append(product_id)
            session.add(
                Product(
                    id=product_id, slug=slug(name), name=name, name_key=identity(name),
                    producer_id=fair.producer_ids[number % 3], group_code=groups[number % len(groups)], unit="hộp",
                    unit_key="hop", price_dong=price_dong, vat_code="8", story="", created_at=now(), sold_by="piece",
                )
            )  # fmt: skip
            session.flush()
            session.add(Price(product_id=product_id, version=1, price_dong=price_dong))
    return ids
