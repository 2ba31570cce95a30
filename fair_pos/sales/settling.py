"""Lines of sales, refunds and gifts as settling reads them: which day's rule divides each, and what the buyer paid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, scoped_session

from fair_pos.sales.tables import Giveaway, GiveawayLine, Sale, SaleLine

AnySession = Session | scoped_session[Session]
MOST_AT_ONCE = 5_000
"""So many ids in one statement; databases allow little more than six times that."""


@dataclass(frozen=True)
class DividedLine:
    """A line of a sale or refund. `rule_day` and `rule_booth` are those of the sale that is given back, or its own where that is unknown."""

    sale_id: str
    line_no: int
    kind: str
    receipt: str
    fair_day: date
    rule_day: date
    rule_booth: str
    product_id: str
    name: str
    unit: str
    grams: int | None
    pack_size: int
    unit_price_dong: int
    amount_dong: int
    discount_dong: int
    discount_borne_by: str


@dataclass(frozen=True)
class GivenLine:
    """A line of what was given away."""

    giveaway_id: str
    line_no: int
    purpose: str
    borne_by: str
    fair_day: date
    booth_id: str
    product_id: str
    name: str
    unit: str
    grams: int | None
    pack_size: int
    unit_price_dong: int
    worth_dong: int


def divided_lines(session: AnySession, sale_ids: Iterable[str], until: date) -> dict[tuple[str, int], DividedLine]:
    """(sale or refund, line) → the line, of those whose fair day is `until` or before."""
    original = aliased(Sale)
    wanted = (
        select(
            Sale.id, SaleLine.line_no, Sale.kind, Sale.receipt_number, Sale.fair_day,
            func.coalesce(original.fair_day, Sale.fair_day), func.coalesce(original.booth_id, Sale.booth_id),
            SaleLine.product_id, SaleLine.name, SaleLine.unit, SaleLine.grams, SaleLine.pack_size, SaleLine.unit_price_dong,
            SaleLine.amount_dong, SaleLine.discount_dong, SaleLine.discount_borne_by,
        )
        .join(SaleLine, SaleLine.sale_id == Sale.id)
        .outerjoin(original, (original.id == Sale.refund_of) & (original.kind == "sale"))
        .where(Sale.fair_day <= until)
    )  # fmt: skip
    rows = _in_parts(session, wanted, Sale.id, sale_ids)
    return {(row[0], row[1]): DividedLine(*row) for row in rows}


def given_lines(session: AnySession, giveaway_ids: Iterable[str], until: date) -> dict[tuple[str, int], GivenLine]:
    """(gift, line) → the line, of those whose fair day is `until` or before."""
    wanted = (
        select(
            Giveaway.id, GiveawayLine.line_no, Giveaway.purpose, Giveaway.borne_by, Giveaway.fair_day, Giveaway.booth_id,
            GiveawayLine.product_id, GiveawayLine.name, GiveawayLine.unit, GiveawayLine.grams, GiveawayLine.pack_size,
            GiveawayLine.unit_price_dong, GiveawayLine.worth_dong,
        )
        .join(GiveawayLine, GiveawayLine.giveaway_id == Giveaway.id)
        .where(Giveaway.fair_day <= until)
    )  # fmt: skip
    rows = _in_parts(session, wanted, Giveaway.id, giveaway_ids)
    return {(row[0], row[1]): GivenLine(*row) for row in rows}


def _in_parts(session: AnySession, wanted: Any, column: Any, ids: Iterable[str]) -> Iterator[Any]:
    left = iter(sorted(set(ids)))
    while some := list(islice(left, MOST_AT_ONCE)):
        yield from session.execute(wanted.where(column.in_(some)))
