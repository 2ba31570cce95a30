"""A statement asked for twice at once: the first is made, the second gets it. And both selling and settling go on together."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import db, in_transaction, reading
from fair_pos.proof.settlement import prove_settlements
from fair_pos.settlement import actions, refusals
from fair_pos.settlement.gather import open_parts
from fair_pos.settlement.tables import Payout, Settlement, SettlementLine
from fair_pos.terms import fees
from fair_pos.terms.tables import SettlementTerms
from tests.settlement.stage import Stage, make_stage

ROUNDS = 4


def ask_together(stage: Stage, back: int, askers: int = 2) -> list[list[str]]:
    start = threading.Barrier(askers)

    def ask(_number: int) -> list[str]:
        start.wait()
        return stage.settle(back)

    with ThreadPoolExecutor(askers) as pool:
        return list(pool.map(ask, range(askers)))


@pytest.mark.race
def test_two_who_ask_at_once_get_the_same_statements(app: Flask) -> None:
    stage = make_stage(app)
    for back in range(8, 8 - ROUNDS, -1):
        for goods in stage.fair.goods:
            stage.sell(back, stage.line(goods, 10_007))
        first, second = ask_together(stage, back)
        assert sorted(first) == sorted(second)
        assert len(first) == len(stage.fair.producer_ids)
    with app.app_context():
        count = reading().scalar(select(func.count()).select_from(Settlement))
        assert count == ROUNDS * len(stage.fair.producer_ids)
        assert prove_settlements(reading()).parts == ROUNDS * len(stage.fair.goods)


@pytest.mark.race
def test_sales_that_arrive_meanwhile_stand_on_one_statement(app: Flask) -> None:
    stage = make_stage(app)
    stage.sell(8, stage.line(stage.fair.goods[0], 10_007))
    stop = threading.Event()

    def sell(_number: int) -> int:
        sent = 0
        while not stop.is_set() or sent < 5:
            stage.sell(8, stage.line(stage.fair.goods[0], 10_007))
            sent += 1
        return sent

    with ThreadPoolExecutor(1) as pool:
        selling = pool.submit(sell, 0)
        for back in (7, 6, 5):
            try:
                stage.settle(back)
            except refusals.NothingToSettle:
                continue  # nothing came in between
        stop.set()
        sent = selling.result(timeout=60)
    stage.sell(4, stage.line(stage.fair.goods[0], 10_007))
    stage.settle(3)
    with app.app_context():
        total = reading().scalar(select(func.sum(SettlementLine.net_dong)))
        assert total == (sent + 2) * 10_007
        prove_settlements(reading())


@pytest.mark.race
def test_without_lock_and_keys_there_would_be_two(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control, where writers do not stand in one line: on PostgreSQL."""
    stage = make_stage(app)
    stage.sell(8, stage.line(stage.fair.goods[0], 10_007))
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            # On SQLite the gate lets one writer in at a time; what keeps a part on one statement is seen in test_actions.
            assert len({tuple(sorted(one)) for one in ask_together(stage, 7)}) == 1
            return
    for statement in (
        "ALTER TABLE settlement_line DROP CONSTRAINT uq_settlement_line_source_source_id",
        "ALTER TABLE settlement_line DROP CONSTRAINT uq_settlement_line_movement_id",
        "ALTER TABLE settlement DROP CONSTRAINT uq_settlement_edition_id_number",
        "ALTER TABLE settlement DROP CONSTRAINT uq_settlement_edition_id_producer_id_until_day",
    ):
        _run(stage, statement)
    counter = text("INSERT INTO settlement_counter (edition_id, last) VALUES (:edition, 0)")
    stage.do(lambda session: session.execute(counter, {"edition": stage.fair.edition_id}))
    both_have_read = threading.Barrier(2)
    real = open_parts

    def slow(*args: object, **kwargs: object) -> object:
        found = real(*args, **kwargs)  # type: ignore[arg-type]
        both_have_read.wait(timeout=20)
        return found

    monkeypatch.setattr(actions, "hold_terms", lambda *_args: None)
    monkeypatch.setattr(actions, "_hold_counter", lambda *_args: 0)
    monkeypatch.setattr(actions, "open_parts", slow)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(_settle_loosely, stage) for _ in range(2)]
        made = {one.result(timeout=60)[0] for one in asked}
    assert len(made) == 2, "without the lock each makes its own"


