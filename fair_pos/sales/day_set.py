"""The receipts of a fair day as a set, and what any set of them comes to: a signed day sheet is such a set.

Sums are made from the receipts themselves and not from the running figures, so that they are of exactly this set while others arrive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.sales.queries import DaySums
from fair_pos.sales.tables import Payment, Sale, SaleLine

AnySession = Session | scoped_session[Session]
Ids = Select[Any]
"""A statement that selects ids of sales and refunds."""
_Select = Select[*tuple[Any, ...]]


def ids_of_day(edition_id: str, day: date) -> Ids:
    """The sales and refunds of a fair day that are here when the statement runs."""
    return select(Sale.id).where(Sale.edition_id == edition_id, Sale.fair_day == day)


def _of(amount: Any, kind: str) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((Sale.kind == kind, amount), else_=0)), 0)


_SUMS = (_of(1, "sale"), _of(1, "refund"), _of(Sale.total_dong, "sale"), _of(Sale.total_dong, "refund"))


@dataclass(frozen=True)
class SetSums:
    """A set of receipts: counts and whole đồng. Discount and rounding are net of what went back with refunds."""

    sums: DaySums
    discount_dong: int
    rounding_dong: int
    sample_receipts: int


def sums_of_set(session: AnySession, ids: Ids) -> SetSums:
    """What the set comes to."""
    rounding = _of(Sale.rounding_dong, "sale") - _of(Sale.rounding_dong, "refund")
    sample = func.coalesce(func.sum(case((Sale.sample, 1), else_=0)), 0)
    *sums, rounded, samples = map(int, session.execute(select(*_SUMS, rounding, sample).where(Sale.id.in_(ids))).one())
    discount = _of(SaleLine.discount_dong, "sale") - _of(SaleLine.discount_dong, "refund")
    lines = select(discount).select_from(SaleLine).join(Sale, Sale.id == SaleLine.sale_id).where(Sale.id.in_(ids))
    return SetSums(DaySums(*sums), int(session.scalar(lines) or 0), rounded, samples)


def booths_of_set(session: AnySession, ids: Ids) -> dict[str, DaySums]:
    """Booth → what the set comes to there; booths without a receipt in it are left out."""
    rows = session.execute(select(Sale.booth_id, *_SUMS).where(Sale.id.in_(ids)).group_by(Sale.booth_id))
    return {booth_id: DaySums(*map(int, numbers)) for booth_id, *numbers in rows}


def methods_of_set(session: AnySession, ids: Ids) -> dict[tuple[str, str], int]:
    """(booth, way of paying) → đồng received less paid out."""
    net = _of(Payment.amount_dong, "sale") - _of(Payment.amount_dong, "refund")
    keys = (Sale.booth_id, Payment.method)
    wanted = select(*keys, net).join(Payment, Payment.sale_id == Sale.id).where(Sale.id.in_(ids)).group_by(*keys)
    return {(booth_id, method): int(dong) for booth_id, method, dong in session.execute(wanted)}


@dataclass(frozen=True)
class ReceiptOutside:
    """A receipt of the day that stands outside a set."""

    id: str
    kind: str
    receipt_number: str
    booth_id: str
    device_id: str
    person_id: str
    sold_at: datetime
    received_at: datetime
    total_dong: int

    @property
    def net_dong(self) -> int:
        """What it adds to the net; below zero for a refund."""
        return self.total_dong if self.kind == "sale" else -self.total_dong


def _outside(statement: _Select, edition_id: str, day: date, ids: Ids) -> _Select:
    # Joined and not «NOT IN»: PostgreSQL looks through the whole list for each receipt once it does not fit its memory.
    inside = ids.subquery()
    key = inside.c[0]
    joined = statement.outerjoin(inside, key == Sale.id)
    return joined.where(Sale.edition_id == edition_id, Sale.fair_day == day, key.is_(None))


def receipts_outside(
    session: AnySession, edition_id: str, day: date, ids: Ids, *, limit: int, offset: int = 0
) -> list[ReceiptOutside]:
    """The receipts of a day that are not in the set, in the order in which they came."""
    columns: tuple[Any, ...] = (
        Sale.id, Sale.kind, Sale.receipt_number, Sale.booth_id, Sale.device_id, Sale.person_id, Sale.sold_at,
        Sale.received_at, Sale.total_dong,
    )  # fmt: skip
    wanted = _outside(select(*columns), edition_id, day, ids)
    rows = session.execute(wanted.order_by(Sale.received_at, Sale.id).limit(limit).offset(offset))
    return [ReceiptOutside(*row) for row in rows]


def sums_outside(session: AnySession, edition_id: str, day: date, ids: Ids) -> dict[str, DaySums]:
    """Tablet → what of the day is not in the set."""
    wanted = _outside(select(Sale.device_id, *_SUMS), edition_id, day, ids)
    rows = session.execute(wanted.group_by(Sale.device_id))
    return {device_id: DaySums(*map(int, numbers)) for device_id, *numbers in rows}
