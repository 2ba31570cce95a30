"""Two tills of one booth sell the last piece at once: both sales stand, and the ledger says so once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fair_pos.consignment.refusals import MoreThanSetAside
from fair_pos.inventory.queries import below_zero_at
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import db, reading
from fair_pos.stock import actions
from fair_pos.stock.facts import LOTLESS
from fair_pos.stock.tables import Movement
from fair_pos.stocktaking import actions as counts
from tests.builders import BOUNDARY, Fair, Tablet, make_fair, pair_tablet
from tests.inventory.damage import clear, damaged_back, waiting
from tests.proof.saying import said_now
from tests.stock.brought import bring_lot, lying
from tests.stocktaking.counting import book, count_of, counted


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablets(app: Flask, fair: Fair) -> list[Tablet]:
    return [pair_tablet(app, fair), pair_tablet(app, fair)]


@pytest.fixture
def lot(app: Flask, fair: Fair) -> str:
    """One piece, of somebody who did not make it."""
    at = now() - timedelta(hours=1)
    expires = fair_day(at, BOUNDARY) + timedelta(days=30)
    return bring_lot(app, fair.booth_ids[0], fair.goods[0].product_id, fair.producer_ids[1], 1, expires=expires, at=at)


def sell_at_once(fair: Fair, tablets: list[Tablet], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Both tills sell one piece."""
    parcels = [tablet.sale([(fair.goods[0], 1)]) for tablet in tablets]
    return send_at_once(tablets, parcels, monkeypatch, "_look_at")


