"""Fees stand until they are cancelled with a reason; what stands on a statement is not cancelled; the smallest payout."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.plumbing.db import reading
from fair_pos.terms import fees, refusals
from fair_pos.terms.actions import Settled
from fair_pos.terms.queries import fees_until, minimum_of
from tests.builders import Fair, make_fair
from tests.terms.test_actions import TODAY, said


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def charge(app: Flask, fair: Fair, kind: str = "fridge", amount: int = 200_000, words: str = "") -> str:
    found: str = said(app, fair, fees.add_fee, fair.producer_ids[0], kind, amount, TODAY, words)
    return found


def test_fees_until_a_day_without_those_cancelled(app: Flask, fair: Fair) -> None:
    kept, gone = charge(app, fair), charge(app, fair, "booth_rent", 1)
    credit = charge(app, fair, "correction", -50_000, "Thu thừa tháng trước")
    said(app, fair, fees.cancel_fee, gone, "Ghi nhầm")
    with app.app_context():
        assert {one.id for one in fees_until(reading(), fair.edition_id, TODAY)} == {kept, credit}
        assert fees_until(reading(), fair.edition_id, TODAY - timedelta(days=1)) == []
    with pytest.raises(refusals.FeeCancelled):
        said(app, fair, fees.cancel_fee, gone, "Ghi nhầm")
    stated = Settled(lambda *_: TODAY, lambda *_: [], lambda *_: {kept})
    with pytest.raises(refusals.FeeSettled) as refused:
        said(app, fair, fees.cancel_fee, kept, "Ghi nhầm", settled=stated)
    assert refused.value.facts == {"first": (TODAY + timedelta(days=1)).strftime("%d/%m/%Y")}


@pytest.mark.parametrize(
    ("kind", "amount", "words"),
    [("fridge", 0, ""), ("fridge", -1, ""), ("correction", 0, "x"), ("other", 1, " "), ("correction", 5, ""),
     ("other", 1, "x" * 201), ("fridge", 10**12 + 1, "")],
)  # fmt: skip
def test_what_cannot_be_charged(app: Flask, fair: Fair, kind: str, amount: int, words: str) -> None:
    with pytest.raises(Refusal):
        charge(app, fair, kind, amount, words)


def test_whom_and_what_for_must_be_known(app: Flask, fair: Fair) -> None:
    with pytest.raises(NotFound):
        charge(app, fair, "bribe")
    with pytest.raises(NotFound):
        said(app, fair, fees.add_fee, "nobody", "fridge", 1, TODAY, "")


def test_the_smallest_payout(app: Flask, fair: Fair) -> None:
    with app.app_context():
        assert minimum_of(reading(), fair.edition_id) == 0
    assert said(app, fair, fees.set_minimum, 100_000) is True
    assert said(app, fair, fees.set_minimum, 100_000) is False
    with app.app_context():
        assert minimum_of(reading(), fair.edition_id) == 100_000
    with pytest.raises(refusals.MinimumWrong):
        said(app, fair, fees.set_minimum, -1)
