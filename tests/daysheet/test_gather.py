"""A sheet's figures, read from a set of receipts: of the day as it is, or of those that were signed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from fair_pos.daysheet.gather import gather, ids_signed
from fair_pos.daysheet.queries import sheets_of
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import reading, transaction
from fair_pos.reports.queries import count_to_look_at
from fair_pos.sales.day_set import ids_of_day
from fair_pos.visitors.plans import plan_days
from tests.cash.drawers import Drawer, paid
from tests.daysheet.evenings import SOLD, Evening, make_evening
from tests.visitors.phones import make_gates, pair_phone


@pytest.fixture
def evening(app: Flask) -> Evening:
    return make_evening(app)


def test_late_receipts_are_in_the_day_and_not_in_the_sheet(app: Flask, evening: Evening) -> None:
    evening.close()
    tablet, edition = evening.tablets[0], evening.fair.edition_id
    tablet.send(tablet.sale([(evening.fair.goods[0], 1)], at=now() - timedelta(days=1)))
    with app.app_context(), transaction() as session:
        (sheet,) = sheets_of(session, edition)
        signed = gather(session, edition, evening.day, ids_signed(sheet.id), count_to_look_at)
        here = gather(session, edition, evening.day, ids_of_day(edition, evening.day), count_to_look_at)
    assert sum(one.sold_dong for one in signed.booths) == SOLD
    assert sum(one.sold_dong for one in here.booths) == SOLD + 220_000
    assert signed.visitors is None, "nobody counts and nobody planned"


def test_where_nobody_counts_a_plan_alone_makes_no_zero(app: Flask, evening: Evening) -> None:
    edition, by = evening.fair.edition_id, evening.fair.people["bantochuc"]
    with app.app_context(), transaction() as session:
        plan_days(session, edition, new_id(), {evening.day: 500}, at=now(), by=by)
    evening.close()
    with app.app_context(), transaction() as session:
        (sheet,) = sheets_of(session, edition)
        found = gather(session, edition, evening.day, ids_signed(sheet.id), count_to_look_at)
    assert found.visitors is not None
    assert (found.visitors.entries, found.visitors.planned, sheet.entries) == (None, 500, None)


def test_drawers_visitors_and_oddities_stand_beside(app: Flask, evening: Evening) -> None:
    edition, yesterday = evening.fair.edition_id, now() - timedelta(days=1)
    drawer = Drawer(evening.tablets[0], clock=yesterday)
    drawer.tablet.send(drawer.open(100_000), drawer.sell([paid("cash", 50_000)]), drawer.close(140_000))
    open_one = Drawer(evening.tablets[1], clock=yesterday)
    open_one.tablet.send(open_one.open(50_000))
    evening.tablets[1].send(evening.tablets[1].sale([(evening.fair.goods[0], 1)], at=yesterday, total_dong=1))
    (gate,) = make_gates(app, evening.fair)
    phone = pair_phone(app, evening.fair, gate)
    phone.send(phone.group(at=yesterday), phone.tap("out", at=yesterday))
    with app.app_context(), transaction() as session:
        by = evening.fair.people["bantochuc"]
        plan_days(session, edition, new_id(), {evening.day: 20}, at=now(), by=by)
    with app.app_context():
        found = gather(reading(), edition, evening.day, ids_of_day(edition, evening.day), count_to_look_at)  # type: ignore[arg-type]
    letters = [one.letter for one in evening.tablets]
    assert [(one.letter, one.z_number, one.difference_dong) for one in found.drawers] == [
        (letters[0], 1, -10_000),
        (letters[1], None, None),
    ]
    assert found.visitors is not None
    assert (found.visitors.entries, found.visitors.planned) == (30, 20)
    assert not found.visitors.more_than_planned, "exactly one and a half times the plan"
    assert found.oddities >= 1
    assert [one.letter for one in found.phones.late] == ["Chị Hoa"]
