"""Goods carried elsewhere: on their way, received once and in the right place, what differs stays open until somebody says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from fair_pos.consignment import actions, queries, receiving, refusals
from fair_pos.consignment.rules import Bearer
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import in_transaction, reading
from tests.builders import Fair, make_fair
from tests.consignment.notes import carry, held, line, out, take_in


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def do(app: Flask, work: Callable[[Session], str]) -> str:
    with app.app_context():
        return in_transaction(work)


def receive(app: Flask, fair: Fair, note_id: str, quantity: int, booth: int = 1) -> str:
    return do(
        app,
        lambda session: receiving.receive(
            session, note_id, fair.booth_ids[booth], {1: quantity}, at=now(), by=fair.people["nguoiban"], signed=None
        ),
    )


def decide(app: Flask, fair: Fair, note_id: str, outcome: str, quantity: int, borne_by: Bearer = "") -> str:
    return do(
        app,
        lambda session: receiving.decide(
            session, fair.edition_id, note_id, 1, outcome, quantity, at=now(), by=None, words="", borne_by=borne_by
        ),
    )


def sent(app: Flask, fair: Fair, quantity: int = 10) -> str:
    take_in(app, fair, line(fair.goods[0], 20))
    return carry(app, fair, out(held(app, fair.booth_ids[0])[0], quantity))


def lying(app: Flask, *places: str) -> list[int]:
    return [sum(one.quantity for one in held(app, place)) for place in places]


def open_now(app: Flask, fair: Fair) -> list[int]:
    with app.app_context():
        return [one.open for one in queries.open_discrepancies(reading(), fair.edition_id)]


def test_goods_are_on_their_way_and_keep_lot_and_owner(app: Flask, fair: Fair) -> None:
    note_id = sent(app, fair)
    assert lying(app, fair.booth_ids[0], note_id, fair.booth_ids[1]) == [10, 10, 0]
    before = held(app, fair.booth_ids[0])[0]
    receive(app, fair, note_id, 10)
    assert lying(app, fair.booth_ids[0], note_id, fair.booth_ids[1]) == [10, 0, 10]
    after = held(app, fair.booth_ids[1])[0]
    assert (after.owner_id, after.lot_id) == (before.owner_id, before.lot_id)
    assert open_now(app, fair) == []


def test_what_did_not_come_is_open_until_said(app: Flask, fair: Fair) -> None:
    note_id = sent(app, fair)
    receive(app, fair, note_id, 4)
    assert open_now(app, fair) == [6]
    assert lying(app, note_id) == [6]
    for outcome, quantity in (("lost", 7), ("lost", 0), ("back", -1), ("stolen", 1)):
        with pytest.raises(refusals.DiscrepancyWrong):
            decide(app, fair, note_id, outcome, quantity, "house")
    with pytest.raises(refusals.LinesWrong):
        decide(app, fair, note_id, "lost", 1)
    decide(app, fair, note_id, "arrived", 1)
    decide(app, fair, note_id, "back", 2)
    decide(app, fair, note_id, "lost", 3, "house")
    assert open_now(app, fair) == []
    assert lying(app, fair.booth_ids[0], note_id, fair.booth_ids[1]) == [12, 0, 5]
    with app.app_context():
        [gone] = queries.write_offs_of(reading(), fair.edition_id)
    assert (gone.number, gone.quantity, gone.borne_by) == ("PH-0001", 3, "house")
    with pytest.raises(refusals.DiscrepancyWrong):
        decide(app, fair, note_id, "back", 1)
    do(app, lambda session: actions.cancel(session, fair.edition_id, gone.note_id, "Tìm lại được", at=now(), by=None))
    assert open_now(app, fair) == [3], "what is no longer lost is on its way again"
    assert lying(app, note_id) == [3]


def test_more_than_was_sent_is_open_too_and_cannot_be_lost(app: Flask, fair: Fair) -> None:
    note_id = sent(app, fair)
    receive(app, fair, note_id, 12)
    assert open_now(app, fair) == [-2]
    with pytest.raises(refusals.DiscrepancyWrong):
        decide(app, fair, note_id, "lost", -1, "house")
    decide(app, fair, note_id, "back", -1)
    decide(app, fair, note_id, "arrived", -1)
    assert open_now(app, fair) == []
    assert lying(app, fair.booth_ids[0], note_id, fair.booth_ids[1]) == [9, 0, 11]


def test_received_once_and_nowhere_else(app: Flask, fair: Fair) -> None:
    note_id = sent(app, fair)
    with pytest.raises(refusals.ReceivedElsewhere):
        receive(app, fair, note_id, 10, booth=0)
    for wrong in (-1, 10**10):
        with pytest.raises(refusals.LinesWrong):
            receive(app, fair, note_id, wrong)
    assert lying(app, note_id) == [10]
    receive(app, fair, note_id, 10)
    with pytest.raises(refusals.NoteReceived) as told:
        receive(app, fair, note_id, 10)
    assert told.value.facts["name"] == "Vừ A nguoiban"
    with pytest.raises(refusals.NoteReceived):
        do(app, lambda session: actions.cancel(session, fair.edition_id, note_id, "Gửi nhầm rồi", at=now(), by=None))
    assert lying(app, fair.booth_ids[1]) == [10]


def test_what_was_taken_back_is_not_received(app: Flask, fair: Fair) -> None:
    note_id = sent(app, fair)
    do(app, lambda session: actions.cancel(session, fair.edition_id, note_id, "Gửi nhầm rồi", at=now(), by=None))
    assert lying(app, fair.booth_ids[0], note_id) == [20, 0]
    with pytest.raises(refusals.NoteCancelled):
        receive(app, fair, note_id, 10)


@pytest.mark.race
def test_of_two_who_receive_at_once_one_is_told(app: Flask, fair: Fair) -> None:
    note_id = sent(app, fair)
    ready = threading.Barrier(4)

    def press(_number: int) -> str:
        ready.wait()
        try:
            return receive(app, fair, note_id, 10)
        except refusals.NoteReceived:
            return "told"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(press, range(4)))
    assert answers.count("told") == 3
    assert lying(app, note_id, fair.booth_ids[1]) == [0, 10]
