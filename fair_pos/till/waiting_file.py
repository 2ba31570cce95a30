"""Taking in the file that a tablet saves with «Lưu đơn chờ ra tệp»: for a tablet that broke, or that this server does not know."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.till.actions import receive_upload
from fair_pos.till.pairing import new_device
from fair_pos.till.parcels import Readable, open_parcel
from fair_pos.till.queries import find_device
from fair_pos.till.refusals import WaitingFileUnreadable
from fair_pos.till.tables import Device
from fair_pos.till.wire import MAX_PARCELS
from fair_pos.venues.queries import get_booth


@dataclass(frozen=True)
class Held:
    """What one device holds, as the file has it. One file has several when the tablet was paired more than once."""

    device_id: str
    letter: str
    parcels: Sequence[object]


@dataclass
class Imported:
    """How many parcels got which answer, and the letters of the devices they are under now."""

    answers: Counter[str] = field(default_factory=Counter)
    letters: list[str] = field(default_factory=list)


def read_waiting_file(data: bytes) -> list[Held]:
    """The devices in a file and their parcels; the parcels themselves are judged one by one later. Raises WaitingFileUnreadable."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise WaitingFileUnreadable from None
    devices = body.get("devices") if isinstance(body, Mapping) else None
    if not isinstance(devices, list) or not all(isinstance(one, Mapping) for one in devices):
        raise WaitingFileUnreadable
    found = []
    for one in devices:
        device_id, letter, parcels = one.get("device_id"), one.get("letter"), one.get("parcels")
        if not isinstance(device_id, str) or not isinstance(letter, str) or not isinstance(parcels, list):
            raise WaitingFileUnreadable
        found.append(Held(device_id[:36], letter[:6], parcels))
    return found


def import_waiting(session: Session, files: Sequence[Held], *, booth_id: str, at: datetime) -> Imported:
    """Take every parcel in as if its tablet had sent it. The same file again changes nothing. Raises NotFound."""
    get_booth(session, booth_id)
    done = Imported()
    for held in files:
        if not held.parcels:
            continue
        device = find_device(session, held.device_id)
        if device is None:
            device = stand_in(session, held, booth_id=booth_id, at=at)
        ended_at, device.revoked_at = device.revoked_at, None  # what it sold it sold while it was paired
        session.flush()
        for start in range(0, len(held.parcels), MAX_PARCELS):
            answers = receive_upload(session, device, held.parcels[start : start + MAX_PARCELS], at)
            done.answers.update(one.answer for one in answers)
        device.revoked_at = ended_at
        session.flush()
        done.letters.append(device.letter)
        facts = {"letter": held.letter, "count": len(held.parcels)}
        subject = ("device", device.id)
        write_line(session, at=at, person_id=None, verb="waiting_imported", subject=subject, facts=facts)
    return done


def stand_in(session: Session, held: Held, *, booth_id: str, at: datetime) -> Device:
    """The device that stands for a tablet this server does not know, found again by its name.

    It counts as unpaired, so that nobody waits for a word from it, and as paired before its first sale, so that the times of
    its sales can be believed.
    """
    name = f"Từ tệp: máy {held.letter} ({held.device_id})"
    known = session.scalar(select(Device).where(Device.name == name))
    if known is not None:
        return known
    first = min((when for one in held.parcels if (when := sold_at(one)) is not None), default=at)
    device, _token = new_device(session, booth_id=booth_id, name=name, at=min(first, at), by=None)
    device.revoked_at = at
    return device


def sold_at(parcel: object) -> datetime | None:
    """When a parcel says its sale happened, by the tablet's clock put right; None for what cannot be read."""
    opened = open_parcel(parcel)
    if not isinstance(opened, Readable):
        return None
    try:
        return opened.command.device_at + timedelta(milliseconds=opened.command.clock_offset_ms)
    except OverflowError:
        return None
