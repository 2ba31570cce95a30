"""Opening sealed accounts for whoever transfers what statements say: one account, or a list; every look is in the journal (decision 0034)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.journal.queries import lines_about
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.payments.vietqr import VietQr, ascii_note, build
from fair_pos.settlement import refusals
from fair_pos.settlement.queries import AnySession, StatementFact, get_statement
from fair_pos.terms.accounts import open_in_use
from fair_pos.terms.queries import MaskedAccount
from fair_pos.terms.vault import Vault
from fair_pos.venues.queries import get_edition

SHOWN, LISTED = "payout_account_shown", "payment_list_made"
"""Verbs of the journal."""


@dataclass(frozen=True)
class Transfer:
    """What somebody types into a bank's app, or scans. Number and holder stay out of everything that writes objects down."""

    statement: StatementFact
    account: MaskedAccount
    number: str = field(repr=False)
    holder: str = field(repr=False)
    words: str

    @property
    def amount_dong(self) -> int:
        """All that the statement pays."""
        return self.statement.payable_dong

    @property
    def code(self) -> str:
        """The text of its VietQR."""
        return build(VietQr(self.account.bank_bin, self.number, self.amount_dong, self.words))


@dataclass(frozen=True)
class Look:
    """Who saw the number of an account, when, for a statement. `account_id` is the account that was in use then."""

    person_id: str | None
    at: datetime
    account_id: str
    listed: bool


def transfer_words(number: int, edition: str) -> str:
    """What goes with the money, as every bank takes it: the statement, then the fair, at most 25 characters.

    >>> transfer_words(7, "Tuần lễ OCOP Điện Biên 2026")
    'TT0007 Tuan le OCOP Dien'
    """
    return ascii_note(f"TT{number:04} {edition}")


def show_account(
    session: Session, edition_id: str, number: int, *, vault: Vault, at: datetime, by: str | None
) -> Transfer:
    """The account to which a statement that waits is paid, open; the look is written down first.

    Raises NotFound, NothingPayable, PaidAlready, AccountMissing, AccountLost.
    """
    found = _transfer(session, edition_id, number, vault)
    statement = found.statement
    facts = {"number": number, "producer": statement.producer_id, "account": found.account.id}
    write_line(session, at=at, person_id=by, verb=SHOWN, subject=("settlement", statement.id), facts=facts)
    return found


def list_transfers(
    session: Session, edition_id: str, numbers: Collection[int], *, vault: Vault, at: datetime, by: str | None
) -> list[Transfer]:
    """The same of several statements, all or none; the list is one line of the journal.

    Raises NotFound, NoneTicked, NoneListed (names the statement that stood in the way).
    """
    if not numbers:
        raise refusals.NoneTicked
    found = []
    for number in sorted(set(numbers)):
        try:
            found.append(_transfer(session, edition_id, number, vault))
        except NotFound:
            raise
        except Refusal as why:
            raise refusals.NoneListed(why, number=get_statement(session, edition_id, number).written) from why
    facts = {
        "count": len(found),
        "total_dong": sum(one.amount_dong for one in found),
        # By statement: which account was seen, so that its page can say when another is in use since.
        "accounts": {one.statement.id: one.account.id for one in found},
    }
    write_line(session, at=at, person_id=by, verb=LISTED, subject=("edition", edition_id), facts=facts)
    return found


def _transfer(session: Session, edition_id: str, number: int, vault: Vault) -> Transfer:
    statement = get_statement(session, edition_id, number)
    refuse_unpayable(statement)
    opened = open_in_use(session, edition_id, statement.producer_id, vault)
    if opened is None:
        raise refusals.AccountMissing
    words = transfer_words(number, get_edition(session, edition_id).name)
    return Transfer(statement, opened.masked, opened.number, opened.holder, words)


def refuse_unpayable(statement: StatementFact) -> None:
    """Raises NothingPayable, PaidAlready."""
    if statement.payable_dong == 0:
        raise refusals.NothingPayable
    if statement.paid is not None:
        raise refusals.PaidAlready


def looks_at(session: AnySession, statement: StatementFact) -> list[Look]:
    """Who saw the number for this statement, the oldest first."""
    alone = [
        Look(line.person_id, line.at, line.facts["account"], listed=False)
        for line in lines_about(session, "settlement", statement.id, verb=SHOWN)
    ]
    listed = [
        Look(line.person_id, line.at, account, listed=True)
        for line in lines_about(session, "edition", statement.edition_id, verb=LISTED)
        if (account := line.facts["accounts"].get(statement.id)) is not None
    ]
    return sorted([*alone, *listed], key=lambda one: one.at)
