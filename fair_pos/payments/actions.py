"""Changing a receiving account, which takes two people; writing transfers down with their sales; and confirming them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from fair_pos.catalogue.actions import bump_version
from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean
from fair_pos.payments import refusals
from fair_pos.payments.figures import card_figures, shares_of
from fair_pos.payments.matching import match_waiting
from fair_pos.payments.queries import (
    account_in_use,
    cancelled_sales,
    find_open_change,
    get_change,
    get_transfer,
    is_of_booth,
    standing,
)
from fair_pos.payments.rules import COUNTED, SeenFact, banks, read_account_number
from fair_pos.payments.running import add_figures, count_again, hold_codes, hold_sales
from fair_pos.payments.tables import AccountChange, BankLine, Confirmation, ReceivingAccount, Transfer, UnplacedSeen
from fair_pos.people.queries import known_person_ids
from fair_pos.registry.queries import known_producer_ids
from fair_pos.sales.actions import record_oddities
from fair_pos.sales.facts import Judged, Odd, Place
from fair_pos.sales.rules import settle
from fair_pos.venues.queries import get_booth, get_edition
from fair_pos.venues.refusals import FieldMissing, FieldTooLong

_TRANSFER = cast("Table", Transfer.__table__)
_LINE = cast("Table", BankLine.__table__)

# --- receiving accounts ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Owner:
    """Whose account it is: a booth's, or a producer's at this edition."""

    edition_id: str
    booth_id: str | None = None
    producer_id: str | None = None


@dataclass(frozen=True)
class AccountSaid:
    """An account as somebody typed it."""

    bank_bin: str
    account_number: str
    holder: str


def propose_change(
    session: Session, owner: Owner, said: AccountSaid | None, *, at: datetime, by: str, account_id: str | None = None
) -> AccountChange:
    """Propose another account, or with None to take no transfers any more. Nothing changes until a second person approves.

    `account_id` names the new account; a new id unless given, as the demo does, which is the same every time.
    Raises NotFound, BankUnknown, AccountNumberInvalid, FieldMissing, FieldTooLong, AccountUnchanged, ChangeOpen.
    """
    get_edition(session, owner.edition_id)
    if owner.booth_id is not None and get_booth(session, owner.booth_id).edition_id != owner.edition_id:
        raise NotFound
    if owner.producer_id is not None and not known_producer_ids(session, {owner.producer_id}):
        raise NotFound
    in_use = account_in_use(session, owner.edition_id, owner.booth_id, owner.producer_id)
    account = None if said is None else _read_account(owner, said, account_id or new_id())
    same = ("bank_bin", "account_number", "holder")
    if account is None or in_use is None:
        unchanged = account is in_use
    else:
        unchanged = all(getattr(account, name) == getattr(in_use, name) for name in same)
    if unchanged:
        raise refusals.AccountUnchanged
    if find_open_change(session, owner.edition_id, owner.booth_id, owner.producer_id) is not None:
        raise refusals.ChangeOpen
    if account is not None:
        session.add(account)
        session.flush()
    change = AccountChange(
        id=new_id(),
        edition_id=owner.edition_id,
        booth_id=owner.booth_id,
        producer_id=owner.producer_id,
        account_id=account.id if account else None,
        proposed_by=by,
        proposed_at=at,
    )
    session.add(change)
    session.flush()
    _write_about(session, change, "account_proposed", at=at, by=by)
    return change


def _read_account(owner: Owner, said: AccountSaid, account_id: str) -> ReceivingAccount:
    if said.bank_bin not in banks():
        raise refusals.BankUnknown
    number, holder = read_account_number(said.account_number), clean(said.holder)
    if number is None:
        raise refusals.AccountNumberInvalid
    if not holder:
        raise FieldMissing(field="holder")
    if len(holder) > 100:
        raise FieldTooLong(field="holder", most=100)
    return ReceivingAccount(
        id=account_id,
        edition_id=owner.edition_id,
        booth_id=owner.booth_id,
        producer_id=owner.producer_id,
        bank_bin=said.bank_bin,
        account_number=number,
        holder=holder,
    )


def approve_change(session: Session, edition_id: str, change_id: str, *, at: datetime, by: str) -> AccountChange:
    """Let a proposal take effect. Raises NotFound, ChangeDecided, and SamePerson for who proposed it."""
    change = _open_change(session, edition_id, change_id)
    if change.proposed_by == by:
        raise refusals.SamePerson
    in_use = account_in_use(session, edition_id, change.booth_id, change.producer_id)
    if in_use is not None:
        in_use.active_until_at = at
        session.flush()  # before the next: only one may be in use
    if change.account_id is not None:
        session.get_one(ReceivingAccount, change.account_id).active_from_at = at
    _decide(session, change, "approved", at=at, by=by)
    bump_version(session, "account", at)
    return change


def turn_down_change(session: Session, edition_id: str, change_id: str, *, at: datetime, by: str) -> AccountChange:
    """End a proposal: rejected by somebody else, withdrawn by who made it. Raises NotFound, ChangeDecided."""
    change = _open_change(session, edition_id, change_id)
    _decide(session, change, "withdrawn" if change.proposed_by == by else "rejected", at=at, by=by)
    return change


def _open_change(session: Session, edition_id: str, change_id: str) -> AccountChange:
    change = get_change(session, edition_id, change_id, locked=True)
    if change.outcome is not None:
        raise refusals.ChangeDecided
    return change


def _decide(session: Session, change: AccountChange, outcome: str, *, at: datetime, by: str) -> None:
    change.outcome, change.decided_by, change.decided_at = outcome, by, at
    session.flush()
    _write_about(session, change, f"account_{outcome}", at=at, by=by)


def _write_about(session: Session, change: AccountChange, verb: str, *, at: datetime, by: str) -> None:
    # The number itself stands in the table of accounts and nowhere else.
    facts = {"account": change.account_id, "booth": change.booth_id, "producer": change.producer_id}
    subject = ("account_change", change.id)
    write_line(session, at=at, person_id=by, verb=verb, subject=subject, facts=facts)


# --- transfers, written with their sales ------------------------------------------------------------------------------


def record_transfers(session: Session, batch: Sequence[Judged]) -> None:
    """Write down which payments of these sales and refunds are transfers, and which sales were taken back whole.

    Called in the transaction that stores them. What people saw and banks told before the sale was here finds its place.
    """
    add_figures(session, card_figures(batch))
    rows = [row for judged in batch for row in transfer_rows(judged)]
    taken_back = sorted({judged.fact.refund_of for judged in batch if judged.fact.whole and judged.fact.refund_of})
    hold_codes(session, (row["code"] for row in rows if row["kind"] == "sale"))
    # Before looking for what was said of them: who saw their money meanwhile, or took them back, has not looked or has written it down.
    hold_sales(session, {one for row in rows for one in (row["sale_id"], row["refund_of"]) if one} | set(taken_back))
    if rows:
        gone = cancelled_sales(session, {row["sale_id"] for row in rows})
        session.execute(_TRANSFER.insert(), [row | {"cancelled": row["sale_id"] in gone} for row in rows])
        _place_seen(session, {row["sale_id"] for row in rows}, batch[0].place.received_at)
        match_waiting(session, batch[0].place.received_at)
        count_again(session, {row["refund_of"] or row["sale_id"] for row in rows})
    if taken_back:
        session.execute(update(_TRANSFER).where(_TRANSFER.c.sale_id.in_(taken_back)).values(cancelled=True))


def transfer_rows(judged: Judged) -> list[dict[str, Any]]:
    """The rows of table `transfer` that a sale or refund makes."""
    fact, place = judged.fact, judged.place
    return [
        {
            "sale_id": fact.id,
            "payment_no": number,
            "kind": fact.kind,
            "refund_of": fact.refund_of,
            "edition_id": place.edition_id,
            "booth_id": place.booth_id,
            "device_id": place.device_id,
            "receipt_number": fact.receipt_number,
            "fair_day": judged.fair_day,
            "hour": judged.hour,
            "sold_at": judged.sold_at,
            "amount_dong": payment.amount_dong,
            "code": payment.reference,
            "account_id": payment.account_id,
            "shares": [list(one) for one in shares],
        }
        for number, (payment, shares) in enumerate(zip(fact.payments, shares_of(judged), strict=True), 1)
        if payment.method == "transfer"
    ]


# --- a person saw the money -------------------------------------------------------------------------------------------


def record_seen(session: Session, facts: Sequence[SeenFact], place: Place) -> None:
    """Tablets' word that money was seen. A fact is never refused: what has no transfer here is kept apart and listed."""
    hold_sales(session, {fact.sale_id for fact in facts})  # its sale may be on its way from another tablet
    people = known_person_ids(session, {fact.person_id for fact in facts})
    odd: dict[str, tuple[Odd, ...]] = {}
    for fact in facts:
        found = session.get(Transfer, (fact.sale_id, fact.payment_no), with_for_update=True)
        settled = settle(fact, place, people)
        odd[fact.id] = settled.oddities
        why = _why_unplaced(session, fact, found, place)
        if why:
            session.add(
                UnplacedSeen(
                    id=fact.id,
                    sale_id=fact.sale_id,
                    payment_no=fact.payment_no,
                    edition_id=place.edition_id,
                    booth_id=place.booth_id,
                    device_id=place.device_id,
                    person_id=fact.person_id,
                    seen_at=settled.at,
                    last_digits=fact.last_digits,
                    why=why,
                )
            )
        elif found is not None:
            _confirm_seen(
                session,
                found,
                confirmation_id=fact.id,
                at=settled.at,
                person_id=fact.person_id,
                device_id=place.device_id,
                reference=fact.last_digits,
            )
        write_line(
            session,
            at=place.received_at,
            person_id=fact.person_id,
            device_id=place.device_id,
            verb="transfer_seen",
            subject=("sale", fact.sale_id),
            facts={"payment_no": fact.payment_no, "unplaced": why},
        )
    session.flush()
    count_again(session, {fact.sale_id for fact in facts})
    record_oddities(session, odd, place)


