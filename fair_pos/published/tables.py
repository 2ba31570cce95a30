"""Published figures of editions: frozen, adjusted with date and reason, or stated for fairs before this system."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant


class PublishedFigure(Base):
    """One word about one figure of an edition, or of one of its days. Append-only: the last word about a figure holds, all stay."""

    __tablename__ = "published_figure"
    __table_args__ = (
        CheckConstraint("kind in ('frozen', 'adjusted', 'stated')", name="kind"),
        UniqueConstraint("edition_id", "number"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    number: Mapped[int]
    """Runs from 1 in each edition: two people who write at once cannot both have the next, so neither overlooks the other."""
    fair_day: Mapped[date | None]
    """None for the whole edition."""
    name: Mapped[str] = mapped_column(String(30))
    """What is counted (rules.NAMES)."""
    value: Mapped[int | None] = mapped_column(BigInteger)
    """Empty when the figure was taken back: it is unknown again."""
    old_value: Mapped[int | None] = mapped_column(BigInteger)
    """What held before; empty for the first word."""
    held_value: Mapped[int | None] = mapped_column(BigInteger)
    """What the system itself held in that moment, or on the page of whoever adjusted: only what it holds otherwise since has come late. Empty where it had none."""
    kind: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(300), default="")
    """Whom a stated figure was read from; empty where the figure is our own."""
    reason: Mapped[str] = mapped_column(String(500), default="")
    """Why it was adjusted, or what was known to be open when it was frozen."""
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
