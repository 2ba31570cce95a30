"""Which lot goods come out of, and go back into. Pure, and the same for a sale, for the replay of `verify` and for tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from fair_pos.stock.facts import LOTLESS, Lot, Moved

Bucket = tuple[str, str]
"""(owner id, lot id or LOTLESS): goods of one shelf that cannot be told apart."""
Part = tuple[Bucket, int]
"""So much went into a bucket (positive) or came out of it (negative)."""

OWNERS_OWN = frozenset({"return", "transfer_out", "write_off"})
"""Kinds that a note says of one owner. A buyer takes what expires first, whosever it is, and so does what is missing in a count."""
_NEVER = date.max


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
