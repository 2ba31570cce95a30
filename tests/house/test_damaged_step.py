"""The step that sets damaged goods apart, on a database that is full: what came back before stays where it was, and `verify` agrees."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from fair_pos.consignment.actions import cancel
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import in_transaction
from fair_pos.plumbing.migrations import downgrade, upgrade
from tests.builders import BOUNDARY, make_fair, pair_tablet
from tests.house.test_ledger_step import BALANCE, LEDGER, SHELF, rows, url_of
from tests.inventory.damage import clear, damaged_back, waiting
from tests.proof.saying import said_now
from tests.stock.brought import bring_lot

OWNED = "SELECT owner_id, lot_id, sum(quantity) FROM balance GROUP BY owner_id, lot_id HAVING sum(quantity) <> 0 ORDER BY 1, 2"
ONE_EACH = (
    "SELECT count(*) FROM movement JOIN shelf ON shelf.place_id = movement.place_id AND shelf.product_id = movement.product_id"
    " WHERE shelf_no NOT BETWEEN 1 AND moves"
)


def test_a_full_database_goes_down_and_up_and_old_refunds_stay_as_they_are(app: Flask) -> None:
    fair = make_fair(app)
    here, there = pair_tablet(app, fair), pair_tablet(app, fair, booth=1)
    honey, other, at = fair.goods[0], fair.goods[1], now() - timedelta(days=1)
    today = fair_day(now(), BOUNDARY)
    for owner, ends in ((1, 9), (2, 19)):
        bring_lot(
            app,
            here.booth_id,
            honey.product_id,
            fair.producer_ids[owner],
            4,
            expires=today + timedelta(days=ends),
            at=at,
        )
    early = here.sale([(other, 2)])
    here.send(damaged_back(here, other, 1, early["id"]))
    sale = here.sale([(honey, 5), (other, 1)])
    here.send(early, sale, damaged_back(here, honey, 2, sale["id"]))
    # While they lie apart others are sold, which the old ledger would not have chosen had they lain on the shelf.
    here.send(here.sale([(honey, 2)]), damaged_back(here, honey, 1, sale["id"]), here.sale([(honey, 1)]))
    there.send(damaged_back(there, honey, 1, sale["id"]))
    first = waiting(app, fair)[0]
    note = clear(app, fair, first, 1)
    kept = [one for one in waiting(app, fair) if one.booth_id == here.booth_id and one.goods.id == honey.product_id]
    clear(app, fair, kept[0], 1)
    with app.app_context():
        by = fair.people["bantochuc"]
        in_transaction(lambda session: cancel(session, fair.edition_id, note, "Ghi nhầm", at=now(), by=by))
    assert said_now(app) == ""
    url = url_of(app)
    owned = rows(url, OWNED)

    downgrade(url, "0021")
    assert rows(url, OWNED) == owned
    assert rows(url, "SELECT count(*) FROM movement WHERE kind = 'set_aside' OR place_kind = 'damaged'") == [(0,)]
    assert rows(url, "SELECT count(*) FROM balance WHERE place_kind = 'damaged'") == [(0,)]
    assert rows(url, ONE_EACH) == [(0,)]
    old = {question: rows(url, question) for question in (LEDGER, BALANCE, SHELF)}

    upgrade(url)
    assert {question: rows(url, question) for question in old} == old
    assert said_now(app) == ""
    assert waiting(app, fair) == []
    assert len(rows(url, "SELECT received_until FROM ledger_rule WHERE name = 'set_aside'")) == 1

    # What comes back from now on lies apart.
    more = here.sale([(honey, 1)])
    here.send(more, damaged_back(here, honey, 1, more["id"]))
    assert [one.quantity for one in waiting(app, fair)] == [1]
    assert said_now(app) == ""


def test_goods_that_came_back_elsewhere_before_their_sale_go_down_and_up(app: Flask) -> None:
    """The booth that sold them has no place for damaged goods, but its shelf was put right."""
    fair = make_fair(app)
    here, there = pair_tablet(app, fair), pair_tablet(app, fair, booth=1)
    honey, at = fair.goods[0], now() - timedelta(days=1)
    expires = fair_day(now(), BOUNDARY) + timedelta(days=9)
    bring_lot(app, here.booth_id, honey.product_id, fair.producer_ids[1], 4, expires=expires, at=at)
    sale = here.sale([(honey, 3)])
    there.send(damaged_back(there, honey, 2, sale["id"]))
    here.send(sale, here.sale([(honey, 1)]))
    (row,) = waiting(app, fair)
    assert row.owner_id == fair.producer_ids[1]
    clear(app, fair, row, 1)
    assert said_now(app) == ""
    url = url_of(app)
    owned = rows(url, OWNED)
    downgrade(url, "0021")
    assert rows(url, OWNED) == owned
    assert rows(url, ONE_EACH) == [(0,)]
    old = {question: rows(url, question) for question in (LEDGER, BALANCE, SHELF)}
    upgrade(url)
    assert {question: rows(url, question) for question in old} == old
    assert said_now(app) == ""


def test_an_empty_database_needs_no_line_of_when_it_began(app: Flask) -> None:
    url = url_of(app)
    downgrade(url, "0021")
    upgrade(url)
    assert rows(url, "SELECT * FROM ledger_rule") == []
