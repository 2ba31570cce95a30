"""Day sheets, planned visitors"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visitor_plan",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_visitor_plan_edition_id_edition")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visitor_plan_person_id_person")),
        sa.PrimaryKeyConstraint("id", "fair_day", name=op.f("pk_visitor_plan")),
    )
    op.create_index(op.f("ix_visitor_plan_edition_id_fair_day"), "visitor_plan", ["edition_id", "fair_day"])

    op.create_table(
        "day_sheet",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=36), nullable=False),
        sa.Column("receipts", sa.Integer(), nullable=False),
        sa.Column("refunds", sa.Integer(), nullable=False),
        sa.Column("sold_dong", sa.BigInteger(), nullable=False),
        sa.Column("refunded_dong", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_day_sheet_edition_id_edition")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_day_sheet_closed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_sheet")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_day_sheet_edition_id_number")),
        sa.UniqueConstraint("edition_id", "fair_day", "round", name=op.f("uq_day_sheet_edition_id_fair_day_round")),
    )

    op.create_table(
        "signed_sale",
        sa.Column("sheet_id", sa.String(length=36), nullable=False),
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["day_sheet.id"], name=op.f("fk_signed_sale_sheet_id_day_sheet")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_signed_sale_sale_id_sale")),
        sa.PrimaryKeyConstraint("sheet_id", "sale_id", name=op.f("pk_signed_sale")),
    )
    op.create_index(op.f("ix_signed_sale_sale_id"), "signed_sale", ["sale_id"])

    op.create_table(
        "day_reopening",
        sa.Column("sheet_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["day_sheet.id"], name=op.f("fk_day_reopening_sheet_id_day_sheet")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_day_reopening_person_id_person")),
        sa.PrimaryKeyConstraint("sheet_id", name=op.f("pk_day_reopening")),
    )

    op.create_table(
        "day_paper",
        sa.Column("sheet_id", sa.String(length=36), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["day_sheet.id"], name=op.f("fk_day_paper_sheet_id_day_sheet")),
        sa.PrimaryKeyConstraint("sheet_id", name=op.f("pk_day_paper")),
    )


def downgrade() -> None:
    op.drop_table("day_paper")
    op.drop_table("day_reopening")
    op.drop_index(op.f("ix_signed_sale_sale_id"), table_name="signed_sale")
    op.drop_table("signed_sale")
    op.drop_table("day_sheet")
    op.drop_index(op.f("ix_visitor_plan_edition_id_fair_day"), table_name="visitor_plan")
    op.drop_table("visitor_plan")
