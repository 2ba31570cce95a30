"""Stock at any moment before is the same figure whichever way it is reckoned."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta, timezone
from random import Random

import pytest
from flask import Flask
from sqlalchemy import Select, literal, select, union_all

from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import Instant, reading, transaction
from fair_pos.stock.actions import close_store, create_store, damaged_place, record_intake, record_movements
from fair_pos.stock.facts import Held, Lot, Moved, PlaceFact, Recorded
from fair_pos.stock.queries import (
    DAMAGED_NAME,
    balances_at,
    damaged_places_in,
    damaged_places_of,
    find_store_place,
    get_store,
    is_damaged_place,
    lots_by_id,
    lots_lying,
    lying_then,
    moves_of_kinds,
    moves_of_shelf,
    moves_of_subjects,
    places_of,
    places_of_ids,
    sets_aside,
    stores_of,
)
from fair_pos.stock.refusals import StoreCodeTaken, StoreFieldMissing, StoreFieldTooLong, StoreNotEmpty
from fair_pos.stock.rules import Shelf
from fair_pos.stock.tables import LedgerRule
from tests.builders import Fair, make_fair
from tests.stock.brought import bring_lot

START = datetime(2026, 11, 1, 2, tzinfo=timezone.utc)


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def a_month(app: Flask, fair: Fair, seed: int) -> list[str]:
    """Goods of two owners come in lots and in none, are sold late and early, given back, carried on; → the lots."""
    chance, booth = Random(seed), fair.booth_ids[0]
    days = (10, 40, None)
    lots = [
        bring_lot(app, booth, product, owner, 9, expires=START.date() + timedelta(days) if days else None, at=START)
        for product, owner, days in zip(("honey", "tea", "honey"), ("anna", "binh", "binh"), days, strict=True)
    ]
    sold: list[tuple[str, str]] = []
    for number in range(40):
        at = START + timedelta(minutes=chance.randint(0, 30 * 24 * 60))  # in no order: tablets were offline
        product, subject, quantity = chance.choice(["honey", "tea"]), f"s{number}", chance.randint(1, 4)
        kind = chance.choice(["sale", "sale", "sale", "refund", "giveaway", "transfer_out", "intake", "count"])
        returns = ""
        if kind == "refund":
            earlier = [one for one, of in sold if of == product]
            returns = chance.choice(earlier) if earlier else "nobody's"
        elif kind == "sale":
            sold.append((subject, product))
        way = 1 if kind in {"refund", "intake"} else -1
        moved = Moved(booth, "booth", product, "maker", kind, way * quantity, subject, 1, at, None, returns)
        with app.app_context(), transaction() as session:
            record_movements(session, [moved], START + timedelta(days=40))
    return lots


def added_up(moves: list[Recorded], until: datetime) -> list[Held]:
    """Forwards: every movement from the first on."""
    sums: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
    for one in moves:
        if one.at <= until:
            sums[one.place_id, one.place_kind, one.product_id, one.owner_id, one.lot_id] += one.quantity
    return [Held(*key, quantity) for key, quantity in sorted(sums.items()) if quantity]


@pytest.mark.parametrize("seed", range(6))
def test_stock_of_any_past_moment_is_the_same_forwards_backwards_and_replayed(
    app: Flask, fair: Fair, seed: int
) -> None:
    booth, lots = fair.booth_ids[0], a_month(app, fair, seed)
    with app.app_context():
        moves = [one for product in ("honey", "tea") for one in moves_of_shelf(reading(), booth, product)]
        for day in range(-1, 32):
            until = START + timedelta(days=day)
            assert balances_at(reading(), [booth], as_of=until) == added_up(moves, until)
        now_lying = balances_at(reading(), [booth])
        assert now_lying == balances_at(reading(), [booth], as_of=START + timedelta(days=99))
        # Replayed by the numbers of each shelf, the ledger's own choices come out again.
        known = lots_by_id(reading(), lots)
        for product in ("honey", "tea"):
            on_shelf = sorted((one for one in moves if one.product_id == product), key=lambda one: one.shelf_no)
            assert [one.shelf_no for one in on_shelf] == list(range(1, len(on_shelf) + 1))
            held = replayed(on_shelf, known)
            assert {key: n for key, n in held.items() if n} == {
                (one.owner_id, one.lot_id): one.quantity for one in now_lying if one.product_id == product
            }


def replayed(moves: list[Recorded], lots: dict[str, Lot]) -> dict[tuple[str, str], int]:
    shelf, written = Shelf(), dict[str, list[Recorded]]()
    for one in moves:
        written.setdefault(one.subject_id, []).append(one)
    for subject, rows in written.items():
        first, whole = rows[0], sum(row.quantity for row in rows)
        named = first.lot_id if first.kind == "intake" and first.lot_id else None
        told = Moved(
            first.place_id, first.place_kind, first.product_id, "maker", first.kind, whole, subject, 1, first.at,
            named, first.returns_id,
        )  # fmt: skip
        parts = shelf.move(told, lots)
        assert sorted(parts) == sorted(((row.owner_id, row.lot_id), row.quantity) for row in rows)
    return shelf.held


def test_what_should_have_lain_at_many_moments_follows_late_sales(app: Flask, fair: Fair) -> None:
    booth, other = fair.booth_ids
    lot = bring_lot(app, booth, "honey", "anna", 10, expires=None, at=START)
    bring_lot(app, other, "honey", "anna", 7, expires=None, at=START + timedelta(hours=3))

    def moment(subject: str, line: int, place: str, product: str, hours: int) -> Select[str, int, str, str, datetime]:
        at = literal(START + timedelta(hours=hours), Instant)
        return select(literal(subject), literal(line), literal(place), literal(product), at.label("at"))

    moments = union_all(
        moment("first", 1, booth, "honey", 2), moment("first", 2, booth, "honey", 4), moment("first", 3, booth, "tea", 4),
        moment("second", 1, other, "honey", 2), moment("second", 2, other, "honey", 3),
    ).subquery()  # fmt: skip

    def sell(subject: str, hours: int) -> None:
        with app.app_context(), transaction() as session:
            when = START + timedelta(hours=hours)
            record_movements(session, [Moved(booth, "booth", "honey", "maker", "sale", -1, subject, 1, when)], when)

    def lay() -> dict[tuple[str, int], int]:
        with app.app_context():
            return {key: sum(lots.values()) for key, lots in lying_then(reading(), select(moments)).items()}

    for subject, hours in (("a", 1), ("b", 3), ("c", 5)):
        sell(subject, hours)
    assert lay() == {("first", 1): 9, ("first", 2): 8, ("second", 1): 0, ("second", 2): 7}
    sell("late", 1)
    assert lay() == {("first", 1): 8, ("first", 2): 7, ("second", 1): 0, ("second", 2): 7}
    with app.app_context():
        assert lying_then(reading(), select(moments))["first", 2] == {lot: 7}


def test_lots_that_lie_are_told_first_to_expire_first_and_used_up_ones_not(app: Flask, fair: Fair) -> None:
    booth, day = fair.booth_ids[0], START.date()
    late = bring_lot(app, booth, "honey", "anna", 2, expires=day + timedelta(9), at=START)
    undated = bring_lot(app, booth, "honey", "anna", 2, expires=None, at=START)
    early = bring_lot(app, booth, "tea", "binh", 2, expires=day, at=START)
    used_up = bring_lot(app, booth, "tea", "binh", 1, expires=day - timedelta(9), at=START)
    with app.app_context(), transaction() as session:
        record_movements(session, [Moved(booth, "booth", "tea", "x", "sale", -1, "s", 1, START)], START)
        assert [lot.id for _, lot in lots_lying(session, [booth])] == [early, late, undated]
        assert used_up in lots_by_id(session, [used_up])
        assert [one.kind for one in moves_of_kinds(session, [booth], ["sale"])] == ["sale"]
        assert moves_of_kinds(session, [booth], ["sale"], owner_ids=["anna"]) == []


def test_places_are_booths_and_stores_and_an_empty_store_can_be_closed(app: Flask, fair: Fair) -> None:
    by = fair.people["bantochuc"]
    with app.app_context(), transaction() as session:
        store = create_store(session, fair.edition_id, code="k1", name="Kho chính", at=START, by=by)
        assert [one.kind for one in places_of(session, fair.edition_id)] == ["booth", "booth", "store"]
        assert find_store_place(session, store) == fair.edition_id
        for code, name, refusal in (
            ("K1", "Kho khác", StoreCodeTaken), ("", "x", StoreFieldMissing), ("K2", " ", StoreFieldMissing),
            ("K" * 21, "x", StoreFieldTooLong),
        ):  # fmt: skip
            with pytest.raises(refusal):
                create_store(session, fair.edition_id, code=code, name=name, at=START, by=by)
        record_intake(session, store, [("honey", "anna", 1)], "note", START)
        with pytest.raises(StoreNotEmpty):
            close_store(session, store, at=START, by=by)
        record_movements(session, [Moved(store, "store", "honey", "anna", "transfer_out", -1, "n", 1, START)], START)
        assert close_store(session, store, at=START, by=by)
        assert not close_store(session, store, at=START, by=by)
        assert [one.closed_at for one in stores_of(session, fair.edition_id)] == [START]
        with pytest.raises(NotFound):
            get_store(session, "nowhere")


def test_places_of_damaged_goods_are_called_by_their_booth_and_are_no_place_to_sell_from(
    app: Flask, fair: Fair
) -> None:
    booth = fair.booth_ids[1]
    with app.app_context(), transaction() as session:
        assert damaged_places_of(session, fair.edition_id) == []
        apart = damaged_place(session, booth, START)
        code = next(one.code for one in places_of(session, fair.edition_id) if one.id == booth)
        assert damaged_places_in(session, fair.edition_id) == {booth: apart}
        assert damaged_places_of(session, fair.edition_id) == [PlaceFact(apart, "damaged", code, DAMAGED_NAME)]
        assert [is_damaged_place(session, one) for one in (apart, booth)] == [True, False]
        assert apart not in {one.id for one in places_of(session, fair.edition_id)}
        assert places_of_ids(session, [apart]) == []


def test_what_a_refund_moved_is_told_without_its_being_set_aside(app: Flask, fair: Fair) -> None:
    booth = fair.booth_ids[0]
    with app.app_context(), transaction() as session:
        apart = damaged_place(session, booth, START)
        back = Moved(booth, "booth", "honey", "maker", "refund", 2, "back", 1, START, returns="sale", aside=apart)
        record_movements(session, [back], START)
        assert [one.kind for one in moves_of_subjects(session, ["back"])["back", 1]] == ["refund"]


def test_goods_are_set_aside_from_the_moment_that_the_rule_began(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        assert sets_aside(session, START)
        session.add(LedgerRule(name="set_aside", received_until=START))
        session.flush()
        assert [sets_aside(session, START + timedelta(seconds=step)) for step in (-1, 0, 1)] == [False, False, True]
