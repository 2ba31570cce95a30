"""Finding where booths stand."""

from __future__ import annotations

from flask import Flask

from fair_pos.floorplan.actions import place_booths
from fair_pos.floorplan.queries import find_plan, plan_size, spots_of
from fair_pos.floorplan.rules import PlanSize, Spot
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from tests.builders import make_fair


def test_before_the_first_saving_there_is_no_plan(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context():
        assert find_plan(reading(), fair.edition_id) is None
        assert plan_size(reading(), fair.edition_id) == PlanSize(800, 600)
        assert spots_of(reading(), fair.edition_id) == {}


def test_each_edition_has_its_own_plan(app: Flask) -> None:
    fair, other = make_fair(app, booths=12), make_fair(app, name="Hội chợ khác")
    order = list(reversed(fair.booth_ids))
    with app.app_context(), transaction() as session:
        for edition, booth_ids, size in ((fair, order, PlanSize(500, 300)), (other, other.booth_ids, PlanSize())):
            spots = {one: Spot(number * 30, 0, 30, 30) for number, one in enumerate(booth_ids)}
            place_booths(session, edition.edition_id, spots, size=size, version=0, at=now(), by=None)
    with app.app_context():
        found = spots_of(reading(), fair.edition_id)
        assert list(found) == fair.booth_ids  # by code, «A02» before «A10», whatever was saved first
        assert found[order[3]] == Spot(90, 0, 30, 30)
        assert plan_size(reading(), fair.edition_id) == PlanSize(500, 300)
        plan = find_plan(reading(), other.edition_id, lock=True)
        assert plan is not None
        assert (plan.version, plan.width_dm, plan.height_dm) == (1, 800, 600)
