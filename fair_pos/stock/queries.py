"""What lies where and whose it is, now and at any moment before; what moved it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, scoped_session

from fair_pos.kernel.refusal import NotFound
from fair_pos.stock.facts import LOTLESS, Held, Lot, PlaceFact, Recorded
from fair_pos.stock.tables import Balance, DamagedPlace, LedgerRule, LotRow, Movement, Store
from fair_pos.venues.queries import booths_by_id, booths_of

AnySession = Session | scoped_session[Session]
SET_ASIDE = "set_aside"
"""What came back damaged leaves the booth's shelf as it comes, and lies apart."""
DAMAGED_NAME = "Hàng hỏng chờ xử lý"
"""As notes name the place, which are papers in Vietnamese."""

LOT_COLUMNS: tuple[Any, ...] = (
    LotRow.id,
    LotRow.product_id,
    LotRow.owner_id,
    LotRow.code,
    LotRow.expires_day,
    LotRow.received_day,
)
"""In the order of the fields of a Lot."""
_MOVE_COLUMNS: tuple[Any, ...] = (
    Movement.place_id,
    Movement.place_kind,
    Movement.product_id,
    Movement.owner_id,
    Movement.lot_id,
    Movement.kind,
    Movement.quantity,
    Movement.subject_id,
    Movement.line_no,
    Movement.shelf_no,
    Movement.at,
    Movement.recorded_at,
    Movement.returns_id,
    Movement.id,
)
_BUCKET = (Movement.place_id, Movement.place_kind, Movement.product_id, Movement.owner_id, Movement.lot_id)


def balances_at(
    session: AnySession, place_ids: Collection[str], *, as_of: datetime | None = None, product_id: str | None = None
) -> list[Held]:
    """What lies at these places by product, owner and lot, in that order; nothing that is at zero. Now, or at the instant `as_of`:
    then all that had happened until it counts, also what the server heard of only later.

    Reckoned backwards from now, so that yesterday costs a day and not the whole history.
    """
    columns = (Balance.place_id, Balance.place_kind, Balance.product_id, Balance.owner_id, Balance.lot_id)
    now = select(*columns, Balance.quantity).where(Balance.place_id.in_(place_ids))
    if product_id is not None:
        now = now.where(Balance.product_id == product_id)
    if as_of is None:
        now = now.where(Balance.quantity != 0)
    held: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
    for *key, quantity in session.execute(now):
        held[_key(key)] += quantity
    if as_of is not None:
        since = select(*_BUCKET, func.sum(Movement.quantity)).where(
            Movement.place_id.in_(place_ids), Movement.at > as_of
        )
        if product_id is not None:
            since = since.where(Movement.product_id == product_id)
        for *key, quantity in session.execute(since.group_by(*_BUCKET)):
            held[_key(key)] -= int(quantity)
    return [Held(*key, quantity) for key, quantity in sorted(held.items()) if quantity]


def _key(columns: list[str]) -> tuple[str, str, str, str, str]:
    place, kind, product, owner, lot = columns
    return place, kind, product, owner, lot


def lots_by_id(session: AnySession, lot_ids: Collection[str]) -> dict[str, Lot]:
    """Those of the lots that are here."""
    found = session.execute(select(*LOT_COLUMNS).where(LotRow.id.in_(lot_ids)))
    return {row.id: Lot(*row) for row in found}


def lots_of_note(session: AnySession, note_id: str) -> list[Lot]:
    """What came on a note, in the order in which it was written."""
    wanted = select(*LOT_COLUMNS).where(LotRow.note_id == note_id)
    return [Lot(*row) for row in session.execute(wanted.order_by(LotRow.created_at, LotRow.id))]


def lots_lying(session: AnySession, place_ids: Collection[str]) -> list[tuple[Held, Lot]]:
    """The lots of which something lies at these places: first to expire first, those without a day after all others."""
    columns = (Balance.place_id, Balance.place_kind, Balance.product_id, Balance.owner_id, Balance.lot_id)
    wanted = (
        select(*columns, Balance.quantity, *LOT_COLUMNS)
        .join(LotRow, LotRow.id == Balance.lot_id)
        .where(Balance.place_id.in_(place_ids), Balance.quantity > 0)
        .order_by(LotRow.expires_day.is_(None), LotRow.expires_day, LotRow.received_day, LotRow.id, Balance.place_id)
    )
    return [(Held(*row[:6]), Lot(*row[6:])) for row in session.execute(wanted)]


