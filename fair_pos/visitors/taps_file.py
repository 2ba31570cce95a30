"""Taking in the file of taps that a gate's phone saved: for a phone that this server does not know, or that broke."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.visitors.pairing import new_gate_device
from fair_pos.visitors.queries import find_gate_device, get_gate
from fair_pos.visitors.receiving import open_entry, receive_taps
from fair_pos.visitors.refusals import TapsFileUnreadable
from fair_pos.visitors.tables import GateDevice
from fair_pos.visitors.taps import Tap, claimed_instant
from fair_pos.visitors.wire import MAX_ENTRIES


@dataclass(frozen=True)
class HeldTaps:
    """What one phone holds, as the file has it. One file has several when the phone was paired more than once."""

    device_id: str
    entries: Sequence[object]


def read_taps_file(data: bytes) -> list[HeldTaps]:
    """The phones in a file and their entries; the entries are judged one by one later. Raises TapsFileUnreadable."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise TapsFileUnreadable from None
    phones = body.get("gate_phones") if isinstance(body, Mapping) else None
    if not isinstance(phones, list):
        raise TapsFileUnreadable
    found = []
    for one in phones:
        device_id, entries = (one.get("device_id"), one.get("entries")) if isinstance(one, Mapping) else (None, None)
        if not isinstance(device_id, str) or not device_id.isprintable() or not isinstance(entries, list):
            raise TapsFileUnreadable
        found.append(HeldTaps(device_id[:36], entries))
    return found


def import_taps(session: Session, files: Sequence[HeldTaps], *, gate_id: str, at: datetime) -> Counter[str]:
    """Take every entry in as if its phone had sent it; how many got which answer. The same file again changes nothing.

    `gate_id`: where a phone stood that this server does not know. Raises NotFound.
    """
    get_gate(session, gate_id)
    answers: Counter[str] = Counter()
    for held in files:
        if not held.entries:
            continue
        device = find_gate_device(session, held.device_id, lock=True) or stand_in(session, held, gate_id=gate_id, at=at)
        ended_at, device.revoked_at = device.revoked_at, None  # what it counted it counted while it was paired
        session.flush()
        for start in range(0, len(held.entries), MAX_ENTRIES):
            given = receive_taps(session, device, held.entries[start : start + MAX_ENTRIES], at)
            answers.update(one.answer for one in given)
        device.revoked_at = ended_at
        session.flush()
        subject = ("gate_device", device.id)
        facts = {"count": len(held.entries)}
        write_line(session, at=at, person_id=None, verb="gate_taps_imported", subject=subject, facts=facts)
    return answers


def stand_in(session: Session, held: HeldTaps, *, gate_id: str, at: datetime) -> GateDevice:
    """The device that stands for a phone this server does not know, found again by its name.

    It counts as unpaired, so that nobody waits for a word from it, and as paired before its first tap, so that the times of
    its taps can be believed.
    """
    name = f"Từ tệp: {held.device_id}"
    known = session.scalar(select(GateDevice).where(GateDevice.name == name).with_for_update(of=GateDevice))
    if known is not None:
        return known
    opened = (open_entry(one) for one in held.entries)
    times = (claimed_instant(one) for one in opened if isinstance(one, Tap))
    first = min((when for when in times if when is not None), default=at)
    device, _token = new_gate_device(session, gate_id, name=name, at=min(first, at), by=None)
    device.revoked_at = at
    return device
