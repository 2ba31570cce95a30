"""Counts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_count",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("place_id", sa.String(length=36), nullable=False),
        sa.Column("place_kind", sa.String(length=10), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint("place_kind in ('booth', 'store')", name=op.f("ck_stock_count_place_kind")),
        sa.CheckConstraint("(approved_at is null) = (approved_by is null)", name=op.f("ck_stock_count_approved")),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_stock_count_approved_by_person")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_stock_count_device_id_device")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_stock_count_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count")),
    )
    op.create_index(
        op.f("ix_stock_count_edition_id_counted_at"), "stock_count", ["edition_id", "counted_at"], unique=False
    )
    op.create_index(op.f("ix_stock_count_place_id"), "stock_count", ["place_id"], unique=False)
    op.create_table(
        "stock_count_line",
        sa.Column("count_id", sa.String(length=36), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.String(length=36), nullable=False),
        sa.Column("lot_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_stock_count_line_quantity")),
        sa.ForeignKeyConstraint(
            ["count_id"], ["stock_count.id"], name=op.f("fk_stock_count_line_count_id_stock_count")
        ),
        sa.PrimaryKeyConstraint("count_id", "line_no", name=op.f("pk_stock_count_line")),
    )
    op.create_index(op.f("ix_stock_count_line_product_id"), "stock_count_line", ["product_id"], unique=False)
    op.create_table(
        "count_adjustment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("count_id", sa.String(length=36), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("booking_no", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("price_dong", sa.BigInteger(), nullable=False),
        sa.Column("borne_by", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_by", sa.String(length=36), nullable=False),
        sa.CheckConstraint("borne_by in ('owner', 'house', 'shared')", name=op.f("ck_count_adjustment_borne_by")),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_count_adjustment_quantity")),
        sa.ForeignKeyConstraint(["booked_by"], ["person.id"], name=op.f("fk_count_adjustment_booked_by_person")),
        sa.ForeignKeyConstraint(
            ["count_id", "line_no"],
            ["stock_count_line.count_id", "stock_count_line.line_no"],
            name=op.f("fk_count_adjustment_count_id_line_no_stock_count_line"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_adjustment")),
    )
    op.create_index(
        "uq_count_adjustment_count_id_line_no_booking_no",
        "count_adjustment",
        ["count_id", "line_no", "booking_no"],
        unique=True,
    )


def downgrade() -> None:
    op.drop_index("uq_count_adjustment_count_id_line_no_booking_no", table_name="count_adjustment")
    op.drop_table("count_adjustment")
    op.drop_index(op.f("ix_stock_count_line_product_id"), table_name="stock_count_line")
    op.drop_table("stock_count_line")
    op.drop_index(op.f("ix_stock_count_place_id"), table_name="stock_count")
    op.drop_index(op.f("ix_stock_count_edition_id_counted_at"), table_name="stock_count")
    op.drop_table("stock_count")
