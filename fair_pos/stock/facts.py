"""What the ledger is told and what it keeps of it: goods that came or went, lots, places. Pure.

Which lot goods come out of: stock/rules.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

PlaceKind = Literal["booth", "store", "transit", "damaged"]
MovementKind = Literal[
    "intake", "return", "sale", "refund", "giveaway", "transfer_out", "transfer_in", "write_off", "count", "set_aside"
]
LOTLESS = ""
"""The lot of goods that lie in none."""


@dataclass(frozen=True)
class Moved:
    """Goods that came to a place (positive) or left it (negative), before anybody knows of which lot.

    `quantity` is in base units, or grams of what is sold by weight. `lot_id` None leaves the choice to the ledger, LOTLESS means
    the goods of `owner_id` that lie in no lot, an id means that lot, whose owner then counts and not `owner_id`. `returns` is the
    sale whose goods come back; then a lot that is named only says which of its lots comes first.
    """

    place_id: str
    place_kind: str
    product_id: str
    owner_id: str
    kind: str
    quantity: int
    subject_id: str
    line_no: int
    at: datetime
    lot_id: str | None = None
    returns: str = ""
    aside: str = ""
    """Of what came back damaged: the place of kind `damaged` that it is put at in the same breath, so that nobody sells it again."""


@dataclass(frozen=True)
class Lot:
    """Goods of one owner that came together. `expires_day` is the last day on which they are good; None when nobody said."""

    id: str
    product_id: str
    owner_id: str
    code: str
    expires_day: date | None
    received_day: date


@dataclass(frozen=True)
class Recorded:
    """A movement as it stands in the ledger. One line of a receipt may be several: one for each lot it came out of."""

    place_id: str
    place_kind: str
    product_id: str
    owner_id: str
    lot_id: str
    kind: str
    quantity: int
    subject_id: str
    line_no: int
    shelf_no: int
    """Its number among the movements of this product at this place: 1, 2, 3…"""
    at: datetime
    recorded_at: datetime
    returns_id: str = ""
    id: int | None = None
    """None as long as it was just written."""


@dataclass(frozen=True)
class Held:
    """So much of one owner's goods of one lot lies at a place, in base units or grams; below zero when more left than came."""

    place_id: str
    place_kind: str
    product_id: str
    owner_id: str
    lot_id: str
    quantity: int


@dataclass(frozen=True)
class PlaceFact:
    """Where goods of an edition may lie: its booths and its stores, and beside a booth what came back damaged."""

    id: str
    kind: PlaceKind
    code: str
    name: str
