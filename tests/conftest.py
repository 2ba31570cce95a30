"""Fixtures: one app and one fresh database per test, copied from a migrated template; no network beyond this machine.

`pytest` runs the tests that need a database on SQLite; `pytest --db postgresql` runs those tests alone, on a PostgreSQL that
is started for the session; `--db both` runs everything and those twice. Commits and locks are real: no test shares a
database with another, and none is rolled back.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from fair_pos import create_app
from fair_pos.plumbing.db import db
from fair_pos.settings import Settings
from tests.databases import Databases, PostgresDatabases, PostgresServer, SqliteFiles
from tests.quicker import make_apps_quicker

# On a busy machine a single slow example proves nothing, and a run in CI should say the same thing twice.
hypothesis.settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
# `make chaos` looks much longer than a suite that runs at every change can; tests that matter most ask for a multiple of this.
hypothesis.settings.register_profile("chaos", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("house")

# Whatever the shell that started us keeps for a server of its own.
OF_A_SERVER = "DATABASE_URL DATA_KEY DEMO_DAYS HOST INSTANCE_DIR PORT PUBLIC_URL SECRET_KEY TRUSTED_HOSTS"
for name in OF_A_SERVER.split():
    os.environ.pop(name, None)

# Far from Vietnam, so that code which looks at the machine's own zone gives itself away.
os.environ["TZ"] = "America/St_Johns"
time.tzset()

make_apps_quicker()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db", choices=("sqlite", "postgresql", "both"), default="sqlite", help="what to run database tests on"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        chosen: str = metafunc.config.getoption("db")
        metafunc.parametrize("database_kind", ("sqlite", "postgresql") if chosen == "both" else (chosen,))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--db postgresql`, only what touches a database: the rest has run already and would say the same."""
    if config.getoption("db") != "postgresql":
        return
    kept = [item for item in items if "database_kind" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


# --- the network ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _only_this_machine() -> Iterator[None]:
    """A test that reaches out fails at once, and says where it wanted to go."""

    def check(host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else host
        if name in (None, "", "localhost"):
            return
        with contextlib.suppress(ValueError):
            if ipaddress.ip_address(str(name)).is_loopback:
                return
        raise AssertionError(f"a test wanted to reach {name!r}; tests stay on this machine")

    real_connect, real_connect_ex, real_getaddrinfo = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            check(address[0])
        real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            check(address[0])
        return real_connect_ex(self, address)

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        check(host)
        return real_getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


# --- databases ------------------------------------------------------------------------------------------------------


POSTGRES = pytest.StashKey[PostgresServer]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """The one server is started before the first worker of pytest-xdist, and each worker is told where it is."""
    if node.config.getoption("db") != "sqlite":
        node.workerinput["postgres_url"] = running_postgres(node.config).url("{}")


def running_postgres(config: pytest.Config) -> PostgresServer:
    if POSTGRES not in config.stash:
        config.stash[POSTGRES] = PostgresServer()
    return config.stash[POSTGRES]


def pytest_unconfigure(config: pytest.Config) -> None:
    if POSTGRES in config.stash:
        config.stash[POSTGRES].stop()


@pytest.fixture(scope="session")
def _sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def _postgres_databases(request: pytest.FixtureRequest) -> Iterator[PostgresDatabases]:
    told: dict[str, str] = getattr(request.config, "workerinput", {})
    url = told.get("postgres_url") or running_postgres(request.config).url("{}")
    databases = PostgresDatabases(url, told.get("workerid", "main"))
    yield databases
    databases.close()


@pytest.fixture
def databases(request: pytest.FixtureRequest, database_kind: str) -> Iterator[Databases]:
    """Where a test gets its databases from, of the kind it runs on."""
    source: Databases = request.getfixturevalue("_sqlite_files" if database_kind == "sqlite" else "_postgres_databases")
    yield source
    source.drop_all()


# --- the app --------------------------------------------------------------------------------------------------------


@pytest.fixture
def database_url(databases: Databases) -> str:
    """A database of this test's own, with all tables and no rows."""
    return databases.migrated()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database_url,
        instance_dir=tmp_path / "instance",
        secret_key="only-for-tests",
        data_key="b25seS1mb3ItdGVzdHMtMDAwMDAwMDAwMDAwMDAwMDA=",
        public_url="https://fair.example",
        testing=True,
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application on this test's database."""
    made = create_app(settings)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def command_line(app: Flask) -> FlaskCliRunner:
    """`flask` commands: command_line.invoke(args=["verify"])."""
    return app.test_cli_runner()
