"""What stands on no statement: random sequences through the real actions, one movement of a line per owner, sales of unknown owners."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from fair_pos.consignment.actions import cancel
from fair_pos.consignment.queries import WriteOff
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading
from fair_pos.proof.settlement import prove_settlements
from fair_pos.settlement.actions import pay_out
from fair_pos.settlement.gather import loss, made_of, open_parts
from fair_pos.settlement.refusals import NothingToSettle
from fair_pos.settlement.rules import Terms, statement_of
from fair_pos.settlement.tables import SettlementLine
from fair_pos.terms.rules import About, Share
from tests.builders import Goods, pair_tablet, sold
from tests.settlement.stage import Stage, make_stage, written_off
from tests.stock.brought import bring_lot
from tests.stocktaking.counting import book, bring, count_of, counted

SEQUENCES = 60
"""Of about six steps each, one after another on one fair: 9 periods, each with sales, refunds, late sales, fees, gifts and payouts."""


def test_random_sequences_through_the_real_actions(app: Flask) -> None:
    stage, dice = make_stage(app), random.Random(23)
    net = charged = 0
    receipts: list[tuple[str, dict[str, object]]] = []
    back = 9
    for step in range(SEQUENCES):
        day = dice.randint(back, 9)  # days that are settled already too: late receipts
        goods = dice.choice(stage.fair.goods)
        discount = dice.choice((0, 333, 1001))
        bearer = dice.choice(("producer", "organiser", "shared"))
        less = (
            {"discount_dong": discount, "discount_borne_by": bearer, "discount_reason": "Khách quen"}
            if discount
            else {}
        )
        line = sold(goods, dice.randint(1, 3), **less)
        receipts.append((stage.sell(day, line), line))
        net += int(line["amount_dong"])
        if dice.random() < 0.4:
            original, back_line = receipts.pop(dice.randrange(len(receipts)))
            stage.sell(day, back_line, refund_of=original)
            net -= int(str(back_line["amount_dong"]))
        if dice.random() < 0.3:
            amount = dice.randint(1, 50_000)
            # A fee may only be charged on a day that no statement covers.
            stage.fee(dice.choice(stage.fair.producer_ids), amount, back)
            charged += amount
        if dice.random() < 0.2:
            stage.tablet.send(stage.tablet.giveaway([sold(goods, 1)], borne_by="organiser", at=stage.at(day)))
        if step % 7 == 6 and back > 2:
            stage.minimum(dice.choice((0, 300_000)))
            stage.settle(back)
            back -= 1
            pay_everything(stage, dice)
    stage.minimum(0)
    stage.settle(back)
    made = stage.statements()
    with app.app_context():
        parts = reading().scalar(select(func.count(SettlementLine.movement_id)))
        assert parts == reading().scalar(select(func.count(SettlementLine.movement_id.distinct())))
        prove_settlements(reading())
        left = open_parts(reading(), stage.fair.edition_id, stage.day(0))
    owed_by_owners = sum(one.amount_dong for found in left.by_owner.values() for one in found.carried)
    assert not any(found.is_new for found in left.by_owner.values())
    assert sum(one.fees_dong for one in made) == charged
    owners = sum(one.payable_dong for one in made) + owed_by_owners
    house = sum(one.house_dong - one.credited_dong for one in made)
    assert owners + house + charged == net


def pay_everything(stage: Stage, dice: random.Random) -> None:
    for one in stage.statements():
        if one.state == "waiting" and dice.random() < 0.7:
            pay(stage, one.number)


def pay(stage: Stage, number: int) -> None:
    edition, day = stage.fair.edition_id, stage.day(0)
    stage.do(lambda session: pay_out(session, edition, number, day=day, method="cash", reference="", at=now(), by=None))


def test_line_out_of_lots_of_two_owners_is_on_two_statements(app: Flask) -> None:
    stage = make_stage(app)
    goods, (mine, other) = stage.fair.goods[0], stage.fair.producer_ids[:2]
    booth = stage.tablet.booth_id

    bring_lots(stage, goods, booth, ((mine, 2, 20), (other, 5, 30)))
    stage.sell(6, sold(goods, 3, amount_dong=100_001))
    stage.settle(5, [mine])
    stage.settle(5, [other])
    nets = {one.producer_id: one.net_dong for one in stage.statements()}
    assert nets == {mine: 66_667, other: 33_334}


def bring_lots(stage: Stage, goods: Goods, booth: str, lots: Sequence[tuple[str, int, int]]) -> None:
    """(owner, pieces, days until they expire): brought nine days ago."""
    for owner, pieces, days in lots:
        bring_lot(stage.app, booth, goods.product_id, owner, pieces, expires=stage.day(-days), at=stage.at(9))


@pytest.mark.parametrize("booth", [0, 1])
@pytest.mark.parametrize("before", [False, True])
def test_what_is_given_back_is_taken_from_the_owner_who_was_paid(app: Flask, booth: int, before: bool) -> None:
    """Also at another booth; and also when it arrives before its sale, where the maker owes nothing for another's goods."""
    stage = make_stage(app)
    goods, other = stage.fair.goods[0], stage.fair.producer_ids[1]
    assert goods.producer_id != other
    bring_lots(stage, goods, stage.tablet.booth_id, ((other, 5, 20),))
    second = pair_tablet(app, stage.fair, booth=booth, paired_at=now() - timedelta(days=60))
    sale = stage.tablet.sale([sold(goods, 3, amount_dong=3_000)], at=stage.at(6))
    back = second.sale([sold(goods, 1, amount_dong=1_000)], at=stage.at(6), refund_of=sale["id"])
    for tablet, parcel in ((second, back), (stage.tablet, sale)) if before else ((stage.tablet, sale), (second, back)):
        assert [one.answer for one in tablet.send(parcel)] == ["stored"]
    stage.settle(5)
    sums = {one.producer_id: (one.net_dong, one.owner_dong, one.payable_dong) for one in stage.statements()}
    assert sums.pop(other) == (2_000, 1_600, 1_600)
    assert all(net == owner == payable == 0 for net, owner, payable in sums.values())


