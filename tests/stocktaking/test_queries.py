"""Two people approve one count at the same moment: its difference is booked once."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import db, reading
from fair_pos.stock.queries import balances_at
from fair_pos.stocktaking import actions
from fair_pos.stocktaking.queries import LineState, count_number, counts_of, get_count, states_of, states_of_counts
from fair_pos.stocktaking.refusals import CountBooked
from fair_pos.stocktaking.tables import CountAdjustment, StockCount
from tests.asked import statements_sent
from tests.builders import Tablet, make_fair, pair_tablet
from tests.stock.brought import bring_lot
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
    monkeypatch.setattr(actions, "hold_shelves", lambda _session, _keys: None)
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


def test_many_counts_are_held_against_the_ledger_as_each_is_and_cost_no_more_than_few(app: Flask) -> None:
    """Counts of two booths, by lot and as a whole, booked or not, newer and older than each other."""
    fair, chance = make_fair(app), Random(5)
    tablets = [pair_tablet(app, fair, booth=booth) for booth in (0, 1)]
    start = now() - timedelta(hours=8)
    for booth in (0, 1):
        for goods in fair.goods[:3]:
            bring(app, fair, goods, 20, start, booth=booth)
    lot = bring_lot(app, fair.booth_ids[0], fair.goods[0].product_id, fair.producer_ids[1], 6, expires=None, at=start)

    def count(tablet: Tablet) -> None:
        at = start + timedelta(minutes=chance.randint(1, 400))
        lines = [counted(goods, chance.randint(15, 21), at) for goods in chance.sample(fair.goods[:3], 2)]
        if chance.random() < 0.5:
            lines.append(counted(fair.goods[0], chance.randint(4, 7), at + timedelta(minutes=1), lot_id=lot))
        parcel = count_of(tablet, *lines, at=at + timedelta(minutes=2))
        tablet.send(parcel, tablet.sale([(fair.goods[0], 1)], at=at - timedelta(minutes=chance.randint(0, 60))))
        if chance.random() < 0.5:
            book(app, fair, parcel["id"])

    def told() -> tuple[int, list[str]]:
        with app.app_context():
            counts = [one for one, _lines in counts_of(reading(), fair.edition_id)]
            with statements_sent(app) as together:
                found = states_of_counts(reading(), counts)
            assert found == {one.id: states_of(reading(), one) for one in counts}
            said = sorted(
                f"{state.superseded} {state.waits} {state.may_book}" for states in found.values() for state in states
            )
            return len(together), said

    for _ in range(2):
        count(chance.choice(tablets))
    few, _said = told()
    for _ in range(16):
        count(chance.choice(tablets))
    many, said = told()
    assert many == few == 6
    assert len(set(said)) > 3, "some wait, some are superseded, some may be booked"


def test_no_counts_are_held_against_nothing(app: Flask) -> None:
    with app.app_context():
        assert states_of_counts(reading(), []) == {}
