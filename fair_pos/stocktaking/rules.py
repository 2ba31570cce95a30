"""Counts of goods: what is odd about one, what a variance is, and which lots it is booked to. Pure.

A count moves nothing. Its variance is what was counted less the sum of the movements up to the moment of counting, computed
whenever it is looked at: the order in which sales and counts arrive makes no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from fair_pos.kernel.money import group_thousands
from fair_pos.kernel.weight import format_grams
from fair_pos.sales.facts import CommandFact, Odd, Place, Settled
from fair_pos.sales.rules import first_of_each, settle, true_instant

BorneBy = Literal["owner", "house", "shared"]
BEARERS: tuple[BorneBy, ...] = ("house", "owner", "shared")
MOST_LINES = 500
MOST_QUANTITY = 10**9


@dataclass(frozen=True)
class CountedLine:
    """What lay there of one product, or of one of its lots («» is none), at one moment; base units or grams."""

    product_id: str
    name: str
    unit: str
    quantity: int
    counted_at: datetime
    lot_id: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """(product, lot)."""
        return (self.product_id, self.lot_id)


@dataclass(frozen=True, kw_only=True)
class CountFact(CommandFact):
    """A count as a tablet reports it; the moments of its lines are those of the tablet's own clock."""

    lines: tuple[CountedLine, ...]
    note: str = ""


@dataclass(frozen=True)
class KnownGoods:
    """What the server has to compare counts with, looked up once for an upload."""

    products: Container[str]
    lots: Mapping[str, str]
    """Lot → its product."""
    moved: Container[tuple[str, str]]
    """(product, lot) that ever came to the place or left it; lot «» for the product as a whole."""
    weighed: Container[str] = frozenset()
    """Products whose quantity is grams."""


@dataclass(frozen=True)
class JudgedCount:
    """A count as it will be stored: moments made true, oddities beside it."""

    fact: CountFact
    place: Place
    settled: Settled
    lines: tuple[CountedLine, ...]
    oddities: tuple[Odd, ...]


def judge_count(
    fact: CountFact, place: Place, people: Container[str], known: KnownGoods, also: Iterable[Odd] = ()
) -> JudgedCount:
    """Settle a count. Never refuses: whatever differs becomes an oddity beside it."""
    settled = settle(fact, place, people)
    odd = [*also, *settled.oddities]
    for line in fact.lines:
        if line.product_id not in known.products:
            odd.append(Odd("product_unknown", {"name": line.name}))
        if line.lot_id and known.lots.get(line.lot_id) != line.product_id:
            odd.append(Odd("count_lot_unknown", {"name": line.name}))
        elif line.quantity and line.key not in known.moved:
            weighed = line.product_id in known.weighed
            shown = format_grams(line.quantity) if weighed else group_thousands(line.quantity)
            odd.append(Odd("count_never_stocked", {"name": line.name, "quantity": shown}))
    return JudgedCount(fact, place, settled, true_lines(fact, place, settled), first_of_each(odd))


def true_lines(fact: CountFact, place: Place, settled: Settled) -> tuple[CountedLine, ...]:
    """The lines with their moments corrected as that of the command is; one that cannot be believed was counted at its end."""
    lines = []
    for line in fact.lines:
        at, _claimed, is_off = true_instant(replace(fact, device_at=line.counted_at), place)
        lines.append(replace(line, counted_at=settled.at if is_off else at))
    return tuple(lines)


def lines_that_count(lines: Mapping[int, CountedLine]) -> frozenset[int]:
    """The numbers of the lines that count: of several for one product and lot the one counted last, of equals the later line."""
    last: dict[tuple[str, str], int] = {}
    for number, line in sorted(lines.items()):
        if line.key not in last or lines[last[line.key]].counted_at <= line.counted_at:
            last[line.key] = number
    return frozenset(last.values())


def lots_apart(lines: Iterable[CountedLine]) -> dict[str, frozenset[str]]:
    """Product → its lots that have lines of their own in the count; its line without a lot is about everything else."""
    apart: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if line.lot_id:
            apart[line.product_id].add(line.lot_id)
    return {product: frozenset(lots) for product, lots in apart.items()}


@dataclass(frozen=True)
class Lying:
    """Goods of one owner in one lot («» is none) of a product at the place, as the ledger has them."""

    owner_id: str
    lot_id: str
    quantity: int
    expires_day: date | None = None
    received_day: date | None = None


@dataclass(frozen=True)
class Part:
    """What of a booked variance goes to one owner's goods in one lot («» is none)."""

    owner_id: str
    lot_id: str
    quantity: int


def parts_missing(
    quantity: int, lying: Sequence[Lying], apart: Collection[str], lot_id: str, owner_id: str
) -> list[Part]:
    """Where `quantity` (above zero) goods are missing; parts are above zero and add up to it.

    Of a line with a lot: from that lot. Of one without: oldest expiry first among the lots that the count has no line for,
    then lotless goods, the owner's first; what nobody has is missing from the owner's lotless goods, below zero.
    """
    if lot_id:
        return [Part(owner_id, lot_id, quantity)]
    parts: dict[tuple[str, str], int] = {}
    left = quantity
    candidates = [one for one in lying if one.quantity > 0 and one.lot_id not in apart]
    for one in sorted(candidates, key=lambda one: _place_in_line(one, owner_id)):
        taken = min(left, one.quantity)
        if taken:
            parts[one.owner_id, one.lot_id] = taken
            left -= taken
    if left:
        parts[owner_id, ""] = parts.get((owner_id, ""), 0) + left
    return [Part(owner, lot, taken) for (owner, lot), taken in parts.items()]


def _place_in_line(one: Lying, owner_id: str) -> tuple[int, date, bool, str, str]:
    kind = 2 if not one.lot_id else (0 if one.expires_day is not None else 1)
    return (kind, one.expires_day or one.received_day or date.max, one.owner_id != owner_id, one.owner_id, one.lot_id)


def parts_found(quantity: int, missed: Sequence[Part], lot_id: str, owner_id: str) -> list[Part]:
    """Where `quantity` (above zero) goods that are there after all go: first back to what this line had booked as missing.

    `missed`: parts above zero, still missing, the newest last. The rest goes into the line's lot, or lies there without one.
    """
    parts: dict[tuple[str, str], int] = {}
    left = quantity
    for one in reversed(missed):
        back = min(left, one.quantity)
        if back:
            parts[one.owner_id, one.lot_id] = parts.get((one.owner_id, one.lot_id), 0) + back
            left -= back
    if left:
        parts[owner_id, lot_id] = parts.get((owner_id, lot_id), 0) + left
    return [Part(owner, lot, back) for (owner, lot), back in parts.items()]


def missing_step(before: int, after: int) -> int:
    """How much more an owner's goods are missing (below zero: less) when a line's bookings add up to `after` instead of `before`.

    Goods found beyond what is on the books owe nobody anything, and taking such a find back neither.

    >>> missing_step(0, -3), missing_step(-3, 0), missing_step(0, 2), missing_step(2, -1)
    (3, -3, 0, 1)
    """
    return max(0, -after) - max(0, -before)
