"""Tables of consignment: notes of goods with their lines, what was received of those sent, what became of a difference, photos, papers."""

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


class GoodsNote(Base):
    """A numbered note. Never changed: a mistake is taken back by a note of the same kind that names it (`cancels_id`).

    Places are ids of booths or stores; they are no foreign keys, since a place is either.
    """

    __tablename__ = "goods_note"
    __table_args__ = (
        CheckConstraint("kind in ('intake', 'return', 'transfer', 'write_off')", name="kind"),
        CheckConstraint("kind not in ('intake', 'return') or owner_id is not null", name="owner"),
        CheckConstraint("signed_on_paper or signature <> ''", name="signed"),
        UniqueConstraint("edition_id", "kind", "number"),
        Index(None, "to_edition_id"),
        Index(None, "to_place"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"))
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    """1, 2, 3 … of its kind in its edition; rules.written_number makes «PN-0001» of it."""
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("producer.id"))
    from_place: Mapped[str | None] = mapped_column(String(36))
    to_place: Mapped[str | None] = mapped_column(String(36))
    to_edition_id: Mapped[str | None] = mapped_column(ForeignKey("edition.id"))
    """Where goods that are carried elsewhere go: the same edition or another."""
    cancels_id: Mapped[str | None] = mapped_column(ForeignKey("goods_note.id"), unique=True)
    """Unique: of two people who cancel at once, one is told."""
    day: Mapped[date]
    """The day on the paper. Stock moved at `at`."""
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    signed_name: Mapped[str] = mapped_column(String(200), default="")
    signature: Mapped[str] = mapped_column(Text, default="")
    """The path as it was drawn (rules.SIGNATURE_BOX); empty when signed on paper."""
    signed_on_paper: Mapped[bool]
    content: Mapped[str] = mapped_column(Text)
    """Everything on the paper, as canonical text (note.frozen)."""
    digest: Mapped[str] = mapped_column(String(64))


class GoodsNoteLine(Base):
    """Goods of one owner and one lot on a note."""

    __tablename__ = "goods_note_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("price_dong >= 0", name="price"),
        CheckConstraint("borne_by in ('', 'owner', 'house', 'shared')", name="borne_by"),
        CheckConstraint("reason in ('', 'damaged', 'sample', 'lost', 'other')", name="reason"),
        Index(None, "lot_id"),
    )

    note_id: Mapped[str] = mapped_column(ForeignKey("goods_note.id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"))
    owner_id: Mapped[str] = mapped_column(ForeignKey("producer.id"))
    lot_id: Mapped[str] = mapped_column(String(36), default="")
    """Empty for goods that lie in no lot."""
    name: Mapped[str] = mapped_column(String(300))
    unit: Mapped[str] = mapped_column(String(60))
    weighed: Mapped[bool]
    quantity: Mapped[int] = mapped_column(BigInteger)
    """Base units, or grams of what is sold by weight."""
    price_dong: Mapped[int] = mapped_column(BigInteger)
    lot_code: Mapped[str] = mapped_column(String(60), default="")
    expires_day: Mapped[date | None]
    rule_words: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(20), default="")
    borne_by: Mapped[str] = mapped_column(String(20), default="")


class GoodsCounter(Base):
    """The last number given of a kind in an edition; its row is the lock that keeps numbers without gaps."""

    __tablename__ = "goods_counter"

    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int]


class GoodsReceipt(Base):
    """What came of goods that were carried elsewhere; once for each note."""

    __tablename__ = "goods_receipt"
    __table_args__ = (CheckConstraint("signed_on_paper or signature <> ''", name="signed"),)

    note_id: Mapped[str] = mapped_column(ForeignKey("goods_note.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    """Subject of the movements of receiving."""
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    signed_name: Mapped[str] = mapped_column(String(200), default="")
    signature: Mapped[str] = mapped_column(Text, default="")
    signed_on_paper: Mapped[bool]
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))


class GoodsReceiptLine(Base):
    """How much of a line came; more or less than was sent is a discrepancy."""

    __tablename__ = "goods_receipt_line"
    __table_args__ = (CheckConstraint("quantity >= 0", name="quantity"),)

    note_id: Mapped[str] = mapped_column(ForeignKey("goods_receipt.note_id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    quantity: Mapped[int] = mapped_column(BigInteger)


class DiscrepancyDecision(Base):
    """What became of goods that were sent and not received (quantity above zero), or received and not sent (below)."""

    __tablename__ = "discrepancy_decision"
    __table_args__ = (
        CheckConstraint("outcome in ('arrived', 'back', 'lost')", name="outcome"),
        CheckConstraint("quantity <> 0", name="quantity"),
        CheckConstraint("(outcome = 'lost') = (write_off_id is not null)", name="write_off"),
        Index(None, "note_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    note_id: Mapped[str] = mapped_column(ForeignKey("goods_receipt.note_id"))
    line_no: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[int] = mapped_column(BigInteger)
    words: Mapped[str] = mapped_column(Text, default="")
    write_off_id: Mapped[str | None] = mapped_column(ForeignKey("goods_note.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class GoodsPhoto(Base):
    """A photo of written-off goods, drawn anew from its pixels: what a phone notes beside them is gone."""

    __tablename__ = "goods_photo"
    __table_args__ = (Index(None, "note_id", "line_no"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    note_id: Mapped[str] = mapped_column(ForeignKey("goods_note.id"))
    line_no: Mapped[int]
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class GoodsPaper(Base):
    """The paper of a note or of a receipt, printed once from its frozen content and kept."""

    __tablename__ = "goods_paper"

    subject_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """A note's id, or a receipt's own."""
    printed_at: Mapped[datetime] = mapped_column(Instant)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
