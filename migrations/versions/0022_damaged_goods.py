"""Goods given back damaged lie apart"""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_OLD_KINDS = "'intake', 'return', 'sale', 'refund', 'giveaway', 'transfer_out', 'transfer_in', 'write_off', 'count'"
_OLD_PLACES = "'booth', 'store', 'transit'"


def upgrade() -> None:
    _allow(f"{_OLD_KINDS}, 'set_aside'", f"{_OLD_PLACES}, 'damaged'")
    op.create_table(
        "damaged_place",
        sa.Column("booth_id", sa.String(36), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_damaged_place_booth_id_booth")),
        sa.PrimaryKeyConstraint("booth_id", name=op.f("pk_damaged_place")),
        sa.UniqueConstraint("id", name=op.f("uq_damaged_place_id")),
    )
    op.create_table(
        "ledger_rule",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("received_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ledger_rule")),
    )
    # What came back until now stays where it was put, and `verify` must know up to when that was right.
    op.execute(
        "INSERT INTO ledger_rule (name, received_until)"
        " SELECT 'set_aside', max(received_at) FROM sale WHERE kind = 'refund' HAVING count(*) > 0"
    )


def downgrade() -> None:
    _put_back()
    op.drop_table("ledger_rule")
    op.drop_table("damaged_place")
    _allow(_OLD_KINDS, _OLD_PLACES)


def _allow(kinds: str, places: str) -> None:
    with op.batch_alter_table("movement") as movement:
        movement.drop_constraint(op.f("ck_movement_kind"), type_="check")
        movement.drop_constraint(op.f("ck_movement_place_kind"), type_="check")
        movement.create_check_constraint(op.f("ck_movement_kind"), f"kind in ({kinds})")
        movement.create_check_constraint(op.f("ck_movement_place_kind"), f"place_kind in ({places})")


def _put_back() -> None:
    """Damaged goods lie at their booth again, as if they had come back after everything else: what was sold meanwhile was not of them."""
    connection = op.get_bind()
    booths: dict[str, str] = {
        row.id: row.booth_id for row in connection.execute(sa.text("SELECT id, booth_id FROM damaged_place"))
    }
    apart = (
        "SELECT id, place_id, product_id FROM movement WHERE place_kind = 'damaged' AND kind <> 'set_aside' ORDER BY id"
    )
    later: dict[tuple[str, str], list[int]] = defaultdict(list)
    came_back = (
        "SELECT id, place_id, product_id FROM movement WHERE kind = 'refund' AND subject_id IN"
        " (SELECT subject_id FROM movement WHERE kind = 'set_aside') ORDER BY id"
    )
    for move, booth, product in connection.execute(sa.text(came_back)):
        later[booth, product].append(move)
    for move, place, product in connection.execute(sa.text(apart)):
        later[booths[place], product].append(move)
    # Where a sale arrived after its goods had come back elsewhere, its own booth was told whose they are.
    told = "SELECT DISTINCT place_id, product_id FROM movement WHERE kind = 'set_aside' AND place_kind = 'booth'"
    for booth, product in connection.execute(sa.text(told)):
        later.setdefault((booth, product), [])
    connection.execute(sa.text("DELETE FROM movement WHERE kind = 'set_aside'"))
    for place, booth in booths.items():
        both = {"place": place, "booth": booth}
        connection.execute(sa.text("DELETE FROM shelf WHERE place_id = :place"), both)
        connection.execute(sa.text("DELETE FROM balance WHERE place_id = :place"), both)
        # Out of the way of the numbers that the booth has.
        connection.execute(
            sa.text(
                "UPDATE movement SET place_id = :booth, place_kind = 'booth', shelf_no = -id WHERE place_id = :place"
            ),
            both,
        )
        connection.execute(sa.text("UPDATE goods_note SET from_place = :booth WHERE from_place = :place"), both)
    for (booth, product), moves in later.items():
        _number_again(connection, booth, product, moves)
    for booth in sorted({booth for booth, _product in later}):
        connection.execute(sa.text("DELETE FROM balance WHERE place_id = :booth"), {"booth": booth})
        connection.execute(
            sa.text(
                "INSERT INTO balance (place_id, product_id, owner_id, lot_id, place_kind, quantity)"
                " SELECT place_id, product_id, owner_id, lot_id, 'booth', sum(quantity) FROM movement"
                " WHERE place_id = :booth GROUP BY place_id, product_id, owner_id, lot_id"
            ),
            {"booth": booth},
        )


def _number_again(connection: sa.Connection, booth: str, product: str, last: list[int]) -> None:
    """1, 2, 3… as before without a gap, and `last` at the end."""
    shelf = {"booth": booth, "product": product}
    ordered = "SELECT id FROM movement WHERE place_id = :booth AND product_id = :product ORDER BY shelf_no"
    found = [row[0] for row in connection.execute(sa.text(ordered), shelf) if row[0] not in set(last)] + last
    out_of_the_way = "UPDATE movement SET shelf_no = -id WHERE place_id = :booth AND product_id = :product"
    connection.execute(sa.text(out_of_the_way), shelf)
    numbered = [{"id": move, "number": number} for number, move in enumerate(found, 1)]
    connection.execute(sa.text("UPDATE movement SET shelf_no = :number WHERE id = :id"), numbered)
    counted = "UPDATE shelf SET moves = :moves WHERE place_id = :booth AND product_id = :product"
    connection.execute(sa.text(counted), shelf | {"moves": len(found)})
