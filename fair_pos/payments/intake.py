"""How the bank's word comes in: a statement that somebody uploads and looks at first, or what a provider posts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import named_id, new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.payments.hooks import Unreadable, read_event, transaction_id
from fair_pos.payments.matching import Matched, NewLine, editions_by_account, record_lines
from fair_pos.payments.queries import accounts_of
from fair_pos.payments.refusals import StatementGone
from fair_pos.payments.rules import read_account_number
from fair_pos.payments.statement import ReadStatement, find_table, guess_columns, read_lines
from fair_pos.payments.statement import Table as BankTable
from fair_pos.payments.tables import HookEvent, Statement
from fair_pos.plumbing.db import dialect_of, insert_new

KEPT_FOR = timedelta(hours=1)
_EVENT = cast("Table", HookEvent.__table__)

# --- statements -----------------------------------------------------------------------------------------------------


def keep_statement(
    session: Session, edition_id: str, account_number: str, data: bytes, filename: str, *, at: datetime, by: str
) -> Statement:
    """Keep a bank's file for an hour, to be looked at by whoever sent it. Older ones that nobody imported go.

    Raises NotFound for an account that is none of this edition's, FileUnreadable, FileTooLarge, StatementEmpty.
    """
    if account_number not in {one.account_number for one in accounts_of(session, edition_id)}:
        raise NotFound
    find_table(data, filename)
    stale = delete(Statement).where(Statement.imported_at.is_(None), Statement.uploaded_at < at - KEPT_FOR)
    session.execute(stale)
    kept = Statement(
        id=new_id(),
        edition_id=edition_id,
        account_number=account_number,
        filename=filename.replace("\0", "")[:300],
        data=data,
        uploaded_by=by,
        uploaded_at=at,
        counts={},
    )
    session.add(kept)
    session.flush()
    return kept


def get_statement(session: Session, edition_id: str, statement_id: str, *, at: datetime, by: str) -> Statement:
    """A file that waits for this person. Raises NotFound, and StatementGone when it was imported or is too old."""
    found = session.scalar(select(Statement).where(Statement.id == statement_id).with_for_update())
    if found is None or found.edition_id != edition_id or found.uploaded_by != by:
        raise NotFound
    if found.data is None or found.uploaded_at < at - KEPT_FOR:
        raise StatementGone
    return found


@dataclass(frozen=True)
class Import:
    """What an import did, or would do."""

    table: BankTable
    columns: Mapping[str, int]
    read: ReadStatement
    result: Matched


def columns_of(table: BankTable, chosen: Mapping[str, int] | None) -> dict[str, int]:
    """The columns as chosen; as guessed when nobody chose. A column that does not exist is none."""
    if chosen is None:
        return guess_columns(table.headings)
    return {field: at for field, at in chosen.items() if 0 <= at < len(table.headings)}


def import_statement(
    session: Session, kept: Statement, chosen: Mapping[str, int] | None, *, at: datetime, by: str
) -> Import:
    """Record every line of money in, each once for ever. Raises StatementColumnsMissing.

    The caller may roll back: that is the dry run. Afterwards the bank's file is gone, its counts stay.
    """
    assert kept.data is not None
    table = find_table(kept.data, kept.filename)
    columns = columns_of(table, chosen)
    read = read_lines(table, columns, kept.account_number)
    lines = [
        NewLine(
            source="statement",
            key=line.key,
            account_number=line.account_number,
            booked_at=line.booked_at,
            amount_dong=line.amount_dong,
            memo=line.memo,
            reference=line.reference,
            edition_id=kept.edition_id,
            statement_id=kept.id,
            row_number=line.row_number,
        )
        for line in read.lines
    ]
    result = record_lines(session, lines, at)
    kept.data, kept.imported_at, kept.imported_by = None, at, by
    kept.counts = {"matched": result.matched, "listed": result.listed, "known": result.known}
    session.flush()
    write_line(
        session,
        at=at,
        person_id=by,
        verb="statement_imported",
        subject=("statement", kept.id),
        facts={**kept.counts, "states": result.states, "unreadable": len(read.unreadable)},
    )
    return Import(table, columns, read, result)


# --- providers ------------------------------------------------------------------------------------------------------


def store_event(session: Session, provider: str, body: bytes, at: datetime) -> str:
    """Keep what a provider sent before anything is made of it; the id under which it is kept, the same when it comes again.

    The caller has compared the signature.
    """
    txn_id = transaction_id(provider, body)
    row = {
        "id": named_id("hook", provider, txn_id),
        "provider": provider,
        "txn_id": txn_id,
        "received_at": at,
        "body": body,
        "outcome": "waiting",
    }
    session.execute(insert_new(dialect_of(session), _EVENT, "id"), [row])
    return str(row["id"])


def take_event(session: Session, event_id: str, at: datetime) -> str:
    """Make of a kept event what follows from it, once; its outcome."""
    event = session.scalar(select(HookEvent).where(HookEvent.id == event_id).with_for_update())
    assert event is not None
    if event.outcome != "waiting":
        return event.outcome
    try:
        said = read_event(event.provider, event.body)
    except Unreadable:
        event.outcome = "unreadable"
        facts = {"provider": event.provider}
        write_line(session, at=at, verb="hook_unreadable", subject=("hook", event.id), facts=facts)
        return event.outcome
    if not said.incoming:
        event.outcome = "ignored"
        return event.outcome
    numbers = [number for text in said.accounts if (number := read_account_number(text))]
    ours = editions_by_account(session, set(numbers))
    account = next((number for number in numbers if number in ours), numbers[0] if numbers else "")
    line = NewLine(
        source=event.provider,
        key=event.txn_id,
        account_number=account,
        booked_at=said.booked_at,
        amount_dong=said.amount_dong,
        memo=said.memo,
        reference=said.reference,
    )
    record_lines(session, [line], at)
    event.outcome = "taken"
    session.flush()
    return event.outcome
