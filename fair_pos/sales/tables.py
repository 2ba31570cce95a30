"""Sales with their lines and payments, what was given away, oddities, and the running figures that reports read.

There is no path that updates or deletes a sale; what is wrong is put right by a further record. Product, producer and person are no
foreign keys here: a fact may name something the server does not know, and it is stored all the same.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    false,
    func,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
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
        Index(None, "till_session_id"),
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
    """The sum of the lines and of `rounding_dong`, always; `claimed_total_dong` is what the tablet sent."""
    claimed_total_dong: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    """The command's hash as computed by the server; its first 8 digits stand on the receipt."""
    sample: Mapped[bool] = mapped_column(default=False)
    refund_of: Mapped[str | None] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column(String(300), default="")
    whole: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A refund that takes the whole sale back: a void."""
    second_person_id: Mapped[str | None] = mapped_column(String(36))
    """Who else signed, when more than the edition's limit was given back."""
    rounding_dong: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """What rounding to whole notes added to the lines, or took from them when below zero."""
    note: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    """For the booth only; no public page shows it."""
    till_session_id: Mapped[str | None] = mapped_column(String(36))
    """The till session it belongs to, whenever it arrived."""
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
    """What the buyer paid for it; with `discount_dong` it makes `gross_dong`, unless an oddity says otherwise."""
    grams: Mapped[int | None] = mapped_column(BigInteger)
    """Of weighed goods; then `unit_price_dong` is for a kilogram and `quantity` 1."""
    pack_id: Mapped[str | None] = mapped_column(String(36))
    pack_size: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    """How many base units each of `quantity` holds."""
    gross_dong: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """What quantity or weight and the unit price make, before the discount; computed by us."""
    list_price_dong: Mapped[int | None] = mapped_column(BigInteger)
    """The price of the list, when the seller charged another."""
    price_reason: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    discount_dong: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """Its own discount and its share of one on the whole cart."""
    discount_reason: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    discount_borne_by: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    """producer, organiser or shared; empty when nobody said."""
    note: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    """For the booth only; no public page shows it."""
    lot_id: Mapped[str | None] = mapped_column(String(36))
    """The lot that the seller named; out of which lots it came stands in the ledger."""
    lot_reason: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))

    @hybrid_property
    def base_quantity(self) -> int:
        """What left the stock: base units, or grams of what is sold by weight."""
        return self.quantity * (self.pack_size if self.grams is None else self.grams)

    @base_quantity.inplace.expression
    @classmethod
    def _base_quantity(cls) -> ColumnElement[int]:
        return cls.quantity * func.coalesce(cls.grams, cls.pack_size)


class Payment(Base):
    """Money received, or paid out for a refund. A transfer is claimed until somebody confirms it (payments)."""

    __tablename__ = "payment"

    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    payment_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    method: Mapped[str] = mapped_column(String(20))
    amount_dong: Mapped[int] = mapped_column(BigInteger)
    tendered_dong: Mapped[int] = mapped_column(BigInteger)
    change_dong: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(25), default="", server_default=text("''"))
    """The code in a transfer's note, or a card terminal's approval code; never a card number."""
    account_id: Mapped[str | None] = mapped_column(String(36))
    """Where a transfer was asked to go."""


class Giveaway(Base):
    """Tastings, gifts, samples and breakage: goods left the stock and nothing was sold, so it stands in no revenue."""

    __tablename__ = "giveaway"
    __table_args__ = (
        CheckConstraint("purpose in ('tasting', 'gift', 'sample', 'damaged')", name="purpose"),
        Index(None, "edition_id", "fair_day"),
        Index(None, "booth_id", "fair_day"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"))
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    device_seq: Mapped[int]
    person_id: Mapped[str] = mapped_column(String(36))
    purpose: Mapped[str] = mapped_column(String(20))
    borne_by: Mapped[str] = mapped_column(String(20))
    fair_day: Mapped[date]
    hour: Mapped[int]
    given_at: Mapped[datetime] = mapped_column(Instant)
    claimed_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    price_list_version: Mapped[int]
    worth_dong: Mapped[int] = mapped_column(BigInteger)
    """What it would have cost at the prices sent: the sum of its lines. Never revenue."""
    note: Mapped[str] = mapped_column(String(300), default="")
    till_session_id: Mapped[str | None] = mapped_column(String(36))
    hash: Mapped[str] = mapped_column(String(64))
    sample: Mapped[bool] = mapped_column(default=False)
    lines: Mapped[list[GiveawayLine]] = relationship(order_by="GiveawayLine.line_no", viewonly=True)


class GiveawayLine(Base):
    """Goods given away; quantities as in a line of a sale."""

    __tablename__ = "giveaway_line"
    __table_args__ = (Index(None, "producer_id"), Index(None, "product_id"))

    giveaway_id: Mapped[str] = mapped_column(ForeignKey("giveaway.id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(String(36))
    producer_id: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(300))
    unit: Mapped[str] = mapped_column(String(60))
    quantity: Mapped[int] = mapped_column(BigInteger)
    grams: Mapped[int | None] = mapped_column(BigInteger)
    pack_id: Mapped[str | None] = mapped_column(String(36))
    pack_size: Mapped[int] = mapped_column(Integer)
    unit_price_dong: Mapped[int] = mapped_column(BigInteger)
    worth_dong: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(String(300), default="")
    lot_id: Mapped[str | None] = mapped_column(String(36))
    """The lot that the giver named."""


class Oddity(Base):
    """Something a person should look at. The sale, or other command, beside it stands."""

    __tablename__ = "oddity"
    __table_args__ = (Index(None, "edition_id", "noticed_at"),)

    sale_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """The command it is about: most often a sale or refund, but what was given away or counted can be odd as well."""
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
    rounding_dong: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """What rounding of sales added less what rounding of refunds did: products and rounding make hours, to the đồng."""
    last_received_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the newest of them reached the server."""


class ProductFigure(Base):
    """Goods and money of one product at one booth in one hour: base units, or grams of what is sold by weight; net of discounts."""

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


class DiscountFigure(Base):
    """Discounts on one producer's goods at one booth in one hour, by who bears them."""

    __tablename__ = "discount_figure"
    __table_args__ = (Index(None, "producer_id", "fair_day"),)

    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"), primary_key=True)
    fair_day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    producer_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    borne_by: Mapped[str] = mapped_column(String(20), primary_key=True)
    given_dong: Mapped[int] = mapped_column(BigInteger)
    taken_back_dong: Mapped[int] = mapped_column(BigInteger)
    """With what was given back of discounted goods."""
