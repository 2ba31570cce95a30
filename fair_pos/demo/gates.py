"""Gates of the demo fair: phones that counted on past days, a gate counted on paper for an hour, and a correction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from fair_pos.demo.simulator import HOUR_WEIGHTS, hour_of, on_wire, uuid7
from fair_pos.kernel.day import day_starts_at
from fair_pos.kernel.ids import named_id
from fair_pos.visitors.actions import HourOf, OtherSaid, add_gate, add_other_count, correct, set_crowd_rule, tally
from fair_pos.visitors.pairing import hear_from_gate, new_gate_device
from fair_pos.visitors.receiving import receive_taps
from fair_pos.visitors.wire import MAX_ENTRIES

GATES = (("Cổng Cách Mạng Tháng Tám", 620), ("Cổng Bắc Hải", 330), ("Cổng bãi giữ xe", 190))
"""Gates of the park, and how many come in at each on an ordinary day."""
BUSIER = (100, 84, 131, 118, 95)
"""Per cent of an ordinary day, day after day: the third draws the crowd."""
STAY_MINUTES = (25, 160)
GROUP_SHARE, UNDO_SHARE = 0.006, 0.01
CROWD_LIMIT, REENTRY_PERCENT = 600, 12
PAPER_HOUR = 13
"""When the phone of the last gate was charged on the first day, and a pencil counted."""


def simulate_gates(
    session: Session, edition_id: str, days: Sequence[date], *, seed: str, by: str, until: datetime | None = None
) -> int:
    """Count visitors at every gate of the edition on every one of `days`, up to `until`; how many entries were sent.

    `by` is the organiser who opened the gates on the morning of the first day.
    """
    if not days:
        return 0
    opened_at = hour_of(days[0], 6)
    sent = 0
    for name, people in GATES:
        gate_id = add_gate(session, edition_id, name, "both", at=opened_at, by=by).id
        device, _token = new_gate_device(session, gate_id, name=f"Máy {name[0].lower()}{name[1:]}", at=opened_at, by=by)
        random = Random(f"{seed}/gate/{name}")  # noqa: S311  # sample data, meant to be the same every time
        seq = 0
        for number, day in enumerate(days):
            on_paper = name == GATES[-1][0] and number == 0
            count = people * BUSIER[number % len(BUSIER)] // 100
            closes_at = hour_of(day, 22) if until is None else min(hour_of(day, 22), until)
            made = list(_entries(day, count, random, seq, closes_at, without=PAPER_HOUR if on_paper else None))
            seq += len(made)
            for first in range(0, len(made), MAX_ENTRIES):
                receive_taps(session, device, made[first : first + MAX_ENTRIES], closes_at)
            hear_from_gate(session, device, at=closes_at, waiting=0, sent_at=closes_at, app_version="mau")
            sent += len(made)
            if on_paper:
                where = HourOf(named_id("demo", "tally", name), gate_id, day, PAPER_HOUR)
                tally(session, where, 18, 11, "Điện thoại đang sạc", at=closes_at, by=by)
        if name == GATES[0][0]:
            where = HourOf(named_id("demo", "correction", name), gate_id, days[0], 9)
            reason = "Đoàn học sinh vào khi máy chưa mở"
            correct(session, where, "in", 24, reason, at=hour_of(days[0], 10), by=by)
    set_crowd_rule(session, edition_id, CROWD_LIMIT, REENTRY_PERCENT, at=opened_at, by=by)
    for number, day in enumerate(one for one in days if until is None or hour_of(one, 22) <= until):
        said = OtherSaid("Bãi giữ xe", 310 + 45 * number, 170, "least")
        add_other_count(
            session, edition_id, named_id("demo", "parking", day.isoformat()), day, said, at=hour_of(day, 22), by=by
        )
    return sent


def _entries(
    day: date, count: int, random: Random, seq: int, closes_at: datetime, *, without: int | None
) -> Iterator[dict[str, Any]]:
    """What one phone sends of a day: people come, stay for a while and leave; some come as a group, some taps are undone.

    Whoever is still there at closing time leaves then; on a day that goes on at `closes_at` they stay.
    """
    hours = random.choices(list(HOUR_WEIGHTS), list(HOUR_WEIGHTS.values()), k=count)
    moves: list[tuple[datetime, str, int]] = []
    evening = hour_of(day, 22) - timedelta(seconds=10)
    for hour in hours:
        came_at = hour_of(day, hour) + timedelta(milliseconds=random.randrange(3_600_000))
        left_at = min(came_at + timedelta(minutes=random.randrange(*STAY_MINUTES)), evening)
        people = 30 if random.random() < GROUP_SHARE else 1
        moves += [(came_at, "in", people), (left_at, "out", people)]
    if without is not None:
        starts = day_starts_at(day, without * 60)
        moves = [move for move in moves if not starts <= move[0] < starts + timedelta(hours=1)]
    for at, direction, people in sorted(move for move in moves if move[0] < closes_at - timedelta(seconds=5)):
        seq += 1
        entry = _entry(at, seq, random) | {"kind": "group" if people > 1 else "tap"}
        yield entry | {"direction": direction, "people": people}
        if people == 1 and random.random() < UNDO_SHARE:
            seq += 1
            undo_at = at + timedelta(seconds=2)
            yield _entry(undo_at, seq, random) | {"kind": "undo", "undoes": entry["id"]}


def _entry(at: datetime, seq: int, random: Random) -> dict[str, Any]:
    offset_ms = random.randrange(-1500, 1500)
    device_at = on_wire(at - timedelta(milliseconds=offset_ms))
    return {"id": uuid7(at, random), "seq": seq, "device_at": device_at, "clock_offset_ms": offset_ms}
