from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import select

from fair_pos.demo.simulator import BoothPlan, simulate
from fair_pos.demo.transfers import BANKS, STATEMENTS, import_statements, open_account, sample_account
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM
from fair_pos.payments.actions import Owner
from fair_pos.payments.queries import accounts_of, statements_of
from fair_pos.payments.rules import banks, read_account_number
from fair_pos.plumbing.db import reading, transaction
from fair_pos.sales.tables import Oddity
from tests.builders import BOUNDARY, make_fair
from tests.payments.money import bank_lines, check_figures, confirmations

DAYS = [date(2026, 11, 21), date(2026, 11, 22)]


def test_no_real_account_is_named() -> None:
    """A visitor may scan a demo's QR code; the money must not reach a stranger."""
    for number in range(30):
        said = sample_account(number, "HTX Nông nghiệp Mường So")
        assert said.account_number.startswith("MAU")
        assert read_account_number(said.account_number) == said.account_number
        assert said.holder == "HTX NONG NGHIEP MUONG SO (MAU)"
    assert set(BANKS) <= banks().keys()


def test_the_bank_tells_of_all_days_but_the_last(app: Flask) -> None:
    fair = make_fair(app, booths=2, starts=DAYS[0])
    plans = []
    with app.app_context(), transaction() as session:
        for number, booth_id in enumerate(fair.booth_ids):
            said = sample_account(number, "HTX")
            account = open_account(
                session, Owner(fair.edition_id, booth_id=booth_id), said,
                proposed_by=fair.people["bantochuc"], approved_by=fair.people["quantri"], at=now(),
            )  # fmt: skip
            person = fair.people["bantochuc"]
            plans.append(BoothPlan(booth_id, person, BOUNDARY, 60, account, said.account_number))
        simulate(session, plans, DAYS, seed="test")
        import_statements(session, fair.edition_id, plans, DAYS[-1], seed="test", at=now(), by=fair.people["bantochuc"])
    with app.app_context():
        assert len(accounts_of(reading(), fair.edition_id)) == 2
        assert len(statements_of(reading(), fair.edition_id)) == 2 <= STATEMENTS
        assert reading().scalars(select(Oddity)).all() == []
    lines = bank_lines(app)
    assert {one.booked_at.astimezone(VIETNAM).date() for one in lines if one.booked_at} <= {DAYS[0]}
    states = [one.state for one in lines]
    assert (states.count("no_code"), states.count("underpaid")) == (2, 2)
    assert states.count("confirmed") == len(states) - 4
    assert {one.how for one in confirmations(app)} == {"person", "statement"}
    check_figures(app)
