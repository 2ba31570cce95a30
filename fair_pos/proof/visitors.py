"""Visitors again, from the entries themselves: every undo, every running sum, every phone's numbers. Reads tables, writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fair_pos.proof.heard import AnySession
from fair_pos.proof.rules import same
from fair_pos.visitors.tables import Correction, GateDevice, GateEntry, GateHour, GateQuarantined, PaperTally
from fair_pos.visitors.taps import climb

Key = tuple[str, date, int, str]
Sums = tuple[int, int, int, int]
NOTHING: Sums = (0, 0, 0, 0)


@dataclass
class VisitorProof:
    """What was checked."""

    devices: int = 0
    entries: int = 0
    hours: int = 0


def prove_visitors(session: AnySession) -> VisitorProof:
    """Compute the running sums of visitors again. Raises Differs at the first difference.

    A tap stands unless an undo of the same phone names it. What the rows themselves claim to add is compared too.
    """
    proof = VisitorProof()
    hours: dict[Key, Sums] = {}
    for device in session.scalars(select(GateDevice).order_by(GateDevice.paired_at, GateDevice.id)):
        proof.devices += 1
        entries = list(session.scalars(select(GateEntry).where(GateEntry.device_id == device.id)))
        proof.entries += len(entries)
        gone = {one.undoes_id for one in entries if one.kind == "undo"}
        stored = 0
        for one in entries:
            stored += one.people
            if one.kind == "undo":
                continue
            same("tap", one.id, "group", one.grouped, one.kind == "group")
            if one.id not in gone:
                _add(
                    hours, (one.gate_id, one.fair_day, one.hour, "tap"), one.direction, one.people, grouped=one.grouped
                )
        standing = sum(one.people for one in entries if one.kind != "undo" and one.id not in gone)
        same("phone", device.id, "people in and out", stored, standing)
        _check_numbers(session, device, [one.seq for one in entries])
    for correction in session.scalars(select(Correction)):
        key = (correction.gate_id, correction.fair_day, correction.hour, "correction")
        _add(hours, key, correction.direction, correction.people)
    for tally in _last_tallies(session):
        key = (tally.gate_id, tally.fair_day, tally.hour, "paper")
        _add(hours, key, "in", tally.people_in)
        _add(hours, key, "out", tally.people_out)
    for row in session.scalars(select(GateHour)):
        proof.hours += 1
        key = (row.gate_id, row.fair_day, row.hour, row.source)
        kept = (row.people_in, row.people_out, row.group_in, row.group_out)
        same("hour of a gate", key, "people", kept, hours.pop(key, NOTHING))
    for key, sums in hours.items():
        same("hour of a gate", key, "people", NOTHING, sums)
    return proof


def _add(hours: dict[Key, Sums], key: Key, direction: str, people: int, *, grouped: bool = False) -> None:
    was, group = hours.get(key, NOTHING), people if grouped else 0
    more = (people, 0, group, 0) if direction == "in" else (0, people, 0, group)
    hours[key] = (was[0] + more[0], was[1] + more[1], was[2] + more[2], was[3] + more[3])


def _last_tallies(session: AnySession) -> Iterator[PaperTally]:
    """Of each gate's hour the one typed last."""
    last: dict[tuple[str, date, int], PaperTally] = {}
    for one in session.scalars(select(PaperTally).order_by(PaperTally.at, PaperTally.id)):
        last[one.gate_id, one.fair_day, one.hour] = one
    return iter(last.values())


def _check_numbers(session: AnySession, device: GateDevice, received: list[int]) -> None:
    """The phone's counters against the numbers that are here, those in quarantine too."""
    aside = list(session.scalars(select(GateQuarantined.seq).where(GateQuarantined.device_id == device.id)))
    numbers = sorted([*received, *(seq for seq in aside if seq is not None)])
    same("phone", device.id, "entry_count", device.entry_count, len(numbers))
    same("phone", device.id, "quarantine_count", device.quarantine_count, len(aside))
    same("phone", device.id, "high_seq", device.high_seq, climb(0, numbers))
    same("phone", device.id, "max_seq", device.max_seq, max(numbers, default=0))
