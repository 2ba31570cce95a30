"""Devices, pairing codes, and every command as it was received."""

from __future__ import annotations

from datetime import datetime
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
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant


class Device(Base):
    """A paired tablet. A tablet that is paired again is a new device with a new letter, so receipt numbers never meet."""

    __tablename__ = "device"
    __table_args__ = (Index(None, "booth_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    letter: Mapped[str] = mapped_column(String(6), unique=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    paired_at: Mapped[datetime] = mapped_column(Instant)
    paired_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """Who last signed in on it."""
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    sample: Mapped[bool] = mapped_column(default=False)
    """The simulator's devices; their sales are marked «dữ liệu mẫu»."""
    last_heard_at: Mapped[datetime | None] = mapped_column(Instant)
    waiting: Mapped[int] = mapped_column(default=0)
    oldest_waiting_at: Mapped[datetime | None] = mapped_column(Instant)
    clock_off_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    """Tablet time minus server time at the last contact."""
    high_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    """The highest number up to which every command is here; kept, so that no upload counts what came before."""
    max_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    command_count: Mapped[int] = mapped_column(BigInteger, default=0)
    """How many parcels with a number came, those in quarantine too."""
    quarantine_count: Mapped[int] = mapped_column(BigInteger, default=0)
    """How many are kept in quarantine, with a number or without."""
    app_version: Mapped[str] = mapped_column(String(60), default="")
    storage_persisted: Mapped[bool | None]


class PairingCode(Base):
    """A one-time code shown to the organiser; only its hash is kept."""

    __tablename__ = "pairing_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"))
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Received(Base):
    """A well-formed command, its text exactly as sent. The primary key is what makes every sale count once."""

    __tablename__ = "received"
    __table_args__ = (Index(None, "device_id", "seq"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    """As the tablet claims it; `verify` and the receiving rules compute it again."""
    digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(Instant)
    findings: Mapped[list[Any]] = mapped_column(JSON)
    """[command, code, facts] of everything odd that its arrival brought to light, about it or its neighbours; written once."""


class Quarantined(Base):
    """What could not be read, kept whole, with the reason. Told to the tablet as dealt with."""

    __tablename__ = "quarantined"
    __table_args__ = (
        CheckConstraint("reason in ('not_json', 'wrong_shape', 'id_mismatch', 'id_reused', 'too_long')", name="reason"),
        UniqueConstraint("device_id", "digest"),
        Index(None, "received_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    parcel_id: Mapped[str] = mapped_column(String(100))
    seq: Mapped[int | None] = mapped_column(BigInteger)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    """UTF-8 bytes; binary, since a text column cannot hold NUL or half a surrogate pair."""
    reason: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(String(300), default="")
    received_at: Mapped[datetime] = mapped_column(Instant)
    findings: Mapped[list[Any]] = mapped_column(JSON)
    """Codes of what was odd about its hash when it came; written once."""
