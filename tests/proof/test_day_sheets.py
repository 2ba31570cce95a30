"""`verify` makes signed day sheets again from the receipts they sign, and finds whatever was changed on one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from fair_pos.daysheet.sheet import frozen
from fair_pos.daysheet.tables import DayReopening, DaySheet, SignedSale
from fair_pos.journal.tables import Line
from fair_pos.kernel.chain import digest
from fair_pos.kernel.clock import now
from fair_pos.payments.actions import confirm_transfer
from fair_pos.payments.tables import Transfer
from fair_pos.people.tables import Person
from fair_pos.plumbing.db import db, transaction
from fair_pos.proof.day_sheets import prove_day_sheets
from fair_pos.proof.rules import Differs
from fair_pos.venues.tables import Booth, Edition
from tests.daysheet.evenings import Evening, make_evening


@pytest.fixture
def evening(app: Flask) -> Evening:
    """Signed, opened again, and signed a second time with one receipt more."""
    evening = make_evening(app)
    evening.close()
    late = evening.tablets[1]
    late.send(late.sale([(evening.fair.goods[0], 1)], at=now() - timedelta(days=1)))
    evening.reopen()
    evening.close(by="quantri")
    return evening


@pytest.fixture
def work(app: Flask, evening: Evening) -> Iterator[Session]:
    with app.app_context(), Session(db.engine) as session:
        assert said(session) == ""
        yield session
        session.rollback()


def said(session: Session) -> str:
    """What `verify` says of the day sheets now; nothing when they agree."""
    session.flush()
    try:
        prove_day_sheets(session)
    except Differs as differs:
        return f"{differs.difference.what}: {differs.difference.field}"
    return ""


def sheet(work: Session, number: int = 1) -> DaySheet:
    return work.scalars(select(DaySheet).where(DaySheet.number == number)).one()


def rewrite(work: Session, change: Callable[[dict[str, Any]], object], number: int = 1) -> None:
    """Another content, with its digest on the sheet and in the journal."""
    one = sheet(work, number)
    content = json.loads(one.content)
    change(content)
    one.content = frozen(content)
    one.digest = digest(one.content)
    line = work.scalars(select(Line).where(Line.subject_id == one.id, Line.verb == "day_closed")).one()
    line.facts = {**line.facts, "digest": one.digest}


def test_untouched_sheets_agree(app: Flask, evening: Evening, command_line: FlaskCliRunner) -> None:
    with app.app_context(), Session(db.engine) as session:
        proof = prove_day_sheets(session)
    assert (proof.sheets, proof.receipts) == (2, 6 + 7)
    done = command_line.invoke(args=["verify"])
    assert done.exit_code == 0, done.output
    assert "2 day sheets with 13 signed receipts" in done.output


def test_every_sum_of_money_is_what_the_receipts_come_to(work: Session) -> None:
    """Each amount on the sheet, one after the other, with digest and journal put right."""
    content = json.loads(sheet(work).content)
    tried = 0
    for path in amounts(content):
        rewrite(work, lambda some, path=path: add_one(some, path))  # type: ignore[misc]
        assert said(work).startswith("day sheet: "), path
        work.rollback()
        tried += 1
    assert tried > 20


def amounts(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where money and counts of receipts stand. Drawers, visitors and who was late are the sheet's own word."""
    for name in (
        ("money", "paid", "zones", "booths")
        if not path
        else content
        if isinstance(content, dict)
        else range(len(content))
    ):
        part = content[name]
        if isinstance(part, (dict, list)):
            yield from amounts(part, (*path, name))
        elif isinstance(part, int):
            yield (*path, name)


def add_one(content: Any, path: tuple[Any, ...]) -> None:
    *way, last = path
    for step in way:
        content = content[step]
    content[last] += 1


CHANGES: dict[str, Callable[[Session], Any]] = {
    "a digest": lambda work: work.execute(update(DaySheet).values(digest="0" * 64)),
    "a column": lambda work: work.execute(update(DaySheet).values(sold_dong=DaySheet.sold_dong + 1)),
    "a count": lambda work: work.execute(update(DaySheet).values(receipts=DaySheet.receipts - 1)),
    "entries": lambda work: work.execute(update(DaySheet).values(entries=7)),
    "who signed": lambda work: work.execute(
        update(DaySheet).values(closed_by=select(Person.id).where(Person.login_name == "chuthe").scalar_subquery())
    ),
    "when": lambda work: work.execute(update(DaySheet).values(closed_at=now())),
    "a number": lambda work: work.execute(update(DaySheet).where(DaySheet.number == 2).values(number=3)),
    "a round": lambda work: work.execute(update(DaySheet).where(DaySheet.round == 2).values(round=3)),
    "a day": lambda work: work.execute(
        update(DaySheet).where(DaySheet.round == 2).values(fair_day=sheet(work).fair_day + timedelta(days=1), round=1)
    ),
    "a receipt taken off": lambda work: work.delete(work.scalars(select(SignedSale)).first()),
    "a reason": lambda work: work.execute(update(DayReopening).values(reason="lý do khác")),
    "no reopening": lambda work: work.execute(delete(DayReopening)),
    "no line": lambda work: work.execute(delete(Line).where(Line.verb == "day_reopened")),
    "a line too many": lambda work: work.execute(
        update(Line).where(Line.verb == "day_reopened").values(verb="day_closed")
    ),
    "no sheet": lambda work: (
        work.execute(delete(SignedSale).where(SignedSale.sheet_id == sheet(work, 2).id)),
        work.execute(delete(DaySheet).where(DaySheet.number == 2)),
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found(work: Session, what: str) -> None:
    CHANGES[what](work)
    assert said(work) != ""


def test_a_receipt_of_the_first_signature_stays_on_the_second(work: Session) -> None:
    first = sheet(work).id
    one = work.scalars(select(SignedSale.sale_id).where(SignedSale.sheet_id == first)).first()
    work.execute(delete(SignedSale).where(SignedSale.sheet_id == sheet(work, 2).id, SignedSale.sale_id == one))
    assert said(work) == "signed sale: signed before"


@pytest.mark.parametrize("content", ["{", "[]", '{"version":1}', "null"])
def test_what_is_no_sheet_is_said_to_be_none(work: Session, content: str) -> None:
    one = sheet(work)
    one.content, one.digest = content, digest(content)
    line = work.scalars(select(Line).where(Line.subject_id == one.id, Line.verb == "day_closed")).one()
    line.facts = {**line.facts, "digest": one.digest}
    assert said(work) == "day sheet: content"


def test_new_names_and_later_confirmations_change_no_sheet(app: Flask, evening: Evening) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(Person).values(name="Tên mới"))
        session.execute(update(Edition).values(name="Hội chợ mới"))
        session.execute(update(Booth).values(name="Gian mới", zone="Z"))
        transfer = session.scalars(select(Transfer)).first()
        assert transfer is not None
        fair = evening.fair
        confirm_transfer(
            session, fair.edition_id, transfer.sale_id, transfer.payment_no, at=now(), by=fair.people["bantochuc"]
        )
    with app.app_context(), Session(db.engine) as session:
        assert said(session) == ""


def test_the_command_names_the_difference(app: Flask, evening: Evening, command_line: FlaskCliRunner) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(DaySheet).values(sold_dong=DaySheet.sold_dong + 1))
    done = command_line.invoke(args=["verify"])
    assert done.exit_code == 1
    assert "day sheet" in done.output
