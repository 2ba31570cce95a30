"""The tables of a day: each adds up to the day's total, with the rounding where rows are goods, and so does how it was paid."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from fair_pos.daysheet.rules import DeviceState
from fair_pos.kernel.clock import now
from fair_pos.reports.day_tables import days_table, late_words, makeup_of, money_by_booth, tables_of
from fair_pos.reports.rules import together
from tests.reports.golden import DAY, local, make_golden, sell_whole_till


def test_every_table_adds_up_to_the_day(app: Flask) -> None:
    golden = make_golden(app)
    sell_whole_till(app, golden)
    tablet, edition = golden.tablets[1], golden.fair.edition_id
    cash = [{"method": "cash", "amount_dong": 38_000, "tendered_dong": 38_000, "change_dong": 0}]
    tablet.send(tablet.sale([(golden.fair.goods[2], 1)], at=local(21, 14), rounding_dong=500, payments=cash))
    with app.test_request_context():
        tables = {table.name: table for table in tables_of(edition, DAY)}
        day = next(one for one in days_table(edition).figures if one.key == DAY.isoformat())
        for name in ("hours", "booths", "products", "producers"):
            table = tables[name]
            whole = together([*table.figures, *([table.rest] if table.rest else [])])
            assert (whole.sold_dong, whole.refunded_dong) == (day.sold_dong, day.refunded_dong), name
            if table.has_split and table.rest is None:
                assert (whole.cash_dong, whole.confirmed_dong, whole.claimed_dong, whole.card_dong) == (
                    day.cash_dong, day.confirmed_dong, day.claimed_dong, day.card_dong,
                )  # fmt: skip
        assert tables["products"].rest is not None
        assert (tables["products"].rest.sold_dong, tables["products"].rest.refunded_dong) == (650, 150)
        money = money_by_booth(edition, DAY)
        assert sum(one.card_dong for one in money) == day.card_dong == 4_800_000
        assert sum(one.claimed_dong for one in money) == day.claimed_dong
        made = makeup_of(edition, DAY, day)
        assert made.before_dong - made.discount_dong + made.rounding_dong == day.net_dong
        assert together(days_table(edition).figures).net_dong == sum(
            one.net_dong for one in days_table(edition).figures
        )


def state(letter: str, waiting: int = 0, missing: int = 0) -> DeviceState:
    return DeviceState(letter, letter, now() - timedelta(days=1), None, None, waiting, None, missing)


def test_late_tablets_are_named_by_what_they_hold(app: Flask) -> None:
    with app.test_request_context():
        assert late_words([state("A", waiting=3), state("B", missing=2), state("C"), state("D")]) == [
            "Máy A còn 3 đơn chờ.",
            "Máy B hụt 2 đơn giữa chừng.",
            "Không thấy liên lạc trong ngày: máy C, D.",
        ]
        assert late_words([state(f"A{number}") for number in range(20)])[0].endswith("A7 ….")
