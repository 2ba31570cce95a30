"""What lies where, in words: lots and owners of a place, paces, lots near their end, goods below zero, an owner's goods."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from fair_pos.inventory import queries
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import day_starts_at, fair_day
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from fair_pos.stock.actions import create_lot, create_store, record_movements
from fair_pos.stock.facts import Moved
from fair_pos.stock.queries import places_of
from tests.builders import BOUNDARY, Fair, Tablet, make_fair, pair_tablet, sold


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def bring(
    app: Flask, fair: Fair, quantity: int, *, owner: str | None = None, code: str = "", ends: date | None = None,
    place: str | None = None, kind: str = "booth", at: datetime | None = None,
) -> str:  # fmt: skip
    """Goods that came in a lot of their own."""
    goods, at = fair.goods[0], at or now() - timedelta(days=1)
    with app.app_context(), transaction() as session:
        lot = create_lot(
            session, product_id=goods.product_id, owner_id=owner or goods.producer_id, code=code, expires_day=ends,
            received_day=at.date(), note_id="", at=at,
        )  # fmt: skip
        where = place or fair.booth_ids[0]
        owner_id = owner or goods.producer_id
        came = Moved(where, kind, goods.product_id, owner_id, "intake", quantity, f"note {code}", 1, at, lot_id=lot)
        record_movements(session, [came], at)
    return lot


def sell(app: Flask, tablet: Tablet, fair: Fair, pieces: int) -> None:
    (answer,) = tablet.send(tablet.sale([sold(fair.goods[0], pieces)]))
    assert answer.answer == "stored"


def test_a_place_shows_owners_and_lots_first_to_end_first(app: Flask, fair: Fair) -> None:
    today = fair_day(now(), BOUNDARY)
    other = fair.producer_ids[1]
    bring(app, fair, 5, code="B", ends=today + timedelta(days=3))
    bring(app, fair, 2, code="A", ends=today - timedelta(days=1), owner=other)
    bring(app, fair, 4, code="C")
    with app.app_context():
        rows = queries.lying_at(reading(), fair.edition_id, places_of(reading(), fair.edition_id), now())
    by_owner = {row.owner_id: row for row in rows}
    own = by_owner[fair.goods[0].producer_id]
    assert own.quantity == 9
    assert [(part.lot and part.lot.code, part.quantity, part.freshness) for part in own.lots] == [
        ("B", 5, "near"),
        ("C", 4, "good"),
    ]
    assert own.next_end == today + timedelta(days=3)
    assert [(part.quantity, part.freshness) for part in by_owner[other].lots] == [(2, "expired")]


def test_on_the_first_day_goods_last_as_they_have_gone_so_far(app: Flask, fair: Fair) -> None:
    bring(app, fair, 10)
    sell(app, pair_tablet(app, fair), fair, 2)
    with app.app_context():
        (row,) = queries.lying_at(reading(), fair.edition_id, places_of(reading(), fair.edition_id), now())
    assert (row.quantity, row.pace.sold, row.pace.days, row.days_left) == (8, 2, 1, 4)


def test_the_evening_of_a_past_day_shows_what_lay_there_then(app: Flask, fair: Fair) -> None:
    today = fair_day(now(), BOUNDARY)
    then = day_starts_at(today - timedelta(days=1), BOUNDARY) + timedelta(hours=5)
    bring(app, fair, 10, at=then)
    sell(app, pair_tablet(app, fair), fair, 3)
    places = fair.booth_ids[:1]
    with app.app_context():
        session = reading()
        where = [queries.place_in(session, fair.edition_id, places[0])]
        evening = queries.evening_of(session, fair.edition_id, today - timedelta(days=1))
        before = queries.evening_of(session, fair.edition_id, today - timedelta(days=2))
        assert [row.quantity for row in queries.lying_at(session, fair.edition_id, where, now(), as_of=evening)] == [10]
        assert queries.lying_at(session, fair.edition_id, where, now(), as_of=before) == []
        assert [row.quantity for row in queries.lying_at(session, fair.edition_id, where, now())] == [7]


def test_two_tills_that_sell_the_last_piece_make_one_entry(app: Flask, fair: Fair) -> None:
    bring(app, fair, 1)
    for _ in range(2):
        sell(app, pair_tablet(app, fair), fair, 1)
    with app.app_context():
        (below,) = queries.below_zero_at(reading(), fair.edition_id, now())
        (sums, *_others) = queries.sums_of_places(reading(), fair.edition_id, now())
        tomorrow = now() + timedelta(days=1)
        (again,) = queries.below_zero_at(reading(), fair.edition_id, tomorrow)
    assert (below.shortage.missing, len(below.shortage.moves), below.overnight) == (1, 1, False)
    assert again.overnight
    assert sums.below == 1
    with app.app_context(), transaction() as session:
        goods = fair.goods[0]
        late = Moved(fair.booth_ids[0], "booth", goods.product_id, goods.producer_id, "intake", 1, "late", 1, now())
        record_movements(session, [late], now())
    with app.app_context():
        assert queries.below_zero_at(reading(), fair.edition_id, now()) == []


def test_lots_near_their_end_are_listed_from_a_week_before(app: Flask, fair: Fair) -> None:
    today = fair_day(now(), BOUNDARY)
    for code, days in (("far", 8), ("week", 7), ("last", 0), ("past", -2)):
        bring(app, fair, 3, code=code, ends=today + timedelta(days=days))
    with app.app_context():
        rows = queries.ending_at(reading(), fair.edition_id, now())
    assert [(row.lot.code, row.days, row.quantity) for row in rows] == [("past", -2, 3), ("last", 0, 3), ("week", 7, 3)]


def test_a_ledger_adds_up_to_what_lies_there(app: Flask, fair: Fair) -> None:
    bring(app, fair, 6)
    sell(app, pair_tablet(app, fair), fair, 4)
    with app.app_context():
        ledger = queries.ledger_of(reading(), fair.edition_id, fair.booth_ids[0], fair.goods[0].product_id)
        assert [(step.moved.kind, step.moved.quantity, step.left) for step in ledger.steps] == [
            ("intake", 6, 6),
            ("sale", -4, 2),
        ]
        assert ledger.left == 2
        with pytest.raises(NotFound):
            queries.ledger_of(reading(), fair.edition_id, fair.booth_ids[0], "no such product")
        with pytest.raises(NotFound):
            queries.ledger_of(reading(), fair.edition_id, "no such place", fair.goods[0].product_id)


def test_a_place_of_another_fair_is_not_found(app: Flask, fair: Fair) -> None:
    other = make_fair(app, name="Hội chợ khác")
    with app.app_context(), pytest.raises(NotFound):
        queries.place_in(reading(), fair.edition_id, other.booth_ids[0])


def test_an_owner_sees_own_goods_at_every_place_and_nobody_elses(app: Flask, fair: Fair) -> None:
    other = fair.producer_ids[1]
    with app.app_context(), transaction() as session:
        store = create_store(session, fair.edition_id, code="K1", name="Kho sau", at=now(), by=None)
    bring(app, fair, 6, code="own")
    bring(app, fair, 100, code="other", owner=other)
    bring(app, fair, 9, code="stored", place=store, kind="store")
    sell(app, pair_tablet(app, fair), fair, 2)
    with app.app_context():
        own = queries.left_of_owner(reading(), fair.goods[0].producer_id, now())
        others = queries.left_of_owner(reading(), other, now())
    assert sorted((one.place, one.quantity) for one in own + others if one.place == "K1") == [("K1", 9)]
    booth = next(one for one in own if one.place != "K1")
    (theirs,) = others
    assert booth.quantity + theirs.quantity == 104
    # The shelf of both owners lasts as long as everything on it: 104 pieces at 2 a day.
    assert booth.days_left == theirs.days_left == 52
    with app.app_context():
        where = [queries.place_in(reading(), fair.edition_id, fair.booth_ids[0])]
        (narrowed,) = queries.lying_at(reading(), fair.edition_id, where, now(), owner_id=other)
    assert (narrowed.quantity, narrowed.days_left) == (theirs.quantity, 52)
