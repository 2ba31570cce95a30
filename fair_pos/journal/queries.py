"""Reading the journal."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.journal.tables import Line


def lines_about(
    session: Session | scoped_session[Session], kind: str, subject_id: str, *, verb: str | None = None
) -> list[Line]:
    """The lines about one thing, oldest first; of one verb when given."""
    found = select(Line).where(Line.subject_kind == kind, Line.subject_id == subject_id).order_by(Line.seq)
    return list(session.scalars(found if verb is None else found.where(Line.verb == verb)))
