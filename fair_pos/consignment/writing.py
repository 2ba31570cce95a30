"""What all notes have in common: their numbers, their frozen content, what they move; used by actions and receiving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from fair_pos.catalogue.actions import bump_version
from fair_pos.catalogue.queries import products_for_sale
from fair_pos.consignment import queries, refusals
from fair_pos.consignment.lying import prices_for
from fair_pos.consignment.note import Head, Line, Side, frozen, note_content
from fair_pos.consignment.rules import (
    MOST_LINES,
    MOST_NAME,
    IntakeLine,
    Kind,
    OutLine,
    Signed,
    is_note_day,
    is_signature,
    more_than_lies,
    trouble_with_out,
    written_number,
)
from fair_pos.consignment.tables import GoodsCounter, GoodsNote, GoodsNoteLine
from fair_pos.journal.actions import write_line
from fair_pos.kernel.chain import digest
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.text import clean
from fair_pos.plumbing.db import dialect_of, insert_adding
from fair_pos.registry.queries import names_and_places
from fair_pos.stock.actions import hold_shelves, record_movements
from fair_pos.stock.facts import Moved, PlaceFact
from fair_pos.stock.queries import balances_at, lots_by_id
from fair_pos.venues.queries import get_edition

_LINE, _COUNTER = (cast("Table", one.__table__) for one in (GoodsNoteLine, GoodsCounter))
TRANSIT = "transit"


@dataclass(frozen=True)
class Draft:
    """A note before its number: what all kinds have."""

    kind: Kind
    edition_id: str
    owner_id: str | None
    source: PlaceFact | None
    target: PlaceFact | None
    to_edition_id: str | None
    day: date
    at: datetime
    by: str | None
    signed: Signed | None
    words: str = ""
    cancels: GoodsNote | None = None
    from_transit: str | None = None
    """The note on whose way goods were lost."""


def owner_named(session: Session, owner_id: str) -> tuple[str, str]:
    """Name and place of an owner. Raises OwnerMissing, OwnerUnknown."""
    if not owner_id:
        raise refusals.OwnerMissing
    found = names_and_places(session, [owner_id]).get(owner_id)
    if found is None:
        raise refusals.OwnerUnknown
    return found


def place_named(session: Session, edition_id: str, place_id: str) -> PlaceFact:
    """A place of an edition where goods lie. Raises NotFound, PlaceMissing."""
    get_edition(session, edition_id)
    place = queries.find_place(session, edition_id, place_id)
    if place is None:
        raise refusals.PlaceMissing
    return place


def shelf_named(session: Session, edition_id: str, place_id: str) -> PlaceFact:
    """A place that goods may be brought to: damaged goods come to theirs by refunds alone. Raises NotFound, PlaceMissing."""
    place = place_named(session, edition_id, place_id)
    if place.kind == "damaged":
        raise refusals.PlaceMissing
    return place


def look_over(session: Session, lines: Sequence[IntakeLine | OutLine], troubles: Sequence[str | None]) -> None:
    """Raises NoLines, TooManyLines, LinesWrong."""
    if not lines:
        raise refusals.NoLines
    if len(lines) > MOST_LINES:
        raise refusals.TooManyLines(most=MOST_LINES)
    known = products_for_sale(session, {line.product_id for line in lines})
    wrong = [
        (number, "product_unknown" if line.product_id not in known else trouble, line.product_id)
        for number, (line, trouble) in enumerate(zip(lines, troubles, strict=True), start=1)
        if trouble is not None or line.product_id not in known
    ]
    if wrong:
        number, trouble, product_id = wrong[0]
        name = known[product_id].name if product_id in known else ""
        raise refusals.LinesWrong(count=len(wrong), line=number, name=name, trouble=str(trouble))


def write_out(
    session: Session,
    draft: Draft,
    note_id: str | None,
    lines: Sequence[OutLine],
    troubles: Sequence[str | None],
    *,
    beyond: bool,
) -> str:
    """Write a note of goods that leave. Raises what the actions say."""
    lots = lots_by_id(session, {line.lot_id for line in lines if line.lot_id})
    owners = names_and_places(session, {line.owner_id for line in lines})
    found: list[str | None] = []
    for line, trouble in zip(lines, troubles, strict=True):
        lot = lots.get(line.lot_id)
        strange = bool(line.lot_id) and (
            lot is None or (lot.product_id, lot.owner_id) != (line.product_id, line.owner_id)
        )
        own = "owner_unknown" if line.owner_id not in owners else "lot_not_there" if strange else None
        found.append(trouble or own or trouble_with_out(line, draft.kind))
    look_over(session, lines, found)
    products = products_for_sale(session, {line.product_id for line in lines})
    damaged = draft.source is not None and draft.source.kind == "damaged"
    if draft.source is not None and damaged:  # a sale that arrives now may find that they are another's
        hold_shelves(session, {(draft.source.id, line.product_id) for line in lines})
    if draft.source is not None and (damaged or not beyond):
        lying = {
            (one.product_id, one.owner_id, one.lot_id): one.quantity for one in balances_at(session, [draft.source.id])
        }
        over = more_than_lies(lines, lying)
        if over:
            names = ", ".join(dict.fromkeys(products[lines[index].product_id].name for index in over))
            # Where damaged goods lie nobody sells: more than lies there was cleared already, and its owner would be paid twice.
            raise (refusals.MoreThanSetAside if damaged else refusals.MoreThanLies)(count=len(over), names=names[:300])
    prices = prices_for(session, [(line.product_id, line.lot_id) for line in lines])
    written = [
        Line(
            line_no, line.product_id, line.owner_id, owners[line.owner_id][0], line.lot_id, products[line.product_id].name,
            products[line.product_id].unit, products[line.product_id].sold_by == "weight", line.quantity,
            prices[line.product_id, line.lot_id], lots[line.lot_id].code if line.lot_id else "",
            lots[line.lot_id].expires_day if line.lot_id else None, "", line.reason, line.borne_by,
        )
        for line_no, line in enumerate(lines, start=1)
    ]  # fmt: skip
    return write_note(session, draft, note_id or new_id(), next_number(session, draft), written)


def next_number(session: Session, draft: Draft) -> int:
    """The next of this kind at this edition. Its row stays locked until the note is there, or is given back with it."""
    counted = insert_adding(dialect_of(session), _COUNTER, ("last",)).returning(_COUNTER.c.last)
    number: int = session.execute(counted, {"edition_id": draft.edition_id, "kind": draft.kind, "last": 1}).scalar_one()
    return number


def write_note(session: Session, draft: Draft, note_id: str, number: int, lines: Sequence[Line]) -> str:
    """Freeze a note under its number, move its goods, and tell the journal and the tablets. Raises NoteDayWrong, SignatureMissing."""
    edition = get_edition(session, draft.edition_id)
    today = fair_day(draft.at, edition.day_boundary_minutes)
    if not is_note_day(draft.day, today):
        raise refusals.NoteDayWrong(day=draft.day.strftime("%d/%m/%Y"))
    signed = signed_or_paper(draft.signed)
    written = written_number(draft.kind, number)
    owner = names_and_places(session, [draft.owner_id]).get(draft.owner_id, ("", "")) if draft.owner_id else ("", "")
    source = side_of(session, draft.source, draft.edition_id, draft.edition_id)
    if draft.from_transit is not None:
        way = queries.find_note(session, draft.from_transit)
        source = None if way is None else Side(queries.number_of(way), "")
    head = Head(
        kind=draft.kind,
        number=written,
        edition=edition.name,
        place=edition.place,
        sample=edition.sample,
        day=draft.day,
        at=draft.at,
        by=queries.names_of_people(session, [draft.by]).get(draft.by or "", ""),
        owner=owner[0],
        owner_place=owner[1],
        source=source,
        target=side_of(session, draft.target, draft.to_edition_id or draft.edition_id, draft.edition_id),
        words=draft.words,
        cancels="" if draft.cancels is None else queries.number_of(draft.cancels),
        signed_name=signed["signed_name"],
        signature=signed["signature"],
        signed_on_paper=signed["signed_on_paper"],
    )
    content = frozen(note_content(head, lines))
    session.add(
        GoodsNote(
            id=note_id,
            edition_id=draft.edition_id,
            kind=draft.kind,
            number=number,
            owner_id=draft.owner_id,
            from_place=draft.from_transit or (None if draft.source is None else draft.source.id),
            to_place=None if draft.target is None else draft.target.id,
            to_edition_id=draft.to_edition_id,
            cancels_id=None if draft.cancels is None else draft.cancels.id,
            day=draft.day,
            at=draft.at,
            person_id=draft.by,
            words=draft.words,
            content=content,
            digest=digest(content),
            **signed,
        )
    )
    session.flush()
    session.execute(insert(_LINE), [line_row(note_id, line) for line in lines])
    record_movements(session, moves_of(draft, note_id, lines), draft.at)
    facts = {"number": written, "lines": len(lines), "digest": digest(content), "cancels": head.cancels}
    write_line(
        session, at=draft.at, person_id=draft.by, verb="goods_note", subject=("goods_note", note_id), facts=facts
    )
    booths = [one for one in (draft.source, draft.target) if one is not None and one.kind == "booth"]
    if booths:  # tablets show lots and what is left of them
        bump_version(session, "goods_note", draft.at)
    return note_id


def signed_or_paper(signed: Signed | None) -> dict[str, Any]:
    """The columns of a signature. Raises SignatureMissing."""
    if signed is None:
        return {"signed_name": "", "signature": "", "signed_on_paper": True}
    name = clean(signed.name)[:MOST_NAME]
    if not name or not is_signature(signed.path):
        raise refusals.SignatureMissing
    return {"signed_name": name, "signature": signed.path, "signed_on_paper": False}


def side_of(session: Session, place: PlaceFact | None, edition_id: str, own_edition_id: str) -> Side | None:
    """A place as papers name it."""
    if place is None:
        return None
    return Side(place.code, place.name, "" if edition_id == own_edition_id else get_edition(session, edition_id).name)


def line_row(note_id: str, line: Line) -> Mapping[str, object]:
    """A line as it is kept."""
    row = vars(line).copy()
    del row["owner"]
    return row | {"note_id": note_id}


def moves_of(draft: Draft, note_id: str, lines: Sequence[Line]) -> list[Moved]:
    """What a note moves; one that takes another back moves the same the other way, on the way that the other went."""
    back = -1 if draft.cancels is not None else 1
    way = (note_id if draft.cancels is None else draft.cancels.id, TRANSIT)
    found: list[Moved] = []
    for line in lines:
        common = Moved(
            place_id="", place_kind="", product_id=line.product_id, owner_id=line.owner_id, kind=draft.kind,
            quantity=back * line.quantity, subject_id=note_id, line_no=line.line_no, at=draft.at, lot_id=line.lot_id,
        )  # fmt: skip
        out = replace(common, quantity=-back * line.quantity)
        if draft.from_transit is not None:
            found.append(replace(out, place_id=draft.from_transit, place_kind=TRANSIT))
        elif draft.kind == "intake" and draft.target is not None:
            found.append(replace(common, place_id=draft.target.id, place_kind=draft.target.kind))
        elif draft.source is not None:
            kinds = ("transfer_out", "transfer_in") if back == 1 else ("transfer_in", "transfer_out")
            leaves = kinds[0] if draft.kind == "transfer" else draft.kind
            found.append(replace(out, kind=leaves, place_id=draft.source.id, place_kind=draft.source.kind))
            if draft.kind == "transfer":
                found.append(replace(common, kind=kinds[1], place_id=way[0], place_kind=way[1]))
    return found
