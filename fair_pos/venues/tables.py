"""Series, editions, booths and who occupies them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fair_pos.plumbing.db import Base, Instant


class Series(Base):
    """A fair that comes back: «Tuần lễ OCOP». Its editions are compared with one another."""

    __tablename__ = "series"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(300), unique=True)


class Edition(Base):
    """One holding of a fair, or a showroom: the same thing without a last day (docs/decisions/0006)."""

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("kind in ('fair', 'showroom')", name="kind"),
        CheckConstraint("ends_day is null or ends_day >= starts_day", name="days"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    series_id: Mapped[str | None] = mapped_column(ForeignKey("series.id"))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(300))
    place: Mapped[str] = mapped_column(String(300), default="")
    starts_day: Mapped[date]
    ends_day: Mapped[date | None]
    opens_minute: Mapped[int]
    closes_minute: Mapped[int]
    day_boundary_minutes: Mapped[int]
    sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    cash_rounding_dong: Mapped[int] = mapped_column(default=0, server_default="0")
    """Cash totals are rounded to whole multiples of it, visibly; 0 for not at all."""
    close_limit_dong: Mapped[int] = mapped_column(BigInteger, default=50_000, server_default="50000")
    """A drawer that differs by more needs a second person."""
    refund_limit_dong: Mapped[int] = mapped_column(BigInteger, default=500_000, server_default="500000")
    """Giving back more needs a second person."""
    drawer: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether selling waits for the drawer to be opened."""
    seller_discount_percent: Mapped[int] = mapped_column(default=10, server_default="10")
    """What a seller may take off; organisers may take off everything."""
    hidden_at: Mapped[datetime | None] = mapped_column(Instant)
    """Opened by mistake and never sold at: it stands in no list any more."""
    frozen_at: Mapped[datetime | None] = mapped_column(Instant)
    """Since then its figures stand as published: requests are turned down, facts from devices still come in."""
    frozen_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    series: Mapped[Series | None] = relationship(lazy="joined")


class Booth(Base):
    """A place of sale in an edition. Stock lies here and tills belong here."""

    __tablename__ = "booth"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(300))
    zone: Mapped[str] = mapped_column(String(100), default="")
    edition: Mapped[Edition] = relationship(lazy="joined")


class Occupant(Base):
    """A producer whose goods a booth sells; a booth may have several, a producer several booths."""

    __tablename__ = "occupant"

    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"), primary_key=True)
    producer_id: Mapped[str] = mapped_column(ForeignKey("producer.id"), primary_key=True)


class ProgrammeItem(Base):
    """Something that draws a crowd: an opening, a livestream, a cooking show. A mark on the hourly curve."""

    __tablename__ = "programme_item"
    __table_args__ = (
        CheckConstraint("kind in ('opening', 'livestream', 'cooking', 'other')", name="kind"),
        CheckConstraint("minute >= 0 and minute < 1440", name="minute"),
        UniqueConstraint("edition_id", "fair_day", "minute", "title"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    fair_day: Mapped[date]
    minute: Mapped[int] = mapped_column(Integer)
    """On the wall clock, from midnight; before the edition's boundary it is the night after the evening of `fair_day`."""
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(120))
