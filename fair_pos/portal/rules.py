"""How a producer's figures are put together. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

Key = TypeVar("Key")
Row = TypeVar("Row")
LINES_A_PAGE = 150
"""Lines of goods on one page: with the style it stays below 40 kB, which a phone on 3G loads in two seconds."""

SHOWN_AT_FIRST = 12
"""Kinds of goods on the first page, which then ends after a few screens; all of them are one tap away."""
KINDS_A_PAGE = 40
LEFT_A_PAGE = 60
DAYS_A_PAGE = 32
EDITIONS_A_PAGE = 8
STATEMENTS_A_PAGE = 24


@dataclass(frozen=True)
class Sums:
    """What was sold and given back: pieces, grams of what is sold by weight, and đồng, none negative. Net may be below zero."""

    sold_quantity: int = 0
    refunded_quantity: int = 0
    sold_dong: int = 0
    refunded_dong: int = 0
    sold_grams: int = 0
    refunded_grams: int = 0

    @property
    def net_quantity(self) -> int:
        """Pieces sold and kept."""
        return self.sold_quantity - self.refunded_quantity

    @property
    def net_grams(self) -> int:
        """Grams sold and kept, beside the pieces."""
        return self.sold_grams - self.refunded_grams

    @property
    def net_dong(self) -> int:
        """Money taken and kept, in đồng."""
        return self.sold_dong - self.refunded_dong

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.sold_quantity + other.sold_quantity,
            self.refunded_quantity + other.refunded_quantity,
            self.sold_dong + other.sold_dong,
            self.refunded_dong + other.refunded_dong,
            self.sold_grams + other.sold_grams,
            self.refunded_grams + other.refunded_grams,
        )


def sum_of(parts: Iterable[Sums]) -> Sums:
    """All parts as one."""
    return sum(parts, Sums())


def sums_by(parts: Iterable[tuple[Key, Sums]]) -> dict[Key, Sums]:
    """The parts summed per key, keys in the order of their first part."""
    found: dict[Key, Sums] = {}
    for key, part in parts:
        found[key] = found.get(key, Sums()) + part
    return found


def measured_sums(sold: int, refunded: int, sold_dong: int, refunded_dong: int, *, weighed: bool) -> Sums:
    """What a figure counts, as pieces or, of goods sold by weight, as grams."""
    if weighed:
        return Sums(0, 0, sold_dong, refunded_dong, sold, refunded)
    return Sums(sold, refunded, sold_dong, refunded_dong)


def line_sums(kind: str, quantity: int, amount_dong: int, *, weighed: bool = False) -> Sums:
    """One line of a sale or refund as sums, so that lines add up to figures. `quantity` in base units or grams."""
    if kind == "refund":
        return measured_sums(0, quantity, 0, amount_dong, weighed=weighed)
    return measured_sums(quantity, 0, amount_dong, 0, weighed=weighed)


class Cashless(Protocol):
    """Money by transfer and by card, less what was paid out again; đồng."""

    @property
    def confirmed_dong(self) -> int: ...
    @property
    def claimed_dong(self) -> int: ...
    @property
    def card_dong(self) -> int: ...


@dataclass(frozen=True)
class Paid:
    """How the net of a producer's goods was paid; đồng. What is not known to be otherwise is cash."""

    cash_dong: int = 0
    confirmed_dong: int = 0
    claimed_dong: int = 0
    card_dong: int = 0

    @property
    def is_cash(self) -> bool:
        """Whether nothing was paid otherwise."""
        return not (self.confirmed_dong or self.claimed_dong or self.card_dong)


def paid_of(net_dong: int, cashless: Iterable[Cashless]) -> Paid:
    """The net taken apart by how it was paid."""
    parts = list(cashless)
    confirmed, claimed = sum(one.confirmed_dong for one in parts), sum(one.claimed_dong for one in parts)
    card = sum(one.card_dong for one in parts)
    return Paid(net_dong - confirmed - claimed - card, confirmed, claimed, card)


@dataclass(frozen=True)
class Discounts:
    """What was taken off a producer's goods, less what came back, by who bears it. Đồng; below zero when more came back than was given."""

    own_dong: int = 0
    """Borne by the producer, or by nobody who was named: it stays off their money."""
    organiser_dong: int = 0
    """Borne by the organiser: off what the buyer paid, and owed to the producer."""
    shared_dong: int = 0
    """Borne by both; who pays how much is settled between them."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.own_dong or self.organiser_dong or self.shared_dong)


def discounts_of(parts: Iterable[tuple[str, int]]) -> Discounts:
    """(who bears it, đồng) put together."""
    sums = {"own": 0, "organiser": 0, "shared": 0}
    for borne_by, dong in parts:
        sums[borne_by if borne_by in sums else "own"] += dong
    return Discounts(sums["own"], sums["organiser"], sums["shared"])


def shown_day(days: Collection[date], running: Mapping[str, date], calendar_day: date) -> date:
    """The day a page calls «today».

    `days` are the fair days that have figures now, `running` what each running edition calls today: at 00:30 a night market still counts
    the evening before. With figures it is their newest day, without any the newest day of a running edition, else the calendar's.
    """
    return max(days, default=max(running.values(), default=calendar_day))


def page_of(rows: Sequence[Row], number: int, size: int = LINES_A_PAGE) -> tuple[Sequence[Row], int, int]:
    """(the rows of page `number`, that number brought into range, how many pages there are); pages count from 1."""
    pages = max(1, -(-len(rows) // size))
    number = min(max(1, number), pages)
    return rows[(number - 1) * size : number * size], number, pages


class Lasting(Protocol):
    """Goods at a place: how many are left, for how many days, None when nobody can say, and the last good day."""

    @property
    def quantity(self) -> int: ...
    @property
    def days_left(self) -> int | None: ...
    @property
    def expires_day(self) -> date | None: ...


Goods = TypeVar("Goods", bound=Lasting)


def soonest(left: Iterable[Goods]) -> list[Goods]:
    """What wants its owner's eye first: below zero, then what is sold out or past its end first; what nobody buys keeps its order at the end."""
    return sorted(
        left,
        key=lambda one: (
            one.quantity >= 0,
            one.days_left is None,
            one.days_left or 0,
            one.expires_day or date.max,
        ),
    )
