"""Making statements, writing down what was paid for them, and keeping their papers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.chain import digest
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.kernel.text import clean
from fair_pos.payments.rules import bank_name
from fair_pos.plumbing.db import add_up, dialect_of, insert_new
from fair_pos.registry.queries import names_and_places
from fair_pos.settlement import refusals
from fair_pos.settlement.content import Heading, content_of, frozen
from fair_pos.settlement.gather import Open, made_of, open_parts, worth_making
from fair_pos.settlement.queries import StatementFact, find_paper, get_statement, names_of
from fair_pos.settlement.rules import (
    GOODS,
    LEAST_REASON,
    METHODS,
    MOST_REFERENCE,
    MOST_WORDS,
    Borne,
    Content,
    Entry,
    Part,
    Terms,
    written_number,
)
from fair_pos.settlement.tables import Payout, Settlement, SettlementCounter, SettlementLine, SettlementPaper
from fair_pos.settlement.transfers import refuse_unpayable
from fair_pos.terms.actions import hold_terms
from fair_pos.terms.queries import MaskedAccount, accounts_since, payout_account_of
from fair_pos.venues.queries import get_edition

_COUNTER, _LINE, _PAPER = (cast("Table", one.__table__) for one in (SettlementCounter, SettlementLine, SettlementPaper))

AnySession = Session | scoped_session[Session]


def settle(
    session: Session,
    edition_id: str,
    until_day: date,
    *,
    at: datetime,
    by: str | None,
    producer_ids: Collection[str] | None = None,
    whole: bool = False,
) -> list[str]:
    """Make the statements of an edition's owners, or of those named, up to a fair day that is over. Returns the ids by number: those made
    now, and those that somebody had made up to the same day. An owner with a later statement is left out when all are asked for.
    `whole` pays what is less than the minimum too: of an owner who brings nothing more, the rest would wait for ever.

    The caller runs it in one moment (in_transaction(one_moment=True)): of two who ask at once the second waits at the counter's row, sees
    on its second attempt what the first has made, and gets that. Raises NotFound, PeriodNotOver, SettledUntilLater, NothingToSettle.
    """
    edition = get_edition(session, edition_id)
    if until_day >= fair_day(at, edition.day_boundary_minutes):
        raise refusals.PeriodNotOver(day=until_day.strftime("%d/%m/%Y"))
    hold_terms(session, edition_id)
    number = _hold_counter(session, edition_id)
    found = open_parts(session, edition_id, until_day)
    terms = replace(found.terms, minimum_dong=0) if whole else found.terms
    wanted = set(found.by_owner) if producer_ids is None else set(producer_ids)
    names = names_and_places(session, wanted)
    if producer_ids is not None and wanted - set(names):
        raise NotFound
    standing = _statements_until(session, edition_id, until_day)
    made: list[str] = []
    for owner_id in sorted(wanted - set(standing), key=lambda one: (names[one], one)):
        mine = found.by_owner.get(owner_id, Open())
        if mine.until is not None and mine.until > until_day:
            if producer_ids is not None:
                raise refusals.SettledUntilLater(name=names[owner_id][0], day=mine.until.strftime("%d/%m/%Y"))
            continue
        if not worth_making(mine, terms):
            continue
        number += 1
        heading = Heading(
            edition=edition.name,
            place=edition.place,
            sample=edition.sample,
            owner=names[owner_id][0],
            owner_place=names[owner_id][1],
            number=number,
            from_day=None if mine.until is None else mine.until + timedelta(days=1),
            until_day=until_day,
            made_at=at,
            made_by=names_of(session, [by]).get(by or "", ""),
        )
        made.append(_write(session, edition_id, owner_id, heading, made_of(owner_id, mine, terms), terms, by))
    got = [standing[one] for one in sorted(wanted & set(standing))]
    if not made and not got:
        raise refusals.NothingToSettle
    session.get_one(SettlementCounter, edition_id).last = number
    session.flush()
    if made:
        facts = {"until": until_day.isoformat(), "statements": len(made), "last": number}
        write_line(session, at=at, person_id=by, verb="settled", subject=("edition", edition_id), facts=facts)
    return [*got, *made]


def _hold_counter(session: Session, edition_id: str) -> int:
    """Lock the edition's counter and read it: whoever settles next waits here."""
    add_up(session, _COUNTER, ("last",), [{"edition_id": edition_id, "last": 0}])
    return session.scalars(select(SettlementCounter.last).where(SettlementCounter.edition_id == edition_id)).one()


