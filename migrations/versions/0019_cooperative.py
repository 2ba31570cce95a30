"""Members and deliveries"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("producer_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("joined_day", sa.Date(), nullable=False),
        sa.Column("left_day", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_member_created_by_person")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_member_producer_id_producer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("producer_id", "code", name=op.f("uq_member_producer_id_code")),
    )
    op.create_table(
        "published_bands",
        sa.Column("producer_id", sa.String(length=36), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("households", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_published_bands_producer_id_producer")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_published_bands_published_by_person")),
        sa.PrimaryKeyConstraint("producer_id", "year", name=op.f("pk_published_bands")),
    )
    op.create_table(
        "share_run",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("producer_id", sa.String(length=36), nullable=False),
        sa.Column("settlement_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("payable_dong", sa.BigInteger(), nullable=False),
        sa.Column("measure", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.CheckConstraint("measure in ('grams', 'pieces')", name=op.f("ck_share_run_measure")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_share_run_made_by_person")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_share_run_producer_id_producer")),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlement.id"], name=op.f("fk_share_run_settlement_id_settlement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_run")),
        sa.UniqueConstraint("settlement_id", name=op.f("uq_share_run_settlement_id")),
    )
    op.create_index(op.f("ix_share_run_producer_id"), "share_run", ["producer_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=100), nullable=False),
        sa.Column("measure", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("undoes_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.CheckConstraint("measure in ('grams', 'pieces')", name=op.f("ck_delivery_measure")),
        sa.CheckConstraint("(quantity > 0) = (undoes_id is null)", name=op.f("ck_delivery_quantity")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_delivery_created_by_person")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_delivery_member_id_member")),
        sa.ForeignKeyConstraint(["undoes_id"], ["delivery.id"], name=op.f("fk_delivery_undoes_id_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_delivery_undoes_id")),
    )
    op.create_index(op.f("ix_delivery_member_id_day"), "delivery", ["member_id", "day"], unique=False)
    op.create_table(
        "member_card",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_member_card_created_by_person")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_card_member_id_member")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_member_card_revoked_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_card")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_member_card_token_hash")),
    )
    op.create_index(op.f("ix_member_card_member_id"), "member_card", ["member_id"], unique=False)
    op.create_table(
        "member_share",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("amount_dong", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_share_member_id_member")),
        sa.ForeignKeyConstraint(["run_id"], ["share_run.id"], name=op.f("fk_member_share_run_id_share_run")),
        sa.PrimaryKeyConstraint("run_id", "member_id", name=op.f("pk_member_share")),
    )
    op.create_index(op.f("ix_member_share_member_id"), "member_share", ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_member_share_member_id"), table_name="member_share")
    op.drop_table("member_share")
    op.drop_index(op.f("ix_member_card_member_id"), table_name="member_card")
    op.drop_table("member_card")
    op.drop_index(op.f("ix_delivery_member_id_day"), table_name="delivery")
    op.drop_table("delivery")
    op.drop_index(op.f("ix_share_run_producer_id"), table_name="share_run")
    op.drop_table("share_run")
    op.drop_table("published_bands")
    op.drop_table("member")
