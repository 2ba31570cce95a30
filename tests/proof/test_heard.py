"""Looking rows up and comparing them, row by row."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from fair_pos.plumbing.db import db, reading
from fair_pos.proof.heard import by_id, grouped, same_rows, stored_sums, table_of
from fair_pos.proof.rules import Differs
from fair_pos.sales.tables import HourFigure, ProductFigure, Sale, SaleLine
from tests.builders import make_fair, pair_tablet


@pytest.mark.parametrize(
    ("stored", "named"),
    [
        ([{"a": 1, "more": 0}, {"a": 2}], ""),
        ([{"a": 1}], "number of rows is 1, computed 2"),
        ([{"a": 1}, {"a": 2}, {"a": 3}], "number of rows is 3, computed 2"),
        ([{"a": 2}, {"a": 1}], "line s #1: a is 2, computed 1"),
        ([{"a": 1}, {"b": 2}], "line s #2: a is None, computed 2"),
    ],
)
def test_rows_are_compared_in_their_order(stored: list[dict[str, int]], named: str) -> None:
    computed = [{"a": 1}, {"a": 2}]
    if not named:
        same_rows("line", "s", stored, computed)
        return
    with pytest.raises(Differs, match=named):
        same_rows("line", "s", stored, computed)


def test_rows_are_found_by_id_and_by_what_they_belong_to(app: Flask) -> None:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    one, other = tablet.sale([(good, 1) for good in fair.goods[:3]]), tablet.sale([(fair.goods[0], 2)])
    tablet.send(one, other)
    with app.app_context():
        found = by_id(reading(), table_of(Sale), [one["id"], "nobody"])
        assert list(found) == [one["id"]]
        assert found[one["id"]]["total_dong"] == sum(good.price_dong for good in fair.goods[:3])
        lines = grouped(reading(), table_of(SaleLine), "sale_id", [one["id"], other["id"]], "line_no")
        assert [row["name"] for row in lines[one["id"]]] == [good.name for good in fair.goods[:3]]
        assert [row["quantity"] for row in lines[other["id"]]] == [2]
        assert lines["nobody"] == []


def test_sums_are_the_whole_numbers_beside_a_key(app: Flask) -> None:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(fair.goods[0], 2)]))
    with app.app_context(), Session(db.engine) as session:
        ((when, hour),) = stored_sums(session, table_of(HourFigure), 3).items()
        assert (when[0], hour) == (tablet.booth_id, (1, 0, 0, 440_000, 0, 0))
        ((goods, sums),) = stored_sums(session, table_of(ProductFigure), 5).items()
        assert (goods[3:], sums) == ((fair.goods[0].product_id, fair.goods[0].producer_id), (2, 0, 440_000, 0))
