"""Counting while selling goes on: the same variance whatever arrives when; booking once; what comes late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.sales.tables import Oddity
from fair_pos.stock.actions import create_lot, record_movements
from fair_pos.stock.facts import Moved
from fair_pos.stock.queries import balances_at
from fair_pos.stocktaking import refusals
from fair_pos.stocktaking.actions import Entered, enter_count
from fair_pos.stocktaking.queries import missing_of
from tests.builders import Fair, Goods, make_fair, pair_tablet
from tests.stocktaking.counting import book, bring, count_of, counted, states, variances


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def oddities(app: Flask, count_id: str) -> set[str]:
    with app.app_context():
        return set(reading().scalars(select(Oddity.code).where(Oddity.sale_id == count_id)))


def lying(app: Flask, fair: Fair, goods: Goods, booth: int = 0) -> int:
    with app.app_context():
        held = balances_at(reading(), [fair.booth_ids[booth]])
        return sum(one.quantity for one in held if one.product_id == goods.product_id)


# --- whatever the order -----------------------------------------------------------------------------------------------


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_the_variance_is_the_same_whatever_the_order_of_arrival(app: Flask, fair: Fair, data: st.DataObject) -> None:
    """Two tablets sell while a third person counts; sales and count are sent in any order and any batches."""
    goods = replace(fair.goods[0], product_id=new_id())  # examples share one database: each has goods of its own
    start = now() - timedelta(hours=2)
    tablets = [pair_tablet(app, fair), pair_tablet(app, fair)]
    bring_id_at = start + timedelta(seconds=data.draw(st.integers(0, 59)))
    bring(app, fair, goods, 50, bring_id_at)
    sales = data.draw(st.lists(st.tuples(st.integers(0, 1), st.integers(61, 3600), st.integers(1, 4)), max_size=10))
    moment = data.draw(st.integers(61, 3600))
    queues: list[list[dict[str, object]]] = [[], []]
    for which, second, pieces in sorted(sales, key=lambda sale: sale[1]):
        at = start + timedelta(seconds=second)
        queues[which].append(tablets[which].sale([(goods, pieces)], at=at))
    shown = data.draw(st.integers(0, 60))
    counter = data.draw(st.integers(0, 1))
    line = counted(goods, shown, start + timedelta(seconds=moment))
    parcel = count_of(tablets[counter], line, at=start + timedelta(seconds=3601))
    queues[counter].append(parcel)
    # The outboxes are emptied in any order: each tablet in its own, the two in any interleaving, parcels late or doubled.
    order = data.draw(st.permutations([0] * len(queues[0]) + [1] * len(queues[1])))
    jumbled = data.draw(st.booleans())
    heads = [data.draw(st.permutations(queue)) if jumbled else list(queue) for queue in queues]
    for which in order:
        tablets[which].send(heads[which].pop(0))
    for which, queue in enumerate(queues):
        tablets[which].send(*queue)
    sold = sum(pieces for _which, second, pieces in sales if second <= moment)
    assert variances(app, fair, str(parcel["id"])) == [shown - (50 - sold)]


def test_sales_before_and_after_the_moment_of_counting(app: Flask, fair: Fair) -> None:
    goods, start = fair.goods[0], now() - timedelta(hours=1)
    bring(app, fair, goods, 20, start)
    tablet, other = pair_tablet(app, fair), pair_tablet(app, fair)
    late = other.sale([(goods, 2)], at=start + timedelta(minutes=5))
    tablet.send(tablet.sale([(goods, 3)], at=start + timedelta(minutes=10)))
    count = count_of(tablet, counted(goods, 15, start + timedelta(minutes=20)), at=start + timedelta(minutes=30))
    tablet.send(count, tablet.sale([(goods, 4)], at=start + timedelta(minutes=25)))
    assert variances(app, fair, count["id"]) == [-2]  # 20 − 3, and the other tablet has not spoken yet
    other.send(late)
    assert variances(app, fair, count["id"]) == [0]


# --- booking ----------------------------------------------------------------------------------------------------------


def test_a_late_sale_after_the_approval_leaves_a_difference_that_can_be_booked(app: Flask, fair: Fair) -> None:
    goods, start = fair.goods[0], now() - timedelta(hours=1)
    bring(app, fair, goods, 20, start)
    tablet, other = pair_tablet(app, fair), pair_tablet(app, fair)
    late = other.sale([(goods, 2)], at=start + timedelta(minutes=5))
    count = count_of(tablet, counted(goods, 15, start + timedelta(minutes=20)))
    tablet.send(count)
    assert len(book(app, fair, count["id"])) == 1
    assert lying(app, fair, goods) == 15
    with app.app_context():
        (missing,) = missing_of(reading(), fair.edition_id)
    assert (missing.quantity, missing.owner_id, missing.borne_by) == (5, goods.producer_id, "house")
    assert (missing.price_dong, missing.grams) == (goods.price_dong, False)
    other.send(late)
    (state,) = states(app, fair, count["id"])
    assert (state.variance, state.booked, state.left) == (-3, -5, 2)
    book(app, fair, count["id"], borne_by="owner")  # the line keeps the bearer it had
    assert lying(app, fair, goods) == 15
    with app.app_context():
        assert [(one.quantity, one.borne_by) for one in missing_of(reading(), fair.edition_id)] == [
            (5, "house"), (-2, "house"),
        ]  # fmt: skip
    assert states(app, fair, count["id"])[0].left == 0
    with pytest.raises(refusals.CountBooked):
        book(app, fair, count["id"])


def test_what_is_found_beyond_the_books_owes_nobody_anything(app: Flask, fair: Fair) -> None:
    goods, tablet = fair.goods[0], pair_tablet(app, fair)
    bring(app, fair, goods, 5, now() - timedelta(hours=1))
    count = count_of(tablet, counted(goods, 8))
    tablet.send(count)
    book(app, fair, count["id"])
    assert lying(app, fair, goods) == 8
    with app.app_context():
        assert missing_of(reading(), fair.edition_id) == []


def test_booking_is_refused_without_a_reason_a_bearer_or_when_something_came_in_between(app: Flask, fair: Fair) -> None:
    goods, tablet = fair.goods[0], pair_tablet(app, fair)
    bring(app, fair, goods, 5, now() - timedelta(hours=1))
    count = count_of(tablet, counted(goods, 4))
    tablet.send(count)
    with pytest.raises(refusals.CountReasonMissing):
        book(app, fair, count["id"], reason=" ")
    with pytest.raises(refusals.CountBearerMissing):
        book(app, fair, count["id"], borne_by="nobody")
    with pytest.raises(refusals.CountChanged):
        book(app, fair, count["id"], seen={1: -2})
    assert lying(app, fair, goods) == 5


def test_a_count_without_a_difference_is_approved_and_moves_nothing(app: Flask, fair: Fair) -> None:
    goods, tablet = fair.goods[0], pair_tablet(app, fair)
    bring(app, fair, goods, 5, now() - timedelta(hours=1))
    count = count_of(tablet, counted(goods, 5))
    tablet.send(count)
    assert book(app, fair, count["id"]) == []
    with pytest.raises(refusals.CountBooked):
        book(app, fair, count["id"])


def test_an_older_count_is_not_booked_after_a_newer_one(app: Flask, fair: Fair) -> None:
    goods, tablet, start = fair.goods[0], pair_tablet(app, fair), now() - timedelta(hours=2)
    bring(app, fair, goods, 10, start)
    older = count_of(tablet, counted(goods, 7, start + timedelta(minutes=10)))
    newer = count_of(tablet, counted(goods, 7, start + timedelta(minutes=20)))
    tablet.send(older, newer)
    book(app, fair, newer["id"])
    assert states(app, fair, older["id"])[0].superseded
    with pytest.raises(refusals.CountSuperseded):
        book(app, fair, older["id"], seen={1: -3})
    assert lying(app, fair, goods) == 7


def test_what_comes_late_is_booked_with_the_oldest_count_first(app: Flask, fair: Fair) -> None:
    goods, start = fair.goods[0], now() - timedelta(hours=2)
    tablet, other = pair_tablet(app, fair), pair_tablet(app, fair)
    bring(app, fair, goods, 10, start)
    late = other.sale([(goods, 3)], at=start + timedelta(minutes=5))
    older = count_of(tablet, counted(goods, 7, start + timedelta(minutes=10)))
    newer = count_of(tablet, counted(goods, 7, start + timedelta(minutes=20)))
    tablet.send(older, newer)
    book(app, fair, older["id"])
    book(app, fair, newer["id"])
    other.send(late)
    with pytest.raises(refusals.CountOlderFirst):
        book(app, fair, newer["id"], seen={1: 3})
    book(app, fair, older["id"])
    assert states(app, fair, newer["id"])[0].left == 0
    assert lying(app, fair, goods) == 7
    with app.app_context():
        assert sum(one.quantity for one in missing_of(reading(), fair.edition_id)) == 0


# --- goods that nobody expects ----------------------------------------------------------------------------------------


def test_goods_never_stocked(app: Flask, fair: Fair) -> None:
    """A count of goods that were never here is kept, listed, and may be booked as found."""
    goods, tablet = fair.goods[0], pair_tablet(app, fair)
    bring(app, fair, goods, 9, now() - timedelta(hours=1), booth=1)
    count = count_of(tablet, counted(goods, 4))
    tablet.send(count)
    assert oddities(app, count["id"]) == {"count_never_stocked"}
    assert variances(app, fair, count["id"]) == [4]
    book(app, fair, count["id"])
    assert (lying(app, fair, goods), lying(app, fair, goods, booth=1)) == (4, 9)


def test_none_of_goods_never_stocked_is_nothing_odd(app: Flask, fair: Fair) -> None:
    tablet = pair_tablet(app, fair)
    count = count_of(tablet, counted(fair.goods[0], 0))
    tablet.send(count)
    assert oddities(app, count["id"]) == set()
    assert variances(app, fair, count["id"]) == [0]


def test_an_unknown_product_is_kept_and_cannot_be_booked(app: Flask, fair: Fair) -> None:
    tablet = pair_tablet(app, fair)
    count = count_of(tablet, counted(fair.goods[0], 4, product_id=new_id()))
    tablet.send(count)
    assert oddities(app, count["id"]) == {"product_unknown", "count_never_stocked"}
    with pytest.raises(refusals.CountOwnerUnknown):
        book(app, fair, count["id"])


def lot_at(app: Flask, fair: Fair, goods: Goods, pieces: int, booth: int, owner_id: str, code: str) -> str:
    at = now() - timedelta(hours=1)
    with app.app_context(), transaction() as session:
        lot_id = create_lot(
            session, product_id=goods.product_id, owner_id=owner_id, code=code, expires_day=None,
            received_day=at.date(), note_id=new_id(), at=at,
        )  # fmt: skip
        moved = Moved(
            fair.booth_ids[booth], "booth", goods.product_id, owner_id, "intake", pieces, new_id(), 1, at, lot_id
        )
        record_movements(session, [moved], at)
    return lot_id


def test_another_booth_s_lot_and_an_unknown_lot(app: Flask, fair: Fair) -> None:
    goods, tablet = fair.goods[0], pair_tablet(app, fair)
    there = lot_at(app, fair, goods, 6, 1, fair.producer_ids[1], "L1")
    count = count_of(tablet, counted(goods, 2, lot_id=there))
    nowhere = count_of(tablet, counted(goods, 2, lot_id=new_id()))
    tablet.send(count, nowhere)
    assert oddities(app, count["id"]) == {"count_never_stocked"}
    assert oddities(app, nowhere["id"]) == {"count_lot_unknown"}
    with pytest.raises(refusals.CountLotUnknown):
        book(app, fair, nowhere["id"])
    book(app, fair, count["id"])
    with app.app_context():
        (held,) = balances_at(reading(), [fair.booth_ids[0]])
    assert (held.lot_id, held.owner_id, held.quantity) == (there, fair.producer_ids[1], 2)


def test_lots_are_counted_apart_and_the_line_without_one_is_about_the_rest(app: Flask, fair: Fair) -> None:
    goods, tablet = fair.goods[0], pair_tablet(app, fair)
    first = lot_at(app, fair, goods, 6, 0, fair.producer_ids[1], "L1")
    lot_at(app, fair, goods, 5, 0, fair.producer_ids[2], "L2")
    bring(app, fair, goods, 4, now() - timedelta(hours=1))
    count = count_of(tablet, counted(goods, 5, lot_id=first), counted(goods, 3))
    tablet.send(count)
    assert variances(app, fair, count["id"]) == [-1, -6]
    book(app, fair, count["id"])
    with app.app_context():
        missing = {(one.owner_id, one.quantity) for one in missing_of(reading(), fair.edition_id)}
    assert missing == {(fair.producer_ids[1], 1), (fair.producer_ids[2], 5), (goods.producer_id, 1)}


# --- counts entered at a page -----------------------------------------------------------------------------------------


def test_a_count_can_be_entered_without_a_tablet(app: Flask, fair: Fair) -> None:
    goods, at = fair.goods[0], now()
    bring(app, fair, goods, 5, at - timedelta(hours=1))
    with app.app_context(), transaction() as session:
        count_id = enter_count(
            session, fair.edition_id, fair.booth_ids[0], [Entered(goods.product_id, 3)],
            counted_at=at - timedelta(minutes=1), note="", at=at, by=fair.people["bantochuc"],
        )  # fmt: skip
    assert variances(app, fair, count_id) == [-2]


def test_an_entered_count_is_refused_when_empty_or_from_tomorrow(app: Flask, fair: Fair) -> None:
    at, by = now(), fair.people["bantochuc"]
    line = Entered(fair.goods[0].product_id, 3)
    with app.app_context(), transaction() as session:
        for lines, when, refusal in (
            ([], at, refusals.CountEmpty),
            ([line] * 501, at, refusals.CountTooLong),
            ([line], at + timedelta(days=1), refusals.CountedTimeWrong),
        ):
            with pytest.raises(refusal):
                enter_count(session, fair.edition_id, fair.booth_ids[0], lines, counted_at=when, note="", at=at, by=by)
