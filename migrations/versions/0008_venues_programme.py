"""Programme, frozen editions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "programme_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "kind in ('opening', 'livestream', 'cooking', 'other')", name=op.f("ck_programme_item_kind")
        ),
        sa.CheckConstraint("minute >= 0 and minute < 1440", name=op.f("ck_programme_item_minute")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_programme_item_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_item")),
        sa.UniqueConstraint(
            "edition_id",
            "fair_day",
            "minute",
            "title",
            name=op.f("uq_programme_item_edition_id_fair_day_minute_title"),
        ),
    )
    with op.batch_alter_table("edition") as batch_op:
        batch_op.add_column(sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("frozen_by", sa.String(length=36), nullable=True))
        batch_op.create_foreign_key(op.f("fk_edition_frozen_by_person"), "person", ["frozen_by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("edition") as batch_op:
        batch_op.drop_constraint(op.f("fk_edition_frozen_by_person"), type_="foreignkey")
        batch_op.drop_column("frozen_by")
        batch_op.drop_column("frozen_at")
    op.drop_table("programme_item")
