"""The replay of every shelf: a gap, another count of movements, another place or another sum is a difference."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import delete, update

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import transaction
from fair_pos.proof import stock
from fair_pos.stock.tables import Balance, Movement, ShelfRow
from tests.builders import BOUNDARY, Tablet, make_fair, pair_tablet, sold
from tests.proof.saying import said, said_now
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


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_goods_given_back_anywhere_and_in_any_order_are_replayed_the_same(
    app: Flask, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lots of two owners at two booths; refunds at either, early, too many, naming a lot or none. One after another, so exactly."""
    monkeypatch.setattr(stock, "AT_ONCE", timedelta(0))
    fair, chance = make_fair(app), Random(seed)
    honey, today = fair.goods[0], fair_day(now(), BOUNDARY)
    tablets = [pair_tablet(app, fair, booth=booth) for booth in (0, 1)]
    lots = [
        bring_lot(app, tablet.booth_id, honey.product_id, owner, 4, expires=today + timedelta(days=9), at=now())
        for tablet in tablets
        for owner in fair.producer_ids[1:3]
    ]

    def line(pieces: int) -> dict[str, object]:
        named = {"lot_id": chance.choice(lots)} if chance.random() < 0.3 else {}
        return {**sold(honey, pieces), **named}

    waiting: list[tuple[Tablet, list[dict[str, object]], str | None, str]] = []
    for number in range(12):
        sale = f"{seed:08d}-0000-7000-8000-{number:012d}"
        waiting.append((chance.choice(tablets), [line(chance.randint(1, 3)) for _ in range(2)], None, sale))
        backs = range(chance.randint(0, 2))
        waiting += [(chance.choice(tablets), [line(chance.randint(1, 3))], sale, "") for _ in backs]
    chance.shuffle(waiting)
    for tablet, lines, back_of, sale in waiting:
        parcel = tablet.sale(lines, id=sale) if sale else tablet.sale(lines, refund_of=back_of)
        answers = tablet.send(parcel)
        assert [one.answer for one in answers] == ["stored"]
    assert said_now(app) == ""


def test_what_came_back_elsewhere_cannot_be_made_the_maker_s(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    fair = make_fair(app)
    here, there = pair_tablet(app, fair), pair_tablet(app, fair, booth=1)
    honey, expires = fair.goods[0], fair_day(now(), BOUNDARY) + timedelta(days=9)
    bring_lot(app, here.booth_id, honey.product_id, fair.producer_ids[1], 5, expires=expires, at=now())
    sale = here.sale([(honey, 2)])
    here.send(sale)
    there.send(there.sale([(honey, 1)], refund_of=sale["id"]))
    change = {"owner_id": honey.producer_id, "lot_id": ""}
    with app.app_context(), transaction() as session:
        session.execute(update(Movement).where(Movement.kind == "refund").values(change))
        session.execute(update(Balance).where(Balance.place_id == there.booth_id).values(change))
        assert said(session) == ""  # in one moment the sale may not have been seen
        monkeypatch.setattr(stock, "AT_ONCE", timedelta(0))
        assert said(session) == "movement: owners, lots and quantities"
        session.rollback()
