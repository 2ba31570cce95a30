"""Two tills of one booth sell the last piece at once: both sales stand, and the ledger says so once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fair_pos.inventory.queries import below_zero_at
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import db, reading
from fair_pos.stock import actions
from fair_pos.stock.facts import LOTLESS
from fair_pos.stock.tables import Movement
from tests.builders import BOUNDARY, Fair, Tablet, make_fair, pair_tablet
from tests.stock.brought import bring_lot, lying


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablets(app: Flask, fair: Fair) -> list[Tablet]:
    return [pair_tablet(app, fair), pair_tablet(app, fair)]


@pytest.fixture
def lot(app: Flask, fair: Fair) -> str:
    """One piece, of somebody who did not make it."""
    at = now() - timedelta(hours=1)
    expires = fair_day(at, BOUNDARY) + timedelta(days=30)
    return bring_lot(app, fair.booth_ids[0], fair.goods[0].product_id, fair.producer_ids[1], 1, expires=expires, at=at)


def sell_at_once(fair: Fair, tablets: list[Tablet], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Both tills sell one piece; each, once it has looked at the shelf, waits a moment for the other to have looked as well."""
    both, look, answers = threading.Barrier(2), actions._look_at, []

    def look_and_wait(*args: Any) -> Any:
        seen = look(*args)
        with suppress(threading.BrokenBarrierError):  # then the other stands in line behind us
            both.wait(timeout=0.5)
        return seen

    monkeypatch.setattr(actions, "_look_at", look_and_wait)
    parcels = [tablet.sale([(fair.goods[0], 1)]) for tablet in tablets]
    threads = [
        threading.Thread(target=lambda one=one, parcel=parcel: answers.extend(one.send(parcel)))
        for one, parcel in zip(tablets, parcels, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_tills_that_sell_the_last_piece_both_stand_and_make_one_entry(
    app: Flask, fair: Fair, tablets: list[Tablet], lot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = sell_at_once(fair, tablets, monkeypatch)
    assert [one.answer for one in answers] == ["stored", "stored"]
    honey, booth = fair.goods[0], fair.booth_ids[0]
    assert lying(app, booth, honey.product_id) == {
        (fair.producer_ids[1], lot): 0, (honey.producer_id, LOTLESS): -1,
    }  # fmt: skip
    with app.app_context():
        numbers = select(Movement.shelf_no).where(Movement.product_id == honey.product_id)
        assert list(reading().scalars(numbers.order_by(Movement.shelf_no))) == [1, 2, 3]
        (listed,) = below_zero_at(reading(), fair.edition_id, now())
        assert (listed.place.id, listed.owner_id) == (booth, honey.producer_id)


def test_without_the_lock_of_the_shelf_both_take_the_same_piece(
    app: Flask, fair: Fair, tablets: list[Tablet], lot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only on PostgreSQL: SQLite has one writer at a time. A lot of one piece is sold twice, and its owner owed for two."""
    given = iter((100, 200))

    def no_lock(session: Session, wanted: Mapping[actions.Key, int]) -> dict[actions.Key, int]:
        last = session.scalar(select(func.max(Movement.shelf_no))) or 0
        return dict.fromkeys(wanted, last + next(given))

    monkeypatch.setattr(actions, "_lock_shelves", no_lock)
    sell_at_once(fair, tablets, monkeypatch)
    honey, booth = fair.goods[0], fair.booth_ids[0]
    with app.app_context():
        one_writer = db.engine.dialect.name == "sqlite"
    held = lying(app, booth, honey.product_id)
    assert held[fair.producer_ids[1], lot] == (0 if one_writer else -1)
