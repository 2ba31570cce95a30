"""Ledger of goods by place, owner and lot"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OLD_KINDS = "'intake', 'sale', 'refund', 'giveaway'"
_KINDS = "'intake', 'return', 'sale', 'refund', 'giveaway', 'transfer_out', 'transfer_in', 'write_off', 'count'"


def upgrade() -> None:
    with op.batch_alter_table("movement") as movement:
        movement.drop_index(op.f("ix_movement_booth_id_product_id"))
        movement.drop_constraint(op.f("fk_movement_booth_id_booth"), type_="foreignkey")
        movement.drop_constraint(op.f("ck_movement_kind"), type_="check")
    with op.batch_alter_table("movement") as movement:
        movement.alter_column("booth_id", new_column_name="place_id", existing_type=sa.String(36))
        movement.alter_column("producer_id", new_column_name="owner_id", existing_type=sa.String(36))
        movement.add_column(sa.Column("place_kind", sa.String(10), nullable=True))
        movement.add_column(sa.Column("lot_id", sa.String(36), server_default=sa.text("''"), nullable=False))
        movement.add_column(sa.Column("line_no", sa.Integer(), nullable=True))
        movement.add_column(sa.Column("returns_id", sa.String(36), server_default=sa.text("''"), nullable=False))
        movement.add_column(sa.Column("shelf_no", sa.BigInteger(), nullable=True))
        movement.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
    # Until now a line of a receipt made one movement, in the order of the lines; and nothing lay anywhere but at booths.
    op.execute(
        "UPDATE movement SET place_kind = 'booth', recorded_at = movement.at, line_no = numbered.line_no,"
        " shelf_no = numbered.shelf_no FROM (SELECT id,"
        " row_number() OVER (PARTITION BY subject_id, place_id ORDER BY id) AS line_no,"
        " row_number() OVER (PARTITION BY place_id, product_id ORDER BY id) AS shelf_no"
        " FROM movement) AS numbered WHERE numbered.id = movement.id"
    )
    # Booked was it when the tablet's report arrived, which may be days after it happened; `verify` knows that instant.
    op.execute(
        "UPDATE movement SET recorded_at = sale.received_at FROM sale"
        " WHERE sale.id = movement.subject_id AND movement.kind IN ('sale', 'refund')"
    )
    op.execute(
        "UPDATE movement SET recorded_at = giveaway.received_at FROM giveaway"
        " WHERE giveaway.id = movement.subject_id AND movement.kind = 'giveaway'"
    )
    op.execute(
        "UPDATE movement SET returns_id = sale.refund_of FROM sale"
        " WHERE sale.id = movement.subject_id AND movement.kind = 'refund' AND sale.refund_of IS NOT NULL"
    )
    with op.batch_alter_table("movement") as movement:
        movement.alter_column("place_kind", existing_type=sa.String(10), nullable=False)
        movement.alter_column("line_no", existing_type=sa.Integer(), nullable=False)
        movement.alter_column("shelf_no", existing_type=sa.BigInteger(), nullable=False)
        movement.alter_column("recorded_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        movement.create_check_constraint(op.f("ck_movement_kind"), f"kind in ({_KINDS})")
        movement.create_check_constraint(op.f("ck_movement_place_kind"), "place_kind in ('booth', 'store', 'transit')")
        movement.create_unique_constraint(op.f("uq_movement_place_id_product_id_shelf_no"), _SHELF_NO)
        movement.create_index(op.f("ix_movement_place_id_at"), ["place_id", "at"], unique=False)
    comes_back = sa.text("returns_id <> ''")
    op.create_index(
        op.f("ix_movement_returns_id"),
        "movement",
        ["returns_id"],
        unique=False,
        sqlite_where=comes_back,
        postgresql_where=comes_back,
    )
    op.drop_table("balance")
    op.create_table(
        "balance",
        sa.Column("place_id", sa.String(36), nullable=False),
        sa.Column("product_id", sa.String(36), nullable=False),
        sa.Column("owner_id", sa.String(36), nullable=False),
        sa.Column("lot_id", sa.String(36), nullable=False),
        sa.Column("place_kind", sa.String(10), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("place_id", "product_id", "owner_id", "lot_id", name=op.f("pk_balance")),
    )
    not_at_zero = sa.text("quantity <> 0")
    op.create_index(
        "ix_balance_lying",
        "balance",
        ["place_id", "product_id"],
        unique=False,
        sqlite_where=not_at_zero,
        postgresql_where=not_at_zero,
    )
    op.create_index(op.f("ix_balance_owner_id"), "balance", ["owner_id"], unique=False)
    op.execute(
        "INSERT INTO balance (place_id, product_id, owner_id, lot_id, place_kind, quantity)"
        " SELECT place_id, product_id, owner_id, '', 'booth', sum(quantity) FROM movement"
        " GROUP BY place_id, product_id, owner_id"
    )
    op.create_table(
        "shelf",
        sa.Column("place_id", sa.String(36), nullable=False),
        sa.Column("product_id", sa.String(36), nullable=False),
        sa.Column("moves", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("place_id", "product_id", name=op.f("pk_shelf")),
    )
    op.execute(
        "INSERT INTO shelf (place_id, product_id, moves)"
        " SELECT place_id, product_id, count(*) FROM movement GROUP BY place_id, product_id"
    )
    op.create_table(
        "lot",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("product_id", sa.String(36), nullable=False),
        sa.Column("owner_id", sa.String(36), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("expires_day", sa.Date(), nullable=True),
        sa.Column("received_day", sa.Date(), nullable=False),
        sa.Column("note_id", sa.String(36), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
    )
    for column in ("product_id", "owner_id", "expires_day"):
        op.create_index(op.f(f"ix_lot_{column}"), "lot", [column], unique=False)
    op.create_table(
        "store",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("edition_id", sa.String(36), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_store_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_store_edition_id_code")),
    )
    with op.batch_alter_table("sale_line") as line:
        line.add_column(sa.Column("lot_id", sa.String(36), nullable=True))
        line.add_column(sa.Column("lot_reason", sa.String(300), server_default=sa.text("''"), nullable=False))
    op.add_column("giveaway_line", sa.Column("lot_id", sa.String(36), nullable=True))


_SHELF_NO = ["place_id", "product_id", "shelf_no"]


def downgrade() -> None:
    with op.batch_alter_table("giveaway_line") as line:
        line.drop_column("lot_id")
    with op.batch_alter_table("sale_line") as line:
        line.drop_column("lot_reason")
        line.drop_column("lot_id")
    for table in ("store", "lot", "shelf", "balance"):
        op.drop_table(table)
    op.drop_index(op.f("ix_movement_returns_id"), "movement")
    # What the old ledger had no words for.
    op.execute(
        "DELETE FROM movement WHERE kind NOT IN ('intake', 'sale', 'refund', 'giveaway') OR place_kind <> 'booth'"
    )
    with op.batch_alter_table("movement") as movement:
        movement.drop_index(op.f("ix_movement_place_id_at"))
        movement.drop_constraint(op.f("uq_movement_place_id_product_id_shelf_no"), type_="unique")
        movement.drop_constraint(op.f("ck_movement_place_kind"), type_="check")
        movement.drop_constraint(op.f("ck_movement_kind"), type_="check")
        for column in ("place_kind", "lot_id", "line_no", "returns_id", "shelf_no", "recorded_at"):
            movement.drop_column(column)
        movement.alter_column("place_id", new_column_name="booth_id", existing_type=sa.String(36))
        movement.alter_column("owner_id", new_column_name="producer_id", existing_type=sa.String(36))
    with op.batch_alter_table("movement") as movement:
        movement.create_check_constraint(op.f("ck_movement_kind"), f"kind in ({_OLD_KINDS})")
        movement.create_foreign_key(op.f("fk_movement_booth_id_booth"), "booth", ["booth_id"], ["id"])
        movement.create_index(op.f("ix_movement_booth_id_product_id"), ["booth_id", "product_id"], unique=False)
    op.create_table(
        "balance",
        sa.Column("booth_id", sa.String(36), nullable=False),
        sa.Column("product_id", sa.String(36), nullable=False),
        sa.Column("producer_id", sa.String(36), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_balance_booth_id_booth")),
        sa.PrimaryKeyConstraint("booth_id", "product_id", "producer_id", name=op.f("pk_balance")),
    )
    op.execute(
        "INSERT INTO balance (booth_id, product_id, producer_id, quantity)"
        " SELECT booth_id, product_id, producer_id, sum(quantity) FROM movement GROUP BY booth_id, product_id, producer_id"
    )
