"""Writing notes: goods taken in, given back, carried elsewhere, written off; and taking a note back by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from fair_pos.catalogue.actions import hold_catalogue
from fair_pos.catalogue.queries import products_for_sale
from fair_pos.consignment import queries, refusals
from fair_pos.consignment.note import Line
from fair_pos.consignment.rules import (
    MOST_WORDS,
    IntakeLine,
    Kind,
    OutLine,
    Signed,
    share_words,
    trouble_with_intake,
    written_number,
)
from fair_pos.consignment.tables import DiscrepancyDecision, GoodsNote, GoodsPaper
from fair_pos.consignment.writing import (
    Draft,
    look_over,
    next_number,
    owner_named,
    place_named,
    shelf_named,
    write_note,
    write_out,
)
from fair_pos.kernel.day import VIETNAM, fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean
from fair_pos.plumbing.db import dialect_of, insert_new
from fair_pos.registry.queries import names_and_places
from fair_pos.stock.actions import create_lot
from fair_pos.stock.queries import is_damaged_place, places_of_ids
from fair_pos.terms.queries import rules_of
from fair_pos.terms.rules import rule_for
from fair_pos.venues.queries import get_edition

_PAPER = cast("Table", GoodsPaper.__table__)
LEAST_REASON = 5


def take_in(
    session: Session,
    edition_id: str,
    place_id: str,
    owner_id: str,
    lines: Sequence[IntakeLine],
    *,
    day: date,
    at: datetime,
    by: str | None,
    signed: Signed | None,
    note_id: str | None = None,
    words: str = "",
) -> str:
    """Take goods into a booth or store: each line a lot of its own, owned by `owner_id` from this minute. The note's id.

    A note that is there already under `note_id` is left as it is: pressing twice is one note. Raises NotFound, OwnerMissing,
    OwnerUnknown, PlaceMissing, NoLines, TooManyLines, LinesWrong, NoteDayWrong, SignatureMissing.
    """
    hold_catalogue(session)
    if note_id is not None and queries.find_note(session, note_id) is not None:
        return note_id
    owner = owner_named(session, owner_id)
    target = shelf_named(session, edition_id, place_id)
    look_over(session, lines, [trouble_with_intake(line, day) for line in lines])
    draft = Draft("intake", edition_id, owner_id, None, target, None, day, at, by, signed, clean(words)[:MOST_WORDS])
    note_id, number = note_id or new_id(), next_number(session, draft)
    products = products_for_sale(session, {line.product_id for line in lines})
    rules = rules_of(session, edition_id)
    written: list[Line] = []
    for line_no, line in enumerate(lines, start=1):
        product = products[line.product_id]
        code = clean(line.lot_code) or f"{written_number('intake', number)}/{line_no}"
        lot_id = create_lot(
            session,
            product_id=line.product_id,
            owner_id=owner_id,
            code=code,
            expires_day=line.expires_day,
            received_day=day,
            note_id=note_id,
            at=at,
        )
        rule = rule_for(rules, booth_id=place_id, owner_id=owner_id, product_id=line.product_id, day=day)
        written.append(
            Line(
                line_no, line.product_id, owner_id, owner[0], lot_id, product.name, product.unit, product.sold_by == "weight",
                line.quantity, line.price_dong, code, line.expires_day, "" if rule is None else share_words(rule.kind, rule.basis_points, rule.tiers, rule.unit_dong),
            )
        )  # fmt: skip
    return write_note(session, draft, note_id, number, written)


def give_back(
    session: Session,
    edition_id: str,
    place_id: str,
    owner_id: str,
    lines: Sequence[OutLine],
    *,
    day: date,
    at: datetime,
    by: str | None,
    signed: Signed | None,
    note_id: str | None = None,
    words: str = "",
    beyond: bool = False,
) -> str:
    """Give goods back to their owner; `beyond` agrees to more than lies there. The note's id; see take_in.

    Raises also MoreThanLies, and MoreThanSetAside where damaged goods lie.
    """
    hold_catalogue(session)
    if note_id is not None and queries.find_note(session, note_id) is not None:
        return note_id
    owner_named(session, owner_id)
    source = place_named(session, edition_id, place_id)
    own = [None if line.owner_id == owner_id else "not_of_owner" for line in lines]
    draft = Draft("return", edition_id, owner_id, source, None, None, day, at, by, signed, clean(words)[:MOST_WORDS])
    return write_out(session, draft, note_id, lines, own, beyond=beyond)


def carry(
    session: Session,
    edition_id: str,
    place_id: str,
    to_edition_id: str,
    to_place_id: str,
    lines: Sequence[OutLine],
    *,
    day: date,
    at: datetime,
    by: str | None,
    signed: Signed | None,
    note_id: str | None = None,
    words: str = "",
    beyond: bool = False,
) -> str:
    """Send goods to another place, of this edition or another; they are on their way until receiving.receive. See give_back.

    Raises also SamePlace. Who may send to another edition is asked at the door.
    """
    hold_catalogue(session)
    if note_id is not None and queries.find_note(session, note_id) is not None:
        return note_id
    if note_id is not None and (places_of_ids(session, [note_id]) or is_damaged_place(session, note_id)):
        raise NotFound  # goods on their way lie under the note's id: under a place's they would be that place's stock
    source, target = place_named(session, edition_id, place_id), shelf_named(session, to_edition_id, to_place_id)
    if source.id == target.id:
        raise refusals.SamePlace
    draft = Draft(
        "transfer", edition_id, None, source, target, to_edition_id, day, at, by, signed, clean(words)[:MOST_WORDS]
    )
    return write_out(session, draft, note_id, lines, [None] * len(lines), beyond=beyond)


def write_off(
    session: Session,
    edition_id: str,
    place_id: str,
    lines: Sequence[OutLine],
    *,
    day: date,
    at: datetime,
    by: str | None,
    signed: Signed | None,
    note_id: str | None = None,
    words: str = "",
    beyond: bool = False,
) -> str:
    """Write damaged, sampled or lost goods off; each line says why and who bears it. See give_back."""
    hold_catalogue(session)
    if note_id is not None and queries.find_note(session, note_id) is not None:
        return note_id
    source = place_named(session, edition_id, place_id)
    draft = Draft("write_off", edition_id, None, source, None, None, day, at, by, signed, clean(words)[:MOST_WORDS])
    return write_out(session, draft, note_id, lines, [None] * len(lines), beyond=beyond)


def write_off_on_the_way(
    session: Session, note: GoodsNote, line: OutLine, *, at: datetime, by: str | None, words: str
) -> str:
    """Write goods off that were lost between two places. The caller has compared them with what is open."""
    day = fair_day(at, get_edition(session, note.edition_id).day_boundary_minutes)
    draft = Draft("write_off", note.edition_id, None, None, None, None, day, at, by, None, words, from_transit=note.id)
    return write_out(session, draft, None, [line], [None], beyond=True)


def cancel(session: Session, edition_id: str, note_id: str, reason: str, *, at: datetime, by: str | None) -> str:
    """Take a note back: one of the same kind that names it and moves everything the other way. The new note's id.

    Raises NotFound, CancelReasonMissing, CancelsNothing, NoteCancelled, NoteReceived.
    """
    hold_catalogue(session)
    note = queries.get_note(session, edition_id, note_id)
    reason = clean(reason)[:MOST_WORDS]
    if len(reason) < LEAST_REASON:
        raise refusals.CancelReasonMissing(least=LEAST_REASON)
    if note.cancels_id is not None:
        raise refusals.CancelsNothing
    earlier = queries.find_cancelling(session, note_id)
    if earlier is not None:
        raise refusals.NoteCancelled(number=queries.number_of(note), by=queries.number_of(earlier))
    refuse_received(session, note)
    in_transit = note.kind == "write_off" and queries.find_note(session, note.from_place or "") is not None
    draft = Draft(
        kind=cast("Kind", note.kind),
        edition_id=note.edition_id,
        owner_id=note.owner_id,
        source=None if in_transit else queries.find_place(session, note.edition_id, note.from_place),
        target=queries.find_place(session, note.to_edition_id or note.edition_id, note.to_place),
        to_edition_id=note.to_edition_id,
        day=fair_day(at, get_edition(session, note.edition_id).day_boundary_minutes),
        at=at,
        by=by,
        signed=None,
        words=reason,
        cancels=note,
        from_transit=note.from_place if in_transit else None,
    )
    owners = names_and_places(session, {line.owner_id for line in queries.lines_of(session, note_id)})
    lines = [
        Line(
            one.line_no, one.product_id, one.owner_id, owners.get(one.owner_id, ("", ""))[0], one.lot_id, one.name, one.unit,
            one.weighed, one.quantity, one.price_dong, one.lot_code, one.expires_day, one.rule_words, one.reason, one.borne_by,
        )
        for one in queries.lines_of(session, note_id)
    ]  # fmt: skip
    made = write_note(session, draft, new_id(), next_number(session, draft), lines)
    _reopen_discrepancy(session, note, made, at=at, by=by)
    return made


def _reopen_discrepancy(session: Session, note: GoodsNote, made: str, *, at: datetime, by: str | None) -> None:
    """Goods that are no longer lost are on their way again."""
    for one in queries.decisions_with(session, note.id):
        session.add(
            DiscrepancyDecision(
                id=new_id(), note_id=one.note_id, line_no=one.line_no, outcome="lost", quantity=-one.quantity, words=one.words,
                write_off_id=made, at=at, person_id=by,
            )
        )  # fmt: skip
    session.flush()


def refuse_received(session: Session, note: GoodsNote) -> None:
    """Raises NoteReceived when the goods of this note were received."""
    receipt = queries.find_receipt(session, note.id)
    if receipt is not None:
        name = queries.names_of_people(session, [receipt.person_id]).get(receipt.person_id or "", "")
        at = receipt.at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
        raise refusals.NoteReceived(number=queries.number_of(note), name=name, at=at)


def keep_paper(session: Session, subject_id: str, pdf: bytes, *, at: datetime) -> bytes:
    """Keep the paper of a note or receipt for good, unless one was kept meanwhile; returns the one that is kept."""
    row = {"subject_id": subject_id, "printed_at": at, "pdf": pdf}
    session.execute(insert_new(dialect_of(session), _PAPER, "subject_id"), [row])
    return queries.find_paper(session, subject_id) or pdf
