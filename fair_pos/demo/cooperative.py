"""The twelve sample households of a cooperative: what they delivered, shared by its statement, and a year in bands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from fair_pos.cooperative.actions import add_delivery, add_member, publish_bands, share_out
from fair_pos.cooperative.queries import plan_of
from fair_pos.kernel.ids import named_id

HOUSEHOLDS = (
    "Hộ ông Cường", "Hộ bà Dần", "Hộ ông Hải", "Hộ bà Hoa", "Hộ ông Khánh", "Hộ bà Lan", "Hộ ông Minh", "Hộ bà Nga",
    "Hộ ông Phúc", "Hộ bà Quế", "Hộ ông Sơn", "Hộ bà Tâm",
)  # fmt: skip
"""Invented names; the edition they belong to is marked as sample data."""
MILLIONS = (45, 62, 88, 95, 100, 110, 132, 150, 168, 200, 201, 240)
"""Kilograms of each in the same proportion as the year incomes told of Hồng Yên Du, with both edges of «100–200» among them."""


def add_households(session: Session, producer_id: str, *, joined_day: date, at: datetime, by: str) -> list[str]:
    """Twelve households join a cooperative; their ids by code. Raises NotFound for who is no cooperative."""
    return [
        add_member(
            session, producer_id, code=f"H{number:02}", name=name, joined_day=joined_day, at=at, by=by,
            member_id=named_id("member", producer_id, str(number)),
        ).id
        for number, name in enumerate(HOUSEHOLDS, 1)
    ]  # fmt: skip


def deliver(
    session: Session, producer_id: str, member_ids: Sequence[str], days: Sequence[date], *, what: str, at: datetime,
    by: str,
) -> None:  # fmt: skip
    """On each of the days every household brings its kilograms, more or less as its field gives."""
    for turn, day in enumerate(days):
        for number, member_id in enumerate(member_ids):
            grams = MILLIONS[number] * 1000 // len(days) + (turn * 37 + number * 11) % 500
            add_delivery(
                session, producer_id, member_id, day=day, measure="grams", quantity=grams, what=what, at=at, by=by
            )


def share_statements(
    session: Session, producer_id: str, statement_ids: Sequence[str], *, at: datetime, by: str
) -> list[str]:
    """Share these statements of the cooperative. Raises the refusals of share_out."""
    made = []
    for one in statement_ids:
        seen = plan_of(session, producer_id, one).mark
        made.append(share_out(session, producer_id, one, seen=seen, at=at, by=by))
    return made


def publish_year(session: Session, producer_id: str, year: int, *, at: datetime, by: str) -> None:
    """The cooperative publishes a year that is over."""
    publish_bands(session, producer_id, year, at=at, by=by)
