"""Sales with their lines and payments, oddities, and the running figures that reports read.

There is no path that updates or deletes a sale; what is wrong is put right by a further record. Product, producer and person are no
foreign keys here: a fact may name something the server does not know, and it is stored all the same.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fair_pos.plumbing.db import Base, Instant


class Sale(Base):
    """A sale or a refund. Amounts are positive; `kind` says which way the money went."""

    __tablename__ = "sale"
    __table_args__ = (
        CheckConstraint("kind in ('sale', 'refund')", name="kind"),
        Index(None, "edition_id", "fair_day", "sold_at"),
        Index(None, "booth_id", "fair_day"),
        Index(None, "receipt_token"),
        Index(None, "receipt_number"),
        Index(None, "refund_of"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"))
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    device_seq: Mapped[int]
    person_id: Mapped[str] = mapped_column(String(36))
    receipt_number: Mapped[str] = mapped_column(String(30))
    receipt_token: Mapped[str] = mapped_column(String(64))
    fair_day: Mapped[date]
    hour: Mapped[int]
    """The hour on the wall clock in Vietnam, 0 to 23."""
    sold_at: Mapped[datetime] = mapped_column(Instant)
    """The true instant as well as it can be known; `claimed_at` is what the tablet's clock said."""
    claimed_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    price_list_version: Mapped[int]
    total_dong: Mapped[int] = mapped_column(BigInteger)
    """The sum of the lines, always; `claimed_total_dong` is what the tablet sent."""
    claimed_total_dong: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    """The command's hash as computed by the server; its first 8 digits stand on the receipt."""
    sample: Mapped[bool] = mapped_column(default=False)
    refund_of: Mapped[str | None] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column(String(300), default="")
    lines: Mapped[list[SaleLine]] = relationship(order_by="SaleLine.line_no", viewonly=True)
    payments: Mapped[list[Payment]] = relationship(order_by="Payment.payment_no", viewonly=True)


class SaleLine(Base):
    """A line as the buyer saw it; name and unit are copies, so a receipt does not change with the catalogue."""

    __tablename__ = "sale_line"
    __table_args__ = (Index(None, "producer_id"), Index(None, "product_id"))

    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(String(36))
    producer_id: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(300))
    unit: Mapped[str] = mapped_column(String(60))
    quantity: Mapped[int] = mapped_column(BigInteger)
    unit_price_dong: Mapped[int] = mapped_column(BigInteger)
    amount_dong: Mapped[int] = mapped_column(BigInteger)


class Payment(Base):
    """Money received, or paid out for a refund."""

    __tablename__ = "payment"

    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    payment_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    method: Mapped[str] = mapped_column(String(20))
    amount_dong: Mapped[int] = mapped_column(BigInteger)
    tendered_dong: Mapped[int] = mapped_column(BigInteger)
    change_dong: Mapped[int] = mapped_column(BigInteger)


class Oddity(Base):
    """Something a person should look at. The sale beside it stands."""

    __tablename__ = "oddity"
    __table_args__ = (Index(None, "edition_id", "noticed_at"),)

    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    noticed_at: Mapped[datetime] = mapped_column(Instant)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class HourFigure(Base):
    """Receipts and money of one booth in one hour. Per booth, so that two booths never wait for each other."""

    __tablename__ = "hour_figure"

    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"), primary_key=True)
    fair_day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    receipts: Mapped[int] = mapped_column(BigInteger)
    refunds: Mapped[int] = mapped_column(BigInteger)
    sample_receipts: Mapped[int] = mapped_column(BigInteger)
    """How many of the receipts and refunds are sample data."""
    sold_dong: Mapped[int] = mapped_column(BigInteger)
    refunded_dong: Mapped[int] = mapped_column(BigInteger)
    last_received_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the newest of them reached the server."""


class ProductFigure(Base):
    """Pieces and money of one product at one booth in one hour."""

    __tablename__ = "product_figure"
    __table_args__ = (Index(None, "producer_id", "fair_day"), Index(None, "product_id"))

    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"), primary_key=True)
    fair_day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    producer_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    sold_quantity: Mapped[int] = mapped_column(BigInteger)
    refunded_quantity: Mapped[int] = mapped_column(BigInteger)
    sold_dong: Mapped[int] = mapped_column(BigInteger)
    refunded_dong: Mapped[int] = mapped_column(BigInteger)
    last_sold_at: Mapped[datetime | None] = mapped_column(Instant)
    """Of sales alone; empty while there are only refunds."""
    last_at: Mapped[datetime | None] = mapped_column(Instant)
    """Of sales and refunds: the receipt from which `name` and `unit` are."""
    name: Mapped[str | None] = mapped_column(String(300))
    unit: Mapped[str | None] = mapped_column(String(60))


class TenderFigure(Base):
    """Money by way of paying at one booth in one hour."""

    __tablename__ = "tender_figure"

    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"), primary_key=True)
    fair_day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    method: Mapped[str] = mapped_column(String(20), primary_key=True)
    received_dong: Mapped[int] = mapped_column(BigInteger)
    paid_out_dong: Mapped[int] = mapped_column(BigInteger)
