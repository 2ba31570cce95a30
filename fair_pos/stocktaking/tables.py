"""Counts of goods as they were made, and what was booked of their variances. Rows are added, never changed, but for the approval."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant


class StockCount(Base):
    """One count of one place: a tablet's, with the id of its command, or one entered at a page (`device_id` is none)."""

    __tablename__ = "stock_count"
    __table_args__ = (
        CheckConstraint("place_kind in ('booth', 'store')", name="place_kind"),
        CheckConstraint("(approved_at is null) = (approved_by is null)", name="approved"),
        Index(None, "edition_id", "counted_at"),
        Index(None, "place_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    place_id: Mapped[str] = mapped_column(String(36))
    """A booth or a store; no foreign key, as in `movement`."""
    place_kind: Mapped[str] = mapped_column(String(10))
    device_id: Mapped[str | None] = mapped_column(ForeignKey("device.id"))
    person_id: Mapped[str] = mapped_column(String(36))
    fair_day: Mapped[date]
    counted_at: Mapped[datetime] = mapped_column(Instant)
    """When it was finished; each line has a moment of its own."""
    received_at: Mapped[datetime] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(String(300), default="")
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    """When its variances were first booked, or found to be none."""
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class StockCountLine(Base):
    """What lay there of one product or lot at one moment. What should have lain there is computed when it is looked at."""

    __tablename__ = "stock_count_line"
    __table_args__ = (CheckConstraint("quantity >= 0", name="quantity"), Index(None, "product_id"))

    count_id: Mapped[str] = mapped_column(ForeignKey("stock_count.id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(String(36))
    lot_id: Mapped[str] = mapped_column(String(36), default="")
    """Empty: everything of the product that no other line of the count names by lot."""
    name: Mapped[str] = mapped_column(String(300))
    unit: Mapped[str] = mapped_column(String(60))
    quantity: Mapped[int] = mapped_column(BigInteger)
    """Base units, or grams of what is sold by weight."""
    counted_at: Mapped[datetime] = mapped_column(Instant)
    """The true instant as well as it can be known."""


class CountAdjustment(Base):
    """A variance, or what was left of one, booked into the stock: its movements have this row as their subject."""

    __tablename__ = "count_adjustment"
    __table_args__ = (
        ForeignKeyConstraint(["count_id", "line_no"], ["stock_count_line.count_id", "stock_count_line.line_no"]),
        CheckConstraint("quantity <> 0", name="quantity"),
        CheckConstraint("borne_by in ('owner', 'house', 'shared')", name="borne_by"),
        # Of two people who approve at once one is second, and finds nothing left to book.
        Index("uq_count_adjustment_count_id_line_no_booking_no", "count_id", "line_no", "booking_no", unique=True),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    count_id: Mapped[str] = mapped_column(String(36))
    line_no: Mapped[int] = mapped_column(Integer)
    booking_no: Mapped[int] = mapped_column(Integer)
    """1 for the approval, then one more for each that booked what came late."""
    quantity: Mapped[int] = mapped_column(BigInteger)
    """Below zero: goods are missing. The unit is the line's."""
    price_dong: Mapped[int] = mapped_column(BigInteger)
    """Listed price of a unit or a kilogram then: what missing goods are worth."""
    borne_by: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(300))
    booked_at: Mapped[datetime] = mapped_column(Instant)
    booked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
