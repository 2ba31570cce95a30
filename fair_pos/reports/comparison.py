"""Editions of one series beside one another: which day stands beside which."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session, scoped_session

from fair_pos.venues.queries import editions_of_series, get_edition
from fair_pos.venues.tables import Edition

AnySession = Session | scoped_session[Session]


def edition_before(session: AnySession, edition_id: str) -> Edition | None:
    """The fair of the same series that began last before this one; no showroom. Raises NotFound."""
    edition = get_edition(session, edition_id)
    if edition.series_id is None:
        return None
    fairs = [one for one in editions_of_series(session, edition.series_id) if one.kind == "fair"]
    earlier = [one for one in fairs if one.starts_day < edition.starts_day]
    return earlier[-1] if earlier else None


def same_fair_day(session: AnySession, edition_id: str, day: date) -> tuple[Edition, date] | None:
    """The day of the edition before that stands beside `day`: its first beside the first, its second beside the second.

    None without an edition before, on a day before this edition begins, and where the edition before was over by then. A showroom has
    no fair days to stand beside. Raises NotFound.
    """
    edition, before = get_edition(session, edition_id), edition_before(session, edition_id)
    if before is None or before.ends_day is None or edition.ends_day is None or day < edition.starts_day:
        return None
    there = before.starts_day + timedelta(days=(day - edition.starts_day).days)
    return (before, there) if there <= before.ends_day else None
