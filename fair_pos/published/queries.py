"""Reading what was published of editions."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.published.rules import Entry, Kind, Published
from fair_pos.published.tables import PublishedFigure

AnySession = Session | scoped_session[Session]


def published_of(session: AnySession, edition_id: str) -> Published:
    """Everything that was published of an edition; empty when nothing was."""
    return published_of_each(session, [edition_id])[edition_id]


def published_of_each(session: AnySession, edition_ids: Collection[str]) -> dict[str, Published]:
    """The same of several editions in one query."""
    wanted = select(PublishedFigure).where(PublishedFigure.edition_id.in_(edition_ids))
    found: dict[str, list[Entry]] = {edition_id: [] for edition_id in edition_ids}
    for row in session.scalars(wanted.order_by(PublishedFigure.edition_id, PublishedFigure.number)):
        found[row.edition_id].append(_entry(row))
    return {edition_id: Published(tuple(entries)) for edition_id, entries in found.items()}


def _entry(row: PublishedFigure) -> Entry:
    return Entry(
        number=row.number,
        day=row.fair_day,
        name=row.name,
        value=row.value,
        old_value=row.old_value,
        kind=cast("Kind", row.kind),
        source=row.source,
        reason=row.reason,
        person_id=row.person_id,
        at=row.at,
    )