def _why_unplaced(session: Session, fact: SeenFact, found: Transfer | None, place: Place) -> str:
    if found is None or found.kind != "sale":
        # Whether the sale itself is here is asked of sales: a sale paid in cash has no transfer.
        return "no_transfer" if is_of_booth(session, fact.sale_id, place.booth_id) else "sale_unknown"
    return "" if found.booth_id == place.booth_id else "other_booth"


def _place_seen(session: Session, sale_ids: Iterable[str], at: datetime) -> None:
    wanted = select(UnplacedSeen).where(
        UnplacedSeen.sale_id.in_(set(sale_ids)), UnplacedSeen.why == "sale_unknown", UnplacedSeen.placed_at.is_(None)
    )
    for one in session.scalars(wanted.order_by(UnplacedSeen.id)).all():
        found = session.get(Transfer, (one.sale_id, one.payment_no), with_for_update=True)
        if found is None or found.kind != "sale" or found.booth_id != one.booth_id:
            one.why = "no_transfer" if found is None or found.kind != "sale" else "other_booth"
            continue
        one.placed_at = at
        _confirm_seen(
            session,
            found,
            confirmation_id=one.id,
            at=one.seen_at,
            person_id=one.person_id,
            device_id=one.device_id,
            reference=one.last_digits,
        )
    session.flush()


