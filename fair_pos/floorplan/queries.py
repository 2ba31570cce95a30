"""Where booths stand."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.floorplan.rules import PlanSize, Spot
from fair_pos.floorplan.tables import BoothSpot, FloorPlan
from fair_pos.venues.queries import booths_of

AnySession = Session | scoped_session[Session]


def find_plan(session: AnySession, edition_id: str, *, lock: bool = False) -> FloorPlan | None:
    """The plan of an edition; None before its first saving. `lock` makes another saving wait for this one."""
    wanted = select(FloorPlan).where(FloorPlan.edition_id == edition_id)
    return session.scalar(wanted.with_for_update() if lock else wanted)


def plan_size(session: AnySession, edition_id: str) -> PlanSize:
    """How large the plan of an edition is, in whole decimetres; the usual size before its first saving."""
    plan = find_plan(session, edition_id)
    return PlanSize() if plan is None else PlanSize(plan.width_dm, plan.height_dm)


def spots_of(session: AnySession, edition_id: str) -> dict[str, Spot]:
    """Booth id → its spot, in whole decimetres from the plan's top left; by code. Booths that stand nowhere yet are left out."""
    order = [booth.id for booth in booths_of(session, edition_id)]
    columns = (BoothSpot.booth_id, BoothSpot.x, BoothSpot.y, BoothSpot.width, BoothSpot.height)
    rows = session.execute(select(*columns).where(BoothSpot.booth_id.in_(order)))
    found = {booth_id: Spot(*numbers) for booth_id, *numbers in rows}
    return {booth_id: found[booth_id] for booth_id in order if booth_id in found}
