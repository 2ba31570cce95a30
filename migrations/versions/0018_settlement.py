"""Statements and payouts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "settlement_counter",
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_settlement_counter_edition_id_edition")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_settlement_counter")),
    )
    op.create_table(
        "settlement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("producer_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("net_dong", sa.BigInteger(), nullable=False),
        sa.Column("owner_dong", sa.BigInteger(), nullable=False),
        sa.Column("house_dong", sa.BigInteger(), nullable=False),
        sa.Column("fees_dong", sa.BigInteger(), nullable=False),
        sa.Column("credited_dong", sa.BigInteger(), nullable=False),
        sa.Column("carried_in_dong", sa.BigInteger(), nullable=False),
        sa.Column("payable_dong", sa.BigInteger(), nullable=False),
        sa.Column("carried_out_dong", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint("from_day is null or from_day <= until_day", name=op.f("ck_settlement_days")),
        sa.CheckConstraint("net_dong = owner_dong + house_dong", name=op.f("ck_settlement_shares")),
        sa.CheckConstraint(
            "payable_dong + carried_out_dong = owner_dong - fees_dong + credited_dong + carried_in_dong",
            name=op.f("ck_settlement_due"),
        ),
        sa.CheckConstraint("payable_dong >= 0", name=op.f("ck_settlement_payable")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_settlement_edition_id_edition")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_settlement_made_by_person")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_settlement_producer_id_producer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_settlement_edition_id_number")),
        sa.UniqueConstraint(
            "edition_id", "producer_id", "until_day", name=op.f("uq_settlement_edition_id_producer_id_until_day")
        ),
    )
    op.create_index(op.f("ix_settlement_producer_id"), "settlement", ["producer_id"], unique=False)
    op.create_table(
        "settlement_line",
        sa.Column("settlement_id", sa.String(length=36), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.Column("movement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subject_id", sa.String(length=36), nullable=True),
        sa.Column("product_id", sa.String(length=36), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("net_dong", sa.BigInteger(), nullable=False),
        sa.Column("owner_dong", sa.BigInteger(), nullable=False),
        sa.Column("house_dong", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(movement_id is not null) = (source in ('sale', 'refund', 'giveaway'))",
            name=op.f("ck_settlement_line_movement"),
        ),
        sa.CheckConstraint(
            "source in ('sale', 'refund', 'giveaway', 'write_off', 'count', 'fee', 'carried')",
            name=op.f("ck_settlement_line_source"),
        ),
        sa.CheckConstraint("net_dong = owner_dong + house_dong", name=op.f("ck_settlement_line_shares")),
        sa.ForeignKeyConstraint(["movement_id"], ["movement.id"], name=op.f("fk_settlement_line_movement_id_movement")),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlement.id"], name=op.f("fk_settlement_line_settlement_id_settlement")
        ),
        sa.PrimaryKeyConstraint("settlement_id", "line_no", name=op.f("pk_settlement_line")),
        sa.UniqueConstraint("movement_id", name=op.f("uq_settlement_line_movement_id")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_settlement_line_source_source_id")),
    )
    op.create_index(op.f("ix_settlement_line_subject_id"), "settlement_line", ["subject_id"], unique=False)
    op.create_table(
        "payout",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("settlement_id", sa.String(length=36), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("amount_dong", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("bank_bin", sa.String(length=10), nullable=False),
        sa.Column("last_digits", sa.String(length=4), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("reverses_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("method in ('transfer', 'cash')", name=op.f("ck_payout_method")),
        sa.CheckConstraint("(reverses_id is null) = (step % 2 = 1)", name=op.f("ck_payout_step")),
        sa.CheckConstraint("amount_dong > 0", name=op.f("ck_payout_amount")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payout_person_id_person")),
        sa.ForeignKeyConstraint(["reverses_id"], ["payout.id"], name=op.f("fk_payout_reverses_id_payout")),
        sa.ForeignKeyConstraint(["settlement_id"], ["settlement.id"], name=op.f("fk_payout_settlement_id_settlement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_payout_reverses_id")),
        sa.UniqueConstraint("settlement_id", "step", name=op.f("uq_payout_settlement_id_step")),
    )
    op.create_table(
        "settlement_paper",
        sa.Column("settlement_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlement.id"], name=op.f("fk_settlement_paper_settlement_id_settlement")
        ),
        sa.PrimaryKeyConstraint("settlement_id", "kind", name=op.f("pk_settlement_paper")),
    )


def downgrade() -> None:
    op.drop_table("settlement_paper")
    op.drop_table("payout")
    op.drop_table("settlement_line")
    op.drop_table("settlement")
    op.drop_table("settlement_counter")
