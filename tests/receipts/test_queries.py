from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id, new_token
from fair_pos.plumbing.db import reading
from fair_pos.receipts.queries import find_receipt, find_story
from tests.builders import Fair, Tablet, add_weighed, make_fair, pair_tablet, sold

TODAY = fair_day(now(), 0)


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def test_receipt_adds_up(app: Flask, fair: Fair, tablet: Tablet) -> None:
    token = new_token()
    sale = tablet.sale([(fair.goods[0], 3), (fair.goods[4], 2)], receipt_token=token)
    back = [
        tablet.sale([(fair.goods[0], 1)], refund_of=sale["id"]),
        tablet.sale([(fair.goods[4], 1)], refund_of=sale["id"]),
    ]
    tablet.send(sale, *back)
    with app.app_context():
        receipt = find_receipt(reading(), token, TODAY)
    assert receipt is not None
    assert sum(line.amount_dong for line in receipt.lines) == receipt.total_dong == 3 * 220_000 + 2 * 350_000
    assert [refund.total_dong for refund in receipt.refunds] == [220_000, 350_000]
    assert receipt.refunded_dong == 570_000
    assert [payment.method for payment in receipt.payments] == ["cash"]


def test_receipt_with_discount_and_rounding_adds_up(app: Flask, fair: Fair, tablet: Tablet) -> None:
    token, weighed = new_token(), add_weighed(app, fair)
    line = sold(weighed, grams=575, discount_dong=350)
    cash = [{"method": "cash", "amount_dong": 22_000, "tendered_dong": 22_000, "change_dong": 0}]
    note = {"discount_reason": "Mua nhiều; cháu ông Páo", "discount_borne_by": "shared"}
    tablet.send(tablet.sale([{**line, **note}], receipt_token=token, rounding_dong=500, payments=cash))
    with app.app_context():
        receipt = find_receipt(reading(), token, TODAY, lambda _session, _sale_id: {1: "confirmed"})
    assert receipt is not None
    assert (receipt.before_dong, receipt.discount_dong, receipt.rounding_dong) == (21_850, 350, 500)
    assert receipt.before_dong - receipt.discount_dong + receipt.rounding_dong == receipt.total_dong == 22_000
    assert receipt.lines[0].discount_labels == ("Mua nhiều",)
    assert receipt.payments[0].state == "confirmed"
    assert not receipt.is_void


def test_a_refund_of_a_refund_is_no_refund_of_the_sale(app: Flask, fair: Fair, tablet: Tablet) -> None:
    token = new_token()
    sale = tablet.sale([(fair.goods[0], 1)])
    refund = tablet.sale([(fair.goods[0], 1)], refund_of=sale["id"], receipt_token=token)
    tablet.send(sale, refund, tablet.sale([(fair.goods[0], 1)], refund_of=refund["id"]))
    with app.app_context():
        receipt = find_receipt(reading(), token, TODAY)
    assert receipt is not None
    assert receipt.refunds == []
    assert receipt.original


def test_a_secret_claimed_twice_stays_with_the_first(app: Flask, fair: Fair, tablet: Tablet) -> None:
    token = new_token()
    tablet.send(tablet.sale([(fair.goods[0], 1)], receipt_token=token), at=now() - timedelta(minutes=2))
    tablet.send(tablet.sale([(fair.goods[1], 1)], receipt_token=token))
    with app.app_context():
        receipt = find_receipt(reading(), token, TODAY)
    assert receipt is not None
    assert [line.name for line in receipt.lines] == [fair.goods[0].name]


def test_nothing_found(app: Flask, fair: Fair) -> None:
    with app.app_context():
        assert find_receipt(reading(), new_token(), TODAY) is None
        assert find_story(reading(), "khong-co", TODAY) is None
        assert find_receipt(reading(), new_id(), TODAY) is None
