"""Finding notes and their lines, what is under way and what is open, what was written off, and what lies at a place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, scoped_session

from fair_pos.consignment.refusals import ReceivedElsewhere
from fair_pos.consignment.rules import open_quantity, written_number
from fair_pos.consignment.tables import (
    DiscrepancyDecision,
    GoodsNote,
    GoodsNoteLine,
    GoodsPaper,
    GoodsPhoto,
    GoodsReceipt,
    GoodsReceiptLine,
)
from fair_pos.kernel.refusal import NotFound
from fair_pos.people.queries import people_with
from fair_pos.stock.facts import PlaceFact
from fair_pos.stock.queries import damaged_places_in, damaged_places_of, places_of
from fair_pos.venues.queries import find_edition

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class NoteRow:
    """A note in a list. `received_at` is of goods carried elsewhere; `cancelled_by` the number of the note that takes it back."""

    id: str
    edition_id: str
    kind: str
    number: str
    day: date
    at: datetime
    owner_id: str | None
    from_place: str | None
    to_place: str | None
    to_edition_id: str | None
    cancels: str
    cancelled_by: str
    received_at: datetime | None
    lines: int


@dataclass(frozen=True)
class WriteOff:
    """Goods that are gone, and who bears it. `quantity` is below zero where a note takes an earlier one back.

    `grams` says whether quantity is grams and price of a kilogram. `place_id` is where they lay: a booth or store, or the note they were
    under way with. `rule_day` is the day of the loss, also where it is taken back: it is undone by the rule it was made by.
    """

    note_id: str
    number: str
    line_no: int
    owner_id: str
    product_id: str
    name: str
    unit: str
    quantity: int
    grams: bool
    price_dong: int
    borne_by: str
    day: date
    photo_id: str | None
    reason: str = ""
    place_id: str = ""
    rule_day: date | None = None


@dataclass(frozen=True)
class Discrepancy:
    """Goods sent and not received (`open` above zero) or received and not sent (below), of which nobody has said what became."""

    note_id: str
    number: str
    line_no: int
    edition_id: str
    to_edition_id: str
    from_place: str
    to_place: str
    owner_id: str
    product_id: str
    lot_id: str
    name: str
    unit: str
    weighed: bool
    price_dong: int
    lot_code: str
    sent: int
    received: int
    open: int
    received_at: datetime


@dataclass(frozen=True)
class Decided:
    """What became of some of a discrepancy, and who said so; `write_off` is the note of what is lost."""

    line_no: int
    outcome: str
    quantity: int
    words: str
    at: datetime
    by: str
    write_off_id: str | None
    write_off: str


def find_note(session: AnySession, note_id: str) -> GoodsNote | None:
    """The note with this id."""
    return session.get(GoodsNote, note_id)


def get_note(session: AnySession, edition_id: str, note_id: str) -> GoodsNote:
    """A note of this edition, or one whose goods were sent to it. Raises NotFound."""
    note = find_note(session, note_id)
    if note is None or edition_id not in {note.edition_id, note.to_edition_id}:
        raise NotFound
    return note


def lines_of(session: AnySession, note_id: str) -> list[GoodsNoteLine]:
    """The lines of a note in their order."""
    wanted = select(GoodsNoteLine).where(GoodsNoteLine.note_id == note_id)
    return list(session.scalars(wanted.order_by(GoodsNoteLine.line_no)))


def find_receipt(session: AnySession, note_id: str) -> GoodsReceipt | None:
    """What came of a note's goods, when they were received."""
    return session.get(GoodsReceipt, note_id)


def received_of(session: AnySession, note_id: str) -> dict[int, int]:
    """Line → how much came; empty before anything was received."""
    wanted = select(GoodsReceiptLine.line_no, GoodsReceiptLine.quantity)
    rows = session.execute(wanted.where(GoodsReceiptLine.note_id == note_id))
    return dict(rows.all())


def elsewhere(note: GoodsNote) -> ReceivedElsewhere:
    """The refusal of goods that are on their way to another place."""
    return ReceivedElsewhere(number=number_of(note))


