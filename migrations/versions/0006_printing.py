"""Printers in the booths' network, what waits for them, and the copies that were made of receipts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "printer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("width_mm", sa.Integer(), nullable=False),
        sa.Column("everywhere", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("try_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("width_mm in (58, 80)", name=op.f("ck_printer_width_mm")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_printer_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printer")),
    )
    op.create_index(
        "uq_printer_everywhere",
        "printer",
        ["edition_id"],
        unique=True,
        sqlite_where=sa.text("removed_at is null and everywhere"),
        postgresql_where=sa.text("removed_at is null and everywhere"),
    )
    op.create_index(
        "uq_printer_in_use",
        "printer",
        ["edition_id", "address", "port"],
        unique=True,
        sqlite_where=sa.text("removed_at is null"),
        postgresql_where=sa.text("removed_at is null"),
    )

    op.create_table(
        "booth_printer",
        sa.Column("booth_id", sa.String(length=36), nullable=False),
        sa.Column("printer_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_booth_printer_booth_id_booth")),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("fk_booth_printer_printer_id_printer")),
        sa.PrimaryKeyConstraint("booth_id", name=op.f("pk_booth_printer")),
    )
    op.create_index(op.f("ix_booth_printer_printer_id"), "booth_printer", ["printer_id"], unique=False)

    op.create_table(
        "receipt_copy",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.Column("copy_no", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("booth_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("copied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("till_session_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_receipt_copy_booth_id_booth")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_receipt_copy_device_id_device")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_receipt_copy_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_copy")),
    )
    op.create_index(op.f("ix_receipt_copy_device_id"), "receipt_copy", ["device_id"], unique=False)
    op.create_index(op.f("ix_receipt_copy_sale_id"), "receipt_copy", ["sale_id"], unique=False)
    op.create_index(
        "uq_receipt_copy_made_here",
        "receipt_copy",
        ["sale_id", "copy_no"],
        unique=True,
        sqlite_where=sa.text("device_id is null"),
        postgresql_where=sa.text("device_id is null"),
    )

    op.create_table(
        "print_job",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("printer_id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("sale_id", sa.String(length=36), nullable=True),
        sa.Column("copy_no", sa.Integer(), server_default="0", nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("trouble", sa.String(length=20), server_default=sa.text("''"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'done', 'failed')", name=op.f("ck_print_job_state")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_print_job_device_id_device")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_print_job_edition_id_edition")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_print_job_person_id_person")),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("fk_print_job_printer_id_printer")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_print_job_sale_id_sale")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
    )
    op.create_index(op.f("ix_print_job_edition_id_queued_at"), "print_job", ["edition_id", "queued_at"], unique=False)
    op.create_index(
        "ix_print_job_waiting",
        "print_job",
        ["printer_id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    op.drop_index("ix_print_job_waiting", table_name="print_job")
    op.drop_index(op.f("ix_print_job_edition_id_queued_at"), table_name="print_job")

    op.drop_table("print_job")
    op.drop_index("uq_receipt_copy_made_here", table_name="receipt_copy")
    op.drop_index(op.f("ix_receipt_copy_sale_id"), table_name="receipt_copy")
    op.drop_index(op.f("ix_receipt_copy_device_id"), table_name="receipt_copy")

    op.drop_table("receipt_copy")
    op.drop_index(op.f("ix_booth_printer_printer_id"), table_name="booth_printer")

    op.drop_table("booth_printer")
    op.drop_index("uq_printer_in_use", table_name="printer")
    op.drop_index("uq_printer_everywhere", table_name="printer")

    op.drop_table("printer")
