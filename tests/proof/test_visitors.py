"""`verify` finds a changed count of visitors, wherever somebody changed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import update

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM, fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.rules import Differs
from fair_pos.proof.visitors import prove_visitors
from fair_pos.visitors.actions import HourOf, correct, tally
from fair_pos.visitors.tables import Correction, GateDevice, GateEntry, GateHour, PaperTally
from tests.builders import BOUNDARY, make_fair
from tests.visitors.phones import make_gates, pair_phone


@pytest.fixture
def counted(app: Flask) -> Flask:
    fair = make_fair(app)
    (gate,) = make_gates(app, fair)
    phone = pair_phone(app, fair, gate)
    tap = phone.tap()
    phone.send(tap, phone.group(), phone.tap("out"), phone.undo(tap), phone.undo(tap), 7, phone.tap(people=0))
    with app.app_context(), transaction() as session:
        day, by = fair_day(now(), BOUNDARY), fair.people["bantochuc"]
        for people in (5, 9):
            tally(session, HourOf(new_id(), gate, day, 9), people, 1, "", at=now(), by=by)
        correct(session, HourOf(new_id(), gate, day, 9), "in", -2, "nhân viên", at=now(), by=by)
    return app


def test_untouched_counts_agree(counted: Flask, command_line: FlaskCliRunner) -> None:
    with counted.app_context():
        proof = prove_visitors(reading())
    assert (proof.devices, proof.entries) == (1, 5)
    assert proof.hours >= 3
    done = command_line.invoke(args=["verify"])
    assert done.exit_code == 0
    assert "5 gate entries of 1 phones" in done.output


def another_hour() -> int:
    """One in which nobody tapped: an hour has one row of a source."""
    return (now().astimezone(VIETNAM).hour + 12) % 24


CHANGES: dict[str, Callable[[], Any]] = {
    "an hour": lambda: update(GateHour).where(GateHour.source == "tap").values(people_in=GateHour.people_in + 1),
    "a group": lambda: update(GateHour).where(GateHour.source == "tap").values(group_in=0),
    "a source": lambda: update(GateHour).where(GateHour.source == "paper").values(source="tap", hour=another_hour()),
    "a tap": lambda: update(GateEntry).where(GateEntry.kind == "group").values(people=31),
    "a kind": lambda: update(GateEntry).where(GateEntry.kind == "group").values(grouped=False),
    "a direction": lambda: update(GateEntry).where(GateEntry.kind == "group").values(direction="out"),
    "an undo": lambda: update(GateEntry).where(GateEntry.kind == "undo", GateEntry.people != 0).values(people=0),
    "a correction": lambda: update(Correction).values(people=-3),
    "a tally": lambda: update(PaperTally).values(people_out=2),
    "a counter": lambda: update(GateDevice).values(entry_count=4),
    "a water mark": lambda: update(GateDevice).values(high_seq=9),
    "a highest number": lambda: update(GateDevice).values(max_seq=9),
    "what lies aside": lambda: update(GateDevice).values(quarantine_count=0),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found(counted: Flask, command_line: FlaskCliRunner, what: str) -> None:
    with counted.app_context(), transaction() as session:
        session.execute(CHANGES[what]())
    with counted.app_context(), pytest.raises(Differs):
        prove_visitors(reading())
    assert command_line.invoke(args=["verify"]).exit_code == 1
