"""Counts: those of tablets are their commands', those of pages stand in the journal, bookings moved what they say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import db, transaction
from fair_pos.stock.tables import Movement
from fair_pos.stocktaking.actions import Entered, enter_count
from fair_pos.stocktaking.tables import CountAdjustment, StockCount, StockCountLine
from tests.builders import Fair, make_fair, pair_tablet
from tests.proof.saying import lines_about, said
from tests.stocktaking.counting import book, bring, count_of, counted


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def work(app: Flask, fair: Fair) -> Iterator[Session]:
    """A tablet's count that was booked, one with goods nobody knows, and one that was entered at a page."""
    tablet, at = pair_tablet(app, fair), now()
    bring(app, fair, fair.goods[0], 9, at - timedelta(hours=1))
    count = count_of(tablet, counted(fair.goods[0], 7), counted(fair.goods[1], 0))
    odd = count_of(tablet, counted(fair.goods[2], 7), counted(fair.goods[1], 1, product_id=fair.edition_id))
    tablet.send(tablet.sale([(fair.goods[0], 1)]), count, odd)
    book(app, fair, count["id"])
    with app.app_context(), transaction() as session:
        enter_count(
            session, fair.edition_id, fair.booth_ids[0], [Entered(fair.goods[0].product_id, 3)],
            counted_at=at, note="đếm trên giấy", at=at, by=fair.people["bantochuc"],
        )  # fmt: skip
    with app.app_context(), Session(db.engine) as session:
        assert said(session) == ""
        yield session
        session.rollback()


COUNT_CHANGES: dict[str, Any] = {
    "place_id": "x", "place_kind": "store", "person_id": "x", "note": "x", "counted_at": now(), "received_at": now(),
}  # fmt: skip
LINE_CHANGES: dict[str, Any] = {
    "product_id": "x", "lot_id": "x", "name": "x", "unit": "x", "quantity": 99, "counted_at": now(),
}  # fmt: skip
BOOKED_CHANGES: dict[str, Any] = {
    "quantity": -9, "price_dong": 1, "borne_by": "owner", "reason": "x", "booked_at": now(), "booking_no": 2,
}  # fmt: skip


@pytest.mark.parametrize("column", COUNT_CHANGES)
def test_no_count_changes_unseen(work: Session, column: str) -> None:
    for by_tablet in (StockCount.device_id.is_not(None), StockCount.device_id.is_(None)):
        work.execute(update(StockCount).where(by_tablet).values({column: COUNT_CHANGES[column]}))
        assert said(work) != ""
        work.rollback()


@pytest.mark.parametrize("column", LINE_CHANGES)
def test_no_line_changes_unseen(work: Session, column: str) -> None:
    for line in work.scalars(select(StockCountLine)).all():
        key = {"count_id": line.count_id, "line_no": line.line_no}
        work.execute(update(StockCountLine).filter_by(**key).values({column: LINE_CHANGES[column]}))
        assert said(work) != "", key
        work.rollback()


@pytest.mark.parametrize("column", BOOKED_CHANGES)
def test_no_booking_changes_unseen(work: Session, column: str) -> None:
    work.execute(update(CountAdjustment).values({column: BOOKED_CHANGES[column]}))
    assert said(work) != ""


def test_nothing_vanishes(work: Session) -> None:
    work.delete(work.scalars(select(CountAdjustment)).one())
    assert said(work) != ""
    work.rollback()
    entered = work.scalars(select(StockCount).where(StockCount.device_id.is_(None))).one()
    work.delete(work.scalars(select(StockCountLine).where(StockCountLine.count_id == entered.id)).one())
    work.flush()
    work.delete(entered)
    assert said(work) == "journal line: stock_count_entered" or said(work).startswith("journal line")


def test_an_approval_stands_in_the_journal(work: Session) -> None:
    count = work.scalars(select(StockCount).where(StockCount.approved_at.is_not(None))).one()
    count.approved_at = now()
    assert said(work) == "count: journal lines"
    work.rollback()
    for line in lines_about(work, "count_approved"):
        work.delete(line)
    assert said(work) == "count: journal lines"


def test_goods_do_not_move_for_a_count_that_was_never_booked(work: Session) -> None:
    work.execute(update(Movement).where(Movement.kind == "count").values(subject_id="somebody"))
    assert said(work) != ""


@pytest.mark.parametrize("table", [StockCount, StockCountLine, CountAdjustment])
def test_no_row_is_added_or_taken_away_unseen(work: Session, table: Any) -> None:
    keys = {column.name for column in table.__table__.primary_key.columns}
    for row in [dict(one) for one in work.execute(select(table.__table__)).mappings()]:
        added = row | ({"id": new_id()} if "id" in keys else {"line_no": 99})
        if table is CountAdjustment:
            added["booking_no"] = 99
        work.execute(insert(table.__table__), [added])
        assert said(work) != "", row
        work.rollback()
    for row in [dict(one) for one in work.execute(select(table.__table__)).mappings()]:
        if table is StockCount:  # its lines hold on to it
            work.execute(delete(CountAdjustment).where(CountAdjustment.count_id == row["id"]))
            work.execute(delete(StockCountLine).where(StockCountLine.count_id == row["id"]))
        if table is StockCountLine:
            same_line = (CountAdjustment.count_id == row["count_id"]) & (CountAdjustment.line_no == row["line_no"])
            work.execute(delete(CountAdjustment).where(same_line))
        work.execute(delete(table).filter_by(**{name: row[name] for name in keys}))
        assert said(work) != "", row
        work.rollback()
