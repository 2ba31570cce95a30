"""The database: one Base, two ways to a session, the only commit, and the few statements the sale path prepares once.

`reading()` is Flask-SQLAlchemy's session of the request, for looking. `transaction()` is a session of its own that begins,
yields and commits. They must be two: after any read a session cannot begin a transaction of its own.
"""

from __future__ import annotations

import fcntl
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Engine, MetaData, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Tables inherit from this and not from `db.Model`, which is made at run time and which type checkers cannot read."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)

Result = TypeVar("Result")


class Instant(TypeDecorator[datetime]):
    """A UTC instant. SQLite forgets zones, so they are taken off going in and put back coming out; naive times are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class Queue:
    """A lock that is handed on in the order of asking. `threading.Lock` lets whoever wakes first have it, late comers too."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._held = False

    @contextmanager
    def __call__(self) -> Iterator[None]:
        turn = threading.Event()
        with self._mutex:
            if self._held:
                self._waiting.append(turn)
            else:
                self._held = True
                turn.set()
        try:
            turn.wait()
            yield
        finally:
            self._leave(turn)

    def _leave(self, turn: threading.Event) -> None:
        with self._mutex:
            if turn in self._waiting:  # given up while waiting: it never was this one's turn
                self._waiting.remove(turn)
            elif self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False


class WriteGate:
    """One writer at a time on SQLite: the threads of this process in the order in which they asked.

    SQLite's own waiting is unfair (p99 901 ms under load against 97 ms behind this gate). A file lock keeps other processes
    out, such as `flask` commands; between processes the system decides who is next. PostgreSQL needs no gate and gets none.
    """

    def __init__(self, lock_file: Path | None) -> None:
        self._lock_file = lock_file
        self._threads = Queue()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        if self._lock_file is None:
            yield
            return
        with self._threads(), self._lock_file.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield  # closing the file lets the lock go


def init_database(app: Flask, url: str) -> None:
    """Connect `app` to the database at `url` with the durability every sale relies on."""
    is_sqlite = url.startswith("sqlite")
    options: dict[str, Any] = {"pool_pre_ping": not is_sqlite}
    if is_sqlite:
        options["connect_args"] = {"isolation_level": None, "timeout": 10}
    else:
        options["connect_args"] = {"options": "-c timezone=utc"}
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    lock_file = Path(url.removeprefix("sqlite:///") + ".lock") if is_sqlite else None
    app.extensions["fair_pos_gate"] = WriteGate(lock_file)
    with app.app_context():
        if is_sqlite:
            make_durable(db.engine)


def make_durable(engine: Engine) -> None:
    """WAL with synchronous=FULL: with NORMAL 1,796 of 2,000 simulated power cuts lost an acknowledged sale, with FULL none."""

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that reads and then writes fails at once when another wrote in between, whatever
        # the timeout: 67-84 % failed under load, none with IMMEDIATE.
        connection.exec_driver_sql("BEGIN " + connection.get_execution_options().get("sqlite_begin", "DEFERRED"))


def reading() -> scoped_session[Session]:
    """The session of this request, for looking only."""
    session: scoped_session[Any] = db.session
    return session


def reading_one_moment() -> scoped_session[Session]:
    """The session of this request, which from now on sees one moment: what several modules read with `reading()` fits together.

    Asked for before anything that has to fit. Things that were loaded earlier are loaded anew when they are looked at.
    """
    session = reading()
    session.rollback()
    if db.engine.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session


@contextmanager
def snapshot() -> Iterator[Session]:
    """A session for looking that sees one moment however long it looks: sales may arrive while their sums are compared."""
    with Session(db.engine) as session:
        level = {"isolation_level": "REPEATABLE READ"} if db.engine.dialect.name == "postgresql" else {}
        session.connection(execution_options=level)
        yield session


@contextmanager
def transaction(*, one_moment: bool = False) -> Iterator[Session]:
    """A session that commits when the block ends and rolls back when it raises: the only commit there is.

    `one_moment` sees the database as it is when it begins, whatever arrives meanwhile: what freezes many figures side by side.
    """
    gate: WriteGate = current_app.extensions["fair_pos_gate"]
    with gate(), Session(db.engine, expire_on_commit=False) as session:
        options: dict[str, Any] = {"sqlite_begin": "IMMEDIATE"}
        if one_moment and db.engine.dialect.name == "postgresql":
            options["isolation_level"] = "REPEATABLE READ"
        session.connection(execution_options=options)
        yield session
        session.commit()
    # What this request has read before may be out of date now.
    db.session.remove()


def in_transaction(work: Callable[[Session], Result], attempts: int = 3, *, one_moment: bool = False) -> Result:
    """Run `work` in a transaction, again when PostgreSQL reports a deadlock, a serialization failure or a key that was
    taken in between (the next look sees the other's row).

    `work` must change nothing outside the session, since it may run twice.
    """
    for attempt in range(1, attempts + 1):
        try:
            with transaction(one_moment=one_moment) as session:
                return work(session)
        except DBAPIError as error:
            if attempt == attempts or getattr(error.orig, "sqlstate", None) not in {"40001", "40P01", "23505"}:
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


@cache
def _insert_for(dialect: str) -> Callable[[Table], Any]:
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


@cache
def insert_new(dialect: str, table: Table, returning: str) -> ReturningInsert[Any]:
    """INSERT that leaves out rows whose primary key is already there and returns the `returning` column of the new ones."""
    statement = _insert_for(dialect)(table).on_conflict_do_nothing(index_elements=list(table.primary_key.columns))
    result: ReturningInsert[Any] = statement.returning(table.c[returning])
    return result


@cache
def insert_adding(dialect: str, table: Table, sums: tuple[str, ...]) -> Any:
    """INSERT that adds the `sums` columns to the row with the same primary key when there is one."""
    statement = _insert_for(dialect)(table)
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + statement.excluded[name] for name in sums},
    )


def add_up(session: Session, table: Table, sums: tuple[str, ...], rows: Sequence[Mapping[str, object]]) -> None:
    """Add `rows` to the running sums in `table`, in the order of their keys.

    The order matters: two uploads that touch the same rows in different orders deadlock on PostgreSQL.
    """
    if not rows:
        return
    keys = [column.name for column in table.primary_key.columns]
    ordered = sorted(rows, key=lambda row: tuple(str(row[key]) for key in keys))
    session.execute(insert_adding(dialect_of(session), table, sums), list(ordered))


def dialect_of(session: Session | scoped_session[Session]) -> str:
    """«sqlite» or «postgresql»."""
    return session.get_bind().dialect.name
