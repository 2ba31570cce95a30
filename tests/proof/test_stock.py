"""The replay of every shelf: a gap, another count of movements, another place or another sum is a difference."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import transaction
from fair_pos.stock.tables import Balance, Movement, ShelfRow
from tests.builders import BOUNDARY, make_fair, pair_tablet
from tests.proof.saying import said
from tests.stock.brought import bring_lot


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (delete(Movement).where(Movement.shelf_no == 2), "movement: number on its shelf"),
        (delete(Movement).where(Movement.shelf_no == 3), "movement: row"),
        (update(ShelfRow).values(moves=9), "movements of a shelf: sums"),
        (update(Balance).values(quantity=9), "stock balance: sums"),
        (update(Balance).values(place_kind="store"), "stock balance: place_kind"),
        (update(Movement).where(Movement.shelf_no == 2).values(lot_id=""), "movement: owners, lots and quantities"),
        (update(Movement).where(Movement.shelf_no == 3).values(returns_id=""), "movement: returns_id"),
    ],
)
def test_what_was_changed_in_the_ledger_is_named(app: Flask, change: object, named: str) -> None:
    fair = make_fair(app)
    tablet, honey = pair_tablet(app, fair), fair.goods[0]
    expires = fair_day(now(), BOUNDARY) + timedelta(days=9)
    bring_lot(app, tablet.booth_id, honey.product_id, fair.producer_ids[1], 5, expires=expires, at=now())
    sale = tablet.sale([(honey, 2)])
    tablet.send(sale, tablet.sale([(honey, 1)], refund_of=sale["id"]))
    with app.app_context(), transaction() as session:
        assert said(session) == ""
        session.execute(change)  # type: ignore[call-overload]  # one of the statements above
        assert said(session) == named
        session.rollback()
