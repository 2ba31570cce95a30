"""Moving goods: the movements and the balances they change, in one transaction; new lots and stores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.text import clean
from fair_pos.plumbing.db import add_up, dialect_of, insert_adding, insert_new
from fair_pos.stock import refusals
from fair_pos.stock.facts import LOTLESS, Lot, Moved, Recorded
from fair_pos.stock.queries import (
    LOT_COLUMNS,
    SET_ASIDE,
    damaged_places,
    get_store,
    lotless_where_damaged,
    moves_of_set_aside,
)
from fair_pos.stock.rules import Bucket, Early, Part, Righted, Shelf, Trail
from fair_pos.stock.tables import Balance, DamagedPlace, LotRow, Movement, ShelfRow, Store
from fair_pos.venues.queries import get_edition, refuse_frozen

Key = tuple[str, str]
"""(place, product): a shelf."""

_MOVEMENT = cast("Table", Movement.__table__)
_BALANCE = cast("Table", Balance.__table__)
_SHELF = cast("Table", ShelfRow.__table__)
_LOT = cast("Table", LotRow.__table__)
_DAMAGED = cast("Table", DamagedPlace.__table__)
_INSERT_MOVEMENT = insert(_MOVEMENT)
_LYING = (
    select(_BALANCE.c.place_id, _BALANCE.c.product_id, _BALANCE.c.owner_id, _BALANCE.c.quantity, *LOT_COLUMNS)
    .outerjoin(_LOT, _LOT.c.id == _BALANCE.c.lot_id)
    .where(
        _BALANCE.c.place_id.in_(bindparam("places", expanding=True)),
        _BALANCE.c.product_id.in_(bindparam("products", expanding=True)),
        text("balance.quantity <> 0"),  # as in the index: only then it is used
    )
)
_NAMED = select(*LOT_COLUMNS).where(_LOT.c.id.in_(bindparam("lots", expanding=True)))
_OF_SALES = (
    _MOVEMENT.c.id,
    _MOVEMENT.c.place_id,
    _MOVEMENT.c.product_id,
    _MOVEMENT.c.owner_id,
    _MOVEMENT.c.lot_id,
    _MOVEMENT.c.kind,
    _MOVEMENT.c.quantity,
    _MOVEMENT.c.subject_id,
    _MOVEMENT.c.returns_id,
)
_TAKEN = select(*_OF_SALES).where(
    _MOVEMENT.c.subject_id.in_(bindparam("sales", expanding=True)), _MOVEMENT.c.kind == "sale"
)
_CAME_BACK = select(*_OF_SALES).where(
    _MOVEMENT.c.returns_id.in_(bindparam("sales", expanding=True)),
    text("movement.returns_id <> ''"),  # as in the index: only then it is used
)
_MORE_MOVES = (
    update(_SHELF)
    .where(_SHELF.c.place_id == bindparam("place"), _SHELF.c.product_id == bindparam("product"))
    .values(moves=_SHELF.c.moves + bindparam("more"))
)


def record_movements(session: Session, moved: Sequence[Moved], recorded_at: datetime) -> list[Recorded]:
    """Book goods that came or went, in their order, and say out of which lots they came. Below zero is allowed.

    Each shelf that is touched stays locked until the transaction ends: two tills that sell the last piece at once stand in
    line, and the second sees what the first left. So does the shelf that goods which come back were sold from, or two booths
    could bring the same piece back. Four statements, one more for sales, two or three more for goods that come back, three for
    a sale whose goods came back damaged before it, one for lots that are named, and one when a line came out of several lots.
    None of them grows with what was sold before.
    """
    moved = [one for one in moved if one.quantity]
    if not moved:
        return []
    wanted: dict[Key, int] = defaultdict(int)
    for one in moved:
        for place_id, _kind, _sign in _stations(one):
            wanted[place_id, one.product_id] += 1
    taken = _taken_by(session, {one.returns for one in moved if one.returns})
    sold_from = {(row.place_id, row.product_id): 0 for row in taken}
    last_no = _lock_shelves(session, sold_from | wanted)
    shelves, lots = _look_at(session, moved)
    trail, refunds = _follow(session, moved, taken, last_no)
    early = _set_aside_before(session, refunds, last_no)
    for shelf in shelves.values():
        shelf.trail = trail
    book = _Book(last_no, recorded_at)
    for one in moved:
        shelf = shelves[one.place_id, one.product_id]
        parts = shelf.move(one, lots)
        book.write(one, parts, early)
        if one.aside:
            shelf.put_aside(parts)
        elif one.kind == "sale" and (waiting := early.waiting(one.subject_id, one.product_id)):
            book.put_right(shelf.put_right(one, parts, waiting, lots), early)
    session.execute(_INSERT_MOVEMENT, [_row(one) for one in book.written])
    _add_to_balances(session, book.written)
    more = [
        {"place": place, "product": product, "more": count - wanted.get((place, product), 0)}
        for (place, product), count in sorted(book.rows.items())
        if count > wanted.get((place, product), 0)
    ]
    if more:
        session.execute(_MORE_MOVES, more)
    return book.written


class _Book:
    """What is written, each movement with its number on its shelf."""

    def __init__(self, last_no: Mapping[Key, int], recorded_at: datetime) -> None:
        self.written: list[Recorded] = []
        self.rows: dict[Key, int] = defaultdict(int)
        self._last_no, self._at = last_no, recorded_at

    def write(self, one: Moved, parts: Sequence[Part], early: Early) -> None:
        """What moved, of which owners and lots; and that it went on to lie apart, which a sale that is yet to come must know."""
        for place_id, kind, sign in _stations(one):
            here = one if kind == one.kind else replace(one, place_id=place_id, kind=kind, returns="")
            if place_id == one.aside:
                here = replace(here, place_kind="damaged")
            for (owner_id, lot_id), quantity in parts:
                number = self._number(place_id, one.product_id)
                self.written.append(_recorded(here, owner_id, lot_id, sign * quantity, number, self._at))
                if place_id == one.aside:
                    early.moved(self.written[-1])
                    early.came(one.returns, self.written[-1])

    def put_right(self, righted: Iterable[Righted], early: Early) -> None:
        """Whose goods lie apart since their sale arrived."""
        for move in (move for one in righted for move in one.moves()):
            number = self._number(move.place_id, move.product_id)
            self.written.append(replace(move, shelf_no=number, recorded_at=self._at, id=None))
            if move.place_kind == "damaged":
                early.moved(move)

    def _number(self, place_id: str, product_id: str) -> int:
        self.rows[place_id, product_id] += 1
        return self._last_no[place_id, product_id] + self.rows[place_id, product_id]


def _stations(one: Moved) -> list[tuple[str, str, int]]:
    """(place, kind, sign) of what is booked: what came back damaged goes on to lie apart before anybody else looks at the shelf."""
    found = [(one.place_id, one.kind, 1)]
    return [*found, (one.place_id, SET_ASIDE, -1), (one.aside, SET_ASIDE, 1)] if one.aside else found


def _lock_shelves(session: Session, wanted: Mapping[Key, int]) -> dict[Key, int]:
    """Reserve numbers on these shelves, which also locks them; the last number of each before. In order, or two would deadlock."""
    statement = insert_adding(dialect_of(session), _SHELF, ("moves",)).returning(*_SHELF.c)
    rows = [{"place_id": place, "product_id": product, "moves": n} for (place, product), n in sorted(wanted.items())]
    return {
        (place, product): moves - wanted[place, product] for place, product, moves in session.execute(statement, rows)
    }


def hold_shelves(session: Session, keys: Iterable[Key]) -> None:
    """Lock shelves before looking at them, for whoever names lots in what they record next; in order, until the transaction ends."""
    wanted = dict.fromkeys(keys, 0)
    if wanted:
        _lock_shelves(session, wanted)


def _look_at(session: Session, moved: Sequence[Moved]) -> tuple[dict[Key, Shelf], dict[str, Lot]]:
    """What lies on the shelves that are touched, with the lots that lie there or are named."""
    held: dict[Key, dict[Bucket, int]] = defaultdict(dict)
    lots: dict[str, Lot] = {}
    keys = {
        "places": sorted({one.place_id for one in moved}),
        "products": sorted({one.product_id for one in moved}),
    }
    for place, product, owner_id, quantity, *lot in session.execute(_LYING, keys):
        held[place, product][owner_id, lot[0] or LOTLESS] = quantity
        if lot[0]:
            lots[lot[0]] = Lot(*lot)
    named = {one.lot_id for one in moved if one.lot_id} - lots.keys()
    if named:
        lots |= {row[0]: Lot(*row) for row in session.execute(_NAMED, {"lots": sorted(named)})}
    shelves = {key: Shelf(held.get(key)) for key in {(one.place_id, one.product_id) for one in moved}}
    return shelves, lots


def _taken_by(session: Session, sale_ids: Collection[str]) -> list[Row[Any]]:
    """What these sales took. Written once, and never changed."""
    return list(session.execute(_TAKEN, {"sales": sorted(sale_ids)})) if sale_ids else []


def _follow(
    session: Session, moved: Sequence[Moved], taken: list[Row[Any]], locked: Collection[Key]
) -> tuple[Trail, dict[str, str]]:
    """What moved before for the sales that are booked now or whose goods come back. `taken` was read before the lock.

    Also the refunds that brought goods in no lot back of sales that are booked only now, with their sale.
    """
    back = {one.returns for one in moved if one.returns}
    booked = {one.subject_id for one in moved if one.kind == "sale"}
    sales = back | booked
    trail, early = Trail(), dict[str, str]()
    if not sales:
        return trail, early
    # A sale may have arrived while we waited. At a place that we did not lock it counts as not arrived, or others could count on it too.
    since = _taken_by(session, back - {row.subject_id for row in taken})
    rows = [*taken, *(row for row in since if (row.place_id, row.product_id) in locked)]
    rows += session.execute(_CAME_BACK, {"sales": sorted(sales)})
    for row in sorted(rows, key=lambda row: row.id):
        parts = [((row.owner_id, row.lot_id), row.quantity)]
        trail.remember(row.kind, row.subject_id, row.product_id, row.returns_id, parts)
        if row.returns_id in booked and row.lot_id == LOTLESS:
            early[row.subject_id] = row.returns_id
    return trail, early


def _set_aside_before(session: Session, refunds: Mapping[str, str], last_no: dict[Key, int]) -> Early:
    """What these refunds (with their sales) brought back damaged. Locks where it lies, and adds that to `last_no`: a note that
    clears it stands in line. Should such a note hold it and wait for us in turn, the database ends one and it is done again.
    """
    early = Early()
    came = moves_of_set_aside(session, refunds) if refunds else []
    shelves = {(one.place_id, one.product_id) for one in came}
    if shelves:
        last_no |= (
            _lock_shelves(session, dict.fromkeys(shelves - last_no.keys(), 0)) if shelves - last_no.keys() else {}
        )
        for one in lotless_where_damaged(session, shelves):
            early.moved(one)
        for one in came:
            early.came(refunds[one.subject_id], one)
    return early


def _recorded(one: Moved, owner_id: str, lot_id: str, quantity: int, shelf_no: int, at: datetime) -> Recorded:
    return Recorded(
        place_id=one.place_id,
        place_kind=one.place_kind,
        product_id=one.product_id,
        owner_id=owner_id,
        lot_id=lot_id,
        kind=one.kind,
        quantity=quantity,
        subject_id=one.subject_id,
        line_no=one.line_no,
        shelf_no=shelf_no,
        at=one.at,
        recorded_at=at,
        returns_id=one.returns,
    )


def _row(one: Recorded) -> dict[str, Any]:
    row = dict(vars(one))
    del row["id"]
    return row


def _add_to_balances(session: Session, written: Iterable[Recorded]) -> None:
    sums: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
    for one in written:
        sums[one.place_id, one.product_id, one.owner_id, one.lot_id, one.place_kind] += one.quantity
    columns = ("place_id", "product_id", "owner_id", "lot_id", "place_kind", "quantity")
    rows = [dict(zip(columns, (*key, quantity), strict=True)) for key, quantity in sums.items()]
    add_up(session, _BALANCE, ("quantity",), rows)


def record_intake(
    session: Session, booth_id: str, items: Sequence[tuple[str, str, int]], subject_id: str, at: datetime
) -> None:
    """Goods brought to a booth without a note: `items` are (product id, owner id, pieces); they lie in no lot."""
    moved = [
        Moved(booth_id, "booth", product, owner, "intake", pieces, subject_id, number, at)
        for number, (product, owner, pieces) in enumerate(items, 1)
    ]
    record_movements(session, moved, at)
    write_line(session, **intake_line(booth_id, subject_id, len(moved), sum(one.quantity for one in moved), at))


def intake_line(booth_id: str, subject_id: str, rows: int, pieces: int, at: datetime) -> dict[str, Any]:
    """The journal's line of goods brought; `verify` compares the movements with it."""
    facts = {"booth": booth_id, "rows": rows, "pieces": pieces}
    return {"at": at, "verb": "intake_recorded", "subject": ("intake", subject_id), "facts": facts}


