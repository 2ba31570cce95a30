"""Which lot goods come out of, and go back into. Pure, and the same for a sale, for the replay of `verify` and for tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
class _Taken:
    """What a sale took out of a bucket and did not bring back yet."""

    bucket: Bucket
    left: int


class Shelf:
    """One product at one place: what lies there by owner and lot, and what sales took out of it.

    It must know every bucket that is not at zero, and what moved for the sales whose goods may come back (`remember`).
    """

    def __init__(self, held: Mapping[Bucket, int] | None = None) -> None:
        self.held: dict[Bucket, int] = defaultdict(int, held or {})
        self._taken: dict[str, list[_Taken]] = {}

    def move(self, moved: Moved, lots: Mapping[str, Lot]) -> list[Part]:
        """Move goods and say from or to which buckets, each named once. `lots` are those that lie here or are named."""
        named = lots.get(moved.lot_id or LOTLESS)
        if named is not None and named.product_id == moved.product_id:
            parts = [((named.owner_id, named.id), moved.quantity)]
        elif moved.quantity < 0 and moved.lot_id != LOTLESS:
            parts = self._picked(moved, lots)
        elif moved.returns:
            parts = self._back(moved)
        else:
            parts = [((moved.owner_id, LOTLESS), moved.quantity)]
        for bucket, quantity in parts:
            self.held[bucket] += quantity
        self.remember(moved.kind, moved.subject_id, moved.returns, parts)
        return parts

    def remember(self, kind: str, subject_id: str, returns: str, parts: Iterable[Part]) -> None:
        """Note what a sale took, or what came back of it; in the order of booking."""
        for bucket, quantity in parts:
            if kind == "sale":
                self._taken.setdefault(subject_id, []).append(_Taken(bucket, -quantity))
            elif returns:
                left = quantity
                for one in reversed(self._taken.get(returns, [])):
                    piece = min(left, one.left) if one.bucket == bucket else 0
                    one.left -= piece
                    left -= piece

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

    def _back(self, moved: Moved) -> list[Part]:
        """Into the lots that the sale took them from, the last one first, and never more than it took; the rest lies in no lot."""
        left, sums = moved.quantity, dict[Bucket, int]()
        for one in reversed(self._taken.get(moved.returns, [])):
            piece = min(left, one.left)
            if piece > 0:
                sums[one.bucket] = sums.get(one.bucket, 0) + piece
                left -= piece
        if left:
            own = (moved.owner_id, LOTLESS)
            sums[own] = sums.get(own, 0) + left
        return list(sums.items())
