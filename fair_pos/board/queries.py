"""The figures of a board, displays, and what the public was told. A board reads running figures only: it costs the same on the last evening."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.board.rules import (
    TOP,
    HourPair,
    Mark,
    Phase,
    Shown,
    Totals,
    pair_hours,
    phase_of,
    top_booths,
    totals_of,
)
from fair_pos.board.tables import Display, PublicBoard, PublicReading
from fair_pos.daysheet.queries import badge_of
from fair_pos.daysheet.rules import Badge
from fair_pos.kernel.day import fair_day
from fair_pos.reports import queries as figures
from fair_pos.reports.booth_states import is_selling
from fair_pos.reports.comparison import same_fair_day
from fair_pos.reports.rules import Figure, together
from fair_pos.venues.queries import get_edition, programme_of
from fair_pos.visitors.queries import CrowdNow, crowd_now, gates_of_day

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class Board:
    """What is known of an edition's fair day at `at`. Đồng, receipts and entries as running figures have them.

    Plain values throughout: one board is shown by many requests at once, long after the session that read it has ended.
    """

    edition: Shown
    at: datetime
    day: date
    phase: Phase
    total: Figure
    newest_at: datetime | None
    """When the newest receipt of the day reached the server."""
    entries: int | None
    """None where nobody counts visitors."""
    crowd: CrowdNow
    selling: frozenset[str]
    """The booths that sell now."""
    booths: Sequence[Figure]
    """Every booth, by code."""
    hours: Sequence[HourPair]
    compared: tuple[Shown, date] | None
    """The fair day of the edition before that the hours stand beside."""
    top_booths: Sequence[Figure]
    top_products: Sequence[Figure]
    marks: Sequence[Mark]
    badge: Badge

    @property
    def is_sample(self) -> bool:
        """Whether any of it is sample data: money that nobody paid must not be taken for money."""
        return self.edition.is_sample or self.total.sample_receipts > 0


def board_of(session: AnySession, edition_id: str, at: datetime) -> Board:
    """The board of the fair day at `at`. Raises NotFound."""
    edition = get_edition(session, edition_id)
    day = fair_day(at, edition.day_boundary_minutes)
    today = figures.hour_figures(session, edition_id, day)
    beside = same_fair_day(session, edition_id, day)
    before = None if beside is None else figures.hour_figures(session, beside[0].id, beside[1])
    booths = figures.booth_figures(session, edition_id, day)
    sold_at = figures.last_sold_by_booth(session, edition_id, day)
    crowd = crowd_now(session, edition_id, at)
    counted = crowd.entries or gates_of_day(session, edition_id, day, edition.day_boundary_minutes)
    return Board(
        edition=_shown(edition),
        at=at,
        day=day,
        phase=phase_of(day, edition.starts_day, edition.ends_day),
        total=together(today.values()),
        newest_at=max(figures.newest_received(session, edition_id, day).values(), default=None),
        entries=max(0, crowd.entries) if counted else None,
        crowd=crowd,
        selling=frozenset(booth for booth, last in sold_at.items() if is_selling(last, at)),
        booths=booths,
        hours=pair_hours(
            today,
            before or None,  # an edition before this system has figures of days and none of hours
            boundary_minutes=edition.day_boundary_minutes,
            opens_minute=edition.opens_minute,
            closes_minute=edition.closes_minute,
        ),
        compared=(_shown(beside[0]), beside[1]) if beside is not None and before else None,
        top_booths=top_booths(booths),
        top_products=figures.best_sold(session, edition_id, day, TOP),
        marks=[Mark(one.minute, one.kind, one.title) for one in programme_of(session, edition_id, day)],
        badge=badge_of(session, edition_id, day, at),
    )


def _shown(edition: Any) -> Shown:
    return Shown(
        edition.id, edition.name, edition.place, edition.starts_day, edition.ends_day, edition.day_boundary_minutes,
        edition.sample,
    )  # fmt: skip


# --- displays ---------------------------------------------------------------------------------------------------------


def token_hash(token: str) -> str:
    """How a display's token is kept: 256 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def find_display(session: AnySession, display_id: str) -> Display | None:
    """The display with this id."""
    return session.get(Display, display_id)


def find_display_edition(session: AnySession, display_id: str) -> str | None:
    """Whose board a display shows."""
    display = find_display(session, display_id)
    return None if display is None else display.edition_id


def find_display_by_token(session: AnySession, token: str) -> Display | None:
    """The display that holds this token, revoked or not."""
    return session.scalar(select(Display).where(Display.token_hash == token_hash(token)))


def displays_of(session: AnySession, edition_id: str) -> list[Display]:
    """The displays of an edition, the newest first; revoked ones last."""
    found = select(Display).where(Display.edition_id == edition_id)
    return list(session.scalars(found.order_by(Display.revoked_at.is_not(None), Display.created_at.desc(), Display.id)))


# --- the public -------------------------------------------------------------------------------------------------------


def find_public_board(session: AnySession, edition_id: str) -> PublicBoard | None:
    """The public board of an edition, switched on or not; None when it never was on."""
    return session.get(PublicBoard, edition_id)


def find_board_by_slug(session: AnySession, slug: str) -> PublicBoard | None:
    """The public board at this address, switched on or not."""
    return session.scalar(select(PublicBoard).where(PublicBoard.slug == slug))


def open_boards(session: AnySession) -> list[str]:
    """The addresses of the public boards that are switched on."""
    return list(session.scalars(select(PublicBoard.slug).where(PublicBoard.is_on).order_by(PublicBoard.slug)))


def find_reading(session: AnySession, edition_id: str, day: date, *, lock: bool = False) -> PublicReading | None:
    """What the public was last told of a day. `lock` makes a second look at the same moment wait."""
    wanted = select(PublicReading).where(PublicReading.edition_id == edition_id, PublicReading.fair_day == day)
    return session.scalar(wanted.with_for_update() if lock else wanted)


def totals_said(told: PublicReading) -> Totals:
    """The sales in what the public was told, before rounding."""
    return Totals(told.receipts, told.refunds, told.sold_dong, told.refunded_dong)


def totals_now(session: AnySession, edition_id: str, day: date) -> Totals:
    """Sales of a day as they stand, to the đồng."""
    return totals_of(figures.hour_figures(session, edition_id, day).values())


def is_sample(session: AnySession, edition_id: str, day: date) -> bool:
    """Whether the edition, or any receipt of the day, is sample data."""
    hours = figures.hour_figures(session, edition_id, day).values()
    return get_edition(session, edition_id).sample or any(one.sample_receipts for one in hours)


def booths_since(session: AnySession, edition_id: str, day: date, since: datetime | None) -> int:
    """How many booths had a receipt of the day reach the server after `since`; all with any receipt when it is None."""
    newest = figures.newest_received(session, edition_id, day)
    return sum(1 for at in newest.values() if since is None or at > since)


def entries_now(session: AnySession, edition_id: str, at: datetime) -> int:
    """Entries of the fair day of `at`."""
    return max(0, crowd_now(session, edition_id, at).entries)
