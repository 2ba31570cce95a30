"""The next edition of a fair: set up as the last one was, and nothing in it has happened yet (docs/decisions/0019).

Gates and the plan of the fair belong to features above; they lend how they are copied (forms.Copies).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import new_id
from fair_pos.people.actions import copy_roles
from fair_pos.people.rules import Role
from fair_pos.venues.actions import create_edition
from fair_pos.venues.forms import Copies
from fair_pos.venues.queries import booths_of, get_edition
from fair_pos.venues.rules import EditionPlan, TillRules
from fair_pos.venues.tables import Booth, Edition, Occupant

_BOOTH = cast("Table", Booth.__table__)
_OCCUPANT = cast("Table", Occupant.__table__)


@dataclass(frozen=True)
class Parts:
    """What of the last edition the next one takes over; booths and the rules of tills always come."""

    occupants: bool = True
    organisers: bool = True
    sellers: bool = True
    gates: bool = True
    spots: bool = True


@dataclass(frozen=True)
class Cloned:
    """The new edition; `booth_ids` old id → new id; `counts` of what came, by kind."""

    edition: Edition
    booth_ids: Mapping[str, str]
    counts: Mapping[str, int]


def clone_edition(
    session: Session,
    edition_id: str,
    plan: EditionPlan,
    parts: Parts,
    copies: Copies,
    *,
    series_id: str,
    at: datetime,
    by: str | None,
) -> Cloned:
    """Open the next edition of a series, set up as `edition_id` is. No sale, visitor, tablet, stock or day sheet comes along.

    The old edition is not changed, so it may be frozen. Price lists get new booths, so callers tell the catalogue first
    (forms.Goods.list_changed), which also keeps two clonings apart. Raises NotFound and what create_edition raises.
    """
    old = get_edition(session, edition_id)
    new = create_edition(session, plan, series_id=series_id, at=at, by=by)
    for rule in fields(TillRules):
        setattr(new, rule.name, getattr(old, rule.name))
    session.flush()
    booth_ids = _copy_booths(session, old.id, new.id)
    counts = {"booths": len(booth_ids)}
    counts["occupants"] = _copy_occupants(session, booth_ids) if parts.occupants else 0
    roles = [role for role, wanted in ((Role.ORGANISER, parts.organisers), (Role.SELLER, parts.sellers)) if wanted]
    counts["roles"] = copy_roles(session, roles, {old.id: new.id}, booth_ids, at=at, by=by)
    counts["gates"] = copies.gates(session, old.id, new.id, at=at, by=by) if parts.gates else 0
    counts["spots"] = copies.spots(session, booth_ids, at=at, by=by) if parts.spots else 0
    facts = {"from": old.id, **counts}
    write_line(session, at=at, person_id=by, verb="edition_cloned", subject=("edition", new.id), facts=facts)
    return Cloned(new, booth_ids, counts)


def _copy_booths(session: Session, old_id: str, new_id_: str) -> dict[str, str]:
    """Old id → new id, of every booth."""
    found = booths_of(session, old_id)
    ids = {one.id: new_id() for one in found}
    rows = [
        {"id": ids[one.id], "edition_id": new_id_, "code": one.code, "name": one.name, "zone": one.zone}
        for one in found
    ]
    if rows:
        session.execute(insert(_BOOTH), rows)
    return ids


def _copy_occupants(session: Session, booth_ids: Mapping[str, str]) -> int:
    there = select(_OCCUPANT.c.booth_id, _OCCUPANT.c.producer_id).where(_OCCUPANT.c.booth_id.in_(booth_ids))
    rows = [{"booth_id": booth_ids[booth], "producer_id": producer} for booth, producer in session.execute(there)]
    if rows:
        session.execute(insert(_OCCUPANT), rows)
    return len(rows)
