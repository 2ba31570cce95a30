"""Into which account an owner is paid: one person proposes, another approves, and the number is sealed before it is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean
from fair_pos.payments.actions import AccountSaid
from fair_pos.payments.refusals import (
    AccountNumberInvalid,
    AccountUnchanged,
    BankUnknown,
    ChangeDecided,
    ChangeOpen,
    SamePerson,
)
from fair_pos.payments.rules import banks, read_account_number
from fair_pos.registry.queries import known_producer_ids
from fair_pos.terms import refusals
from fair_pos.terms.actions import hold_terms
from fair_pos.terms.queries import MaskedAccount, account_in_use, find_open_change, get_change, masked_account
from fair_pos.terms.tables import PayoutAccount, PayoutAccountChange
from fair_pos.terms.vault import SealBroken, Vault
from fair_pos.venues.refusals import FieldMissing, FieldTooLong

LEAST_DIGITS = 6


def propose_account(
    session: Session,
    edition_id: str,
    producer_id: str,
    said: AccountSaid | None,
    *,
    vault: Vault,
    at: datetime,
    by: str,
    account_id: str | None = None,
) -> PayoutAccountChange:
    """Propose where an owner is paid, or with None nowhere any more. Nothing changes until a second person approves.

    Raises NotFound, BankUnknown, AccountNumberInvalid, PayoutNumberShort, FieldMissing, FieldTooLong, AccountUnchanged, ChangeOpen.
    """
    hold_terms(session, edition_id)
    if not known_producer_ids(session, {producer_id}):
        raise NotFound
    in_use = account_in_use(session, edition_id, producer_id)
    read = None if said is None else _read(said)
    if (in_use is None and read is None) or (in_use is not None and read == _opened(in_use, vault)):
        raise AccountUnchanged
    if find_open_change(session, edition_id, producer_id) is not None:
        raise ChangeOpen
    account = None
    if read is not None:
        account = _sealed(edition_id, producer_id, read, vault, account_id or new_id())
        session.add(account)
        session.flush()
    change = PayoutAccountChange(
        id=new_id(),
        edition_id=edition_id,
        producer_id=producer_id,
        account_id=account.id if account is not None else None,
        proposed_by=by,
        proposed_at=at,
    )
    session.add(change)
    session.flush()
    _write_about(session, change, "payout_account_proposed", at=at, by=by)
    return change


def _read(said: AccountSaid) -> AccountSaid:
    if said.bank_bin not in banks():
        raise BankUnknown
    number, holder = read_account_number(said.account_number), clean(said.holder)
    if number is None:
        raise AccountNumberInvalid
    if len(number) < LEAST_DIGITS:
        raise refusals.PayoutNumberShort(least=LEAST_DIGITS)
    if not holder:
        raise FieldMissing(field="holder")
    if len(holder) > 100:
        raise FieldTooLong(field="holder", most=100)
    return AccountSaid(said.bank_bin, number, holder)


def _sealed(edition_id: str, producer_id: str, said: AccountSaid, vault: Vault, account_id: str) -> PayoutAccount:
    return PayoutAccount(
        id=account_id,
        edition_id=edition_id,
        producer_id=producer_id,
        bank_bin=said.bank_bin,
        number_sealed=vault.seal(said.account_number, f"number of {account_id}"),
        holder_sealed=vault.seal(said.holder, f"holder of {account_id}"),
        last_digits=said.account_number[-3:],
    )


def open_account(account: PayoutAccount, vault: Vault) -> AccountSaid:
    """The account itself, for whoever pays into it; for no screen but theirs. Raises SealBroken."""
    number = vault.open(account.number_sealed, f"number of {account.id}")
    return AccountSaid(account.bank_bin, number, vault.open(account.holder_sealed, f"holder of {account.id}"))


@dataclass(frozen=True)
class Opened:
    """An account in use as whoever pays into it must know it. Number and holder stay out of everything that writes objects down."""

    masked: MaskedAccount
    number: str = field(repr=False)
    holder: str = field(repr=False)


def open_in_use(session: Session, edition_id: str, producer_id: str, vault: Vault) -> Opened | None:
    """The account into which an owner is paid now, None when two people agreed on none. Who asks writes the look into the journal.

    Raises AccountLost when no key here opens it.
    """
    account = account_in_use(session, edition_id, producer_id)
    if account is None:
        return None
    said = _opened(account, vault)
    if said is None:
        raise refusals.AccountLost
    return Opened(masked_account(account), said.account_number, said.holder)


def _opened(account: PayoutAccount, vault: Vault) -> AccountSaid | None:
    """None when the key is gone: then a new proposal is the way out, and must not be refused as the same."""
    try:
        return open_account(account, vault)
    except SealBroken:
        return None


def approve_change(
    session: Session, edition_id: str, change_id: str, number_again: str, *, vault: Vault, at: datetime, by: str
) -> PayoutAccountChange:
    """Let a proposal take effect. Who approves types the number again from the owner's own paper: no screen shows it to copy.

    Raises NotFound, ChangeDecided, SamePerson, NumberTypedDiffers, AccountUnreadable.
    """
    change = _open_change(session, edition_id, change_id)
    if change.proposed_by == by:
        raise SamePerson
    new = None if change.account_id is None else session.get_one(PayoutAccount, change.account_id)
    if new is not None:
        said = _opened(new, vault)
        if said is None:
            raise refusals.AccountUnreadable
        if read_account_number(number_again) != said.account_number:
            raise refusals.NumberTypedDiffers
    in_use = account_in_use(session, edition_id, change.producer_id)
    if in_use is not None:
        in_use.active_until_at = at
        session.flush()  # before the next: only one may be in use
    if new is not None:
        new.active_from_at = at
    _decide(session, change, "approved", at=at, by=by)
    return change


def turn_down_change(session: Session, edition_id: str, change_id: str, *, at: datetime, by: str) -> None:
    """End a proposal: rejected by somebody else, withdrawn by who made it. Raises NotFound, ChangeDecided."""
    change = _open_change(session, edition_id, change_id)
    _decide(session, change, "withdrawn" if change.proposed_by == by else "rejected", at=at, by=by)


def _open_change(session: Session, edition_id: str, change_id: str) -> PayoutAccountChange:
    hold_terms(session, edition_id)
    change = get_change(session, edition_id, change_id, locked=True)
    if change.outcome is not None:
        raise ChangeDecided
    return change


def _decide(session: Session, change: PayoutAccountChange, outcome: str, *, at: datetime, by: str) -> None:
    change.outcome, change.decided_by, change.decided_at = outcome, by, at
    session.flush()
    _write_about(session, change, f"payout_account_{outcome}", at=at, by=by)


def _write_about(session: Session, change: PayoutAccountChange, verb: str, *, at: datetime, by: str) -> None:
    # Which account is said by its id: the journal holds no number and no name of a holder.
    facts = {"account": change.account_id, "producer": change.producer_id}
    write_line(session, at=at, person_id=by, verb=verb, subject=("payout_account", change.id), facts=facts)


def seal_again(session: Session, vault: Vault) -> tuple[int, list[str]]:
    """Seal every account with the newest key: how many, and ids of those that no key here opens and that stay as they are."""
    lost, count = [], 0
    for account in session.scalars(select(PayoutAccount).order_by(PayoutAccount.id).with_for_update()):
        said = _opened(account, vault)
        if said is None:
            lost.append(account.id)
            continue
        fresh = _sealed(account.edition_id, account.producer_id, said, vault, account.id)
        account.number_sealed, account.holder_sealed = fresh.number_sealed, fresh.holder_sealed
        count += 1
    session.flush()
    return count, lost
