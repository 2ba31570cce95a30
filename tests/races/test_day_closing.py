"""A day is closed while tablets send: what is signed is exactly what the sheet says, to the đồng, on both databases."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from fair_pos.daysheet.actions import close_day
from fair_pos.daysheet.refusals import DaySignedAlready
from fair_pos.daysheet.rules import Agreed
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import db, in_transaction, reading, transaction
from fair_pos.proof.queries import prove
from fair_pos.reports.queries import count_to_look_at
from tests.builders import Tablet, pair_tablet
from tests.daysheet.evenings import Evening, make_evening

ROUNDS = 6
SENDERS = 4
SIGNED = """
    SELECT COUNT(*),
           COALESCE(SUM(CASE WHEN kind = 'sale' THEN total_dong ELSE 0 END), 0),
           COALESCE(SUM(CASE WHEN kind = 'refund' THEN total_dong ELSE 0 END), 0)
    FROM signed_sale JOIN sale ON sale.id = signed_sale.sale_id WHERE sheet_id = :sheet"""
PAID = """
    SELECT COALESCE(SUM(CASE WHEN kind = 'sale' THEN amount_dong ELSE -amount_dong END), 0)
    FROM signed_sale JOIN sale ON sale.id = signed_sale.sale_id JOIN payment ON payment.sale_id = sale.id
    WHERE sheet_id = :sheet AND method = :method"""


def selling(evening: Evening, tablets: list[Tablet], stop: threading.Event, sent: list[int]) -> Callable[[int], None]:
    def sell(number: int) -> None:
        tablet, at = tablets[number], now() - timedelta(days=1)
        count = 0
        while not stop.is_set():
            method = ("cash", "transfer", "card")[count % 3]
            bought = tablet.sale([(evening.fair.goods[count % 9], 1 + count % 3)], at=at, method=method)
            parcels = [bought]
            if count % 4 == 0:
                lines = json.loads(bought["text"])["lines"]
                parcels.append(tablet.sale(lines, at=at, method=method, refund_of=bought["id"]))
            tablet.send(*parcels)
            sent[number] += len(parcels)
            count += 1

    return sell


@pytest.mark.race
def test_signed_figures_are_those_of_the_signed_receipts(app: Flask) -> None:
    evening = make_evening(app)
    tablets = [pair_tablet(app, evening.fair, number % 2) for number in range(SENDERS)]
    everyone = Agreed(early=True, late_ids=frozenset(one.device_id for one in (*tablets, *evening.tablets)))
    stop, sent, torn = threading.Event(), [0] * SENDERS, 0
    with ThreadPoolExecutor(SENDERS) as pool:
        running = [pool.submit(selling(evening, tablets, stop, sent), number) for number in range(SENDERS)]
        try:
            for _ in range(ROUNDS):
                before = sum(sent)
                while sum(sent) < before + SENDERS:
                    assert not any(one.done() for one in running), [one.exception() for one in running if one.done()]
                number = evening.close(everyone)
                came = sum(sent)
                while sum(sent) == came:
                    time.sleep(0.001)
                torn += check(app, evening, number)
                evening.reopen()
        finally:
            stop.set()
        for one in running:
            one.result()
    assert torn == ROUNDS, "the control: one receipt more, and the same comparison differs"
    with app.app_context(), Session(db.engine) as session:
        prove(session)


def check(app: Flask, evening: Evening, number: int) -> bool:
    """The sheet against its receipts; whether the running figures have gone on since."""
    with app.app_context(), Session(db.engine) as session:
        row = session.execute(
            text(
                "SELECT id, receipts, refunds, sold_dong, refunded_dong, content FROM day_sheet WHERE number = :number"
            ),
            {"number": number},
        ).one()
        count, sold, refunded = map(int, session.execute(text(SIGNED), {"sheet": row.id}).one())
        content = json.loads(row.content)
        money, paid = content["money"], content["paid"]
        assert (row.receipts + row.refunds, row.sold_dong, row.refunded_dong) == (count, sold, refunded)
        assert (money["receipts"], money["sold_dong"], money["refunded_dong"]) == (row.receipts, sold, refunded)
        by_method = {
            method: int(session.scalar(text(PAID), {"sheet": row.id, "method": method}) or 0)
            for method in ("cash", "transfer", "card")
        }
        assert paid["cash_dong"] == by_method["cash"]
        assert paid["card_dong"] == by_method["card"]
        assert paid["confirmed_dong"] + paid["claimed_dong"] == by_method["transfer"]
        assert sum(paid.values()) == sold - refunded
        assert sum(booth["sold_dong"] for booth in content["booths"]) == sold
        now_sold = session.scalar(
            text("SELECT SUM(sold_dong) FROM hour_figure WHERE CAST(fair_day AS VARCHAR) = :day"),
            {"day": evening.day.isoformat()},
        )
        return int(now_sold or 0) != sold


@pytest.mark.race
def test_of_two_who_close_at_once_one_is_told(app: Flask) -> None:
    evening = make_evening(app)
    ready = threading.Barrier(4)

    def close(person: str) -> int | str:
        def work(session: Session) -> Any:
            made = close_day(
                session, evening.fair.edition_id, evening.day, Agreed(), count_to_look_at,
                at=now(), by=evening.fair.people[person],
            )  # fmt: skip
            return made.number

        with app.app_context():
            ready.wait(timeout=20)
            try:
                return int(in_transaction(work, attempts=5, one_moment=True))
            except DaySignedAlready as refusal:
                return str(refusal.facts["name"])

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(close, ("quantri", "bantochuc", "quantri", "bantochuc")))
    assert [one for one in answers if isinstance(one, int)] == [1]
    (winner,) = {one for one in answers if isinstance(one, str)}
    with app.app_context():
        rows = reading().execute(text("SELECT number, round FROM day_sheet")).all()
        assert [tuple(row) for row in rows] == [(1, 1)]
        assert winner in {"Vừ A quantri", "Vừ A bantochuc"}


@pytest.mark.race
def test_without_one_moment_a_sheet_would_be_torn(app: Flask) -> None:
    """The negative control of the first test: two looks in an ordinary transaction may see different receipts on PostgreSQL."""
    evening = make_evening(app)
    tablet = evening.tablets[0]
    total = text("SELECT SUM(total_dong) FROM sale")

    def look_twice(*, one_moment: bool) -> tuple[int, int]:
        # SQLite lets nobody write meanwhile, so there the sale waits and comes after.
        with app.app_context(), transaction(one_moment=one_moment) as session:
            first = int(session.scalar(total) or 0)
            other = threading.Thread(
                target=lambda: tablet.send(tablet.sale([(evening.fair.goods[0], 1)], at=now() - timedelta(days=1)))
            )
            other.start()
            other.join(timeout=1)
            second = int(session.scalar(total) or 0)
        other.join()
        return first, second

    first, second = look_twice(one_moment=True)
    assert first == second
    with app.app_context():
        is_postgresql = db.engine.dialect.name == "postgresql"
    first, second = look_twice(one_moment=False)
    assert (first != second) is is_postgresql
