"""A statement of two hundred lines, tried, imported and imported again; and what providers post."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.payments.intake import (
    KEPT_FOR,
    Import,
    get_statement,
    import_statement,
    keep_statement,
    store_event,
    take_event,
)
from fair_pos.payments.listing import Wanted, transfer_sums
from fair_pos.payments.queries import count_to_review, statements_of
from fair_pos.payments.refusals import StatementColumnsMissing, StatementEmpty, StatementGone
from fair_pos.payments.tables import HookEvent, Statement
from fair_pos.plumbing.db import in_transaction, reading, transaction
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.payments.money import (
    NUMBER,
    OTHER_NUMBER,
    account_in_use,
    bank_lines,
    by_transfer,
    code_of,
    confirmations,
    look,
    sepay_body,
    statement_file,
    two_hundred_lines,
)

PRICE = 220_000


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def keep(app: Flask, fair: Fair, data: bytes, account: str = NUMBER, *, by: str = "bantochuc") -> str:
    with app.app_context(), transaction() as session:
        person = fair.people[by]
        return keep_statement(session, fair.edition_id, account, data, "sao-ke.csv", at=now(), by=person).id


def run(app: Flask, fair: Fair, statement_id: str, *, dry: bool = False) -> Import:
    with app.app_context(), transaction() as session:
        by = fair.people["bantochuc"]
        kept = get_statement(session, fair.edition_id, statement_id, at=now(), by=by)
        done = import_statement(session, kept, None, at=now(), by=by)
        if dry:
            session.rollback()
        return done


def test_two_hundred_lines(app: Flask, fair: Fair, tablet: Tablet) -> None:
    data = two_hundred_lines(tablet, fair, account_in_use(app, fair))

    first = keep(app, fair, data)
    tried = run(app, fair, first, dry=True)
    assert (tried.result.matched, tried.result.listed) == (182, 18)
    assert (bank_lines(app), confirmations(app)) == ([], [])

    done = run(app, fair, first)
    assert len(done.read.lines) == 200
    assert (done.result.matched, done.result.listed, done.result.known) == (182, 18, 0)
    assert done.result.states == {"confirmed": 182, "underpaid": 5, "overpaid": 5, "no_code": 5, "twice": 3}
    with app.app_context():
        assert count_to_review(reading(), fair.edition_id, homeless=False) == 18
        sums = transfer_sums(reading(), fair.edition_id, Wanted())
    assert (sums.count, sums.confirmed_dong) == (197, 182 * PRICE + 5 * (PRICE - 1_000) + 5 * PRICE)
    assert sums.confirmed_dong + sums.claimed_dong == 197 * PRICE

    before = [(one.id, one.state) for one in bank_lines(app)], len(confirmations(app))
    again = run(app, fair, keep(app, fair, data)).result
    assert (again.states, again.known) == ({}, 200)
    assert ([(one.id, one.state) for one in bank_lines(app)], len(confirmations(app))) == before


def test_a_file_is_gone_once_it_is_imported_and_its_counts_stay(app: Flask, fair: Fair) -> None:
    account_in_use(app, fair)
    kept = keep(app, fair, statement_file([("FT1", 5_000, "x")]))
    run(app, fair, kept)
    with pytest.raises(StatementGone):
        run(app, fair, kept)
    with app.app_context():
        [one] = statements_of(reading(), fair.edition_id)
        assert (one.data, one.counts) == (None, {"matched": 0, "listed": 1, "known": 0})


def test_a_file_waits_an_hour_for_whoever_sent_it(app: Flask, fair: Fair) -> None:
    account_in_use(app, fair)
    kept = keep(app, fair, statement_file([("FT1", 5_000, "x")]))
    with app.app_context(), transaction() as session:
        for by, edition, at, refusal in (
            ("quantri", fair.edition_id, now(), NotFound),
            ("bantochuc", "0" * 36, now(), NotFound),
            ("bantochuc", fair.edition_id, now() + KEPT_FOR + timedelta(minutes=1), StatementGone),
        ):
            with pytest.raises(refusal):
                get_statement(session, edition, kept, at=at, by=fair.people[by])
        later, data = now() + KEPT_FOR + timedelta(minutes=1), statement_file([("FT2", 5_000, "y")])
        keep_statement(session, fair.edition_id, NUMBER, data, "b.csv", at=later, by=fair.people["quantri"])
        assert session.get(Statement, kept) is None


def test_what_is_no_statement_is_not_kept(app: Flask, fair: Fair) -> None:
    account_in_use(app, fair)
    with pytest.raises(StatementEmpty):
        keep(app, fair, b"")
    with pytest.raises(NotFound):
        keep(app, fair, statement_file([("FT1", 5_000, "x")]), OTHER_NUMBER)
    kept = keep(app, fair, statement_file([("FT1", 5_000, "x")], headings=list("abcdef")))
    with pytest.raises(StatementColumnsMissing):
        run(app, fair, kept)


# --- providers ------------------------------------------------------------------------------------------------------


def post(app: Flask, body: bytes) -> str:
    with app.app_context():
        event = in_transaction(lambda session: store_event(session, "sepay", body, now()))
        return in_transaction(lambda session: take_event(session, event, now()))


def test_what_a_provider_posts_confirms_once(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account_in_use(app, fair))
    tablet.send(sale)
    body = sepay_body(code_of(1), PRICE)
    assert [post(app, body), post(app, body)] == ["taken", "taken"]
    assert look(app, sale["id"]).received_dong == PRICE
    assert ([one.how for one in confirmations(app)], len(bank_lines(app))) == (["hook"], 1)
    with app.app_context():
        [event] = reading().scalars(select(HookEvent))
        assert (event.body, event.outcome, event.txn_id) == (body, "taken", "92704")


def test_what_was_kept_and_not_made_of_is_made_of_when_it_comes_again(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account_in_use(app, fair))
    tablet.send(sale)
    body = sepay_body(code_of(1), PRICE)
    with app.app_context():
        in_transaction(lambda session: store_event(session, "sepay", body, now()))
    assert look(app, sale["id"]).received_dong == 0
    assert post(app, body) == "taken"
    assert look(app, sale["id"]).received_dong == PRICE


def test_money_that_went_out_and_what_cannot_be_read_is_kept_and_no_more(app: Flask, fair: Fair) -> None:
    account_in_use(app, fair)
    assert post(app, sepay_body(code_of(1), PRICE, transferType="out")) == "ignored"
    assert post(app, sepay_body(code_of(1), PRICE, txn=2, transferAmount=1.5)) == "unreadable"
    assert bank_lines(app) == []


def test_a_virtual_account_of_ours_counts_as_ours(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account_in_use(app, fair, number="VQRQ0001"))
    tablet.send(sale)
    post(app, sepay_body(code_of(1), PRICE, account="5555", subAccount="VQRQ0001"))
    assert look(app, sale["id"]).received_dong == PRICE
