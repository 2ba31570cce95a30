"""The replay of every shelf: a gap, another count of movements, another place or another sum is a difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from random import Random

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, update

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof import stock
from fair_pos.sales.tables import Sale
from fair_pos.stock.actions import damaged_place, record_movements
from fair_pos.stock.facts import Moved
from fair_pos.stock.tables import Balance, DamagedPlace, LedgerRule, Movement, ShelfRow
from tests.builders import BOUNDARY, Tablet, make_fair, pair_tablet, sold
from tests.inventory.damage import clear, damaged_back
from tests.inventory.damage import waiting as apart
from tests.proof.saying import said, said_now
from tests.stock.brought import bring_lot

EARLIER, LATER = datetime(2020, 1, 1, tzinfo=timezone.utc), datetime(2100, 1, 1, tzinfo=timezone.utc)


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
    brought = dict.fromkeys(lots, 4)
    chance.shuffle(waiting)
    # In every history one piece at least comes back damaged before its sale, and somebody else's lots are there to be sold.
    first = f"{seed:08d}-0000-7000-8000-{99:012d}"
    early = (chance.choice(tablets), [sold(honey, 2)], first, "")
    waiting = [early, (tablets[0], [sold(honey, 1)], None, first), *waiting]
    for number, (tablet, lines, back_of, sale) in enumerate(waiting):
        reason = chance.choice(["Hàng hỏng", "Khách đổi ý"]) if number else "Hàng hỏng"
        parcel = tablet.sale(lines, id=sale) if sale else tablet.sale(lines, refund_of=back_of, reason=reason)
        answers = tablet.send(parcel)
        assert [one.answer for one in answers] == ["stored"]
        lies = [one for one in apart(app, fair) if one.quantity > 0]
        if number > 1 and lies and chance.random() < 0.2:
            one = chance.choice(lies)
            clear(app, fair, one, chance.randint(1, one.quantity))
    with app.app_context():
        put_right = select(func.count()).where(*APART, Movement.quantity < 0)
        assert (reading().scalar(put_right) or 0) > 0
    assert said_now(app) == ""
    assert_conserved(app, brought)


def assert_conserved(app: Flask, brought: dict[str, int]) -> None:
    """Over all places an owner's lot is what was brought less sold and given back, as if nothing had been set aside; and what was set
    aside is what the refunds that said so brought back, to the piece.
    """
    with app.app_context():
        balance = select(Balance.lot_id, func.sum(Balance.quantity)).group_by(Balance.lot_id)
        kinds = ("sale", "refund", "write_off")
        moved = select(Movement.lot_id, func.sum(Movement.quantity)).where(Movement.kind.in_(kinds))
        sums = {lot: int(total) for lot, total in reading().execute(moved.group_by(Movement.lot_id))}
        for lot, total in reading().execute(balance):
            assert int(total) == brought.get(lot, 0) + sums.get(lot, 0)
        refunds = select(Sale.id).where(Sale.kind == "refund", Sale.reason == "Hàng hỏng")
        back = select(func.sum(Movement.quantity)).where(Movement.kind == "refund", Movement.subject_id.in_(refunds))
        lies = reading().scalar(select(func.sum(Balance.quantity)).where(Balance.place_kind == "damaged")) or 0
        cleared = reading().scalar(select(func.sum(Movement.quantity)).where(Movement.kind == "write_off")) or 0
        assert lies - cleared == reading().scalar(back)
        assert lies - cleared > 0
        least = reading().scalar(select(func.min(Balance.quantity)).where(Balance.place_kind == "damaged"))
        assert (least or 0) >= 0


def damaged_fair(app: Flask) -> None:
    """Two of five pieces of a lot come back damaged."""
    fair = make_fair(app)
    tablet, honey = pair_tablet(app, fair), fair.goods[0]
    expires = fair_day(now(), BOUNDARY) + timedelta(days=9)
    bring_lot(app, tablet.booth_id, honey.product_id, fair.producer_ids[1], 5, expires=expires, at=now())
    sale = tablet.sale([(honey, 3)])
    tablet.send(sale, damaged_back(tablet, honey, 2, sale["id"]))


APART = (Movement.kind == "set_aside", Movement.place_kind == "damaged")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        # Somebody sells what is broken: the books say that it was never set aside.
        ([delete(Movement).where(Movement.kind == "set_aside"), delete(Balance).where(Balance.place_kind == "damaged"),
          delete(ShelfRow).where(ShelfRow.moves == 1), update(ShelfRow).values(moves=3), update(Balance).values(quantity=4)],
         "movement: what was set aside"),
        ([update(Movement).where(*APART).values(quantity=1), update(Balance).where(Balance.place_kind == "damaged").values(quantity=1)],
         "movement: what was set aside"),
        ([update(Movement).where(*APART).values(owner_id="somebody"),
          update(Balance).where(Balance.place_kind == "damaged").values(owner_id="somebody")], "movement: what was set aside"),
        ([update(Movement).where(*APART).values(at=EARLIER)], "movement: when it was set aside"),
        ([update(DamagedPlace).values(id="elsewhere")], "movement: what was set aside"),
        ([delete(DamagedPlace)], "damaged place: row"),
        ([insert(LedgerRule).values(name="set_aside", received_until=LATER)], "movement: what was set aside"),
        ([update(Movement).where(*APART).values(place_kind="store"),
          update(Balance).where(Balance.place_kind == "damaged").values(place_kind="store")], "movement: what was set aside"),
    ],
)  # fmt: skip
def test_what_was_changed_of_goods_set_aside_is_named(app: Flask, changes: list[object], named: str) -> None:
    damaged_fair(app)
    with app.app_context(), transaction() as session:
        assert said(session) == ""
        for change in changes:
            session.execute(change)  # type: ignore[call-overload]  # one of the statements above
        assert said(session) == named
        session.rollback()


@pytest.mark.parametrize("what", ["never", "later", "more", "another"])
def test_what_was_not_put_right_when_the_sale_came_is_named(app: Flask, what: str) -> None:
    """Otherwise the house would pay the maker for another's goods."""
    fair = make_fair(app)
    tablet, honey, maker, owner = pair_tablet(app, fair), fair.goods[0], fair.producer_ids[0], fair.producer_ids[1]
    expires = fair_day(now(), BOUNDARY) + timedelta(days=9)
    lot = bring_lot(app, tablet.booth_id, honey.product_id, owner, 5, expires=expires, at=now())
    sale = tablet.sale([(honey, 2)])
    tablet.send(damaged_back(tablet, honey, 2, sale["id"]))
    tablet.send(sale)
    with app.app_context(), transaction() as session:
        assert said(session) == ""
        of_lot, sums = (Movement.kind == "set_aside", Movement.lot_id == lot), dict[tuple[str, str], int]()
        moves = session.execute(
            select(Movement.place_kind, Movement.id).where(Movement.kind == "set_aside").order_by(Movement.id)
        ).all()
        assert [kind for kind, _ in moves] == ["booth", "damaged", "booth", "booth", "damaged", "damaged"]
        if what == "never":
            session.execute(delete(Movement).where(Movement.id.in_([number for _, number in moves[2:]])))
            session.execute(update(ShelfRow).values(moves=ShelfRow.moves - 2))
            sums = {("booth", lot): 5, ("booth", ""): -2, ("damaged", lot): 0, ("damaged", ""): 2}
        elif what == "later":
            session.execute(update(Movement).where(*of_lot).values(recorded_at=LATER))
        elif what == "more":
            for _, number in moves[2:]:
                session.execute(update(Movement).where(Movement.id == number).values(quantity=Movement.quantity * 2))
            sums = {("booth", lot): 1, ("booth", ""): 2, ("damaged", lot): 4, ("damaged", ""): -2}
        else:
            session.execute(update(Movement).where(*of_lot).values(owner_id=maker))
            session.execute(
                update(Balance).where(Balance.lot_id == lot, Balance.place_kind == "damaged").values(owner_id=maker)
            )
        for (kind, bucket), quantity in sums.items():
            place = (Balance.place_kind == kind, Balance.lot_id == bucket)
            changed = session.execute(
                update(Balance).where(*place).values(quantity=quantity).returning(Balance.quantity)
            ).all()
            assert len(changed) == 1
        session.execute(delete(Balance).where(Balance.quantity == 0, Balance.place_kind == "damaged"))
        assert said(session) == "movement: what was set aside"
        session.rollback()


def test_a_refund_that_says_nothing_of_damage_cannot_have_been_set_aside(app: Flask) -> None:
    fair = make_fair(app)
    tablet, honey = pair_tablet(app, fair), fair.goods[0]
    sale = tablet.sale([(honey, 3)])
    back = tablet.sale([(honey, 2)], refund_of=sale["id"])
    tablet.send(sale, back)
    with app.app_context(), transaction() as session:
        apart = damaged_place(session, tablet.booth_id, now())
        gone = Moved(
            tablet.booth_id, "booth", honey.product_id, honey.producer_id, "set_aside", -2, back["id"], 1, now(), ""
        )
        record_movements(session, [gone, replace(gone, place_id=apart, place_kind="damaged", quantity=2)], now())
        assert said(session).startswith("movement: ")
        session.rollback()


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
