"""`verify`: agrees with every honest history however it arrived, and names whatever was changed afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fair_pos.every_table import metadata
from fair_pos.kernel.chain import digest, link
from fair_pos.plumbing.db import db, reading
from fair_pos.proof.queries import Proof, prove
from fair_pos.proof.rules import Difference, Differs
from fair_pos.till.tables import Device, Received
from tests.builders import Tablet
from tests.proof import tampering
from tests.proof.covered import (
    ADDED,
    AMOUNTS,
    FEATURES,
    NAMED,
    NOT_PROVEN,
    REMOVED,
    TABLES,
    UNPROVEN,
    Row,
    proven_columns,
)
from tests.proof.histories import a_full_history
from tests.sales.histories import a_fair_with_tablets, on_a_bad_day, random_parcels, send_in_uploads


def proven(app: Flask) -> Proof:
    with app.app_context():
        return prove(reading())


def found_after(app: Flask, tamper: Callable[[Session], object]) -> Difference | None:
    """What `prove` says when `tamper` has been done; nothing of it stays."""
    with app.app_context(), Session(db.engine) as session:
        tamper(session)
        try:
            prove(session)
        except Differs as differs:
            return differs.difference
        finally:
            session.rollback()
    return None


@pytest.fixture
def history(app: Flask) -> list[Tablet]:
    """Tablets with some days behind them, good and bad ones."""
    return a_full_history(app)


# --- what agrees ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_an_honest_history_agrees_however_it_arrived(app: Flask, seed: int) -> None:
    fair, tablets = a_fair_with_tablets(app, 3)
    chance = Random(seed)
    for tablet in tablets:
        send_in_uploads(tablet, on_a_bad_day(random_parcels(chance, fair, tablet, 60), chance), chance)
    proof = proven(app)
    assert proof.commands == proof.sales + proof.giveaways > 150
    assert proof.sales > proof.giveaways > 0
    assert proof.others == {}
    assert proof.quarantined > 0 < proof.oddities
    assert proof.gaps == []


def test_long_histories_are_read_in_parts(app: Flask, history: list[Tablet], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = proven(app)
    monkeypatch.setattr("fair_pos.proof.queries.CHUNK", 7)
    assert proven(app) == whole


def test_an_empty_server_agrees(app: Flask) -> None:
    assert proven(app) == Proof()


def test_what_is_still_on_its_tablet_is_a_note(app: Flask) -> None:
    fair, (tablet,) = a_fair_with_tablets(app, 1)
    parcels = [tablet.sale([(fair.goods[0], 1)]) for _ in range(5)]
    tablet.send(parcels[0], parcels[3])
    assert proven(app).gaps == [f"{tablet.letter}: 2 (2…)"]
    tablet.send(*parcels)
    assert proven(app).gaps == []


def wrong_hash(parcels: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [[parcels[0], parcels[1] | {"hash": "f" * 64}, parcels[2]]]


def no_hash(parcels: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [[parcels[0] | {"hash": ""}], [parcels[1]], [parcels[2] | {"prev_hash": "no hash at all"}]]


def torn_backwards(parcels: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [[parcels[2]], [parcels[1] | {"hash": "f" * 64}], [parcels[0]]]


def unreadable_late(parcels: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Its neighbours came before it, and its hash is not the one they follow."""
    return [[parcels[0], parcels[2]], [parcels[1] | {"text": "{", "hash": ""}]]


