"""Producers' cards, codes and shared days"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "producer_card",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("producer_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=36), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_producer_card_created_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_producer_card_person_id_person")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_producer_card_producer_id_producer")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_producer_card_revoked_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_producer_card")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_producer_card_token_hash")),
    )
    op.create_index(op.f("ix_producer_card_person_id"), "producer_card", ["person_id"], unique=False)
    op.create_index(op.f("ix_producer_card_producer_id"), "producer_card", ["producer_id"], unique=False)
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("producer_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_one_time_code_created_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_one_time_code_person_id_person")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_one_time_code_producer_id_producer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
    )
    op.create_index(op.f("ix_one_time_code_code_hash"), "one_time_code", ["code_hash"], unique=False)
    op.create_index(op.f("ix_one_time_code_producer_id"), "one_time_code", ["producer_id"], unique=False)
    op.create_table(
        "shared_day",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("producer_id", sa.String(length=36), nullable=False),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_shared_day_created_by_person")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_shared_day_producer_id_producer")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_shared_day_revoked_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_day")),
        sa.UniqueConstraint("token", name=op.f("uq_shared_day_token")),
    )
    op.create_index(op.f("ix_shared_day_producer_id"), "shared_day", ["producer_id"], unique=False)
    with op.batch_alter_table("browser_session") as batch_op:
        batch_op.add_column(
            sa.Column("way", sa.String(length=10), server_default=sa.text("'password'"), nullable=False)
        )
        batch_op.add_column(sa.Column("card_id", sa.String(length=36), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_browser_session_card_id_producer_card"), "producer_card", ["card_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("browser_session") as batch_op:
        batch_op.drop_constraint(op.f("fk_browser_session_card_id_producer_card"), type_="foreignkey")
        batch_op.drop_column("card_id")
        batch_op.drop_column("way")
    op.drop_table("shared_day")
    op.drop_table("one_time_code")
    op.drop_table("producer_card")
