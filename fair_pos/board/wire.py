"""The board as JSON, for displays on a wall."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel

from fair_pos.board.queries import Board
from fair_pos.board.rules import Phase, minute_of_day


class HourOnWall(BaseModel):
    """Net đồng of an hour (0 to 23, Vietnam) today, and at the edition before; None without one."""

    hour: int
    net_dong: int
    before_dong: int | None


class TopRow(BaseModel):
    """A booth with its net đồng, or a product with its pieces; what a row is not about is None."""

    name: str
    net_dong: int | None
    pieces: int | None


class MarkOnWall(BaseModel):
    """Something of the programme: minutes since the midnight in Vietnam with which `WallBoard.day` begins, beyond 1440 in the night after;
    opening | livestream | cooking | other; title.
    """

    minute: int
    kind: str
    title: str


class BadgeOnWall(BaseModel):
    """Tablets that have sent everything, of those that owe this day anything; until when that is known."""

    complete: int
    total: int
    until: datetime | None
    waiting: int
    is_final: bool


class CrowdOnWall(BaseModel):
    """People inside all gates, None when nobody can say; level calm | amber | red (visitors/rules.py)."""

    people: int | None
    limit: int | None
    level: str


class ComparedWith(BaseModel):
    """The edition and fair day whose hours are `before_dong`."""

    edition: str
    day: date


class WallBoard(BaseModel):
    """Everything on one wall. Instants are UTC, amounts whole đồng, net of what was given back."""

    v: int = 1
    edition: str
    place: str
    day: date
    day_number: int | None
    """First fair day 1; None outside the edition's days and in showrooms."""
    phase: Phase
    server_time: datetime
    """When this answer left; `read_at` is when the figures were read: answers to many displays share one reading."""
    read_at: datetime
    newest_receipt_at: datetime | None
    net_dong: int
    receipts: int
    visitors: int | None
    booths_selling: int
    booths: int
    hours: list[HourOnWall]
    compared: ComparedWith | None
    top_kind: str
    """booths | products"""
    top: list[TopRow]
    marks: list[MarkOnWall]
    badge: BadgeOnWall
    crowd: CrowdOnWall
    sample: bool
    """Whether any of it is sample data."""


def on_wall(board: Board, *, shows_makers: bool, server_time: datetime) -> WallBoard:
    """The board for one display. Without `shows_makers` no booth, no maker and nobody's money but the whole fair's is in it."""
    edition, badge, crowd = board.edition, board.badge, board.crowd
    if shows_makers:
        top = [TopRow(name=one.name, net_dong=one.net_dong, pieces=None) for one in board.top_booths]
    else:
        top = [TopRow(name=one.name, net_dong=None, pieces=one.net_quantity) for one in board.top_products]
    counts_days = board.phase == "running" and edition.ends_day is not None
    return WallBoard(
        edition=edition.name,
        place=edition.place,
        day=board.day,
        day_number=(board.day - edition.starts_day).days + 1 if counts_days else None,
        phase=board.phase,
        server_time=server_time,
        read_at=board.at,
        newest_receipt_at=board.newest_at,
        net_dong=board.total.net_dong,
        receipts=board.total.receipts,
        visitors=board.entries,
        booths_selling=len(board.selling),
        booths=len(board.booths),
        hours=[HourOnWall(hour=one.hour, net_dong=one.net_dong, before_dong=one.before_dong) for one in board.hours],
        compared=board.compared and ComparedWith(edition=board.compared[0].name, day=board.compared[1]),
        top_kind="booths" if shows_makers else "products",
        top=top,
        marks=[
            MarkOnWall(minute=minute_of_day(one.minute, edition.boundary_minutes), kind=one.kind, title=one.title)
            for one in board.marks
        ],
        badge=BadgeOnWall(
            complete=badge.complete,
            total=badge.total,
            until=badge.until,
            waiting=badge.waiting,
            is_final=badge.is_final,
        ),
        crowd=CrowdOnWall(people=crowd.inside.people, limit=crowd.limit_people, level=crowd.level),
        sample=board.is_sample,
    )
