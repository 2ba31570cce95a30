"""Goods that came back damaged, for tests."""

from __future__ import annotations

from typing import Any

from flask import Flask

from fair_pos.consignment import actions
from fair_pos.consignment.rules import OutLine
from fair_pos.inventory.damaged import Damaged, damaged_at
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.stock.queries import damaged_places_in
from tests.builders import BOUNDARY, Fair, Goods, Tablet

WORDS = "Hàng hỏng"


def damaged_back(tablet: Tablet, goods: Goods, pieces: int, sale_id: str, **changes: Any) -> dict[str, Any]:
    """A parcel that takes pieces of a sale back which are not for sale any more."""
    return tablet.sale([(goods, pieces)], refund_of=sale_id, **({"reason": WORDS} | changes))


def waiting(app: Flask, fair: Fair) -> list[Damaged]:
    """What the page lists."""
    with app.app_context():
        return damaged_at(reading(), fair.edition_id, now())


def place_beside(app: Flask, fair: Fair, booth: int = 0) -> str:
    """Where damaged goods of a booth lie; empty when there never were any."""
    with app.app_context():
        return damaged_places_in(reading(), fair.edition_id).get(fair.booth_ids[booth], "")


def clear(app: Flask, fair: Fair, one: Damaged, pieces: int, *, borne_by: Any = "house", **changes: Any) -> str:
    """A write-off note of some of it; its id."""
    gone = OutLine(one.goods.id, one.owner_id, one.lot.id if one.lot else "", pieces, "damaged", borne_by)
    at = now()
    said: dict[str, Any] = {"day": fair_day(at, BOUNDARY), "at": at, "by": fair.people["bantochuc"], "signed": None}
    with app.app_context():
        return in_transaction(
            lambda session: actions.write_off(session, fair.edition_id, one.place.id, [gone], **(said | changes))
        )
