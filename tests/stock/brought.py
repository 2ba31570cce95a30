"""Lots brought to a place, for tests."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from sqlalchemy import select

from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.stock.actions import create_lot, record_movements
from fair_pos.stock.facts import Moved
from fair_pos.stock.tables import Balance


def bring_lot(
    app: Flask, place_id: str, product_id: str, owner_id: str, quantity: int, *, expires: date | None, at: datetime
) -> str:
    """A lot of one owner's goods comes to a booth; its id."""
    with app.app_context(), transaction() as session:
        note = new_id()
        lot_id = create_lot(
            session,
            product_id=product_id,
            owner_id=owner_id,
            code=f"L-{expires or 'x'}",
            expires_day=expires,
            received_day=at.date(),
            note_id=note,
            at=at,
        )
        moved = Moved(place_id, "booth", product_id, owner_id, "intake", quantity, note, 1, at, lot_id)
        record_movements(session, [moved], at)
        return lot_id


def lying(app: Flask, place_id: str, product_id: str) -> dict[tuple[str, str], int]:
    """(owner, lot) → what the balance says of one product at one place."""
    with app.app_context():
        here = (Balance.place_id == place_id, Balance.product_id == product_id)
        rows = reading().scalars(select(Balance).where(*here))
        return {(row.owner_id, row.lot_id): row.quantity for row in rows}
