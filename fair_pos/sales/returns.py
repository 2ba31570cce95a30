"""Giving back: what is left of a sale to give back, and what is odd about a refund. Sums over refund lines, never a counter. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from fair_pos.kernel.text import clean
from fair_pos.sales.facts import LineFact, Odd

DAMAGED_WORDS = ("Hàng hỏng", "Damaged goods")
"""The till's words for it in its two languages (till/src/words), alone or before a colon and more words."""


def came_back_damaged(reason: str) -> bool:
    """Whether a refund's reason says that the goods are not for sale any more.

    >>> came_back_damaged("Hàng hỏng: vỡ nắp"), came_back_damaged("Hàng hỏng hóc gì đó")
    (True, False)
    """
    first, _colon, _more = clean(reason).partition(":")
    return first.strip() in DAMAGED_WORDS


@dataclass(frozen=True)
class Amount:
    """So much of a product: base units or grams, and đồng."""

    quantity: int = 0
    dong: int = 0


NOTHING = Amount()
WHOLE = ""
"""Stands among products for a whole receipt: what was paid for it, rounding and all."""


def refund_oddities(
    refund: Sequence[LineFact], sold: Mapping[str, Amount] | None, refunded: Mapping[str, Amount]
) -> list[Odd]:
    """What is odd about giving back: the original is not known, or more goods or more money came back than were sold.

    `sold` and `refunded` are by product and for the WHOLE, `refunded` over all refunds of that sale with this one included.
    """
    if sold is None:
        return [Odd("refund_original_unknown", {})]
    for line in refund:
        back, bought = refunded.get(line.product_id, NOTHING), sold.get(line.product_id, NOTHING)
        if back.quantity > bought.quantity or back.dong > bought.dong:
            return [Odd("refund_exceeds_sale", {"name": line.name})]
    if refunded.get(WHOLE, NOTHING).dong > sold.get(WHOLE, NOTHING).dong:  # by what rounding took off, say
        return [Odd("refund_exceeds_sale", {"name": refund[0].name})]
    return []


class Line(Protocol):
    """A line, whichever record it comes from."""

    @property
    def product_id(self) -> str: ...
    @property
    def pack_id(self) -> str | None: ...
    @property
    def grams(self) -> int | None: ...
    @property
    def quantity(self) -> int: ...
    @property
    def unit_price_dong(self) -> int: ...
    @property
    def amount_dong(self) -> int: ...
    @property
    def lot_id(self) -> str | None: ...


def left_to_return(sold: Iterable[Line], refunded: Iterable[Line]) -> list[int]:
    """How many pieces or packs of each line can still be given back; of weighed goods 1 or 0, since a bag comes back whole.

    A refund says what came back, not which line: of lines alike the first is given back first. Where it names a lot, the line
    of that lot is; only what no line of that lot has is set against the others.
    """
    lines, back = list(sold), Counter[tuple[object, ...]]()
    for line in refunded:
        back[_likeness(line), line.lot_id] += line.quantity
    left = [line.quantity for line in lines]
    for at, line in enumerate(lines):
        gone = min(left[at], back[_likeness(line), line.lot_id])
        back[_likeness(line), line.lot_id] -= gone
        left[at] -= gone
    rest = Counter[object]()
    for (likeness, _), quantity in back.items():
        rest[likeness] += quantity
    for at, line in enumerate(lines):
        gone = min(left[at], rest[_likeness(line)])
        rest[_likeness(line)] -= gone
        left[at] -= gone
    return left


def _likeness(line: Line) -> tuple[object, ...]:
    """All that tells lines apart on a refund. Pieces come back in part, so their amount says nothing; a bag's does."""
    amount = None if line.grams is None else line.amount_dong
    return line.product_id, line.pack_id, line.grams, line.unit_price_dong, amount
