"""Displays made and switched off, the public board switched on and off, and what the public is told next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fair_pos.board import queries
from fair_pos.board.refusals import DisplayNameMissing
from fair_pos.board.rules import LEAST_PAUSE, is_news, may_move_on
from fair_pos.board.tables import Display, PublicBoard, PublicReading
from fair_pos.journal.actions import write_line
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id, new_token
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean, slug
from fair_pos.reports.queries import largest_receipt
from fair_pos.venues.queries import get_edition

TOKEN_BYTES = 32
MOST_NAME = 100


def make_display(
    session: Session, edition_id: str, *, name: str, shows_makers: bool, at: datetime, by: str
) -> tuple[Display, str]:
    """A screen for a wall; returns it and its token, which is not kept here. Raises NotFound, DisplayNameMissing."""
    edition, name = get_edition(session, edition_id), clean(name)
    if not name or len(name) > MOST_NAME:
        raise DisplayNameMissing
    token = new_token(TOKEN_BYTES)
    display = Display(
        id=new_id(),
        edition_id=edition.id,
        name=name,
        token_hash=queries.token_hash(token),
        shows_makers=shows_makers,
        created_by=by,
        created_at=at,
    )
    session.add(display)
    session.flush()
    facts = {"edition": edition.id, "name": name, "shows_makers": shows_makers}
    write_line(session, at=at, person_id=by, verb="display_made", subject=("display", display.id), facts=facts)
    return display, token


def revoke_display(session: Session, display_id: str, *, at: datetime, by: str) -> bool:
    """The display's token opens nothing any more; whether it opened anything until now. Raises NotFound."""
    display = queries.find_display(session, display_id)
    if display is None:
        raise NotFound
    if display.revoked_at is not None:
        return False
    display.revoked_at, display.revoked_by = at, by
    write_line(session, at=at, person_id=by, verb="display_revoked", subject=("display", display.id), facts={})
    return True


def note_display(session: Session, display_id: str, at: datetime) -> None:
    """Write down that a display was seen, once a minute."""
    display = queries.find_display(session, display_id)
    if display is not None and is_news(display.last_seen_at, at):
        display.last_seen_at = at


def switch_public_board(session: Session, edition_id: str, *, on: bool, at: datetime, by: str) -> bool:
    """Show an edition's rounded totals to everyone, or no longer; whether that changed anything. Raises NotFound.

    The address is made of the edition's name when it is first switched on, and stays: posters carry it.
    """
    edition = get_edition(session, edition_id)
    board = queries.find_public_board(session, edition_id)
    if board is None:
        if not on:
            return False
        board = PublicBoard(
            edition_id=edition.id,
            slug=_free_slug(session, edition.name, edition.id),
            is_on=False,
            changed_by=by,
            changed_at=at,
        )
        session.add(board)
    if board.is_on == on:
        return False
    board.is_on, board.changed_by, board.changed_at = on, by, at
    session.flush()
    verb = "public_board_on" if on else "public_board_off"
    facts = {"slug": board.slug}
    write_line(session, at=at, person_id=by, verb=verb, subject=("edition", edition.id), facts=facts)
    return True


def _free_slug(session: Session, name: str, edition_id: str) -> str:
    """«tuan-le-ocop-2026»; with the end of the edition's id when another has that address already."""
    plain = slug(name)[:60].strip("-") or "hoi-cho"
    return plain if queries.find_board_by_slug(session, plain) is None else f"{plain}-{edition_id[-8:]}"


def take_reading(session: Session, edition_id: str, at: datetime) -> PublicReading:
    """What the public is told of the fair day at `at`: looked at anew once a minute at most, moved on by many receipts at once.

    See rules.may_move_on. Raises NotFound.
    """
    edition = get_edition(session, edition_id)
    day = fair_day(at, edition.day_boundary_minutes)
    reading = queries.find_reading(session, edition_id, day, lock=True)
    if reading is not None and at - reading.taken_at < LEAST_PAUSE:
        return reading
    visitors, now = queries.entries_now(session, edition_id, at), queries.totals_now(session, edition_id, day)
    booths = queries.booths_since(session, edition_id, day, reading.moved_at if reading is not None else None)
    largest_dong = largest_receipt(session, edition_id, day)
    if reading is None:
        reading = PublicReading(
            edition_id=edition_id,
            fair_day=day,
            taken_at=at,
            moved_at=None,
            receipts=0,
            refunds=0,
            sold_dong=0,
            refunded_dong=0,
            visitors=0,
        )
        session.add(reading)
    reading.taken_at, reading.visitors = at, visitors
    if may_move_on(queries.totals_said(reading), now, booths=booths, largest_dong=largest_dong):
        reading.moved_at = at
        reading.receipts, reading.refunds = now.receipts, now.refunds
        reading.sold_dong, reading.refunded_dong = now.sold_dong, now.refunded_dong
    session.flush()
    return reading
