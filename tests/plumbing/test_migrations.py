"""Migrating a database that holds something; tests/house/test_schema.py compares schema and models."""

from __future__ import annotations

import pytest
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from fair_pos.plumbing.migrations import MIGRATIONS, config_for, downgrade, upgrade
from fair_pos.settings import Settings
from tests.databases import Databases


@pytest.fixture
def url(databases: Databases) -> str:
    return Settings(database_url=databases.empty()).database


def revision(url: str) -> str | None:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return found


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    with engine.begin() as connection:
        done = connection.execute(text(statement))
        rows = [tuple(row) for row in done] if done.returns_rows else []
    engine.dispose()
    return rows


def test_an_empty_database_comes_to_the_newest_step(url: str) -> None:
    assert revision(url) is None
    upgrade(url)
    assert revision(url) == ScriptDirectory.from_config(config_for(url)).get_current_head()


def test_migrating_again_changes_nothing_and_keeps_what_is_there(url: str) -> None:
    upgrade(url)
    run(
        url,
        "INSERT INTO catalogue_version (version, changed_at, cause) VALUES (1, '2026-11-24 00:00:00+00:00', 'Mật ong')",
    )
    before = revision(url)
    upgrade(url)
    assert revision(url) == before
    assert run(url, "SELECT version, cause FROM catalogue_version") == [(1, "Mật ong")]


def test_all_steps_can_be_taken_back(url: str) -> None:
    upgrade(url)
    downgrade(url, "base")
    assert revision(url) is None
    engine = create_engine(url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()


def test_steps_are_found_from_any_folder(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert MIGRATIONS.is_absolute()
    upgrade(url)


def test_an_address_with_a_percent_sign_is_taken_as_it_is(tmp_path: object) -> None:
    """Alembic's own file format reads «%» as the beginning of a name."""
    path = f"sqlite:///{tmp_path}/100%.sqlite3"
    upgrade(path)
    assert revision(path) is not None


def test_figures_published_before_it_was_kept_know_what_the_system_held(url: str) -> None:
    upgrade(url, "0012")
    at = "2026-11-24 00:00:00+00:00"
    run(url, f"INSERT INTO person (id, login_name, name, password_hash, created_at) VALUES ('p', 'p', 'P', '', '{at}')")
    run(
        url,
        "INSERT INTO edition (id, kind, name, place, starts_day, ends_day, opens_minute, closes_minute, day_boundary_minutes,"
        " sample, created_at)"
        f" VALUES ('e', 'fair', 'E', '', '2026-11-20', '2026-11-24', 480, 1320, 240, false, '{at}')",
    )
    words = (
        ("NULL", "visits", "4905", "frozen", ""),
        ("'2026-11-20'", "visits", "900", "frozen", ""),
        ("NULL", "net_dong", "7", "frozen", ""),
        ("NULL", "net_dong", "9", "adjusted", "system"),
        ("NULL", "visits", "5000", "adjusted", ""),
        ("NULL", "net_dong", "NULL", "adjusted", ""),
        ("'2026-11-20'", "visits", "1000", "adjusted", ""),
        ("NULL", "booths", "50", "stated", "Báo Quảng Ninh"),
    )
    for number, (day, name, value, kind, source) in enumerate(words, start=1):
        run(
            url,
            "INSERT INTO published_figure (id, edition_id, number, fair_day, name, value, kind, source, reason, person_id, at)"
            f" VALUES ('{number}', 'e', {number}, {day}, '{name}', {value}, '{kind}', '{source}', '', 'p', '{at}')",
        )
    upgrade(url)
    held = [one for (one,) in run(url, "SELECT held_value FROM published_figure ORDER BY number")]
    assert held == [4905, 900, 7, 9, 4905, 9, 900, None]
