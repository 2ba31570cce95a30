"""What banks said, against the bytes and files it came in, the entries it made and the journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.payments.intake import store_event
from fair_pos.payments.tables import BankLine, Confirmation, HookEvent, Statement
from fair_pos.plumbing.db import db, transaction
from tests.payments.money import code_of, sepay_body
from tests.proof.histories import some_money
from tests.proof.saying import lines_about, said, said_now
from tests.sales.histories import a_fair_with_tablets


@pytest.fixture
def work(app: Flask) -> Iterator[Session]:
    fair, tablets = a_fair_with_tablets(app, 2)
    some_money(app, fair, tablets)
    with app.app_context(), Session(db.engine) as session:
        assert said(session) == ""
        yield session
        session.rollback()


def counted(work: Session, source: str) -> BankLine:
    found = select(BankLine).where(BankLine.source == source, BankLine.state == "confirmed").order_by(BankLine.id)
    return work.scalars(found).first() or pytest.fail("none counts")


def copied(line: BankLine, **changes: object) -> BankLine:
    return BankLine(**{column.name: getattr(line, column.name) for column in line.__table__.columns} | changes)


def test_money_that_no_provider_told_is_none(work: Session) -> None:
    line = counted(work, "sepay")
    work.add(copied(line, id=new_id(), state="no_code", sale_id=None, payment_no=None))
    assert said(work) == "bank line: number of lines"


def test_money_that_stands_in_no_statement_is_none(work: Session) -> None:
    line = counted(work, "statement")
    work.add(copied(line, id=new_id(), state="no_code", sale_id=None, payment_no=None))
    assert said(work) == "statement: new lines"
    work.rollback()
    work.add(copied(line, id=new_id(), state="no_code", sale_id=None, payment_no=None, statement_id=None))
    assert said(work) == "bank line: statement"
    work.rollback()
    # As many lines as the import says, but one of them came another day.
    line = counted(work, "statement")
    line.received_at += timedelta(days=1)
    assert said(work) == "bank line: statement"


def test_what_a_provider_said_is_read_again_from_its_bytes(work: Session) -> None:
    line = counted(work, "sepay")
    entry = work.scalars(select(Confirmation).where(Confirmation.bank_line_id == line.id)).one()
    line.reference = entry.reference = "FT999"
    assert said(work) == "bank line: reference"
    work.rollback()
    event = work.scalars(select(HookEvent).where(HookEvent.outcome == "taken")).first()
    assert event is not None
    event.outcome = "ignored"
    assert said(work) == "hook event: outcome"
    work.rollback()
    event.txn_id = "77"
    assert said(work) == "hook event: txn_id"


def test_what_nothing_has_been_made_of_waits(app: Flask, work: Session) -> None:
    """Its bytes are here before anything follows from them: that is no difference."""
    with app.app_context(), transaction() as session:
        store_event(session, "sepay", sepay_body(code_of(1), 5, txn=500), now())
    assert said_now(app) == ""


def test_money_counts_once_and_only_with_its_entry(work: Session) -> None:
    line = counted(work, "statement")
    waiting = work.scalars(select(BankLine).where(BankLine.state == "undone")).one()
    waiting.state = "confirmed"
    assert said(work) == "bank line: number of lines"
    work.rollback()
    entry = work.scalars(select(Confirmation).where(Confirmation.bank_line_id == line.id)).one()
    entry.bank_line_id = waiting.id
    assert said(work) == "confirmation: line of the bank"


def test_what_undoes_an_entry_is_its_opposite(work: Session) -> None:
    undoing = work.scalars(select(Confirmation).where(Confirmation.reverses_id.is_not(None))).first()
    assert undoing is not None
    undoing.reference = "another"
    assert said(work) == "confirmation: what it undoes"


@pytest.mark.parametrize(
    "verb", ["transfer_confirmed", "money_matched", "money_assigned", "confirmation_undone", "statement_imported"]
)
def test_each_entry_has_its_line_and_each_line_its_entry(work: Session, verb: str) -> None:
    line = lines_about(work, verb)[0]
    line.at += timedelta(milliseconds=1)
    named = said(work)
    assert named in {f"journal line: number of lines «{verb}»", "statement: import"}
    work.rollback()
    line = lines_about(work, verb)[0]
    columns = {column.name: getattr(line, column.name) for column in Line.__table__.columns}
    work.add(Line(**columns | {"seq": 10**6, "subject_id": new_id()}))
    assert said(work) in {f"journal line: number of lines «{verb}»", "statement: row"}
    work.rollback()
    if verb != "statement_imported":
        lines_about(work, verb)[0].facts = {**line.facts, "more": 1}
        assert said(work) == "journal line: what it tells"


def test_an_import_says_who_made_it_and_what_it_brought(work: Session) -> None:
    for change in ({"imported_by": None}, {"counts": {"matched": 2, "listed": 0, "known": 0}}):
        work.execute(update(Statement).values(change))
        assert said(work) == "statement: import"
        work.rollback()
