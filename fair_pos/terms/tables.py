"""How money is split with owners of goods, what they owe in fees, from how much on they are paid, and into which account.

Split rules and fees are never edited: a rule ends and another begins, a fee is cancelled and another charged.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant

_STANDING = text("not withdrawn")
_WITHOUT_END = text("ends_day is null and not withdrawn")
_IN_USE = text("active_from_at is not null and active_until_at is null")
_OPEN = text("outcome is null")


class SplitRule(Base):
    """What an owner of goods gets of a sale: of which goods, at which places, on which days. None means «all»."""

    __tablename__ = "split_rule"
    __table_args__ = (
        CheckConstraint("kind in ('percent', 'tiers', 'fixed')", name="kind"),
        CheckConstraint("basis_points between 0 and 10000", name="basis_points"),
        CheckConstraint("unit_dong >= 0", name="unit_dong"),
        CheckConstraint("ends_day is null or ends_day >= starts_day or withdrawn", name="days"),
        Index(
            "uq_rule_start", "edition_id", "about", "starts_day", unique=True,
            sqlite_where=_STANDING, postgresql_where=_STANDING,
        ),
        Index(
            "uq_rule_without_end", "edition_id", "about", unique=True,
            sqlite_where=_WITHOUT_END, postgresql_where=_WITHOUT_END,
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    booth_id: Mapped[str | None] = mapped_column(ForeignKey("booth.id"))
    producer_id: Mapped[str | None] = mapped_column(ForeignKey("producer.id"))
    """The owner of the goods, who need not be their maker."""
    product_id: Mapped[str | None] = mapped_column(ForeignKey("product.id"))
    about: Mapped[str] = mapped_column(String(120))
    """The three above as one text, so that the database itself can keep two rules about the same apart: it holds no two nothings for equal."""
    kind: Mapped[str] = mapped_column(String(10))
    basis_points: Mapped[int] = mapped_column(Integer)
    """Of kind «percent» the owner's share; 10000 is all of it."""
    tiers: Mapped[list[Any]] = mapped_column(JSON)
    """Of kind «tiers» pairs of the lowest price in đồng and the owner's share in basis points, cheapest first."""
    unit_dong: Mapped[int] = mapped_column(BigInteger)
    """Of kind «fixed» what the house keeps of every unit, or of every kilogram."""
    starts_day: Mapped[date]
    ends_day: Mapped[date | None]
    """The last fair day on which it holds."""
    withdrawn: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Taken back before anything was sold under it: it never held."""
    created_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Fee(Base):
    """What an owner is charged beside the split, or credited when below zero."""

    __tablename__ = "fee"
    __table_args__ = (
        CheckConstraint("kind in ('booth_rent', 'fridge', 'other', 'correction')", name="kind"),
        CheckConstraint("amount_dong > 0 or (kind = 'correction' and amount_dong < 0)", name="amount"),
        CheckConstraint("(cancelled_at is null) = (cancelled_by is null)", name="cancelled"),
        Index(None, "edition_id", "charged_day"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    producer_id: Mapped[str] = mapped_column(ForeignKey("producer.id"))
    kind: Mapped[str] = mapped_column(String(12))
    amount_dong: Mapped[int] = mapped_column(BigInteger)
    charged_day: Mapped[date]
    words: Mapped[str] = mapped_column(String(200))
    """What it is for, as it stands on the statement."""
    created_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    cancelled_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_reason: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))


class SettlementTerms(Base):
    """From how much on owners are paid. The row is the lock of whoever changes the terms of an edition, or settles by them."""

    __tablename__ = "settlement_terms"
    __table_args__ = (CheckConstraint("minimum_dong >= 0", name="minimum"),)

    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    minimum_dong: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    changed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """None while nobody said anything."""
    changed_at: Mapped[datetime | None] = mapped_column(Instant)


class PayoutAccount(Base):
    """Where an owner is paid. Number and holder are encrypted; the key lies outside the database. Another account is another row."""

    __tablename__ = "payout_account"
    __table_args__ = (
        Index(
            "uq_payout_account_in_use", "edition_id", "producer_id", unique=True,
            sqlite_where=_IN_USE, postgresql_where=_IN_USE,
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    producer_id: Mapped[str] = mapped_column(ForeignKey("producer.id"))
    bank_bin: Mapped[str] = mapped_column(String(6))
    number_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    holder_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    last_digits: Mapped[str] = mapped_column(String(3))
    """All that screens show of the number."""
    active_from_at: Mapped[datetime | None] = mapped_column(Instant)
    """None while the second person has not agreed, or did not."""
    active_until_at: Mapped[datetime | None] = mapped_column(Instant)


class PayoutAccountChange(Base):
    """One person proposes, another decides; the database itself refuses that both are one."""

    __tablename__ = "payout_account_change"
    __table_args__ = (
        CheckConstraint("outcome in ('approved', 'rejected', 'withdrawn')", name="outcome"),
        CheckConstraint("(outcome is null) = (decided_by is null)", name="decided"),
        CheckConstraint("outcome <> 'approved' or decided_by <> proposed_by", name="two_people"),
        Index(
            "uq_payout_change_open", "edition_id", "producer_id", unique=True,
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    producer_id: Mapped[str] = mapped_column(ForeignKey("producer.id"))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("payout_account.id"))
    """The account that would hold; None to be paid into none any more."""
    proposed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(20))
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
