"""Z reports made again: which entries each had to sign, and every figure on it from those entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from fair_pos.cash.queries import SessionEntries
from fair_pos.cash.tables import TillClosing, ZEntry, ZReport
from fair_pos.cash.z_report import (
    VERSION,
    Confirmed,
    Document,
    Entries,
    Heading,
    LateEntries,
    content_of,
    frozen,
    thawed,
)
from fair_pos.kernel.chain import digest
from fair_pos.payments.tables import Transfer
from fair_pos.proof.heard import AnySession
from fair_pos.proof.rules import Difference, Differs, same
from fair_pos.proof.witnesses import check_lines
from fair_pos.sales.facts import Place
from fair_pos.sales.tables import Sale
from fair_pos.till.tables import Device

Signed = Mapping[str, Mapping[str, ZEntry]]
"""Till session → entry → how a report signed it."""


def check_reports(session: AnySession, device: Device, place: Place, entries: Mapping[str, SessionEntries]) -> int:
    """Every closing of a device froze one report, which says what its entries come to; how many there are. Raises Differs."""
    # In the order in which they were made: by upload, and within one by the device's numbers.
    wanted = select(TillClosing).where(TillClosing.device_id == device.id)
    closings = sorted(session.scalars(wanted), key=lambda one: (one.received_at, one.device_seq, one.id))
    reports = {one.closing_id: one for one in session.scalars(select(ZReport).where(ZReport.device_id == device.id))}
    signed: dict[str, dict[str, dict[str, ZEntry]]] = defaultdict(lambda: defaultdict(dict))
    for row in session.scalars(select(ZEntry).where(ZEntry.device_id == device.id)):
        signed[row.closing_id][row.till_session_id][row.id] = row
    for closing_id in sorted({*reports, *signed} | {one.id for one in closings}):
        known = any(one.id == closing_id for one in closings)
        same("z report", closing_id, "row", closing_id in reports, known)
        same("z entry", closing_id, "closing", closing_id in signed and not known, False)
    _check_complete(closings, entries, {one for some in signed.values() for its in some.values() for one in its})
    lines = []
    for closing in closings:
        report = reports[closing.id]
        _check_row(report, closing, place)
        lines.append(_line_of(report, closing, sum(map(len, signed[closing.id].values()))))
    check_lines(session, lines)
    closed: dict[str, int] = {}
    before: set[str] = set()
    for closing in closings:
        _check_signed(closing, signed[closing.id], entries, closed)
        mine = entries.get(closing.till_session_id or "")
        elsewhere = [one.receipt_number for one in mine.documents if one.id in before] if mine else []
        _check_content(session, reports[closing.id], closing, signed[closing.id], entries, closed, device, elsewhere)
        if closing.till_session_id is not None:
            closed.setdefault(closing.till_session_id, closing.z_number)
        before.update(one for some in signed[closing.id].values() for one in some)
    return len(closings)


def _check_row(report: ZReport, closing: TillClosing, place: Place) -> None:
    same("z report", closing.id, "z_number", report.z_number, closing.z_number)
    same("z report", closing.id, "made_at", report.made_at, closing.received_at)
    same("z report", closing.id, "edition_id", report.edition_id, place.edition_id)
    same("z report", closing.id, "booth_id", report.booth_id, place.booth_id)
    same("z report", closing.id, "digest", report.digest, digest(report.content))


def _line_of(report: ZReport, closing: TillClosing, entries: int) -> dict[str, Any]:
    return {
        "at": closing.received_at,
        "person_id": closing.person_id,
        "device_id": closing.device_id,
        "verb": "z_made",
        "subject_kind": "z_report",
        "subject_id": closing.id,
        "facts": {"z_number": closing.z_number, "digest": report.digest, "entries": entries},
    }


def _check_signed(
    closing: TillClosing,
    signed: Signed,
    entries: Mapping[str, SessionEntries],
    closed: Mapping[str, int],
) -> None:
    """What stands on a report is an entry of its session from before the closing, or late for a session that was closed."""
    for till_session_id, rows in signed.items():
        late = till_session_id != closing.till_session_id
        if late:
            same(
                "z entry",
                closing.id,
                "late for",
                till_session_id,
                till_session_id if till_session_id in closed else None,
            )
        mine = entries[till_session_id] if till_session_id in entries else SessionEntries([], [], [], [])
        kinds = (mine if late else mine.before(closing.device_seq)).kinds
        for one in rows.values():
            same("z entry", one.id, "kind", one.kind, kinds.get(one.id))
            same("z entry", one.id, "late", one.late, late)


def _check_complete(
    closings: Sequence[TillClosing], entries: Mapping[str, SessionEntries], signed: Collection[str]
) -> None:
    """Nothing that was here when a closing came is left out of all reports. What came at that very moment may be in or out."""
    for till_session_id, some in entries.items():
        mine = [one for one in closings if one.till_session_id == till_session_id]
        if not mine:
            continue
        first = min(one.received_at for one in mine)
        others = [one.received_at for one in closings if one.till_session_id != till_session_id]
        newest = max(others, default=first)
        for entry_id, device_seq, arrived_at in _arrivals(some):
            in_time = any(one.device_seq > device_seq and one.received_at > arrived_at for one in mine)
            if in_time or newest > max(first, arrived_at):
                same("z entry", entry_id, "row", entry_id if entry_id in signed else None, entry_id)


def _arrivals(some: SessionEntries) -> Iterator[tuple[str, int, datetime]]:
    for facts in (some.openings, some.moves, some.documents):
        for one in facts:
            yield one.id, one.device_seq, one.received_at


def _check_content(
    session: AnySession,
    report: ZReport,
    closing: TillClosing,
    signed: Signed,
    entries: Mapping[str, SessionEntries],
    closed: Mapping[str, int],
    device: Device,
    elsewhere: Sequence[str],
) -> None:
    """Its figures are what its entries come to. Names, and how much of transfers was confirmed, are those of that day: its own."""
    mine = closing.till_session_id
    covered = _only(entries[mine], signed.get(mine, {})) if mine else Entries(None, [], [])
    late_ids = sorted((one for one in signed if one != mine), key=lambda one: (closed[one], one))
    late = [LateEntries(closed[one], _only(entries[one], signed[one])) for one in late_ids]
    try:
        stored = thawed(report.content)
        version = stored["version"] if stored["version"] in range(1, VERSION) else VERSION
        confirmed, paid_back = _transfers_then(covered.documents, stored)
        _check_paid_back(session, closing, paid_back)
        names = (stored["edition"], stored["place"], stored["booth"])
        computed = content_of(
            Heading(*names, device.letter, device.sample),
            closing,
            covered,
            late,
            confirmed,
            _names_then(closing, covered, late, stored),
            signed_before=closed.get(mine or ""),
            elsewhere=elsewhere,
            paid_back=paid_back,
            version=version,
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        raise Differs(Difference("z report", closing.id, "content", "unreadable", "a report")) from None
    text = frozen(computed)
    again = thawed(text)
    for name in sorted({*stored, *again}):
        same("z report", closing.id, name, stored.get(name), again.get(name))
    same("z report", closing.id, "content", report.content, text)


def _only(some: SessionEntries, ids: Collection[str]) -> Entries:
    mine = some.without({one for one in some.kinds if one not in ids})
    return Entries(mine.openings[0] if mine.openings else None, mine.moves, mine.documents)


def _transfers_then(documents: Sequence[Document], stored: Mapping[str, Any]) -> tuple[Confirmed, Confirmed]:
    """How much of each transfer was confirmed, by what the report says was not; and what of the rest had gone back."""
    waiting, gone = list(stored["transfers"]["waiting"]), list(stored["transfers"].get("paid_back", ()))
    found: dict[tuple[str, int], int] = {}
    paid_back: dict[tuple[str, int], int] = {}
    for document in documents:
        for payment in document.payments if document.kind == "sale" else ():
            if payment.method == "transfer":
                back = _next_of(document, gone, payment.amount_dong)
                still = _next_of(document, waiting, payment.amount_dong - back)
                found[document.id, payment.payment_no] = payment.amount_dong - still - back
                paid_back[document.id, payment.payment_no] = back
    return found, paid_back


def _next_of(document: Document, some: list[dict[str, Any]], most_dong: int) -> int:
    """What the next line says, if it is about this receipt; the line is taken."""
    if not some or some[0]["number"] != document.receipt_number or not 0 < some[0]["amount_dong"] <= most_dong:
        return 0
    dong: int = some.pop(0)["amount_dong"]
    return dong


def _check_paid_back(session: AnySession, closing: TillClosing, paid_back: Confirmed) -> None:
    """No more had gone back than was paid out by transfer for these sales by the time of the report."""
    told: dict[str, int] = defaultdict(int)
    for (sale_id, _payment_no), dong in paid_back.items():
        told[sale_id] += dong
    wanted = sorted(sale_id for sale_id, dong in told.items() if dong)
    for start in range(0, len(wanted), 400):
        some = wanted[start : start + 400]
        sums = select(Transfer.refund_of, func.sum(Transfer.amount_dong)).join(Sale, Sale.id == Transfer.sale_id)
        sums = sums.where(Transfer.refund_of.in_(some), Sale.received_at <= closing.received_at)
        out = dict(session.execute(sums.group_by(Transfer.refund_of)).all())
        for sale_id in some:
            same(
                "z report",
                closing.id,
                f"paid back of {sale_id}",
                told[sale_id],
                min(told[sale_id], out.get(sale_id, 0)),
            )


def _names_then(
    closing: TillClosing, covered: Entries, late: Sequence[LateEntries], stored: Mapping[str, Any]
) -> dict[str, str]:
    """What each person is called on the report; the same everywhere on it, or it differs from what is made again."""
    said = [(closing.person_id, stored["closed"]["by"])]
    if closing.second_person_id is not None and not stored["closed"]["second_unknown"]:
        said.append((closing.second_person_id, stored["closed"]["second"]))
    if covered.opening is not None:
        said.append((covered.opening.person_id, stored["opened"]["by"]))
    late_moves = [move for one in late for move in one.entries.moves]
    late_rows = [row for row in stored["late"] if row["kind"] in {"in", "out"}]
    for moves, rows in ((covered.moves, stored["moves"]), (late_moves, late_rows)):
        said += [(move.person_id, row["by"]) for move, row in zip(moves, rows, strict=False)]
    found: dict[str, str] = {}
    for person_id, name in said:
        if name or person_id == closing.second_person_id:
            found.setdefault(person_id, name)
    return found
