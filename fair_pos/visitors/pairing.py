"""Phones of gates: paired with a one-time code, heard from, ended."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import new_id, new_pairing_code, new_token
from fair_pos.kernel.text import clean
from fair_pos.visitors.queries import code_hash, find_usable_gate_code, get_gate, token_hash
from fair_pos.visitors.refusals import GateClosed, GateCodeUnknown, TapsWaiting
from fair_pos.visitors.tables import GateCode, GateDevice

GATE_CODE_LIFE = timedelta(minutes=10)
EARLIEST, LATEST = datetime(1971, 1, 1, tzinfo=timezone.utc), datetime(2200, 1, 1, tzinfo=timezone.utc)


def make_gate_code(session: Session, gate_id: str, *, by: str, at: datetime) -> str:
    """A one-time code for one phone at one gate, good for ten minutes. Only its hash is kept. Raises NotFound, GateClosed."""
    gate, code = get_gate(session, gate_id), new_pairing_code()
    if gate.closed_at is not None:
        raise GateClosed
    session.add(GateCode(code_hash=code_hash(code), gate_id=gate.id, made_by=by, expires_at=at + GATE_CODE_LIFE))
    write_line(session, at=at, person_id=by, verb="gate_code_made", subject=("gate", gate.id), facts={})
    return code


def pair_gate_device(session: Session, *, code: str, name: str, at: datetime) -> tuple[GateDevice, str]:
    """Make the phone that holds `code` count at its gate; returns it and its secret, which is not kept here.

    A volunteer at a gate has no account: whoever made the code answers for it. Raises GateCodeUnknown, GateClosed.
    """
    found = find_usable_gate_code(session, code, at)
    if found is None:
        raise GateCodeUnknown
    # Held, so that a gate closed in this moment does not end its phones and then get one more.
    if get_gate(session, found.gate_id, lock=True).closed_at is not None:
        raise GateClosed
    found.used_at = at
    return new_gate_device(session, found.gate_id, name=name, at=at, by=found.made_by)


def new_gate_device(
    session: Session, gate_id: str, *, name: str, at: datetime, by: str | None
) -> tuple[GateDevice, str]:
    """A phone that counts at a gate from now on."""
    token = new_token(32)
    device = GateDevice(
        id=new_id(),
        gate_id=gate_id,
        name=clean(name)[:100],
        token_hash=token_hash(token),
        paired_at=at,
        paired_by=by,
        waiting=0,
        clock_off_ms=0,
        high_seq=0,
        max_seq=0,
        entry_count=0,
        quarantine_count=0,
        app_version="",
    )
    session.add(device)
    session.flush()
    facts = {"gate": gate_id, "name": device.name}
    subject = ("gate_device", device.id)
    write_line(session, at=at, person_id=by, verb="gate_device_paired", subject=subject, facts=facts)
    return device, token


def revoke_gate_device(session: Session, device: GateDevice, *, by: str | None, at: datetime) -> None:
    """End a phone: it counts no more, but may hand in what it holds."""
    if device.revoked_at is not None:
        return
    device.revoked_at = at
    subject = ("gate_device", device.id)
    write_line(session, at=at, person_id=by, verb="gate_device_revoked", subject=subject, facts={})


def unpair_gate_device(session: Session, device: GateDevice, *, waiting: int, at: datetime) -> None:
    """The phone gives itself up. Raises TapsWaiting while it still holds entries."""
    if waiting > 0:
        raise TapsWaiting(waiting=waiting)
    revoke_gate_device(session, device, by=None, at=at)


def hear_from_gate(
    session: Session, device: GateDevice, *, at: datetime, waiting: int, sent_at: datetime, app_version: str
) -> None:
    """Note what the phone says of itself; the organiser's board shows it."""
    try:
        believable = EARLIEST < sent_at < LATEST
    except OverflowError:
        believable = False
    device.last_heard_at = at
    device.waiting = waiting
    device.clock_off_ms = int(((sent_at if believable else EARLIEST) - at).total_seconds() * 1000)
    device.app_version = app_version
    session.flush()
