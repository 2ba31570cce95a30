"""Displays that hang on a wall, and what the public may see of an edition."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant


class Display(Base):
    """A screen on a wall. Its token opens the board of its edition and nothing else; only the token's hash is kept."""

    __tablename__ = "display"
    __table_args__ = (Index(None, "edition_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    shows_makers: Mapped[bool] = mapped_column(default=False)
    """Whether booths and their money may stand on this screen, which whoever walks by can read."""
    created_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_seen_at: Mapped[datetime | None] = mapped_column(Instant)
    """To the minute: a write for each question would cost more than the answer."""


class PublicBoard(Base):
    """The public address of an edition's rounded totals. Switched off it answers 404; switched on again it is the same address."""

    __tablename__ = "public_board"

    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    is_on: Mapped[bool]
    changed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class PublicReading(Base):
    """What the public board says of one fair day, before rounding: it moves on only by many receipts at once (rules.may_move_on)."""

    __tablename__ = "public_reading"

    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    fair_day: Mapped[date] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(Instant)
    """When the figures were last looked at."""
    moved_at: Mapped[datetime | None] = mapped_column(Instant)
    """When receipts and money last moved on; empty while there were too few."""
    receipts: Mapped[int] = mapped_column(BigInteger)
    refunds: Mapped[int] = mapped_column(BigInteger)
    sold_dong: Mapped[int] = mapped_column(BigInteger)
    refunded_dong: Mapped[int] = mapped_column(BigInteger)
    visitors: Mapped[int] = mapped_column(BigInteger)
