"""A fair that is over, with visitors, plans, a signed day, frozen figures that something came after, and an edition before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask

from fair_pos.daysheet.actions import close_day
from fair_pos.daysheet.rules import Agreed
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import in_transaction, transaction
from fair_pos.published import actions
from fair_pos.reports.queries import count_to_look_at
from fair_pos.venues.tables import Edition, Series
from fair_pos.visitors.plans import plan_days
from fair_pos.visitors.tables import CrowdRule, Gate
from tests.builders import Fair, Tablet, make_fair, sold
from tests.published.freezing import freeze, measure, noon, past_fair, starts_of, word
from tests.visitors.phones import make_gates, pair_phone

VISITS = {"visits": 100, "net_dong": 4_000_000, "receipts": 60, "days": 5}
"""What a newspaper said of the edition before."""


@dataclass
class Closed:
    """The fair, its tablet, and its first day."""

    app: Flask
    fair: Fair
    tablet: Tablet
    day: date

    def sell_late(self, quantity: int = 1) -> None:
        """A receipt of the first day that comes in now."""
        honey = self.fair.goods[0]
        self.tablet.send(self.tablet.sale([sold(honey, quantity)], at=noon(self.day)))

    def freeze(self) -> None:
        with self.app.app_context():
            freeze(self.fair)

    def adjust(self, name: str, was: int, value: int) -> None:
        with self.app.app_context():
            in_transaction(
                lambda session: actions.adjust(
                    session, self.fair.edition_id, name, None, was=was, held=was, value=value,
                    word=word(self.fair, "Đếm lại ở kho"),
                )
            )  # fmt: skip


def make_closed(app: Flask) -> Closed:
    """160 came on the first day, for which 100 were planned; 30 on the second, which nobody planned. The first day is signed."""
    fair, tablet = past_fair(app)
    day = starts_of(fair)
    (gate,) = make_gates(app, fair)
    with app.app_context(), transaction() as session:
        session.get_one(Gate, gate).created_at = noon(day) - timedelta(days=2)
        session.add(
            CrowdRule(
                edition_id=fair.edition_id,
                limit_people=500,
                reentry_percent=25,
                set_by=fair.people["bantochuc"],
                set_at=now(),
            )
        )
        said = {day: 100, day + timedelta(days=2): 50}
        plan_days(session, fair.edition_id, new_id(), said, at=now(), by=fair.people["bantochuc"])
    phone = pair_phone(app, fair, gate)
    groups = [phone.group(people=80, at=noon(day)), phone.group(people=80, at=noon(day) + timedelta(minutes=1))]
    phone.send(*groups, phone.group(people=30, at=noon(day + timedelta(days=1))))
    with app.app_context():
        in_transaction(
            lambda session: close_day(
                session, fair.edition_id, day, Agreed(late_ids=frozenset({tablet.device_id})), count_to_look_at, at=now(), by=fair.people["bantochuc"]
            ),
            one_moment=True,
        )  # fmt: skip
    return Closed(app, fair, tablet, day)


def add_edition_before(app: Flask, closed: Closed, *, stated: bool = True) -> Fair:
    """The same fair a year earlier, of which only a newspaper knows anything."""
    before = make_fair(app, name="Hội chợ kỳ trước", starts=closed.day - timedelta(days=365))
    with app.app_context(), transaction() as session:
        series = Series(id=new_id(), name="Chuỗi hội chợ thử")
        session.add(series)
        session.flush()
        for edition_id in (before.edition_id, closed.fair.edition_id):
            session.get_one(Edition, edition_id).series_id = series.id
    if stated:
        with app.app_context():
            for_sources = word(before, source="Báo Lai Châu")
            in_transaction(
                lambda session: actions.state(
                    session, before.edition_id, VISITS, None, measure(before), word=for_sources
                )
            )
    return before
