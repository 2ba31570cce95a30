"""Models and migrations say the same, on both databases, and every step can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Float, Integer, MetaData, Numeric, Table, create_engine, inspect

from fair_pos import every_table
from fair_pos.plumbing.migrations import config_for, downgrade, upgrade
from fair_pos.settings import Settings
from tests.databases import Databases
from tests.house.repository import none, under


def steps() -> list[str]:
    """Every revision, first to last."""
    scripts = ScriptDirectory.from_config(config_for(""))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def differences(url: str, models: MetaData) -> list[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found = list(compare_metadata(context, models))
    engine.dispose()
    return found


def shape_of(url: str) -> dict[str, Any]:
    """All that the database itself knows of its tables."""
    engine = create_engine(url)
    look = inspect(engine)
    shape = {
        table: {
            "columns": [{**column, "type": str(column["type"])} for column in look.get_columns(table)],
            "key": look.get_pk_constraint(table),
            "foreign": sorted(look.get_foreign_keys(table), key=str),
            "indexes": sorted(map(readable, look.get_indexes(table)), key=str),
            "unique": sorted(look.get_unique_constraints(table), key=str),
            "checks": sorted(look.get_check_constraints(table), key=str),
        }
        for table in look.get_table_names()
        if table != "alembic_version"
    }
    engine.dispose()
    return shape


def readable(index: Any) -> dict[str, Any]:
    """An index as it can be compared: the condition of a partial one arrives as an object of its own."""
    return {**index, "dialect_options": {name: str(value) for name, value in index.get("dialect_options", {}).items()}}


@pytest.fixture
def empty_url(databases: Databases) -> str:
    return Settings(database_url=databases.empty()).database


def test_models_equal_migrations(empty_url: str) -> None:
    upgrade(empty_url)
    none(map(str, differences(empty_url, every_table.metadata)))


def test_a_difference_is_noticed(empty_url: str) -> None:
    upgrade(empty_url)
    models = MetaData(naming_convention=every_table.metadata.naming_convention)
    for table in every_table.metadata.tables.values():
        table.to_metadata(models)
    name = min(models.tables)
    models.tables[name].append_column(Column("added_later", Integer))
    Table("new_one", models, Column("id", Integer, primary_key=True))
    before = [str(found) for found in differences(empty_url, every_table.metadata)]
    kinds = [found[0] for found in differences(empty_url, models) if str(found) not in before]
    assert sorted(kinds) == ["add_column", "add_table"]


def test_each_step_goes_up_down_and_up(empty_url: str) -> None:
    below = "base"
    for step in steps():
        before = shape_of(empty_url)
        upgrade(empty_url, step)
        after = shape_of(empty_url)
        downgrade(empty_url, below)
        assert shape_of(empty_url) == before, f"{step} taken back leaves something behind"
        upgrade(empty_url, step)
        assert shape_of(empty_url) == after, f"{step} taken twice does something else"
        below = step


def test_steps_are_numbered_without_gaps() -> None:
    assert steps() == [f"{number:04}" for number in range(1, len(steps()) + 1)]
    names = sorted(path.rpartition("/")[2] for path in under("migrations/versions", ".py"))
    assert [name[:5] for name in names] == [f"{step}_" for step in steps()]


def test_every_feature_with_tables_is_known_to_migrations() -> None:
    known = {module.__name__ for module in every_table.FEATURES}
    present = {path.removesuffix(".py").replace("/", ".") for path in under("fair_pos") if path.endswith("/tables.py")}
    assert known == present


def test_no_column_holds_fractions() -> None:
    """Money is whole đồng and weight whole grams; Integer stands for all whole types."""
    columns = [column for table in every_table.metadata.tables.values() for column in table.columns]
    none(f"{column} can hold a fraction" for column in columns if isinstance(column.type, Float | Numeric))
    none(
        f"{column} is no whole number"
        for column in columns
        if column.name.endswith("_dong") and not isinstance(column.type, Integer)
    )
