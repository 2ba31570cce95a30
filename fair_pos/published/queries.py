"""Reading what was published of editions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.daysheet.queries import badge_of, sheets_of, visitor_badge_of
from fair_pos.daysheet.rules import closes_at
from fair_pos.kernel.day import day_starts_at
from fair_pos.published.rules import Entry, Kind, OpenItem, Published
from fair_pos.published.tables import PublishedFigure
from fair_pos.venues.queries import get_edition

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
        held_value=row.held_value,
    )


def over_at(session: AnySession, edition_id: str) -> datetime | None:
    """When the last day of a fair stops selling, and its figures may be frozen; None for a showroom. Raises NotFound."""
    edition = get_edition(session, edition_id)
    if edition.ends_day is None:
        return None
    return closes_at(edition.ends_day, edition.closes_minute, edition.day_boundary_minutes)


def open_items(session: AnySession, edition_id: str, at: datetime) -> list[OpenItem]:
    """What is not finished at `at`: the fair itself, days that nobody signed, tablets and gate phones that owe data. Raises NotFound.

    A showroom has no end and nothing here.
    """
    edition = get_edition(session, edition_id)
    if edition.ends_day is None:
        return []
    signed = {one.fair_day for one in sheets_of(session, edition_id) if one.in_force}
    length = (edition.ends_day - edition.starts_day).days + 1
    days = [edition.starts_day + timedelta(days=step) for step in range(length)]
    boundary = edition.day_boundary_minutes
    over = day_starts_at(edition.ends_day, boundary) + timedelta(days=1) <= at
    found = [] if over else [OpenItem("running")]
    found += [OpenItem("day", day) for day in days if day not in signed and day_starts_at(day, boundary) <= at]
    for kind, badge in (
        ("tablets", badge_of(session, edition_id, None, at)),
        ("phones", visitor_badge_of(session, edition_id, None, at)),
    ):
        if badge.late:
            found.append(OpenItem("tablets" if kind == "tablets" else "phones", names=badge.late))
    return found
