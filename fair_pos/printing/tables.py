"""Printers in the booths' network, what waits for them, and the copies that were made of receipts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant

_IN_USE = text("removed_at is null")
_EVERYWHERE = text("removed_at is null and everywhere")
_WAITING = text("state = 'waiting'")
_MADE_HERE = text("device_id is null")
"""Two people who print a copy at the same moment get two numbers; tablets may have used either (docs/till-protocol.md)."""


class Printer(Base):
    """A thermal printer that the server reaches. Its row is what a sender claims, so that one job at a time goes to it."""

    __tablename__ = "printer"
    __table_args__ = (
        CheckConstraint("width_mm in (58, 80)", name="width_mm"),
        Index(
            "uq_printer_in_use",
            "edition_id",
            "address",
            "port",
            unique=True,
            sqlite_where=_IN_USE,
            postgresql_where=_IN_USE,
        ),
        Index(
            "uq_printer_everywhere",
            "edition_id",
            unique=True,
            sqlite_where=_EVERYWHERE,
            postgresql_where=_EVERYWHERE,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    name: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(45))
    port: Mapped[int]
    width_mm: Mapped[int]
    everywhere: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether every booth prints on it that has none of its own."""
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """Attempts in a row that it did not take."""
    try_again_at: Mapped[datetime | None] = mapped_column(Instant)
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)
    """Until then one sender has it to itself, also when that sender has died."""


class BoothPrinter(Base):
    """A booth with a printer of its own; several booths may share one."""

    __tablename__ = "booth_printer"
    __table_args__ = (Index(None, "printer_id"),)

    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"), primary_key=True)
    printer_id: Mapped[str] = mapped_column(ForeignKey("printer.id"))


class PrintJob(Base):
    """One paper on one printer. It is drawn when its turn comes; what was drawn is not kept."""

    __tablename__ = "print_job"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'done', 'failed')", name="state"),
        Index("ix_print_job_waiting", "printer_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index(None, "edition_id", "queued_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    printer_id: Mapped[str] = mapped_column(ForeignKey("printer.id"))
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    sale_id: Mapped[str | None] = mapped_column(ForeignKey("sale.id"))
    """None for a test page."""
    copy_no: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """0 is the receipt itself."""
    device_id: Mapped[str | None] = mapped_column(ForeignKey("device.id"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """Who asked for it: a tablet or a person at a page."""
    queued_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(10), default="waiting", server_default=text("'waiting'"))
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    trouble: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    """Why the last attempt did not come out (rules.Trouble)."""
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class ReceiptCopy(Base):
    """A paper that says BẢN SAO: a tablet's, with the id of its command, or one made here. Never changed."""

    __tablename__ = "receipt_copy"
    __table_args__ = (
        Index(None, "sale_id"),
        Index(None, "device_id"),
        Index(
            "uq_receipt_copy_made_here",
            "sale_id",
            "copy_no",
            unique=True,
            sqlite_where=_MADE_HERE,
            postgresql_where=_MADE_HERE,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    sale_id: Mapped[str] = mapped_column(String(36))
    """As the tablet said: its sale may lie in quarantine."""
    copy_no: Mapped[int]
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"))
    device_id: Mapped[str | None] = mapped_column(ForeignKey("device.id"))
    """None for a copy that a person made at a page."""
    person_id: Mapped[str] = mapped_column(String(36))
    copied_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    till_session_id: Mapped[str | None] = mapped_column(String(36))
