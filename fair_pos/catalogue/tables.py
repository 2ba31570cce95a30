"""Products, their packs and barcodes, and their append-only price histories."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant


class Product(Base):
    """One thing that is sold, as one producer makes it. `price_dong` is the newest price, for one `unit` or one kilogram."""

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint(
            "group_code in ('thuc_pham', 'do_uong', 'duoc_lieu', 'thu_cong_my_nghe', 'sinh_vat_canh', 'du_lich')",
            name="group_code",
        ),
        CheckConstraint("price_dong >= 0", name="price"),
        Index(None, "producer_id", "name_key", "unit_key", unique=True),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    name_key: Mapped[str] = mapped_column(String(300))
    producer_id: Mapped[str] = mapped_column(ForeignKey("producer.id"))
    group_code: Mapped[str] = mapped_column(String(30))
    unit: Mapped[str] = mapped_column(String(60))
    unit_key: Mapped[str] = mapped_column(String(60))
    """The unit by its identity: the same honey in two bottle sizes is two products."""
    price_dong: Mapped[int] = mapped_column(BigInteger)
    vat_code: Mapped[str] = mapped_column(String(10), default="")
    story: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    sold_by: Mapped[str] = mapped_column(String(10), default="piece", server_default="piece")
    """piece or weight; by weight `price_dong` is for a kilogram and stock counts grams."""


class Pack(Base):
    """`size` units of a product sold as one, at a price of its own. Its size never changes: another size is another pack."""

    __tablename__ = "pack"
    __table_args__ = (
        CheckConstraint("size between 1 and 10000", name="size"),
        CheckConstraint("price_dong >= 0", name="price"),
        UniqueConstraint("product_id", "name_key", "size"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"))
    name: Mapped[str] = mapped_column(String(300))
    name_key: Mapped[str] = mapped_column(String(300))
    size: Mapped[int]
    """Base units, or grams when the product is sold by weight."""
    price_dong: Mapped[int] = mapped_column(BigInteger)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class Barcode(Base):
    """What a scanner reads off a product or off one of its packs. One code never means two things."""

    __tablename__ = "barcode"
    __table_args__ = (Index(None, "product_id"),)

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"))
    pack_id: Mapped[str | None] = mapped_column(ForeignKey("pack.id"))


class PackPrice(Base):
    """From catalogue version `version` on the pack costs this."""

    __tablename__ = "pack_price"

    pack_id: Mapped[str] = mapped_column(ForeignKey("pack.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    price_dong: Mapped[int] = mapped_column(BigInteger)


class Price(Base):
    """From catalogue version `version` on the product costs this. Never changed: a sale names the version it was rung up with."""

    __tablename__ = "price"

    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    price_dong: Mapped[int] = mapped_column(BigInteger)


class CatalogueVersion(Base):
    """One row per change of anything a price list shows; the highest number is the present version."""

    __tablename__ = "catalogue_version"

    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    cause: Mapped[str] = mapped_column(String(60))
