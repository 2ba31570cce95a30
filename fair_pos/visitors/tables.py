"""Gates, the phones that count at them, every tap, and what people wrote beside the taps. Counts only: no visitor has a name."""

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
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fair_pos.plumbing.db import Base, Instant


class Gate(Base):
    """A way in or out of an edition. A tap belongs to one gate and to no other."""

    __tablename__ = "gate"
    __table_args__ = (
        CheckConstraint("way in ('both', 'entrance', 'exit', 'in_only')", name="way"),
        UniqueConstraint("edition_id", "name_key"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(100))
    way: Mapped[str] = mapped_column(String(10))
    """What passes and what is counted (rules.Way); where people leave uncounted nobody can say who is inside."""
    created_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    """Since then no phone is paired with it; what was counted stays in every figure."""


class CrowdRule(Base):
    """What an organiser says of an edition's crowd: how many may be inside, and how many entries are second ones."""

    __tablename__ = "crowd_rule"

    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    limit_people: Mapped[int | None]
    reentry_percent: Mapped[int | None]
    """Of a hundred entries, so many are of people who had been in already that day; asked at the gate."""
    set_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Instant)


class GateDevice(Base):
    """A phone paired with one gate. Paired again it is a new device, so a device never changes its gate."""

    __tablename__ = "gate_device"
    __table_args__ = (Index(None, "gate_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    gate_id: Mapped[str] = mapped_column(ForeignKey("gate.id"))
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    paired_at: Mapped[datetime] = mapped_column(Instant)
    paired_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """Whose code it was paired with; nobody's when it stands for an unknown phone whose taps came as a file."""
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_heard_at: Mapped[datetime | None] = mapped_column(Instant)
    waiting: Mapped[int] = mapped_column(default=0)
    clock_off_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    """Phone time minus server time at the last contact."""
    high_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    """The highest number up to which every entry is here."""
    max_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    entry_count: Mapped[int] = mapped_column(BigInteger, default=0)
    """How many entries with a number came, those in quarantine too."""
    quarantine_count: Mapped[int] = mapped_column(BigInteger, default=0)
    app_version: Mapped[str] = mapped_column(String(60), default="")
    gate: Mapped[Gate] = relationship(lazy="joined")


class GateCode(Base):
    """A one-time code for one phone at one gate; only its hash is kept."""

    __tablename__ = "gate_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    gate_id: Mapped[str] = mapped_column(ForeignKey("gate.id"))
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class GateEntry(Base):
    """A tap, a group, or the undoing of one of them. The sum of `people` is the count: an undo carries what it takes away.

    An undo that comes before its tap has `people` 0 and no direction; the tap brings both along when it comes.
    """

    __tablename__ = "gate_entry"
    __table_args__ = (
        CheckConstraint("kind in ('tap', 'group', 'undo')", name="kind"),
        CheckConstraint("direction in ('in', 'out', '')", name="direction"),
        Index(None, "device_id", "seq"),
        Index(None, "gate_id", "fair_day", "minute"),
        Index(None, "undoes_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("gate_device.id"))
    gate_id: Mapped[str] = mapped_column(ForeignKey("gate.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(5))
    direction: Mapped[str] = mapped_column(String(3))
    people: Mapped[int]
    grouped: Mapped[bool]
    """Whether these people came as a group, «đoàn»; of an undo, whether those did whom it takes away."""
    undoes_id: Mapped[str | None] = mapped_column(String(36))
    digest: Mapped[str] = mapped_column(String(64))
    device_at: Mapped[datetime] = mapped_column(Instant)
    clock_offset_ms: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
    fair_day: Mapped[date]
    hour: Mapped[int]
    minute: Mapped[int]
    """Since the fair day began; day, hour and minute of an undo are those of what it undoes."""
    received_at: Mapped[datetime] = mapped_column(Instant)
    oddities: Mapped[str] = mapped_column(String(100), default="")
    """Codes, with spaces between."""


class GateQuarantined(Base):
    """What a phone sent and nobody could read, kept whole."""

    __tablename__ = "gate_quarantined"
    __table_args__ = (
        CheckConstraint("reason in ('wrong_shape', 'id_reused', 'too_long')", name="reason"),
        UniqueConstraint("device_id", "digest"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("gate_device.id"))
    entry_id: Mapped[str] = mapped_column(String(100))
    seq: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(String(300))
    received_at: Mapped[datetime] = mapped_column(Instant)


class GateHour(Base):
    """Running sums of one gate in one hour by one source: taps, paper, or corrections. Never mixed in one row."""

    __tablename__ = "gate_hour"
    __table_args__ = (CheckConstraint("source in ('tap', 'paper', 'correction')", name="source"),)

    gate_id: Mapped[str] = mapped_column(ForeignKey("gate.id"), primary_key=True)
    fair_day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(10), primary_key=True)
    people_in: Mapped[int] = mapped_column(BigInteger)
    people_out: Mapped[int] = mapped_column(BigInteger)
    group_in: Mapped[int] = mapped_column(BigInteger)
    """Of `people_in`, those who came in groups."""
    group_out: Mapped[int] = mapped_column(BigInteger)


class Correction(Base):
    """A signed entry: so many more or fewer at a gate in an hour, by whom and why. The taps stay as they are."""

    __tablename__ = "visitor_correction"
    __table_args__ = (
        CheckConstraint("direction in ('in', 'out')", name="direction"),
        Index(None, "gate_id", "fair_day"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """Made with the form, so that a form sent twice counts once."""
    gate_id: Mapped[str] = mapped_column(ForeignKey("gate.id"))
    fair_day: Mapped[date]
    hour: Mapped[int]
    direction: Mapped[str] = mapped_column(String(3))
    people: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class PaperTally(Base):
    """What a sheet of strokes says of one gate in one hour. Of several for the same hour the one typed last counts."""

    __tablename__ = "paper_tally"
    __table_args__ = (Index(None, "gate_id", "fair_day", "hour"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    gate_id: Mapped[str] = mapped_column(ForeignKey("gate.id"))
    fair_day: Mapped[date]
    hour: Mapped[int]
    people_in: Mapped[int]
    people_out: Mapped[int]
    note: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class OtherCount(Base):
    """What something else says of a day: 3,050 motorbikes at 1.7 people each. Of one name the entry made last counts."""

    __tablename__ = "other_count"
    __table_args__ = (
        CheckConstraint("bound in ('least', 'most')", name="bound"),
        Index(None, "edition_id", "fair_day"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    fair_day: Mapped[date]
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(100))
    quantity: Mapped[int]
    factor_hundredths: Mapped[int]
    bound: Mapped[str] = mapped_column(String(5))
    """Whether so many came at least, or at most."""
    withdrawn: Mapped[bool]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class CounterFile(Base):
    """A file of a camera or a counter; kept until it is imported, an hour at most."""

    __tablename__ = "counter_file"
    __table_args__ = (Index(None, "edition_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    source: Mapped[str] = mapped_column(String(100))
    filename: Mapped[str] = mapped_column(String(300))
    data: Mapped[bytes | None] = mapped_column(LargeBinary)
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    imported_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime | None] = mapped_column(Instant)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)


class CounterHour(Base):
    """What one counter says of one hour, at a gate or, without one, of the whole edition. A source of its own, never added to taps."""

    __tablename__ = "counter_hour"

    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    source_key: Mapped[str] = mapped_column(String(100), primary_key=True)
    gate_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """Empty when the file names no gate."""
    fair_day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(100))
    people_in: Mapped[int] = mapped_column(BigInteger)
    people_out: Mapped[int] = mapped_column(BigInteger)
    file_id: Mapped[str] = mapped_column(ForeignKey("counter_file.id"))


class VisitorPlan(Base):
    """How many entries an organiser expects on a day. Only added to; of one day the word said last counts."""

    __tablename__ = "visitor_plan"
    __table_args__ = (Index(None, "edition_id", "fair_day"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """Of the form, which speaks of many days, so that one sent twice counts once."""
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    fair_day: Mapped[date] = mapped_column(primary_key=True)
    people: Mapped[int | None]
    """Empty when the plan for the day was taken back."""
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
