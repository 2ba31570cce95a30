"""Gates for tests, and a phone that counts the way the real one does: numbered, with ids of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.visitors.actions import add_gate
from fair_pos.visitors.pairing import new_gate_device
from fair_pos.visitors.receiving import receive_taps
from fair_pos.visitors.rules import Way
from fair_pos.visitors.tables import GateDevice, GateHour
from fair_pos.visitors.wire import EntryAnswer
from tests.builders import Fair, till_headers, wire_time

GATE_NAMES = ("Cổng chính", "Cổng phụ", "Cổng Lê Lợi", "Cổng bãi xe", "Cổng sông", "Cổng chợ")


def make_gates(app: Flask, fair: Fair, count: int = 1, way: Way = "both") -> list[str]:
    """So many gates of the fair; their ids."""
    with app.app_context(), transaction() as session:
        by = fair.people["bantochuc"]
        return [add_gate(session, fair.edition_id, name, way, at=now(), by=by).id for name in GATE_NAMES[:count]]


@dataclass
class Phone:
    """A paired phone; entries are made as dicts of the wire and sent in whatever order a test likes."""

    app: Flask
    device_id: str
    token: str
    seq: int = 0
    made: list[dict[str, Any]] = field(default_factory=list)

    def tap(self, direction: str = "in", *, at: datetime | None = None, **changes: Any) -> dict[str, Any]:
        return self._entry("tap", at, {"direction": direction, "people": 1} | changes)

    def group(self, direction: str = "in", *, at: datetime | None = None, people: int = 30) -> dict[str, Any]:
        return self._entry("group", at, {"direction": direction, "people": people})

    def undo(self, tap: dict[str, Any], *, at: datetime | None = None) -> dict[str, Any]:
        return self._entry("undo", at, {"undoes": tap["id"]})

    def _entry(self, kind: str, at: datetime | None, fields: dict[str, Any]) -> dict[str, Any]:
        self.seq += 1
        common = {"kind": kind, "id": new_id(), "seq": self.seq, "device_at": wire_time(at or now())}
        entry = common | {"clock_offset_ms": 0} | fields
        self.made.append(entry)
        return entry

    def send(self, *entries: object, at: datetime | None = None) -> list[EntryAnswer]:
        """One upload through the server's action."""
        with self.app.app_context(), transaction() as session:
            wanted = select(GateDevice).where(GateDevice.id == self.device_id).with_for_update(of=GateDevice)
            device = session.scalars(wanted).one()
            return receive_taps(session, device, entries, at or now())

    def post(self, client: FlaskClient, *entries: object, waiting: int | None = None, token: str | None = None) -> Any:
        """One upload through the door."""
        body = {
            "entries": list(entries),
            "waiting": len(entries) if waiting is None else waiting,
            "sent_at": wire_time(now()),
            "app_version": "test",
        }
        return client.post("/api/gate/taps", json=body, headers=till_headers(token or self.token))


def pair_phone(app: Flask, fair: Fair, gate_id: str, *, paired_at: datetime | None = None) -> Phone:
    """A phone at a gate; by default paired long enough ago that taps of the past days are believable."""
    with app.app_context(), transaction() as session:
        at = paired_at or now() - timedelta(days=30)
        device, token = new_gate_device(session, gate_id, name="Chị Hoa", at=at, by=fair.people["bantochuc"])
        return Phone(app, device.id, token)


def sums(app: Flask, *, source: str = "tap") -> tuple[int, int]:
    """(people in, people out) of the running sums, over everything."""
    with app.app_context():
        wanted = select(func.sum(GateHour.people_in), func.sum(GateHour.people_out)).where(GateHour.source == source)
        row = reading().execute(wanted).one()
        return int(row[0] or 0), int(row[1] or 0)


def device_of(app: Flask, phone: Phone) -> GateDevice:
    with app.app_context():
        return reading().get_one(GateDevice, phone.device_id)


def answers(given: Sequence[EntryAnswer]) -> list[str]:
    return [one.answer for one in given]
