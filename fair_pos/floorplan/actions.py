"""Saving the plan of a fair, and taking it over into the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from fair_pos.floorplan import refusals
from fair_pos.floorplan.queries import find_plan, spots_of
from fair_pos.floorplan.rules import LEAST_PLAN_DM, MOST_PLAN_DM, PlanSize, Spot, pulled_inside, size_fits
from fair_pos.floorplan.tables import BoothSpot, FloorPlan
from fair_pos.journal.actions import write_line
from fair_pos.kernel.refusal import NotFound
from fair_pos.venues.queries import booths_of, get_booth, get_edition, refuse_frozen


def place_booths(
    session: Session,
    edition_id: str,
    spots: Mapping[str, Spot],
    *,
    size: PlanSize,
    version: int,
    at: datetime,
    by: str | None,
) -> int:
    """Let exactly these booths stand at these spots; the number of the version that this makes.

    `version` is the one on which the work is built (0 for an empty plan). Spots beyond the edge are pulled inside; overlapping
    ones are kept as they are (docs/decisions/0020). What stood elsewhere before is in the journal. Nothing changed is no new
    version. Raises NotFound for a booth of another edition, EditionFrozen, PlanSizeWrong, and PlanChanged when `version` is not the newest.
    """
    get_edition(session, edition_id)
    refuse_frozen(session, edition_id)
    codes = {booth.id: booth.code for booth in booths_of(session, edition_id)}
    if not spots.keys() <= codes.keys():
        raise NotFound
    if not size_fits(size):
        raise refusals.PlanSizeWrong(least=LEAST_PLAN_DM // 10, most=MOST_PLAN_DM // 10)
    plan = find_plan(session, edition_id, lock=True)
    newest = plan.version if plan else 0
    if version != newest:
        raise refusals.PlanChanged(version=newest)
    old = spots_of(session, edition_id)
    new = {booth_id: pulled_inside(spot, size) for booth_id, spot in spots.items()}
    if plan and new == old and size == PlanSize(plan.width_dm, plan.height_dm):
        return newest
    changed = {one for one in codes if old.get(one) != new.get(one)}
    _set_size(session, edition_id, plan, size, at=at, by=by)
    session.execute(delete(BoothSpot).where(BoothSpot.booth_id.in_(changed & old.keys())))
    rows = [{"booth_id": one, **vars(new[one])} for one in codes if one in changed & new.keys()]
    if rows:
        session.execute(insert(BoothSpot), rows)
    moved = {codes[one]: [_plain(old.get(one)), _plain(new.get(one))] for one in codes if one in changed}
    facts = {"version": newest + 1, "size": list(astuple(size)), "moved": moved}
    write_line(session, at=at, person_id=by, verb="plan_saved", subject=("edition", edition_id), facts=facts)
    return newest + 1


def copy_spots(session: Session, booth_ids: Mapping[str, str], *, at: datetime, by: str | None) -> int:
    """Let new booths stand where the old ones stand (`booth_ids`: old id → new id); how many do.

    All old booths are of one edition and all new ones of another, whose plan gets the size of the old. Meant for an edition
    that was just opened: a spot that a new booth has already is replaced. Raises NotFound.
    """
    if not booth_ids:
        return 0
    old_id, new_id = next(iter(booth_ids.items()))
    source, target = get_booth(session, old_id).edition_id, get_booth(session, new_id).edition_id
    old_plan, old = find_plan(session, source), spots_of(session, source)
    new = {booth_ids[booth_id]: spot for booth_id, spot in old.items() if booth_id in booth_ids}
    if old_plan is None or not new:
        return 0
    size, plan = PlanSize(old_plan.width_dm, old_plan.height_dm), find_plan(session, target, lock=True)
    there = spots_of(session, target)
    place_booths(session, target, {**there, **new}, size=size, version=plan.version if plan else 0, at=at, by=by)
    return len(new)


def _set_size(
    session: Session, edition_id: str, plan: FloorPlan | None, size: PlanSize, *, at: datetime, by: str | None
) -> None:
    """Size and the next version. Flushed before the booths: of two first savings at once the second fails here."""
    if plan is None:
        plan = FloorPlan(edition_id=edition_id, version=0)
        session.add(plan)
    plan.width_dm, plan.height_dm = size.width, size.height
    plan.version, plan.changed_by, plan.changed_at = plan.version + 1, by, at
    session.flush()


def _plain(spot: Spot | None) -> list[int] | None:
    return None if spot is None else list(astuple(spot))