def find_cancelling(session: AnySession, note_id: str) -> GoodsNote | None:
    """The note that takes this one back."""
    return session.scalar(select(GoodsNote).where(GoodsNote.cancels_id == note_id))


def number_of(note: GoodsNote) -> str:
    """«PN-0001»."""
    return written_number(note.kind, note.number)


def count_notes(session: AnySession, edition_id: str, kind: str | None = None) -> int:
    """How many notes notes_of has."""
    return session.scalar(select(func.count()).select_from(GoodsNote).where(_shown(edition_id, kind))) or 0


def notes_of(
    session: AnySession, edition_id: str, kind: str | None = None, *, limit: int, offset: int
) -> list[NoteRow]:
    """The notes of an edition, and those whose goods were sent to it from another, newest first."""
    wanted = select(GoodsNote).where(_shown(edition_id, kind)).order_by(GoodsNote.at.desc(), GoodsNote.id.desc())
    return _rows(session, session.scalars(wanted.limit(limit).offset(offset)).all())


def under_way(session: AnySession, *, edition_id: str | None = None, place_id: str | None = None) -> list[NoteRow]:
    """Goods sent to an edition, from it, or to one place, that were neither received nor taken back, oldest first."""
    cancelling = aliased(GoodsNote)
    wanted = (
        select(GoodsNote)
        .outerjoin(GoodsReceipt, GoodsReceipt.note_id == GoodsNote.id)
        .outerjoin(cancelling, cancelling.cancels_id == GoodsNote.id)
        .where(GoodsNote.kind == "transfer", GoodsNote.cancels_id.is_(None))
        .where(GoodsReceipt.note_id.is_(None), cancelling.id.is_(None))
        .order_by(GoodsNote.at, GoodsNote.id)
    )
    if edition_id is not None:
        wanted = wanted.where(or_(GoodsNote.edition_id == edition_id, GoodsNote.to_edition_id == edition_id))
    if place_id is not None:
        wanted = wanted.where(GoodsNote.to_place == place_id)
    return _rows(session, session.scalars(wanted).all())


def received_at_place(session: AnySession, place_id: str, *, limit: int) -> list[NoteRow]:
    """The last transfers that a place received, newest first."""
    wanted = select(GoodsNote).join(GoodsReceipt, GoodsReceipt.note_id == GoodsNote.id)
    wanted = wanted.where(GoodsNote.to_place == place_id).order_by(GoodsReceipt.at.desc(), GoodsNote.id.desc())
    return _rows(session, session.scalars(wanted.limit(limit)).all())


def _shown(edition_id: str, kind: str | None) -> ColumnElement[bool]:
    here = or_(GoodsNote.edition_id == edition_id, GoodsNote.to_edition_id == edition_id)
    return here if kind is None else and_(here, GoodsNote.kind == kind)


def _rows(session: AnySession, notes: Sequence[GoodsNote]) -> list[NoteRow]:
    ids = {note.id for note in notes}
    count = select(GoodsNoteLine.note_id, func.count()).where(GoodsNoteLine.note_id.in_(ids))
    lines = dict(session.execute(count.group_by(GoodsNoteLine.note_id)).all())
    received = select(GoodsReceipt.note_id, GoodsReceipt.at).where(GoodsReceipt.note_id.in_(ids))
    came = dict(session.execute(received).all())
    about = {one.cancels_id for one in notes if one.cancels_id} | ids
    beside = select(GoodsNote).where(or_(GoodsNote.id.in_(about), GoodsNote.cancels_id.in_(ids)))
    others = list(session.scalars(beside))
    numbers = {one.id: number_of(one) for one in others}
    cancelled = {one.cancels_id: numbers[one.id] for one in others if one.cancels_id in ids}
    return [
        NoteRow(
            id=note.id,
            edition_id=note.edition_id,
            kind=note.kind,
            number=number_of(note),
            day=note.day,
            at=note.at,
            owner_id=note.owner_id,
            from_place=note.from_place,
            to_place=note.to_place,
            to_edition_id=note.to_edition_id,
            cancels=numbers.get(note.cancels_id or "", ""),
            cancelled_by=cancelled.get(note.id, ""),
            received_at=came.get(note.id),
            lines=lines.get(note.id, 0),
        )
        for note in notes
    ]


