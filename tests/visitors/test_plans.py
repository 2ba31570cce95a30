"""Planned visitors: the last word counts, earlier ones stay, and a form sent twice is one."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.venues.actions import freeze_edition
from fair_pos.venues.refusals import EditionFrozen
from fair_pos.visitors.forms import plan_said
from fair_pos.visitors.plans import plan_days
from fair_pos.visitors.queries import planned_of
from fair_pos.visitors.refusals import DayNotOfFair, PeopleWrong
from fair_pos.visitors.rules import days_to_plan, is_more_than_planned
from fair_pos.visitors.tables import VisitorPlan
from tests.builders import BOUNDARY, Fair, csrf_token, make_fair, sign_in
from tests.visitors.phones import make_gates, pair_phone


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def today() -> date:
    return fair_day(now(), BOUNDARY)


def plan(app: Flask, fair: Fair, said: dict[date, int | None], entry: str | None = None) -> bool:
    with app.app_context(), transaction() as session:
        return plan_days(session, fair.edition_id, entry or new_id(), said, at=now(), by=fair.people["bantochuc"])


def test_the_last_word_counts_and_earlier_ones_stay(app: Flask, fair: Fair) -> None:
    day, other = today(), today() + timedelta(days=1)
    assert plan(app, fair, {day: 5_000, other: 6_000})
    assert not plan(app, fair, {day: 5_000}), "the same again is no change"
    assert plan(app, fair, {day: 7_000, other: None})
    with app.app_context():
        assert planned_of(reading(), fair.edition_id) == {day: 7_000}
        assert reading().scalar(select(func.count()).select_from(VisitorPlan)) == 4
        lines = reading().scalars(select(Line).where(Line.verb == "visitors_planned").order_by(Line.seq)).all()
        assert [line.facts for line in lines] == [
            {day.isoformat(): [None, 5_000], other.isoformat(): [None, 6_000]},
            {day.isoformat(): [5_000, 7_000], other.isoformat(): [6_000, None]},
        ]


def test_a_form_sent_twice_counts_once(app: Flask, fair: Fair) -> None:
    entry = new_id()
    assert plan(app, fair, {today(): 100}, entry)
    assert plan(app, fair, {today(): 200})
    assert not plan(app, fair, {today(): 100}, entry), "the first form, sent again, does not take the later word back"
    with app.app_context():
        assert planned_of(reading(), fair.edition_id) == {today(): 200}


def test_another_number_in_a_form_that_was_sent_is_a_new_word(app: Flask, fair: Fair) -> None:
    """Whoever goes back in the browser and types again sends the form of the first page."""
    entry, other = new_id(), today() + timedelta(days=1)
    assert plan(app, fair, {today(): 100, other: 300}, entry)
    assert plan(app, fair, {today(): 200, other: 300}, entry)
    with app.app_context():
        assert planned_of(reading(), fair.edition_id) == {today(): 200, other: 300}
        line = reading().scalars(select(Line).where(Line.verb == "visitors_planned").order_by(Line.seq)).all()[-1]
        assert line.facts == {today().isoformat(): [100, 200]}


def test_what_another_person_planned_meanwhile_is_not_taken_back(app: Flask, fair: Fair, client: FlaskClient) -> None:
    day, other = today(), today() + timedelta(days=1)
    plan(app, fair, {day: 1_000, other: 2_000})
    sign_in(client, "bantochuc")
    where = f"/editions/{fair.edition_id}/visitors"
    page = client.get(where).get_data(as_text=True)
    fields = dict(re.findall(r'name="((?:plan|stood)-[^"]+)" value="([^"]*)"', page))
    assert fields[f"stood-{day}"] == "1000"
    plan(app, fair, {day: 1_500})
    form = {"csrf_token": csrf_token(client), "entry": new_id(), "day": day.isoformat(), **fields}
    client.post(f"{where}/plan", data=form | {f"plan-{other}": "2.500"})
    with app.app_context():
        assert planned_of(reading(), fair.edition_id) == {day: 1_500, other: 2_500}


def test_days_of_no_fair_and_frozen_fairs_are_refused(app: Flask, fair: Fair) -> None:
    with pytest.raises(DayNotOfFair):
        plan(app, fair, {today() + timedelta(days=90): 5})
    with app.app_context(), transaction() as session:
        freeze_edition(session, fair.edition_id, at=now(), by=fair.people["quantri"])
    with pytest.raises(EditionFrozen):
        plan(app, fair, {today(): 5})


def test_what_a_form_may_say() -> None:
    assert plan_said({"plan-2026-11-24": "5.000", "plan-2026-11-25": " ", "other": "x"}) == {
        date(2026, 11, 24): 5_000, date(2026, 11, 25): None,
    }  # fmt: skip
    stood = {"plan-2026-11-24": "5.000", "stood-2026-11-24": "5000", "plan-2026-11-25": "", "stood-2026-11-25": "7"}
    assert plan_said(stood) == {date(2026, 11, 25): None}
    for form, error in (({"plan-x": "5"}, DayNotOfFair), ({"plan-2026-11-24": "nhiều"}, PeopleWrong)):
        with pytest.raises(error):
            plan_said(form)


@pytest.mark.parametrize(
    ("actual", "planned", "more"),
    [
        (151, 100, True),
        (150, 100, False),
        (149, 100, False),
        (5, None, False),
        (5, 0, False),
        (2, 1, True),
        (0, 1, False),
    ],
)
def test_more_than_planned_is_above_one_and_a_half(actual: int, planned: int | None, more: bool) -> None:
    assert is_more_than_planned(actual, planned) is more


def test_days_that_can_be_planned() -> None:
    day = date(2026, 11, 20)
    assert days_to_plan(day, day + timedelta(days=4), day)[-1] == date(2026, 11, 24)
    assert len(days_to_plan(day, day + timedelta(days=4), day)) == 5
    showroom = days_to_plan(date(2025, 1, 1), None, day)
    assert (showroom[0], len(showroom)) == (day, 14)
    long = days_to_plan(date(2026, 1, 1), date(2026, 12, 31), day)
    assert (long[0], len(long)) == (day, 42)


def test_an_organiser_plans_and_sees_the_crowd(app: Flask, fair: Fair, client: FlaskClient) -> None:
    (gate,) = make_gates(app, fair)
    phone = pair_phone(app, fair, gate)
    phone.send(phone.group(people=60), phone.group(people=31))
    sign_in(client, "bantochuc")
    where = f"/editions/{fair.edition_id}/visitors"
    form = {"csrf_token": csrf_token(client), "entry": new_id(), "day": today().isoformat(), f"plan-{today()}": "60"}
    page = client.post(f"{where}/plan", data=form, follow_redirects=True).get_data(as_text=True)
    assert "Đã lưu dự kiến." in page
    assert 'data-figure="planned" data-value="60"' in page
    assert 'id="crowded"' in page
    again = {**form, "entry": new_id(), f"plan-{today()}": "61"}
    assert 'id="crowded"' not in client.post(f"{where}/plan", data=again, follow_redirects=True).get_data(as_text=True)
    wrong = client.post(f"{where}/plan", data={**form, "entry": new_id(), f"plan-{today()}": "rất đông"})
    assert wrong.status_code == 400
    assert 'value="rất đông"' in wrong.get_data(as_text=True), "what was typed stays"
