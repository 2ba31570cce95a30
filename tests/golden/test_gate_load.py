"""A day as it was at the crowd of 2023: 22,000 people come in, up to ninety in a minute, over six gates; every figure exact. Forty thousand taps with
undos, of which each is sent in whatever order, are counted in tests/visitors/test_receiving.py.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from fair_pos.plumbing.db import reading
from fair_pos.visitors.queries import crowd_now, entries_by_day, visitors_of_day
from tests.builders import make_fair
from tests.golden.fair import FIRST, at
from tests.golden.independent import Independent
from tests.visitors.phones import Phone, make_gates, pair_phone

COME = {
    8: 400,
    9: 900,
    10: 1300,
    11: 1200,
    12: 800,
    13: 900,
    14: 1200,
    15: 1500,
    16: 2000,
    17: 3000,
    18: 4500,
    19: 3000,
    20: 1000,
    21: 300,
}
"""Hour → how many come in: 22,000."""
RUSH = 18
"""In this hour every other minute has ninety, the others sixty."""
LEAVE = 25
"""They are counted out by twenty-five, an hour after they came, from the ninth minute on."""
UPLOAD = 500


def come_in_minute(hour: int, minute: int) -> int:
    """How many come in within one minute; of what does not divide by sixty the first minutes have one more."""
    if hour == RUSH:
        return 90 if minute % 2 else 60
    return COME[hour] // 60 + (minute < COME[hour] % 60)


def tap_a_day(phones: Sequence[Phone]) -> tuple[Counter[tuple[int, int]], Counter[tuple[int, int]], list[int]]:
    """Tap the whole day, gate by gate in turn. (hour, gate) → in and out, and who is inside at the end of each minute."""
    came: Counter[tuple[int, int]] = Counter()
    left: Counter[tuple[int, int]] = Counter()
    inside, course, turn = 0, [], 0
    for hour in range(8, 23):
        for minute in range(60):
            moment = at(FIRST.day, hour, minute)
            people = come_in_minute(hour, minute) if hour in COME else 0
            for second in range(people):
                turn += 1
                phones[turn % len(phones)].tap("in", at=moment + timedelta(seconds=second * 60 // people))
                came[hour, turn % len(phones)] += 1
            inside += people
            groups = COME.get(hour - 1, 0) // LEAVE
            if minute >= 8:
                for number in range(groups // 52 + (minute - 8 < groups % 52)):
                    gate = (minute + number) % len(phones)
                    phones[gate].group("out", at=moment + timedelta(seconds=30), people=LEAVE)
                    left[hour, gate] += LEAVE
                    inside -= LEAVE
            course.append(inside)
    return came, left, course


def uploads_of(phone: Phone, chance: random.Random) -> list[list[dict[str, Any]]]:
    """What a phone sends: parts of random size, a fifth of them twice, and a part that had got stuck after a later one."""
    parts, start = [], 0
    while start < len(phone.made):
        size = chance.choice((UPLOAD, UPLOAD, chance.randint(1, UPLOAD)))
        parts.append(phone.made[start : start + size])
        start += size
    sent = [part for part in parts for _ in range(chance.choice((1, 1, 1, 1, 2)))]
    for place in range(1, len(sent), 4):
        sent[place - 1], sent[place] = sent[place], sent[place - 1]
    return sent


def send_all(client: FlaskClient, phones: Sequence[Phone], seed: int) -> int:
    """The phones in a random order among each other, the last one with no network until all others are done; how many answers came."""
    chance = random.Random(seed)
    online = [(phone, part) for phone in phones[:-1] for part in uploads_of(phone, chance)]
    order = sorted(range(len(online)), key=lambda _: chance.random())
    answers = 0
    for phone, part in [
        *(online[place] for place in order),
        *((phones[-1], part) for part in uploads_of(phones[-1], chance)),
    ]:
        answer = phone.post(client, *part)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        answers += len(answer.get_json()["answers"])
    return answers


def test_22000_entries_a_day_with_ninety_a_minute_over_six_gates_are_exact(app: Flask) -> None:
    fair = make_fair(app, starts=FIRST)
    gates = make_gates(app, fair, 6)
    phones = [pair_phone(app, fair, gate, paired_at=at(1, 8)) for gate in gates]
    came, left, course = tap_a_day(phones)
    assert sum(came.values()) == 22_000
    assert max(come_in_minute(RUSH, minute) for minute in range(60)) == 90
    assert send_all(app.test_client(), phones, seed=29) > 22_000
    figures = Independent(app, fair.edition_id)
    wanted = {(gates[gate], hour): [number, left[hour, gate]] for (hour, gate), number in came.items()}
    for (hour, gate), number in left.items():
        wanted.setdefault((gates[gate], hour), [0, number])
    with app.app_context():
        found = visitors_of_day(reading(), fair.edition_id, FIRST)
        shown = {key: [one.tap.people_in, one.tap.people_out] for key, one in found.by_hour.items()}
        assert shown == wanted
        assert (found.entries, found.inside.people) == (22_000, course[-1])
        assert found.peak is not None
        assert (found.peak.people, found.peak.minute) == (max(course), course.index(max(course)) + (8 * 60 - 240))
        assert crowd_now(reading(), fair.edition_id, at(FIRST.day, 22, 59)).inside.people == course[-1]
        assert entries_by_day(reading(), fair.edition_id) == {FIRST: 22_000}
    assert figures.peak(FIRST) == max(course)
    assert sum(one[0] for one in figures.visitors_by("hour", FIRST).values()) == 22_000
