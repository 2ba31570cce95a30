"""Sales and refunds by the till session they belong to, whenever they arrived: what a drawer should hold comes from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, scoped_session

from fair_pos.sales.tables import Oddity, Payment, Sale, SaleLine

AnySession = Session | scoped_session[Session]
SessionKey = tuple[str, str]
"""(device, till session)."""
CHUNK = 400


@dataclass(frozen=True)
class Paid:
    """One way of paying, đồng that stayed: change is not in it."""

    payment_no: int
    method: str
    amount_dong: int


@dataclass(frozen=True)
class Document:
    """A sale or refund as a drawer sees it; amounts are positive, `kind` says which way the money went."""

    id: str
    kind: str
    device_id: str
    till_session_id: str | None
    booth_id: str
    receipt_number: str
    device_seq: int
    sold_at: datetime
    received_at: datetime
    total_dong: int
    rounding_dong: int
    gross_dong: int
    """Before discounts and rounding."""
    payments: tuple[Paid, ...]


def documents_of(session: AnySession, device_id: str, till_session_ids: Collection[str]) -> list[Document]:
    """The sales and refunds that a device made in these till sessions, in the order of its numbers."""
    found: list[Document] = []
    ids = sorted(till_session_ids)
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        found += _documents(session, Sale.device_id == device_id, Sale.till_session_id.in_(some))
    return sorted(found, key=lambda one: (one.device_seq, one.id))


def documents_after(
    session: AnySession, device_id: str, till_session_id: str, device_seq: int
) -> list[tuple[str, str]]:
    """(id, receipt number) of what a device sold in a till session after its own command with this number."""
    wanted = select(Sale.id, Sale.receipt_number).where(
        Sale.device_id == device_id, Sale.till_session_id == till_session_id, Sale.device_seq > device_seq
    )
    return [(row.id, row.receipt_number) for row in session.execute(wanted.order_by(Sale.device_seq, Sale.id))]


def _documents(session: AnySession, *terms: ColumnElement[bool]) -> list[Document]:
    wanted = select(Sale.id).where(*terms)
    gross: dict[str, int] = {}
    sums = select(SaleLine.sale_id, func.sum(SaleLine.gross_dong)).where(SaleLine.sale_id.in_(wanted))
    for sale_id, dong in session.execute(sums.group_by(SaleLine.sale_id)):
        gross[sale_id] = int(dong)
    paid: dict[str, list[Paid]] = defaultdict(list)
    payments = select(Payment.sale_id, Payment.payment_no, Payment.method, Payment.amount_dong)
    payments = payments.where(Payment.sale_id.in_(wanted)).order_by(Payment.sale_id, Payment.payment_no)
    for sale_id, number, method, dong in session.execute(payments):
        paid[sale_id].append(Paid(number, method, dong))
    columns = (
        Sale.id,
        Sale.kind,
        Sale.device_id,
        Sale.till_session_id,
        Sale.booth_id,
        Sale.receipt_number,
        Sale.device_seq,
        Sale.sold_at,
        Sale.received_at,
        Sale.total_dong,
        Sale.rounding_dong,
    )
    rows = session.execute(select(*columns).where(*terms).order_by(Sale.sold_at.desc(), Sale.id))
    return [Document(*row, gross_dong=gross.get(row.id, 0), payments=tuple(paid[row.id])) for row in rows]


@dataclass(frozen=True)
class Tally:
    """How many sales and refunds a till session has, and their money by method; đồng."""

    documents: int
    sold: dict[str, int]
    given_back: dict[str, int]


def tallies_of(session: AnySession, keys: Sequence[SessionKey]) -> dict[SessionKey, Tally]:
    """What the documents of each of these sessions add up to; one without any is left out."""
    found: dict[SessionKey, Tally] = {}
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        # By the session's id first: that is what the index knows; the device tells apart what shares an id.
        terms = (
            Sale.till_session_id.in_({one for _device, one in some}),
            tuple_(Sale.device_id, Sale.till_session_id).in_(some),
        )
        key = (Sale.device_id, Sale.till_session_id)
        for device_id, one, count in session.execute(select(*key, func.count()).where(*terms).group_by(*key)):
            found[device_id, one or ""] = Tally(count, {}, {})
        sums = select(*key, Sale.kind, Payment.method, func.sum(Payment.amount_dong))
        sums = sums.join(Payment, Payment.sale_id == Sale.id).where(*terms).group_by(*key, Sale.kind, Payment.method)
        for device_id, one, kind, method, dong in session.execute(sums):
            tally = found[device_id, one or ""]
            (tally.sold if kind == "sale" else tally.given_back)[method] = int(dong)
    return found


def counts_on(session: AnySession, device_id: str, till_session_ids: Collection[str]) -> dict[str, int]:
    """How many sales and refunds a device has in each of these till sessions; none are left out."""
    ids, found = sorted(till_session_ids), dict[str, int]()
    for start in range(0, len(ids), CHUNK):
        wanted = select(Sale.till_session_id, func.count()).where(
            Sale.till_session_id.in_(ids[start : start + CHUNK]), Sale.device_id == device_id
        )
        found |= {one or "": count for one, count in session.execute(wanted.group_by(Sale.till_session_id))}
    return found


def oddities_about(session: AnySession, ids: Collection[str]) -> list[tuple[str, str, dict[str, Any]]]:
    """(command, code, facts) of everything odd about these commands, in the order of noticing."""
    found: list[tuple[str, str, dict[str, Any]]] = []
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        rows = select(Oddity.sale_id, Oddity.code, Oddity.facts).where(
            Oddity.sale_id.in_(wanted[start : start + CHUNK])
        )
        rows = rows.order_by(Oddity.noticed_at, Oddity.sale_id, Oddity.code)
        found += [(one, code, facts) for one, code, facts in session.execute(rows)]
    return found


# --- cash that no drawer accounts for ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Loose:
    """Sales and refunds in cash that name no till session we know; đồng."""

    documents: int
    sold_dong: int
    given_back_dong: int


def _loose(edition_id: str, known: Select[str, str]) -> list[ColumnElement[bool]]:
    elsewhere = tuple_(Sale.device_id, Sale.till_session_id).not_in(known)
    part = aliased(Payment)
    in_cash = select(part.sale_id).where(part.sale_id == Sale.id, part.method == "cash").exists()
    return [Sale.edition_id == edition_id, or_(Sale.till_session_id.is_(None), elsewhere), in_cash]


def loose_cash(session: AnySession, edition_id: str, known: Select[str, str]) -> Loose:
    """What they add up to; `known` selects (device, till session) of the sessions that are known."""
    sums = select(Sale.kind, func.count(Sale.id.distinct()), func.sum(Payment.amount_dong))
    sums = sums.join(Payment, Payment.sale_id == Sale.id).where(*_loose(edition_id, known), Payment.method == "cash")
    rows = {kind: (int(count), int(dong)) for kind, count, dong in session.execute(sums.group_by(Sale.kind))}
    sold, back = rows.get("sale", (0, 0)), rows.get("refund", (0, 0))
    return Loose(sold[0] + back[0], sold[1], back[1])


def loose_documents(
    session: AnySession, edition_id: str, known: Select[str, str], *, limit: int, offset: int = 0
) -> list[Document]:
    """Those sales and refunds, the newest first."""
    ids = select(Sale.id).where(*_loose(edition_id, known)).order_by(Sale.sold_at.desc(), Sale.id)
    page = list(session.scalars(ids.limit(limit).offset(offset)))
    return _documents(session, Sale.id.in_(page))
