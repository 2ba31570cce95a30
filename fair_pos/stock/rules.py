"""Which lot goods come out of, and go back into. Pure, and the same for a sale, for the replay of `verify` and for tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from fair_pos.stock.facts import LOTLESS, Lot, Moved, Recorded

Bucket = tuple[str, str]
"""(owner id, lot id or LOTLESS): goods of one shelf that cannot be told apart."""
Part = tuple[Bucket, int]
"""So much went into a bucket (positive) or came out of it (negative)."""

OWNERS_OWN = frozenset({"return", "transfer_out", "write_off"})
"""Kinds that a note says of one owner. A buyer takes what expires first, whosever it is, and so does what is missing in a count."""
_NEVER = date.max


@dataclass
class Waiting:
    """So much of what a movement brought lies there still."""

    moved: Recorded
    left: int
    gone: int = 0


def waiting_of(moves: Iterable[Recorded]) -> list[Waiting]:
    """Which refunds the damaged goods of one bucket came with that lie there now. `moves` in their order.

    A note takes what has waited longest; one that is taken back puts it where it was. What turned out to be another's, since the
    sale arrived, is no longer of the refund that it came with.
    """
    found: list[Waiting] = []
    for moved in moves:
        rest = moved.quantity
        if moved.kind == "set_aside" and rest > 0:
            found.append(Waiting(moved, rest))
        elif moved.kind == "set_aside":
            which = (moved.subject_id, moved.line_no)
            for one in sorted(found, key=lambda one: (one.moved.subject_id, one.moved.line_no) != which):
                piece = min(one.left, -rest)
                one.left, rest = one.left - piece, rest + piece
        elif rest < 0:
            for one in found:
                piece = min(one.left, -rest)
                one.left, one.gone, rest = one.left - piece, one.gone + piece, rest + piece
        else:
            for one in reversed(found):
                piece = min(one.gone, rest)
                one.left, one.gone, rest = one.left + piece, one.gone - piece, rest - piece
    return [one for one in found if one.left]


@dataclass(frozen=True)
class Righted:
    """So much of what `was` brought to where damaged goods lie is of `bucket`, which still lies on the shelf that the sale took from."""

    was: Recorded
    place_id: str
    place_kind: str
    bucket: Bucket
    quantity: int

    def moves(self) -> list[Recorded]:
        """At both places the one's goods against the other's, as of when they came back; without number and time of booking."""
        was, (owner_id, lot_id) = self.was, self.bucket
        shelf = replace(was, place_id=self.place_id, place_kind=self.place_kind, quantity=self.quantity)
        apart = replace(was, quantity=-self.quantity)
        return [
            shelf,
            replace(shelf, owner_id=owner_id, lot_id=lot_id, quantity=-self.quantity),
            apart,
            replace(apart, owner_id=owner_id, lot_id=lot_id, quantity=self.quantity),
        ]


class Early:
    """What was set aside in no lot before its sale arrived, and what moved since where it lies; told in the order of booking."""

    def __init__(self) -> None:
        self._of_sale: dict[tuple[str, str], list[Recorded]] = defaultdict(list)
        self._moves: dict[tuple[str, str, str], list[Recorded]] = defaultdict(list)

    def came(self, sale_id: str, one: Recorded) -> None:
        """Note what came back of a sale and was set aside; what lies in a lot is known to be right."""
        if one.lot_id == LOTLESS:
            self._of_sale[sale_id, one.product_id].append(one)

    def moved(self, one: Recorded) -> None:
        """Note a movement where damaged goods lie."""
        if one.lot_id == LOTLESS:
            self._moves[one.place_id, one.product_id, one.owner_id].append(one)

    def waiting(self, sale_id: str, product_id: str) -> list[Waiting]:
        """What of it lies there still, in the order in which it came."""
        return [
            waiting
            for one in self._of_sale.get((sale_id, product_id), ())
            for waiting in waiting_of(self._moves[one.place_id, one.product_id, one.owner_id])
            if (waiting.moved.subject_id, waiting.moved.line_no) == (one.subject_id, one.line_no)
        ]


@dataclass
class _Piece:
    """So much of a bucket that nothing has been set against yet."""

    bucket: Bucket
    left: int


class Trail:
    """What moved for sales whose goods come back, over all places: it must be told everything in the order of booking.

    Goods are often given back at another booth than they were bought at, and now and then before their sale has arrived.
    """

    def __init__(self) -> None:
        self._taken: dict[tuple[str, str], list[_Piece]] = {}
        self._early: dict[tuple[str, str], list[_Piece]] = {}

    def remember(self, kind: str, subject_id: str, product_id: str, returns: str, parts: Iterable[Part]) -> None:
        """Note what a sale took, or what came back of it."""
        if kind == "sale":
            early = self._early.get((subject_id, product_id), [])
            taken = self._taken.setdefault((subject_id, product_id), [])
            taken += [_Piece(bucket, -quantity - _use(early, -quantity, bucket)) for bucket, quantity in parts]
        elif returns:
            known = self._taken.get((returns, product_id))
            for bucket, quantity in parts:
                if known is None:
                    self._early.setdefault((returns, product_id), []).append(_Piece(bucket, quantity))
                else:
                    _use(reversed(known), quantity, bucket)

    def knows(self, sale_id: str, product_id: str) -> bool:
        """Whether the sale has arrived, and with these goods."""
        return (sale_id, product_id) in self._taken

    def came_before(self, sale_id: str, product_id: str) -> list[Part]:
        """What of this sale was booked as come back before the sale itself arrived."""
        return [(one.bucket, one.left) for one in self._early.get((sale_id, product_id), []) if one.left > 0]

    def still_out(self, sale_id: str, product_id: str) -> list[Part]:
        """What the sale took and nobody brought back, what it took last first."""
        taken = reversed(self._taken.get((sale_id, product_id), []))
        return [(one.bucket, one.left) for one in taken if one.left > 0]


def _use(pieces: Iterable[_Piece], quantity: int, bucket: Bucket) -> int:
    """Set so much against the pieces of one bucket; how much they had."""
    left = quantity
    for one in pieces:
        piece = min(left, one.left) if one.bucket == bucket else 0
        one.left -= piece
        left -= piece
    return quantity - left


class Shelf:
    """One product at one place: what lies there by owner and lot.

    It must know every bucket that is not at zero, and its trail what moved for the sales whose goods come back.
    """

    def __init__(self, held: Mapping[Bucket, int] | None = None, trail: Trail | None = None) -> None:
        self.held: dict[Bucket, int] = defaultdict(int, held or {})
        self.trail = trail or Trail()

    def move(self, moved: Moved, lots: Mapping[str, Lot]) -> list[Part]:
        """Move goods and say from or to which buckets, each named once. `lots` are those that lie here or are named."""
        if moved.kind == "sale":
            parts = self._sold(moved, lots)
        elif moved.returns:
            parts = self._back(moved, lots)
        else:
            parts = self._chosen(moved, lots)
        for bucket, quantity in parts:
            self.held[bucket] += quantity
        self.trail.remember(moved.kind, moved.subject_id, moved.product_id, moved.returns, parts)
        return parts

    def put_aside(self, parts: Iterable[Part]) -> None:
        """Take what just came here away again: it is damaged, and lies apart."""
        for bucket, quantity in parts:
            self.held[bucket] -= quantity

    def put_right(
        self, sale: Moved, parts: Iterable[Part], early: Iterable[Waiting], lots: Mapping[str, Lot]
    ) -> list[Righted]:
        """Say whose goods those are that came back damaged before the sale arrived: of the lots that it would have taken next.

        `parts` is what the sale took just now, `early` what was set aside of it in no lot and lies there still. What no lot has
        stays as it is. The sale and what came back cancel out as before: nobody is paid or charged.
        """
        taken = {bucket: -quantity for bucket, quantity in parts}
        found: list[Righted] = []
        for one in early:
            was = (one.moved.owner_id, one.moved.lot_id)
            piece = min(one.left, taken.get(was, 0))
            if piece <= 0:
                continue
            taken[was] -= piece
            for bucket, quantity in self._chosen(replace(sale, quantity=-piece), lots):
                if bucket not in (was, (sale.owner_id, LOTLESS)):
                    self.held[was] -= quantity
                    self.held[bucket] += quantity
                    found.append(Righted(one.moved, sale.place_id, sale.place_kind, bucket, -quantity))
        return found

    def _sold(self, moved: Moved, lots: Mapping[str, Lot]) -> list[Part]:
        """What already came back of this sale leaves again where it was put, or its owner would pay for another's goods."""
        sums, wanted = dict[Bucket, int](), -moved.quantity
        for bucket, quantity in self.trail.came_before(moved.subject_id, moved.product_id):
            piece = min(wanted, quantity)
            sums[bucket] = sums.get(bucket, 0) - piece
            wanted -= piece
        if not sums:
            return self._chosen(moved, lots)
        left = Shelf({bucket: quantity + sums.get(bucket, 0) for bucket, quantity in self.held.items()})
        for bucket, quantity in left._chosen(replace(moved, quantity=-wanted), lots) if wanted else []:
            sums[bucket] = sums.get(bucket, 0) + quantity
        return [(bucket, quantity) for bucket, quantity in sums.items() if quantity]

    def _chosen(self, moved: Moved, lots: Mapping[str, Lot]) -> list[Part]:
        named = lots.get(moved.lot_id or LOTLESS)
        if named is not None and named.product_id == moved.product_id:
            return [((named.owner_id, named.id), moved.quantity)]
        if moved.quantity < 0 and moved.lot_id != LOTLESS:
            return self._picked(moved, lots)
        return [((moved.owner_id, LOTLESS), moved.quantity)]

    def _picked(self, moved: Moved, lots: Mapping[str, Lot]) -> list[Part]:
        wanted, parts = -moved.quantity, list[Part]()
        own = (moved.owner_id, LOTLESS)
        for bucket in self._in_order(moved, lots):
            if not wanted:
                break
            piece = min(wanted, self.held[bucket])
            parts.append((bucket, -piece))
            wanted -= piece
        if wanted:  # more than lies here: it has left all the same, and the maker's goods fall below zero
            parts = [(bucket, quantity) for bucket, quantity in parts if bucket != own] + [
                (own, sum(quantity for bucket, quantity in parts if bucket == own) - wanted)
            ]
        return parts

    def _in_order(self, moved: Moved, lots: Mapping[str, Lot]) -> list[Bucket]:
        """What lies here, first to expire first; then lots without a day, first come first; then goods in no lot, the maker's first."""

        def turn(bucket: Bucket) -> tuple[object, ...]:
            owner_id, lot_id = bucket
            lot = lots.get(lot_id)
            if lot is None:
                return 2, _NEVER, _NEVER, owner_id != moved.owner_id, owner_id
            return int(lot.expires_day is None), lot.expires_day or _NEVER, lot.received_day, False, lot.id

        only = moved.owner_id if moved.kind in OWNERS_OWN else None
        lying = (one for one, quantity in self.held.items() if quantity > 0 and (only is None or one[0] == only))
        return sorted(lying, key=turn)

    def _back(self, moved: Moved, lots: Mapping[str, Lot]) -> list[Part]:
        """Into the lots that the sale took them from, one that is named first, and never more than it took; the rest lies in no lot.

        Of a sale that has not arrived nothing is known but what the refund itself says.
        """
        if not self.trail.knows(moved.returns, moved.product_id):
            return self._chosen(moved, lots)
        left, sums = moved.quantity, dict[Bucket, int]()
        out = self.trail.still_out(moved.returns, moved.product_id)
        for bucket, quantity in sorted(out, key=lambda part: part[0][1] != moved.lot_id):
            piece = min(left, quantity)
            if piece > 0:
                sums[bucket] = sums.get(bucket, 0) + piece
                left -= piece
        if left:
            own = (moved.owner_id, LOTLESS)
            sums[own] = sums.get(own, 0) + left
        return list(sums.items())
