"""Admissions to showrooms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant

_ADMITTED = text("withdrawn_day IS NULL")


class Admission(Base):
    """A product on display in a showroom from a day on, and why. Never changed but for the end; a product may come again."""

    __tablename__ = "admission"
    __table_args__ = (
        CheckConstraint("withdrawn_day is null or withdrawn_day >= admitted_day", name="days"),
        Index(
            "uq_admission_admitted",
            "edition_id",
            "product_id",
            unique=True,
            sqlite_where=_ADMITTED,
            postgresql_where=_ADMITTED,
        ),
        Index(None, "edition_id", "product_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"))
    grounds: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """What held on the day of admission (rules.Ground as written by rules.written)."""
    exception: Mapped[str] = mapped_column(String(300), default="")
    """Why it was admitted without any ground."""
    admitted_day: Mapped[date]
    admitted_at: Mapped[datetime] = mapped_column(Instant)
    admitted_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_day: Mapped[date | None]
    """The first day on which it is not on display any more."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_reason: Mapped[str] = mapped_column(String(300), default="")
