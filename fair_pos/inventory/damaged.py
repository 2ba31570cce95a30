"""What buyers brought back damaged and nobody has cleared yet: whose it is, how much, which receipts it came with, since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, scoped_session

from fair_pos.inventory.queries import Goods, goods_by_id
from fair_pos.kernel.day import day_starts_at, fair_day
from fair_pos.kernel.text import sort_key
from fair_pos.registry.queries import names_and_places
from fair_pos.sales.queries import receipt_numbers
from fair_pos.stock.facts import Lot, PlaceFact, Recorded
from fair_pos.stock.queries import balances_at, damaged_places_in, damaged_places_of, lots_by_id, moves_of_owners
from fair_pos.stock.rules import waiting_of
from fair_pos.venues.queries import get_edition

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class Brought:
    """The refund that so much came back with: its id and number, and when."""

    refund_id: str
    number: str
    at: datetime
    quantity: int


@dataclass(frozen=True)
class Damaged:
    """Damaged goods of one owner and lot, in base units or grams: one task. `place` is where they are set aside, `booth_id` the booth it
    stands beside and is called by.
    """

    place: PlaceFact
    booth_id: str
    goods: Goods
    owner_id: str
    owner: str
    lot: Lot | None
    quantity: int
    brought: tuple[Brought, ...]
    overnight: bool
    """Whether some of it waited already when today began: what the morning's list holds."""

    @property
    def since(self) -> datetime | None:
        """When the first of it came back; None when more left than came."""
        return min((one.at for one in self.brought), default=None)


def damaged_at(session: AnySession, edition_id: str, at: datetime) -> list[Damaged]:
    """Damaged goods of an edition that wait, the longest first. An entry is gone once a note has cleared it. Raises NotFound."""
    boundary = get_edition(session, edition_id).day_boundary_minutes
    places = {place.id: place for place in damaged_places_of(session, edition_id)}
    booths = {place_id: booth_id for booth_id, place_id in damaged_places_in(session, edition_id).items()}
    held = balances_at(session, list(places))
    goods = goods_by_id(session, {one.product_id for one in held})
    owners = names_and_places(session, {one.owner_id for one in held})
    lots = lots_by_id(session, {one.lot_id for one in held if one.lot_id})
    moves = moves_of_owners(session, {(one.place_id, one.product_id, one.owner_id) for one in held}) if held else {}
    numbers = receipt_numbers(session, {move.subject_id for some in moves.values() for move in some})
    morning = day_starts_at(fair_day(at, boundary), boundary)
    found = []
    for one in held:
        of_owner = moves[one.place_id, one.product_id, one.owner_id]
        brought = _brought([move for move in of_owner if move.lot_id == one.lot_id], numbers)
        found.append(
            Damaged(
                place=places[one.place_id],
                booth_id=booths[one.place_id],
                goods=goods[one.product_id],
                owner_id=one.owner_id,
                owner=owners.get(one.owner_id, ("", ""))[0],
                lot=lots.get(one.lot_id),
                quantity=one.quantity,
                brought=brought,
                overnight=any(source.at < morning for source in brought),
            )
        )
    return sorted(found, key=lambda one: (one.since or at, one.place.code, sort_key(one.goods.name), one.owner_id))


def _brought(moves: list[Recorded], numbers: Mapping[str, str]) -> tuple[Brought, ...]:
    """Of one receipt once, however many of its lines it was."""
    sums: dict[str, int] = defaultdict(int)
    when: dict[str, datetime] = {}
    for one in waiting_of(moves):
        sums[one.moved.subject_id] += one.left
        when.setdefault(one.moved.subject_id, one.moved.at)
    return tuple(Brought(refund, numbers.get(refund, ""), when[refund], left) for refund, left in sums.items())