def unreadable_beside(parcels: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [[parcels[0], parcels[1] | {"text": "{", "hash": "e" * 64}, parcels[2]]]


def other_text_under_a_known_id(parcels: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    other = json.dumps(json.loads(parcels[1]["text"]) | {"app_version": "other"})
    return [parcels, [parcels[1] | {"text": other}]]


def unreadable_with_a_used_number(parcels: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [parcels, [parcels[1] | {"id": "nobody", "text": "{", "hash": "e" * 64}]]


def one_follows_the_unreadable(parcels: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Of two with one number, the one that nobody can read is what the next command follows."""
    unreadable = parcels[1] | {"id": "nobody", "text": "{", "hash": "e" * 64}
    return [[parcels[0], unreadable], [parcels[2] | {"prev_hash": "e" * 64}], [parcels[1]]]


@pytest.mark.parametrize(
    "fault",
    [
        wrong_hash,
        no_hash,
        torn_backwards,
        unreadable_late,
        unreadable_beside,
        other_text_under_a_known_id,
        unreadable_with_a_used_number,
        one_follows_the_unreadable,
    ],
)
def test_a_device_that_sent_nonsense_is_listed_and_fails_no_proof(
    app: Flask, fault: Callable[[list[dict[str, Any]]], list[list[dict[str, Any]]]]
) -> None:
    fair, (tablet,) = a_fair_with_tablets(app, 1)
    for upload in fault([tablet.sale([(fair.goods[0], 1)]) for _ in range(3)]):
        tablet.send(*upload)
    proof = proven(app)
    assert proof.oddities + proof.quarantined > 0
    assert proof.sales + proof.quarantined >= 3


def test_two_sales_with_one_number_fail_no_proof(app: Flask) -> None:
    fair, (tablet,) = a_fair_with_tablets(app, 1)
    tablet.send(tablet.sale([(fair.goods[0], 1)]))
    tablet.seq = 0  # set back from a copy: the number is given twice
    tablet.send(tablet.sale([(fair.goods[0], 1)]))
    assert proven(app).sales == 2


# --- what was changed afterwards --------------------------------------------------------------------------------------


def what(difference: Difference | None) -> str:
    assert difference is not None, "nobody noticed"
    return "device" if difference.what.startswith("device ") else difference.what


def changed_and_found(app: Flask, name: str, column: str, turn: int) -> tuple[Row, Difference | None]:
    """Some row with one other value, and what `prove` says to it."""
    rows: list[Row] = []

    def tamper(session: Session) -> None:
        rows.append(tampering.some_row(session, TABLES[name], Random(f"{name}.{column} {turn}")))
        tampering.change(session, TABLES[name], column, rows[0])

    difference = found_after(app, tamper)
    return rows[0], difference


def one_of_each_table(columns: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """One column of each table, always the same."""
    found: dict[str, list[str]] = {}
    for name, column in columns:
        found.setdefault(name, []).append(column)
    return [(name, Random(name).choice(some)) for name, some in found.items()]


@pytest.mark.parametrize("feature", FEATURES)
def test_every_changed_value_is_named(
    app: Flask, history: list[Tablet], subtests: pytest.Subtests, feature: str, database_kind: str
) -> None:
    """Every column of every proven table, in two rows. PostgreSQL is asked for one column of each: `prove` compares the same rows
    there, and that each column's type comes back as it went in is shown by the honest histories.
    """
    assert proven(app).quarantined > 0
    columns = proven_columns(feature)
    if database_kind == "postgresql":
        columns = one_of_each_table(columns)
    for name, column in columns:
        for turn in range(2 if database_kind == "sqlite" else 1):
            with subtests.test(table=name, column=column, turn=turn):
                row, difference = changed_and_found(app, name, column, turn)
                assert what(difference) in NAMED[name]
                assert difference is not None
                if name == "sale":
                    assert (difference.field, difference.which[:36]) == (column, row["id"])
                if name in {"sale_line", "payment"} and column != "sale_id":
                    assert difference.which.startswith(row["sale_id"])
    assert proven(app).quarantined > 0  # nothing of all that has stayed


def test_every_table_is_proven_or_said_not_to_be() -> None:
    assert set(metadata.tables) == set(TABLES) | UNPROVEN


def test_columns_left_unproven_are_those_written_down() -> None:
    for name, columns in NOT_PROVEN.items():
        assert columns <= {column.name for column in TABLES[name].columns}
    assert {column for name, column in proven_columns() if name == "device"} == {
        "letter", "booth_id", "paired_at", "paired_by", "sample", "high_seq", "max_seq", "command_count", "quarantine_count",
    }  # fmt: skip


def removed(name: str, session: Session) -> None:
    tampering.remove(session, TABLES[name], tampering.some_row(session, TABLES[name], Random(3)))


def added(name: str, session: Session) -> None:
    tampering.add(session, TABLES[name], tampering.some_row(session, TABLES[name], Random(3)))


def swapped(name: str, session: Session) -> None:
    tampering.swap(session, TABLES[name])


@pytest.mark.parametrize(("act", "names"), [(removed, REMOVED), (added, [*ADDED]), (swapped, [*AMOUNTS])])
def test_rows_removed_added_and_swapped_are_named(
    app: Flask,
    history: list[Tablet],
    subtests: pytest.Subtests,
    act: Callable[[str, Session], None],
    names: list[str],
) -> None:
    for name in names:
        with subtests.test(table=name):
            assert what(found_after(app, partial(act, name))) in NAMED[name]


def test_goods_brought_that_nobody_noted_differ(app: Flask, history: list[Tablet]) -> None:
    def tamper(session: Session) -> None:
        row = tampering.some_row(session, TABLES["movement"], Random(1))
        tampering.add(session, TABLES["movement"], row, kind="intake", subject_id="nobody's note")

    assert what(found_after(app, tamper)) == "movement"


def test_a_history_cut_off_at_its_end_differs_by_the_device_s_counters(app: Flask, history: list[Tablet]) -> None:
    """Everything else would agree: that is what the counters are for."""
    device_id = history[0].device_id
    difference = found_after(app, partial(tampering.cut_off_last, device_id=device_id))
    assert difference is not None
    assert (difference.what, difference.field) == (f"device {history[0].letter}", "command count")

    gone: list[str] = []

    def with_counters(session: Session) -> None:
        gone[:] = [tampering.cut_off_last(session, device_id)["id"]]
        water = Device.command_count - 1, Device.high_seq - 1, Device.max_seq - 1
        columns = ("command_count", "high_seq", "max_seq")
        session.execute(update(Device).where(Device.id == device_id).values(dict(zip(columns, water, strict=True))))

    assert what(found_after(app, with_counters)) in {"journal line", "oddity"}

    def with_all_that_knows_of_it(session: Session) -> None:
        with_counters(session)
        tampering.forget_last(session, gone[0], history[0].booth_id)

    assert found_after(app, with_all_that_knows_of_it) is None  # see docs/decisions/0007


def test_a_text_changed_with_its_digest_and_hash_breaks_the_chain(app: Flask) -> None:
    fair, (tablet,) = a_fair_with_tablets(app, 1)
    tablet.send(*(tablet.sale([(fair.goods[0], 1)]) for _ in range(3)))

    def tamper(session: Session) -> None:
        row = session.scalars(select(Received).where(Received.seq == 2)).one()
        changed = row.text.replace('"app_version": "test"', '"app_version": "tost"')
        row.text, row.digest, row.hash = changed, digest(changed), str(link(row.prev_hash, changed))
        values = {"hash": row.hash}
        session.execute(update(TABLES["sale"]).where(TABLES["sale"].c.id == row.id).values(values))

    difference = found_after(app, tamper)
    assert difference is not None
    assert (difference.what, difference.field) == ("command", "chain link")
