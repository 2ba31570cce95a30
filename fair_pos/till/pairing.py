"""Devices: paired with a one-time code, taken over by another seller, heard from, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import new_id, new_pairing_code, new_token
from fair_pos.people.rules import Held, Scope, Verb, may
from fair_pos.till.queries import code_hash, find_usable_code, token_hash
from fair_pos.till.refusals import MayNotSellHere, PairingCodeUnknown, SalesWaiting
from fair_pos.till.rules import EARLIEST, believable, letter_of
from fair_pos.till.tables import Device, PairingCode
from fair_pos.venues.queries import get_booth

PAIRING_CODE_LIFE = timedelta(minutes=10)


def make_pairing_code(session: Session, booth_id: str, *, by: str, at: datetime) -> str:
    """A one-time code for one tablet at one booth, good for ten minutes. Only its hash is kept."""
    code = new_pairing_code()
    session.add(
        PairingCode(code_hash=code_hash(code), booth_id=booth_id, made_by=by, expires_at=at + PAIRING_CODE_LIFE)
    )
    write_line(session, at=at, person_id=by, verb="pairing_code_made", subject=("booth", booth_id), facts={})
    return code


def pair_device(
    session: Session, *, code: str, person_id: str, roles: Sequence[Held], name: str, at: datetime
) -> tuple[Device, str]:
    """Make the tablet that holds `code` a device of its booth; returns it and its secret, which is not kept here.

    Raises PairingCodeUnknown, MayNotSellHere.
    """
    found = find_usable_code(session, code, at)
    if found is None:
        raise PairingCodeUnknown
    check_may_sell(session, roles, found.booth_id)
    found.used_at = at
    return new_device(session, booth_id=found.booth_id, name=name, at=at, by=person_id)


def check_may_sell(session: Session, roles: Sequence[Held], booth_id: str) -> None:
    """Raises MayNotSellHere unless a role of the person sells at this booth."""
    booth = get_booth(session, booth_id)
    if not may(roles, Verb.SELL, Scope(edition_id=booth.edition_id, booth_id=booth.id)):
        raise MayNotSellHere


def new_device(
    session: Session, *, booth_id: str, name: str, at: datetime, by: str | None, sample: bool = False
) -> tuple[Device, str]:
    """A device with the next letter, never used before and never again, so that receipt numbers cannot meet."""
    token = new_token(32)
    taken = session.scalar(select(func.count()).select_from(Device)) or 0
    device = Device(
        id=new_id(),
        letter=letter_of(taken),
        name=name,
        booth_id=booth_id,
        token_hash=token_hash(token),
        paired_at=at,
        paired_by=by,
        person_id=by,
        sample=sample,
        waiting=0,
        clock_off_ms=0,
        high_seq=0,
        max_seq=0,
        command_count=0,
        quarantine_count=0,
        app_version="",
    )
    session.add(device)
    session.flush()
    write_line(session, **pairing_line(device))
    return device, token


def pairing_line(device: Device) -> dict[str, Any]:
    """The journal's line of a device's beginning. It tells sample devices from real ones: `verify` looks for it."""
    verb = "sample_device_made" if device.sample else "device_paired"
    facts = {"letter": device.letter, "booth": device.booth_id}
    return {
        "at": device.paired_at,
        "person_id": device.paired_by,
        "verb": verb,
        "subject": ("device", device.id),
        "facts": facts,
    }


def pair_sample_device(session: Session, *, booth_id: str, person_id: str, at: datetime) -> Device:
    """A device of the simulator: what it sells is marked as sample data."""
    device, _token = new_device(session, booth_id=booth_id, name="Dữ liệu mẫu", at=at, by=person_id, sample=True)
    return device


def revoke_device(session: Session, device: Device, *, by: str | None, at: datetime) -> None:
    """End a device: it sells and reads no more, but may hand in what it holds."""
    if device.revoked_at is not None:
        return
    device.revoked_at = at
    subject = ("device", device.id)
    write_line(session, at=at, person_id=by, device_id=device.id, verb="device_revoked", subject=subject, facts={})


def unpair_device(session: Session, device: Device, *, waiting: int, at: datetime) -> None:
    """The tablet gives itself up. Raises SalesWaiting while it still holds commands."""
    if waiting > 0:
        raise SalesWaiting(waiting=waiting)
    revoke_device(session, device, by=device.person_id, at=at)


def take_over(session: Session, device: Device, *, person_id: str, roles: Sequence[Held], at: datetime) -> None:
    """Another seller signs in on the tablet. Raises MayNotSellHere."""
    check_may_sell(session, roles, device.booth_id)
    device.person_id = person_id
    subject = ("person", person_id)
    write_line(
        session, at=at, person_id=person_id, device_id=device.id, verb="till_taken_over", subject=subject, facts={}
    )


def hear_from(
    session: Session,
    device: Device,
    *,
    at: datetime,
    waiting: int,
    oldest_waiting_at: datetime | None,
    sent_at: datetime,
    app_version: str,
    storage_persisted: bool | None = None,
) -> None:
    """Note what the tablet says of itself; the organiser's board shows it."""
    device.last_heard_at = at
    device.waiting = waiting
    device.oldest_waiting_at = believable(oldest_waiting_at)
    device.clock_off_ms = int(((believable(sent_at) or EARLIEST) - at).total_seconds() * 1000)
    device.app_version = app_version
    if storage_persisted is not None:
        device.storage_persisted = storage_persisted
    session.flush()