def test_sales_of_an_unknown_owner_are_named_and_wait(app: Flask) -> None:
    stage = make_stage(app)
    line = stage.line(stage.fair.goods[0], 5_000) | {"product_id": "0" * 8 + "-0000-7000-8000-" + "0" * 12}
    stage.sell(6, line | {"producer_id": "1" * 8 + "-0000-7000-8000-" + "0" * 12})
    with app.app_context():
        found = open_parts(reading(), stage.fair.edition_id, stage.day(0))
    assert [one.amount_dong for it in found.unknown.values() for one in it.parts] == [5_000]
    try:
        stage.settle(5)
    except NothingToSettle:
        return
    raise AssertionError("nobody could be paid for it")


def test_rule_of_a_booth_divides_what_is_broken_there(app: Flask) -> None:
    stage = make_stage(app, percent=None)
    goods = stage.fair.goods[0]
    stage.rule(Share(kind="percent", basis_points=6000), About(booth_id=stage.fair.booth_ids[0]))
    stage.sell(6, stage.line(goods, 1_000))
    written_off(stage, goods, 2, 6)
    stage.settle(5)
    (made,) = stage.statements()
    assert (made.owner_dong, made.credited_dong) == (600, 2 * goods.price_dong * 6 // 10)


def test_rule_of_a_booth_divides_what_is_missing_there(app: Flask) -> None:
    stage = make_stage(app, percent=None)
    goods, booth = stage.fair.goods[0], stage.fair.booth_ids[0]
    stage.rule(Share(kind="percent", basis_points=6000), About(booth_id=booth))
    bring(app, stage.fair, goods, 5, stage.at(7))
    count = count_of(stage.tablet, counted(goods, 2, stage.at(6)))
    stage.tablet.send(count)
    book(app, stage.fair, str(count["id"]))
    with app.app_context():
        found = open_parts(reading(), stage.fair.edition_id, stage.day(0))
    (missing,) = found.by_owner[goods.producer_id].borne
    assert (missing.booth_id, missing.quantity) == (booth, 3)
    assert made_of(goods.producer_id, found.by_owner[goods.producer_id], found.terms).sums.credited_dong == (
        3 * goods.price_dong * 6 // 10
    )


def test_what_is_found_again_is_taken_back_by_the_rule_of_the_loss(app: Flask) -> None:
    """Written off at 80 %, taken back when the rule says 50 %: nothing was lost and nothing is left."""
    stage = make_stage(app, percent=None)
    owner = stage.fair.producer_ids[0]
    stage.rule(Share(kind="percent", basis_points=8000), starts=30)
    stage.rule(Share(kind="percent", basis_points=5000), About(owner_id=owner), starts=3)
    note_id = written_off(stage, stage.fair.goods[0], 10, 5)
    by = stage.fair.people["bantochuc"]
    stage.do(lambda session: cancel(session, stage.fair.edition_id, note_id, "Tìm thấy", at=stage.at(2), by=by))
    stage.settle(1)
    (made,) = stage.statements()
    assert (made.credited_dong, made.payable_dong, made.carried_out_dong) == (0, 0, 0)


NOTE = WriteOff(
    note_id="n", number="PH-0001", line_no=1, owner_id="o", product_id="p", name="Mật ong", unit="chai", quantity=3, grams=False,
    price_dong=333, borne_by="house", day=date(2026, 11, 2), photo_id="anh", reason="damaged",
)  # fmt: skip


@pytest.mark.parametrize(("borne_by", "credited"), [("house", 999), ("shared", 500), ("owner", 0)])
def test_credited_by_who_bears_it(borne_by: str, credited: int) -> None:
    gone = loss("write_off", "n:1", replace(NOTE, borne_by=borne_by))
    back = loss("write_off", "m:1", replace(NOTE, note_id="m", borne_by=borne_by, quantity=-3))
    assert gone.photo == "anh"
    assert statement_of([], [], [gone], [], Terms()).sums.credited_dong == credited
    assert statement_of([], [], [gone, back], [], Terms()).sums.payable_dong == 0
