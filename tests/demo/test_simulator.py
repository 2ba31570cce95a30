from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from fair_pos.demo.simulator import BoothPlan, simulate
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.queries import prove
from fair_pos.sales.tables import Giveaway, Oddity, Payment, Sale, SaleLine
from fair_pos.till.tables import Device, Quarantined
from tests.builders import BOUNDARY, Fair, make_fair

DAYS = [date(2026, 11, 21) + timedelta(days=number) for number in range(2)]


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app, booths=2, starts=DAYS[0])


def run(app: Flask, fair: Fair, *, a_day: int = 120) -> int:
    # Somebody who may sell at every booth: a seller of one would be noted at the other.
    plans = [BoothPlan(booth_id, fair.people["bantochuc"], BOUNDARY, a_day) for booth_id in fair.booth_ids]
    with app.app_context(), transaction() as session:
        return simulate(session, plans, DAYS, seed="test")


def test_samples_come_in_like_those_of_a_tablet_and_nothing_is_odd(app: Flask, fair: Fair) -> None:
    sent = run(app, fair)
    with app.app_context():
        sold = reading().scalar(select(func.count()).select_from(Sale)) or 0
        given = reading().scalar(select(func.count()).select_from(Giveaway)) or 0
        assert (sold + given, given > 0) == (sent, True)
        assert (reading().scalar(select(func.count()).where(SaleLine.discount_dong > 0)) or 0) > 0
        assert reading().scalar(select(func.count()).select_from(Oddity)) == 0
        assert reading().scalar(select(func.count()).select_from(Quarantined)) == 0
        assert reading().scalar(select(func.count()).where(Sale.sample.is_(False))) == 0
        devices = list(reading().scalars(select(Device)))
        assert all(device.sample and device.high_seq == device.command_count for device in devices)
        assert prove(reading()).commands == sent


def test_a_day_looks_like_a_day(app: Flask, fair: Fair) -> None:
    sent = run(app, fair)
    with app.app_context():
        by_day = dict(reading().execute(select(Sale.fair_day, func.count()).group_by(Sale.fair_day)).all())
        assert set(by_day) == set(DAYS)
        assert all(2 * 120 * 0.75 <= count <= 2 * 120 * 1.25 for count in by_day.values())
        hours = dict(reading().execute(select(Sale.hour, func.count()).group_by(Sale.hour)).all())
        assert set(hours) <= set(range(8, 22))
        assert hours[18] + hours[19] > hours[8] + hours[13]
        cash = reading().scalar(select(func.count()).where(Payment.method == "cash")) or 0
        assert 0.6 < cash / sent < 0.8
        refunds = reading().scalar(select(func.count()).where(Sale.kind == "refund")) or 0
        assert 0 < refunds / sent < 0.04
        lines = reading().scalar(select(func.count()).select_from(SaleLine)) or 0
        assert 1.5 < lines / sent < 2.5
        several = (
            select(SaleLine.sale_id).group_by(SaleLine.sale_id).having(func.count(SaleLine.producer_id.distinct()) > 1)
        )
        assert len(list(reading().scalars(several))) > sent // 10


def test_receipt_numbers_begin_anew_every_day(app: Flask, fair: Fair) -> None:
    run(app, fair, a_day=5)
    with app.app_context():
        numbers = list(reading().scalars(select(Sale.receipt_number).order_by(Sale.device_id, Sale.device_seq)))
    assert len(set(numbers)) == len(numbers)
    first = {f"{letter}-{day:%y%m%d}-001" for letter in {number[0] for number in numbers} for day in DAYS}
    assert {number for number in numbers if number.endswith("-001")} == first
    assert len(first) == 4


def test_a_booth_with_nothing_to_sell_sells_nothing(app: Flask, fair: Fair) -> None:
    with app.app_context(), transaction() as session:
        assert (
            simulate(session, [], DAYS, seed="x")
            == simulate(session, [BoothPlan(fair.booth_ids[0], "x", 0, 5)], [], seed="x")
            == 0
        )
