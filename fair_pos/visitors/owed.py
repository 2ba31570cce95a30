"""What is still to come of a count: numbers a phone skipped, and hours of a gate in which nobody counted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.visitors.tables import Gate, GateDevice, GateEntry, GateHour, GateQuarantined

AnySession = Session | scoped_session[Session]


def missing_by_device(session: AnySession, devices: Collection[GateDevice]) -> dict[str, int]:
    """Phone → how many of its numbers never came though later ones did, in one query for all; those without a gap are left out."""
    gaps = {one.id: one.max_seq - one.high_seq for one in devices if one.max_seq > one.high_seq}
    if not gaps:
        return {}
    counted, aside = (
        select(table.device_id, table.seq)
        .join(GateDevice, GateDevice.id == table.device_id)
        .where(table.device_id.in_(gaps), table.seq > GateDevice.high_seq)
        for table in (GateEntry, GateQuarantined)
    )
    beyond = counted.union(aside).subquery()
    for device_id, count in session.execute(select(beyond.c.device_id, func.count()).group_by(beyond.c.device_id)):
        gaps[device_id] -= count
    return {device_id: missing for device_id, missing in gaps.items() if missing}


def hours_counted(session: AnySession, edition_id: str, day: date) -> set[tuple[str, int]]:
    """(gate, hour) pairs of a day in which phone, paper or a correction says something."""
    wanted = select(GateHour.gate_id, GateHour.hour).join(Gate, Gate.id == GateHour.gate_id)
    wanted = wanted.where(Gate.edition_id == edition_id, GateHour.fair_day == day).distinct()
    return {(gate_id, hour) for gate_id, hour in session.execute(wanted)}
