"""Administrative units, producers, certificates, titles."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant


class AdminUnit(Base):
    """A province, district or commune under one of the two schemes.

    Codes were used again in 2025 (03562 was xã Vàng Ma Chải and is xã Sì Lở Lầu), so a code means nothing without its
    scheme; names are compared folded, so that «Ðiện Biên» and «Điện Biên» are one place.
    """

    __tablename__ = "admin_unit"
    __table_args__ = (
        CheckConstraint("scheme in ('vn2025', 'vn_legacy')", name="scheme"),
        CheckConstraint("level in ('province', 'district', 'commune')", name="level"),
        UniqueConstraint("scheme", "level", "parent_key", "name_key"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    scheme: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(20), default="")
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("admin_unit.id"))
    parent_key: Mapped[str] = mapped_column(String(36), default="")
    """The parent's id, or empty: a unique constraint does not compare nulls."""


class Producer(Base):
    """A maker of OCOP goods: cooperative, group, household, firm or farm. Places are kept in both schemes."""

    __tablename__ = "producer"
    __table_args__ = (
        CheckConstraint(
            "kind in ('doanh_nghiep', 'hop_tac_xa', 'to_hop_tac', 'trang_trai', 'ho_kinh_doanh', 'khac')", name="kind"
        ),
        UniqueConstraint("name_key", "place_key"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    name_key: Mapped[str] = mapped_column(String(300))
    place_key: Mapped[str] = mapped_column(String(100), default="")
    """The folded province: two households of the same name in two provinces are two producers."""
    kind: Mapped[str] = mapped_column(String(20))
    commune_id: Mapped[str | None] = mapped_column(ForeignKey("admin_unit.id"))
    legacy_commune_id: Mapped[str | None] = mapped_column(ForeignKey("admin_unit.id"))
    province_id: Mapped[str | None] = mapped_column(ForeignKey("admin_unit.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Certificate(Base):
    """An OCOP star with its dates: 36 months from issue. A product may have held several over time."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("stars between 1 and 5", name="stars"),
        UniqueConstraint("product_id", "issued_day"),
        Index(None, "product_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"))
    stars: Mapped[int]
    decision_no: Mapped[str] = mapped_column(String(100), default="")
    issued_day: Mapped[date]
    expires_day: Mapped[date]
    """The last day on which the star may be shown."""


class ProductTitle(Base):
    """A title beside the star: typical rural industrial product, key product, local speciality. Its dates are its own."""

    __tablename__ = "product_title"
    __table_args__ = (
        CheckConstraint("kind in ('cnnt_tieu_bieu', 'chu_luc', 'dac_san')", name="kind"),
        CheckConstraint("level in ('commune', 'district', 'province', 'region', 'national')", name="level"),
        CheckConstraint("expires_day is null or expires_day >= issued_day", name="days"),
        UniqueConstraint("product_id", "kind", "level", "issued_day"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"))
    kind: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(10))
    decision_no: Mapped[str] = mapped_column(String(100), default="")
    issued_day: Mapped[date]
    expires_day: Mapped[date | None]
    """The last day on which it may be shown; empty when the decision names none."""
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