def confirm_transfer(
    session: Session, edition_id: str, sale_id: str, payment_no: int, *, at: datetime, by: str
) -> bool:
    """Somebody at a desk saw the money in the shop's own bank app; whether that was news. Raises NotFound."""
    found = get_transfer(session, edition_id, sale_id, payment_no, locked=True)
    if found.kind != "sale":
        raise NotFound
    if not _confirm_seen(session, found, confirmation_id=new_id(), at=at, person_id=by, device_id=None, reference=""):
        return False
    count_again(session, [sale_id])
    facts = {"payment_no": payment_no, "amount_dong": found.amount_dong}
    write_line(session, at=at, person_id=by, verb="transfer_confirmed", subject=("sale", sale_id), facts=facts)
    return True


def _confirm_seen(
    session: Session,
    found: Transfer,
    *,
    confirmation_id: str,
    at: datetime,
    person_id: str,
    device_id: str | None,
    reference: str,
) -> bool:
    if found.seen:
        return False
    found.seen = True
    session.add(
        Confirmation(
            id=confirmation_id,
            sale_id=found.sale_id,
            payment_no=found.payment_no,
            how="person",
            amount_dong=found.amount_dong,
            at=at,
            person_id=person_id,
            device_id=device_id,
            reference=reference,
        )
    )
    session.flush()
    return True


def undo_confirmation(
    session: Session, edition_id: str, sale_id: str, payment_no: int, reason: str, *, at: datetime, by: str
) -> None:
    """Take back everything that confirms a transfer, by entries that reverse it; the bank's lines go back to be looked at.

    Raises NotFound, FieldMissing, FieldTooLong, NothingToUndo.
    """
    found = get_transfer(session, edition_id, sale_id, payment_no, locked=True)
    reason = clean(reason)
    if not reason:
        raise FieldMissing(field="reason")
    if len(reason) > 300:
        raise FieldTooLong(field="reason", most=300)
    wrong = standing(session, sale_id, payment_no)
    if not wrong:
        raise refusals.NothingToUndo
    for one in wrong:
        session.add(reversal_of(one, reason, at=at, by=by))
    told = update(_LINE).where(_LINE.c.sale_id == sale_id, _LINE.c.payment_no == payment_no)
    session.execute(told.where(_LINE.c.state.in_(COUNTED | {"same"})).values(state="undone", settled_at=None))
    found.seen, found.received_dong = False, 0
    session.flush()
    count_again(session, [sale_id])
    facts = {"payment_no": payment_no, "reason": reason, "entries": len(wrong)}
    write_line(session, at=at, person_id=by, verb="confirmation_undone", subject=("sale", sale_id), facts=facts)


def reversal_of(one: Confirmation, reason: str, *, at: datetime, by: str) -> Confirmation:
    """The entry that undoes another."""
    return Confirmation(
        id=new_id(),
        sale_id=one.sale_id,
        payment_no=one.payment_no,
        how=one.how,
        amount_dong=-one.amount_dong,
        at=at,
        person_id=by,
        bank_line_id=one.bank_line_id,
        reference=one.reference,
        reverses_id=one.id,
        reason=reason,
    )
