"""The database: what is committed stays, what fails leaves nothing, and two writers never trip over each other."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import Table, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from fair_pos import create_app
from fair_pos.catalogue.tables import CatalogueVersion
from fair_pos.kernel.day import VIETNAM
from fair_pos.plumbing.db import (
    WriteGate,
    add_up,
    db,
    dialect_of,
    in_transaction,
    insert_new,
    reading,
    snapshot,
    transaction,
)
from fair_pos.settings import Settings
from fair_pos.stock.tables import Balance
from fair_pos.venues.tables import Booth
from tests.builders import Fair, make_fair

AT = datetime(2026, 11, 24, 13, 5, 1, 123_456, tzinfo=timezone.utc)
VERSION = cast("Table", CatalogueVersion.__table__)
BALANCE = cast("Table", Balance.__table__)
SHELF = {"owner_id": "p", "lot_id": "", "place_kind": "booth"}


def version(number: int, at: datetime = AT) -> CatalogueVersion:
    return CatalogueVersion(version=number, changed_at=at, cause="test")


def versions(app: Flask) -> list[int]:
    with app.app_context():
        return list(reading().scalars(select(CatalogueVersion.version).order_by(CatalogueVersion.version)))


# --- committing -------------------------------------------------------------------------------------------------------


def test_what_is_done_in_a_transaction_stays(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.add(version(1))
        session.execute(insert(VERSION).values(version=2, changed_at=AT, cause="core"))
    assert versions(app) == [1, 2]


def failing(session: Session) -> None:
    session.add(version(1))
    session.flush()
    raise RuntimeError("in the middle")


def twice_the_same(session: Session) -> None:
    session.add(version(1))
    session.flush()
    session.execute(insert(VERSION).values(version=1, changed_at=AT, cause="again"))


def only_at_commit(session: Session) -> None:
    session.add(version(1))
    session.add(Booth(id="b", edition_id="nowhere", code="A", name="", zone=""))


@pytest.mark.parametrize(
    ("work", "error"), [(failing, RuntimeError), (twice_the_same, IntegrityError), (only_at_commit, IntegrityError)]
)
def test_what_fails_leaves_nothing_and_the_next_one_works(
    app: Flask, work: Callable[[Session], None], error: type[Exception]
) -> None:
    def attempt() -> None:
        with transaction() as session:
            work(session)

    with app.app_context():
        with pytest.raises(error):
            attempt()
        assert versions(app) == []
        with transaction() as session:
            session.add(version(7))
    assert versions(app) == [7]


def test_reading_sees_what_was_written_since_it_looked(app: Flask) -> None:
    with app.app_context():
        assert reading().get(CatalogueVersion, 1) is None
        with transaction() as session:
            session.add(version(1))
        seen = reading().get_one(CatalogueVersion, 1)
        with transaction() as session:
            session.get_one(CatalogueVersion, 1).cause = "changed"
        assert reading().get_one(CatalogueVersion, 1).cause == "changed"
        assert seen.cause == "test"


def test_what_was_written_can_be_used_after_the_commit(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            made = version(1)
            session.add(made)
        assert (made.version, made.changed_at) == (1, AT)


def test_reading_writes_nothing(app: Flask) -> None:
    with app.app_context():
        reading().add(version(1))
        reading().flush()
    assert versions(app) == []


# --- again, when the database asks for it -----------------------------------------------------------------------------


class Said(Exception):
    """What a driver raises, with PostgreSQL's code."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "failures", "tries"),
    [
        ("40001", 1, 2), ("40P01", 2, 3), ("23505", 1, 2),  # serialization, deadlock, a key taken in between
        ("40001", 3, 3), ("23503", 1, 1), ("57014", 1, 1),  # too often; a foreign key; a timeout
    ],
)  # fmt: skip
def test_work_is_done_again_only_when_that_can_help(app: Flask, sqlstate: str, failures: int, tries: int) -> None:
    done: list[int] = []

    def work(session: Session) -> str:
        done.append(len(done))
        session.add(version(len(done)))
        session.flush()
        if len(done) <= failures:
            raise DBAPIError("UPDATE", {}, Said(sqlstate))
        return "done"

    with app.app_context():
        if tries > failures:
            assert in_transaction(work) == "done"
        else:
            with pytest.raises(DBAPIError):
                in_transaction(work)
    assert len(done) == tries
    assert versions(app) == ([tries] if tries > failures else [])


