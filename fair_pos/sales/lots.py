"""What is odd about the lots that goods came out of: one nobody knows, one that had expired. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from fair_pos.sales.facts import LineFact, Odd
from fair_pos.stock.facts import Lot, Recorded


def lot_oddities(
    subject_id: str, lines: Sequence[LineFact], day: date, moved: Iterable[Recorded], lots: Mapping[str, Lot]
) -> list[Odd]:
    """Of one sale or giveaway on fair day `day`; `moved` is what it moved, and perhaps what others did.

    A lot may be sold on its last day. Whether the seller named the lot or the ledger chose it, the buyer has the goods.
    """
    odd = []
    for line in lines:
        named = lots.get(line.lot_id or "")
        if line.lot_id and (named is None or named.product_id != line.product_id):
            odd.append(Odd("lot_unknown", {"name": line.name}))
    for one in moved:
        lot = lots.get(one.lot_id)
        if one.subject_id == subject_id and lot is not None and lot.expires_day is not None and lot.expires_day < day:
            line = lines[one.line_no - 1]
            facts = {"name": line.name, "lot": lot.code or "—", "day": f"{lot.expires_day:%d/%m/%Y}"}
            odd.append(Odd("lot_expired", {**facts, "reason": line.lot_reason or "—"}))
    return odd
