"""Rules are said, changed, ended and taken back; what was sold or settled stays as it was."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.plumbing.db import db, in_transaction, reading, transaction
from fair_pos.terms import actions, refusals
from fair_pos.terms.queries import rule_rows, rules_of
from fair_pos.terms.rules import About, Divided, Rule, Share, rule_for
from fair_pos.terms.tables import SplitRule
from tests.builders import BOUNDARY, Fair, make_fair, pair_tablet

EIGHTY, SEVENTY = Share(kind="percent", basis_points=8000), Share(kind="percent", basis_points=7000)
TODAY = fair_day(now(), BOUNDARY)


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def said(app: Flask, fair: Fair, action: Any, *args: Any, **more: Any) -> Any:
    with app.app_context():
        by = fair.people["bantochuc"]
        return in_transaction(lambda session: action(session, fair.edition_id, *args, at=now(), by=by, **more))


def sell(app: Flask, fair: Fair) -> None:
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(fair.goods[0], 1)]))


def test_a_rule_is_changed_from_a_day_on_and_old_sales_keep_the_old_one(app: Flask, fair: Fair) -> None:
    about = About(owner_id=fair.producer_ids[0])
    old = said(app, fair, actions.add_rule, about, EIGHTY, starts_day=TODAY - timedelta(days=1))
    sell(app, fair)
    for day in (TODAY - timedelta(days=1), TODAY):
        with pytest.raises(Refusal):
            said(app, fair, actions.change_rule, old, SEVENTY, from_day=day)
    with pytest.raises(refusals.RuleHasSold):
        said(app, fair, actions.withdraw_rule, old)
    said(app, fair, actions.change_rule, old, SEVENTY, from_day=TODAY + timedelta(days=1))
    with app.app_context():
        rules = rules_of(reading(), fair.edition_id)
    here = {"booth_id": fair.booth_ids[0], "owner_id": fair.producer_ids[0], "product_id": "any"}
    points = [
        found.basis_points
        for days in (-1, 0, 1)
        if (found := rule_for(rules, day=TODAY + timedelta(days=days), **here))
    ]
    assert points == [8000, 8000, 7000]


@pytest.mark.parametrize(
    ("starts", "ends", "refused"),
    [(-5, -1, False), (-5, 0, True), (0, None, True), (9, 12, True), (10, 12, False), (3, 3, True), (12, 11, True)],
)
def test_rules_about_the_same_do_not_overlap(
    app: Flask, fair: Fair, starts: int, ends: int | None, refused: bool
) -> None:
    about = About(owner_id=fair.producer_ids[0], booth_id=fair.booth_ids[0])
    said(app, fair, actions.add_rule, about, EIGHTY, starts_day=TODAY, ends_day=TODAY + timedelta(days=9))
    last = None if ends is None else TODAY + timedelta(days=ends)
    kept = {"starts_day": TODAY + timedelta(days=starts), "ends_day": last}
    if refused:
        with pytest.raises((refusals.RuleOverlaps, refusals.RuleDaysWrong)):
            said(app, fair, actions.add_rule, about, SEVENTY, **kept)
    else:
        said(app, fair, actions.add_rule, about, SEVENTY, **kept)


@pytest.mark.parametrize(
    ("share", "code"),
    [
        (Share(kind="percent", basis_points=12_000), "split_rate_over"),
        (Share(kind="tiers", tiers=((0, 8000), (50_000, 10_001))), "split_rate_over"),
        (Share(kind="tiers", tiers=((5, 8000),)), "split_tiers_wrong"),
        (Share(kind="fixed", unit_dong=0), "split_unit_amount_wrong"),
    ],
)
def test_what_cannot_be_meant_is_refused(app: Flask, fair: Fair, share: Share, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        said(app, fair, actions.add_rule, About(), share, starts_day=TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize("name", ["booth_id", "owner_id", "product_id"])
def test_rules_about_what_is_not_here(app: Flask, fair: Fair, name: str) -> None:
    with pytest.raises(NotFound):
        said(app, fair, actions.add_rule, About(**{name: new_id()}), EIGHTY, starts_day=TODAY)


def test_a_narrower_rule_may_not_begin_on_days_that_have_sold(app: Flask, fair: Fair) -> None:
    said(app, fair, actions.add_rule, About(), EIGHTY, starts_day=TODAY - timedelta(days=2))
    sell(app, fair)
    narrow = About(product_id=fair.goods[0].product_id)
    with pytest.raises(refusals.RuleChangesPast) as refused:
        said(app, fair, actions.add_rule, narrow, SEVENTY, starts_day=TODAY)
    assert refused.value.facts["first"] == (TODAY + timedelta(days=1)).strftime("%d/%m/%Y")
    said(app, fair, actions.add_rule, narrow, SEVENTY, starts_day=TODAY + timedelta(days=1))


def test_nothing_reaches_back_into_a_statement(app: Flask, fair: Fair) -> None:
    def settled(_session: Any, edition_id: str, owner_id: str | None) -> date:
        assert (edition_id, owner_id) == (fair.edition_id, fair.producer_ids[0])
        return TODAY

    stated = actions.Settled(settled, lambda *_: [], lambda *_: [])
    about = About(owner_id=fair.producer_ids[0])
    with pytest.raises(refusals.RuleSettled):
        said(app, fair, actions.add_rule, about, EIGHTY, starts_day=TODAY, settled=stated)
    rule = said(app, fair, actions.add_rule, about, EIGHTY, starts_day=TODAY - timedelta(days=3))
    with pytest.raises(refusals.RuleSettled):
        said(app, fair, actions.end_rule, rule, TODAY - timedelta(days=1), settled=stated)
    with pytest.raises(refusals.RuleSettled):
        said(app, fair, actions.withdraw_rule, rule, settled=stated)
    said(app, fair, actions.end_rule, rule, TODAY, settled=stated)


def test_goods_settled_by_the_rule_of_a_day_to_come_hold_that_rule(app: Flask, fair: Fair) -> None:
    """Beyond the days of statements: what was taken back, and settled, before its own day."""
    owner, ahead = fair.producer_ids[0], TODAY + timedelta(days=4)
    held = Divided(booth_id=fair.booth_ids[0], owner_id=owner, product_id="p", day=ahead)
    stated = actions.Settled(lambda *_: TODAY, lambda *_: [held], lambda *_: [])
    with pytest.raises(refusals.RuleSettled) as refused:
        said(app, fair, actions.add_rule, About(), EIGHTY, starts_day=TODAY + timedelta(days=2), settled=stated)
    assert refused.value.facts["first"] == (ahead + timedelta(days=1)).strftime("%d/%m/%Y")
    other = About(owner_id=fair.producer_ids[1])
    said(app, fair, actions.add_rule, other, EIGHTY, starts_day=TODAY + timedelta(days=2), settled=stated)
    said(app, fair, actions.add_rule, About(), EIGHTY, starts_day=ahead + timedelta(days=1), settled=stated)


def test_a_rule_that_is_over_keeps_the_days_on_which_it_sold(app: Flask, fair: Fair) -> None:
    """Also where goods were sold later, when it held no longer."""
    tablet, back = pair_tablet(app, fair), timedelta(days=1)
    rule = said(app, fair, actions.add_rule, About(), EIGHTY, starts_day=TODAY - 4 * back, ends_day=TODAY - 2 * back)
    for days in (3, 0):
        tablet.send(tablet.sale([(fair.goods[0], 1)], at=now() - days * back))
    for change, args in ((actions.withdraw_rule, ()), (actions.end_rule, (TODAY - 4 * back,))):
        with pytest.raises(refusals.RuleHasSold) as refused:
            said(app, fair, change, rule, *args)
        assert refused.value.facts["day"] == (TODAY - 3 * back).strftime("%d/%m/%Y")
    said(app, fair, actions.end_rule, rule, TODAY - 3 * back)


def test_a_rule_that_is_over_does_not_go_on_where_a_wider_one_has_sold(app: Flask, fair: Fair) -> None:
    back, narrow = timedelta(days=1), About(owner_id=fair.producer_ids[0])
    said(app, fair, actions.add_rule, About(), EIGHTY, starts_day=TODAY - 4 * back)
    rule = said(app, fair, actions.add_rule, narrow, SEVENTY, starts_day=TODAY - 4 * back, ends_day=TODAY - 2 * back)
    sell(app, fair)
    with pytest.raises(refusals.RuleChangesPast):
        said(app, fair, actions.end_rule, rule, TODAY)
    said(app, fair, actions.end_rule, rule, TODAY - back)


def test_a_mistake_is_taken_back_and_stays_written_down(app: Flask, fair: Fair) -> None:
    rule = said(app, fair, actions.add_rule, About(), EIGHTY, starts_day=TODAY)
    said(app, fair, actions.withdraw_rule, rule)
    with pytest.raises(refusals.RuleEnded):
        said(app, fair, actions.withdraw_rule, rule)
    said(app, fair, actions.add_rule, About(), SEVENTY, starts_day=TODAY)
    with app.app_context():
        assert [one.basis_points for one in rules_of(reading(), fair.edition_id)] == [7000]
        assert len(rule_rows(reading(), fair.edition_id)) == 2


@pytest.mark.race
def test_of_two_who_say_the_same_at_once_one_is_told(app: Flask, fair: Fair) -> None:
    ready = threading.Barrier(4)

    def add(_number: int) -> bool:
        ready.wait()
        try:
            # Bounded and begun apart, so that no index of the database stands in for the lock.
            start = TODAY + timedelta(days=_number)
            said(app, fair, actions.add_rule, About(), EIGHTY, starts_day=start, ends_day=TODAY + timedelta(days=9))
        except refusals.RuleOverlaps:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(add, range(4))) == 1


@pytest.mark.race
def test_without_the_lock_both_would_stand(app: Flask, fair: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control, where writers do not stand in one line: on PostgreSQL two rules hold on the same days."""
    both = threading.Barrier(2)

    def look_and_wait(session: Any, edition_id: str) -> list[Rule]:
        found = rules_of(session, edition_id)
        with suppress(threading.BrokenBarrierError):  # then the other waits for us
            both.wait(timeout=1)
        return found

    def add(late: int) -> bool:
        start, last = TODAY + timedelta(days=late), TODAY + timedelta(days=9)
        try:
            said(app, fair, actions.add_rule, About(), EIGHTY, starts_day=start, ends_day=last)
        except refusals.RuleOverlaps:
            return False
        return True

    monkeypatch.setattr(actions, "hold_terms", lambda *_args: None)
    monkeypatch.setattr(actions, "rules_of", look_and_wait)
    with app.app_context():
        one_writer = db.engine.dialect.name == "sqlite"
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(add, range(2))) == (1 if one_writer else 2)


def test_the_database_itself_holds_two_rules_without_end_apart(app: Flask, fair: Fair) -> None:
    def row(start: date) -> SplitRule:
        return SplitRule(
            id=new_id(), edition_id=fair.edition_id, about="||", kind="percent", basis_points=1, tiers=[], unit_dong=0,
            starts_day=start, created_by=fair.people["bantochuc"], created_at=now(),
        )  # fmt: skip

    with app.app_context(), pytest.raises(IntegrityError), transaction() as session:
        session.add_all([row(TODAY), row(TODAY + timedelta(days=1))])
