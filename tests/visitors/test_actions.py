"""What people write beside the taps: signed, with a reason, once; and never over them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fair_pos.journal.queries import lines_about
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day, local_hour
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from fair_pos.venues.actions import freeze_edition
from fair_pos.venues.refusals import EditionFrozen
from fair_pos.visitors import refusals
from fair_pos.visitors.actions import (
    HourOf,
    OtherSaid,
    add_gate,
    add_other_count,
    change_gate,
    close_gate,
    correct,
    reopen_gate,
    set_crowd_rule,
    tally,
    withdraw_other_count,
)
from fair_pos.visitors.queries import counts_by_hour, crowd_rule, gates_of, other_counts_of, tallies_of
from fair_pos.visitors.rules import Counts, Flow
from fair_pos.visitors.tables import Correction, GateEntry
from tests.builders import BOUNDARY, Fair, make_fair
from tests.visitors.phones import device_of, make_gates, pair_phone, sums


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def do(app: Flask, fair: Fair, action: Any, *args: Any) -> Any:
    with app.app_context(), transaction() as session:
        return action(session, *args, at=now(), by=fair.people["bantochuc"])


def today() -> date:
    return fair_day(now(), BOUNDARY)


def where(gate: str, hour: int = 10, day: date | None = None) -> HourOf:
    return HourOf(new_id(), gate, day or today(), hour)


def counts(app: Flask, gate: str, hour: int = 10) -> Counts:
    with app.app_context():
        return counts_by_hour(reading(), [gate], today()).get((gate, hour), Counts())


def test_gates_have_names_of_their_own(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair)
    with pytest.raises(refusals.GateNameTaken):
        do(app, fair, add_gate, fair.edition_id, " CỔNG  chính ", "both")
    for wrong in ("", " ", "x" * 101):
        with pytest.raises(refusals.GateNameMissing):
            do(app, fair, add_gate, fair.edition_id, wrong, "both")
    with pytest.raises(NotFound):
        do(app, fair, add_gate, "none", "Cổng", "both")
    with pytest.raises(NotFound):
        do(app, fair, add_gate, fair.edition_id, "Cổng", "sideways")
    assert do(app, fair, change_gate, gate, "Cổng Bắc", "entrance")
    assert not do(app, fair, change_gate, gate, "Cổng Bắc", "entrance")
    with app.app_context():
        (found,) = gates_of(reading(), fair.edition_id)
        assert (found.name, found.way) == ("Cổng Bắc", "entrance")
        assert [line.verb for line in lines_about(reading(), "gate", gate)] == ["gate_added", "gate_changed"]


def test_the_limit_and_the_share_are_set_and_taken_back(app: Flask, fair: Fair) -> None:
    do(app, fair, set_crowd_rule, fair.edition_id, 5000, 15)
    with app.app_context():
        assert crowd_rule(reading(), fair.edition_id) == (5000, 15)
    do(app, fair, set_crowd_rule, fair.edition_id, None, None)
    with app.app_context():
        assert crowd_rule(reading(), fair.edition_id) == (None, None)
    for limit, share in ((0, None), (1_000_001, None), (None, 91)):
        with pytest.raises(refusals.CrowdRuleWrong):
            do(app, fair, set_crowd_rule, fair.edition_id, limit, share)


def test_a_correction_is_signed_and_the_taps_stay(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair)
    phone = pair_phone(app, fair, gate)
    at = now()
    phone.send(*(phone.tap(at=at) for _ in range(5)))
    hour = local_hour(at)
    assert do(app, fair, correct, where(gate, hour), "in", -2, "Bấm nhầm cho nhân viên")
    found = counts(app, gate, hour)
    assert (found.tap.people_in, found.correction.people_in, found.net.people_in) == (5, -2, 3)
    with app.app_context():
        assert len(list(reading().scalars(select(GateEntry)))) == 5
        one = reading().scalars(select(Correction)).one()
        assert (one.person_id, one.reason, one.people) == (fair.people["bantochuc"], "Bấm nhầm cho nhân viên", -2)


def test_a_form_sent_twice_counts_once(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair)
    form = where(gate)
    assert do(app, fair, correct, form, "in", 7, "Đếm sót")
    assert not do(app, fair, correct, form, "in", 7, "Đếm sót")
    assert counts(app, gate).net == Flow(7)
    paper = where(gate)
    assert do(app, fair, tally, paper, 10, 2, "")
    assert not do(app, fair, tally, paper, 10, 2, "")
    assert counts(app, gate).paper == Flow(10, 2)


def test_a_correction_cannot_be_anything(app: Flask, fair: Fair) -> None:
    gate, one_way = make_gates(app, fair, 2)
    do(app, fair, change_gate, one_way, "Cổng một chiều", "entrance")
    cases: list[tuple[type[Exception], HourOf, str, int, str]] = [
        (refusals.MoreThanCounted, where(gate), "in", -1, "x"),
        (refusals.PeopleWrong, where(gate), "in", 0, "x"),
        (refusals.PeopleWrong, where(gate), "in", 2_000_000, "x"),
        (refusals.ReasonMissing, where(gate), "in", 1, "  "),
        (refusals.NotCountedHere, where(one_way), "out", 1, "x"),
        (refusals.DayNotOfFair, where(gate, 24), "in", 1, "x"),
        (refusals.DayNotOfFair, where(gate, 10, today() + timedelta(days=1)), "in", 1, "x"),
        (refusals.DayNotOfFair, where(gate, 10, today() - timedelta(days=9)), "in", 1, "x"),
        (NotFound, where("none"), "in", 1, "x"),
    ]
    for refusal, place, way, people, reason in cases:
        with pytest.raises(refusal):
            do(app, fair, correct, place, way, people, reason)
    assert sums(app, source="correction") == (0, 0)


def test_of_paper_the_sheet_typed_last_counts(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair)
    do(app, fair, tally, where(gate), 120, 30, "mưa, máy tắt")
    assert do(app, fair, tally, where(gate), 125, 30, "đếm lại")
    assert not do(app, fair, tally, where(gate), 125, 30, "gõ lần nữa"), "the same figures move nothing"
    assert counts(app, gate).paper == Flow(125, 30)
    with app.app_context():
        assert [counts for _, counts in tallies_of(reading(), [gate], today())] == [False, False, True]
    for people_in, people_out in ((-1, 0), (0, 2_000_000)):
        with pytest.raises(refusals.PeopleWrong):
            do(app, fair, tally, where(gate), people_in, people_out, "")
    do(app, fair, change_gate, gate, "Cổng", "exit")
    with pytest.raises(refusals.NotCountedHere):
        do(app, fair, tally, where(gate), 1, 0, "")


def test_other_sources_are_said_and_taken_back(app: Flask, fair: Fair) -> None:
    bikes = OtherSaid("Bãi xe", 3_050, 170, "least")
    entry = new_id()
    assert do(app, fair, add_other_count, fair.edition_id, entry, today(), bikes)
    assert not do(app, fair, add_other_count, fair.edition_id, entry, today(), bikes)
    do(app, fair, add_other_count, fair.edition_id, new_id(), today(), OtherSaid("BÃI  xe", 3_100, 170, "least"))
    assert said(app, fair) == [("BÃI xe", 3_100)], "of one name the last counts"
    do(app, fair, withdraw_other_count, fair.edition_id, new_id(), today(), "BÃI xe")
    assert said(app, fair) == []
    with pytest.raises(NotFound):
        do(app, fair, withdraw_other_count, fair.edition_id, new_id(), today(), "BÃI xe")
    for wrong in (OtherSaid("", 1, 100, "least"), OtherSaid("x", -1, 100, "least")):
        with pytest.raises(refusals.SourceWrong):
            do(app, fair, add_other_count, fair.edition_id, new_id(), today(), wrong)
    with pytest.raises(refusals.DayNotOfFair):
        do(app, fair, add_other_count, fair.edition_id, new_id(), today() + timedelta(days=1), bikes)


def said(app: Flask, fair: Fair) -> list[tuple[str, int]]:
    with app.app_context():
        return [(one.name, one.quantity) for one in other_counts_of(reading(), fair.edition_id, today())]


def test_a_day_outside_the_fair_can_be_corrected_when_somebody_counted(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair)
    phone = pair_phone(app, fair, gate)
    before = now() - timedelta(days=5)
    phone.send(phone.tap(at=before))
    assert do(app, fair, correct, where(gate, 9, fair_day(before, BOUNDARY)), "in", 4, "Ngày dựng gian")


def test_sessions_are_plain(app: Flask) -> None:
    """Actions take whatever session they are given; pages give them the one of a transaction."""
    with app.app_context(), transaction() as session:
        assert isinstance(session, Session)


def test_a_closed_gate_ends_its_phones_and_keeps_what_it_counted(app: Flask, fair: Fair) -> None:
    gate, other = make_gates(app, fair, 2)
    phone, elsewhere = pair_phone(app, fair, gate), pair_phone(app, fair, other)
    phone.send(phone.tap(), phone.tap())
    held = phone.tap()
    assert do(app, fair, close_gate, gate) is True
    assert do(app, fair, close_gate, gate) is False
    assert device_of(app, phone).revoked_at is not None
    assert device_of(app, elsewhere).revoked_at is None
    assert phone.send(held)[0].answer == "stored", "a tap has happened"
    assert sums(app) == (3, 0)
    assert do(app, fair, correct, where(gate, local_hour(now())), "in", 2, "đếm sót") is True
    assert do(app, fair, reopen_gate, gate) is True
    assert do(app, fair, reopen_gate, gate) is False
    with app.app_context():
        verbs = [line.verb for line in lines_about(reading(), "gate", gate)]
        assert verbs == ["gate_added", "gate_closed", "visitors_corrected", "gate_reopened"]
        assert all(one.closed_at is None for one in gates_of(reading(), fair.edition_id))
    for action in (close_gate, reopen_gate):
        with pytest.raises(NotFound):
            do(app, fair, action, "none")


def test_in_a_frozen_edition_taps_count_and_people_change_nothing(app: Flask, fair: Fair) -> None:
    (gate,) = make_gates(app, fair)
    phone = pair_phone(app, fair, gate)
    edition = fair.edition_id
    said = OtherSaid("Bãi xe", 100, 170, "least")
    do(app, fair, add_other_count, edition, new_id(), today(), said)
    do(app, fair, freeze_edition, edition)
    before = sums(app)
    for action, given in (
        (correct, (where(gate), "in", 3, "Đếm sót")),
        (tally, (where(gate), 10, 2, "")),
        (add_other_count, (edition, new_id(), today(), said)),
        (withdraw_other_count, (edition, new_id(), today(), "Bãi xe")),
        (set_crowd_rule, (edition, 5000, 15)),
        (add_gate, (edition, "Cổng mới", "both")),
        (change_gate, (gate, "Cổng chính", "entrance")),
        (reopen_gate, (gate,)),
    ):
        with pytest.raises(EditionFrozen):
            do(app, fair, action, *given)
    assert sums(app) == before
    phone.send(phone.tap())
    assert sums(app) != before
    assert do(app, fair, close_gate, gate), "a phone that is lost must be shut out all the same"
