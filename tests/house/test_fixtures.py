"""The ground the other tests stand on: own databases, real tables, no network."""

from __future__ import annotations

import os
import socket
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, inspect, text

from fair_pos.plumbing.db import db, transaction
from fair_pos.settings import Settings
from tests.databases import Databases, free_port
from tests.nursery import Nursery


def test_app_runs_on_the_database_it_was_asked_to(app: Flask, database_kind: str) -> None:
    with app.app_context():
        assert db.engine.dialect.name == database_kind


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_database_of_its_own(app: Flask, turn: int) -> None:
    with app.app_context(), transaction() as session:
        session.execute(
            text("CREATE TABLE footprint (turn INTEGER)")
        )  # fails when the other turn's database is this one


def test_empty_and_migrated_databases_differ(databases: Databases) -> None:
    tables = []
    for url in (databases.empty(), databases.migrated()):
        engine = create_engine(Settings(database_url=url).database)
        tables.append(inspect(engine).get_table_names())
        engine.dispose()
    assert tables[0] == []
    assert "alembic_version" in tables[1]


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_other_machines_cannot_be_reached(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe, pytest.raises(AssertionError, match="stay on this machine"):
        probe.connect((address, 80))


def test_names_of_other_machines_are_not_looked_up() -> None:
    with pytest.raises(AssertionError, match="stay on this machine"):
        socket.create_connection(("fair.example", 80))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()[:2]).close()
        socket.create_connection(("localhost", server.getsockname()[1])).close()


def test_local_time_is_not_vietnam_time() -> None:
    offset = datetime(2026, 11, 24, 12).astimezone().utcoffset()
    assert offset is not None
    assert offset.total_seconds() != 7 * 3600


def test_servers_end_with_the_process_that_forks_them(tmp_path: Path) -> None:
    """Tests that were killed leave none behind: nobody is left then to stop them."""
    environment = os.environ | {"INSTANCE_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'any.sqlite3'}"}
    of_its_own = Nursery()
    server = of_its_own.start(["--bind", f"127.0.0.1:{free_port()}", "fair_pos:serve()"], environment, tmp_path / "log")
    try:
        assert not server.wait(0)
        of_its_own.close()
        assert server.wait(20)
    finally:
        server.close()
