"""Finding devices and what a till needs to know."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.till.tables import Device, PairingCode, Quarantined, Received
from fair_pos.venues.queries import booths_of, find_booth_place

AnySession = Session | scoped_session[Session]


def token_hash(token: str) -> str:
    """How a device's secret is kept: 128 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_device(session: AnySession, device_id: str) -> Device | None:
    """The device with this id."""
    return session.get(Device, device_id)


def find_device_by_token(session: AnySession, token: str, *, lock: bool = False) -> Device | None:
    """The device that holds this secret, revoked or not. `lock` makes a second upload of it wait for the first."""
    wanted = select(Device).where(Device.token_hash == token_hash(token))
    return session.scalar(wanted.with_for_update() if lock else wanted)


def find_device_place(session: AnySession, device_id: str) -> tuple[str, str] | None:
    """(edition id, booth id) of a device."""
    device = find_device(session, device_id)
    return None if device is None else find_booth_place(session, device.booth_id)


def code_hash(code: str) -> str:
    """How a pairing code is kept; typed in lower case or without its dash it is the same code."""
    return token_hash("".join(letter for letter in code.upper() if letter.isalnum()))


def find_usable_code(session: AnySession, code: str, at: datetime) -> PairingCode | None:
    """The pairing code, when it was neither used nor is too old. Locked, so that two tablets cannot use it at once."""
    wanted = select(PairingCode).where(
        PairingCode.code_hash == code_hash(code), PairingCode.used_at.is_(None), PairingCode.expires_at > at
    )
    return session.scalar(wanted.with_for_update())


def devices_of(session: AnySession, booth_ids: Collection[str]) -> list[Device]:
    """The tablets of these booths by letter; unpaired ones after them, the simulator's last."""
    found = select(Device).where(Device.booth_id.in_(booth_ids))
    order = (Device.sample, Device.revoked_at.is_not(None), func.length(Device.letter), Device.letter)
    return list(session.scalars(found.order_by(*order)))


def has_tablets(session: AnySession, edition_id: str) -> bool:
    """Whether a tablet is paired with a booth of the edition."""
    booth_ids = [booth.id for booth in booths_of(session, edition_id)]
    paired = select(Device.id).where(Device.booth_id.in_(booth_ids), Device.revoked_at.is_(None)).limit(1)
    return session.scalar(paired) is not None


def count_missing(session: AnySession, device: Device) -> int:
    """How many sequence numbers never came though later ones did. Counts only what came after the first gap."""
    if device.max_seq <= device.high_seq:
        return 0
    received, quarantined = (
        select(table.seq).where(table.device_id == device.id, table.seq > device.high_seq)
        for table in (Received, Quarantined)
    )
    beyond = session.scalar(select(func.count()).select_from(received.union(quarantined).subquery())) or 0
    return device.max_seq - device.high_seq - beyond


def missing_by_device(session: AnySession, devices: Collection[Device]) -> dict[str, int]:
    """Device id → what `count_missing` says of it, in one query for all that have a gap; those without one are left out."""
    gaps = {one.id: one.max_seq - one.high_seq for one in devices if one.max_seq > one.high_seq}
    if not gaps:
        return {}
    received, quarantined = (
        select(table.device_id, table.seq)
        .join(Device, Device.id == table.device_id)
        .where(table.device_id.in_(gaps), table.seq > Device.high_seq)
        for table in (Received, Quarantined)
    )
    beyond = received.union(quarantined).subquery()
    for device_id, count in session.execute(select(beyond.c.device_id, func.count()).group_by(beyond.c.device_id)):
        gaps[device_id] -= count
    return {device_id: missing for device_id, missing in gaps.items() if missing}


def real_tablets_of(session: AnySession, booth_ids: Collection[str]) -> list[Device]:
    """The tablets of these booths by letter; the simulator's are no tablets and never send anything later."""
    found = select(Device).where(Device.booth_id.in_(booth_ids), Device.sample.is_(False))
    return list(session.scalars(found.order_by(func.length(Device.letter), Device.letter)))


def count_waiting_tills(session: AnySession, booth_ids: AbstractSet[str]) -> int:
    """How many tablets at these booths said at their last contact that they still hold sales."""
    wanted = select(func.count()).select_from(Device).where(Device.booth_id.in_(booth_ids), Device.waiting > 0)
    return session.scalar(wanted) or 0
