"""Drawers: openings, cash moved, closings, the till sessions they make, and frozen Z reports"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cash_move",
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("amount_dong", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("booth_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("device_seq", sa.Integer(), nullable=False),
        sa.Column("till_session_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sample", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("direction in ('in', 'out')", name=op.f("ck_cash_move_direction")),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_cash_move_booth_id_booth")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_cash_move_device_id_device")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_cash_move_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_move")),
    )
    op.create_index(op.f("ix_cash_move_device_id_device_seq"), "cash_move", ["device_id", "device_seq"], unique=False)
    op.create_index(op.f("ix_cash_move_till_session_id"), "cash_move", ["till_session_id"], unique=False)

    op.create_table(
        "till_closing",
        sa.Column("z_number", sa.Integer(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("counted_dong", sa.BigInteger(), nullable=False),
        sa.Column("expected_dong", sa.BigInteger(), nullable=False),
        sa.Column("counted_card_dong", sa.BigInteger(), nullable=False),
        sa.Column("explanation", sa.String(length=300), server_default=sa.text("''"), nullable=False),
        sa.Column("second_person_id", sa.String(length=36), nullable=True),
        sa.Column("first_number", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.Column("last_number", sa.String(length=30), server_default=sa.text("''"), nullable=False),
        sa.Column("sale_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("booth_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("device_seq", sa.Integer(), nullable=False),
        sa.Column("till_session_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sample", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_till_closing_booth_id_booth")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_till_closing_device_id_device")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_till_closing_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_closing")),
    )
    op.create_index(
        op.f("ix_till_closing_device_id_device_seq"), "till_closing", ["device_id", "device_seq"], unique=False
    )
    op.create_index(op.f("ix_till_closing_till_session_id"), "till_closing", ["till_session_id"], unique=False)

    op.create_table(
        "till_opening",
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("float_dong", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("booth_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("device_seq", sa.Integer(), nullable=False),
        sa.Column("till_session_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sample", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_till_opening_booth_id_booth")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_till_opening_device_id_device")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_till_opening_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_opening")),
    )
    op.create_index(
        op.f("ix_till_opening_device_id_device_seq"), "till_opening", ["device_id", "device_seq"], unique=False
    )
    op.create_index(op.f("ix_till_opening_till_session_id"), "till_opening", ["till_session_id"], unique=False)

    op.create_table(
        "till_session",
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("booth_id", sa.String(length=36), nullable=False),
        sa.Column("letter", sa.String(length=6), nullable=False),
        sa.Column("opening_id", sa.String(length=36), nullable=True),
        sa.Column("closing_id", sa.String(length=36), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sample", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_till_session_booth_id_booth")),
        sa.ForeignKeyConstraint(
            ["closing_id"], ["till_closing.id"], name=op.f("fk_till_session_closing_id_till_closing")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_till_session_device_id_device")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_till_session_edition_id_edition")),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["till_opening.id"], name=op.f("fk_till_session_opening_id_till_opening")
        ),
        sa.PrimaryKeyConstraint("device_id", "id", name=op.f("pk_till_session")),
    )
    op.create_index(
        op.f("ix_till_session_edition_id_began_at"), "till_session", ["edition_id", "began_at"], unique=False
    )

    op.create_table(
        "z_report",
        sa.Column("closing_id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("booth_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("z_number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_z_report_booth_id_booth")),
        sa.ForeignKeyConstraint(["closing_id"], ["till_closing.id"], name=op.f("fk_z_report_closing_id_till_closing")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_z_report_device_id_device")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_z_report_edition_id_edition")),
        sa.PrimaryKeyConstraint("closing_id", name=op.f("pk_z_report")),
    )
    op.create_index(op.f("ix_z_report_device_id_z_number"), "z_report", ["device_id", "z_number"], unique=False)

    op.create_table(
        "z_entry",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("closing_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("till_session_id", sa.String(length=36), nullable=False),
        sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("kind in ('sale', 'move', 'opening')", name=op.f("ck_z_entry_kind")),
        sa.ForeignKeyConstraint(["closing_id"], ["z_report.closing_id"], name=op.f("fk_z_entry_closing_id_z_report")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_z_entry_device_id_device")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_z_entry")),
    )
    op.create_index(op.f("ix_z_entry_closing_id"), "z_entry", ["closing_id"], unique=False)
    op.create_index(
        op.f("ix_z_entry_device_id_till_session_id"), "z_entry", ["device_id", "till_session_id"], unique=False
    )

    op.create_table(
        "z_paper",
        sa.Column("closing_id", sa.String(length=36), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["closing_id"], ["z_report.closing_id"], name=op.f("fk_z_paper_closing_id_z_report")),
        sa.PrimaryKeyConstraint("closing_id", name=op.f("pk_z_paper")),
    )


def downgrade() -> None:
    op.drop_table("z_paper")
    op.drop_table("z_entry")
    op.drop_table("z_report")
    op.drop_table("till_session")
    op.drop_table("till_opening")
    op.drop_table("till_closing")
    op.drop_table("cash_move")