def _run(stage: Stage, statement: str) -> None:
    stage.do(lambda session: session.execute(text(statement)))


def _settle_loosely(stage: Stage) -> list[str]:
    def work(session: object) -> list[str]:
        monkey: list[str] = actions.settle(
            session,  # type: ignore[arg-type]  # a Session
            stage.fair.edition_id,
            stage.day(7),
            at=now(),
            by=None,
        )
        return monkey

    made: list[str] = stage.do(work)
    return made


@pytest.mark.race
@pytest.mark.parametrize("only_locked", [False, True])
def test_fee_that_is_cancelled_while_somebody_waits_is_not_charged(
    app: Flask, monkeypatch: pytest.MonkeyPatch, only_locked: bool
) -> None:
    """The negative control: with the row locked and not written anew, PostgreSQL settles by what was there before the wait."""
    stage = make_stage(app)
    owner = stage.fair.producer_ids[0]
    stage.sell(8, stage.line(stage.fair.goods[0], 100_000))
    fee = stage.fee(owner, 30_000, 8)
    with app.app_context():
        postgresql = db.engine.dialect.name == "postgresql"
    if only_locked:
        monkeypatch.setattr(actions, "hold_terms", _only_lock)
        monkeypatch.setattr(fees, "hold_terms", _only_lock)
    with ThreadPoolExecutor(1) as pool:

        def cancel_slowly(session: Session) -> Future[list[str]]:
            by = stage.fair.people["bantochuc"]
            fees.cancel_fee(session, stage.fair.edition_id, fee, "Ghi nhầm", at=now(), by=by)
            waiting = pool.submit(stage.settle, 7)
            while postgresql and not session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                time.sleep(0.01)
            return waiting

        stage.do(cancel_slowly).result(timeout=60)
    (made,) = stage.statements()
    assert made.fees_dong == (30_000 if only_locked and postgresql else 0)


def _only_lock(session: Session, edition_id: str) -> None:
    wanted = select(SettlementTerms).where(SettlementTerms.edition_id == edition_id).with_for_update()
    session.scalars(wanted).one()


@pytest.mark.race
def test_of_two_who_pay_the_same_statements_at_once_one_writes_all_and_the_other_nothing(app: Flask) -> None:
    stage = make_stage(app)
    for goods in stage.fair.goods:
        stage.sell(8, stage.line(goods, 10_000))
    numbers = range(1, len(stage.settle(7)) + 1)
    start = threading.Barrier(2)

    def pay(asked: list[int]) -> list[str] | refusals.NonePaid:
        def work(session: Session) -> list[str]:
            about: dict[str, Any] = {"day": stage.day(0), "method": "cash", "at": now(), "by": None}
            return actions.pay_out_all(session, stage.fair.edition_id, asked, reference="PC", **about)

        start.wait()
        try:
            with app.app_context():
                return in_transaction(work)
        except refusals.NonePaid as refusal:
            return refusal

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(pay, [[*numbers], [*reversed(numbers)]]))
    (refused,) = [one for one in answers if isinstance(one, refusals.NonePaid)]
    assert (refused.facts, type(refused.why)) == ({"number": "TT-0001"}, refusals.PaidAlready)
    (made,) = [one for one in answers if not isinstance(one, refusals.NonePaid)]
    assert len(made) == len(numbers)
    with app.app_context():
        assert sorted(reading().scalars(select(Payout.id))) == sorted(made)
