"""The step to the ledger by owner and lot, on a database that is full: nothing is lost, and `verify` agrees afterwards."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, text

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import db, transaction
from fair_pos.plumbing.migrations import downgrade, upgrade
from fair_pos.stock.actions import record_intake
from tests.builders import BOUNDARY, make_fair, pair_tablet, sold
from tests.proof.saying import said_now
from tests.sales.histories import a_fair_with_tablets, random_parcels, send_in_uploads
from tests.stock.brought import bring_lot

Rows = list[tuple[Any, ...]]
LEDGER = (
    "SELECT id, place_id, place_kind, product_id, owner_id, lot_id, kind, quantity, subject_id, line_no, returns_id, shelf_no,"
    " at, recorded_at FROM movement ORDER BY id"
)
BALANCE = "SELECT place_id, product_id, owner_id, lot_id, place_kind, quantity FROM balance ORDER BY 1, 2, 3, 4"
SHELF = "SELECT place_id, product_id, moves FROM shelf ORDER BY 1, 2"


def url_of(app: Flask) -> str:
    with app.app_context():
        db.session.remove()
        url = db.engine.url.render_as_string(hide_password=False)
        db.engine.dispose()
    return url


def rows(url: str, question: str) -> Rows:
    engine = create_engine(url)
    with engine.connect() as connection:
        found: Rows = [tuple(row) for row in connection.execute(text(question))]
    engine.dispose()
    return found


def test_a_full_ledger_goes_down_and_up_and_is_the_same(app: Flask) -> None:
    """What the step works out — lines, numbers of shelves, when it was booked, what came back — is what was booked."""
    fair, tablets = a_fair_with_tablets(app, 2)
    chance = Random(7)
    with app.app_context(), transaction() as session:
        items = [(one.product_id, one.producer_id, 30) for one in (*fair.goods[:4], fair.goods[0])]
        record_intake(session, fair.booth_ids[0], items, "brought", now() - timedelta(days=3))
    for tablet in tablets:
        send_in_uploads(tablet, random_parcels(chance, fair, tablet, 25), chance)
    one, other = fair.goods[:2]
    three = tablets[0].sale([(one, 2), (other, 1), (one, 1)], at=now() - timedelta(hours=5))
    back = tablets[0].sale([(one, 1)], refund_of=three["id"])
    tablets[0].send(three, back, tablets[0].giveaway([sold(one), sold(other)]))
    assert said_now(app) == ""
    url = url_of(app)
    before = {question: rows(url, question) for question in (LEDGER, BALANCE, SHELF)}

    downgrade(url, "0013")
    old = rows(
        url, "SELECT id, booth_id, product_id, producer_id, kind, quantity, subject_id FROM movement ORDER BY id"
    )
    assert old == [(row[0], row[1], row[3], row[4], row[6], row[7], row[8]) for row in before[LEDGER]]
    sums = rows(url, "SELECT booth_id, product_id, producer_id, quantity FROM balance ORDER BY 1, 2, 3")
    assert sums == [(*row[:3], row[5]) for row in before[BALANCE]]

    upgrade(url)
    for question, kept in before.items():
        assert rows(url, question) == kept
    # The cases that make the step difficult are in it.
    assert any(row[10] for row in before[LEDGER])
    assert max(row[9] for row in before[LEDGER]) >= 3
    assert any(row[12] != row[13] for row in before[LEDGER])
    assert said_now(app) == ""


def test_lots_taken_back_leave_whole_balances_and_no_gap(app: Flask) -> None:
    """The old ledger knows no lots and no notes: what they moved at a booth stays as goods of the owner where it has a word for it."""
    fair = make_fair(app)
    tablet, honey, at = pair_tablet(app, fair), fair.goods[0], now() - timedelta(days=1)
    expires = fair_day(now(), BOUNDARY) + timedelta(days=9)
    for owner, pieces in ((fair.producer_ids[1], 2), (fair.producer_ids[2], 5)):
        bring_lot(app, tablet.booth_id, honey.product_id, owner, pieces, expires=expires, at=at)
    tablet.send(tablet.sale([(honey, 4)]))
    url = url_of(app)
    kept = rows(url, "SELECT owner_id, sum(quantity) FROM balance GROUP BY owner_id ORDER BY 1")
    downgrade(url, "0013")
    assert rows(url, "SELECT producer_id, quantity FROM balance ORDER BY 1") == kept
    upgrade(url)
    assert rows(url, "SELECT owner_id, quantity FROM balance ORDER BY 1") == kept
    assert rows(url, "SELECT shelf_no FROM movement ORDER BY id") == [(number,) for number in range(1, 5)]
    assert [row[2] for row in rows(url, SHELF)] == [4]
