"""Notes of goods again: numbers without a gap, frozen content and its digest, and that what moved is what the notes say.

Every movement of a kind that only notes make belongs to a note, a receipt or a decision, and each of these moved exactly its lines.
Reads tables, writes nothing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from fair_pos.consignment.note import frozen, thawed
from fair_pos.consignment.rules import is_signature, open_quantity, written_number
from fair_pos.consignment.tables import (
    DiscrepancyDecision,
    GoodsCounter,
    GoodsNote,
    GoodsNoteLine,
    GoodsPhoto,
    GoodsReceipt,
    GoodsReceiptLine,
)
from fair_pos.journal.tables import Line
from fair_pos.kernel.chain import digest
from fair_pos.proof.heard import AnySession
from fair_pos.proof.rules import Difference, Differs, same
from fair_pos.stock.tables import LotRow, Movement

KINDS = ("intake", "return", "transfer_out", "transfer_in", "write_off")
LINE_FIELDS = (
    "line_no", "product_id", "owner_id", "lot_id", "name", "unit", "weighed", "quantity", "price_dong", "lot_code", "expires_day",
    "rule_words", "reason", "borne_by",
)  # fmt: skip
Sums = dict[tuple[str, ...], int]
"""(subject, line, place, product, owner, lot, kind) → quantity."""


@dataclass
class NoteProof:
    """What was checked."""

    notes: int = 0
    receipts: int = 0
    decisions: int = 0


def prove_notes(session: AnySession) -> NoteProof:
    """Compare all notes with what they moved. Raises Differs at the first difference."""
    proof = NoteProof()
    lines: dict[str, list[GoodsNoteLine]] = defaultdict(list)
    for line in session.scalars(select(GoodsNoteLine).order_by(GoodsNoteLine.note_id, GoodsNoteLine.line_no)):
        lines[line.note_id].append(line)
    notes = {one.id: one for one in session.scalars(select(GoodsNote).order_by(GoodsNote.edition_id, GoodsNote.number))}
    last: dict[tuple[str, str], int] = {}
    wanted: Sums = {}
    for note in notes.values():
        proof.notes += 1
        key = (note.edition_id, note.kind)
        same("goods note", note.id, "number", note.number, last.get(key, 0) + 1)
        last[key] = note.number
        _check_content(note, lines.get(note.id, []))
        _moved_by(note, notes, lines.get(note.id, []), wanted)
    counters = {(one.edition_id, one.kind): one.last for one in session.scalars(select(GoodsCounter))}
    same("goods counter", "table", "last numbers", counters, last)
    _check_receipts(session, notes, lines, wanted, proof)
    _check_movements(session, wanted)
    _check_lots(session, notes, lines)
    _check_journal(session, notes)
    for photo in session.scalars(select(GoodsPhoto)):
        same("goods photo", photo.id, "digest", photo.digest, hashlib.sha256(photo.jpeg).hexdigest())
    return proof


def _check_content(note: GoodsNote, lines: list[GoodsNoteLine]) -> None:
    same("goods note", note.id, "digest", note.digest, digest(note.content))
    same("goods note", note.id, "has lines", bool(lines), True)
    same("goods note", note.id, "signature", note.signature == "" or is_signature(note.signature), True)
    try:
        content = thawed(note.content)
        same("goods note", note.id, "content", frozen(content), note.content)
        head = tuple(content[name] for name in ("number", "kind", "day", "at", "words", "signed_name", "signature"))
        written = [{name: one[name] for name in LINE_FIELDS} for one in content["lines"]]
    except (ValueError, LookupError, TypeError, AttributeError):
        raise Differs(Difference("goods note", note.id, "content", "unreadable", "a note")) from None
    number = written_number(note.kind, note.number)
    own = (number, note.kind, note.day, note.at, note.words, note.signed_name, note.signature)
    same("goods note", note.id, "heading", own, head)
    kept = [{name: getattr(line, name) for name in LINE_FIELDS} for line in lines]
    same("goods note line", note.id, "lines", kept, written)


def _add(wanted: Sums, subject: str, line: GoodsNoteLine, place: str | None, kind: str, quantity: int) -> None:
    if quantity:
        goods = (line.product_id, line.owner_id, line.lot_id)
        key = (subject, str(line.line_no), place or "", *goods, kind)
        wanted[key] = wanted.get(key, 0) + quantity


def _moved_by(note: GoodsNote, notes: dict[str, GoodsNote], lines: list[GoodsNoteLine], wanted: Sums) -> None:
    back = -1 if note.cancels_id else 1
    if note.cancels_id:
        first = notes.get(note.cancels_id)
        about = None if first is None else (first.kind, first.edition_id, first.from_place, first.to_place)
        same(
            "goods note",
            note.id,
            "what it takes back",
            (note.kind, note.edition_id, note.from_place, note.to_place),
            about,
        )
    way = note.cancels_id or note.id
    leaves, comes = ("transfer_out", "transfer_in") if back == 1 else ("transfer_in", "transfer_out")
    for line in lines:
        match note.kind:
            case "intake":
                _add(wanted, note.id, line, note.to_place, "intake", back * line.quantity)
            case "transfer":
                _add(wanted, note.id, line, note.from_place, leaves, -back * line.quantity)
                _add(wanted, note.id, line, way, comes, back * line.quantity)
            case _:
                _add(wanted, note.id, line, note.from_place, note.kind, -back * line.quantity)


def _check_receipts(
    session: AnySession,
    notes: dict[str, GoodsNote],
    lines: dict[str, list[GoodsNoteLine]],
    wanted: Sums,
    proof: NoteProof,
) -> None:
    came: dict[str, dict[int, int]] = defaultdict(dict)
    for row in session.scalars(select(GoodsReceiptLine)):
        came[row.note_id][row.line_no] = row.quantity
    said: dict[tuple[str, int], int] = defaultdict(int)
    decisions = list(session.scalars(select(DiscrepancyDecision)))
    for one in decisions:
        said[one.note_id, one.line_no] += one.quantity
    for receipt in session.scalars(select(GoodsReceipt)):
        proof.receipts += 1
        note, own = notes[receipt.note_id], lines.get(receipt.note_id, [])
        same("goods receipt", receipt.id, "digest", receipt.digest, digest(receipt.content))
        content = thawed(receipt.content)
        written = {one["line_no"]: (one["sent"], one["received"]) for one in content["lines"]}
        kept = {line.line_no: (line.quantity, came[note.id].get(line.line_no, -1)) for line in own}
        same("goods receipt line", receipt.id, "lines", kept, written)
        same("goods receipt", receipt.id, "when", receipt.at, content["at"])
        for line in own:
            quantity = came[note.id][line.line_no]
            _add(wanted, receipt.id, line, note.id, "transfer_out", -quantity)
            _add(wanted, receipt.id, line, note.to_place, "transfer_in", quantity)
            left = open_quantity(line.quantity, quantity, said[note.id, line.line_no])
            first = line.quantity - quantity
            fits = min(0, first) <= left <= max(0, first)
            same("discrepancy decision", note.id, f"what is open of line {line.line_no}", fits, True)
    for one in decisions:
        proof.decisions += 1
        if one.outcome == "lost":
            continue  # moved by the note of what is lost
        note = notes[one.note_id]
        line = next(line for line in lines[one.note_id] if line.line_no == one.line_no)
        place = note.to_place if one.outcome == "arrived" else note.from_place
        out, into = (note.id, place) if one.quantity > 0 else (place, note.id)
        _add(wanted, one.id, line, out, "transfer_out", -abs(one.quantity))
        _add(wanted, one.id, line, into, "transfer_in", abs(one.quantity))


def _check_movements(session: AnySession, wanted: Sums) -> None:
    """Goods brought to a booth without a note have a line in the journal, which witnesses.check_subjects holds them to."""
    noted = select(Line.subject_id).where(Line.verb == "intake_recorded")
    columns = (
        Movement.subject_id, Movement.line_no, Movement.place_id, Movement.product_id, Movement.owner_id, Movement.lot_id, Movement.kind,
    )  # fmt: skip
    sums = select(*columns, func.sum(Movement.quantity)).where(
        Movement.kind.in_(KINDS), Movement.subject_id.not_in(noted)
    )
    moved: Sums = {tuple(map(str, key)): int(total) for *key, total in session.execute(sums.group_by(*columns))}
    for key in sorted(moved.keys() | wanted.keys()):
        same("movement", key[0], f"moved by line {key[1]}: {key[6]}", moved.get(key), wanted.get(key))


def _check_lots(session: AnySession, notes: dict[str, GoodsNote], lines: dict[str, list[GoodsNoteLine]]) -> None:
    """Every lot says what the frozen line says that brought it. No note, no lot: nothing else makes one."""
    brought = {
        line.lot_id: (note.id, line.product_id, line.owner_id, line.lot_code, line.expires_day, note.day, note.at)
        for note in notes.values()
        if note.kind == "intake" and not note.cancels_id
        for line in lines.get(note.id, [])
    }
    kept = {
        one.id: (
            one.note_id, one.product_id, one.owner_id, one.code, one.expires_day, one.received_day, one.created_at,
        )
        for one in session.scalars(select(LotRow))
    }  # fmt: skip
    for lot_id in sorted(brought.keys() | kept.keys()):
        same("lot", lot_id, "what its note says", kept.get(lot_id), brought.get(lot_id))


def _check_journal(session: AnySession, notes: dict[str, GoodsNote]) -> None:
    told: dict[str, Any] = {}
    for line in session.scalars(select(Line).where(Line.verb == "goods_note")):
        same("journal line", line.subject_id, "said once", line.subject_id in told, False)
        told[line.subject_id] = (line.facts.get("digest"), line.person_id, line.at)
    own = {one.id: (one.digest, one.person_id, one.at) for one in notes.values()}
    for note_id in sorted(told.keys() | own.keys()):
        same("goods note", note_id, "said in the journal", own.get(note_id), told.get(note_id))
