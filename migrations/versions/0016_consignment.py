"""Notes of goods"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goods_paper",
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_goods_paper")),
    )
    op.create_table(
        "goods_counter",
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_goods_counter_edition_id_edition")),
        sa.PrimaryKeyConstraint("edition_id", "kind", name=op.f("pk_goods_counter")),
    )
    op.create_table(
        "goods_note",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=True),
        sa.Column("from_place", sa.String(length=36), nullable=True),
        sa.Column("to_place", sa.String(length=36), nullable=True),
        sa.Column("to_edition_id", sa.String(length=36), nullable=True),
        sa.Column("cancels_id", sa.String(length=36), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("signed_name", sa.String(length=200), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("signed_on_paper", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("kind in ('intake', 'return', 'transfer', 'write_off')", name=op.f("ck_goods_note_kind")),
        sa.CheckConstraint(
            "kind not in ('intake', 'return') or owner_id is not null", name=op.f("ck_goods_note_owner")
        ),
        sa.CheckConstraint("signed_on_paper or signature <> ''", name=op.f("ck_goods_note_signed")),
        sa.ForeignKeyConstraint(["cancels_id"], ["goods_note.id"], name=op.f("fk_goods_note_cancels_id_goods_note")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_goods_note_edition_id_edition")),
        sa.ForeignKeyConstraint(["owner_id"], ["producer.id"], name=op.f("fk_goods_note_owner_id_producer")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_goods_note_person_id_person")),
        sa.ForeignKeyConstraint(["to_edition_id"], ["edition.id"], name=op.f("fk_goods_note_to_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_note")),
        sa.UniqueConstraint("cancels_id", name=op.f("uq_goods_note_cancels_id")),
        sa.UniqueConstraint("edition_id", "kind", "number", name=op.f("uq_goods_note_edition_id_kind_number")),
    )
    op.create_index(op.f("ix_goods_note_to_edition_id"), "goods_note", ["to_edition_id"], unique=False)
    op.create_index(op.f("ix_goods_note_to_place"), "goods_note", ["to_place"], unique=False)
    op.create_table(
        "goods_note_line",
        sa.Column("note_id", sa.String(length=36), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("lot_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("weighed", sa.Boolean(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("price_dong", sa.BigInteger(), nullable=False),
        sa.Column("lot_code", sa.String(length=60), nullable=False),
        sa.Column("expires_day", sa.Date(), nullable=True),
        sa.Column("rule_words", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("borne_by", sa.String(length=20), nullable=False),
        sa.CheckConstraint("borne_by in ('', 'owner', 'house', 'shared')", name=op.f("ck_goods_note_line_borne_by")),
        sa.CheckConstraint(
            "reason in ('', 'damaged', 'sample', 'lost', 'other')", name=op.f("ck_goods_note_line_reason")
        ),
        sa.CheckConstraint("price_dong >= 0", name=op.f("ck_goods_note_line_price")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_goods_note_line_quantity")),
        sa.ForeignKeyConstraint(["note_id"], ["goods_note.id"], name=op.f("fk_goods_note_line_note_id_goods_note")),
        sa.ForeignKeyConstraint(["owner_id"], ["producer.id"], name=op.f("fk_goods_note_line_owner_id_producer")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_goods_note_line_product_id_product")),
        sa.PrimaryKeyConstraint("note_id", "line_no", name=op.f("pk_goods_note_line")),
    )
    op.create_index(op.f("ix_goods_note_line_lot_id"), "goods_note_line", ["lot_id"], unique=False)
    op.create_table(
        "goods_photo",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("note_id", sa.String(length=36), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["goods_note.id"], name=op.f("fk_goods_photo_note_id_goods_note")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_goods_photo_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_photo")),
    )
    op.create_index(op.f("ix_goods_photo_note_id_line_no"), "goods_photo", ["note_id", "line_no"], unique=False)
    op.create_table(
        "goods_receipt",
        sa.Column("note_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("signed_name", sa.String(length=200), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("signed_on_paper", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("signed_on_paper or signature <> ''", name=op.f("ck_goods_receipt_signed")),
        sa.ForeignKeyConstraint(["note_id"], ["goods_note.id"], name=op.f("fk_goods_receipt_note_id_goods_note")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_goods_receipt_person_id_person")),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_goods_receipt")),
        sa.UniqueConstraint("id", name=op.f("uq_goods_receipt_id")),
    )
    op.create_table(
        "discrepancy_decision",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("note_id", sa.String(length=36), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("write_off_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'lost') = (write_off_id is not null)", name=op.f("ck_discrepancy_decision_write_off")
        ),
        sa.CheckConstraint("outcome in ('arrived', 'back', 'lost')", name=op.f("ck_discrepancy_decision_outcome")),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_discrepancy_decision_quantity")),
        sa.ForeignKeyConstraint(
            ["note_id"], ["goods_receipt.note_id"], name=op.f("fk_discrepancy_decision_note_id_goods_receipt")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_discrepancy_decision_person_id_person")),
        sa.ForeignKeyConstraint(
            ["write_off_id"], ["goods_note.id"], name=op.f("fk_discrepancy_decision_write_off_id_goods_note")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancy_decision")),
    )
    op.create_index(op.f("ix_discrepancy_decision_note_id"), "discrepancy_decision", ["note_id"], unique=False)
    op.create_table(
        "goods_receipt_line",
        sa.Column("note_id", sa.String(length=36), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_goods_receipt_line_quantity")),
        sa.ForeignKeyConstraint(
            ["note_id"], ["goods_receipt.note_id"], name=op.f("fk_goods_receipt_line_note_id_goods_receipt")
        ),
        sa.PrimaryKeyConstraint("note_id", "line_no", name=op.f("pk_goods_receipt_line")),
    )


def downgrade() -> None:
    op.drop_table("goods_receipt_line")
    op.drop_table("discrepancy_decision")
    op.drop_table("goods_receipt")
    op.drop_table("goods_photo")
    op.drop_table("goods_note_line")
    op.drop_table("goods_note")
    op.drop_table("goods_counter")
    op.drop_table("goods_paper")
