"""The same taps sent many times at once count once, on both databases; and what they would count without the guard."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, text

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import db, in_transaction, reading, transaction
from fair_pos.proof.visitors import prove_visitors
from fair_pos.visitors import receiving
from fair_pos.visitors.actions import close_gate
from fair_pos.visitors.pairing import make_gate_code, pair_gate_device
from fair_pos.visitors.queries import paired_phones
from fair_pos.visitors.refusals import GateClosed
from fair_pos.visitors.tables import GateEntry
from fair_pos.visitors.taps import Entry
from tests.builders import make_fair
from tests.visitors.phones import Phone, device_of, make_gates, pair_phone, sums

TIMES = 40
TAPS = 20


def send_many_times(app: Flask, phones: list[Phone], entries: list[dict[str, Any]]) -> Counter[str]:
    """Post shuffled copies of one upload from eight threads, in turn with these phones' secrets; counts the answers."""

    def once(number: int) -> list[str]:
        shuffled = random.Random(number).sample(entries, len(entries))
        phone = phones[number % len(phones)]
        answer = phone.post(app.test_client(), *shuffled)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return [one["answer"] for one in answer.json["answers"]]

    with ThreadPoolExecutor(8) as pool:
        return Counter(answer for answers in pool.map(once, range(TIMES)) for answer in answers)


def twenty_taps(app: Flask, count: int = 1) -> tuple[list[Phone], list[dict[str, Any]]]:
    fair = make_fair(app)
    (gate,) = make_gates(app, fair)
    phones = [pair_phone(app, fair, gate) for _ in range(count)]
    taps = [phones[0].tap() for _ in range(TAPS - 2)]
    return phones, [*taps, phones[0].undo(taps[0]), phones[0].undo(taps[1])]


@pytest.mark.race
@pytest.mark.parametrize("copies", [1, 2], ids=["one phone", "and its copy"])
def test_taps_sent_many_times_at_once_count_once(app: Flask, copies: int) -> None:
    phones, entries = twenty_taps(app, copies)
    assert send_many_times(app, phones, entries) == {"stored": TAPS, "already_have": TAPS * (TIMES - 1)}
    if copies == 1:
        assert sums(app) == (TAPS - 4, 0)
        assert device_of(app, phones[0]).high_seq == TAPS
        with app.app_context():
            prove_visitors(reading())
    else:
        # Of a copied phone the undos may have come under the other's name, and then they undo nothing; every tap counts once.
        assert TAPS - 4 <= sums(app)[0] <= TAPS - 2


@pytest.mark.race
def test_phones_of_one_gate_never_lose_each_others_taps(app: Flask) -> None:
    """Six phones write to the same running sums at the same moment."""
    fair = make_fair(app)
    (gate,) = make_gates(app, fair)
    phones = [pair_phone(app, fair, gate) for _ in range(6)]
    for phone in phones:
        for _ in range(100):
            phone.tap()

    def send(number: int) -> int:
        phone = phones[number % 6]
        start = number // 6 * 10
        answer = phone.post(app.test_client(), *phone.made[start : start + 10])
        return int(answer.status_code)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(60))) == {200}
    assert sums(app) == (600, 0)
    with app.app_context():
        prove_visitors(reading())


@pytest.mark.race
def test_the_race_is_real_without_the_guard(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: with the key taken away and the look before skipped, the same taps count again and again."""
    phones, entries = twenty_taps(app)
    take_key_away(app)
    monkeypatch.setattr(receiving, "claim", claim_without_key)
    monkeypatch.setattr(receiving, "held_digests", lambda *_: {})
    send_many_times(app, phones, entries[:-2])
    assert sums(app) == ((TAPS - 2) * TIMES, 0)


def claim_without_key(session: Any, entries: list[Entry]) -> set[str]:
    session.execute(insert(GateEntry.__table__), [vars(one) for one in entries])  # type: ignore[arg-type]
    return {one.id for one in entries}


def take_key_away(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE gate_entry DROP CONSTRAINT pk_gate_entry CASCADE"))
            connection.commit()
            return
        raw: Any = connection.connection.dbapi_connection
        raw.execute("ROLLBACK") if raw.in_transaction else None
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("CREATE TABLE keyless AS SELECT * FROM gate_entry")
        raw.execute("DROP TABLE gate_entry")
        raw.execute("ALTER TABLE keyless RENAME TO gate_entry")
        raw.execute("PRAGMA foreign_keys=ON")


@pytest.mark.race
def test_no_phone_is_paired_with_a_gate_that_is_closed_in_that_moment(app: Flask) -> None:
    fair = make_fair(app)
    by = fair.people["bantochuc"]
    for gate in make_gates(app, fair, 6):
        with app.app_context(), transaction() as session:
            codes = [make_gate_code(session, gate, by=by, at=now()) for _ in range(7)]

        def act(code: str | None, gate: str = gate) -> str:
            with app.app_context():
                try:
                    if code is None:
                        in_transaction(lambda session: close_gate(session, gate, at=now(), by=by))
                    else:
                        in_transaction(lambda session: pair_gate_device(session, code=code, name="", at=now()))
                except GateClosed:
                    return "closed"
            return "done"

        with ThreadPoolExecutor(8) as pool:
            said = Counter(pool.map(act, [*codes[:3], None, *codes[3:]]))
        assert said["done"] + said["closed"] == 8
        with app.app_context():
            assert paired_phones(reading(), gate) == []
