"""Drawers as tablets report them: the same state in whatever order, each entry on one report, reports that never change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from fair_pos.cash.queries import entries_of
from fair_pos.cash.tables import ZEntry, ZReport
from fair_pos.cash.z_report import thawed
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import transaction
from fair_pos.sales.tables import Oddity
from fair_pos.till.tables import Received
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.cash.drawers import Drawer, Parcel, codes, paid, session_id_of, sessions


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def report_of(app: Flask, closing: Parcel) -> dict[str, Any]:
    with app.app_context(), transaction() as session:
        return thawed(session.get_one(ZReport, closing["id"]).content)


def expected(app: Flask, tablet: Tablet, till_session_id: str) -> tuple[int, int]:
    """(cash, card) that the drawer should hold now, as the server adds it up."""
    with app.app_context(), transaction() as session:
        drawer = entries_of(session, tablet.device_id, [till_session_id])[till_session_id].drawer
        return drawer.expected_cash_dong, drawer.expected_card_dong


# --- the golden cases of pain 15 ----------------------------------------------------------------------------------------


def test_change_is_not_counted(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    opened = drawer.open(500_000)
    tablet.send(opened, drawer.sell([paid("cash", 137_000, 200_000)]))
    assert expected(app, tablet, session_id_of(opened)) == (637_000, 0)


def test_a_refund_takes_out_and_does_not_add(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    opened, sale = drawer.open(500_000), drawer.sell([paid("cash", 100_000)])
    tablet.send(opened, sale, drawer.sell([paid("cash", 100_000)], refund_of=sale["id"]))
    assert expected(app, tablet, session_id_of(opened)) == (500_000, 0)


def test_cash_put_in_adds_and_taken_out_takes(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    opened = drawer.open(500_000)
    tablet.send(opened, drawer.move("in", 200_000), drawer.move("out", 50_000))
    assert expected(app, tablet, session_id_of(opened)) == (650_000, 0)


def test_transfer_and_card_never_touch_the_drawer(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    opened = drawer.open(0)
    parts = [paid("cash", 100_000, 200_000), paid("transfer", 150_000), paid("card", 50_000)]
    tablet.send(opened, drawer.sell(parts))
    assert expected(app, tablet, session_id_of(opened)) == (100_000, 50_000)


def test_the_golden_day(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    opened = drawer.open(1_000_000)
    back = drawer.sell([paid("cash", 80_000, 100_000)])
    closing = [
        drawer.sell([paid("cash", 612_000, 700_000)]),
        drawer.sell([paid("cash", 37_000, 50_000), paid("transfer", 100_000)]),
        drawer.sell([paid("cash", 80_000)], refund_of=back["id"]),
        drawer.move("out", 300_000),
        drawer.move("in", 20_000),
        drawer.close(),
    ]
    tablet.send(opened, back, *closing)
    assert expected(app, tablet, session_id_of(opened))[0] == 1_369_000
    cash = report_of(app, closing[-1])["cash"]
    assert cash["expected_dong"] == cash["computed_dong"] == cash["counted_dong"] == 1_369_000
    assert not codes(app, closing[-1])


def test_the_afternoon_does_not_count_the_morning_again(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    morning = [drawer.open(100_000), drawer.sell([paid("cash", 50_000)]), drawer.close()]
    noon = [drawer.open(100_000), drawer.sell([paid("cash", 7_000)]), drawer.close()]
    tablet.send(*morning, *noon)
    assert report_of(app, morning[-1])["cash"]["computed_dong"] == 150_000
    second = report_of(app, noon[-1])
    assert second["cash"]["computed_dong"] == 107_000
    assert second["receipts"]["count"] == 1
    assert second["late"] == []


# --- closing never overlaps and never skips (pain 16) ----------------------------------------------------------------------


def test_every_entry_stands_on_exactly_one_report_however_often_the_drawer_is_closed(
    app: Flask, tablet: Tablet
) -> None:
    drawer = Drawer(tablet)
    parcels: list[Parcel] = []
    for round_number in range(4):
        parcels.append(drawer.open(100_000))
        parcels += [drawer.sell([paid("cash", 10_000)]) for _ in range(3 + round_number)]
        parcels += [drawer.move("out", 5_000), drawer.close()]
    for first in range(0, len(parcels), 5):  # cut anywhere: a closing comes with the next session's opening
        tablet.send(*parcels[first : first + 5])
    signed = [one for one in parcels if json.loads(one["text"])["kind"] != "till_closed"]
    with app.app_context(), transaction() as session:
        entries = session.execute(select(ZEntry.id, ZEntry.closing_id, ZEntry.late)).all()
    assert sorted(row.id for row in entries) == sorted(one["id"] for one in signed)
    assert not any(row.late for row in entries)
    closings = [one for one in parcels if json.loads(one["text"])["kind"] == "till_closed"]
    assert [report_of(app, one)["z_number"] for one in closings] == [1, 2, 3, 4]
    assert [report_of(app, one)["receipts"]["count"] for one in closings] == [3, 4, 5, 6]
    assert not [code for one in parcels for code in codes(app, one)]


def test_a_session_closed_twice_is_listed_and_nothing_is_signed_twice(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    opened, sale = drawer.open(100_000), drawer.sell([paid("cash", 50_000)])
    session_id = drawer.session_id
    first = drawer.close()
    again = drawer.close(150_000, till_session_id=session_id, expected_dong=150_000)
    tablet.send(opened, sale, first, again)
    assert {"session_closed_already", "session_not_open"} <= codes(app, again)
    assert not codes(app, first)
    second = report_of(app, again)
    assert second["signed_before"] == 1
    assert second["cash"]["computed_dong"] == 0
    assert second["receipts"]["count"] == 0
    assert second["receipts"]["gaps"] == [], "the receipt is not missing: it stands on the first report"


def test_what_is_missing_on_the_first_report_and_the_second_too_is_missing(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    opened, sold, lost, last = drawer.open(0), *(drawer.sell([paid("cash", 9_000)]) for _ in range(3))
    session_id = drawer.session_id
    first = drawer.close()
    again = drawer.close(till_session_id=session_id)
    tablet.send(opened, sold, last, first)
    tablet.send(again)
    gap = [{"first": late_number(lost), "last": late_number(lost), "count": 1}]
    assert report_of(app, first)["receipts"]["gaps"] == report_of(app, again)["receipts"]["gaps"] == gap


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [0, 1, 3, 2], [3, 2, 1, 0]])
def test_what_comes_after_its_sessions_closing_is_listed_and_shown_late(
    app: Flask, tablet: Tablet, order: list[int]
) -> None:
    drawer = Drawer(tablet)
    before = [drawer.open(100_000), drawer.sell([paid("cash", 50_000)])]
    session_id = drawer.session_id
    closed = drawer.close()
    after = drawer.sell([paid("cash", 9_000)], till_session_id=session_id)
    moved = drawer.move("in", 1_000, till_session_id=session_id)
    for number in order:
        tablet.send(*([before, [closed], [after], [moved]][number]))
    assert codes(app, after) == codes(app, moved) == {"session_closed_already"}
    assert not [code for one in (*before, closed) for code in codes(app, one)]
    assert report_of(app, closed)["cash"]["computed_dong"] == (150_000 if order[0] == 0 else 0)


def test_a_second_opening_while_one_is_open_is_listed(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    first, second = drawer.open(100_000), drawer.open(200_000)
    tablet.send(second)
    assert codes(app, second) == set()  # the closing may still be on its way
    tablet.send(first)
    assert codes(app, second) == {"session_overlaps"}
    assert codes(app, first) == set()


def test_z_numbers_used_twice_or_skipped_are_listed(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    parcels = []
    for number in (1, 1, 4):
        parcels += [drawer.open(0), drawer.close(z_number=number)]
    tablet.send(*parcels)
    one, other, last = parcels[1::2]
    assert codes(app, one) == {"z_number_reused"}
    assert codes(app, other) == {"z_number_reused", "z_number_skipped"}
    assert codes(app, last) == {"z_number_skipped"}


def test_a_gap_is_no_skipped_number_while_it_may_still_be_on_its_way(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    first, middle, last = ([drawer.open(0), drawer.close()] for _ in range(3))
    tablet.send(*first, *last)
    assert codes(app, last[1]) == set()
    tablet.send(*middle)
    assert not [code for one in (*first, *middle, *last) for code in codes(app, one)]


# --- differences ------------------------------------------------------------------------------------------------------------


def test_a_difference_must_be_explained_and_above_the_limit_signed_by_a_second_who_may(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    drawer = Drawer(tablet)
    boss, seller = fair.people["bantochuc"], fair.people["nguoiban"]
    cases: list[tuple[int, dict[str, Any], set[str]]] = [
        (0, {}, set()),
        (-10_000, {}, {"close_unexplained"}),
        (-10_000, {"explanation": "Thối nhầm"}, set()),
        (50_000, {"explanation": "Thừa"}, set()),
        (-50_001, {"explanation": "Thiếu"}, {"close_second_missing"}),
        (-50_001, {"explanation": "Thiếu", "second_person_id": boss}, set()),
        (-50_001, {"explanation": "Thiếu", "second_person_id": seller}, {"close_second_missing"}),
        (-50_001, {"explanation": "Thiếu", "second_person_id": new_id()}, {"close_second_missing"}),
        (50_001, {"second_person_id": boss}, {"close_unexplained"}),
    ]
    for off, changes, wanted in cases:
        opened = drawer.open(100_000)
        closed = drawer.close(100_000 + off, **changes)
        tablet.send(opened, closed)
        assert codes(app, closed) == wanted, changes


def test_a_lack_of_card_money_is_a_difference_too(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    opened, sale = drawer.open(0), drawer.sell([paid("card", 60_000)])
    closed = drawer.close(counted_card_dong=0)
    tablet.send(closed)
    assert codes(app, closed) == set()
    tablet.send(sale, opened)
    assert codes(app, closed) == {"close_unexplained", "close_second_missing"}


def test_what_a_tablet_adds_up_wrongly_is_listed_once_all_of_it_is_here(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    opened, sale = drawer.open(100_000), drawer.sell([paid("cash", 50_000)])
    closed = drawer.close(200_000, expected_dong=200_000, sale_count=2)
    tablet.send(opened, closed)
    assert codes(app, closed) == set()
    tablet.send(sale)
    assert codes(app, closed) == {"expected_differs", "covered_differs"}
    with app.app_context(), transaction() as session:
        odd = session.get_one(Oddity, (closed["id"], "expected_differs"))
        assert odd.facts == {"sent": 200_000, "computed": 150_000}
        found = session.get_one(Received, sale["id"]).findings  # with the command whose arrival showed it
        assert [closed["id"], "expected_differs", {"sent": 200_000, "computed": 150_000}] in found


def test_notes_that_do_not_make_the_sum_and_commands_without_a_session(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    opened = drawer.open(100_000, notes=[])
    closed = drawer.close(notes=[{"note_dong": 1_000, "count": 1}])
    homeless = [
        tablet.command("till_opened", notes=[], float_dong=0),
        tablet.command("cash_moved", direction="in", amount_dong=1, reason="x"),
        tablet.command("till_closed", z_number=2, notes=[], counted_dong=0, expected_dong=0),
    ]
    tablet.send(opened, closed, *homeless)
    assert codes(app, opened) == {"float_differs"}
    assert codes(app, closed) == {"counted_differs"}
    assert all("session_unknown" in codes(app, one) for one in homeless)
    assert len(sessions(app)) == 1


# --- late -------------------------------------------------------------------------------------------------------------------


def test_late_entries_stand_on_the_next_report_and_never_change_the_frozen_one(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    opened, sale = drawer.open(100_000), drawer.sell([paid("cash", 50_000)])
    late_sale, late_move = drawer.sell([paid("cash", 20_000)]), drawer.move("out", 5_000, "Mua đá")
    closed = drawer.close()
    tablet.send(opened, sale, closed)
    with app.app_context(), transaction() as session:
        before = session.get_one(ZReport, closed["id"]).content
    first = thawed(before)
    assert first["cash"]["computed_dong"] == 150_000
    assert first["cash"]["expected_dong"] == 165_000
    assert first["receipts"]["gaps"] == [{"first": late_number(late_sale), "last": late_number(late_sale), "count": 1}]
    tablet.send(late_sale, late_move)
    second = [drawer.open(10_000), drawer.close()]
    third = [drawer.open(10_000), drawer.close()]
    tablet.send(*second)
    tablet.send(*third)
    with app.app_context(), transaction() as session:
        assert session.get_one(ZReport, closed["id"]).content == before
    rows = report_of(app, second[-1])["late"]
    assert [(row["z_number"], row["kind"], row["what"], row["amount_dong"]) for row in rows] == [
        (1, "out", "Mua đá", 5_000),
        (1, "sale", late_number(late_sale), 20_000),
    ]
    assert report_of(app, second[-1])["cash"]["computed_dong"] == 10_000
    assert report_of(app, third[-1])["late"] == []
    assert expected(app, tablet, session_id_of(opened)) == (165_000, 0)
    assert not codes(app, closed)


def late_number(parcel: Parcel) -> str:
    return str(json.loads(parcel["text"])["receipt_number"])


def test_an_opening_that_comes_after_its_closing(app: Flask, tablet: Tablet) -> None:
    drawer = Drawer(tablet)
    opened, sale, closed = drawer.open(100_000), drawer.sell([paid("cash", 50_000)]), drawer.close()
    tablet.send(closed)
    tablet.send(sale)
    assert report_of(app, closed)["opened"] is None
    tablet.send(opened)
    assert sessions(app) == {session_id_of(opened): (opened["id"], closed["id"])}
    assert expected(app, tablet, session_id_of(opened)) == (150_000, 0)


def test_another_tablet_that_names_the_session_has_one_of_its_own(app: Flask, fair: Fair, tablet: Tablet) -> None:
    other = pair_tablet(app, fair)
    drawer, foreign = Drawer(tablet), Drawer(other)
    opened = drawer.open(100_000)
    foreign.session_id = drawer.session_id
    tablet.send(opened)
    other.send(foreign.sell([paid("cash", 70_000)]))
    assert expected(app, tablet, session_id_of(opened)) == (100_000, 0)
