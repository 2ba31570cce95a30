"""The sample cooperative: twelve households, deliveries of every day, and a year in bands only when there was income."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from fair_pos.cooperative.queries import delivered_in, members_of, published_of
from fair_pos.cooperative.refusals import BandsEmpty
from fair_pos.demo.cooperative import HOUSEHOLDS, MILLIONS, add_households, deliver, publish_year, share_statements
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import reading, transaction
from tests.builders import make_fair

DAYS = [date(2025, 11, 1), date(2025, 11, 8), date(2025, 11, 15)]


def test_twelve_households_bring_their_goods_on_every_day(app: Flask) -> None:
    fair = make_fair(app)
    at, by, cooperative = now(), fair.people["chuthe"], fair.producer_ids[0]
    with app.app_context(), transaction() as session:
        ids = add_households(session, cooperative, joined_day=date(2025, 1, 1), at=at, by=by)
        deliver(session, cooperative, ids, DAYS, what="Lúa", at=at, by=by)
        assert share_statements(session, cooperative, [], at=at, by=by) == []
    with app.app_context():
        assert [one.name for one in members_of(reading(), cooperative)] == list(HOUSEHOLDS)
        (delivered,) = delivered_in(reading(), cooperative, DAYS[0], DAYS[-1])
    assert delivered.measure == "grams"
    assert [abs(delivered.quantities[one] - kilos * 1000) < 2000 for one, kilos in zip(ids, MILLIONS, strict=True)] == [
        True
    ] * len(HOUSEHOLDS)


def test_a_year_without_income_is_not_published(app: Flask) -> None:
    fair = make_fair(app)
    at, by, cooperative = now(), fair.people["chuthe"], fair.producer_ids[0]
    with app.app_context(), transaction() as session:
        add_households(session, cooperative, joined_day=date(2024, 1, 1), at=at, by=by)
        with pytest.raises(BandsEmpty):
            publish_year(session, cooperative, 2025, at=at, by=by)
    with app.app_context():
        assert published_of(reading(), [cooperative]) == []


def test_who_is_no_cooperative_has_no_households(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context(), transaction() as session, pytest.raises(NotFound):
        add_households(session, "nobody", joined_day=DAYS[0], at=now(), by=fair.people["chuthe"])
