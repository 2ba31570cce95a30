"""What stands about terms: of this edition only, without what was taken back, in the order it is read in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.payments.actions import AccountSaid
from fair_pos.plumbing.db import reading
from fair_pos.terms import actions, fees, queries
from fair_pos.terms.rules import About, Share
from tests.builders import Fair, make_fair
from tests.terms.test_accounts import APPROVED, agree, offer
from tests.terms.test_actions import EIGHTY, TODAY, said


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def test_a_rule_comes_back_as_it_was_said(app: Flask, fair: Fair) -> None:
    about = About(booth_id=fair.booth_ids[0], owner_id=fair.producer_ids[0], product_id=fair.goods[0].product_id)
    stairs, last = Share(kind="tiers", tiers=((0, 7000), (100_000, 8250))), TODAY + timedelta(days=4)
    rule = said(app, fair, actions.add_rule, about, stairs, starts_day=TODAY, ends_day=last)
    with app.app_context():
        (found,) = queries.rules_of(reading(), fair.edition_id)
    assert (found.id, found.key, found.kind, found.tiers) == (rule, about.key, "tiers", stairs.tiers)
    assert (found.starts_day, found.ends_day) == (TODAY, last)


def test_rules_come_earliest_first_without_those_taken_back(app: Flask, fair: Fair) -> None:
    later = said(app, fair, actions.add_rule, About(), EIGHTY, starts_day=TODAY + timedelta(days=3))
    first = said(app, fair, actions.add_rule, About(owner_id=fair.producer_ids[0]), EIGHTY, starts_day=TODAY)
    gone = said(app, fair, actions.add_rule, About(owner_id=fair.producer_ids[1]), EIGHTY, starts_day=TODAY)
    said(app, fair, actions.withdraw_rule, gone)
    with app.app_context():
        assert [one.id for one in queries.rules_of(reading(), fair.edition_id)] == [first, later]
        assert {one.id for one in queries.rule_rows(reading(), fair.edition_id)} == {first, later, gone}
        assert queries.get_rule(reading(), fair.edition_id, gone).withdrawn


def test_nothing_of_another_edition_is_found(app: Flask, fair: Fair) -> None:
    rule = said(app, fair, actions.add_rule, About(), EIGHTY, starts_day=TODAY)
    fee = said(app, fair, fees.add_fee, fair.producer_ids[0], "fridge", 5, TODAY, "")
    change = offer(app, fair)
    other = new_id()
    with app.app_context():
        for get, one in ((queries.get_rule, rule), (queries.get_fee, fee), (queries.get_change, change)):
            assert get(reading(), fair.edition_id, one).id == one
            with pytest.raises(NotFound):
                get(reading(), other, one)
        assert queries.rules_of(reading(), other) == []
        assert queries.all_fees(reading(), other) == []
        assert queries.changes_of(reading(), other) == []
        assert queries.minimum_of(reading(), other) == 0


def test_fees_that_were_cancelled_stand_in_the_list_only(app: Flask, fair: Fair) -> None:
    owner = fair.producer_ids[0]
    old = said(app, fair, fees.add_fee, owner, "fridge", 5, TODAY - timedelta(days=1), "")
    new = said(app, fair, fees.add_fee, owner, "fridge", 7, TODAY, "")
    said(app, fair, fees.cancel_fee, old, "Ghi nhầm")
    with app.app_context():
        assert [one.id for one in queries.all_fees(reading(), fair.edition_id)] == [new, old]
        assert [one.id for one in queries.fees_until(reading(), fair.edition_id, TODAY)] == [new]


def test_an_account_is_in_use_once_two_people_agreed(app: Flask, fair: Fair) -> None:
    owner = fair.producer_ids[0]
    change = offer(app, fair)
    with app.app_context():
        assert queries.accounts_in_use(reading(), fair.edition_id) == {}
        waiting = queries.find_open_change(reading(), fair.edition_id, owner)
        assert waiting is not None
        assert waiting.id == change
    assert agree(app, fair, change) == APPROVED
    with app.app_context():
        found = queries.accounts_in_use(reading(), fair.edition_id)
        assert {key: one.last_digits for key, one in found.items()} == {owner: "678"}
        assert queries.payout_account_of(reading(), fair.edition_id, owner) == found[owner]
        assert queries.payout_account_of(reading(), fair.edition_id, fair.producer_ids[1]) is None
        assert queries.find_open_change(reading(), fair.edition_id, owner) is None
        ((row, account),) = queries.changes_of(reading(), fair.edition_id)
        assert (row.outcome, account) == ("approved", found[owner])


def test_accounts_in_use_since_a_moment(app: Flask, fair: Fair) -> None:
    owner = fair.producer_ids[0]
    agree(app, fair, offer(app, fair))
    agree(app, fair, offer(app, fair, AccountSaid("970418", "0200998877", "HTX")), "0200998877")
    offer(app, fair, AccountSaid("970418", "0200998899", "HTX"))  # nobody has approved it
    with app.app_context():
        session = reading()
        both = queries.accounts_since(session, fair.edition_id, owner, now() - timedelta(days=1))
        assert [one.last_digits for one in both] == ["877", "678"]
        newest, old = both
        assert newest.active_until_at is None
        assert old.active_until_at is not None
        assert queries.accounts_since(session, fair.edition_id, owner, old.active_until_at) == [newest]
        assert queries.accounts_since(session, fair.edition_id, fair.producer_ids[1], old.active_until_at) == []
