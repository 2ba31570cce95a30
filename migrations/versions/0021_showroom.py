"""Titles and admissions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_title",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("product_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("decision_no", sa.String(length=100), nullable=False),
        sa.Column("issued_day", sa.Date(), nullable=False),
        sa.Column("expires_day", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint("kind in ('cnnt_tieu_bieu', 'chu_luc', 'dac_san')", name=op.f("ck_product_title_kind")),
        sa.CheckConstraint(
            "level in ('commune', 'district', 'province', 'region', 'national')", name=op.f("ck_product_title_level")
        ),
        sa.CheckConstraint("expires_day is null or expires_day >= issued_day", name=op.f("ck_product_title_days")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_product_title_created_by_person")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_title_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_title")),
        sa.UniqueConstraint(
            "product_id", "kind", "level", "issued_day", name=op.f("uq_product_title_product_id_kind_level_issued_day")
        ),
    )
    op.create_table(
        "admission",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("product_id", sa.String(length=36), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("exception", sa.String(length=300), nullable=False),
        sa.Column("admitted_day", sa.Date(), nullable=False),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("admitted_by", sa.String(length=36), nullable=True),
        sa.Column("withdrawn_day", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=36), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("withdrawn_day is null or withdrawn_day >= admitted_day", name=op.f("ck_admission_days")),
        sa.ForeignKeyConstraint(["admitted_by"], ["person.id"], name=op.f("fk_admission_admitted_by_person")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_admission_edition_id_edition")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_admission_product_id_product")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_admission_withdrawn_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission")),
    )
    op.create_index(op.f("ix_admission_edition_id_product_id"), "admission", ["edition_id", "product_id"], unique=False)
    op.create_index(
        "uq_admission_admitted",
        "admission",
        ["edition_id", "product_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_day IS NULL"),
        postgresql_where=sa.text("withdrawn_day IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("admission")
    op.drop_table("product_title")
