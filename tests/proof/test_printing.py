"""Copies of receipts: those of tablets are their commands', those made here stand in the journal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import db, transaction
from fair_pos.printing.actions import make_copy
from fair_pos.printing.tables import ReceiptCopy
from tests.builders import Fair, make_fair, pair_tablet
from tests.proof.saying import lines_about, said


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def work(app: Flask, fair: Fair) -> Iterator[Session]:
    """Two copies by a tablet, one of a receipt that never came, and one by a person at a page."""
    tablet = pair_tablet(app, fair)
    sale = tablet.sale([(fair.goods[0], 1)])
    copies = [tablet.command("receipt_copied", sale_id=one, copy_no=1) for one in (sale["id"], new_id())]
    tablet.send(sale, *copies, tablet.command("receipt_copied", sale_id=sale["id"], copy_no=2))
    with app.app_context(), transaction() as session:
        make_copy(session, sale["id"], at=now(), by=fair.people["bantochuc"])
    with app.app_context(), Session(db.engine) as session:
        assert said(session) == ""
        yield session
        session.rollback()


def by_person(work: Session) -> ReceiptCopy:
    return work.scalars(select(ReceiptCopy).where(ReceiptCopy.device_id.is_(None))).one()


def test_a_tablet_s_copy_cannot_vanish_nor_its_line(work: Session) -> None:
    one = work.scalars(select(ReceiptCopy).where(ReceiptCopy.copy_no == 2)).one()
    work.delete(one)
    assert said(work) == "copy: row"
    work.rollback()
    line = lines_about(work, "receipt_copied")[0]
    work.delete(line)
    assert said(work) == "journal line: number of lines «receipt_copied»"


def test_a_copy_made_here_vanishes_only_with_its_line(work: Session) -> None:
    work.delete(by_person(work))
    assert said(work) == "journal line: number of lines «receipt_copied»"
    work.execute(delete(Line).where(Line.verb == "receipt_copied", Line.device_id.is_(None)))
    assert said(work) == ""  # whoever takes both away is not noticed: docs/decisions/0007


def test_a_tablet_s_copy_cannot_become_a_person_s(work: Session) -> None:
    one = work.scalars(select(ReceiptCopy).where(ReceiptCopy.copy_no == 2)).one()
    one.device_id = None
    assert said(work) == "copy: device_id"


def test_a_copy_made_here_is_of_a_receipt_and_of_its_booth(work: Session, fair: Fair) -> None:
    by_person(work).booth_id = fair.booth_ids[1]
    assert said(work) == "copy: place"
    work.rollback()
    line = next(one for one in lines_about(work, "receipt_copied") if one.device_id is None)
    line.facts = {**line.facts, "number": "A-261124-999"}
    assert said(work) == "journal line: number of lines «receipt_copied»"