def moves_of_subjects(session: AnySession, subject_ids: Collection[str]) -> dict[tuple[str, int], list[Recorded]]:
    """What these sales, refunds, notes or counts moved, by (subject, line), in the order of booking.

    That some of it was set aside at once says nothing about how much it was, and is left out.
    """
    found: dict[tuple[str, int], list[Recorded]] = defaultdict(list)
    wanted = select(*_MOVE_COLUMNS).where(Movement.subject_id.in_(subject_ids), Movement.kind != SET_ASIDE)
    wanted = wanted.order_by(Movement.id)
    for row in session.execute(wanted):
        found[row.subject_id, row.line_no].append(Recorded(*row))
    return dict(found)


def moves_of_kinds(
    session: AnySession,
    place_ids: Collection[str],
    kinds: Collection[str],
    *,
    owner_ids: Collection[str] | None = None,
    without: Select[int | None] | None = None,
) -> list[Recorded]:
    """Every movement of these kinds at these places, in the order of booking: what a statement is made from. `without` chooses ids of
    movements that are left out.
    """
    wanted = select(*_MOVE_COLUMNS).where(Movement.place_id.in_(place_ids), Movement.kind.in_(kinds))
    if without is not None:
        wanted = wanted.where(Movement.id.not_in(without))
    if owner_ids is not None:
        wanted = wanted.where(Movement.owner_id.in_(owner_ids))
    return [Recorded(*row) for row in session.execute(wanted.order_by(Movement.id))]


def moves_of_shelf(session: AnySession, place_id: str, product_id: str) -> list[Recorded]:
    """Everything that ever moved one product at one place, in the order in which it happened."""
    wanted = select(*_MOVE_COLUMNS).where(Movement.place_id == place_id, Movement.product_id == product_id)
    return [Recorded(*row) for row in session.execute(wanted.order_by(Movement.at, Movement.shelf_no))]


def moves_of_owners(
    session: AnySession, keys: Collection[tuple[str, str, str]]
) -> dict[tuple[str, str, str], list[Recorded]]:
    """Everything that ever moved these owners' goods, by (place, product, owner), in the order in which it happened."""
    found: dict[tuple[str, str, str], list[Recorded]] = defaultdict(list)
    key = tuple_(Movement.place_id, Movement.product_id, Movement.owner_id)
    wanted = select(*_MOVE_COLUMNS).where(key.in_(sorted(keys))).order_by(Movement.at, Movement.shelf_no)
    for row in session.execute(wanted):
        found[row.place_id, row.product_id, row.owner_id].append(Recorded(*row))
    return dict(found)


def lying_then(
    session: AnySession, moments: Select[str, int, str, str, datetime]
) -> dict[tuple[str, int], dict[str, int]]:
    """What should have lain somewhere at many moments: Σ of the movements that had happened by then, by lot («» is none).

    `moments` yields (subject, line, place, product, instant); the answer is by (subject, line), over all owners, and says nothing of
    lots that never held anything. A sale of before an instant that arrives later changes it, as it should. Two statements, however many.
    """
    asked = moments.subquery()
    subject_id, line_no, place_id, product_id, at = asked.c
    now = (
        select(subject_id, line_no, Balance.lot_id, func.sum(Balance.quantity))
        .select_from(asked)
        .join(Balance, (Balance.place_id == place_id) & (Balance.product_id == product_id))
        .group_by(subject_id, line_no, Balance.lot_id)
    )
    since = (
        select(subject_id, line_no, Movement.lot_id, func.sum(Movement.quantity))
        .select_from(asked)
        .join(Movement, (Movement.place_id == place_id) & (Movement.product_id == product_id) & (Movement.at > at))
        .group_by(subject_id, line_no, Movement.lot_id)
    )
    held: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for subject, line, lot, quantity in session.execute(now):
        held[subject, line][lot] += int(quantity)
    for subject, line, lot, quantity in session.execute(since):
        held[subject, line][lot] -= int(quantity)
    return {key: dict(lots) for key, lots in held.items()}


def moves_of_set_aside(session: AnySession, refund_ids: Collection[str]) -> list[Recorded]:
    """What of these refunds was set aside: as it came to where damaged goods lie, in the order of booking."""
    wanted = select(*_MOVE_COLUMNS).where(
        Movement.subject_id.in_(refund_ids), Movement.kind == SET_ASIDE, Movement.place_kind == "damaged"
    )
    return [Recorded(*row) for row in session.execute(wanted.order_by(Movement.id))]


