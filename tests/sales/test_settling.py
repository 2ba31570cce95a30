"""Lines as settling reads them: a refund with the day and the booth of the sale it gives back."""

from __future__ import annotations

from flask import Flask

from fair_pos.plumbing.db import reading
from fair_pos.sales.settling import divided_lines, given_lines
from tests.settlement.stage import make_stage


def test_refund_has_the_day_of_its_sale(app: Flask) -> None:
    stage = make_stage(app)
    line = stage.line(stage.fair.goods[0], 1000)
    sale = stage.sell(6, line)
    refund = stage.sell(4, line, refund_of=sale)
    with app.app_context():
        found = divided_lines(reading(), [sale, refund], stage.day(3))
        assert set(divided_lines(reading(), [sale, refund], stage.day(5))) == {(sale, 1)}
        assert given_lines(reading(), [sale], stage.day(0)) == {}
    assert {key: (one.kind, one.fair_day, one.rule_day) for key, one in found.items()} == {
        (sale, 1): ("sale", stage.day(6), stage.day(6)),
        (refund, 1): ("refund", stage.day(4), stage.day(6)),
    }
