"""What lies at a place, as notes write it: by owner and lot, with its price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.queries import prices_of, products_for_sale, products_of_producers, search_products
from fair_pos.consignment.tables import GoodsNote, GoodsNoteLine
from fair_pos.kernel.text import identity, sort_key
from fair_pos.registry.queries import names_and_places
from fair_pos.stock.queries import balances_at, lots_by_id

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class Known:
    """Goods that a row may mean. `price_dong` of a unit, or of a kilogram when weighed."""

    product_id: str
    owner_id: str
    name: str
    unit: str
    weighed: bool
    price_dong: int


@dataclass(frozen=True)
class Lying:
    """Goods of one owner and one lot at a place. `price_dong` is that of the lot's intake, else today's."""

    product_id: str
    owner_id: str
    owner: str
    lot_id: str
    lot_code: str
    expires_day: date | None
    name: str
    unit: str
    weighed: bool
    quantity: int
    price_dong: int


def lying_at(session: AnySession, place_id: str, *, owner_id: str | None = None) -> list[Lying]:
    """What lies at a place, of one owner or of all: by owner and name, first to expire first; nothing that is not there."""
    held = [
        one
        for one in balances_at(session, [place_id])
        if one.quantity > 0 and (owner_id is None or one.owner_id == owner_id)
    ]
    lots = lots_by_id(session, {one.lot_id for one in held if one.lot_id})
    products = products_for_sale(session, {one.product_id for one in held})
    owners = names_and_places(session, {one.owner_id for one in held})
    price = prices_for(session, [(one.product_id, one.lot_id) for one in held])
    found = [
        Lying(
            product_id=one.product_id,
            owner_id=one.owner_id,
            owner=owners.get(one.owner_id, ("", ""))[0],
            lot_id=one.lot_id,
            lot_code=lots[one.lot_id].code if one.lot_id in lots else "",
            expires_day=lots[one.lot_id].expires_day if one.lot_id in lots else None,
            name=products[one.product_id].name,
            unit=products[one.product_id].unit,
            weighed=products[one.product_id].sold_by == "weight",
            quantity=one.quantity,
            price_dong=price[one.product_id, one.lot_id],
        )
        for one in held
        if one.product_id in products and one.owner_id in owners
    ]
    return sorted(
        found,
        key=lambda one: (
            sort_key(one.owner), sort_key(one.name), one.product_id, one.expires_day or date.max, one.lot_code, one.lot_id,
        ),
    )  # fmt: skip


def prices_for(session: AnySession, goods: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """(product, lot) → đồng of a unit or a kilogram: what the lot's intake note says, else the newest price, else 0."""
    wanted = set(goods)
    newest = {one: found[-1][1] for one, found in prices_of(session, {product for product, _ in wanted}).items()}
    of_lots = (
        select(GoodsNoteLine.lot_id, GoodsNoteLine.price_dong)
        .join(GoodsNote, GoodsNote.id == GoodsNoteLine.note_id)
        .where(GoodsNote.kind == "intake", GoodsNote.cancels_id.is_(None))
        .where(GoodsNoteLine.lot_id.in_({lot for _, lot in wanted if lot}))
    )
    noted = dict(session.execute(of_lots).all())
    return {(product, lot): noted.get(lot, newest.get(product, 0)) for product, lot in wanted}


def made_by(session: AnySession, owner_id: str, day: date) -> dict[str, Known]:
    """What an owner makes and sells, by product id, by name."""
    made = products_of_producers(session, [owner_id], day)
    return {
        one.id: Known(one.id, one.producer_id, one.name, one.unit, one.sold_by == "weight", one.price_dong)
        for one in made
    }


def named(session: AnySession, owner_id: str, day: date, typed: str) -> list[Known]:
    """What a typed name means: exactly that name, or that with its unit in brackets; the owner's own before all others."""
    if not typed.strip():
        return []
    with_unit = typed.rstrip().endswith(")") and " (" in typed
    texts = {typed, typed.rpartition(" (")[0]} if with_unit else {typed}
    listed = [one for text in texts for one in search_products(session, text, day, first=0, most=50)[0]]
    facts = products_for_sale(session, {one.id for one in listed})
    known = {
        one.id: Known(one.id, one.producer.id, one.name, one.unit, facts[one.id].sold_by == "weight", one.price_dong)
        for one in listed
        if identity(typed) in {identity(one.name), identity(f"{one.name} ({one.unit})")}
    }
    own = [one for one in known.values() if one.owner_id == owner_id]
    return own if len(own) == 1 else list(known.values())