def lotless_where_damaged(session: AnySession, shelves: Collection[tuple[str, str]] | None = None) -> list[Recorded]:
    """Everything that ever moved goods in no lot where damaged goods lie, in the order of booking. `shelves`: only of these
    (place, product).
    """
    wanted = select(*_MOVE_COLUMNS).where(Movement.place_kind == "damaged", Movement.lot_id == LOTLESS)
    if shelves is not None:
        wanted = wanted.where(tuple_(Movement.place_id, Movement.product_id).in_(sorted(shelves)))
    return [Recorded(*row) for row in session.execute(wanted.order_by(Movement.id))]


def get_store(session: AnySession, store_id: str) -> Store:
    """The store with this id. Raises NotFound."""
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound
    return store


def find_store_place(session: AnySession, store_id: str) -> str | None:
    """The edition a store belongs to."""
    return session.scalar(select(Store.edition_id).where(Store.id == store_id))


def stores_of(session: AnySession, edition_id: str) -> list[Store]:
    """The stores of an edition by code, closed ones too."""
    return list(session.scalars(select(Store).where(Store.edition_id == edition_id).order_by(Store.code)))


def places_of(session: AnySession, edition_id: str) -> list[PlaceFact]:
    """Where goods of an edition may lie: its booths by code, then its stores."""
    booths = [PlaceFact(one.id, "booth", one.code, one.name) for one in booths_of(session, edition_id)]
    return booths + [PlaceFact(one.id, "store", one.code, one.name) for one in stores_of(session, edition_id)]


def places_of_ids(session: AnySession, place_ids: Collection[str]) -> list[tuple[str, PlaceFact]]:
    """(edition, place) of those of the booths and stores that are here, of whatever edition."""
    booths = booths_by_id(session, place_ids)
    stores = session.scalars(select(Store).where(Store.id.in_(place_ids)).order_by(Store.code))
    return [(one.edition_id, PlaceFact(one.id, "booth", one.code, one.name)) for one in booths] + [
        (one.edition_id, PlaceFact(one.id, "store", one.code, one.name)) for one in stores
    ]


def damaged_places(session: AnySession, booth_ids: Collection[str]) -> dict[str, str]:
    """Booth → where its damaged goods are set aside, for those booths that ever had any."""
    wanted = select(DamagedPlace.booth_id, DamagedPlace.id).where(DamagedPlace.booth_id.in_(booth_ids))
    return dict(session.execute(wanted).all())


def damaged_places_in(session: AnySession, edition_id: str) -> dict[str, str]:
    """The same for all booths of an edition."""
    return damaged_places(session, [one.id for one in booths_of(session, edition_id)])


def damaged_places_of(session: AnySession, edition_id: str) -> list[PlaceFact]:
    """Where damaged goods of an edition are set aside, by the code of the booth that each stands beside and is called by."""
    booths, found = booths_of(session, edition_id), damaged_places_in(session, edition_id)
    return [PlaceFact(found[one.id], "damaged", one.code, DAMAGED_NAME) for one in booths if one.id in found]


def is_damaged_place(session: AnySession, place_id: str) -> bool:
    """Whether damaged goods are set aside there."""
    return session.scalar(select(DamagedPlace.id).where(DamagedPlace.id == place_id)) is not None


def sets_aside(session: AnySession, received_at: datetime) -> bool:
    """Whether what the server receives then is set aside when it came back damaged: always, but in a database that is older than this."""
    until = session.scalar(select(LedgerRule.received_until).where(LedgerRule.name == SET_ASIDE))
    return until is None or received_at > until


def balances_of_owner(session: AnySession, owner_id: str) -> list[Held]:
    """What lies of one owner's goods anywhere, by place, product and lot; nothing that is at zero."""
    columns = (Balance.place_id, Balance.place_kind, Balance.product_id, Balance.owner_id, Balance.lot_id)
    wanted = select(*columns, Balance.quantity).where(Balance.owner_id == owner_id, Balance.quantity != 0)
    return [Held(*row) for row in session.execute(wanted.order_by(*columns))]


def owners_of_places(session: AnySession, place_ids: Collection[str]) -> set[str]:
    """Whose goods lie at these places or ever lay there, also when nothing of them is left."""
    return set(session.scalars(select(Balance.owner_id).where(Balance.place_id.in_(place_ids)).distinct()))
