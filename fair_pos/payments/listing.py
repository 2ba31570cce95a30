"""The transfers behind a figure, or those that wait for somebody to see their money.

A transfer that was only claimed and went back by transfer waits for nobody: what went back is taken off the row of its sale, so
that a list adds up to the figure that opened it. Money paid back in cash is not: it left the drawer, and its transfer may come yet.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
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
    booths: frozenset[str] | None = None
    """Those of a zone, when a zone is asked for."""


def _terms(edition_id: str, wanted: Wanted, table: Any = Transfer) -> list[ColumnElement[bool]]:
    """Sales of that edition, day and booth, asked for to that account, in that state."""
    terms: list[ColumnElement[bool]] = [table.edition_id == edition_id, table.kind == "sale"]
    if wanted.day is not None:
        terms.append(table.fair_day == wanted.day)
    if wanted.booth is not None:
        terms.append(table.booth_id == wanted.booth)
    if wanted.booths is not None:
        terms.append(table.booth_id.in_(wanted.booths))
    if wanted.account is not None:
        terms.append(table.account_id == wanted.account if wanted.account else table.account_id.is_(None))
    if wanted.state is not None:
        terms.append(_STATES[wanted.state])
    return terms


def _account_of_sale() -> Any:
    original = aliased(Transfer)
    of_sale = select(func.max(original.account_id)).where(
        original.sale_id == Transfer.refund_of, original.kind == "sale"
    )
    return of_sale.correlate(Transfer).scalar_subquery()


def _refund_terms(edition_id: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Refunds that belong to the list: behind a figure, those of its own day, booth and account; of what waits, every one."""
    terms: list[ColumnElement[bool]] = [Transfer.edition_id == edition_id, Transfer.kind == "refund"]
    if wanted.state is not None:
        return terms
    if wanted.day is not None:
        terms.append(Transfer.fair_day == wanted.day)
    if wanted.booth is not None:
        terms.append(Transfer.booth_id == wanted.booth)
    if wanted.booths is not None:
        terms.append(Transfer.booth_id.in_(wanted.booths))
    if wanted.account is not None:
        terms.append(func.coalesce(Transfer.account_id, _account_of_sale(), "") == wanted.account)
    return terms


def _rows(edition_id: str, wanted: Wanted) -> Select[Any]:
    """(sale, payment number, confirmed, still claimed) of each transfer in the list."""
    back = (
        select(Transfer.refund_of.label("sale_id"), func.sum(Transfer.amount_dong - _CONFIRMED).label("dong"))
        .where(*_refund_terms(edition_id, wanted))
        .group_by(Transfer.refund_of)
        .subquery()
    )
    claimed = Transfer.amount_dong - _CONFIRMED
    # Of several transfers of one sale the first is paid back first, as in figures.paid_back_of.
    so_far = func.sum(claimed).over(partition_by=Transfer.sale_id, order_by=Transfer.payment_no)
    left = so_far - func.coalesce(back.c.dong, 0)
    rows = (
        select(
            Transfer.sale_id,
            Transfer.payment_no,
            _CONFIRMED.label("confirmed"),
            case((left <= 0, 0), (left >= claimed, claimed), else_=left).label("claimed"),
        )
        .outerjoin(back, back.c.sale_id == Transfer.sale_id)
        .where(*_terms(edition_id, wanted))
        .subquery()
    )
    found = select(rows)
    if wanted.part == "confirmed":
        return found.where(rows.c.confirmed > 0)
    if wanted.part == "claimed" or wanted.state == "claimed":
        return found.where(rows.c.claimed > 0)
    return found


@dataclass(frozen=True)
class Listed:
    """A transfer asked for, how much of it is confirmed and how much is still to come; less when some went back before it came."""

    transfer: Transfer
    confirmed_dong: int
    claimed_dong: int

    @property
    def paid_back_dong(self) -> int:
        """What was only claimed and went back by transfer."""
        return self.transfer.amount_dong - self.confirmed_dong - self.claimed_dong


def transfers(session: AnySession, edition_id: str, wanted: Wanted, *, limit: int, offset: int = 0) -> list[Listed]:
    """Transfers asked for, the newest first."""
    rows = _rows(edition_id, wanted).subquery()
    mine = and_(Transfer.sale_id == rows.c.sale_id, Transfer.payment_no == rows.c.payment_no)
    found = select(Transfer, rows.c.confirmed, rows.c.claimed).join(rows, mine)
    order = (Transfer.sold_at.desc(), Transfer.sale_id, Transfer.payment_no)
    return [
        Listed(row[0], int(row[1]), int(row[2]))
        for row in session.execute(found.order_by(*order).limit(limit).offset(offset))
    ]


@dataclass(frozen=True)
class Sums:
    """How many transfers, and their money."""

    count: int
    confirmed_dong: int
    claimed_dong: int


def transfer_sums(session: AnySession, edition_id: str, wanted: Wanted) -> Sums:
    """What the rows of `transfers` add up to."""
    rows = _rows(edition_id, wanted).subquery()
    sums = select(
        func.count(), func.coalesce(func.sum(rows.c.confirmed), 0), func.coalesce(func.sum(rows.c.claimed), 0)
    )
    return Sums(*map(int, session.execute(sums).one()))


@dataclass(frozen=True)
class PaidOut:
    """A transfer paid out for a refund, the part of it that was confirmed money and the part that had only been claimed."""

    transfer: Transfer
    account_id: str | None
    """Its own; where it names none, that of the sale it gives back."""
    confirmed_dong: int
    claimed_dong: int


def paid_out(session: AnySession, edition_id: str, wanted: Wanted) -> list[PaidOut]:
    """Transfers paid out for refunds, the newest first, as far as they are not taken off the rows of `transfers` already.

    Which part is which follows from the sale it gives back (figures.confirmed_of), whatever day and booth that was.
    """
    if wanted.state is not None:
        return []
    order = (Transfer.sold_at.desc(), Transfer.sale_id.desc(), Transfer.payment_no.desc())
    rows = session.execute(
        select(Transfer, _account_of_sale()).where(*_refund_terms(edition_id, wanted)).order_by(*order)
    ).all()
    taken_off = _claimed_here(session, edition_id, wanted, {row.refund_of for row, _account in rows if row.refund_of})
    found = []
    for row, account in rows:
        confirmed = row.confirmed_dong or 0
        claimed = row.amount_dong - confirmed
        there = min(claimed, taken_off[row.refund_of or ""])
        taken_off[row.refund_of or ""] -= there
        found.append(PaidOut(row, row.account_id or account, confirmed, claimed - there))
    return [
        one
        for one in found
        if {"confirmed": one.confirmed_dong, "claimed": one.claimed_dong}.get(
            wanted.part or "", one.confirmed_dong + one.claimed_dong
        )
    ]


def _claimed_here(session: AnySession, edition_id: str, wanted: Wanted, sale_ids: set[str]) -> dict[str, int]:
    """Sale → what its transfers in the list had claimed: so much of what went back is taken off their rows."""
    found: dict[str, int] = defaultdict(int)
    ids = sorted(sale_ids)
    terms = _terms(edition_id, replace(wanted, part=None))
    for start in range(0, len(ids), 400):
        some = Transfer.sale_id.in_(ids[start : start + 400])
        sums = select(Transfer.sale_id, func.sum(Transfer.amount_dong - _CONFIRMED)).where(*terms, some)
        for sale_id, dong in session.execute(sums.group_by(Transfer.sale_id)):
            found[sale_id] = int(dong)
    return found