def _statements_until(session: Session, edition_id: str, until_day: date) -> dict[str, str]:
    wanted = select(Settlement.producer_id, Settlement.id)
    wanted = wanted.where(Settlement.edition_id == edition_id, Settlement.until_day == until_day)
    return {row.producer_id: row.id for row in session.execute(wanted)}


def _write(
    session: Session, edition_id: str, owner_id: str, heading: Heading, made: Content, terms: Terms, by: str | None
) -> str:
    text = frozen(content_of(heading, made, terms.minimum_dong))
    statement = Settlement(
        id=new_id(),
        edition_id=edition_id,
        producer_id=owner_id,
        number=heading.number,
        from_day=heading.from_day,
        until_day=heading.until_day,
        content=text,
        digest=digest(text),
        made_at=heading.made_at,
        made_by=by,
        **asdict(made.sums),
    )
    session.add(statement)
    session.flush()
    rows = [line_row(statement.id, line_no, one) for line_no, one in enumerate(made.entries, start=1)]
    if rows:
        session.execute(insert(_LINE), rows)
    facts = {
        "number": heading.number,
        "owner": owner_id,
        "until": heading.until_day.isoformat(),
        "payable_dong": made.sums.payable_dong,
        "digest": statement.digest,
    }
    subject = ("settlement", statement.id)
    write_line(session, at=heading.made_at, person_id=by, verb="statement_made", subject=subject, facts=facts)
    return statement.id


def line_row(statement_id: str, line_no: int, one: Entry) -> Mapping[str, object]:
    """An entry as a row."""
    about = one.about
    goods = isinstance(about, Part | Borne)
    moved = one.source in (*GOODS, "giveaway")
    return {
        "settlement_id": statement_id,
        "line_no": line_no,
        "source": one.source,
        "source_id": one.source_id,
        "movement_id": int(one.source_id) if moved else None,
        "subject_id": about.subject_id if isinstance(about, Part | Borne) else None,
        "product_id": about.product_id if isinstance(about, Part | Borne) else None,
        "quantity": about.quantity if goods and isinstance(about, Part | Borne) else 0,
        "net_dong": one.net_dong,
        "owner_dong": one.owner_dong,
        "house_dong": one.house_dong,
    }


# --- payouts ----------------------------------------------------------------------------------------------------------


def pay_out(
    session: Session,
    edition_id: str,
    number: int,
    *,
    day: date,
    method: str,
    reference: str,
    words: str = "",
    seen: str | None = None,
    account_id: str = "",
    at: datetime,
    by: str | None,
) -> str:
    """Write down that a statement was paid, all of it. Returns the payout's id.

    A transfer goes to the account in use, or to `account_id` where money went to one that was in use since the statement was made.
    `seen` is the account that the payer's page said is in use, "" for none, None where there was no page.
    Raises NotFound, NothingPayable, PaidAlready, PayoutDayWrong, and of a transfer ReferenceMissing, AccountMissing, AccountChanged.
    """
    statement = _locked(session, edition_id, number)
    reference = clean(reference)[:MOST_REFERENCE]
    account = _account_for(session, statement, day, method, reference, at, seen, account_id)
    payout = Payout(
        id=new_id(),
        settlement_id=statement.id,
        step=_next_step(session, statement.id),
        amount_dong=statement.payable_dong,
        day=day,
        method=method,
        reference=reference,
        bank_bin="" if account is None else account.bank_bin,
        last_digits="" if account is None else account.last_digits,
        words=clean(words)[:MOST_WORDS],
        reverses_id=None,
        at=at,
        person_id=by,
    )
    session.add(payout)
    session.flush()
    facts = {"statement": statement.id, "amount_dong": payout.amount_dong, "method": method, "day": day.isoformat()}
    write_line(session, at=at, person_id=by, verb="paid_out", subject=("payout", payout.id), facts=facts)
    return payout.id


def _account_for(
    session: AnySession,
    statement: StatementFact,
    day: date,
    method: str,
    reference: str,
    at: datetime,
    seen: str | None,
    account_id: str = "",
) -> MaskedAccount | None:
    """Where the money for a statement goes, none for cash. Raises as pay_out does of what cannot be paid like this."""
    refuse_unpayable(statement)
    edition = get_edition(session, statement.edition_id)
    if not statement.until_day < day <= fair_day(at, edition.day_boundary_minutes):
        raise refusals.PayoutDayWrong(day=statement.until_day.strftime("%d/%m/%Y"))
    if method not in METHODS:
        raise NotFound
    if method == "cash":
        return None
    account = _account_meant(session, statement, seen, account_id)
    if not reference:
        raise refusals.ReferenceMissing
    return account


