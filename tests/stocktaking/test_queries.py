"""Two people approve one count at the same moment: its difference is booked once."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import db, reading
from fair_pos.stock.queries import balances_at
from fair_pos.stocktaking import actions
from fair_pos.stocktaking.queries import LineState, count_number, counts_of, get_count, states_of
from fair_pos.stocktaking.refusals import CountBooked
from fair_pos.stocktaking.tables import CountAdjustment, StockCount
from tests.builders import make_fair, pair_tablet
from tests.stocktaking.counting import book, bring, count_of, counted


def test_two_people_who_approve_at_once_book_once(app: Flask) -> None:
    fair = make_fair(app)
    tablet, goods = pair_tablet(app, fair), fair.goods[0]
    bring(app, fair, goods, 9, now() - timedelta(hours=1))
    count = count_of(tablet, counted(goods, 6))
    tablet.send(count)
    start, outcomes = threading.Barrier(4), list[str]()

    def approve() -> None:
        start.wait()
        try:
            book(app, fair, count["id"], seen={1: -3})
            outcomes.append("booked")
        except CountBooked:
            outcomes.append("found nothing left")

    threads = [threading.Thread(target=approve) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["booked", *["found nothing left"] * 3]
    with app.app_context():
        assert reading().scalar(select(func.count()).select_from(CountAdjustment)) == 1
        assert [one.quantity for one in balances_at(reading(), [fair.booth_ids[0]])] == [6]


def test_without_the_lock_of_the_count_two_book_it_twice(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where two write at once: each reads the count as it was, and the second is stopped by the number of its booking alone."""
    fair = make_fair(app)
    tablet, goods = pair_tablet(app, fair), fair.goods[0]
    bring(app, fair, goods, 9, now() - timedelta(hours=1))
    count = count_of(tablet, counted(goods, 6))
    tablet.send(count)
    both, looks, look = threading.Barrier(2), list[int](), states_of

    def look_and_wait(session: Session, one: StockCount) -> list[LineState]:
        seen = look(session, one)
        looks.append(seen[0].left)
        with suppress(threading.BrokenBarrierError):  # then the other stands in line behind us
            both.wait(timeout=0.5)
        return seen

    def no_lock(session: Session, edition_id: str, count_id: str, *, lock: bool = False) -> StockCount:
        return get_count(session, edition_id, count_id)

    monkeypatch.setattr(actions, "states_of", look_and_wait)
    monkeypatch.setattr(actions, "hold_catalogue", lambda _session: None)
    monkeypatch.setattr(actions, "get_count", no_lock)
    with app.app_context():
        one_writer = db.engine.dialect.name == "sqlite"

    def approve() -> None:
        with suppress(CountBooked, IntegrityError):
            book(app, fair, count["id"], seen={1: -3})

    threads = [threading.Thread(target=approve) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert looks[:2] == ([-3, 0] if one_writer else [-3, -3])


def test_counts_are_listed_with_a_number_that_tablets_need_not_agree_on(app: Flask) -> None:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    count = count_of(tablet, counted(fair.goods[0], 6), counted(fair.goods[1], 1))
    tablet.send(count)
    with app.app_context():
        assert [(one.id, lines) for one, lines in counts_of(reading(), fair.edition_id)] == [(count["id"], 2)]
    assert count_number(count["id"]) == f"KH-{count['id'][-6:].upper()}"
