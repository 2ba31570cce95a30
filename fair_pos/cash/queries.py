"""Finding till sessions, what belongs to them, and their Z reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, scoped_session

from fair_pos.cash.rules import Drawer, Event, drawer_of
from fair_pos.cash.tables import CashMove, TillClosing, TillOpening, TillSession, ZEntry, ZPaper, ZReport
from fair_pos.kernel.refusal import NotFound
from fair_pos.sales.by_session import Document, Loose, SessionKey, documents_of, loose_cash, loose_documents, tallies_of

AnySession = Session | scoped_session[Session]


def events_of(session: AnySession, device_id: str, since: int = 0) -> list[Event]:
    """The openings and closings of a device from one of its numbers on."""
    opened = select(TillOpening.id, TillOpening.device_seq, TillOpening.till_session_id)
    closed = select(TillClosing.id, TillClosing.device_seq, TillClosing.till_session_id, TillClosing.z_number)
    return [
        Event(row.id, row.device_seq, "opening", row.till_session_id)
        for row in session.execute(opened.where(TillOpening.device_id == device_id, TillOpening.device_seq >= since))
    ] + [
        Event(row.id, row.device_seq, "closing", row.till_session_id, row.z_number)
        for row in session.execute(closed.where(TillClosing.device_id == device_id, TillClosing.device_seq >= since))
    ]


@dataclass(frozen=True)
class SessionEntries:
    """All that belongs to one till session, in the order of the device's numbers, whether a Z report covers it or not."""

    openings: Sequence[TillOpening]
    moves: Sequence[CashMove]
    closings: Sequence[TillClosing]
    documents: Sequence[Document]

    @property
    def drawer(self) -> Drawer:
        """What all of it adds up to now. Of two openings (an oddity) the first counts."""
        return drawer_of(self.openings[0].float_dong if self.openings else 0, self.moves, self.documents)

    def before(self, device_seq: int) -> SessionEntries:
        """What the device did in the session before its command with this number."""
        return SessionEntries(
            [one for one in self.openings if one.device_seq < device_seq],
            [one for one in self.moves if one.device_seq < device_seq],
            [one for one in self.closings if one.device_seq < device_seq],
            [one for one in self.documents if one.device_seq < device_seq],
        )

    def without(self, ids: Collection[str]) -> SessionEntries:
        """What is not among these; closings stay."""
        return SessionEntries(
            [one for one in self.openings if one.id not in ids],
            [one for one in self.moves if one.id not in ids],
            self.closings,
            [one for one in self.documents if one.id not in ids],
        )

    @property
    def kinds(self) -> dict[str, str]:
        """Entry → its kind, as a Z report signs it."""
        return (
            {one.id: "opening" for one in self.openings}
            | {one.id: "move" for one in self.moves}
            | {one.id: "sale" for one in self.documents}
        )


def facts_of(session: AnySession, device_id: str, till_session_ids: Collection[str]) -> dict[str, SessionEntries]:
    """What tablets said of these drawers; without the sales and refunds, which cost more to read."""
    parts: dict[str, tuple[list[Any], ...]] = {one: ([], [], [], []) for one in till_session_ids}
    tables: tuple[type[Any], ...] = (TillOpening, CashMove, TillClosing)
    for place, table in enumerate(tables):
        wanted = select(table).where(table.device_id == device_id, table.till_session_id.in_(till_session_ids))
        for fact in session.scalars(wanted.order_by(table.device_seq, table.id)):
            parts[fact.till_session_id][place].append(fact)
    return {one: SessionEntries(*some) for one, some in parts.items()}


def entries_of(session: AnySession, device_id: str, till_session_ids: Collection[str]) -> dict[str, SessionEntries]:
    """What belongs to each of these till sessions of a device."""
    documents: dict[str | None, list[Document]] = defaultdict(list)
    for document in documents_of(session, device_id, till_session_ids):
        documents[document.till_session_id].append(document)
    facts = facts_of(session, device_id, till_session_ids)
    return {one: replace(some, documents=documents[one]) for one, some in facts.items()}


def signed_entries(session: AnySession, device_id: str, till_session_id: str) -> dict[str, ZEntry]:
    """Entry of a till session → how a Z report signed it."""
    wanted = select(ZEntry).where(ZEntry.device_id == device_id, ZEntry.till_session_id == till_session_id)
    return {one.id: one for one in session.scalars(wanted)}


