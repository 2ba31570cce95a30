"""Statements through the real actions: every part once, frozen, refunds after payouts, late sales, what is carried over, payouts."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading
from fair_pos.proof.settlement import prove_settlements
from fair_pos.settlement import refusals
from fair_pos.settlement.actions import pay_out, reverse
from fair_pos.settlement.content import thawed
from fair_pos.settlement.queries import (
    content_of_statement,
    get_statement_of,
    payouts_of,
    settled_fees,
    settled_until,
    statements_of_producer,
)
from fair_pos.settlement.tables import Payout, Settlement, SettlementLine
from fair_pos.terms.rules import About, Share
from tests.settlement.stage import Stage, make_stage
from tests.terms.test_accounts import NUMBER, SAID, agree, offer

COLUMNS = [one.name for one in SettlementLine.__table__.columns]


def paid(stage: Stage, number: int, **fields: Any) -> str:
    given: dict[str, Any] = {"day": stage.day(0), "method": "cash", "reference": "PC 12"} | fields
    made: str = stage.do(
        lambda session: pay_out(
            session, stage.fair.edition_id, number, at=now(), by=stage.fair.people["bantochuc"], **given
        )
    )
    return made


def test_refund_after_payout_is_a_line_of_the_next_statement(app: Flask) -> None:
    """Pain 23: 1000 sold and 100 of it given back later makes 80 % of 900, and nothing is taken off twice."""
    stage = make_stage(app)
    goods = stage.fair.goods[0]
    first = stage.sell(6, stage.line(goods, 100))
    stage.settle(5)
    assert [one.payable_dong for one in stage.statements()] == [80]
    paid(stage, 1)
    stage.sell(4, stage.line(goods, 1000))
    stage.sell(3, stage.line(goods, 100), refund_of=first)
    stage.settle(2)
    second = stage.statements()[1]
    assert (second.net_dong, second.owner_dong, second.house_dong, second.payable_dong) == (900, 720, 180, 720)
    with app.app_context():
        entries = thawed(content_of_statement(reading(), second.id))["entries"]
    assert [(one["source"], one["owner_dong"]) for one in entries] == [("sale", 800), ("refund", -80)]
    assert stage.statements()[0].payable_dong == 80


def test_every_part_is_on_one_statement_and_late_sales_go_to_the_next(app: Flask) -> None:
    stage = make_stage(app)
    goods = stage.fair.goods[0]
    stage.sell(6, stage.line(goods, 1000))
    stage.settle(5)
    with app.app_context():
        before = reading().execute(select(Settlement.content, Settlement.digest)).all()
    stage.sell(6, stage.line(goods, 500))  # a tablet that was offline
    assert stage.settle(5) == [stage.statements()[0].id], "asked again: the same one"
    stage.settle(4)
    with app.app_context():
        session = reading()
        assert (
            session.execute(select(Settlement.content, Settlement.digest).where(Settlement.number == 1)).all() == before
        )
        entries = thawed(content_of_statement(session, stage.statements()[1].id))["entries"]
        assert [(one["net_dong"], one["late"]) for one in entries] == [(500, True)]
        lines = session.execute(
            select(func.count(), func.count(SettlementLine.movement_id.distinct())).select_from(SettlementLine)
        ).one()
    assert tuple(lines) == (2, 2)
    with pytest.raises(refusals.NothingToSettle):
        stage.settle(3)


def test_database_itself_keeps_a_part_on_one_statement(app: Flask) -> None:
    stage = make_stage(app)
    stage.sell(6, stage.line(stage.fair.goods[0], 1000))
    stage.settle(5)
    with app.app_context():
        row = reading().scalars(select(SettlementLine)).one()
        again = {name: getattr(row, name) for name in COLUMNS}
    with pytest.raises(IntegrityError):
        stage.do(lambda session: session.execute(insert(SettlementLine), [again | {"line_no": 99}]))


def test_fees_stand_beside_the_share_and_small_amounts_are_carried_over(app: Flask) -> None:
    stage = make_stage(app)
    owner, goods = stage.fair.producer_ids[0], stage.fair.goods[0]
    stage.minimum(500_000)
    stage.sell(8, stage.line(goods, 100_000))
    fee = stage.fee(owner, 200_000, 8, "Tủ lạnh")
    stage.settle(7)
    first = stage.statements()[0]
    sums = (first.owner_dong, first.fees_dong, first.payable_dong, first.carried_out_dong, first.state)
    assert sums == (80_000, 200_000, 0, -120_000, "carried")
    stage.sell(6, stage.line(goods, 1_000_000))
    stage.settle(5)
    second = stage.statements()[1]
    assert (second.carried_in_dong, second.payable_dong, second.carried_out_dong) == (-120_000, 680_000, 0)
    with app.app_context():
        assert settled_fees(reading(), stage.fair.edition_id) == {fee}
        assert settled_until(reading(), stage.fair.edition_id) == stage.day(5)
    with pytest.raises(refusals.NothingPayable):
        paid(stage, 1)


def test_whole_rest_of_an_owner_who_leaves_is_paid_below_the_minimum(app: Flask) -> None:
    stage = make_stage(app)
    owner, goods = stage.fair.producer_ids[0], stage.fair.goods[0]
    stage.minimum(500_000)
    stage.sell(8, stage.line(goods, 100_000))
    stage.settle(7)
    with pytest.raises(refusals.NothingToSettle):
        stage.settle(5, [owner])
    stage.settle(5, [owner], whole=True)
    first, second = stage.statements()
    assert (first.payable_dong, first.carried_out_dong) == (0, 80_000)
    assert (second.carried_in_dong, second.payable_dong, second.state) == (80_000, 80_000, "waiting")
    with app.app_context():
        prove_settlements(reading())


def test_old_sales_keep_the_old_rule_and_refunds_that_of_their_sale(app: Flask) -> None:
    stage = make_stage(app, percent=None)
    owner, goods = stage.fair.producer_ids[0], stage.fair.goods[0]
    stage.rule(Share(kind="percent", basis_points=9000), About(owner_id=owner), starts=5)
    sold = stage.sell(7, stage.line(goods, 1000))  # no rule yet: all is the owner's
    stage.sell(4, stage.line(goods, 1000))
    stage.sell(3, stage.line(goods, 1000), refund_of=sold)
    stage.settle(2)
    with app.app_context():
        entries = thawed(content_of_statement(reading(), stage.statements()[0].id))["entries"]
    assert [one["owner_dong"] for one in entries] == [1000, 900, -1000]


def test_goods_given_away_are_credited_by_who_bears_them(app: Flask) -> None:
    stage = make_stage(app)
    goods = stage.fair.goods[0]
    for borne_by in ("organiser", "shared", "producer"):
        line = stage.line(goods, 1001)
        stage.tablet.send(stage.tablet.giveaway([line], borne_by=borne_by, at=stage.at(6)))
    stage.settle(5)
    made = stage.statements()[0]
    assert (made.net_dong, made.credited_dong, made.payable_dong) == (0, 801 + 401, 1202)
    with app.app_context():
        entries = thawed(content_of_statement(reading(), made.id))["entries"]
    assert sorted((one["borne_by"], one["owner_dong"], one["worth_dong"]) for one in entries) == [
        ("house", 801, 1001), ("owner", 0, 1001), ("shared", 401, 1001),
    ]  # fmt: skip


def test_refusals_of_settling(app: Flask) -> None:
    stage = make_stage(app)
    owner = stage.fair.producer_ids[0]
    with pytest.raises(refusals.PeriodNotOver):
        stage.settle(0)
    with pytest.raises(refusals.NothingToSettle):
        stage.settle(1)
    with pytest.raises(NotFound):
        stage.settle(1, ["ai do"])
    stage.sell(6, stage.line(stage.fair.goods[0], 1000))
    stage.settle(3, [owner])
    with pytest.raises(refusals.SettledUntilLater):
        stage.settle(4, [owner])


def test_payout_once_with_reference_and_taken_back_with_reason(app: Flask) -> None:
    stage = make_stage(app)
    owner = stage.fair.producer_ids[0]
    stage.sell(6, stage.line(stage.fair.goods[0], 1000))
    stage.settle(5)
    with pytest.raises(refusals.PayoutDayWrong):
        paid(stage, 1, day=stage.day(5))
    with pytest.raises(refusals.AccountMissing):
        paid(stage, 1, method="transfer")
    paid(stage, 1)
    with pytest.raises(refusals.PaidAlready):
        paid(stage, 1)

    def take_back(reason: str) -> str:
        made: str = stage.do(
            lambda session: reverse(
                session, stage.fair.edition_id, 1, reason, at=now(), by=stage.fair.people["bantochuc"]
            )
        )
        return made

    with pytest.raises(refusals.ReversalReasonMissing):
        take_back(" ")
    take_back("Chuyển nhầm người")
    with pytest.raises(refusals.NotPaid):
        take_back("Lần nữa")
    assert stage.statements()[0].state == "waiting"
    paid(stage, 1, reference="PC 13")
    with app.app_context():
        found = payouts_of(reading(), owner)
        assert [(one.reference, one.reverses_id is not None) for _, one in found] == [
            ("PC 13", False), ("PC 12", True), ("PC 12", False),
        ]  # fmt: skip
        assert statements_of_producer(reading(), owner)[0].state == "paid"
        with pytest.raises(NotFound):
            get_statement_of(reading(), stage.fair.producer_ids[1], found[0][0].id)


def test_transfer_to_the_account_that_two_people_agreed_on(app: Flask) -> None:
    """One proposes it, which pays nothing yet; another approves it; then the reference is asked for, and the last digits are kept."""
    stage = make_stage(app)
    stage.sell(6, stage.line(stage.fair.goods[0], 1000))
    stage.settle(5)
    change = offer(app, stage.fair)
    with pytest.raises(refusals.AccountMissing):
        paid(stage, 1, method="transfer", reference="FT 1")
    assert agree(app, stage.fair, change) == "approved"
    with pytest.raises(refusals.ReferenceMissing):
        paid(stage, 1, method="transfer", reference=" ")
    paid(stage, 1, method="transfer", reference="FT26328 001", words="Đợt 1")
    with app.app_context():
        ((statement, payout),) = payouts_of(reading(), stage.fair.producer_ids[0])
        kept = reading().execute(select(*Payout.__table__.columns)).all()
    assert (statement.state, payout.amount_dong, payout.method) == ("paid", 800, "transfer")
    assert (payout.reference, payout.bank_bin, payout.last_digits, payout.words) == (
        "FT26328 001", SAID.bank_bin, NUMBER[-len(payout.last_digits) :], "Đợt 1",
    )  # fmt: skip
    assert 0 < len(payout.last_digits) <= 4
    assert NUMBER not in str(kept)
