"""Receiving goods that were carried elsewhere, once, and saying what became of those that did not come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from fair_pos.catalogue.actions import bump_version, hold_catalogue
from fair_pos.consignment import queries, refusals
from fair_pos.consignment.actions import refuse_received, write_off_on_the_way
from fair_pos.consignment.note import ReceiptHead, ReceivedLine, frozen, receipt_content
from fair_pos.consignment.rules import (
    MOST_QUANTITY,
    MOST_WORDS,
    Bearer,
    OutLine,
    Signed,
    trouble_with_decision,
)
from fair_pos.consignment.tables import DiscrepancyDecision, GoodsNote, GoodsReceipt, GoodsReceiptLine
from fair_pos.consignment.writing import TRANSIT, place_named, side_of, signed_or_paper
from fair_pos.journal.actions import write_line
from fair_pos.kernel.chain import digest
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean
from fair_pos.registry.queries import names_and_places
from fair_pos.stock.actions import hold_shelves, record_movements
from fair_pos.stock.facts import Moved, PlaceFact
from fair_pos.stock.queries import balances_at
from fair_pos.venues.queries import get_edition

_LINE = cast("Table", GoodsReceiptLine.__table__)


def receive(
    session: Session,
    note_id: str,
    place_id: str,
    quantities: Mapping[int, int],
    *,
    at: datetime,
    by: str | None,
    signed: Signed | None,
    words: str = "",
) -> str:
    """Note how much of each line came to `place_id`; what differs from what was sent is open until `decide`. The receipt's id.

    Raises NotFound, ReceivedElsewhere, NoteCancelled, NoteReceived, LinesWrong, SignatureMissing.
    """
    hold_catalogue(session)
    note = queries.find_note(session, note_id)
    if note is None or note.kind != "transfer" or note.cancels_id is not None:
        raise NotFound
    number = queries.number_of(note)
    if note.to_place != place_id:
        raise refusals.ReceivedElsewhere(number=number)
    cancelling = queries.find_cancelling(session, note_id)
    if cancelling is not None:
        raise refusals.NoteCancelled(number=number, by=queries.number_of(cancelling))
    refuse_received(session, note)
    lines = queries.lines_of(session, note_id)
    wrong = [one for one in lines if not 0 <= quantities.get(one.line_no, -1) <= MOST_QUANTITY]
    if wrong:
        raise refusals.LinesWrong(
            count=len(wrong), line=wrong[0].line_no, name=wrong[0].name, trouble="received_quantity_wrong"
        )
    to_edition_id = note.to_edition_id or note.edition_id
    target = place_named(session, to_edition_id, place_id)
    signature = signed_or_paper(signed)
    receipt_id, owners = new_id(), names_and_places(session, {one.owner_id for one in lines})
    edition, source = get_edition(session, to_edition_id), queries.find_place(session, note.edition_id, note.from_place)
    head = ReceiptHead(
        number=number,
        edition=edition.name,
        sample=edition.sample,
        day=fair_day(at, edition.day_boundary_minutes),
        at=at,
        by=queries.names_of_people(session, [by]).get(by or "", ""),
        source=side_of(session, source, note.edition_id, to_edition_id),
        target=side_of(session, target, to_edition_id, to_edition_id),
        words=clean(words)[:MOST_WORDS],
        signed_name=signature["signed_name"],
        signature=signature["signature"],
        signed_on_paper=signature["signed_on_paper"],
    )
    came = [
        ReceivedLine(
            one.line_no, one.name, one.unit, one.weighed, owners.get(one.owner_id, ("", ""))[0], one.lot_code, one.expires_day,
            one.quantity, quantities[one.line_no],
        )
        for one in lines
    ]  # fmt: skip
    content = frozen(receipt_content(head, came))
    session.add(
        GoodsReceipt(
            note_id=note_id, id=receipt_id, at=at, person_id=by, words=head.words, content=content, digest=digest(content), **signature
        )
    )  # fmt: skip
    session.flush()
    rows = [{"note_id": note_id, "line_no": one.line_no, "quantity": one.received} for one in came]
    session.execute(insert(_LINE), rows)
    moved: list[Moved] = []
    for line in lines:
        goods = (line.product_id, line.owner_id, line.lot_id)
        moved += _between(
            (note_id, TRANSIT), (target.id, target.kind), goods, quantities[line.line_no], receipt_id, line.line_no, at
        )
    record_movements(session, moved, at)
    differs = sum(one.received != one.sent for one in came)
    facts = {"number": number, "receipt": receipt_id, "differs": differs, "digest": digest(content)}
    write_line(session, at=at, person_id=by, verb="goods_received", subject=("goods_note", note_id), facts=facts)
    if target.kind == "booth":
        bump_version(session, "goods_receipt", at)
    return receipt_id


def decide(
    session: Session,
    edition_id: str,
    note_id: str,
    line_no: int,
    outcome: str,
    quantity: int,
    *,
    at: datetime,
    by: str | None,
    words: str,
    borne_by: Bearer = "",
) -> str:
    """Say what became of `quantity` of a discrepancy (below zero: more came than was sent): it arrived after all, it is back where it
    came from, or it is lost, which writes a note and says who bears it. The decision's id.

    Raises NotFound, DiscrepancyWrong, LinesWrong, MoreThanSetAside.
    """
    hold_catalogue(session)
    note = queries.get_note(session, edition_id, note_id)
    found = next((one for one in queries.discrepancies_of(session, note_id) if one.line_no == line_no), None)
    if found is None:
        raise NotFound
    trouble = trouble_with_decision(found.open, quantity, outcome)
    if trouble is not None:
        raise refusals.DiscrepancyWrong(trouble, name=found.name)
    decision_id, words = new_id(), clean(words)[:MOST_WORDS]
    goods, written = (found.product_id, found.owner_id, found.lot_id), None
    if outcome == "lost":
        line = OutLine(*goods, quantity, reason="lost", borne_by=borne_by)
        written = write_off_on_the_way(session, note, line, at=at, by=by, words=words)
    else:
        place = _place_of(session, note, outcome)
        if place.kind == "damaged" and quantity < 0:
            _refuse_more_than_set_aside(session, place.id, goods, -quantity, found.name)
        way, here = (note_id, TRANSIT), (place.id, place.kind)
        record_movements(session, _between(way, here, goods, quantity, decision_id, line_no, at), at)
        if place.kind == "booth":
            bump_version(session, "goods_receipt", at)
    session.add(
        DiscrepancyDecision(
            id=decision_id, note_id=note_id, line_no=line_no, outcome=outcome, quantity=quantity, words=words, write_off_id=written,
            at=at, person_id=by,
        )
    )  # fmt: skip
    session.flush()
    facts = {"line": line_no, "outcome": outcome, "quantity": quantity, "decision": decision_id}
    write_line(session, at=at, person_id=by, verb="goods_discrepancy", subject=("goods_note", note_id), facts=facts)
    return decision_id


def _refuse_more_than_set_aside(
    session: Session, place_id: str, goods: tuple[str, str, str], quantity: int, name: str
) -> None:
    """Raises MoreThanSetAside: below zero there, the next damaged piece would be swallowed and nobody asked who bears it."""
    hold_shelves(session, [(place_id, goods[0])])  # a sale that arrives now may find that they are another's
    lying = {(one.product_id, one.owner_id, one.lot_id): one.quantity for one in balances_at(session, [place_id])}
    if lying.get(goods, 0) < quantity:
        raise refusals.MoreThanSetAside(count=1, names=name)


def _place_of(session: Session, note: GoodsNote, outcome: str) -> PlaceFact:
    if outcome == "arrived":
        return place_named(session, note.to_edition_id or note.edition_id, note.to_place or "")
    return place_named(session, note.edition_id, note.from_place or "")


def _between(
    source: tuple[str, str],
    target: tuple[str, str],
    goods: tuple[str, str, str],
    quantity: int,
    subject_id: str,
    line_no: int,
    at: datetime,
) -> list[Moved]:
    product_id, owner_id, lot_id = goods
    if quantity < 0:
        source, target, quantity = target, source, -quantity
    return [
        Moved(*source, product_id, owner_id, "transfer_out", -quantity, subject_id, line_no, at, lot_id),
        Moved(*target, product_id, owner_id, "transfer_in", quantity, subject_id, line_no, at, lot_id),
    ]
