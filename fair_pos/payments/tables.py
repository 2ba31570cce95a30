"""Receiving accounts and who changed them, transfers and what confirmed them, and what the banks told us.

Confirmations are only added to: one is undone by another that names it. What `transfer` says of a transfer follows from them.
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
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant

# PostgreSQL tells whether two jsonb are the same, and of json it does not: a default could not be compared with its migration's.
_LIST = JSON().with_variant(JSONB(), "postgresql")
_ONE_OWNER = "(booth_id is null) <> (producer_id is null)"
_IN_USE = text("active_from_at is not null and active_until_at is null")
_OPEN = text("outcome is null")


class ReceivingAccount(Base):
    """Where transfers of a booth go, or of one producer at an edition. Never changed: another account is another row."""

    __tablename__ = "receiving_account"
    __table_args__ = (
        CheckConstraint(_ONE_OWNER, name="one_owner"),
        Index("uq_account_in_use_booth", "booth_id", unique=True, sqlite_where=_IN_USE, postgresql_where=_IN_USE),
        Index(
            "uq_account_in_use_producer",
            "edition_id",
            "producer_id",
            unique=True,
            sqlite_where=_IN_USE,
            postgresql_where=_IN_USE,
        ),
        Index(None, "account_number"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    booth_id: Mapped[str | None] = mapped_column(ForeignKey("booth.id"))
    producer_id: Mapped[str | None] = mapped_column(ForeignKey("producer.id"))
    bank_bin: Mapped[str] = mapped_column(String(6))
    account_number: Mapped[str] = mapped_column(String(19))
    """Plain: it is printed in every QR code. Screens show its last digits."""
    holder: Mapped[str] = mapped_column(String(100))
    active_from_at: Mapped[datetime | None] = mapped_column(Instant)
    """None while the second person has not agreed, or did not."""
    active_until_at: Mapped[datetime | None] = mapped_column(Instant)


class AccountChange(Base):
    """One person proposes, another decides; the database itself refuses that both are one."""

    __tablename__ = "account_change"
    __table_args__ = (
        CheckConstraint(_ONE_OWNER, name="one_owner"),
        CheckConstraint("outcome in ('approved', 'rejected', 'withdrawn')", name="outcome"),
        CheckConstraint("outcome <> 'approved' or decided_by <> proposed_by", name="two_people"),
        Index("uq_change_open_booth", "booth_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(
            "uq_change_open_producer",
            "edition_id",
            "producer_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    booth_id: Mapped[str | None] = mapped_column(ForeignKey("booth.id"))
    producer_id: Mapped[str | None] = mapped_column(ForeignKey("producer.id"))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("receiving_account.id"))
    """The account that would hold; None to take no transfers any more."""
    proposed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(20))
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class Transfer(Base):
    """A payment by transfer, written with its sale, and what has become of it. The row is the lock of whoever confirms it."""

    __tablename__ = "transfer"
    __table_args__ = (
        CheckConstraint("kind in ('sale', 'refund')", name="kind"),
        Index(None, "edition_id", "fair_day", "sold_at"),
        Index(None, "device_id", "sold_at"),
        Index(None, "code"),
        Index(None, "refund_of"),
    )

    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    payment_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    """Of a sale, money asked for; of a refund, money paid out."""
    refund_of: Mapped[str | None] = mapped_column(String(36))
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"))
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    receipt_number: Mapped[str] = mapped_column(String(30))
    fair_day: Mapped[date]
    sold_at: Mapped[datetime] = mapped_column(Instant)
    amount_dong: Mapped[int] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(String(25))
    account_id: Mapped[str | None] = mapped_column(String(36))
    """As the tablet said: a fact may name an account that we do not know."""
    received_dong: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """What banks say has come, in all."""
    seen: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a person saw it come."""
    cancelled: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the whole sale was taken back."""
    hour: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    shares: Mapped[list[Any]] = mapped_column(_LIST, default=list, server_default="[]")
    """Pairs of producer and đồng: whose goods it paid; figures.shares_of."""
    confirmed_dong: Mapped[int | None] = mapped_column(BigInteger)
    """How much of it the running figures hold as confirmed; the rest of the amount they hold as claimed. None: not counted yet."""


class CashlessFigure(Base):
    """Money otherwise than in cash, of one producer's goods at one booth in one hour, less what was paid out again."""

    __tablename__ = "cashless_figure"
    __table_args__ = (
        CheckConstraint("part in ('confirmed', 'claimed', 'card')", name="part"),
        Index(None, "producer_id", "fair_day"),
    )

    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"), primary_key=True)
    fair_day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    part: Mapped[str] = mapped_column(String(10), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """Empty for money by card, and where the tablet named no account."""
    producer_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """Empty for what paid no goods, such as cash rounding on a sale without cash."""
    amount_dong: Mapped[int] = mapped_column(BigInteger)


class Confirmation(Base):
    """Why a transfer counts as received: a person, a statement or a provider said so. `reverses_id` undoes another."""

    __tablename__ = "confirmation"
    __table_args__ = (
        CheckConstraint("how in ('person', 'statement', 'hook')", name="how"),
        Index(None, "sale_id", "payment_no"),
        UniqueConstraint("reverses_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    sale_id: Mapped[str] = mapped_column(String(36))
    payment_no: Mapped[int]
    how: Mapped[str] = mapped_column(String(10))
    amount_dong: Mapped[int] = mapped_column(BigInteger)
    """Below zero when it undoes another."""
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[str | None] = mapped_column(String(36))
    device_id: Mapped[str | None] = mapped_column(String(36))
    bank_line_id: Mapped[str | None] = mapped_column(String(36))
    reference: Mapped[str] = mapped_column(String(100), default="")
    """The bank's own number for it, or the last digits of it that a person noted down."""
    reverses_id: Mapped[str | None] = mapped_column(ForeignKey("confirmation.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")


class UnplacedSeen(Base):
    """Somebody at a tablet saw money for a sale that is not here, not paid by transfer, or another booth's. Kept: it was said."""

    __tablename__ = "unplaced_seen"
    __table_args__ = (Index(None, "sale_id"), Index(None, "edition_id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    sale_id: Mapped[str] = mapped_column(String(36))
    payment_no: Mapped[int]
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"))
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    person_id: Mapped[str] = mapped_column(String(36))
    seen_at: Mapped[datetime] = mapped_column(Instant)
    last_digits: Mapped[str] = mapped_column(String(8))
    why: Mapped[str] = mapped_column(String(20))
    """sale_unknown, no_transfer or other_booth."""
    placed_at: Mapped[datetime | None] = mapped_column(Instant)
    """When its sale arrived after all."""


class BankLine(Base):
    """Money that came in, as a statement or a provider tells it. Its id follows from its source, so it is here once."""

    __tablename__ = "bank_line"
    __table_args__ = (Index(None, "sale_id", "payment_no"), Index(None, "edition_id", "state"), Index(None, "state"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    source: Mapped[str] = mapped_column(String(10))
    """statement, or the provider."""
    account_number: Mapped[str] = mapped_column(String(30))
    edition_id: Mapped[str | None] = mapped_column(ForeignKey("edition.id"))
    """None when the account is none of ours and no code says more."""
    booked_at: Mapped[datetime | None] = mapped_column(Instant)
    amount_dong: Mapped[int] = mapped_column(BigInteger)
    memo: Mapped[str] = mapped_column(String(500))
    """Emptied once the line is matched: it may name people who have nothing to do with us."""
    reference: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(20))
    sale_id: Mapped[str | None] = mapped_column(String(36))
    payment_no: Mapped[int | None]
    statement_id: Mapped[str | None] = mapped_column(ForeignKey("statement.id"))
    row_number: Mapped[int | None]
    received_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    settled_note: Mapped[str] = mapped_column(String(300), default="")


class Statement(Base):
    """A bank's file: kept while its import is being looked at, and only its counts afterwards."""

    __tablename__ = "statement"
    __table_args__ = (Index(None, "edition_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    account_number: Mapped[str] = mapped_column(String(19))
    filename: Mapped[str] = mapped_column(String(300))
    data: Mapped[bytes | None] = mapped_column(LargeBinary)
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    imported_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime | None] = mapped_column(Instant)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class HookEvent(Base):
    """What a provider sent, byte for byte, before anything is made of it."""

    __tablename__ = "hook_event"
    __table_args__ = (
        UniqueConstraint("provider", "txn_id"),
        CheckConstraint("outcome in ('waiting', 'taken', 'ignored', 'unreadable')", name="outcome"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    provider: Mapped[str] = mapped_column(String(10))
    txn_id: Mapped[str] = mapped_column(String(100))
    received_at: Mapped[datetime] = mapped_column(Instant)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    outcome: Mapped[str] = mapped_column(String(12))
