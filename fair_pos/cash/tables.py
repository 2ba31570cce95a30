"""What tablets say of their drawers, the till sessions that follow from it, and the Z reports that closings froze.

A till session is known by its device and its id. What a tablet said of it is only added to. `till_session` follows from it and is
the same in whatever order it came; a `z_report` is what was known when its closing arrived and never changes.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant


class _Fact:
    """What each fact about a drawer has in common."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"))
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    device_seq: Mapped[int]
    till_session_id: Mapped[str | None] = mapped_column(String(36))
    """None when the tablet named none; then it belongs to no session and is listed apart."""
    person_id: Mapped[str] = mapped_column(String(36))
    fair_day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    """The true instant as well as it can be known; `claimed_at` is what the tablet's clock said."""
    claimed_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    hash: Mapped[str] = mapped_column(String(64))
    sample: Mapped[bool] = mapped_column(default=False, server_default=false())


class TillOpening(_Fact, Base):
    """A drawer opened with a counted float."""

    __tablename__ = "till_opening"
    __table_args__ = (Index(None, "device_id", "device_seq"), Index(None, "till_session_id"))

    notes: Mapped[list[list[int]]] = mapped_column(JSON)
    """[worth of a note in đồng, how many], as the tablet said."""
    float_dong: Mapped[int] = mapped_column(BigInteger)


class CashMove(_Fact, Base):
    """Cash put into the drawer or taken out, other than by selling."""

    __tablename__ = "cash_move"
    __table_args__ = (
        CheckConstraint("direction in ('in', 'out')", name="direction"),
        Index(None, "device_id", "device_seq"),
        Index(None, "till_session_id"),
    )

    direction: Mapped[str] = mapped_column(String(3))
    amount_dong: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(300))


class TillClosing(_Fact, Base):
    """A drawer counted and closed; what the tablet expected, counted and covered, in its own words."""

    __tablename__ = "till_closing"
    __table_args__ = (Index(None, "device_id", "device_seq"), Index(None, "till_session_id"))

    z_number: Mapped[int]
    notes: Mapped[list[list[int]]] = mapped_column(JSON)
    counted_dong: Mapped[int] = mapped_column(BigInteger)
    expected_dong: Mapped[int] = mapped_column(BigInteger)
    counted_card_dong: Mapped[int] = mapped_column(BigInteger)
    explanation: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    second_person_id: Mapped[str | None] = mapped_column(String(36))
    """Who else signed."""
    first_number: Mapped[str] = mapped_column(String(30), default="", server_default=text("''"))
    last_number: Mapped[str] = mapped_column(String(30), default="", server_default=text("''"))
    sale_count: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """Receipts of sales and refunds, first to last number."""


class TillSession(Base):
    """A till session as its facts make it. Of two openings or closings (an oddity) the one with the lower device number counts."""

    __tablename__ = "till_session"
    __table_args__ = (Index(None, "edition_id", "began_at"),)

    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"))
    letter: Mapped[str] = mapped_column(String(6))
    """The device's."""
    opening_id: Mapped[str | None] = mapped_column(ForeignKey("till_opening.id"))
    """None while the opening has not arrived."""
    closing_id: Mapped[str | None] = mapped_column(ForeignKey("till_closing.id"))
    """None while it is open, or its closing has not arrived."""
    began_at: Mapped[datetime] = mapped_column(Instant)
    """When it was opened; without an opening, the earliest that is known of it."""
    sample: Mapped[bool] = mapped_column(default=False, server_default=false())


class ZReport(Base):
    """What a closing signed, frozen in the transaction that received it. No path changes `content`."""

    __tablename__ = "z_report"
    __table_args__ = (Index(None, "device_id", "z_number"),)

    closing_id: Mapped[str] = mapped_column(ForeignKey("till_closing.id"), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"))
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    z_number: Mapped[int]
    """As the tablet counts: from 1, without gaps."""
    made_at: Mapped[datetime] = mapped_column(Instant)
    content: Mapped[str] = mapped_column(Text)
    """Every figure and name on the paper, as JSON (rules.Z)."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of `content`; the journal has it too."""


class ZPaper(Base):
    """The paper of a Z report, kept when it was first printed: a later program, font or name prints the same bytes."""

    __tablename__ = "z_paper"

    closing_id: Mapped[str] = mapped_column(ForeignKey("z_report.closing_id"), primary_key=True)
    printed_at: Mapped[datetime] = mapped_column(Instant)
    pdf: Mapped[bytes]


class ZEntry(Base):
    """Which Z report an entry stands on. Its key is the entry's: nothing is signed twice, however often a drawer is closed."""

    __tablename__ = "z_entry"
    __table_args__ = (
        CheckConstraint("kind in ('sale', 'move', 'opening')", name="kind"),
        Index(None, "closing_id"),
        Index(None, "device_id", "till_session_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """The sale's, refund's, cash move's or opening's."""
    kind: Mapped[str] = mapped_column(String(10))
    closing_id: Mapped[str] = mapped_column(ForeignKey("z_report.closing_id"))
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    till_session_id: Mapped[str] = mapped_column(String(36))
    """The session it belongs to, which is an earlier one when it is `late`."""
    late: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It arrived when its own session's Z report was frozen already."""
