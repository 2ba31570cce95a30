"""Where booths stand on the plan of a fair"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "floor_plan",
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("width_dm", sa.Integer(), nullable=False),
        sa.Column("height_dm", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("width_dm > 0 and height_dm > 0", name=op.f("ck_floor_plan_size")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_floor_plan_changed_by_person")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_floor_plan_edition_id_edition")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_floor_plan")),
    )
    op.create_table(
        "booth_spot",
        sa.Column("booth_id", sa.String(length=36), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.CheckConstraint("x >= 0 and y >= 0", name=op.f("ck_booth_spot_corner")),
        sa.CheckConstraint("width > 0 and height > 0", name=op.f("ck_booth_spot_size")),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_booth_spot_booth_id_booth")),
        sa.PrimaryKeyConstraint("booth_id", name=op.f("pk_booth_spot")),
    )


def downgrade() -> None:
    op.drop_table("booth_spot")
    op.drop_table("floor_plan")
