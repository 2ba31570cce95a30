"""What banks and people at desks said of transfers: each confirmation with its line of the bank and its line in the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from fair_pos.journal.tables import Line
from fair_pos.kernel.ids import named_id
from fair_pos.payments.hooks import Unreadable, read_event, transaction_id
from fair_pos.payments.rules import COUNTED, read_account_number
from fair_pos.payments.tables import BankLine, Confirmation, HookEvent, Statement
from fair_pos.proof.heard import AnySession
from fair_pos.proof.rules import same

_WRITTEN = {
    "transfer_confirmed": {"payment_no", "amount_dong"},
    "money_matched": {"payment_no", "amount_dong", "source", "state"},
    "money_assigned": {"payment_no", "amount_dong", "line"},
    "confirmation_undone": {"payment_no", "reason", "entries"},
}
"""Verb → what its line tells."""


def check_banks(session: AnySession) -> None:
    """Everything about confirmations that no tablet's command says. Raises Differs."""
    _check_reversals(session)
    _check_lines_counted(session)
    _check_journal(session)
    _check_events(session)
    _check_statements(session)


def _check_reversals(session: AnySession) -> None:
    """What undoes a confirmation is its opposite."""
    undone = aliased(Confirmation)
    opposite = and_(
        undone.amount_dong == -Confirmation.amount_dong,
        undone.reverses_id.is_(None),
        *(
            getattr(undone, name).is_not_distinct_from(getattr(Confirmation, name))
            for name in ("sale_id", "payment_no", "how", "bank_line_id", "reference")
        ),
    )
    wanted = select(Confirmation.id).join(undone, undone.id == Confirmation.reverses_id).where(~opposite)
    for one in session.scalars(wanted.order_by(Confirmation.id).limit(1)):
        same("confirmation", one, "what it undoes", "something else", "its opposite")


def _check_lines_counted(session: AnySession) -> None:
    """Money of the bank that counts stands in the bank's own line, once; and a line that counts confirms something."""
    undoing = aliased(Confirmation)
    undone = select(undoing.id).where(undoing.reverses_id == Confirmation.id).exists()
    standing: list[ColumnElement[bool]] = [Confirmation.how != "person", Confirmation.reverses_id.is_(None), ~undone]
    told = and_(
        BankLine.id == Confirmation.bank_line_id,
        BankLine.sale_id == Confirmation.sale_id,
        BankLine.payment_no == Confirmation.payment_no,
        BankLine.amount_dong == Confirmation.amount_dong,
        BankLine.reference == Confirmation.reference,
        BankLine.state.in_(COUNTED),
        (BankLine.source == "statement") == (Confirmation.how == "statement"),
    )
    without = select(Confirmation.id).where(*standing, ~select(BankLine.id).where(told).exists())
    for one in session.scalars(without.order_by(Confirmation.id).limit(1)):
        same("confirmation", one, "line of the bank", None, "one that says the same")
    confirmed = select(func.count()).select_from(Confirmation).where(*standing)
    counted = select(func.count()).select_from(BankLine).where(BankLine.state.in_(COUNTED))
    same("bank line", "that counts", "number of lines", session.scalar(counted), session.scalar(confirmed))


def _check_journal(session: AnySession) -> None:
    """Who or what confirmed a transfer, and who took that back, stands in the journal too."""
    made: Counter[tuple[Any, ...]] = Counter()
    by_tablet = and_(
        Confirmation.how == "person", Confirmation.device_id.is_not(None), Confirmation.reverses_id.is_(None)
    )
    for one in session.scalars(select(Confirmation).where(~by_tablet)):
        where = (one.sale_id, one.at, one.person_id, one.payment_no)
        if one.reverses_id:
            made[("confirmation_undone", *where, one.reason)] += 1
            continue
        same("confirmation", one.id, "reason", one.reason, "")
        if one.how == "person":
            same("confirmation", one.id, "of a bank", (one.bank_line_id, one.reference), (None, ""))
            made[("transfer_confirmed", *where, one.amount_dong)] += 1
        elif one.person_id:
            made[("money_assigned", *where, (one.amount_dong, one.bank_line_id))] += 1
        else:
            made[("money_matched", *where, one.amount_dong)] += 1
    written: Counter[tuple[Any, ...]] = Counter()
    for line in session.scalars(select(Line).where(Line.verb.in_(_WRITTEN))):
        facts = line.facts
        same("journal line", line.subject_id, "what it tells", set(facts), _WRITTEN[line.verb])
        same("journal line", line.subject_id, "device_id", line.device_id, None)
        said: Any = facts.get("amount_dong")
        if line.verb == "confirmation_undone":
            said = facts.get("reason")
        elif line.verb == "money_assigned":
            said = (said, facts.get("line"))
        key = (line.verb, line.subject_id, line.at, line.person_id, facts.get("payment_no"), said)
        written[key] += facts.get("entries", 1)
    for key in [*(written - made), *(made - written)]:
        same("journal line", key[1], f"number of lines «{key[0]}»", written[key], made[key])