def _account_meant(session: AnySession, statement: StatementFact, seen: str | None, account_id: str) -> MaskedAccount:
    in_use = payout_account_of(session, statement.edition_id, statement.producer_id)
    if in_use is not None and seen is not None and seen != in_use.id:
        raise refusals.AccountChanged(bank=bank_name(in_use.bank_bin), digits=in_use.last_digits)
    if account_id and (in_use is None or account_id != in_use.id):
        since = accounts_since(session, statement.edition_id, statement.producer_id, statement.made_at)
        in_use = next((one for one in since if one.id == account_id), None)
    if in_use is None:
        raise refusals.AccountMissing
    return in_use


def pay_out_all(
    session: Session,
    edition_id: str,
    numbers: Collection[int],
    *,
    day: date,
    method: str,
    reference: str,
    seen: Mapping[int, str] | None = None,
    at: datetime,
    by: str | None,
) -> list[str]:
    """Write down that several statements were paid, on one day in one way, all or none. Returns the payouts' ids.

    The same words go to each as its reference; `seen` says of each which account the payer's page showed.
    Raises NotFound, NoneTicked, NonePaid (names the statement that stood in the way).
    """
    if not numbers:
        raise refusals.NoneTicked
    made = []
    # In one order: of two who pay the same ones neither holds what the other waits for.
    for number in sorted(set(numbers)):
        try:
            shown = (seen or {}).get(number)
            made.append(
                pay_out(
                    session, edition_id, number, day=day, method=method, reference=reference, seen=shown, at=at, by=by
                )
            )
        except NotFound:
            raise
        except Refusal as why:
            raise refusals.NonePaid(why, number=written_number(number)) from why
    return made


def payouts_as_asked(
    session: AnySession,
    edition_id: str,
    numbers: Collection[int],
    *,
    day: date,
    method: str,
    reference: str,
    seen: Mapping[int, str],
    at: datetime,
) -> list[tuple[StatementFact, MaskedAccount | None]]:
    """What pay_out_all would write down now, and to which account each goes. Raises as it does."""
    if not numbers:
        raise refusals.NoneTicked
    found: list[tuple[StatementFact, MaskedAccount | None]] = []
    for number in sorted(set(numbers)):
        statement = get_statement(session, edition_id, number)
        try:
            account = _account_for(session, statement, day, method, clean(reference), at, seen.get(number))
            found.append((statement, account))
        except NotFound:
            raise
        except Refusal as why:
            raise refusals.NonePaid(why, number=statement.written) from why
    return found


def reverse(session: Session, edition_id: str, number: int, reason: str, *, at: datetime, by: str | None) -> str:
    """Take the payout of a statement back, with a reason: it stays readable. Returns the new entry's id.

    Raises NotFound, NotPaid, ReversalReasonMissing.
    """
    statement = _locked(session, edition_id, number)
    paid = statement.paid
    if paid is None:
        raise refusals.NotPaid
    reason = clean(reason)[:MOST_WORDS]
    if len(reason) < LEAST_REASON:
        raise refusals.ReversalReasonMissing(least=LEAST_REASON)
    edition = get_edition(session, edition_id)
    back = Payout(
        id=new_id(),
        settlement_id=statement.id,
        step=_next_step(session, statement.id),
        amount_dong=paid.amount_dong,
        day=fair_day(at, edition.day_boundary_minutes),
        method=paid.method,
        reference=paid.reference,
        bank_bin=paid.bank_bin,
        last_digits=paid.last_digits,
        words=reason,
        reverses_id=paid.id,
        at=at,
        person_id=by,
    )
    session.add(back)
    session.flush()
    facts = {"statement": statement.id, "reverses": paid.id, "reason": reason}
    write_line(session, at=at, person_id=by, verb="payout_reversed", subject=("payout", back.id), facts=facts)
    return back.id


def _locked(session: Session, edition_id: str, number: int) -> StatementFact:
    """The statement, with nobody else paying it meanwhile. Raises NotFound."""
    wanted = select(Settlement.id).where(Settlement.edition_id == edition_id, Settlement.number == number)
    session.execute(wanted.with_for_update())
    return get_statement(session, edition_id, number)


def _next_step(session: Session, statement_id: str) -> int:
    return (session.scalar(select(func.max(Payout.step)).where(Payout.settlement_id == statement_id)) or 0) + 1


def keep_paper(session: Session, statement_id: str, kind: str, made: bytes, *, at: datetime) -> bytes:
    """Keep a file of a statement for good, unless one was kept meanwhile; returns the one that is kept."""
    row = {"settlement_id": statement_id, "kind": kind, "made_at": at, "bytes": made}
    session.execute(insert_new(dialect_of(session), _PAPER, "settlement_id"), [row])
    return find_paper(session, statement_id, kind) or made
