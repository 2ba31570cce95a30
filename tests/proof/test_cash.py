"""Drawers: rows, till sessions, and what is odd between facts, made again whatever the order in which they came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from fair_pos.cash.tables import CashMove, TillClosing, TillOpening, TillSession, ZEntry, ZReport
from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import db
from fair_pos.proof.cash import BETWEEN
from fair_pos.sales.tables import Oddity
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.cash.drawers import Drawer, Parcel, paid
from tests.proof.saying import forget, invent, listed, said, said_now


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def drawer(app: Flask, fair: Fair) -> Drawer:
    return Drawer(pair_tablet(app, fair))


@pytest.fixture
def work(app: Flask, drawer: Drawer) -> Iterator[Session]:
    with app.app_context(), Session(db.engine) as session:
        yield session
        session.rollback()
        assert said(session) == ""


def a_day(drawer: Drawer) -> list[Parcel]:
    """Opened, sold from, cash taken out, closed; nothing odd."""
    first = [drawer.open(500_000), drawer.sell([paid("cash", 220_000)])]
    return [*first, drawer.move("out", 20_000), drawer.close()]


# --- rows and sessions ------------------------------------------------------------------------------------------------


def test_cash_cannot_be_put_in_or_taken_out_afterwards(drawer: Drawer, work: Session) -> None:
    drawer.tablet.send(*a_day(drawer))
    assert said(work) == ""
    work.execute(update(CashMove).values(amount_dong=200_000))
    assert said(work) == "cash move: amount_dong"
    work.rollback()
    work.execute(delete(ZEntry).where(ZEntry.kind == "move"))
    work.execute(delete(CashMove))
    assert said(work) == "cash move: row"
    work.rollback()
    work.execute(update(TillOpening).values(float_dong=1))
    assert said(work) == "till opening: float_dong"
    work.rollback()
    work.execute(update(TillClosing).values(counted_dong=1, notes=[[1, 1]]))
    assert said(work) == "till closing: notes"


def test_a_fact_that_no_tablet_told_is_none(drawer: Drawer, work: Session) -> None:
    drawer.tablet.send(*a_day(drawer))
    move = work.scalars(select(CashMove)).one()
    columns = {column.name: getattr(move, column.name) for column in CashMove.__table__.columns}
    work.add(CashMove(**columns | {"id": new_id()}))
    assert said(work) == "cash move: number of rows"
    work.rollback()
    work.execute(delete(Line).where(Line.verb == "till_closed"))
    assert said(work) == "journal line: number of lines «till_closed»"


def test_a_till_session_is_what_its_facts_make_it(app: Flask, fair: Fair, drawer: Drawer, work: Session) -> None:
    day, other = a_day(drawer), pair_tablet(app, fair)
    drawer.tablet.send(day[3], day[0])  # closed before it was opened, as it came
    drawer.tablet.send(*day)
    assert said(work) == ""
    for change in ({"closing_id": None}, {"opening_id": None}, {"began_at": now()}, {"letter": "Z"}):
        work.execute(update(TillSession).values(change))
        assert said(work) == f"till session: {next(iter(change))}"
        work.rollback()
    one = work.scalars(select(TillSession)).one()
    columns = {column.name: getattr(one, column.name) for column in TillSession.__table__.columns}
    work.add(TillSession(**columns | {"device_id": other.device_id}))
    assert said(work) == "till session: number of rows"


# --- what is odd ------------------------------------------------------------------------------------------------------

Make = Callable[[Drawer], list[Parcel]]


def overlapping(drawer: Drawer) -> list[Parcel]:
    return [drawer.open(1_000), drawer.open(2_000), drawer.close()]


def never_opened(drawer: Drawer) -> list[Parcel]:
    drawer.session_id = new_id()
    return [drawer.close(0)]


def closed_twice(drawer: Drawer) -> list[Parcel]:
    first = [drawer.open(1_000)]
    session_id = drawer.session_id
    first.append(drawer.close())
    drawer.session_id = session_id
    return [*first, drawer.sell([paid("cash", 10_000)]), drawer.close(z_number=2)]


def numbers_skipped(drawer: Drawer) -> list[Parcel]:
    return [drawer.open(1_000), drawer.close(z_number=7)]


def numbers_reused(drawer: Drawer) -> list[Parcel]:
    return [drawer.open(1_000), drawer.close(), drawer.open(1_000), drawer.close(z_number=1)]


def wrongly_added_up(drawer: Drawer) -> list[Parcel]:
    day = [drawer.open(1_000), drawer.sell([paid("cash", 220_000)])]
    return [*day, drawer.close(expected_dong=7, counted_dong=7, notes=[{"note_dong": 7, "count": 1}], sale_count=9)]


def unexplained(drawer: Drawer) -> list[Parcel]:
    return [drawer.open(1_000), drawer.close(900)]


def card_money_lacking(drawer: Drawer) -> list[Parcel]:
    return [drawer.open(1_000), drawer.sell([paid("card", 90_000)]), drawer.close(counted_card_dong=80_000)]


BETWEEN_FACTS: dict[str, tuple[Make, set[str]]] = {
    "overlapping": (overlapping, {"session_overlaps"}),
    "never opened": (never_opened, {"session_not_open"}),
    "closed twice": (closed_twice, {"session_closed_already", "session_not_open"}),
    "number skipped": (numbers_skipped, {"z_number_skipped"}),
    "number reused": (numbers_reused, {"z_number_reused", "z_number_skipped"}),
    "added up wrongly": (wrongly_added_up, {"expected_differs", "covered_differs"}),
    "unexplained": (unexplained, {"close_unexplained"}),
    "card money": (card_money_lacking, {"close_unexplained"}),
}


def found_between(work: Session) -> set[tuple[str, str]]:
    rows = work.execute(select(Oddity.sale_id, Oddity.code).where(Oddity.code.in_(BETWEEN)))
    return {(row.sale_id, row.code) for row in rows}


def test_all_that_is_odd_between_facts_has_a_case() -> None:
    assert set().union(*(codes for _, codes in BETWEEN_FACTS.values())) == BETWEEN


@pytest.mark.parametrize("name", BETWEEN_FACTS)
def test_what_is_odd_between_facts_cannot_be_forgotten_or_invented(drawer: Drawer, work: Session, name: str) -> None:
    make, codes = BETWEEN_FACTS[name]
    parcels = make(drawer)
    Random(name).shuffle(parcels)
    for parcel in parcels:
        drawer.tablet.send(parcel)
    assert said(work) == ""
    found = found_between(work)
    assert {code for _, code in found} == codes
    for command_id, code in sorted(found):
        forget(work, command_id, code)
        assert said(work) == f"oddity: {code}"
        work.rollback()
        facts = listed(work, command_id)[code]
        forget(work, command_id, code)
        invent(work, command_id, code, {**facts, "more": 1})
        assert said(work) == f"oddity: {code}"
        work.rollback()
    for command_id, code in {(parcel["id"], code) for parcel in parcels for code in BETWEEN} - found:
        invent(work, command_id, code, {})
        assert said(work) == f"oddity: {code}"
        work.rollback()


def test_where_there_is_no_drawer_nothing_is_odd_about_one(fair: Fair, drawer: Drawer, work: Session) -> None:
    parcel = drawer.tablet.sale([(fair.goods[0], 1)])
    drawer.tablet.send(parcel)
    invent(work, parcel["id"], "session_closed_already", {})
    assert said(work) == "oddity: session_closed_already"


@pytest.mark.parametrize("code", ["session_unknown", "float_differs", "counted_differs"])
def test_what_a_fact_shows_by_itself_is_made_again(drawer: Drawer, work: Session, code: str) -> None:
    changes: dict[str, Any] = {"session_unknown": {"till_session_id": None}, "float_differs": {"notes": []}}
    opened = drawer.open(1_000, **changes.get(code, {}))
    closed = drawer.close(1_000, **({"notes": []} if code == "counted_differs" else {}))
    drawer.tablet.send(opened, closed)
    odd = closed if code == "counted_differs" else opened
    assert said(work) == ""
    facts = listed(work, odd["id"])[code]
    forget(work, odd["id"], code)
    assert said(work) == f"oddity: {code}"
    work.rollback()
    invent(work, (opened if odd is closed else closed)["id"], code, facts)
    assert said(work) == f"oddity: {code}"


def test_a_tablet_that_was_set_back_fails_no_proof(app: Flask, drawer: Drawer) -> None:
    """Its numbers are given twice: what came before what is not the same any more, and what was odd stays listed."""
    tablet: Tablet = drawer.tablet
    tablet.send(drawer.open(1_000), drawer.sell([paid("cash", 10_000)]))
    tablet.seq = 1
    tablet.send(drawer.move("in", 5_000), drawer.open(3_000))
    tablet.seq = 1
    tablet.send(drawer.close(), drawer.close(z_number=1), drawer.open(9_000))
    assert said_now(app) == ""
    with app.app_context(), Session(db.engine) as session:
        assert session.scalars(select(ZReport)).all()