def _check_events(session: AnySession) -> None:
    """Each provider's bytes became the line of the bank that they say, or were none of our business."""
    taken = 0
    for event in _events(session):
        txn_id = transaction_id(event.provider, event.body)
        same("hook event", event.id, "txn_id", event.txn_id, txn_id)
        same("hook event", event.id, "id", event.id, named_id("hook", event.provider, txn_id))
        if event.outcome == "waiting":
            continue
        try:
            said = read_event(event.provider, event.body)
        except Unreadable:
            same("hook event", event.id, "outcome", event.outcome, "unreadable")
            continue
        same("hook event", event.id, "outcome", event.outcome, "taken" if said.incoming else "ignored")
        if not said.incoming:
            continue
        taken += 1
        numbers = [number for text in said.accounts if (number := read_account_number(text))] or [""]
        ids = {named_id("bank_line", event.provider, number, txn_id): number for number in numbers}
        lines = session.scalars(select(BankLine).where(BankLine.id.in_(ids))).all()
        same("hook event", event.id, "number of lines of the bank", len(lines), 1)
        same("bank line", lines[0].id, "account_number", lines[0].account_number, ids[lines[0].id])
        same("bank line", lines[0].id, "source", lines[0].source, event.provider)
        for name in ("amount_dong", "reference", "booked_at"):
            same("bank line", lines[0].id, name, getattr(lines[0], name), getattr(said, name))
    told = select(func.count()).select_from(BankLine).where(BankLine.source != "statement")
    same("bank line", "of providers", "number of lines", session.scalar(told), taken)


def _events(session: AnySession) -> Iterator[HookEvent]:
    """A few at a time: their bytes may be many."""
    wanted = select(HookEvent).order_by(HookEvent.id).limit(200)
    events = session.scalars(wanted).all()
    while events:
        yield from events
        events = session.scalars(wanted.where(HookEvent.id > events[-1].id)).all()


def _check_statements(session: AnySession) -> None:
    """Each import brought as many new lines as it says, all when it was imported; and the journal says so too."""
    brought = dict(session.execute(select(BankLine.statement_id, func.count()).group_by(BankLine.statement_id)).all())
    said = {
        line.subject_id: (
            line.at,
            line.person_id,
            {name: line.facts.get(name) for name in ("matched", "listed", "known")},
        )
        for line in session.scalars(select(Line).where(Line.verb == "statement_imported"))
    }
    imported = select(Statement).where(Statement.imported_at.is_not(None))
    for one in session.scalars(imported.order_by(Statement.id)):
        written = said.pop(one.id, None)
        same("statement", one.id, "import", (one.imported_at, one.imported_by, one.counts), written)
        lines = brought.pop(one.id, 0)
        same("statement", one.id, "new lines", one.counts["matched"] + one.counts["listed"], lines)
    for statement_id in said:
        same("statement", statement_id, "row", None, "an import")
    imported_with = and_(Statement.id == BankLine.statement_id, Statement.imported_at == BankLine.received_at)
    stray = select(BankLine.id).where(
        or_(
            and_(BankLine.source == "statement", BankLine.statement_id.is_(None)),
            and_(BankLine.source != "statement", BankLine.statement_id.is_not(None)),
            and_(BankLine.statement_id.is_not(None), ~select(Statement.id).where(imported_with).exists()),
        )
    )
    for one_id in session.scalars(stray.limit(1)):
        same("bank line", one_id, "statement", "another", "the one that brought it")
