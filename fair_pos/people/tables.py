"""People, their roles, and the counters that slow guessing down."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fair_pos.plumbing.db import Base, Instant


class Person(Base):
    """Someone who signs in. One name field, family name first, as people write it here."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    login_name: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    password_hash: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    pin_salt: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))
    """Hex; tablets get it with the hash, so that a cashier can take over without a network."""
    pin_hash: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))
    """Hex of PBKDF2-SHA256; empty when no PIN is set. It says who acted and keeps no secret."""
    grants: Mapped[list[Grant]] = relationship(back_populates="person", lazy="selectin")


class Grant(Base):
    """A role of a person, tied to an edition, a booth or a producer; no tie means everywhere."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("role in ('administrator', 'organiser', 'seller', 'producer')", name="role"),
        Index(None, "person_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(20))
    edition_id: Mapped[str | None] = mapped_column(ForeignKey("edition.id"))
    booth_id: Mapped[str | None] = mapped_column(ForeignKey("booth.id"))
    producer_id: Mapped[str | None] = mapped_column(ForeignKey("producer.id"))
    person: Mapped[Person] = relationship(back_populates="grants")


class BrowserSession(Base):
    """One browser of one person. Signing out deletes it, so a copied cookie is worth nothing afterwards."""

    __tablename__ = "browser_session"
    __table_args__ = (Index(None, "person_id"),)

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of what the cookie holds: a copy of the database signs nobody in."""
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    began_at: Mapped[datetime] = mapped_column(Instant)
    way: Mapped[str] = mapped_column(String(10), default="password", server_default=text("'password'"))
    """How this browser came in: `password`, `card` or `code`; what the last two open is in rules.OPENED_WITHOUT_PASSWORD."""
    card_id: Mapped[str | None] = mapped_column(ForeignKey("producer_card.id"))
    """The card it came in by: revoking that one ends it."""


class ProducerCard(Base):
    """A printed card by which a producer comes in to the producer's own page without a password, until it is revoked."""

    __tablename__ = "producer_card"
    __table_args__ = (Index(None, "producer_id"), Index(None, "person_id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    producer_id: Mapped[str] = mapped_column(ForeignKey("producer.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    """Who is signed in by it: a person without a password, who is nothing but this producer."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the 128 random bits in its QR code, which nobody keeps: a lost card is not printed again, it is replaced."""
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)


class OneTimeCode(Base):
    """Eight digits that an office reads to a producer: good for five minutes and for one sign-in."""

    __tablename__ = "one_time_code"
    __table_args__ = (Index(None, "code_hash"), Index(None, "producer_id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    producer_id: Mapped[str] = mapped_column(ForeignKey("producer.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Attempts(Base):
    """Wrong tries in a row for one account or one address; kept in the database so that a restart forgives nothing."""

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    not_before_at: Mapped[datetime] = mapped_column(Instant)
