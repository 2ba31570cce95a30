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
from fair_pos.stock.facts import Lot, Moved
from fair_pos.stock.rules import Part, Shelf, Trail
from fair_pos.stock.tables import Balance, LotRow, Movement, ShelfRow

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

    def hear(self, moved: Iterable[Moved], recorded_at: datetime) -> None:
        """Take down what a command moved, and when it came."""
        for one in moved:
            self._told[one.subject_id, one.line_no] = (one, recorded_at)

    def finish(self, session: AnySession) -> None:
        """Replay all shelves; nothing that was told is missing, nothing was sold that was not told. Raises Differs."""
        lots = _lots(session)
        for row in session.execute(_RETURNED):
            self._returned[row.returns_id or row.subject_id, row.product_id].append(row)
        unseen = set(self._told)
        balances: Sums = {}
        kinds: dict[tuple[str, ...], str] = {}
        moves: Sums = {}
        with session.execute(_IN_ORDER) as ledger:
            for (place, product), rows in groupby(ledger, key=lambda row: (row.place_id, row.product_id)):
                shelf, kind = Shelf(), ""
                number = 0
                for (subject, line_no), part in groupby(rows, key=lambda row: (row.subject_id, row.line_no)):
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
        again = self._again(shelf, moved, some[0], stored, lots)
        same("movement", which, "owners, lots and quantities", stored, again)

    def _again(
        self, shelf: Shelf, moved: Moved, first: Row[Any], stored: list[Part], lots: dict[str, Lot]
    ) -> list[Part]:
        """What the ledger chooses when it knows what was booked before `first`, at every place."""
        before = self._returned.get((moved.returns or moved.subject_id, moved.product_id), [])
        before = [row for row in before if row.id < first.id]
        unseen = [row for row in before if row.place_id != first.place_id and _at_once(row, first)]
        if unseen:
            other = Shelf(shelf.held, _trail(row for row in before if row not in unseen))
            if other.move(moved, lots) == stored:
                shelf.held = other.held
                return stored
        shelf.trail = _trail(before)
        return shelf.move(moved, lots)


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
