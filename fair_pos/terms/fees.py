"""What owners are charged beside the split, and from how much on they are paid."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean
from fair_pos.registry.queries import known_producer_ids
from fair_pos.terms import refusals
from fair_pos.terms.actions import Settled, hold_terms
from fair_pos.terms.queries import get_fee
from fair_pos.terms.rules import FEE_KINDS, MOST_DONG
from fair_pos.terms.tables import Fee
from fair_pos.venues.refusals import FieldMissing, FieldTooLong


def add_fee(
    session: Session,
    edition_id: str,
    owner_id: str,
    kind: str,
    amount_dong: int,
    charged_day: date,
    words: str,
    *,
    at: datetime,
    by: str,
    fee_id: str | None = None,
) -> str:
    """Charge an owner; the fee's id. It stands on the next statement that reaches its day, in a line of its own.

    Raises NotFound, FeeAmountWrong, FieldMissing when «other» or a correction does not say what for, FieldTooLong.
    """
    hold_terms(session, edition_id)
    if kind not in FEE_KINDS or not known_producer_ids(session, {owner_id}):
        raise NotFound
    words = clean(words)
    if kind in {"other", "correction"} and not words:
        raise FieldMissing(field="fee_words")
    if len(words) > 200:
        raise FieldTooLong(field="fee_words", most=200)
    least = -MOST_DONG if kind == "correction" else 1
    if amount_dong == 0 or not least <= amount_dong <= MOST_DONG:
        raise refusals.FeeAmountWrong
    fee = Fee(
        id=fee_id or new_id(),
        edition_id=edition_id,
        producer_id=owner_id,
        kind=kind,
        amount_dong=amount_dong,
        charged_day=charged_day,
        words=words,
        created_by=by,
        created_at=at,
    )
    session.add(fee)
    session.flush()
    facts = {"owner": owner_id, "kind": kind, "amount_dong": amount_dong, "day": charged_day.isoformat()}
    write_line(session, at=at, person_id=by, verb="fee_charged", subject=("fee", fee.id), facts=facts)
    return fee.id


def cancel_fee(
    session: Session,
    edition_id: str,
    fee_id: str,
    reason: str,
    *,
    at: datetime,
    by: str,
    settled: Settled | None = None,
) -> None:
    """Take back a fee that stands on no statement. Raises NotFound, FeeCancelled, FeeSettled, FieldMissing, FieldTooLong."""
    hold_terms(session, edition_id)
    fee = get_fee(session, edition_id, fee_id)
    session.refresh(fee)
    if fee.cancelled_at is not None:
        raise refusals.FeeCancelled
    if settled is not None and fee_id in settled.fees(session, edition_id):
        until = settled.until(session, edition_id, fee.producer_id) or fee.charged_day
        raise refusals.FeeSettled(first=(until + timedelta(days=1)).strftime("%d/%m/%Y"))
    reason = clean(reason)
    if not reason:
        raise FieldMissing(field="reason")
    if len(reason) > 300:
        raise FieldTooLong(field="reason", most=300)
    fee.cancelled_at, fee.cancelled_by, fee.cancelled_reason = at, by, reason
    session.flush()
    write_line(session, at=at, person_id=by, verb="fee_cancelled", subject=("fee", fee_id), facts={"reason": reason})


def set_minimum(session: Session, edition_id: str, minimum_dong: int, *, at: datetime, by: str) -> bool:
    """Pay owners from this sum on and carry over what is less; whether that is new. Raises NotFound, MinimumWrong."""
    terms = hold_terms(session, edition_id)
    if not 0 <= minimum_dong <= MOST_DONG:
        raise refusals.MinimumWrong
    if terms.minimum_dong == minimum_dong:
        return False
    facts = {"minimum_dong": [terms.minimum_dong, minimum_dong]}
    terms.minimum_dong, terms.changed_by, terms.changed_at = minimum_dong, by, at
    session.flush()
    write_line(session, at=at, person_id=by, verb="minimum_changed", subject=("edition", edition_id), facts=facts)
    return True
