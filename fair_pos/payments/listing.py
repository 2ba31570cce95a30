"""The transfers behind a figure, or those that wait for somebody to see their money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from fair_pos.payments.queries import AnySession
from fair_pos.payments.rules import State
from fair_pos.payments.tables import Transfer

_CONFIRMED = func.coalesce(Transfer.confirmed_dong, 0)
_STATES: dict[State, ColumnElement[bool]] = {
    "claimed": and_(Transfer.received_dong == 0, Transfer.seen.is_(False)),
    "confirmed": or_(
        Transfer.received_dong == Transfer.amount_dong, and_(Transfer.received_dong == 0, Transfer.seen.is_(True))
    ),
    "underpaid": and_(Transfer.received_dong > 0, Transfer.received_dong < Transfer.amount_dong),
    "overpaid": Transfer.received_dong > Transfer.amount_dong,
}


@dataclass(frozen=True)
class Wanted:
    """Which transfers of an edition. `part` keeps those that add to the confirmed or to the claimed figure."""

    day: date | None = None
    booth: str | None = None
    account: str | None = None
    """An account's id; empty for transfers that name none."""
    state: State | None = None
    part: str | None = None


def _terms(edition_id: str, wanted: Wanted, kind: str) -> list[ColumnElement[bool]]:
    terms: list[ColumnElement[bool]] = [Transfer.edition_id == edition_id, Transfer.kind == kind]
    if wanted.day is not None:
        terms.append(Transfer.fair_day == wanted.day)
    if wanted.booth is not None:
        terms.append(Transfer.booth_id == wanted.booth)
    if wanted.account is not None:
        terms.append(Transfer.account_id == wanted.account if wanted.account else Transfer.account_id.is_(None))
    if wanted.state is not None:
        terms.append(_STATES[wanted.state])
    if wanted.part == "confirmed":
        terms.append(_CONFIRMED > 0)
    elif wanted.part == "claimed":
        terms.append(Transfer.amount_dong > _CONFIRMED)
    return terms


def transfers(
    session: AnySession, edition_id: str, wanted: Wanted, *, limit: int, offset: int = 0
) -> list[tuple[Transfer, int]]:
    """Transfers asked for, the newest first, each with how much of it is confirmed."""
    found = select(Transfer, _CONFIRMED).where(*_terms(edition_id, wanted, "sale"))
    order = (Transfer.sold_at.desc(), Transfer.sale_id, Transfer.payment_no)
    return [(row[0], int(row[1])) for row in session.execute(found.order_by(*order).limit(limit).offset(offset))]


@dataclass(frozen=True)
class Sums:
    """How many transfers, and their money."""

    count: int
    confirmed_dong: int
    claimed_dong: int


def transfer_sums(session: AnySession, edition_id: str, wanted: Wanted) -> Sums:
    """What all those transfers add up to, without what was paid out again."""
    sums = select(
        func.count(), func.coalesce(func.sum(_CONFIRMED), 0), func.coalesce(func.sum(Transfer.amount_dong), 0)
    )
    count, confirmed, asked = map(int, session.execute(sums.where(*_terms(edition_id, wanted, "sale"))).one())
    return Sums(count, confirmed, asked - confirmed)


@dataclass(frozen=True)
class PaidOut:
    """A transfer paid out for a refund, the part of it that was confirmed money and the part that had only been claimed."""

    transfer: Transfer
    account_id: str | None
    """Its own; where it names none, that of the sale it gives back."""
    confirmed_dong: int
    claimed_dong: int


def paid_out(session: AnySession, edition_id: str, wanted: Wanted) -> list[PaidOut]:
    """Transfers paid out for refunds, the newest first.

    Which part is which follows from the sale it gives back (figures.confirmed_of), whatever day and booth that was.
    """
    if wanted.state is not None:
        return []
    terms = _terms(edition_id, Wanted(wanted.day, wanted.booth), "refund")
    original = aliased(Transfer)
    account = (
        select(func.max(original.account_id))
        .where(original.sale_id == Transfer.refund_of, original.kind == "sale")
        .scalar_subquery()
    )
    order = (Transfer.sold_at.desc(), Transfer.sale_id.desc(), Transfer.payment_no.desc())
    rows = session.execute(select(Transfer, account).where(*terms).order_by(*order))
    found = [
        PaidOut(row, row.account_id or its, row.confirmed_dong or 0, row.amount_dong - (row.confirmed_dong or 0))
        for row, its in rows
    ]
    return [one for one in found if _is_wanted(one, wanted)]


def _is_wanted(one: PaidOut, wanted: Wanted) -> bool:
    if wanted.account is not None and (one.account_id or "") != wanted.account:
        return False
    return bool({"confirmed": one.confirmed_dong, "claimed": one.claimed_dong}.get(wanted.part or "", 1))
