from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from fair_pos.cash.queries import known_sessions
from fair_pos.plumbing.db import transaction
from fair_pos.sales.by_session import (
    Loose,
    Paid,
    Tally,
    counts_on,
    documents_after,
    documents_of,
    loose_cash,
    loose_documents,
    oddities_about,
    tallies_of,
)
from fair_pos.sales.tables import Sale
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.cash.drawers import Drawer, paid


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def test_documents_of_a_session_and_no_other_in_the_devices_order(app: Flask, fair: Fair, tablet: Tablet) -> None:
    drawer, other = Drawer(tablet), Drawer(pair_tablet(app, fair))
    drawer.open(0)
    mine = drawer.session_id
    first = drawer.sell([paid("cash", 50_000, 100_000), paid("transfer", 7_000)], rounding_dong=500, total_dong=57_500)
    back = drawer.sell([paid("cash", 1_000)], refund_of=first["id"])
    drawer.close()
    drawer.open(0)
    elsewhere = drawer.sell([paid("card", 9_000)])
    other.session_id = mine
    foreign = other.sell([paid("cash", 3_000)])
    tablet.send(back, elsewhere)
    tablet.send(first)
    other.tablet.send(foreign)
    assert mine is not None
    with app.app_context(), transaction() as session:
        found = documents_of(session, tablet.device_id, [mine])
        assert [one.id for one in found] == [first["id"], back["id"]]
        assert found[0].payments == (Paid(1, "cash", 50_000), Paid(2, "transfer", 7_000))
        assert (found[0].gross_dong, found[0].rounding_dong, found[1].kind) == (57_000, 500, "refund")
        assert documents_of(session, tablet.device_id, []) == []
        assert [one for one, _number in documents_after(session, tablet.device_id, mine, first["seq"])] == [back["id"]]
        assert documents_after(session, tablet.device_id, mine, back["seq"]) == []
        key, theirs = (tablet.device_id, mine), (other.tablet.device_id, mine)
        assert tallies_of(session, [key, theirs, ("x", "y")]) == {
            key: Tally(2, {"cash": 50_000, "transfer": 7_000}, {"cash": 1_000}),
            theirs: Tally(1, {"cash": 3_000}, {}),
        }
        assert counts_on(session, tablet.device_id, [mine, "none"]) == {mine: 2}


def test_cash_without_a_known_session(app: Flask, fair: Fair, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    loose = drawer.sell([paid("cash", 50_000), paid("card", 1_000)])
    by_card = drawer.sell([paid("card", 9_000)])
    back = drawer.sell([paid("cash", 2_000)], refund_of=loose["id"])
    opened = drawer.open(0)
    inside = drawer.sell([paid("cash", 5_000)])
    tablet.send(loose, by_card, back, inside)
    with app.app_context(), transaction() as session:
        assert loose_cash(session, fair.edition_id, known_sessions()) == Loose(3, 55_000, 2_000)
    tablet.send(opened)
    with app.app_context(), transaction() as session:
        known = known_sessions()
        assert loose_cash(session, fair.edition_id, known) == Loose(2, 50_000, 2_000)
        assert {one.id for one in loose_documents(session, fair.edition_id, known, limit=9)} == {
            loose["id"],
            back["id"],
        }
        assert len(loose_documents(session, fair.edition_id, known, limit=1, offset=1)) == 1
        assert loose_documents(session, "elsewhere", known, limit=9) == []


def test_what_is_odd_about_some_commands(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    one, other = drawer.sell([paid("cash", 1_000)], total_dong=5), drawer.sell([paid("cash", 1_000)], total_dong=5)
    tablet.send(one, other)
    with app.app_context(), transaction() as session:
        found = oddities_about(session, [one["id"]])
        assert {sale_id for sale_id, _code, _facts in found} == {one["id"]}
        assert "total_differs" in {code for _sale, code, _facts in found}
        assert oddities_about(session, []) == []
        assert len(session.scalars(select(Sale.id)).all()) == 2
