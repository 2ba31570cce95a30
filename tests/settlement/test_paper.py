"""A statement on paper: amount in words, lists by VAT rate, signatures."""

from __future__ import annotations

from functools import partial

from flask import Flask

from fair_pos.plumbing.db import reading
from fair_pos.settlement.paper import print_goods_sold, print_statement
from fair_pos.settlement.queries import content_of_statement
from tests.settlement.stage import make_stage


def test_papers_are_pdf_and_the_same_twice(app: Flask) -> None:
    stage = make_stage(app)
    stage.sell(6, stage.line(stage.fair.goods[0], 200_000))
    (statement_id,) = stage.settle(5)
    with app.test_request_context():
        content = content_of_statement(reading(), statement_id)
        for printed in (partial(print_statement, photos={}), print_goods_sold):
            made = printed(content)
            assert made.startswith(b"%PDF")
            assert printed(content) == made