# --- what is gone, and what is open ---------------------------------------------------------------------------------


def write_offs_of(session: AnySession, edition_id: str) -> list[WriteOff]:
    """Everything that was written off at an edition, lost on the way from it too, in the order of notes and lines."""
    photo = select(GoodsPhoto.note_id, GoodsPhoto.line_no, func.min(GoodsPhoto.id).label("photo_id"))
    first = photo.group_by(GoodsPhoto.note_id, GoodsPhoto.line_no).subquery()
    origin = aliased(GoodsNote)
    wanted = (
        select(GoodsNote, GoodsNoteLine, first.c.photo_id, origin.day)
        .join(GoodsNoteLine, GoodsNoteLine.note_id == GoodsNote.id)
        .outerjoin(first, (first.c.note_id == GoodsNote.id) & (first.c.line_no == GoodsNoteLine.line_no))
        .outerjoin(origin, origin.id == GoodsNote.cancels_id)
        .where(GoodsNote.edition_id == edition_id, GoodsNote.kind == "write_off")
        .order_by(GoodsNote.number, GoodsNoteLine.line_no)
    )
    beside = {place_id: booth_id for booth_id, place_id in damaged_places_in(session, edition_id).items()}
    return [
        WriteOff(
            note_id=note.id, number=number_of(note), line_no=line.line_no, owner_id=line.owner_id, product_id=line.product_id,
            name=line.name, unit=line.unit, quantity=line.quantity if note.cancels_id is None else -line.quantity,
            grams=line.weighed, price_dong=line.price_dong, borne_by=line.borne_by, day=note.day, photo_id=photo_id,
            reason=line.reason, place_id=beside.get(note.from_place or "", note.from_place or ""), rule_day=day or note.day,
        )
        for note, line, photo_id, day in session.execute(wanted)
    ]  # fmt: skip


def open_discrepancies(session: AnySession, edition_id: str) -> list[Discrepancy]:
    """What an edition sent or received and nobody has explained yet, oldest first."""
    here = or_(GoodsNote.edition_id == edition_id, GoodsNote.to_edition_id == edition_id)
    return [one for one in _discrepancies(session, here) if one.open != 0]


def discrepancies_of(session: AnySession, note_id: str) -> list[Discrepancy]:
    """Every line of a note of which more or less came than was sent, settled or not."""
    return _discrepancies(session, GoodsNote.id == note_id)


def _discrepancies(session: AnySession, here: ColumnElement[bool]) -> list[Discrepancy]:
    said = (
        select(
            DiscrepancyDecision.note_id,
            DiscrepancyDecision.line_no,
            func.sum(DiscrepancyDecision.quantity).label("quantity"),
        )
        .group_by(DiscrepancyDecision.note_id, DiscrepancyDecision.line_no)
        .subquery()
    )
    wanted = (
        select(GoodsNote, GoodsNoteLine, GoodsReceipt.at, GoodsReceiptLine.quantity, said.c.quantity)
        .join(GoodsNoteLine, GoodsNoteLine.note_id == GoodsNote.id)
        .join(GoodsReceipt, GoodsReceipt.note_id == GoodsNote.id)
        .join(
            GoodsReceiptLine,
            (GoodsReceiptLine.note_id == GoodsNote.id) & (GoodsReceiptLine.line_no == GoodsNoteLine.line_no),
        )
        .outerjoin(said, (said.c.note_id == GoodsNote.id) & (said.c.line_no == GoodsNoteLine.line_no))
        .where(here, GoodsReceiptLine.quantity != GoodsNoteLine.quantity)
        .order_by(GoodsReceipt.at, GoodsNote.id, GoodsNoteLine.line_no)
    )
    return [
        Discrepancy(
            note_id=note.id,
            number=number_of(note),
            line_no=line.line_no,
            edition_id=note.edition_id,
            to_edition_id=note.to_edition_id or note.edition_id,
            from_place=note.from_place or "",
            to_place=note.to_place or "",
            owner_id=line.owner_id,
            product_id=line.product_id,
            lot_id=line.lot_id,
            name=line.name,
            unit=line.unit,
            weighed=line.weighed,
            price_dong=line.price_dong,
            lot_code=line.lot_code,
            sent=line.quantity,
            received=came,
            open=open_quantity(line.quantity, came, int(decided or 0)),
            received_at=at,
        )
        for note, line, at, came, decided in session.execute(wanted)
    ]


