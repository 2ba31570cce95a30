"""What an organiser expects of each day: entries, written down before the fair and compared with what came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import dialect_of, insert_new
from fair_pos.venues.queries import get_edition, refuse_frozen
from fair_pos.visitors.queries import planned_of
from fair_pos.visitors.refusals import DayNotOfFair
from fair_pos.visitors.tables import VisitorPlan

_PLAN = cast("Table", VisitorPlan.__table__)


def plan_days(
    session: Session, edition_id: str, entry_id: str, said: Mapping[date, int | None], *, at: datetime, by: str
) -> bool:
    """Write down what is expected of these days, None where nothing is any more; whether anything changed.

    `entry_id` is of the form: sent twice it counts once, and a form of an earlier page in which another number was typed is a new
    word. Earlier words stay in the table. Raises NotFound, EditionFrozen, DayNotOfFair.
    """
    refuse_frozen(session, edition_id)
    edition = get_edition(session, edition_id)
    if any(day < edition.starts_day or (edition.ends_day is not None and day > edition.ends_day) for day in said):
        raise DayNotOfFair
    before, sent = planned_of(session, edition_id), words_of(session, entry_id)
    changed = {
        day: people
        for day, people in said.items()
        if before.get(day) != people and not (day in sent and sent[day] == people)
    }
    rows = [
        {
            "id": new_id() if day in sent else entry_id,
            "edition_id": edition_id,
            "fair_day": day,
            "people": people,
            "person_id": by,
            "at": at,
        }
        for day, people in sorted(changed.items())
    ]
    if not rows:
        return False
    written = set(session.scalars(insert_new(dialect_of(session), _PLAN, "fair_day"), rows))
    if not written:
        return False
    facts = {day.isoformat(): [before.get(day), changed[day]] for day in sorted(written)}
    write_line(session, at=at, person_id=by, verb="visitors_planned", subject=("edition", edition_id), facts=facts)
    return True


def words_of(session: Session, entry_id: str) -> dict[date, int | None]:
    """What a form said of which day when it was sent before."""
    wanted = select(VisitorPlan.fair_day, VisitorPlan.people).where(VisitorPlan.id == entry_id)
    return dict(session.execute(wanted).all())