def send_at_once(tablets: list[Tablet], parcels: list[Any], monkeypatch: pytest.MonkeyPatch, looking: str) -> list[Any]:
    """Each, once it has looked (by this name in stock.actions), waits a moment for the other to have looked as well."""
    both, look, answers = threading.Barrier(2), getattr(actions, looking), list[Any]()

    def look_and_wait(*args: Any) -> Any:
        seen = look(*args)
        with suppress(threading.BrokenBarrierError):  # then the other stands in line behind us
            both.wait(timeout=0.5)
        return seen

    monkeypatch.setattr(actions, looking, look_and_wait)
    threads = [
        threading.Thread(target=lambda one=one, parcel=parcel: answers.extend(one.send(parcel)))
        for one, parcel in zip(tablets, parcels, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_tills_that_sell_the_last_piece_both_stand_and_make_one_entry(
    app: Flask, fair: Fair, tablets: list[Tablet], lot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = sell_at_once(fair, tablets, monkeypatch)
    assert [one.answer for one in answers] == ["stored", "stored"]
    honey, booth = fair.goods[0], fair.booth_ids[0]
    assert lying(app, booth, honey.product_id) == {
        (fair.producer_ids[1], lot): 0, (honey.producer_id, LOTLESS): -1,
    }  # fmt: skip
    with app.app_context():
        numbers = select(Movement.shelf_no).where(Movement.product_id == honey.product_id)
        assert list(reading().scalars(numbers.order_by(Movement.shelf_no))) == [1, 2, 3]
        (listed,) = below_zero_at(reading(), fair.edition_id, now())
        assert (listed.place.id, listed.owner_id) == (booth, honey.producer_id)


def test_without_the_lock_of_the_shelf_both_take_the_same_piece(
    app: Flask, fair: Fair, tablets: list[Tablet], lot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only on PostgreSQL: SQLite has one writer at a time. A lot of one piece is sold twice, and its owner owed for two."""
    given = iter((100, 200))

    def no_lock(session: Session, wanted: Mapping[actions.Key, int]) -> dict[actions.Key, int]:
        last = session.scalar(select(func.max(Movement.shelf_no))) or 0
        return dict.fromkeys(wanted, last + next(given))

    monkeypatch.setattr(actions, "_lock_shelves", no_lock)
    sell_at_once(fair, tablets, monkeypatch)
    honey, booth = fair.goods[0], fair.booth_ids[0]
    with app.app_context():
        one_writer = db.engine.dialect.name == "sqlite"
    held = lying(app, booth, honey.product_id)
    assert held[fair.producer_ids[1], lot] == (0 if one_writer else -1)


def given_back_at_once(app: Flask, fair: Fair, lot: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """One piece of a lot was sold, and two booths bring it back at once. → what is in that lot now, what lies in none."""
    here, there = pair_tablet(app, fair), pair_tablet(app, fair, booth=1)
    sale = here.sale([(fair.goods[0], 1)])
    here.send(sale)
    parcels = [one.sale([(fair.goods[0], 1)], refund_of=sale["id"]) for one in (here, there)]
    answers = send_at_once([here, there], parcels, monkeypatch, "_follow")
    assert [one.answer for one in answers] == ["stored", "stored"]
    held = [lying(app, booth, fair.goods[0].product_id) for booth in fair.booth_ids]
    own, maker = (fair.producer_ids[1], lot), (fair.goods[0].producer_id, LOTLESS)
    return sum(one.get(own, 0) for one in held), sum(one.get(maker, 0) for one in held)


def test_one_piece_brought_back_at_two_booths_at_once_is_in_its_lot_once(
    app: Flask, fair: Fair, lot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert given_back_at_once(app, fair, lot, monkeypatch) == (1, 1)
    assert said_now(app) == ""


def test_without_the_lock_of_the_sale_s_shelf_it_is_in_its_lot_twice(
    app: Flask, fair: Fair, lot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = actions._lock_shelves

    def only_own(session: Session, wanted: Mapping[actions.Key, int]) -> dict[actions.Key, int]:
        return lock(session, {key: moves for key, moves in wanted.items() if moves})

    monkeypatch.setattr(actions, "_lock_shelves", only_own)
    with app.app_context():
        one_writer = db.engine.dialect.name == "sqlite"
    assert given_back_at_once(app, fair, lot, monkeypatch) == ((1, 1) if one_writer else (2, 0))


def sold_while_a_count_is_booked(
    app: Flask, fair: Fair, tablet: Tablet, monkeypatch: pytest.MonkeyPatch, *, patience: float
) -> list[int]:
    """Two lots of one piece each, of which a count found one: it chooses a lot, and a buyer takes a piece. → what is in each lot now.

    Between the choice and its booking the sale gets `patience` seconds to be through.
    """
    honey, at = fair.goods[0], now() - timedelta(hours=1)
    booth, day = fair.booth_ids[0], fair_day(at, BOUNDARY)
    lots = [
        bring_lot(app, booth, honey.product_id, honey.producer_id, 1, expires=day + timedelta(days=ends), at=at)
        for ends in (20, 30)
    ]
    count = count_of(tablet, counted(honey, 1))
    tablet.send(count)
    sale, look, answers = tablet.sale([(honey, 1)]), counts.lying_at, list[Any]()
    buyer = threading.Thread(target=lambda: answers.extend(tablet.send(sale)))

    def look_and_sell(session: Session, place_id: str) -> Any:
        seen = look(session, place_id)
        buyer.start()
        buyer.join(timeout=patience)
        return seen

    monkeypatch.setattr(counts, "lying_at", look_and_sell)
    book(app, fair, count["id"], seen={1: -1})
    buyer.join()
    assert [one.answer for one in answers] == ["stored"]
    assert said_now(app) == ""
    held = lying(app, booth, honey.product_id)
    assert set(held) == {(honey.producer_id, lot) for lot in lots}
    return [held[honey.producer_id, lot] for lot in lots]


def test_a_sale_while_a_count_is_booked_takes_the_next_lot(
    app: Flask, fair: Fair, tablets: list[Tablet], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sold_while_a_count_is_booked(app, fair, tablets[0], monkeypatch, patience=0.5) == [0, 0]


def test_a_count_that_chooses_before_it_locks_the_shelf_takes_what_was_sold(
    app: Flask, fair: Fair, tablets: list[Tablet], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only on PostgreSQL: on SQLite the buyer waits whatever is locked."""
    with app.app_context():
        one_writer = db.engine.dialect.name == "sqlite"
    monkeypatch.setattr(counts, "hold_shelves", lambda _session, _keys: None)
    left = sold_while_a_count_is_booked(app, fair, tablets[0], monkeypatch, patience=0.5 if one_writer else 30)
    assert left == ([0, 0] if one_writer else [-1, 1])


def cleared_while_its_sale_arrives(
    app: Flask, fair: Fair, tablet: Tablet, monkeypatch: pytest.MonkeyPatch, *, looking: str, patience: float
) -> tuple[list[str], dict[str, int]]:
    """A piece came back damaged before its sale. The sale looks at it (by this name in stock.actions), and before it goes on a
    note writes the piece off. → whether the note was refused, and what lies apart now by lot.
    """
    sale = tablet.sale([(fair.goods[0], 1)])
    tablet.send(damaged_back(tablet, fair.goods[0], 1, sale["id"]))
    (row,) = waiting(app, fair)
    look, said = getattr(actions, looking), list[str]()

    def note() -> None:
        try:
            clear(app, fair, row, 1)
            said.append("written")
        except MoreThanSetAside:
            said.append("refused")

    writer = threading.Thread(target=note)

    def look_and_clear(*args: Any) -> Any:
        seen = look(*args)
        writer.start()
        writer.join(timeout=patience)
        return seen

    monkeypatch.setattr(actions, looking, look_and_clear)
    assert [one.answer for one in tablet.send(sale)] == ["stored"]
    writer.join()
    held = lying(app, row.place.id, fair.goods[0].product_id)
    return said, {lot_id: quantity for (_owner, lot_id), quantity in held.items() if quantity}


def test_damaged_goods_are_cleared_or_put_right_never_both(
    app: Flask, fair: Fair, tablets: list[Tablet], lot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The note waits until the sale is stored, and is refused: they are another's now."""
    found = cleared_while_its_sale_arrives(
        app, fair, tablets[0], monkeypatch, looking="lotless_where_damaged", patience=0.5
    )
    assert found == (["refused"], {lot: 1})
    assert said_now(app) == ""


def test_damaged_goods_cleared_before_they_are_locked_stay_as_the_note_said(
    app: Flask, fair: Fair, tablets: list[Tablet], lot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite the note waits for the sale all the same."""
    with app.app_context():
        one_writer = db.engine.dialect.name == "sqlite"
    patience = 0.5 if one_writer else 30
    found = cleared_while_its_sale_arrives(
        app, fair, tablets[0], monkeypatch, looking="moves_of_set_aside", patience=patience
    )
    assert found == ((["refused"], {lot: 1}) if one_writer else (["written"], {}))
    assert said_now(app) == ""


def test_without_the_lock_of_damaged_goods_they_are_cleared_and_put_right(
    app: Flask, fair: Fair, tablets: list[Tablet], lot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only on PostgreSQL: the house would pay twice for one piece."""
    lock = actions._lock_shelves

    def only_what_moves(session: Session, wanted: Mapping[actions.Key, int]) -> dict[actions.Key, int]:
        return lock(session, wanted) if any(wanted.values()) else dict.fromkeys(wanted, 100)

    monkeypatch.setattr(actions, "_lock_shelves", only_what_moves)
    with app.app_context():
        one_writer = db.engine.dialect.name == "sqlite"
    patience = 0.5 if one_writer else 30
    found = cleared_while_its_sale_arrives(
        app, fair, tablets[0], monkeypatch, looking="lotless_where_damaged", patience=patience
    )
    assert found == ((["refused"], {lot: 1}) if one_writer else (["written"], {lot: 1, LOTLESS: -1}))
