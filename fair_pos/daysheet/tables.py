"""Sheets of fair days that a named person signed, which receipts each of them covers, and why one was opened again.

Nothing here is ever changed: a sheet that was opened again stays as it was, and the next one is a row of its own.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant


class DaySheet(Base):
    """The figures of one fair day as somebody signed them. Of two closings at once the second finds its round taken."""

    __tablename__ = "day_sheet"
    __table_args__ = (UniqueConstraint("edition_id", "number"), UniqueConstraint("edition_id", "fair_day", "round"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    fair_day: Mapped[date]
    number: Mapped[int]
    """Counted through the edition: sheet 7 of the fair."""
    round: Mapped[int]
    """Which time this day was closed: 1, and 2 after it was opened again."""
    closed_at: Mapped[datetime] = mapped_column(Instant)
    closed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    receipts: Mapped[int]
    refunds: Mapped[int]
    sold_dong: Mapped[int] = mapped_column(BigInteger)
    refunded_dong: Mapped[int] = mapped_column(BigInteger)
    entries: Mapped[int | None]
    """People through the gates, net; empty where the edition has no gate that counts people in."""
    content: Mapped[str] = mapped_column(Text)
    """Everything on the paper, frozen (sheet.py)."""
    digest: Mapped[str] = mapped_column(String(64))


class SignedSale(Base):
    """A sale or refund that a sheet covers: those that had arrived when it was signed."""

    __tablename__ = "signed_sale"
    __table_args__ = (Index(None, "sale_id"),)

    sheet_id: Mapped[str] = mapped_column(ForeignKey("day_sheet.id"), primary_key=True)
    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True)


class DayReopening(Base):
    """Who opened a signed day again, and why. A sheet is opened again once at most; the day is then signed anew."""

    __tablename__ = "day_reopening"

    sheet_id: Mapped[str] = mapped_column(ForeignKey("day_sheet.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300))


class DayPaper(Base):
    """The PDF of a sheet as it was first printed: printed again it is the same bytes, whatever fonts and programs came since."""

    __tablename__ = "day_paper"

    sheet_id: Mapped[str] = mapped_column(ForeignKey("day_sheet.id"), primary_key=True)
    printed_at: Mapped[datetime] = mapped_column(Instant)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
