"""`verify` holds every note against what it moved, and finds whatever was changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Executable, delete, insert, update
from sqlalchemy.orm import Session

from fair_pos.consignment import actions, receiving
from fair_pos.consignment.tables import (
    DiscrepancyDecision,
    GoodsCounter,
    GoodsNote,
    GoodsNoteLine,
    GoodsReceipt,
    GoodsReceiptLine,
)
from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import db, transaction
from fair_pos.proof.notes import NoteProof, prove_notes
from fair_pos.proof.rules import Differs
from fair_pos.stock.tables import LotRow, Movement
from tests.builders import make_fair
from tests.consignment.notes import TODAY, carry, held, line, out, take_in


@pytest.fixture
def work(app: Flask) -> Iterator[Session]:
    """Taken in, carried, received short, found and lost, written off, taken back."""
    fair = make_fair(app)
    take_in(app, fair, line(fair.goods[0], 20), line(fair.goods[1], 5))
    there = {one.product_id: one for one in held(app, fair.booth_ids[0])}
    first = there[fair.goods[0].product_id]
    note_id = carry(app, fair, out(first, 10))
    with app.app_context(), transaction() as session:
        at, by = now(), fair.people["bantochuc"]
        receiving.receive(session, note_id, fair.booth_ids[1], {1: 6}, at=at, by=by, signed=None)
        receiving.decide(session, fair.edition_id, note_id, 1, "back", 1, at=at, by=by, words="")
        receiving.decide(session, fair.edition_id, note_id, 1, "lost", 2, at=at, by=by, words="", borne_by="house")
        gone = actions.write_off(
            session, fair.edition_id, fair.booth_ids[0], [out(first, 1, reason="damaged", borne_by="owner")],
            day=TODAY, at=at, by=by, signed=None,
        )  # fmt: skip
        actions.cancel(session, fair.edition_id, gone, "Nhầm món", at=at, by=by)
    with app.app_context(), Session(db.engine) as session:
        assert prove_notes(session) == NoteProof(notes=5, receipts=1, decisions=2)
        yield session
        session.rollback()


CHANGES: dict[str, Callable[[Session], object]] = {
    "goods note: digest": lambda session: session.execute(update(GoodsNote).values(content=GoodsNote.content + " ")),
    "goods note: heading": lambda session: session.execute(
        update(GoodsNote).where(GoodsNote.kind == "intake").values(words="khác")
    ),
    "goods note: number": lambda session: session.execute(
        update(GoodsNote).where(GoodsNote.kind == "intake").values(number=2)
    ),
    "goods note line: lines": lambda session: session.execute(
        update(GoodsNoteLine).values(quantity=GoodsNoteLine.quantity + 1)
    ),
    "goods counter: last numbers": lambda session: session.execute(update(GoodsCounter).values(last=9)),
    "goods receipt: digest": lambda session: session.execute(update(GoodsReceipt).values(content="{}")),
    "goods receipt line: lines": lambda session: session.execute(update(GoodsReceiptLine).values(quantity=7)),
    "discrepancy decision: what is open of line 1": lambda session: session.execute(
        update(DiscrepancyDecision).values(quantity=9)
    ),
    "goods note: said in the journal": lambda session: session.execute(delete(Line).where(Line.verb == "goods_note")),
}


@pytest.mark.parametrize("called", CHANGES)
def test_a_change_is_found(work: Session, called: str) -> None:
    CHANGES[called](work)
    with pytest.raises(Differs) as differs:
        prove_notes(work)
    assert f"{differs.value.difference.what}: {differs.value.difference.field}" == called


@pytest.mark.parametrize("kind", ["intake", "transfer_out", "transfer_in", "write_off"])
def test_a_movement_more_or_less_is_found(work: Session, kind: str) -> None:
    work.execute(update(Movement).where(Movement.kind == kind).values(quantity=Movement.quantity + 1))
    with pytest.raises(Differs) as differs:
        prove_notes(work)
    assert differs.value.difference.what == "movement"


@pytest.mark.parametrize(
    "change",
    [
        update(LotRow).values(owner_id="another"),
        update(LotRow).values(expires_day=TODAY),
        update(LotRow).values(code="L-9"),
        update(LotRow).values(received_day=date(2020, 1, 1)),
        update(LotRow).values(note_id=""),
        delete(LotRow),
        insert(LotRow).values(
            id="added", product_id="p", owner_id="o", code="", received_day=TODAY, note_id="", created_at=now()
        ),
    ],
)
def test_a_lot_is_what_its_note_says(work: Session, change: Executable) -> None:
    work.execute(change)
    with pytest.raises(Differs) as differs:
        prove_notes(work)
    assert differs.value.difference.what == "lot"
