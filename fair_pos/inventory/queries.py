"""What lies where and whose it is, in words: by place, by owner, near its end, below zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.queries import products_for_sale
from fair_pos.inventory.rules import (
    NEAR_DAYS,
    Pace,
    Shortage,
    Step,
    days_left,
    freshness,
    shortage_of,
    steps_of,
    window_before,
)
from fair_pos.kernel.day import day_starts_at, fair_day
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import sort_key
from fair_pos.registry.queries import names_and_places
from fair_pos.sales.queries import names_as_sold, selling_days, sold_between, weighed_as_sold
from fair_pos.stock.facts import LOTLESS, Held, Lot, PlaceFact
from fair_pos.stock.queries import (
    balances_at,
    balances_of_owner,
    lots_by_id,
    lots_lying,
    moves_of_owners,
    moves_of_shelf,
    places_of,
    places_of_ids,
)
from fair_pos.venues.queries import get_edition
from fair_pos.venues.rules import code_order

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class Goods:
    """A product in words; `weighed` when its quantities are grams."""

    id: str
    name: str
    unit: str
    weighed: bool


@dataclass(frozen=True)
class InLot:
    """So much lies in a lot; without a lot `lot` is None."""

    lot: Lot | None
    quantity: int
    freshness: str
    """good, near or expired."""


@dataclass(frozen=True)
class Lying:
    """One owner's goods of one product at one place, in base units or grams; below zero when more left than came."""

    place: PlaceFact
    goods: Goods
    owner_id: str
    owner: str
    quantity: int
    lots: tuple[InLot, ...]
    pace: Pace
    days_left: int | None
    """None when nobody can say: nothing was sold, or nobody sells there."""

    @property
    def next_end(self) -> date | None:
        """The last good day of what expires first."""
        days = [one.lot.expires_day for one in self.lots if one.lot and one.lot.expires_day and one.quantity > 0]
        return min(days, default=None)


@dataclass(frozen=True)
class PlaceSum:
    """What lies at a place, in one line."""

    place: PlaceFact
    kinds: int
    """How many products lie there."""
    below: int
    """How many owners' goods are below zero."""
    ending: int
    """How many lots are near their end or past it."""


@dataclass(frozen=True)
class Ending:
    """A lot near its end or past it. `days` counts from today, 0 on its last day, below zero once it has expired."""

    place: PlaceFact
    goods: Goods
    owner_id: str
    owner: str
    lot: Lot
    quantity: int
    days: int


@dataclass(frozen=True)
class Below:
    """Goods of which more left than came: one task, however many receipts made it."""

    place: PlaceFact
    goods: Goods
    owner_id: str
    owner: str
    shortage: Shortage
    overnight: bool
    """Whether it was so already when today began: what the morning's list holds."""


@dataclass(frozen=True)
class Left:
    """What is left of one owner's product at one place, for the owner's own page."""

    place_id: str
    place: str
    edition_id: str
    product_id: str
    name: str
    unit: str
    weighed: bool
    quantity: int
    per_day: int
    days_left: int | None
    expires_day: date | None


def evening_of(session: AnySession, edition_id: str, day: date) -> datetime:
    """The last moment of a fair day of an edition. Raises NotFound."""
    boundary = get_edition(session, edition_id).day_boundary_minutes
    return day_starts_at(day + timedelta(days=1), boundary) - timedelta(microseconds=1)


def place_in(session: AnySession, edition_id: str, place_id: str) -> PlaceFact:
    """A booth or store of this edition. Raises NotFound."""
    for place in places_of(session, edition_id):
        if place.id == place_id:
            return place
    raise NotFound


def lying_at(
    session: AnySession,
    edition_id: str,
    places: Collection[PlaceFact],
    at: datetime,
    *,
    as_of: datetime | None = None,
    owner_id: str = "",
) -> list[Lying]:
    """What lies at these places now, or lay there at `as_of`, by place, name and owner. Raises NotFound."""
    today = fair_day(as_of or at, get_edition(session, edition_id).day_boundary_minutes)
    held = balances_at(session, [place.id for place in places], as_of=as_of)
    # Narrowed only now: how long an owner's goods last depends on everybody's on the same shelf.
    return [row for row in told(session, held, places, today) if owner_id in {"", row.owner_id}]


