"""The ledger of goods made again: every shelf replayed in the order of its numbers, from what the commands say was sold.

The same picking as on arrival (stock/rules.py) must choose the same lots and owners again, no number of a shelf may be missing, and
what is left must be the balance: opening + receipts − sales + returns ± adjustments. What notes and counts moved is taken as it
stands here and held against the notes and counts by their own checkers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, or_, select, text

from fair_pos.proof.heard import AnySession, Sums, table_of
from fair_pos.proof.rules import same, same_sums
from fair_pos.stock.facts import LOTLESS, Lot, Moved, Recorded
from fair_pos.stock.queries import SET_ASIDE, lotless_where_damaged
from fair_pos.stock.rules import Early, Part, Shelf, Trail
from fair_pos.stock.tables import Balance, DamagedPlace, LedgerRule, LotRow, Movement, ShelfRow

SOLD = frozenset({"sale", "refund", "giveaway"})
"""Kinds that only a command makes."""
_MOVEMENT = table_of(Movement)
_IN_ORDER = (
    select(_MOVEMENT)
    .order_by(_MOVEMENT.c.place_id, _MOVEMENT.c.product_id, _MOVEMENT.c.shelf_no)
    .execution_options(yield_per=2000)
)
_COMES_BACK = text("movement.returns_id <> ''")
_RETURNED = (
    select(_MOVEMENT)
    .where(
        or_(
            _COMES_BACK,
            (_MOVEMENT.c.kind == "sale")
            & _MOVEMENT.c.subject_id.in_(select(_MOVEMENT.c.returns_id).where(_COMES_BACK)),
        )
    )
    .order_by(_MOVEMENT.c.id)
)
AT_ONCE = timedelta(minutes=5)
"""A sale and its refund that arrive so close at two places may each have been booked before the other could be seen."""


class Ledger:
    """What the commands say moved, and the replay of every shelf with it."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, int], tuple[Moved, datetime]] = {}
        self._returned: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
        """(sale, product) → what moved for it, of sales that something came back of; in the order of booking."""

        self._aside: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        """Command → what of it was set aside, as it must be: when it was booked, place, its kind, goods and how much."""
        self._lay_apart: list[Recorded] = []
        """What moved in no lot where damaged goods lie, in the order of booking."""

    def hear(self, moved: Iterable[Moved], recorded_at: datetime) -> None:
        """Take down what a command moved, and when it came."""
        for one in moved:
            self._told[one.subject_id, one.line_no] = (one, recorded_at)

    def finish(self, session: AnySession) -> None:
        """Replay all shelves; nothing that was told is missing, nothing was sold that was not told. Raises Differs."""
        lots = _lots(session)
        for row in session.execute(_RETURNED):
            self._returned[row.returns_id or row.subject_id, row.product_id].append(row)
        self._lay_apart = lotless_where_damaged(session)
        unseen = set(self._told)
        balances: Sums = {}
        kinds: dict[tuple[str, ...], str] = {}
        moves: Sums = {}
        with session.execute(_IN_ORDER) as ledger:
            for (place, product), rows in groupby(ledger, key=lambda row: (row.place_id, row.product_id)):
                shelf, kind = Shelf(), ""
                number = 0
                for (subject, line_no, _), part in groupby(rows, key=_of_one_kind):
                    some = list(part)
                    kind = kind or some[0].place_kind
                    for row in some:
                        number += 1
                        same("movement", row.id, "number on its shelf", row.shelf_no, number)
                        same("movement", row.id, "place_kind", row.place_kind, kind)
                    if some[0].kind in SOLD:
                        self._check(shelf, some, lots)
                        unseen.discard((subject, line_no))
                    else:
                        _take_over(shelf, some)
                moves[place, product] = (number,)
                for (owner, lot), quantity in shelf.held.items():
                    balances[place, product, owner, lot] = (quantity,)
                    kinds[place, product, owner, lot] = kind
        self._check_aside(session)
        for subject, line_no in sorted(unseen):
            same("movement", f"{subject} #{line_no}", "row", None, "a movement")
        stored = {(one.place_id, one.product_id): (one.moves,) for one in session.scalars(select(ShelfRow))}
        same_sums("movements of a shelf", stored, moves)
        same_sums("stock balance", _balances(session), balances)
        for one in session.scalars(select(Balance)):
            key = (one.place_id, one.product_id, one.owner_id, one.lot_id)
            same("stock balance", "/".join(key), "place_kind", one.place_kind, kinds.get(key))

    def _check(self, shelf: Shelf, some: Sequence[Row[Any]], lots: dict[str, Lot]) -> None:
        first = some[0]
        which = f"{first.subject_id} #{first.line_no}"
        told = self._told.get((first.subject_id, first.line_no))
        if told is None:
            same("movement", first.id, "subject", first.subject_id, "a command")
            return
        moved, recorded_at = told
        for row in some:
            for field in ("place_id", "place_kind", "product_id", "kind", "at"):
                same("movement", which, field, getattr(row, field), getattr(moved, field))
            same("movement", which, "returns_id", row.returns_id, moved.returns)
            same("movement", which, "recorded_at", row.recorded_at, recorded_at)
        stored = [((row.owner_id, row.lot_id), row.quantity) for row in some]
        again, before = self._again(shelf, moved, some[0], stored, lots)
        same("movement", which, "owners, lots and quantities", stored, again)
        if moved.aside:
            for (owner, lot), quantity in stored:
                goods = (moved.product_id, owner, lot)
                came = (str(recorded_at), str(moved.line_no))
                self._aside[moved.subject_id] += [
                    (*came, moved.place_id, moved.place_kind, *goods, str(-quantity)),
                    (*came, moved.aside, "damaged", *goods, str(quantity)),
                ]
        if moved.kind == "sale":
            waiting = self._early(before, first.id).waiting(moved.subject_id, moved.product_id)
            for righted in Shelf(shelf.held).put_right(moved, again, waiting, lots):
                self._aside[righted.was.subject_id] += [_as_set_aside(one, recorded_at) for one in righted.moves()]

    def _early(self, before: Iterable[Row[Any]], until: int) -> Early:
        """What had come back damaged, of these refunds, and what of it lay apart still, before the movement `until`."""
        early = Early()
        refunds = {(row.subject_id, row.line_no): row.returns_id for row in before if row.lot_id == LOTLESS}
        places = {told[0].aside for key in refunds if (told := self._told.get(key)) is not None} - {""}
        for one in self._lay_apart if places else ():
            if one.place_id in places and one.id is not None and one.id < until:
                early.moved(one)
                sale = refunds.get((one.subject_id, one.line_no))
                if sale and one.kind == SET_ASIDE and one.quantity > 0:
                    early.came(sale, one)
        return early

    def _check_aside(self, session: AnySession) -> None:
        """What came back damaged was set aside as it came, at once and whole, and put right with its sale; and nothing else was."""
        stored: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for row in session.execute(select(_MOVEMENT).where(_MOVEMENT.c.kind == SET_ASIDE).order_by(_MOVEMENT.c.id)):
            told = self._told.get((row.subject_id, row.line_no))
            if told is not None:
                same("movement", row.id, "when it was set aside", row.at, told[0].at)
            stored[row.subject_id].append(_as_set_aside(row, row.recorded_at))
        for subject in sorted(stored.keys() | self._aside.keys()):
            same("movement", subject, "what was set aside", sorted(stored[subject]), sorted(self._aside[subject]))

    def _again(
        self, shelf: Shelf, moved: Moved, first: Row[Any], stored: list[Part], lots: dict[str, Lot]
    ) -> tuple[list[Part], list[Row[Any]]]:
        """What the ledger chooses when it knows what was booked before `first`, at every place; and what it knew."""
        before = self._returned.get((moved.returns or moved.subject_id, moved.product_id), [])
        before = [row for row in before if row.id < first.id]
        unseen = [row for row in before if row.place_id != first.place_id and _at_once(row, first)]
        if unseen:
            other = Shelf(shelf.held, _trail(row for row in before if row not in unseen))
            if other.move(moved, lots) == stored:
                shelf.held = other.held
                return stored, [row for row in before if row not in unseen]
        shelf.trail = _trail(before)
        return shelf.move(moved, lots), before


