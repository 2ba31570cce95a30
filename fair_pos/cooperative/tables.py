"""Member households of a cooperative, what they delivered, how proceeds were shared, and what was published of their incomes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant


class Member(Base):
    """A household of a cooperative. Only the cooperative and the household itself see this row."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("producer_id", "code"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    producer_id: Mapped[str] = mapped_column(ForeignKey("producer.id"))
    """The cooperative."""
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    joined_day: Mapped[date]
    left_day: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(ForeignKey("person.id"))


class MemberCard(Base):
    """A household's own link to its own figures; only the hash of its secret is kept."""

    __tablename__ = "member_card"
    __table_args__ = (Index(None, "member_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class Delivery(Base):
    """Goods a household brought to its cooperative. Never changed: a wrong one is undone by a row that takes it back."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("measure in ('grams', 'pieces')", name="measure"),
        CheckConstraint("(quantity > 0) = (undoes_id is null)", name="quantity"),
        Index(None, "member_id", "day"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"))
    day: Mapped[date]
    what: Mapped[str] = mapped_column(String(100), default="")
    """The goods in the cooperative's own words; may be empty."""
    measure: Mapped[str] = mapped_column(String(10))
    quantity: Mapped[int] = mapped_column(BigInteger)
    """Grams or pieces; below zero in a row that undoes another, by exactly as much."""
    undoes_id: Mapped[str | None] = mapped_column(ForeignKey("delivery.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(ForeignKey("person.id"))


class ShareRun(Base):
    """The proceeds of one statement, shared once among the households by what they delivered in its period."""

    __tablename__ = "share_run"
    __table_args__ = (CheckConstraint("measure in ('grams', 'pieces')", name="measure"), Index(None, "producer_id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    producer_id: Mapped[str] = mapped_column(ForeignKey("producer.id"))
    settlement_id: Mapped[str] = mapped_column(ForeignKey("settlement.id"), unique=True)
    number: Mapped[str] = mapped_column(String(20))
    """The statement's, «TT-0001»."""
    from_day: Mapped[date]
    until_day: Mapped[date]
    payable_dong: Mapped[int] = mapped_column(BigInteger)
    measure: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))


class MemberShare(Base):
    """A household's part of a share run."""

    __tablename__ = "member_share"

    run_id: Mapped[str] = mapped_column(ForeignKey("share_run.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    quantity: Mapped[int] = mapped_column(BigInteger)
    """Grams or pieces delivered in the period."""
    amount_dong: Mapped[int] = mapped_column(BigInteger)


class PublishedBands(Base):
    """How many households of a cooperative earned how much in a year, as its cooperative let others know; once for each year.

    Only bands that may be shown are in it, so nothing more can leak from here.
    """

    __tablename__ = "published_bands"

    producer_id: Mapped[str] = mapped_column(ForeignKey("producer.id"), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    households: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Band → households."""
    published_at: Mapped[datetime] = mapped_column(Instant)
    published_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
