"""Notes of goods for tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Flask

from fair_pos.consignment import actions
from fair_pos.consignment.rules import IntakeLine, OutLine, Signed
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.stock.facts import Held
from fair_pos.stock.queries import balances_at
from tests.builders import BOUNDARY, Fair, Goods

PATH = "M100 200L180 90L260 210L340 120M420 200L600 200"
SIGNED = Signed("Lò Thị Mỷ", PATH)
TODAY = fair_day(now(), BOUNDARY)


def line(goods: Goods, quantity: int = 10, *, code: str = "", expires: date | None = None) -> IntakeLine:
    return IntakeLine(goods.product_id, quantity, code, expires, goods.price_dong)


def take_in(app: Flask, fair: Fair, *lines: IntakeLine, booth: int = 0, owner: int = 0, **fields: Any) -> str:
    """A signed intake note; its id."""
    said: dict[str, Any] = {"day": TODAY, "at": now(), "by": fair.people["bantochuc"], "signed": SIGNED} | fields
    with app.app_context():
        return in_transaction(
            lambda session: actions.take_in(
                session, fair.edition_id, fair.booth_ids[booth], fair.producer_ids[owner], lines, **said
            )
        )


def held(app: Flask, place_id: str) -> list[Held]:
    with app.app_context():
        return balances_at(reading(), [place_id])


def out(one: Held, quantity: int, **fields: Any) -> OutLine:
    """A line that takes some of what lies there."""
    return OutLine(one.product_id, one.owner_id, one.lot_id, quantity, **fields)


def carry(app: Flask, fair: Fair, *lines: OutLine, booth: int = 0, to: int = 1, **fields: Any) -> str:
    """A note of goods carried from one booth to another; its id."""
    said: dict[str, Any] = {"day": TODAY, "at": now(), "by": fair.people["bantochuc"], "signed": None} | fields
    with app.app_context():
        return in_transaction(
            lambda session: actions.carry(
                session, fair.edition_id, fair.booth_ids[booth], fair.edition_id, fair.booth_ids[to], lines, **said
            )
        )


def soon(days: int) -> date:
    return TODAY + timedelta(days=days)