def told(session: AnySession, held: Collection[Held], places: Collection[PlaceFact], today: date) -> list[Lying]:
    """Balances in words: with names, owners, lots, and how long they last when sold as in the days before `today`."""
    here = {place.id: place for place in places}
    goods = goods_by_id(session, {one.product_id for one in held})
    owners = names_and_places(session, {one.owner_id for one in held})
    lots = lots_by_id(session, {one.lot_id for one in held if one.lot_id})
    paces = paces_of(session, {one.place_id for one in held if one.place_kind == "booth"}, today)
    parts: dict[tuple[str, str, str], list[Held]] = defaultdict(list)
    for one in held:
        parts[one.place_id, one.product_id, one.owner_id].append(one)
    shelf: dict[tuple[str, str], int] = defaultdict(int)
    for one in held:
        shelf[one.place_id, one.product_id] += one.quantity
    rows = []
    for (place_id, product_id, owner_id), some in parts.items():
        pace = paces.get((place_id, product_id), Pace(0, 0))
        quantity = sum(one.quantity for one in some)
        # Buyers take what expires first, whosever it is: a shelf of two owners lasts as long as both together.
        lasts = days_left(shelf[place_id, product_id], pace) if quantity > 0 else 0
        rows.append(
            Lying(
                place=here[place_id],
                goods=goods[product_id],
                owner_id=owner_id,
                owner=owners.get(owner_id, ("", ""))[0],
                quantity=quantity,
                lots=tuple(_in_lots(some, lots, today)),
                pace=pace,
                days_left=lasts,
            )
        )
    return sorted(
        rows, key=lambda row: (*_place_order(row.place), sort_key(row.goods.name), sort_key(row.owner), row.goods.id)
    )


def _in_lots(some: Iterable[Held], lots: dict[str, Lot], today: date) -> list[InLot]:
    found = [(lots.get(one.lot_id), one.quantity) for one in some if one.quantity]
    found.sort(
        key=lambda one: (one[0] is None, (one[0] and one[0].expires_day) or date.max, one[0].id if one[0] else "")
    )
    return [InLot(lot, quantity, freshness(lot.expires_day if lot else None, today)) for lot, quantity in found]


def _place_order(place: PlaceFact) -> tuple[object, ...]:
    return place.kind != "booth", code_order(place.code)


def paces_of(session: AnySession, booth_ids: Collection[str], today: date) -> dict[tuple[str, str], Pace]:
    """How fast goods went at booths in the days before `today`, by (booth, product); on the first day of selling, as fast as so far."""
    first, last = window_before(today)
    days = selling_days(session, booth_ids, first, last)
    sold = sold_between(session, list(days), first, last)
    fresh = set(booth_ids) - days.keys()
    days |= selling_days(session, fresh, today, today)
    sold |= sold_between(session, fresh, today, today)
    return {(booth, product): Pace(quantity, days.get(booth, 0)) for (booth, product), quantity in sold.items()}


def goods_by_id(session: AnySession, product_ids: Collection[str]) -> dict[str, Goods]:
    """Products in words; of those that no catalogue knows, what stands on the last receipt."""
    known = products_for_sale(session, set(product_ids))
    unknown = set(product_ids) - known.keys()
    names = names_as_sold(session, unknown) if unknown else {}
    weighed = weighed_as_sold(session, unknown) if unknown else set()
    found = {one.id: Goods(one.id, one.name, one.unit, one.sold_by == "weight") for one in known.values()}
    for product_id in unknown:
        name, unit = names.get(product_id, ("?", ""))
        found[product_id] = Goods(product_id, name, unit, product_id in weighed)
    return found


def sums_of_places(
    session: AnySession, edition_id: str, at: datetime, *, as_of: datetime | None = None
) -> list[PlaceSum]:
    """Every place of an edition with what lies there, booths first. Raises NotFound."""
    places = places_of(session, edition_id)
    by_place: dict[str, list[Lying]] = defaultdict(list)
    for row in lying_at(session, edition_id, places, at, as_of=as_of):
        by_place[row.place.id].append(row)
    return [
        PlaceSum(
            place,
            len({row.goods.id for row in by_place[place.id] if row.quantity > 0}),
            sum(row.quantity < 0 for row in by_place[place.id]),
            sum(lot.quantity > 0 and lot.freshness != "good" for row in by_place[place.id] for lot in row.lots),
        )
        for place in sorted(places, key=_place_order)
    ]


