"""Receiving accounts, transfers and what confirms them, statements and hooks"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "confirmation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.Column("payment_no", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("amount_dong", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("device_id", sa.String(length=36), nullable=True),
        sa.Column("bank_line_id", sa.String(length=36), nullable=True),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("reverses_id", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("how in ('person', 'statement', 'hook')", name=op.f("ck_confirmation_how")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["confirmation.id"], name=op.f("fk_confirmation_reverses_id_confirmation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_confirmation_reverses_id")),
    )
    op.create_index(op.f("ix_confirmation_sale_id_payment_no"), "confirmation", ["sale_id", "payment_no"], unique=False)

    op.create_table(
        "hook_event",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("provider", sa.String(length=10), nullable=False),
        sa.Column("txn_id", sa.String(length=100), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "outcome in ('waiting', 'taken', 'ignored', 'unreadable')", name=op.f("ck_hook_event_outcome")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_event")),
        sa.UniqueConstraint("provider", "txn_id", name=op.f("uq_hook_event_provider_txn_id")),
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("account_number", sa.String(length=19), nullable=False),
        sa.Column("filename", sa.String(length=300), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("uploaded_by", sa.String(length=36), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(length=36), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_statement_edition_id_edition")),
        sa.ForeignKeyConstraint(["imported_by"], ["person.id"], name=op.f("fk_statement_imported_by_person")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_statement_uploaded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    op.create_index(op.f("ix_statement_edition_id"), "statement", ["edition_id"], unique=False)

    op.create_table(
        "bank_line",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("account_number", sa.String(length=30), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("amount_dong", sa.BigInteger(), nullable=False),
        sa.Column("memo", sa.String(length=500), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("sale_id", sa.String(length=36), nullable=True),
        sa.Column("payment_no", sa.Integer(), nullable=True),
        sa.Column("statement_id", sa.String(length=36), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=36), nullable=True),
        sa.Column("settled_note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_bank_line_edition_id_edition")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_bank_line_settled_by_person")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_bank_line_statement_id_statement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
    )
    op.create_index(op.f("ix_bank_line_edition_id_state"), "bank_line", ["edition_id", "state"], unique=False)
    op.create_index(op.f("ix_bank_line_sale_id_payment_no"), "bank_line", ["sale_id", "payment_no"], unique=False)
    op.create_index(op.f("ix_bank_line_state"), "bank_line", ["state"], unique=False)

    op.create_table(
        "receiving_account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("booth_id", sa.String(length=36), nullable=True),
        sa.Column("producer_id", sa.String(length=36), nullable=True),
        sa.Column("bank_bin", sa.String(length=6), nullable=False),
        sa.Column("account_number", sa.String(length=19), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("active_from_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(booth_id is null) <> (producer_id is null)", name=op.f("ck_receiving_account_one_owner")),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_receiving_account_booth_id_booth")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_receiving_account_edition_id_edition")),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_receiving_account_producer_id_producer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receiving_account")),
    )
    op.create_index(op.f("ix_receiving_account_account_number"), "receiving_account", ["account_number"], unique=False)
    op.create_index(
        "uq_account_in_use_booth",
        "receiving_account",
        ["booth_id"],
        unique=True,
        sqlite_where=sa.text("active_from_at is not null and active_until_at is null"),
        postgresql_where=sa.text("active_from_at is not null and active_until_at is null"),
    )
    op.create_index(
        "uq_account_in_use_producer",
        "receiving_account",
        ["edition_id", "producer_id"],
        unique=True,
        sqlite_where=sa.text("active_from_at is not null and active_until_at is null"),
        postgresql_where=sa.text("active_from_at is not null and active_until_at is null"),
    )

    op.create_table(
        "account_change",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("booth_id", sa.String(length=36), nullable=True),
        sa.Column("producer_id", sa.String(length=36), nullable=True),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("proposed_by", sa.String(length=36), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome <> 'approved' or decided_by <> proposed_by", name=op.f("ck_account_change_two_people")
        ),
        sa.CheckConstraint("outcome in ('approved', 'rejected', 'withdrawn')", name=op.f("ck_account_change_outcome")),
        sa.CheckConstraint("(booth_id is null) <> (producer_id is null)", name=op.f("ck_account_change_one_owner")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["receiving_account.id"], name=op.f("fk_account_change_account_id_receiving_account")
        ),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_account_change_booth_id_booth")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_account_change_decided_by_person")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_account_change_edition_id_edition")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_account_change_producer_id_producer")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_account_change_proposed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_change")),
    )
    op.create_index(
        "uq_change_open_booth",
        "account_change",
        ["booth_id"],
        unique=True,
        sqlite_where=sa.text("outcome is null"),
        postgresql_where=sa.text("outcome is null"),
    )
    op.create_index(
        "uq_change_open_producer",
        "account_change",
        ["edition_id", "producer_id"],
        unique=True,
        sqlite_where=sa.text("outcome is null"),
        postgresql_where=sa.text("outcome is null"),
    )

    op.create_table(
        "unplaced_seen",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.Column("payment_no", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("booth_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_digits", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_unplaced_seen_booth_id_booth")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_unplaced_seen_device_id_device")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_unplaced_seen_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unplaced_seen")),
    )
    op.create_index(op.f("ix_unplaced_seen_edition_id"), "unplaced_seen", ["edition_id"], unique=False)
    op.create_index(op.f("ix_unplaced_seen_sale_id"), "unplaced_seen", ["sale_id"], unique=False)

    op.create_table(
        "transfer",
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.Column("payment_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("refund_of", sa.String(length=36), nullable=True),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("booth_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("receipt_number", sa.String(length=30), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("sold_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_dong", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=25), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("received_dong", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("seen", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("kind in ('sale', 'refund')", name=op.f("ck_transfer_kind")),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_transfer_booth_id_booth")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_transfer_device_id_device")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_transfer_edition_id_edition")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_transfer_sale_id_sale")),
        sa.PrimaryKeyConstraint("sale_id", "payment_no", name=op.f("pk_transfer")),
    )
    op.create_index(op.f("ix_transfer_code"), "transfer", ["code"], unique=False)
    op.create_index(op.f("ix_transfer_device_id_sold_at"), "transfer", ["device_id", "sold_at"], unique=False)
    op.create_index(
        op.f("ix_transfer_edition_id_fair_day_sold_at"), "transfer", ["edition_id", "fair_day", "sold_at"], unique=False
    )
    op.create_index(op.f("ix_transfer_refund_of"), "transfer", ["refund_of"], unique=False)
    # Sales made before: their transfers are claimed, like all of which nobody has said that the money came.
    op.execute(
        """
        insert into transfer (
            sale_id, payment_no, kind, refund_of, edition_id, booth_id, device_id, receipt_number, fair_day, sold_at,
            amount_dong, code, account_id
        )
        select
            sale.id, payment.payment_no, sale.kind, sale.refund_of, sale.edition_id, sale.booth_id, sale.device_id,
            sale.receipt_number, sale.fair_day, sale.sold_at, payment.amount_dong, payment.reference, payment.account_id
        from sale
        join payment on payment.sale_id = sale.id
        where payment.method = 'transfer'
        """
    )


def downgrade() -> None:
    op.drop_table("transfer")
    op.drop_table("unplaced_seen")
    op.drop_table("account_change")
    op.drop_table("receiving_account")
    op.drop_table("bank_line")
    op.drop_table("statement")
    op.drop_table("hook_event")
    op.drop_table("confirmation")
