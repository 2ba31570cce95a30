"""Reading the journal."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.journal.tables import Line


def history_of(session: Session | scoped_session[Session], kind: str, subject_id: str) -> list[Line]:
    """The lines about one thing, oldest first."""
    found = select(Line).where(Line.subject_kind == kind, Line.subject_id == subject_id).order_by(Line.seq)
    return list(session.scalars(found))
