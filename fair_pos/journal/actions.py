"""Writing the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from fair_pos.journal.tables import Line

_INSERT = insert(Line.__table__)  # type: ignore[arg-type]  # mapped tables are typed as FromClause


def write_line(
    session: Session,
    *,
    at: datetime,
    verb: str,
    subject: tuple[str, str],
    facts: Mapping[str, Any],
    person_id: str | None = None,
    device_id: str | None = None,
) -> None:
    """One line: at `at` someone did `verb` to `subject` (kind, id)."""
    write_lines(
        session, [line(at=at, verb=verb, subject=subject, facts=facts, person_id=person_id, device_id=device_id)]
    )


def line(
    *,
    at: datetime,
    verb: str,
    subject: tuple[str, str],
    facts: Mapping[str, Any],
    person_id: str | None = None,
    device_id: str | None = None,
) -> dict[str, Any]:
    """A line as the row it will be."""
    return {
        "at": at,
        "device_id": device_id,
        "person_id": person_id,
        "verb": verb,
        "subject_kind": subject[0],
        "subject_id": subject[1],
        "facts": dict(facts),
    }


def write_lines(session: Session, lines: Sequence[Mapping[str, Any]]) -> None:
    """Many lines in one statement, for an upload of many commands."""
    if lines:
        session.execute(_INSERT, list(lines))