def _of_one_kind(row: Row[Any]) -> tuple[str, int, str]:
    """What came back and what of it was set aside stand one after the other, and were each moved by a rule of their own."""
    return row.subject_id, row.line_no, row.kind


def _as_set_aside(one: Row[Any] | Recorded, recorded_at: datetime) -> tuple[str, ...]:
    goods = (one.place_id, one.place_kind, one.product_id, one.owner_id, one.lot_id, str(one.quantity))
    return str(recorded_at), str(one.line_no), *goods


def _at_once(one: Row[Any], other: Row[Any]) -> bool:
    return bool(abs(one.recorded_at - other.recorded_at) < AT_ONCE)


def _trail(rows: Iterable[Row[Any]]) -> Trail:
    trail = Trail()
    for row in rows:
        part: Part = ((row.owner_id, row.lot_id), row.quantity)
        trail.remember(row.kind, row.subject_id, row.product_id, row.returns_id, [part])
    return trail


def _take_over(shelf: Shelf, some: Sequence[Row[Any]]) -> None:
    for row in some:
        part: Part = ((row.owner_id, row.lot_id), row.quantity)
        shelf.held[part[0]] += part[1]


def _lots(session: AnySession) -> dict[str, Lot]:
    columns = (LotRow.id, LotRow.product_id, LotRow.owner_id, LotRow.code, LotRow.expires_day, LotRow.received_day)
    return {row[0]: Lot(*row) for row in session.execute(select(*columns))}


def _balances(session: AnySession) -> Sums:
    found = session.scalars(select(Balance))
    return {(one.place_id, one.product_id, one.owner_id, one.lot_id): (one.quantity,) for one in found}


class SetAside:
    """Where damaged goods are set aside, and since when."""

    def __init__(self) -> None:
        self._places: dict[str, str] | None = None
        self._until: datetime | None = None

    def place(self, session: AnySession, booth_id: str, received_at: datetime) -> str:
        """Where what came back damaged to this booth lies; empty for what came before there was such a place. Raises Differs."""
        if self._places is None:
            self._places = {one.booth_id: one.id for one in session.scalars(select(DamagedPlace))}
            wanted = select(LedgerRule.received_until).where(LedgerRule.name == SET_ASIDE)
            self._until = session.scalar(wanted)
        if self._until is not None and received_at <= self._until:
            return ""
        found = self._places.get(booth_id)
        same("damaged place", booth_id, "row", "a place" if found else None, "a place")
        return found or ""
