"""Alembic's entry: runs the numbered steps against the database given by fair_pos.plumbing.migrations."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, pool

from fair_pos.every_table import metadata
from fair_pos.plumbing.db import Instant


def plain_types(kind: str, item: object, _context: object) -> str | bool:
    """Write our instant as what it is in the database: a step must not change when our code does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


engine = create_engine(context.config.attributes["database_url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()