def ending_at(session: AnySession, edition_id: str, at: datetime) -> list[Ending]:
    """Lots at an edition's places that end within a week or have ended, first to end first. Raises NotFound."""
    today = fair_day(at, get_edition(session, edition_id).day_boundary_minutes)
    places = {place.id: place for place in places_of(session, edition_id)}
    until = today + timedelta(days=NEAR_DAYS)
    found = [
        (held, lot)
        for held, lot in lots_lying(session, list(places))
        if lot.expires_day is not None and lot.expires_day <= until
    ]
    goods = goods_by_id(session, {held.product_id for held, _lot in found})
    owners = names_and_places(session, {held.owner_id for held, _lot in found})
    return [
        Ending(
            places[held.place_id],
            goods[held.product_id],
            held.owner_id,
            owners.get(held.owner_id, ("", ""))[0],
            lot,
            held.quantity,
            (lot.expires_day - today).days,
        )
        for held, lot in found
        if lot.expires_day is not None
    ]


def below_zero_at(session: AnySession, edition_id: str, at: datetime) -> list[Below]:
    """Goods below zero at an edition's places: one entry per place, product and owner, the longest first. Raises NotFound.

    An entry is gone as soon as the goods are no longer below zero: a note was written late, or somebody counted.
    """
    boundary = get_edition(session, edition_id).day_boundary_minutes
    places = {place.id: place for place in places_of(session, edition_id)}
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for held in balances_at(session, list(places)):
        sums[held.place_id, held.product_id, held.owner_id] += held.quantity
    short = [key for key, quantity in sums.items() if quantity < 0]
    goods = goods_by_id(session, {product for _place, product, _owner in short})
    owners = names_and_places(session, {owner for _place, _product, owner in short})
    morning = day_starts_at(fair_day(at, boundary), boundary)
    found = []
    moves = moves_of_owners(session, short) if short else {}
    for place_id, product_id, owner_id in short:
        shortage = shortage_of(moves[place_id, product_id, owner_id])
        if shortage is not None:
            owner = owners.get(owner_id, ("", ""))[0]
            overnight = shortage.since < morning
            found.append(Below(places[place_id], goods[product_id], owner_id, owner, shortage, overnight))
    return sorted(found, key=lambda one: (one.shortage.since, one.place.code, sort_key(one.goods.name)))


@dataclass(frozen=True)
class Ledger:
    """Everything that ever moved one product at one place; `left` is what lies there now."""

    place: PlaceFact
    goods: Goods
    steps: list[Step]
    owners: dict[str, str]
    lots: dict[str, Lot]

    @property
    def left(self) -> int:
        """Base units or grams."""
        return self.steps[-1].left if self.steps else 0


def ledger_of(session: AnySession, edition_id: str, place_id: str, product_id: str) -> Ledger:
    """The ledger of one shelf, in the order in which it happened. Raises NotFound."""
    place = place_in(session, edition_id, place_id)
    moves = moves_of_shelf(session, place_id, product_id)
    if not moves and not products_for_sale(session, {product_id}):
        raise NotFound
    owners = names_and_places(session, {one.owner_id for one in moves})
    return Ledger(
        place,
        goods_by_id(session, {product_id})[product_id],
        steps_of(moves),
        {key: name for key, (name, _where) in owners.items()},
        lots_by_id(session, {one.lot_id for one in moves if one.lot_id != LOTLESS}),
    )


def left_of_owner(session: AnySession, owner_id: str, at: datetime) -> list[Left]:
    """What is left of an owner's goods at all places, each by the day its own edition is on; what is not at zero."""
    held = [one for one in balances_of_owner(session, owner_id) if one.place_kind != "transit"]
    by_edition: dict[str, dict[str, PlaceFact]] = defaultdict(dict)
    for edition_id, place in places_of_ids(session, {one.place_id for one in held}):
        by_edition[edition_id][place.id] = place
    found: list[Left] = []
    for edition_id, places in by_edition.items():
        today = fair_day(at, get_edition(session, edition_id).day_boundary_minutes)
        products = {one.product_id for one in held if one.place_id in places}
        # The shelf may hold other owners' goods of the same product, which are sold with these.
        shelves = [one for one in balances_at(session, list(places)) if one.product_id in products]
        found += [
            Left(
                place_id=row.place.id,
                place=row.place.code,
                edition_id=edition_id,
                product_id=row.goods.id,
                name=row.goods.name,
                unit=row.goods.unit,
                weighed=row.goods.weighed,
                quantity=row.quantity,
                per_day=row.pace.per_day,
                days_left=row.days_left,
                expires_day=row.next_end,
            )
            for row in told(session, shelves, list(places.values()), today)
            if row.owner_id == owner_id
        ]
    return sorted(found, key=lambda one: (sort_key(one.name), one.place, one.place_id))
