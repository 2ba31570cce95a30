"""Statements are added up again; whatever is changed behind their back is found."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading
from fair_pos.proof.rules import Differs
from fair_pos.proof.settlement import prove_settlements
from fair_pos.settlement import gather, rules
from fair_pos.settlement.actions import pay_out
from fair_pos.settlement.rules import spread
from fair_pos.terms.rules import Split
from tests.settlement.stage import Stage, make_stage

CHANGES = {
    "a number": "UPDATE settlement SET number = 9 WHERE number = 2",
    "the text": "UPDATE settlement SET content = REPLACE(content, 'Mật ong', 'Mật mía') WHERE number = 1",
    "sums that still add up": "UPDATE settlement SET owner_dong = owner_dong + 1, house_dong = house_dong - 1, payable_dong = payable_dong + 1",
    "shares of a line": "UPDATE settlement_line SET owner_dong = owner_dong + 1, house_dong = house_dong - 1 WHERE source = 'sale'",
    "whose goods": "UPDATE settlement SET producer_id = (SELECT MAX(id) FROM producer WHERE id <> settlement.producer_id) WHERE number = 2",
    "a part taken away": "DELETE FROM settlement_line WHERE source = 'fee'",
    "what was paid": "UPDATE payout SET amount_dong = amount_dong - 1",
}


@pytest.fixture
def stage(app: Flask) -> Stage:
    made = make_stage(app)
    first = made.sell(8, made.line(made.fair.goods[0], 100_000))
    made.settle(7)
    made.sell(6, made.line(made.fair.goods[0], 50_000))
    made.sell(6, made.line(made.fair.goods[0], 100_000), refund_of=first)
    made.fee(made.fair.producer_ids[0], 5_000, 6)
    made.settle(5)
    made.sell(4, made.line(made.fair.goods[0], 500_000))
    made.settle(3)
    made.do(
        lambda session: pay_out(
            session, made.fair.edition_id, 1, day=made.day(1), method="cash", reference="", at=now(), by=None
        )
    )
    return made


def test_statements_agree(stage: Stage) -> None:
    with stage.app.app_context():
        proof = prove_settlements(reading())
    assert (proof.statements, proof.payouts) == (3, 1)
    assert proof.parts == 1 + 3 + 2, "the last takes up what the second left below zero"


@pytest.mark.parametrize("change", CHANGES)
def test_change_is_found(stage: Stage, change: str) -> None:
    stage.do(lambda session: session.execute(text(CHANGES[change])))
    with stage.app.app_context(), pytest.raises(Differs):
        prove_settlements(reading())


@pytest.mark.parametrize("wrong", ["spread", "share_line"])
def test_parts_that_were_divided_wrongly_are_found(stage: Stage, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    """A statement that adds up and says the same everywhere, made by arithmetic that is off by a đồng."""
    stage.sell(2, stage.line(stage.fair.goods[0], 70_001))
    with monkeypatch.context() as patched:
        if wrong == "spread":
            patched.setattr(
                gather, "spread", lambda amount, quantities: [one - 1 for one in spread(amount, quantities)]
            )
        else:
            patched.setattr(rules, "share_line", lambda amount, *_args: Split(amount, 0))
        stage.settle(1)
    with stage.app.app_context(), pytest.raises(Differs):
        prove_settlements(reading())
