"""Days that producers have shown to everyone who has the link."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant


class SharedDay(Base):
    """What a producer chose to show of one day, frozen with its picture. The link ends after 30 days, or when the producer takes it back."""

    __tablename__ = "shared_day"
    __table_args__ = (Index(None, "producer_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    producer_id: Mapped[str] = mapped_column(ForeignKey("producer.id"))
    token: Mapped[str] = mapped_column(String(22), unique=True)
    """128 random bits, kept as they are: the producer copies the link again, and what it opens stands beside it."""
    content: Mapped[str] = mapped_column(Text)
    """Canonical JSON (portal/rules.py Shown)."""
    picture: Mapped[bytes] = mapped_column(LargeBinary)
    """PNG, 1200 × 630; drawn once, so that it says the same for as long as it is seen."""
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    ends_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
