"""Split rules, fees, payout accounts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fee",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("producer_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("amount_dong", sa.BigInteger(), nullable=False),
        sa.Column("charged_day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_by", sa.String(length=36), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_reason", sa.String(length=300), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("amount_dong > 0 or (kind = 'correction' and amount_dong < 0)", name=op.f("ck_fee_amount")),
        sa.CheckConstraint("kind in ('booth_rent', 'fridge', 'other', 'correction')", name=op.f("ck_fee_kind")),
        sa.CheckConstraint("(cancelled_at is null) = (cancelled_by is null)", name=op.f("ck_fee_cancelled")),
        sa.ForeignKeyConstraint(["cancelled_by"], ["person.id"], name=op.f("fk_fee_cancelled_by_person")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_fee_created_by_person")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_fee_edition_id_edition")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_fee_producer_id_producer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee")),
    )
    op.create_index(op.f("ix_fee_edition_id_charged_day"), "fee", ["edition_id", "charged_day"], unique=False)
    op.create_table(
        "payout_account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("producer_id", sa.String(length=36), nullable=False),
        sa.Column("bank_bin", sa.String(length=6), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("holder_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_digits", sa.String(length=3), nullable=False),
        sa.Column("active_from_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_payout_account_edition_id_edition")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_payout_account_producer_id_producer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_account")),
    )
    op.create_index(
        "uq_payout_account_in_use",
        "payout_account",
        ["edition_id", "producer_id"],
        unique=True,
        sqlite_where=sa.text("active_from_at is not null and active_until_at is null"),
        postgresql_where=sa.text("active_from_at is not null and active_until_at is null"),
    )
    op.create_table(
        "settlement_terms",
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("minimum_dong", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minimum_dong >= 0", name=op.f("ck_settlement_terms_minimum")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_settlement_terms_changed_by_person")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_settlement_terms_edition_id_edition")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_settlement_terms")),
    )
    op.create_table(
        "payout_account_change",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("producer_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("proposed_by", sa.String(length=36), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome <> 'approved' or decided_by <> proposed_by", name=op.f("ck_payout_account_change_two_people")
        ),
        sa.CheckConstraint(
            "outcome in ('approved', 'rejected', 'withdrawn')", name=op.f("ck_payout_account_change_outcome")
        ),
        sa.CheckConstraint("(outcome is null) = (decided_by is null)", name=op.f("ck_payout_account_change_decided")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["payout_account.id"], name=op.f("fk_payout_account_change_account_id_payout_account")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_payout_account_change_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_payout_account_change_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_payout_account_change_producer_id_producer")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_payout_account_change_proposed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_account_change")),
    )
    op.create_index(
        "uq_payout_change_open",
        "payout_account_change",
        ["edition_id", "producer_id"],
        unique=True,
        sqlite_where=sa.text("outcome is null"),
        postgresql_where=sa.text("outcome is null"),
    )
    op.create_table(
        "split_rule",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("booth_id", sa.String(length=36), nullable=True),
        sa.Column("producer_id", sa.String(length=36), nullable=True),
        sa.Column("product_id", sa.String(length=36), nullable=True),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("basis_points", sa.Integer(), nullable=False),
        sa.Column("tiers", sa.JSON(), nullable=False),
        sa.Column("unit_dong", sa.BigInteger(), nullable=False),
        sa.Column("starts_day", sa.Date(), nullable=False),
        sa.Column("ends_day", sa.Date(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('percent', 'tiers', 'fixed')", name=op.f("ck_split_rule_kind")),
        sa.CheckConstraint("basis_points between 0 and 10000", name=op.f("ck_split_rule_basis_points")),
        sa.CheckConstraint("ends_day is null or ends_day >= starts_day or withdrawn", name=op.f("ck_split_rule_days")),
        sa.CheckConstraint("unit_dong >= 0", name=op.f("ck_split_rule_unit_dong")),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_split_rule_booth_id_booth")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_split_rule_created_by_person")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_split_rule_edition_id_edition")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_split_rule_ended_by_person")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_split_rule_producer_id_producer")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_split_rule_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_split_rule")),
    )
    op.create_index(
        "uq_rule_start",
        "split_rule",
        ["edition_id", "about", "starts_day"],
        unique=True,
        sqlite_where=sa.text("not withdrawn"),
        postgresql_where=sa.text("not withdrawn"),
    )
    op.create_index(
        "uq_rule_without_end",
        "split_rule",
        ["edition_id", "about"],
        unique=True,
        sqlite_where=sa.text("ends_day is null and not withdrawn"),
        postgresql_where=sa.text("ends_day is null and not withdrawn"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_rule_without_end",
        table_name="split_rule",
        sqlite_where=sa.text("ends_day is null and not withdrawn"),
        postgresql_where=sa.text("ends_day is null and not withdrawn"),
    )
    op.drop_index(
        "uq_rule_start",
        table_name="split_rule",
        sqlite_where=sa.text("not withdrawn"),
        postgresql_where=sa.text("not withdrawn"),
    )
    op.drop_table("split_rule")
    op.drop_index(
        "uq_payout_change_open",
        table_name="payout_account_change",
        sqlite_where=sa.text("outcome is null"),
        postgresql_where=sa.text("outcome is null"),
    )
    op.drop_table("payout_account_change")
    op.drop_table("settlement_terms")
    op.drop_index(
        "uq_payout_account_in_use",
        table_name="payout_account",
        sqlite_where=sa.text("active_from_at is not null and active_until_at is null"),
        postgresql_where=sa.text("active_from_at is not null and active_until_at is null"),
    )
    op.drop_table("payout_account")
    op.drop_index(op.f("ix_fee_edition_id_charged_day"), table_name="fee")
    op.drop_table("fee")
