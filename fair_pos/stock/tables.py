"""The append-only ledger of goods, what it adds up to, its shelves, and the lots and stores that goods lie in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant

_NOT_AT_ZERO = text("quantity <> 0")
_COMES_BACK = text("returns_id <> ''")


class Movement(Base):
    """Goods came (positive) or went (negative). The owner stands in every movement; there is no anonymous stock.

    Place, product, owner and lot are no foreign keys: a sale of something we do not know has still happened.
    """

    __tablename__ = "movement"
    __table_args__ = (
        CheckConstraint(
            "kind in ('intake', 'return', 'sale', 'refund', 'giveaway', 'transfer_out', 'transfer_in', 'write_off', 'count',"
            " 'set_aside')",
            name="kind",
        ),
        CheckConstraint("place_kind in ('booth', 'store', 'transit', 'damaged')", name="place_kind"),
        UniqueConstraint("place_id", "product_id", "shelf_no"),
        Index(None, "place_id", "at"),
        Index(None, "subject_id"),
        Index(None, "returns_id", sqlite_where=_COMES_BACK, postgresql_where=_COMES_BACK),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    place_id: Mapped[str] = mapped_column(String(36))
    """A booth, a store, the note that goods on their way stand on, or where damaged goods of a booth are set aside."""
    place_kind: Mapped[str] = mapped_column(String(10))
    product_id: Mapped[str] = mapped_column(String(36))
    owner_id: Mapped[str] = mapped_column(String(36))
    """Whose goods they are: a producer, most often the maker."""
    lot_id: Mapped[str] = mapped_column(String(36), default="", server_default=text("''"))
    """Empty: in no lot."""
    kind: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[int] = mapped_column(BigInteger)
    """Base units, or grams of what is sold by weight."""
    subject_id: Mapped[str] = mapped_column(String(36))
    """The sale, refund, giveaway, note or count that moved the goods."""
    line_no: Mapped[int] = mapped_column(Integer)
    """Its line; 0 when it has none."""
    returns_id: Mapped[str] = mapped_column(String(36), default="", server_default=text("''"))
    """The sale whose goods came back."""
    shelf_no: Mapped[int] = mapped_column(BigInteger)
    """1, 2, 3… without a gap for one product at one place, in the order in which they were booked."""
    at: Mapped[datetime] = mapped_column(Instant)
    """When it happened; `recorded_at` is when it was booked, and a tablet may have been offline in between."""
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class Balance(Base):
    """What lies at a place now: the sum of its movements, kept in the same transaction. May be below zero."""

    __tablename__ = "balance"
    __table_args__ = (
        # A showroom gets a lot a week for years; a sale must look only at those that still hold something.
        Index("ix_balance_lying", "place_id", "product_id", sqlite_where=_NOT_AT_ZERO, postgresql_where=_NOT_AT_ZERO),
        Index(None, "owner_id"),
    )

    place_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    product_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    lot_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    place_kind: Mapped[str] = mapped_column(String(10))
    quantity: Mapped[int] = mapped_column(BigInteger)


class ShelfRow(Base):
    """One product at one place. Raising `moves` is the lock of that shelf and numbers its movements."""

    __tablename__ = "shelf"

    place_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    product_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    moves: Mapped[int] = mapped_column(BigInteger)
    """How many movements it has."""


class LotRow(Base):
    """Goods of one owner that came together. Nothing of it ever changes: what is wrong is taken back and brought anew."""

    __tablename__ = "lot"
    __table_args__ = (Index(None, "product_id"), Index(None, "owner_id"), Index(None, "expires_day"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    product_id: Mapped[str] = mapped_column(String(36))
    owner_id: Mapped[str] = mapped_column(String(36))
    code: Mapped[str] = mapped_column(String(60))
    """As it stands on the packs; may be empty."""
    expires_day: Mapped[date | None]
    """The last day on which the goods are good."""
    received_day: Mapped[date]
    note_id: Mapped[str] = mapped_column(String(36), default="", server_default=text("''"))
    """The note that brought it."""
    created_at: Mapped[datetime] = mapped_column(Instant)


class Store(Base):
    """A place where goods of an edition lie and nobody sells: the organiser's storeroom."""

    __tablename__ = "store"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class DamagedPlace(Base):
    """Where goods lie that buyers brought back damaged to a booth, until a note says what becomes of them. Made with the first of them."""

    __tablename__ = "damaged_place"

    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    """The place that movements and notes name. Nobody can know it before it is there, and so lay anything else under it."""
    created_at: Mapped[datetime] = mapped_column(Instant)


class LedgerRule(Base):
    """A rule by which the ledger began to move goods while it had moved others already: what came until then stays as it was.

    Written by a step of the schema alone, and only into a database that had such goods.
    """

    __tablename__ = "ledger_rule"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    received_until: Mapped[datetime] = mapped_column(Instant)
    """Commands that the server received later than this are booked by the rule."""
