"""The append-only movements and the running balance."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant


class Movement(Base):
    """Goods came (positive) or went (negative). The owner stands in every movement; there is no anonymous stock.

    `product_id` and `producer_id` are no foreign keys: a sale of something we do not know has still happened.
    """

    __tablename__ = "movement"
    __table_args__ = (
        CheckConstraint("kind in ('intake', 'sale', 'refund', 'giveaway')", name="kind"),
        Index(None, "booth_id", "product_id"),
        Index(None, "subject_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"))
    product_id: Mapped[str] = mapped_column(String(36))
    producer_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[int] = mapped_column(BigInteger)
    """Base units, or grams of what is sold by weight."""
    subject_id: Mapped[str] = mapped_column(String(36))
    """The sale, refund, giveaway or intake note that moved the goods."""
    at: Mapped[datetime] = mapped_column(Instant)


class Balance(Base):
    """What lies at a booth now: the sum of its movements, kept in the same transaction. May be below zero."""

    __tablename__ = "balance"

    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    producer_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    quantity: Mapped[int] = mapped_column(BigInteger)
