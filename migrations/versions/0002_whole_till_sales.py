"""Weights, packs, discounts, rounding, notes, giveaways; the rules of an edition's tills; PINs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "discount_figure",
        sa.Column("booth_id", sa.String(length=36), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("producer_id", sa.String(length=36), nullable=False),
        sa.Column("borne_by", sa.String(length=20), nullable=False),
        sa.Column("given_dong", sa.BigInteger(), nullable=False),
        sa.Column("taken_back_dong", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_discount_figure_booth_id_booth")),
        sa.PrimaryKeyConstraint(
            "booth_id", "fair_day", "hour", "producer_id", "borne_by", name=op.f("pk_discount_figure")
        ),
    )
    op.create_index(
        op.f("ix_discount_figure_producer_id_fair_day"), "discount_figure", ["producer_id", "fair_day"], unique=False
    )

    op.create_table(
        "pack",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("product_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_key", sa.String(length=300), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("price_dong", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("price_dong >= 0", name=op.f("ck_pack_price")),
        sa.CheckConstraint("size between 1 and 10000", name=op.f("ck_pack_size")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_pack_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack")),
        sa.UniqueConstraint("product_id", "name_key", "size", name=op.f("uq_pack_product_id_name_key_size")),
    )
    op.create_table(
        "barcode",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("product_id", sa.String(length=36), nullable=False),
        sa.Column("pack_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_barcode_pack_id_pack")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_barcode_product_id_product")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_barcode")),
    )
    op.create_index(op.f("ix_barcode_product_id"), "barcode", ["product_id"], unique=False)

    op.create_table(
        "giveaway",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("booth_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("device_seq", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("borne_by", sa.String(length=20), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("price_list_version", sa.Integer(), nullable=False),
        sa.Column("worth_dong", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("till_session_id", sa.String(length=36), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("purpose in ('tasting', 'gift', 'sample', 'damaged')", name=op.f("ck_giveaway_purpose")),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_giveaway_booth_id_booth")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_giveaway_device_id_device")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_giveaway_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_giveaway")),
    )
    op.create_index(op.f("ix_giveaway_booth_id_fair_day"), "giveaway", ["booth_id", "fair_day"], unique=False)
    op.create_index(op.f("ix_giveaway_edition_id_fair_day"), "giveaway", ["edition_id", "fair_day"], unique=False)

    op.create_table(
        "pack_price",
        sa.Column("pack_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("price_dong", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_pack_price_pack_id_pack")),
        sa.PrimaryKeyConstraint("pack_id", "version", name=op.f("pk_pack_price")),
    )
    op.create_table(
        "giveaway_line",
        sa.Column("giveaway_id", sa.String(length=36), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.String(length=36), nullable=False),
        sa.Column("producer_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=True),
        sa.Column("pack_id", sa.String(length=36), nullable=True),
        sa.Column("pack_size", sa.Integer(), nullable=False),
        sa.Column("unit_price_dong", sa.BigInteger(), nullable=False),
        sa.Column("worth_dong", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["giveaway_id"], ["giveaway.id"], name=op.f("fk_giveaway_line_giveaway_id_giveaway")),
        sa.PrimaryKeyConstraint("giveaway_id", "line_no", name=op.f("pk_giveaway_line")),
    )
    op.create_index(op.f("ix_giveaway_line_producer_id"), "giveaway_line", ["producer_id"], unique=False)
    op.create_index(op.f("ix_giveaway_line_product_id"), "giveaway_line", ["product_id"], unique=False)

    op.add_column("edition", sa.Column("cash_rounding_dong", sa.Integer(), server_default="0", nullable=False))
    op.add_column("edition", sa.Column("close_limit_dong", sa.BigInteger(), server_default="50000", nullable=False))
    op.add_column("edition", sa.Column("refund_limit_dong", sa.BigInteger(), server_default="500000", nullable=False))
    op.add_column("edition", sa.Column("drawer", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("edition", sa.Column("seller_discount_percent", sa.Integer(), server_default="10", nullable=False))

    op.add_column("hour_figure", sa.Column("rounding_dong", sa.BigInteger(), server_default="0", nullable=False))

    with op.batch_alter_table("oddity") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_oddity_sale_id_sale"), type_="foreignkey")

    op.add_column("payment", sa.Column("reference", sa.String(length=25), server_default=sa.text("''"), nullable=False))
    op.add_column("payment", sa.Column("account_id", sa.String(length=36), nullable=True))

    op.add_column("person", sa.Column("pin_salt", sa.String(length=64), server_default=sa.text("''"), nullable=False))
    op.add_column("person", sa.Column("pin_hash", sa.String(length=64), server_default=sa.text("''"), nullable=False))

    op.add_column("product", sa.Column("sold_by", sa.String(length=10), server_default="piece", nullable=False))

    op.add_column("sale", sa.Column("whole", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("sale", sa.Column("second_person_id", sa.String(length=36), nullable=True))
    op.add_column("sale", sa.Column("rounding_dong", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("sale", sa.Column("note", sa.String(length=300), server_default=sa.text("''"), nullable=False))
    op.add_column("sale", sa.Column("till_session_id", sa.String(length=36), nullable=True))
    op.create_index(op.f("ix_sale_till_session_id"), "sale", ["till_session_id"], unique=False)

    op.add_column("sale_line", sa.Column("grams", sa.BigInteger(), nullable=True))
    op.add_column("sale_line", sa.Column("pack_id", sa.String(length=36), nullable=True))
    op.add_column("sale_line", sa.Column("pack_size", sa.Integer(), server_default="1", nullable=False))
    op.add_column("sale_line", sa.Column("gross_dong", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("sale_line", sa.Column("list_price_dong", sa.BigInteger(), nullable=True))
    op.add_column(
        "sale_line", sa.Column("price_reason", sa.String(length=300), server_default=sa.text("''"), nullable=False)
    )
    op.add_column("sale_line", sa.Column("discount_dong", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column(
        "sale_line", sa.Column("discount_reason", sa.String(length=300), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "sale_line", sa.Column("discount_borne_by", sa.String(length=20), server_default=sa.text("''"), nullable=False)
    )
    op.add_column("sale_line", sa.Column("note", sa.String(length=300), server_default=sa.text("''"), nullable=False))
    op.execute("UPDATE sale_line SET gross_dong = quantity * unit_price_dong")
    movement_kinds("'intake', 'sale', 'refund', 'giveaway'")


def movement_kinds(kinds: str) -> None:
    """What may move goods. On SQLite the table is written anew: it cannot change a constraint."""
    with op.batch_alter_table("movement") as batch_op:
        batch_op.drop_constraint(op.f("ck_movement_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_movement_kind"), f"kind in ({kinds})")


def downgrade() -> None:
    # What was given away and what was odd about it cannot be told any more; the stock is put right.
    op.execute(
        "UPDATE balance SET quantity = quantity - (SELECT coalesce(sum(m.quantity), 0) FROM movement m WHERE"
        " m.kind = 'giveaway' AND m.booth_id = balance.booth_id AND m.product_id = balance.product_id"
        " AND m.producer_id = balance.producer_id)"
    )
    op.execute("DELETE FROM movement WHERE kind = 'giveaway'")
    op.execute("DELETE FROM oddity WHERE sale_id NOT IN (SELECT id FROM sale)")
    movement_kinds("'intake', 'sale', 'refund'")
    op.drop_column("sale_line", "note")
    op.drop_column("sale_line", "discount_borne_by")
    op.drop_column("sale_line", "discount_reason")
    op.drop_column("sale_line", "discount_dong")
    op.drop_column("sale_line", "price_reason")
    op.drop_column("sale_line", "list_price_dong")
    op.drop_column("sale_line", "gross_dong")
    op.drop_column("sale_line", "pack_size")
    op.drop_column("sale_line", "pack_id")
    op.drop_column("sale_line", "grams")

    op.drop_index(op.f("ix_sale_till_session_id"), "sale")
    op.drop_column("sale", "till_session_id")
    op.drop_column("sale", "note")
    op.drop_column("sale", "rounding_dong")
    op.drop_column("sale", "second_person_id")
    op.drop_column("sale", "whole")

    op.drop_column("product", "sold_by")

    op.drop_column("person", "pin_hash")
    op.drop_column("person", "pin_salt")

    op.drop_column("payment", "account_id")
    op.drop_column("payment", "reference")

    with op.batch_alter_table("oddity") as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_oddity_sale_id_sale"), "sale", ["sale_id"], ["id"])

    op.drop_column("hour_figure", "rounding_dong")

    op.drop_column("edition", "seller_discount_percent")
    op.drop_column("edition", "drawer")
    op.drop_column("edition", "refund_limit_dong")
    op.drop_column("edition", "close_limit_dong")
    op.drop_column("edition", "cash_rounding_dong")

    op.drop_index(op.f("ix_giveaway_line_product_id"), "giveaway_line")
    op.drop_index(op.f("ix_giveaway_line_producer_id"), "giveaway_line")

    op.drop_table("giveaway_line")
    op.drop_table("pack_price")
    op.drop_index(op.f("ix_giveaway_edition_id_fair_day"), "giveaway")
    op.drop_index(op.f("ix_giveaway_booth_id_fair_day"), "giveaway")

    op.drop_table("giveaway")
    op.drop_index(op.f("ix_barcode_product_id"), "barcode")

    op.drop_table("barcode")
    op.drop_table("pack")
    op.drop_index(op.f("ix_discount_figure_producer_id_fair_day"), "discount_figure")

    op.drop_table("discount_figure")
