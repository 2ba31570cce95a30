"""Households and deliveries: what is refused, and with which words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from fair_pos.cooperative import actions, refusals
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.db import transaction
from tests.builders import make_fair


def test_what_a_cooperative_may_not_write(app: Flask) -> None:
    fair, at = make_fair(app), now()
    by, producer = fair.people["chuthe"], fair.producer_ids[0]
    today = fair_day(at, 0)
    with app.app_context(), transaction() as session:
        one = actions.add_member(session, producer, code="h1", name="Hộ A", joined_day=today, at=at, by=by)
        for refusal, code, name, joined in (
            (refusals.MemberCodeTaken, "H1", "Hộ B", today),
            (refusals.MemberNameMissing, "H2", " ", today),
            (refusals.MemberDaysWrong, "H2", "Hộ B", today + timedelta(days=1)),
            (refusals.MemberDaysWrong, "H2", "Hộ B", None),
        ):
            with pytest.raises(refusal):
                actions.add_member(session, producer, code=code, name=name, joined_day=joined, at=at, by=by)
        for wrong, day, measure, quantity in (
            (refusals.DeliveryWrong, today + timedelta(days=1), "grams", 1),
            (refusals.DeliveryWrong, today, "litres", 1),
            (refusals.DeliveryWrong, today, "grams", None),
            (refusals.DeliveryNotMember, date(2020, 1, 1), "grams", 1),
        ):
            with pytest.raises(wrong):
                actions.add_delivery(
                    session, producer, one.id, day=day, measure=measure, quantity=quantity, what="", at=at, by=by
                )
        with pytest.raises(NotFound):
            actions.end_membership(session, fair.producer_ids[1], one.id, today, at=at, by=by)
        with pytest.raises(refusals.MemberDaysWrong):
            actions.end_membership(session, producer, one.id, today - timedelta(days=1), at=at, by=by)
