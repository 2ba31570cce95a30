"""What lies at a place, and what a typed name means."""

from __future__ import annotations

from flask import Flask

from fair_pos.consignment.lying import lying_at, named
from fair_pos.plumbing.db import reading
from tests.builders import make_fair
from tests.consignment.notes import TODAY, line, soon, take_in


def test_what_lies_there_has_the_price_of_its_lot(app: Flask) -> None:
    fair = make_fair(app)
    take_in(
        app, fair, line(fair.goods[0], 2, code="B", expires=soon(9)), line(fair.goods[0], 3, code="A", expires=soon(2))
    )
    with app.app_context():
        there = lying_at(reading(), fair.booth_ids[0], owner_id=fair.producer_ids[0])
        assert [(one.lot_code, one.quantity, one.price_dong) for one in there] == [("A", 3, 220_000), ("B", 2, 220_000)]
        assert lying_at(reading(), fair.booth_ids[0], owner_id=fair.producer_ids[1]) == []
        name = fair.goods[0].name
        assert [one.product_id for one in named(reading(), "", TODAY, f"{name.upper()} (hộp)")] == [
            fair.goods[0].product_id
        ]
        assert named(reading(), "", TODAY, name[:4]) == []