def test_a_refusal_is_not_tried_again(app: Flask) -> None:
    done = []

    def work(session: Session) -> None:
        done.append(1)
        raise ValueError

    with app.app_context(), pytest.raises(ValueError):  # noqa: PT011 (any)
        in_transaction(work)
    assert len(done) == 1


# --- SQLite alone -----------------------------------------------------------------------------------------------------


@pytest.fixture
def one_file(tmp_path: Path) -> Iterator[Flask]:
    """An app on a SQLite file, with one table that counts."""
    app = create_app(Settings(instance_dir=tmp_path, secret_key="x", testing=True))
    with app.app_context():
        with transaction() as session:
            session.execute(text("CREATE TABLE counter (value INTEGER)"))
            session.execute(text("INSERT INTO counter VALUES (0)"))
        yield app
        db.session.remove()
        db.engine.dispose()


def counted(session: Session) -> int:
    value: int = session.execute(text("SELECT value FROM counter")).scalar_one()
    return value


def pragma(session: Session, name: str) -> object:
    return session.execute(text(f"PRAGMA {name}")).scalar_one()


def test_every_connection_is_durable(one_file: Flask) -> None:
    """WAL, and FULL (2): with NORMAL (1) a power cut takes acknowledged sales with it."""
    with transaction() as session, Session(db.engine) as second:
        for one in (session, second, reading()()):
            assert [pragma(one, name) for name in ("journal_mode", "synchronous", "foreign_keys")] == ["wal", 2, 1]


@pytest.mark.race
def test_two_that_read_and_then_write_fail_with_a_plain_begin(one_file: Flask) -> None:
    """The negative control: what `transaction()` is there to prevent, every time and whatever the timeout."""
    with db.engine.connect() as one, db.engine.connect() as other:
        for connection in (one, other):
            connection.execute(text("SELECT value FROM counter")).all()
        one.execute(text("UPDATE counter SET value = value + 1"))
        one.commit()
        with pytest.raises(OperationalError, match="locked"):
            other.execute(text("UPDATE counter SET value = value + 1"))


@pytest.mark.race
def test_two_that_read_and_then_write_take_turns_in_transactions(one_file: Flask) -> None:
    inside, most = 0, 0
    start = threading.Barrier(4)

    def count_up() -> None:
        nonlocal inside, most
        start.wait()
        for _ in range(25):
            with one_file.app_context(), transaction() as session:
                inside += 1
                most = max(most, inside)
                session.execute(text("UPDATE counter SET value = :next"), {"next": counted(session) + 1})
                inside -= 1

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(count_up) for _ in range(4)]:
            done.result()
    assert most == 1
    assert counted(reading()()) == 100


def test_a_transaction_holds_the_write_lock_from_its_beginning(one_file: Flask) -> None:
    with transaction(), db.engine.connect() as other:
        other.exec_driver_sql("PRAGMA busy_timeout = 0")
        with pytest.raises(OperationalError, match="locked"):
            other.execute(text("UPDATE counter SET value = 1"))


def test_readers_do_not_wait_for_a_writer(one_file: Flask) -> None:
    with transaction() as session:
        session.execute(text("UPDATE counter SET value = 5"))
        assert counted(reading()()) == 0
    assert counted(reading()()) == 5


def test_writers_of_other_processes_wait_at_the_same_gate(one_file: Flask, tmp_path: Path) -> None:
    with (tmp_path / "fair_pos.sqlite3.lock").open("a") as other_process:

        def knock() -> None:
            fcntl.flock(other_process, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(other_process, fcntl.LOCK_UN)

        knock()
        with transaction(), pytest.raises(BlockingIOError):
            knock()
        knock()


def test_a_gate_without_a_file_is_open() -> None:
    gate = WriteGate(None)
    with gate(), gate():
        pass


def test_a_gate_opens_again_after_a_failure(tmp_path: Path) -> None:
    gate = WriteGate(tmp_path / "lock")

    def fail() -> None:
        with gate():
            raise RuntimeError

    for _ in range(2):
        with pytest.raises(RuntimeError):
            fail()


# --- instants ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "instant",
    [
        AT,
        AT.astimezone(VIETNAM),
        AT.astimezone(timezone(timedelta(hours=-3, minutes=-30))),  # this machine's own zone
        datetime(2026, 3, 8, 7, 30, tzinfo=timezone.utc),  # hours that summer time skips or repeats in that zone
        datetime(2026, 11, 1, 4, 30, tzinfo=timezone.utc),
        datetime(2026, 11, 1, 5, 30, tzinfo=timezone.utc),
        datetime(2, 1, 1, tzinfo=timezone.utc),
        datetime(9998, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone.utc),
    ],
    ids=str,
)
def test_an_instant_comes_back_as_it_went_in_and_in_utc(app: Flask, instant: datetime) -> None:
    with app.app_context(), transaction() as session:
        session.add(version(1, instant))
    with app.app_context():
        found = reading().scalars(select(CatalogueVersion.changed_at)).one()
        assert found == instant
        assert found.utcoffset() == timedelta(0)
        wanted = select(CatalogueVersion.version).where(CatalogueVersion.changed_at == instant.astimezone(VIETNAM))
        assert reading().scalar(wanted) == 1
        later = select(CatalogueVersion.version).where(CatalogueVersion.changed_at > instant)
        assert reading().scalar(later) is None