def create_lot(
    session: Session,
    *,
    product_id: str,
    owner_id: str,
    code: str,
    expires_day: date | None,
    received_day: date,
    note_id: str,
    at: datetime,
    lot_id: str | None = None,
) -> str:
    """A new lot of one owner's goods; its id. What comes in it is moved by `record_movements`."""
    lot = LotRow(
        id=lot_id or new_id(),
        product_id=product_id,
        owner_id=owner_id,
        code=code,
        expires_day=expires_day,
        received_day=received_day,
        note_id=note_id,
        created_at=at,
    )
    session.add(lot)
    session.flush()
    return lot.id


def damaged_place(session: Session, booth_id: str, at: datetime) -> str:
    """Where damaged goods of a booth are set aside; made when there is none. Two tablets that need it at once get the same."""
    known = damaged_places(session, [booth_id])
    if booth_id not in known:
        row = {"id": new_id(), "booth_id": booth_id, "created_at": at}
        session.execute(insert_new(dialect_of(session), _DAMAGED, "booth_id"), [row])
        known = damaged_places(session, [booth_id])
    return known[booth_id]


def create_store(
    session: Session,
    edition_id: str,
    *,
    code: str,
    name: str,
    at: datetime,
    by: str | None,
    store_id: str | None = None,
) -> str:
    """A new store of an edition; its id. Raises NotFound, EditionFrozen, StoreFieldMissing, StoreFieldTooLong, StoreCodeTaken."""
    refuse_frozen(session, edition_id)
    get_edition(session, edition_id)
    code, name = _text(code, "store_code", 20).upper(), _text(name, "store_name", 200)
    taken = select(Store.id).where(Store.edition_id == edition_id, Store.code == code)
    if session.scalar(taken) is not None:
        raise refusals.StoreCodeTaken(code=code)
    store = Store(id=store_id or new_id(), edition_id=edition_id, code=code, name=name, created_at=at)
    try:
        with session.begin_nested():
            session.add(store)
    except IntegrityError:  # somebody took the code between our look and now
        raise refusals.StoreCodeTaken(code=code) from None
    facts = {"code": code, "name": name}
    write_line(session, at=at, person_id=by, verb="store_created", subject=("store", store.id), facts=facts)
    return store.id


def close_store(session: Session, store_id: str, *, at: datetime, by: str | None) -> bool:
    """No goods go to it any more; whether that was a change. Raises NotFound, StoreNotEmpty."""
    store = get_store(session, store_id)
    if store.closed_at is not None:
        return False
    if session.scalar(select(Balance.place_id).where(Balance.place_id == store_id, Balance.quantity != 0).limit(1)):
        raise refusals.StoreNotEmpty
    store.closed_at = at
    session.flush()
    write_line(session, at=at, person_id=by, verb="store_closed", subject=("store", store.id), facts={})
    return True


def _text(text: str, field: str, most: int) -> str:
    cleaned = clean(text)
    if not cleaned:
        raise refusals.StoreFieldMissing(field=field)
    if len(cleaned) > most:
        raise refusals.StoreFieldTooLong(field=field, most=most)
    return cleaned
