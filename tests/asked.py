"""What the database is asked: a page whose statements grow with what was sold is slow on the last day of a fair."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from fair_pos.plumbing.db import db


def engine_of(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@contextmanager
def statements_sent(app: Flask) -> Iterator[list[str]]:
    """The statements sent meanwhile, in any thread and session, in order.

    Two counts are comparable only when each begins with a session of its own: one that has lived through the first still
    holds some of what it read, as long as the garbage collector pleases. So pages are opened outside of any app context.
    """
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engine, collecting = engine_of(app), gc.isenabled()
    gc.disable()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
        if collecting:
            gc.enable()
