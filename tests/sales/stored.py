"""What stands in the database after sales came in."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select, text

from fair_pos.plumbing.db import reading
from fair_pos.sales.tables import Oddity


def rows(app: Flask, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with app.app_context():
        return [tuple(row) for row in reading().execute(text(statement), values)]


def oddities(app: Flask, sale_id: str) -> dict[str, dict[str, Any]]:
    with app.app_context():
        return {one.code: one.facts for one in reading().scalars(select(Oddity).where(Oddity.sale_id == sale_id))}


def balance(app: Flask, product_id: str) -> list[tuple[Any, ...]]:
    return rows(app, "SELECT place_id, owner_id, quantity FROM balance WHERE product_id = :id", id=product_id)
