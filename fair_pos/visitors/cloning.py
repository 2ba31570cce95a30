"""What a cloned edition takes over of its gates: their names and ways, and how many people the place holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fair_pos.visitors.actions import add_gate, set_crowd_rule
from fair_pos.visitors.queries import crowd_rule, gates_of
from fair_pos.visitors.rules import WAYS


def copy_gates(session: Session, old_edition_id: str, new_edition_id: str, *, at: datetime, by: str) -> int:
    """Open the old edition's open gates at the new one, without phones and counts; how many.

    The limit of people inside is the place's and comes along. The share of second entries was asked of last year's visitors
    and does not: this year's visitors are estimated by what they say themselves. Raises NotFound, GateNameTaken.
    """
    found = [gate for gate in gates_of(session, old_edition_id) if gate.closed_at is None]
    for gate in found:
        way = next(one for one in WAYS if one == gate.way)
        add_gate(session, new_edition_id, gate.name, way, at=at, by=by)
    limit, _ = crowd_rule(session, old_edition_id)
    if limit is not None:
        set_crowd_rule(session, new_edition_id, limit, None, at=at, by=by)
    return len(found)
