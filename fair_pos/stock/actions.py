"""Moving goods: a movement and the balance it changes, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.plumbing.db import add_up
from fair_pos.stock.tables import Balance, Movement

_MOVEMENT = cast("Table", Movement.__table__)
_BALANCE = cast("Table", Balance.__table__)
_INSERT_MOVEMENT = insert(_MOVEMENT)


@dataclass(frozen=True)
class Moved:
    """Pieces of one owner's product that came to a booth (positive) or left it (negative)."""

    booth_id: str
    product_id: str
    producer_id: str
    kind: str
    quantity: int
    subject_id: str
    at: datetime


def record_movements(session: Session, moved: Sequence[Moved], sums: Mapping[tuple[str, str, str], int]) -> None:
    """Append movements and add their `sums` per (booth, product, producer) to the balances. Below zero is allowed."""
    if not moved:
        return
    session.execute(_INSERT_MOVEMENT, [vars(one) for one in moved])
    add_up(
        session,
        _BALANCE,
        ("quantity",),
        [
            {"booth_id": booth, "product_id": product, "producer_id": producer, "quantity": quantity}
            for (booth, product, producer), quantity in sums.items()
        ],
    )


def record_intake(
    session: Session, booth_id: str, items: Sequence[tuple[str, str, int]], subject_id: str, at: datetime
) -> None:
    """Goods brought to a booth: `items` are (product id, producer id, pieces)."""
    sums: dict[tuple[str, str, str], int] = {}
    for product_id, producer_id, quantity in items:
        key = (booth_id, product_id, producer_id)
        sums[key] = sums.get(key, 0) + quantity
    moved = [
        Moved(booth_id, product, producer, "intake", pieces, subject_id, at) for product, producer, pieces in items
    ]
    record_movements(session, moved, sums)
    write_line(session, **intake_line(booth_id, subject_id, len(moved), sum(one.quantity for one in moved), at))


def intake_line(booth_id: str, subject_id: str, rows: int, pieces: int, at: datetime) -> dict[str, Any]:
    """The journal's line of goods brought; `verify` compares the movements with it."""
    facts = {"booth": booth_id, "rows": rows, "pieces": pieces}
    return {"at": at, "verb": "intake_recorded", "subject": ("intake", subject_id), "facts": facts}
