"""The same upload sent 100 times at once leaves one row per sale, on both databases."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from fair_pos.plumbing.db import db, reading
from fair_pos.proof.queries import prove
from fair_pos.sales.tables import Sale
from fair_pos.till import actions
from fair_pos.till.parcels import Readable
from fair_pos.till.tables import Device, Received
from tests.builders import Tablet, make_fair, pair_tablet

TIMES = 100
SALES = 10
GUARDED = ("received", "sale", "sale_line", "payment", "oddity")


def send_many_times(app: Flask, tablet: Tablet, parcels: list[dict[str, Any]], *tokens: str) -> Counter[str]:
    """Post shuffled copies of one upload from eight threads, in turn with these devices' tokens; counts the answers."""

    def once(number: int) -> list[str]:
        shuffled = random.Random(number).sample(parcels, len(parcels))
        answer = tablet.post(app.test_client(), *shuffled, token=tokens[number % len(tokens)] if tokens else None)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        assert [one["id"] for one in answer.json["answers"]] == [parcel["id"] for parcel in shuffled]
        return [one["answer"] for one in answer.json["answers"]]

    with ThreadPoolExecutor(8) as pool:
        return Counter(answer for answers in pool.map(once, range(TIMES)) for answer in answers)


def ten_sales(app: Flask) -> tuple[Tablet, list[dict[str, Any]]]:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    return tablet, [tablet.sale([(fair.goods[n % 9], 1 + n % 3), (fair.goods[(n + 4) % 9], 1)]) for n in range(SALES)]


def rows(app: Flask) -> int:
    with app.app_context():
        return reading().scalar(select(func.count()).select_from(Sale)) or 0


@pytest.mark.race
def test_a_hundred_copies_of_an_upload_count_once(app: Flask) -> None:
    tablet, parcels = ten_sales(app)

    answers = send_many_times(app, tablet, parcels)

    assert answers == {"stored": SALES, "already_have": SALES * (TIMES - 1)}
    assert rows(app) == SALES
    with app.app_context():
        proof = prove(reading())
    assert (proof.sales, proof.quarantined, proof.oddities, proof.gaps) == (SALES, 0, 0, [])


@pytest.mark.race
def test_copies_from_a_cloned_tablet_count_once_too(app: Flask) -> None:
    tablet, parcels = ten_sales(app)
    clone = pair_tablet(app, tablet.fair)

    answers = send_many_times(app, tablet, parcels, tablet.token, clone.token)

    assert answers == {"stored": SALES, "already_have": SALES * (TIMES - 1)}
    assert rows(app) == SALES


@pytest.mark.race
def test_the_race_is_real_without_the_guard(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: with the key taken away and the look before skipped, the same upload counts again and again."""
    tablet, parcels = ten_sales(app)
    take_keys_away(app)
    monkeypatch.setattr(actions, "claim", claim_without_key)
    monkeypatch.setattr(actions, "record_oddities", lambda *_: None)
    monkeypatch.setattr("fair_pos.sales.actions.record_oddities", lambda *_: None)
    monkeypatch.setattr(actions, "held_digests", lambda *_: {})

    send_many_times(app, tablet, parcels)

    assert rows(app) == SALES * TIMES


@pytest.mark.race
def test_looking_first_is_not_enough_on_postgresql(
    app: Flask, database_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Second control: a look before inserting, without the key, lets concurrent uploads through where writers run side by side.

    The copies come from two devices, as of a cloned tablet: uploads of one device wait for each other. On SQLite the write gate
    alone keeps the look true; both halves of the guard are shown for what they do.
    """
    tablet, parcels = ten_sales(app)
    clone = pair_tablet(app, tablet.fair)
    take_keys_away(app)
    monkeypatch.setattr(actions, "claim", claim_without_key)
    monkeypatch.setattr(actions, "record_oddities", lambda *_: None)
    monkeypatch.setattr("fair_pos.sales.actions.record_oddities", lambda *_: None)

    send_many_times(app, tablet, parcels, tablet.token, clone.token)

    if database_kind == "postgresql":
        assert rows(app) > SALES
    else:
        assert rows(app) == SALES


def claim_without_key(session: Session, device: Device, new: list[Readable], received_at: Any) -> set[str]:
    """What `claim` would be without a key to decide: everything looks new."""
    values = [
        {
            "id": one.link.id, "device_id": device.id, "seq": one.link.seq, "prev_hash": one.link.prev_hash,
            "hash": one.link.hash, "digest": one.digest, "text": one.text, "received_at": received_at, "findings": [],
        }
        for one in new
    ]  # fmt: skip
    if values:
        session.execute(insert(Received.__table__), values)  # type: ignore[arg-type]
    return {one.link.id for one in new}


def take_keys_away(app: Flask) -> None:
    """Drop the primary keys that make a command count once."""
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            for table in GUARDED:
                connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT pk_{table} CASCADE"))
            connection.commit()
            return
        raw: Any = connection.connection.dbapi_connection
        raw.execute("ROLLBACK") if raw.in_transaction else None
        raw.execute("PRAGMA foreign_keys=OFF")
        for table in GUARDED:
            raw.execute(f"CREATE TABLE keyless AS SELECT * FROM {table}")
            raw.execute(f"DROP TABLE {table}")
            raw.execute(f"ALTER TABLE keyless RENAME TO {table}")
        raw.execute("PRAGMA foreign_keys=ON")
