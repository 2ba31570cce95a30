"""Recording what tablets say of their drawers, and freezing a Z report with each closing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from fair_pos.cash.facts import ClosedFact, DrawerFact, JudgedDrawer, MovedFact, OpenedFact
from fair_pos.cash.queries import (
    SessionEntries,
    closed_sessions,
    entries_of,
    entry_counts,
    events_of,
    facts_of,
    find_paper,
    signed_counts,
    signed_entries,
)
from fair_pos.cash.rows import drawer_row, journal_of
from fair_pos.cash.rules import KnownOfDrawer, Whole, judge_drawer, odd_closing, odd_sequence
from fair_pos.cash.tables import CashMove, TillClosing, TillOpening, TillSession, ZEntry, ZPaper, ZReport
from fair_pos.cash.z_report import Entries, Heading, LateEntries, content_of, frozen
from fair_pos.journal.actions import line as journal_line
from fair_pos.journal.actions import write_lines
from fair_pos.kernel.chain import digest
from fair_pos.people.queries import known_person_ids, people_with
from fair_pos.plumbing.db import dialect_of, insert_new
from fair_pos.sales.actions import record_oddities, rights_of
from fair_pos.sales.by_session import counts_on, documents_after
from fair_pos.sales.facts import Odd, Place
from fair_pos.venues.queries import get_booth, get_edition

_OPENING, _MOVE, _CLOSING, _SESSION, _ENTRY, _PAPER = (
    cast("Table", table.__table__) for table in (TillOpening, CashMove, TillClosing, TillSession, ZEntry, ZPaper)
)
_KEPT: tuple[tuple[type[DrawerFact], Table], ...] = ((OpenedFact, _OPENING), (MovedFact, _MOVE), (ClosedFact, _CLOSING))


@dataclass(frozen=True)
class Till:
    """What the till's own feature lends: the device's letter, and which transfers are confirmed by now."""

    letter: str
    confirmed: Callable[[Session, Collection[str]], Mapping[tuple[str, int], int]]
    """Sales → (sale, payment number) → confirmed đồng."""
    paid_back: Callable[[Session, Collection[str]], Mapping[tuple[str, int], int]]
    """The same of what was only claimed and went back by transfer."""


def record_drawer(
    session: Session, facts: Sequence[DrawerFact], place: Place, also: Mapping[str, Iterable[Odd]], till: Till
) -> list[JudgedDrawer]:
    """Store openings, moves and closings, and freeze a Z report for each closing. The caller has made sure that each is new.

    The sales of the same upload must be stored before: a report covers what is here when its closing arrives. The caller lets
    one upload of a device in at a time, so that no two reports of one tablet are made at the same time.
    """
    if not facts:
        return []
    known = known_to_drawer(session, facts, place)
    batch = [judge_drawer(fact, place, known, also.get(fact.id, ())) for fact in facts]
    for kind, table in _KEPT:
        rows = [drawer_row(judged) for judged in batch if isinstance(judged.fact, kind)]
        if rows:
            session.execute(insert(table), rows)
    record_oddities(session, {judged.fact.id: judged.oddities for judged in batch}, place)
    write_lines(session, [journal_of(judged) for judged in batch])
    touched = sorted({fact.till_session_id for fact in facts if fact.till_session_id is not None})
    keep_sessions(session, touched, place, till.letter)
    closed = sorted((fact.device_seq, fact.id) for fact in facts if isinstance(fact, ClosedFact))
    for _seq, closing_id in closed:
        freeze_report(session, session.get_one(TillClosing, closing_id), place, till)
    return batch


def known_to_drawer(session: Session, facts: Iterable[Any], place: Place) -> KnownOfDrawer:
    """What the rules compare facts or closings with."""
    people = {fact.person_id for fact in facts}
    seconds = {second for fact in facts if (second := getattr(fact, "second_person_id", None))}
    rights = rights_of(session, seconds, place) if seconds else {}
    return KnownOfDrawer(
        people=frozenset(known_person_ids(session, people)),
        second_signers=frozenset(one for one, held in rights.items() if held.may_sign_second),
        close_limit_dong=get_edition(session, place.edition_id).close_limit_dong,
    )


def keep_sessions(session: Session, till_session_ids: Sequence[str], place: Place, letter: str) -> None:
    """Write down what these till sessions are now: all their facts are looked at, so the order in which they came leaves no trace."""
    found = facts_of(session, place.device_id, till_session_ids)
    for till_session_id, entries in found.items():
        opening = entries.openings[0] if entries.openings else None
        closing = entries.closings[0] if entries.closings else None
        instants = [one.at for some in (entries.openings, entries.moves, entries.closings) for one in some]
        row = {
            "device_id": place.device_id,
            "id": till_session_id,
            "edition_id": place.edition_id,
            "booth_id": place.booth_id,
            "letter": letter,
            "opening_id": opening.id if opening else None,
            "closing_id": closing.id if closing else None,
            "began_at": opening.at if opening else min(instants),
            "sample": place.sample,
        }
        if not session.execute(insert_new(dialect_of(session), _SESSION, "id"), [row]).first():
            key = (_SESSION.c.device_id == place.device_id, _SESSION.c.id == till_session_id)
            changed = {name: row[name] for name in ("opening_id", "closing_id", "began_at")}
            session.execute(_SESSION.update().where(*key).values(**changed))


def freeze_report(session: Session, closing: TillClosing, place: Place, till: Till) -> ZReport:
    """Make the Z report of a closing: all of its session that is here and on no report yet, and what came late for earlier ones."""
    mine = closing.till_session_id
    closed_before = closed_sessions(session, place.device_id)
    covered = SessionEntries([], [], [closing], [])
    elsewhere: list[str] = []
    if mine is not None:
        entries = entries_of(session, place.device_id, [mine])[mine]
        signed_already = signed_entries(session, place.device_id, mine)
        covered = entries.before(closing.device_seq).without(signed_already)
        elsewhere = [one.receipt_number for one in entries.documents if one.id in signed_already]
    late = late_entries(session, place.device_id, {one: z for one, z in closed_before.items() if one != mine})
    booth = get_booth(session, place.booth_id)
    everything = [covered, *(some for _id, _z, some in late)]
    signers = {closing.person_id, closing.second_person_id}
    signers |= {one.person_id for some in everything for one in some.openings}
    signers |= {one.person_id for some in everything for one in some.moves}
    names = {one.id: one.name for one in people_with(session, set(filter(None, signers)))}
    by_transfer = [one.id for one in covered.documents if any(payment.method == "transfer" for payment in one.payments)]
    content = content_of(
        Heading(booth.edition.name, booth.edition.place, f"{booth.code} · {booth.name}", till.letter, place.sample),
        closing,
        _as_entries(covered),
        [LateEntries(z_number, _as_entries(some)) for _id, z_number, some in late],
        till.confirmed(session, by_transfer),
        names,
        paid_back=till.paid_back(session, by_transfer),
        signed_before=closed_before.get(mine or ""),
        elsewhere=elsewhere,
    )
    text = frozen(content)
    report = ZReport(
        closing_id=closing.id,
        edition_id=place.edition_id,
        booth_id=place.booth_id,
        device_id=place.device_id,
        z_number=closing.z_number,
        made_at=place.received_at,
        content=text,
        digest=digest(text),
    )
    session.add(report)
    session.flush()
    signed = [] if mine is None else _entry_rows(closing, place, mine, covered, late=False)
    for till_session_id, _z, some in late:
        signed += _entry_rows(closing, place, till_session_id, some, late=True)
    if signed:
        session.execute(insert(_ENTRY), signed)
    facts = {"z_number": closing.z_number, "digest": report.digest, "entries": len(signed)}
    about: dict[str, Any] = {"verb": "z_made", "subject": ("z_report", closing.id), "facts": facts}
    line = journal_line(at=place.received_at, person_id=closing.person_id, device_id=place.device_id, **about)
    write_lines(session, [line])
    return report


def late_entries(session: Session, device_id: str, closed: Mapping[str, int]) -> list[tuple[str, int, SessionEntries]]:
    """(till session, its Z number, what of it is on no report) of sessions that are closed, in the order of their reports.

    Counted first: in a showroom's year a tablet has hundreds of sessions, of which hardly one is missing anything.
    """
    sold, beside = counts_on(session, device_id, closed), entry_counts(session, device_id)
    signed = signed_counts(session, device_id)
    wanted = [one for one in closed if sold.get(one, 0) + beside.get(one, 0) != signed.get(one, 0)]
    if not wanted:
        return []
    found = entries_of(session, device_id, wanted)
    ordered = sorted(wanted, key=lambda one: (closed[one], one))
    return [(one, closed[one], found[one].without(signed_entries(session, device_id, one))) for one in ordered]


def _as_entries(some: SessionEntries) -> Entries:
    return Entries(some.openings[0] if some.openings else None, some.moves, some.documents)


def _entry_rows(
    closing: TillClosing, place: Place, till_session_id: str, some: SessionEntries, *, late: bool
) -> list[dict[str, Any]]:
    common = {"closing_id": closing.id, "device_id": place.device_id, "till_session_id": till_session_id, "late": late}
    return [common | {"id": one, "kind": kind} for one, kind in some.kinds.items()]


# --- facts side by side -----------------------------------------------------------------------------------------------


def odd_about_drawer(
    session: Session, fresh: Sequence[tuple[int, str | None]], place: Place, whole: Whole
) -> dict[str, list[Odd]]:
    """What the arrival of these commands, (number, till session) each, shows to be odd about the device's drawer, by command.

    Called for every upload once its facts are stored: a sale can be what a closing was waiting for. The caller writes it down.
    """
    since = min(seq for seq, _session in fresh)
    touched = {one for _seq, one in fresh if one is not None}
    later = events_of(session, place.device_id, since)
    wanted = select(TillClosing.till_session_id).where(
        TillClosing.device_id == place.device_id, TillClosing.till_session_id.in_(touched)
    )
    closed = {one.till_session_id for one in later if one.kind == "closing"}
    closed |= set(session.scalars(wanted)) if touched else set()
    if not later and not closed:
        return {}
    odd = odd_sequence(events_of(session, place.device_id), since, whole) if later else {}
    ids = sorted(filter(None, closed))
    for one, entries in entries_of(session, place.device_id, ids).items():
        first = entries.closings[0]
        gone_on = [(move.id, "") for move in entries.moves if move.device_seq > first.device_seq]
        for entry_id, _number in (*gone_on, *documents_after(session, place.device_id, one, first.device_seq)):
            odd.setdefault(entry_id, []).append(Odd("session_closed_already", {}))
        opening = entries.openings[0] if entries.openings else None
        if opening is not None and first.device_seq >= since and whole(opening.device_seq, first.device_seq):
            covered = entries.before(first.device_seq)
            known = known_to_drawer(session, [first], place)
            odd.setdefault(first.id, []).extend(odd_closing(first, covered.drawer, len(covered.documents), known))
    return odd


# --- paper ------------------------------------------------------------------------------------------------------------


def keep_paper(session: Session, closing_id: str, pdf: bytes, *, at: datetime) -> bytes:
    """Keep the paper of a Z report for good, unless one was kept meanwhile; returns the one that is kept."""
    row = {"closing_id": closing_id, "printed_at": at, "pdf": pdf}
    session.execute(insert_new(dialect_of(session), _PAPER, "closing_id"), [row])
    return find_paper(session, closing_id) or pdf