def test_an_instant_without_a_zone_is_refused(app: Flask) -> None:
    naive = AT.replace(tzinfo=None)

    def write() -> None:
        with transaction() as session:
            session.add(version(1, naive))

    with app.app_context():
        with pytest.raises(StatementError, match="needs a zone"):
            write()
        with pytest.raises(StatementError, match="needs a zone"):
            reading().scalar(select(CatalogueVersion.version).where(CatalogueVersion.changed_at == naive))
    assert versions(app) == []


# --- the statements of a sale -----------------------------------------------------------------------------------------


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def test_rows_that_are_there_already_are_left_alone_and_the_new_ones_told(app: Flask) -> None:
    def rows(*numbers: int, cause: str) -> list[dict[str, object]]:
        return [{"version": number, "changed_at": AT, "cause": cause} for number in numbers]

    with app.app_context(), transaction() as session:
        statement = insert_new(dialect_of(session), VERSION, "version")
        assert set(session.execute(statement, rows(1, 2, cause="first")).scalars()) == {1, 2}
        assert set(session.execute(statement, rows(2, 3, cause="second")).scalars()) == {3}
        assert set(session.execute(statement, rows(2, cause="third")).scalars()) == set()
    with app.app_context():
        causes = reading().execute(select(CatalogueVersion.version, CatalogueVersion.cause).order_by("version"))
        assert [tuple(row) for row in causes] == [(1, "first"), (2, "first"), (3, "second")]


def on_shelf(place: str, product: str, quantity: int) -> dict[str, object]:
    return {**SHELF, "place_id": place, "product_id": product, "quantity": quantity}


def test_sums_are_begun_and_added_to(app: Flask, fair: Fair) -> None:
    with app.app_context():
        for some in ([("b", 2), ("a", 10**12)], [("a", -1), ("c", 3)], []):
            rows = [on_shelf(fair.booth_ids[0], product, quantity) for product, quantity in some]
            with transaction() as session:
                add_up(session, BALANCE, ("quantity",), rows)
        found = reading().execute(select(Balance.product_id, Balance.quantity).order_by(Balance.product_id))
        assert [tuple(one) for one in found] == [("a", 10**12 - 1), ("b", 2), ("c", 3)]


def test_sums_are_touched_in_the_order_of_their_keys(app: Flask, fair: Fair) -> None:
    """Two uploads that touch the same rows in different orders would deadlock on PostgreSQL."""
    keys = [(booth, product) for booth in fair.booth_ids for product in "dbca"]
    rows = [on_shelf(booth, product, 1) for booth, product in keys]
    with app.app_context(), transaction() as session:
        add_up(session, BALANCE, ("quantity",), rows)
        order = "ctid" if dialect_of(session) == "postgresql" else "rowid"
        written = session.execute(text(f"SELECT place_id, product_id FROM balance ORDER BY {order}"))
        assert [tuple(row) for row in written] == sorted(keys)


def test_foreign_keys_hold_on_both_databases(app: Flask, fair: Fair) -> None:
    def tear() -> None:
        with transaction() as session:
            session.execute(update(Booth).values(edition_id="nowhere"))

    with app.app_context(), pytest.raises(IntegrityError):
        tear()


def test_a_snapshot_sees_one_moment(app: Flask) -> None:
    def count(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(CatalogueVersion)) or 0

    with app.app_context():
        with snapshot() as looking:
            assert count(looking) == 0
            with transaction() as session:
                session.add(CatalogueVersion(version=1, changed_at=AT, cause="test"))
            assert count(looking) == 0
        with snapshot() as looking:
            assert count(looking) == 1
