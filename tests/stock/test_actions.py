"""Movements and the balance they add up to, in one transaction."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.stock.actions import damaged_place, record_intake, record_movements
from fair_pos.stock.facts import Moved
from fair_pos.stock.tables import Balance, Movement, ShelfRow
from tests.builders import Fair, make_fair

Key = tuple[str, str, str]


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def balances(app: Flask) -> dict[Key, int]:
    with app.app_context():
        rows = reading().scalars(select(Balance))
        return {(row.place_id, row.product_id, row.owner_id): row.quantity for row in rows}


def moved_in_all(app: Flask) -> dict[Key, int]:
    key = (Movement.place_id, Movement.product_id, Movement.owner_id)
    with app.app_context():
        rows = reading().execute(select(*key, func.sum(Movement.quantity)).group_by(*key))
        return {(booth, product, producer): int(pieces) for booth, product, producer, pieces in rows}


def intake(app: Flask, booth_id: str, items: Sequence[tuple[str, str, int]], subject: str = "note") -> None:
    with app.app_context(), transaction() as session:
        record_intake(session, booth_id, items, subject, now())


def test_goods_brought_lie_at_the_booth_under_their_owner(app: Flask, fair: Fair) -> None:
    booth, other = fair.booth_ids
    intake(app, booth, [("honey", "maker", 20), ("honey", "other maker", 5)])
    intake(app, booth, [("honey", "maker", 7)], "note 2")
    intake(app, other, [("honey", "maker", 1)], "note 3")
    assert balances(app) == {
        (booth, "honey", "maker"): 27,
        (booth, "honey", "other maker"): 5,
        (other, "honey", "maker"): 1,
    }


def test_goods_named_twice_in_one_note_are_added(app: Flask, fair: Fair) -> None:
    intake(app, fair.booth_ids[0], [("honey", "maker", 2), ("honey", "maker", 3)])
    assert balances(app) == {(fair.booth_ids[0], "honey", "maker"): 5}
    with app.app_context():
        kept = (
            reading().execute(select(Movement.kind, Movement.quantity, Movement.subject_id).order_by(Movement.id)).all()
        )
        assert [tuple(row) for row in kept] == [("intake", 2, "note"), ("intake", 3, "note")]


def test_a_balance_may_fall_below_zero(app: Flask, fair: Fair) -> None:
    booth, at = fair.booth_ids[0], now()
    with app.app_context(), transaction() as session:
        sold = Moved(booth, "booth", "honey", "maker", "sale", -3, "sale", 1, at)
        record_movements(session, [sold], at)
    assert balances(app) == {(booth, "honey", "maker"): -3}
    intake(app, booth, [("honey", "maker", 2)])
    assert balances(app) == {(booth, "honey", "maker"): -1}


def test_nothing_moved_writes_nothing(app: Flask, fair: Fair) -> None:
    intake(app, fair.booth_ids[0], [])
    assert balances(app) == moved_in_all(app) == {}


def test_what_fails_moves_nothing(app: Flask, fair: Fair) -> None:
    def fail() -> None:
        with transaction() as session:
            record_intake(session, fair.booth_ids[0], [("honey", "maker", 2)], "note", now())
            raise RuntimeError

    with app.app_context(), pytest.raises(RuntimeError):
        fail()
    assert balances(app) == moved_in_all(app) == {}


def test_the_balance_is_the_sum_of_the_movements(app: Flask, fair: Fair) -> None:
    chance, at = Random(7), now()
    for number in range(30):
        booth = chance.choice(fair.booth_ids)
        moved = [
            Moved(booth, "booth", product, owner, kind, way * pieces, str(number), line, at)
            for line, (kind, way) in enumerate(
                chance.choices([("intake", 1), ("sale", -1), ("refund", 1)], k=chance.randint(1, 6)), 1
            )
            for product, owner, pieces in [(chance.choice("xyz"), chance.choice("pq"), chance.randint(1, 9))]
        ]
        with app.app_context(), transaction() as session:
            record_movements(session, moved, at)
    assert balances(app) == moved_in_all(app)
    assert len(balances(app)) == 12


def test_what_came_back_damaged_passes_over_the_shelf_and_every_shelf_is_numbered(app: Flask, fair: Fair) -> None:
    booth, at = fair.booth_ids[0], now()
    intake(app, booth, [("honey", "maker", 5)])
    back = Moved(booth, "booth", "honey", "maker", "refund", 2, "back", 1, at, returns="sale")
    with app.app_context(), transaction() as session:
        apart = damaged_place(session, booth, at)
        assert damaged_place(session, booth, at) == apart
        written = record_movements(session, [replace(back, aside=apart), replace(back, line_no=2)], at)
    assert [
        (one.kind, one.place_id, one.place_kind, one.quantity, one.shelf_no, one.returns_id) for one in written
    ] == [
        ("refund", booth, "booth", 2, 2, "sale"),
        ("set_aside", booth, "booth", -2, 3, ""),
        ("set_aside", apart, "damaged", 2, 1, ""),
        ("refund", booth, "booth", 2, 4, "sale"),
    ]
    assert balances(app) == moved_in_all(app) == {(booth, "honey", "maker"): 7, (apart, "honey", "maker"): 2}
    with app.app_context():
        shelves = {row.place_id: row.moves for row in reading().scalars(select(ShelfRow))}
    assert shelves == {booth: 4, apart: 1}


def test_two_tablets_that_need_the_place_at_once_get_the_same(app: Flask, fair: Fair) -> None:
    booth, found, start = fair.booth_ids[0], list[str](), threading.Barrier(4)

    def need() -> None:
        start.wait()
        with app.app_context():
            found.append(in_transaction(lambda session: damaged_place(session, booth, now())))

    threads = [threading.Thread(target=need) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 4
    assert len(set(found)) == 1
