"""Cash given back for a transfer: odd when nobody has seen its money by then, in whatever order the two tablets send."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from fair_pos.plumbing.db import reading
from fair_pos.plumbing.sentences import oddity_sentence
from fair_pos.sales.tables import Oddity
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.payments.money import account_in_use, by_transfer, code_of, given_back, money_told, paid, seen
from tests.proof.saying import said_now

CODE = "refund_of_unconfirmed"


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def odd(app: Flask) -> dict[str, Any]:
    """Command → how much cash, of every refund listed; the proof agrees with the list."""
    assert said_now(app) == ""
    with app.app_context():
        rows = reading().scalars(select(Oddity).where(Oddity.code == CODE))
        return {one.sale_id: one.facts["sent"] for one in rows}


def test_cash_for_money_nobody_saw_is_listed_with_its_sentence(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1))
    back = given_back(tablet, fair.goods[0], sale["id"], "cash", whole=True)
    tablet.send(sale, back)
    assert odd(app) == {back["id"]: 220_000}
    with app.app_context():
        one = reading().scalars(select(Oddity).where(Oddity.code == CODE)).one()
        with app.test_request_context():
            words = oddity_sentence(one.code, one.facts)
    assert words.startswith("Đã trả tiền mặt cho khoản chuyển chưa xác nhận: 220.000 ₫ của phiếu A-")
    tablet.send(seen(tablet, sale["id"]))
    assert odd(app) == {back["id"]: 220_000}  # it was so when the cash went out


@pytest.mark.parametrize("how", ["seen", "seen with it", "bank", "by transfer", "cash sale"])
def test_what_is_known_to_have_come_may_go_back_in_cash(app: Flask, fair: Fair, tablet: Tablet, how: str) -> None:
    account = account_in_use(app, fair)
    sale = (
        tablet.sale([(fair.goods[0], 1)])
        if how == "cash sale"
        else by_transfer(tablet, fair.goods[0], code_of(1), account)
    )
    tablet.send(sale)
    if how == "seen":
        tablet.send(seen(tablet, sale["id"]))
    if how == "bank":
        money_told(app, fair, code_of(1), 220_000, key=1, source="statement")
    told = [seen(tablet, sale["id"])] if how == "seen with it" else []
    back = given_back(tablet, fair.goods[0], sale["id"], "transfer" if how == "by transfer" else "cash")
    tablet.send(back, *told)
    assert odd(app) == {}


def test_of_a_sale_paid_both_ways_the_cash_part_may_go_back(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1), pieces=2, cash_dong=220_000)
    first, second = (given_back(tablet, fair.goods[0], sale["id"], "cash") for _ in range(2))
    tablet.send(sale, first)
    assert odd(app) == {}
    tablet.send(second)
    assert odd(app) == {second["id"]: 220_000}


def test_only_the_part_beyond_what_came_is_odd(app: Flask, fair: Fair, tablet: Tablet) -> None:
    account = account_in_use(app, fair)
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account)
    tablet.send(sale)
    money_told(app, fair, code_of(1), 200_000, key=1, source="statement")
    back = given_back(tablet, fair.goods[0], sale["id"], "cash", whole=True)
    tablet.send(back)
    assert odd(app) == {back["id"]: 20_000}


def test_a_card_that_pays_back_is_no_cash_but_uses_up_what_came(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1), pieces=2, cash_dong=220_000)
    by_card, cash = (given_back(tablet, fair.goods[0], sale["id"], method) for method in ("card", "cash"))
    tablet.send(sale, by_card, cash)
    assert odd(app) == {cash["id"]: 220_000}


def test_a_refund_that_comes_before_its_sale_is_judged_when_the_sale_comes(
    app: Flask, fair: Fair, tablet: Tablet
) -> None:
    other = pair_tablet(app, fair)
    unseen, known = (by_transfer(tablet, fair.goods[0], code_of(n)) for n in (1, 2))
    told = seen(tablet, known["id"])
    wrong, right = (given_back(other, fair.goods[0], one["id"], "cash") for one in (unseen, known))
    other.send(wrong, right)
    assert odd(app) == {}
    tablet.send(unseen, known, told)
    assert odd(app) == {unseen["id"]: 220_000}  # beside the sale: what is odd about a command is noticed when one comes


def test_a_confirmation_undone_later_makes_no_old_refund_odd(app: Flask, fair: Fair, tablet: Tablet) -> None:
    """Judged once: the next refund of the same sale is looked at with what holds then, the first is left as it was."""
    account = account_in_use(app, fair)
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account, pieces=2)
    tablet.send(sale, seen(tablet, sale["id"]))
    first = given_back(tablet, fair.goods[0], sale["id"], "cash")
    tablet.send(first)
    money_told(app, fair, code_of(1), 220_000, key=1, source="statement")  # half of it: the bank goes before the eye
    second = tablet.sale([(fair.goods[0], 1)], refund_of=sale["id"], payments=[paid("cash", 220_000)])
    tablet.send(second)
    assert odd(app) == {second["id"]: 220_000}