def decisions_of(session: AnySession, note_id: str) -> list[Decided]:
    """What was said of a note's discrepancies, oldest first."""
    wanted = select(DiscrepancyDecision, GoodsNote).outerjoin(
        GoodsNote, GoodsNote.id == DiscrepancyDecision.write_off_id
    )
    ordered = wanted.where(DiscrepancyDecision.note_id == note_id)
    rows = session.execute(ordered.order_by(DiscrepancyDecision.at, DiscrepancyDecision.id)).all()
    names = names_of_people(session, [one.person_id for one, _ in rows])
    return [
        Decided(
            one.line_no, one.outcome, one.quantity, one.words, one.at, names.get(one.person_id or "", ""),
            one.write_off_id, number_of(lost) if one.write_off_id else "",
        )
        for one, lost in rows
    ]  # fmt: skip


def decisions_with(session: AnySession, write_off_id: str) -> list[DiscrepancyDecision]:
    """What was said of discrepancies by this note of what was lost."""
    wanted = select(DiscrepancyDecision).where(DiscrepancyDecision.write_off_id == write_off_id)
    return list(session.scalars(wanted.order_by(DiscrepancyDecision.id)))


# --- what notes are made of -----------------------------------------------------------------------------------------


def find_place(session: AnySession, edition_id: str, place_id: str | None) -> PlaceFact | None:
    """A booth or store of an edition, or where damaged goods of a booth are set aside."""
    places = [*places_of(session, edition_id), *damaged_places_of(session, edition_id)]
    return next((one for one in places if one.id == place_id), None)


def place_names(session: AnySession, editions: Collection[str]) -> dict[str, tuple[PlaceFact, str]]:
    """Place → (what it is, its edition's name), of several editions."""
    found: dict[str, tuple[PlaceFact, str]] = {}
    for edition_id in editions:
        edition = find_edition(session, edition_id)
        for place in (*places_of(session, edition_id), *damaged_places_of(session, edition_id)):
            found[place.id] = (place, "" if edition is None else edition.name)
    return found


def names_of_people(session: AnySession, person_ids: Iterable[str | None]) -> Mapping[str, str]:
    """Person → name, for those that we know."""
    return {one.id: one.name for one in people_with(session, {one for one in person_ids if one})}


# --- papers and photos ----------------------------------------------------------------------------------------------


def find_paper(session: AnySession, subject_id: str) -> bytes | None:
    """The paper that was kept of a note or a receipt."""
    return session.scalar(select(GoodsPaper.pdf).where(GoodsPaper.subject_id == subject_id))


def photos_of(session: AnySession, note_id: str) -> dict[int, list[str]]:
    """Line → ids of its photos, the first first."""
    wanted = select(GoodsPhoto.line_no, GoodsPhoto.id).where(GoodsPhoto.note_id == note_id)
    found: dict[int, list[str]] = {}
    for line_no, photo_id in session.execute(wanted.order_by(GoodsPhoto.line_no, GoodsPhoto.id)):
        found.setdefault(line_no, []).append(photo_id)
    return found


def get_photo(session: AnySession, note_id: str, photo_id: str) -> bytes:
    """A photo of this note as JPEG. Raises NotFound."""
    photo = session.get(GoodsPhoto, photo_id)
    if photo is None or photo.note_id != note_id:
        raise NotFound
    return photo.jpeg