def signed_counts(session: AnySession, device_id: str) -> dict[str, int]:
    """How many entries of each till session of a device some Z report has signed."""
    wanted = select(ZEntry.till_session_id, func.count()).where(ZEntry.device_id == device_id)
    return dict(session.execute(wanted.group_by(ZEntry.till_session_id)).all())


def entry_counts(session: AnySession, device_id: str) -> dict[str, int]:
    """How many openings and moves each till session of a device has."""
    found: dict[str, int] = defaultdict(int)
    for table in (TillOpening, CashMove):
        wanted = select(table.till_session_id, func.count()).where(
            table.device_id == device_id, table.till_session_id.is_not(None)
        )
        for one, count in session.execute(wanted.group_by(table.till_session_id)):
            found[one or ""] += count
    return dict(found)


def closed_sessions(session: AnySession, device_id: str) -> dict[str, int]:
    """Till session of a device that a Z report covers → the number of its first report."""
    wanted = (
        select(TillClosing.till_session_id, ZReport.z_number)
        .join(ZReport, ZReport.closing_id == TillClosing.id)
        .where(TillClosing.device_id == device_id, TillClosing.till_session_id.is_not(None))
        .order_by(ZReport.made_at.desc(), TillClosing.device_seq.desc(), TillClosing.id)
    )
    return {one or "": number for one, number in session.execute(wanted)}  # the first of each stays


# --- pages ------------------------------------------------------------------------------------------------------------


def known_sessions() -> Select[str, str]:
    """(device, till session) of every session that a drawer fact names."""
    return select(TillSession.device_id, TillSession.id)


def count_sessions(session: AnySession, edition_id: str) -> int:
    """How many till sessions an edition has."""
    return (
        session.scalar(select(func.count()).select_from(TillSession).where(TillSession.edition_id == edition_id)) or 0
    )


@dataclass(frozen=True)
class SessionRow:
    """A till session in a list. `expected_dong` is as things stand now; `late` counts what its Z report does not cover."""

    session: TillSession
    opening: TillOpening | None
    closing: TillClosing | None
    report: ZReport | None
    expected_dong: int
    documents: int
    late: int

    @property
    def difference_dong(self) -> int | None:
        """Counted less what the tablet expected; None while it is open."""
        return None if self.closing is None else self.closing.counted_dong - self.closing.expected_dong


def session_rows(session: AnySession, edition_id: str, *, limit: int, offset: int = 0) -> list[SessionRow]:
    """Till sessions of an edition, the newest first."""
    order = (TillSession.began_at.desc(), TillSession.device_id, TillSession.id)
    found = select(TillSession, TillOpening, TillClosing, ZReport)
    found = found.outerjoin(TillOpening, TillOpening.id == TillSession.opening_id)
    found = found.outerjoin(TillClosing, TillClosing.id == TillSession.closing_id)
    found = found.outerjoin(ZReport, ZReport.closing_id == TillClosing.id).where(TillSession.edition_id == edition_id)
    rows = session.execute(found.order_by(*order).limit(limit).offset(offset)).all()
    keys = [(row[0].device_id, row[0].id) for row in rows]
    tallies, moves = tallies_of(session, keys), _moves_of(session, keys)
    others = _entries_beside(session, keys)
    signed = _covered(session, keys)
    result = []
    for row in rows:
        one: TillSession = row[0]
        opening: TillOpening | None = row[1]
        closing: TillClosing | None = row[2]
        report: ZReport | None = row[3]
        key = (one.device_id, one.id)
        tally, (put_in, taken_out) = tallies.get(key), moves.get(key, (0, 0))
        drawer = Drawer(
            opening.float_dong if opening else 0,
            tally.sold if tally else {},
            tally.given_back if tally else {},
            put_in,
            taken_out,
        )
        documents = tally.documents if tally else 0
        late = documents + others.get(key, 0) - signed.get(key, 0) if closing is not None else 0
        result.append(SessionRow(one, opening, closing, report, drawer.expected_cash_dong, documents, late))
    return result


@dataclass(frozen=True)
class DayDrawer:
    """A till session that began on a day: its Z number once it is closed, and what was counted more (or less) than expected."""

    booth_id: str
    letter: str
    z_number: int | None
    difference_dong: int | None


