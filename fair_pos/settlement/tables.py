"""Statements of what owners of goods are owed, every part that each is made of, what was paid, and the papers as first printed.

Nothing here is ever changed: a mistake shows as a line of a later statement, a payout made in error is reversed by a row of its own.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant


class SettlementCounter(Base):
    """The last number given in an edition; its row is the lock behind which one settling waits for the other."""

    __tablename__ = "settlement_counter"

    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    last: Mapped[int]


class Settlement(Base):
    """A statement of one owner. Sums are đồng; `content` holds everything on the paper (content.frozen)."""

    __tablename__ = "settlement"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        UniqueConstraint("edition_id", "producer_id", "until_day"),
        CheckConstraint("net_dong = owner_dong + house_dong", name="shares"),
        CheckConstraint(
            "payable_dong + carried_out_dong = owner_dong - fees_dong + credited_dong + carried_in_dong", name="due"
        ),
        CheckConstraint("payable_dong >= 0", name="payable"),
        CheckConstraint("from_day is null or from_day <= until_day", name="days"),
        Index(None, "producer_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    producer_id: Mapped[str] = mapped_column(ForeignKey("producer.id"))
    """The owner of the goods, who need not be their maker."""
    number: Mapped[int]
    """1, 2, 3 … in its edition; rules.written_number makes «TT-0001» of it."""
    from_day: Mapped[date | None]
    """The day after the owner's last statement; empty on the first one."""
    until_day: Mapped[date]
    net_dong: Mapped[int] = mapped_column(BigInteger)
    """What buyers paid less what they got back."""
    owner_dong: Mapped[int] = mapped_column(BigInteger)
    """The owner's share of it."""
    house_dong: Mapped[int] = mapped_column(BigInteger)
    fees_dong: Mapped[int] = mapped_column(BigInteger)
    credited_dong: Mapped[int] = mapped_column(BigInteger)
    """For goods given away, broken or missing which the house bears."""
    carried_in_dong: Mapped[int] = mapped_column(BigInteger)
    payable_dong: Mapped[int] = mapped_column(BigInteger)
    carried_out_dong: Mapped[int] = mapped_column(BigInteger)
    """Too little to be paid, or below zero: it stands on the next statement."""
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class SettlementLine(Base):
    """One part of a statement. The database itself keeps every part on one statement: a source stands here once."""

    __tablename__ = "settlement_line"
    __table_args__ = (
        CheckConstraint(
            "source in ('sale', 'refund', 'giveaway', 'write_off', 'count', 'fee', 'carried')", name="source"
        ),
        CheckConstraint("net_dong = owner_dong + house_dong", name="shares"),
        CheckConstraint("(movement_id is not null) = (source in ('sale', 'refund', 'giveaway'))", name="movement"),
        UniqueConstraint("source", "source_id"),
        UniqueConstraint("movement_id"),
        Index(None, "subject_id"),
    )

    settlement_id: Mapped[str] = mapped_column(ForeignKey("settlement.id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[str] = mapped_column(String(80))
    """Of goods the movement, of a write-off or count «note:line», of a fee its id, of what was carried over that statement's."""
    movement_id: Mapped[int | None] = mapped_column(ForeignKey("movement.id"))
    subject_id: Mapped[str | None] = mapped_column(String(36))
    """The sale, refund, gift or note behind it."""
    product_id: Mapped[str | None] = mapped_column(String(36))
    quantity: Mapped[int] = mapped_column(BigInteger)
    """Base units or grams; of goods given back below zero."""
    net_dong: Mapped[int] = mapped_column(BigInteger)
    owner_dong: Mapped[int] = mapped_column(BigInteger)
    house_dong: Mapped[int] = mapped_column(BigInteger)


class Payout(Base):
    """Money given to an owner for a statement (odd `step`), or the taking back of that entry (even `step`).

    Of two people who pay at once the second finds the step taken.
    """

    __tablename__ = "payout"
    __table_args__ = (
        UniqueConstraint("settlement_id", "step"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("(reverses_id is null) = (step % 2 = 1)", name="step"),
        CheckConstraint("amount_dong > 0", name="amount"),
        CheckConstraint("method in ('transfer', 'cash')", name="method"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    settlement_id: Mapped[str] = mapped_column(ForeignKey("settlement.id"))
    step: Mapped[int]
    amount_dong: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date]
    method: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(60), default="")
    bank_bin: Mapped[str] = mapped_column(String(10), default="")
    last_digits: Mapped[str] = mapped_column(String(4), default="")
    """Of the account it went to; the number itself stands nowhere here."""
    words: Mapped[str] = mapped_column(String(300), default="")
    reverses_id: Mapped[str | None] = mapped_column(ForeignKey("payout.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class SettlementPaper(Base):
    """A file of a statement as it was first made: asked for again it is the same bytes, whatever fonts and programs came since."""

    __tablename__ = "settlement_paper"

    settlement_id: Mapped[str] = mapped_column(ForeignKey("settlement.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    """statement.pdf, statement.xlsx, goods_sold.pdf"""
    made_at: Mapped[datetime] = mapped_column(Instant)
    bytes: Mapped[bytes] = mapped_column(LargeBinary)
