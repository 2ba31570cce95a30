"""What reached the server after a moment: the receipts behind the difference between published figures and those of now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.sales.tables import Sale

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class LateReceipt:
    """A sale or refund that came late; `amount_dong` is its total, below zero for a refund."""

    id: str
    number: str
    booth_id: str
    kind: str
    fair_day: date
    sold_at: datetime
    received_at: datetime
    amount_dong: int


@dataclass(frozen=True)
class LateSums:
    """How many came late, and their net money in đồng."""

    sales: int
    refunds: int
    amount_dong: int


def late_receipts(
    session: AnySession, edition_id: str, after: datetime, *, limit: int, offset: int = 0
) -> list[LateReceipt]:
    """What an edition received after an instant, in the order in which it came."""
    columns = (
        Sale.id, Sale.receipt_number, Sale.booth_id, Sale.kind, Sale.fair_day, Sale.sold_at, Sale.received_at, _signed(),
    )  # fmt: skip
    wanted = select(*columns).where(*_late(edition_id, after)).order_by(Sale.received_at, Sale.id)
    return [LateReceipt(*row) for row in session.execute(wanted.limit(limit).offset(offset))]


def late_sums(session: AnySession, edition_id: str, after: datetime) -> LateSums:
    """What all of them add up to."""
    refunds = func.coalesce(func.sum(case((Sale.kind == "refund", 1), else_=0)), 0)
    sums = select(func.count(), refunds, func.coalesce(func.sum(_signed()), 0)).where(*_late(edition_id, after))
    count, back, dong = map(int, session.execute(sums).one())
    return LateSums(count - back, back, dong)


def _signed() -> ColumnElement[int]:
    return Sale.total_dong * case((Sale.kind == "refund", -1), else_=1)


def _late(edition_id: str, after: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Sale.edition_id == edition_id, Sale.received_at > after)
