"""The demo fair for tests that only look at it: loaded once for each worker, copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timezone
from typing import Any

import pytest
from flask import Flask

from fair_pos import create_app
from fair_pos.demo.load import load_demo
from fair_pos.demo.organiser import freeze_last_year
from fair_pos.plumbing.db import db, transaction
from fair_pos.settings import Settings
from fair_pos.terms.vault import Vault

TODAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 3, 0, tzinfo=timezone.utc)


@pytest.fixture
def demo(databases: Any, settings: Settings) -> Iterator[Flask]:
    """Three sample days and a morning; last year's fair is frozen."""

    def fill(url: str) -> None:
        filling = create_app(replace(settings, database_url=url))
        with filling.app_context(), transaction() as session:
            load_demo(session, today=TODAY, at=AT, demo_days=3, vault=Vault(settings.data_key))
        with filling.app_context(), transaction(one_moment=True) as session:
            freeze_last_year(session, at=AT)
        closed(filling)

    looked_at = create_app(replace(settings, database_url=databases.copy_of("demo", fill)))
    yield looked_at
    closed(looked_at)


def closed(app: Flask) -> None:
    """Nothing holds its database open any more."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
