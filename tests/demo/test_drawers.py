from __future__ import annotations

from random import Random

from flask import Flask
from sqlalchemy import func, select

from fair_pos.cash.queries import session_rows
from fair_pos.cash.rules import counted_dong
from fair_pos.cash.tables import CashMove, TillClosing, ZReport
from fair_pos.demo.drawers import FLOAT_NOTES, SampleDrawer
from fair_pos.demo.simulator import BoothPlan, simulate
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.queries import prove
from fair_pos.sales.tables import Oddity
from tests.builders import BOUNDARY, make_fair
from tests.demo.test_simulator import DAYS


def test_a_drawer_opened_and_closed_every_day_with_something_late_and_nothing_odd(app: Flask) -> None:
    fair = make_fair(app, booths=2, starts=DAYS[0])
    plans = [BoothPlan(one, fair.people["bantochuc"], BOUNDARY, 60, drawer=True) for one in fair.booth_ids]
    with app.app_context(), transaction() as session:
        simulate(session, plans, DAYS, seed="test")
    with app.app_context():
        rows = session_rows(reading(), fair.edition_id, limit=100)
        assert len(rows) == 4
        assert all(row.opening is not None and row.closing is not None and row.report is not None for row in rows)
        assert sorted(row.late for row in rows) == [0, 0, 0, 1]
        assert all(row.closing is not None and row.expected_dong == row.closing.expected_dong for row in rows)
        assert all(row.documents > 20 for row in rows)
        assert (reading().scalar(select(func.count()).select_from(CashMove)) or 0) > 0
        numbers = select(TillClosing.z_number).order_by(TillClosing.device_id, TillClosing.device_seq)
        assert list(reading().scalars(numbers)) == [1, 2, 1, 2]
        assert reading().scalar(select(func.count()).select_from(Oddity)) == 0
        assert reading().scalar(select(func.count()).select_from(ZReport)) == 4
        prove(reading())


def test_a_count_comes_to_what_it_says_and_a_difference_has_its_reason() -> None:
    drawer = SampleDrawer(Random(1))  # the same every time
    for _ in range(200):
        opening = drawer.opening()
        assert opening["float_dong"] == counted_dong(FLOAT_NOTES) == 600_000
        sale = {
            "kind": "sale",
            "receipt_number": "A-261124-001",
            "payments": [{"method": "cash", "amount_dong": 4_021_850}],
        }
        drawer.note(sale)
        moved = drawer.handing_over()
        assert moved is not None
        assert moved["amount_dong"] == 2_300_000
        closing = drawer.closing()
        drawer.note(closing)
        assert closing["expected_dong"] == 2_321_850
        assert sum(one["note_dong"] * one["count"] for one in closing["notes"]) == closing["counted_dong"]
        assert closing["explanation"]
        assert abs(closing["counted_dong"] - closing["expected_dong"]) < 50_000
