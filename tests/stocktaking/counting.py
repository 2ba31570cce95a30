"""Counts for tests: what a tablet reports, and looking at a count as the office does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select

from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.stock.actions import record_intake
from fair_pos.stocktaking.actions import Approval, book_count
from fair_pos.stocktaking.queries import LineState, get_count, states_of
from fair_pos.stocktaking.tables import StockCount
from tests.builders import Fair, Goods, Tablet, wire_time


def counted(goods: Goods, quantity: int, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
    """A line of a count as a tablet sends it."""
    line = {"product_id": goods.product_id, "name": goods.name, "unit": goods.unit, "quantity": quantity}
    return {**line, "counted_at": wire_time(at or now()), "lot_id": None} | fields


def count_of(tablet: Tablet, *lines: dict[str, Any], at: datetime | None = None) -> dict[str, Any]:
    """A parcel with a count."""
    return tablet.command("stock_counted", at=at, lines=list(lines))


def bring(app: Flask, fair: Fair, goods: Goods, pieces: int, at: datetime, booth: int = 0) -> None:
    """Goods in no lot come to a booth."""
    with app.app_context(), transaction() as session:
        record_intake(session, fair.booth_ids[booth], [(goods.product_id, goods.producer_id, pieces)], new_id(), at)


def states(app: Flask, fair: Fair, count_id: str) -> list[LineState]:
    """The lines of a count beside the ledger."""
    with app.app_context():
        return states_of(reading(), get_count(reading(), fair.edition_id, count_id))


def variances(app: Flask, fair: Fair, count_id: str) -> list[int]:
    """Counted less expected, line by line."""
    return [state.variance for state in states(app, fair, count_id)]


def book(
    app: Flask,
    fair: Fair,
    count_id: str,
    *,
    seen: dict[int, int] | None = None,
    borne_by: str = "house",
    reason: str = "kiểm",
) -> list[str]:
    """Approve a count as it stands, or as it was `seen`."""
    with app.app_context():
        if seen is None:
            seen = {state.line_no: state.left for state in states(app, fair, count_id) if state.may_book}
        approval = Approval(seen, reason, borne_by)
        by = fair.people["bantochuc"]
        return in_transaction(lambda session: book_count(session, fair.edition_id, count_id, approval, at=now(), by=by))


def only_count(app: Flask) -> str:
    """The id of the one count there is."""
    with app.app_context():
        return reading().scalars(select(StockCount.id)).one()