def drawers_between(session: AnySession, edition_id: str, since: datetime, until: datetime) -> list[DayDrawer]:
    """The till sessions of an edition that began from `since` and before `until`, by tablet; sample data too."""
    found = select(TillSession, TillClosing).outerjoin(TillClosing, TillClosing.id == TillSession.closing_id)
    found = found.where(
        TillSession.edition_id == edition_id, TillSession.began_at >= since, TillSession.began_at < until
    )
    order = (func.length(TillSession.letter), TillSession.letter, TillSession.began_at, TillSession.id)
    drawers = []
    for row in session.execute(found.order_by(*order)):
        one: TillSession = row[0]
        closing: TillClosing | None = row[1]
        number = None if closing is None else closing.z_number
        difference = None if closing is None else closing.counted_dong - closing.expected_dong
        drawers.append(DayDrawer(one.booth_id, one.letter, number, difference))
    return drawers


def _moves_of(session: AnySession, keys: Sequence[SessionKey]) -> dict[SessionKey, tuple[int, int]]:
    key = (CashMove.device_id, CashMove.till_session_id)
    wanted = select(*key, CashMove.direction, func.sum(CashMove.amount_dong)).where(tuple_(*key).in_(keys))
    found: dict[SessionKey, list[int]] = defaultdict(lambda: [0, 0])
    for device_id, one, direction, dong in session.execute(wanted.group_by(*key, CashMove.direction)):
        found[device_id, one or ""][direction == "out"] += int(dong)
    return {one: (put_in, taken_out) for one, (put_in, taken_out) in found.items()}


def _entries_beside(session: AnySession, keys: Sequence[SessionKey]) -> dict[SessionKey, int]:
    found: dict[SessionKey, int] = defaultdict(int)
    for table in (TillOpening, CashMove):
        key = (table.device_id, table.till_session_id)
        wanted = select(*key, func.count()).where(tuple_(*key).in_(keys)).group_by(*key)
        for device_id, one, count in session.execute(wanted):
            found[device_id, one or ""] += count
    return dict(found)


def _covered(session: AnySession, keys: Sequence[SessionKey]) -> dict[SessionKey, int]:
    key = (ZEntry.device_id, ZEntry.till_session_id)
    wanted = select(*key, func.count()).where(tuple_(*key).in_(keys), ZEntry.late.is_(False)).group_by(*key)
    return {(device_id, one): count for device_id, one, count in session.execute(wanted)}


def get_session(session: AnySession, device_id: str, till_session_id: str) -> TillSession:
    """One till session. Raises NotFound."""
    found = session.get(TillSession, (device_id, till_session_id))
    if found is None:
        raise NotFound
    return found


def reports_on(session: AnySession, closing_ids: Collection[str]) -> dict[str, ZReport]:
    """Closing → its Z report."""
    return {one.closing_id: one for one in session.scalars(select(ZReport).where(ZReport.closing_id.in_(closing_ids)))}


def get_report(session: AnySession, device_id: str, closing_id: str) -> ZReport:
    """The Z report of a closing of this device. Raises NotFound."""
    found = session.get(ZReport, closing_id)
    if found is None or found.device_id != device_id:
        raise NotFound
    return found


def find_paper(session: AnySession, closing_id: str) -> bytes | None:
    """The paper of a Z report as it was first printed."""
    return session.scalar(select(ZPaper.pdf).where(ZPaper.closing_id == closing_id))


def homeless_facts(session: AnySession, edition_id: str) -> list[tuple[str, datetime, int]]:
    """(kind, when, đồng) of openings, moves and closings that name no till session, the newest first."""
    found: list[tuple[str, datetime, int]] = []
    for kind, table, amount in (
        ("opening", TillOpening, TillOpening.float_dong),
        ("move", CashMove, CashMove.amount_dong),
        ("closing", TillClosing, TillClosing.counted_dong),
    ):
        wanted = select(table.at, amount).where(table.edition_id == edition_id, table.till_session_id.is_(None))
        found += [(kind, at, int(dong)) for at, dong in session.execute(wanted)]
    return sorted(found, key=lambda one: one[1], reverse=True)


def cash_without_session(session: AnySession, edition_id: str) -> Loose:
    """Cash sales and refunds that no known till session accounts for."""
    return loose_cash(session, edition_id, known_sessions())


def documents_without_session(session: AnySession, edition_id: str, *, limit: int, offset: int = 0) -> list[Document]:
    """Those sales and refunds, the newest first."""
    return loose_documents(session, edition_id, known_sessions(), limit=limit, offset=offset)
