"""How figures are put side by side, and which day is shown. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Protocol

from fair_pos.kernel.money import average_dong
from fair_pos.kernel.text import sort_key


@dataclass(frozen=True)
class Figure:
    """What was sold and given back under one heading. `key` is what a list of receipts is asked by.

    Counts, pieces, grams of what is sold by weight, and whole đồng; what a table does not count stays 0. Rounding alone may lie below zero.
    """

    key: str
    name: str
    receipts: int = 0
    refunds: int = 0
    sold_quantity: int = 0
    refunded_quantity: int = 0
    sold_dong: int = 0
    refunded_dong: int = 0
    sample_receipts: int = 0
    sold_grams: int = 0
    refunded_grams: int = 0
    confirmed_dong: int = 0
    claimed_dong: int = 0
    card_dong: int = 0
    """How the net was paid other than in cash, where a table asks for it; below zero when more was paid out again."""

    @property
    def is_mixed(self) -> bool:
        """Whether any of it was paid other than in cash."""
        return bool(self.confirmed_dong or self.claimed_dong or self.card_dong)

    @property
    def cash_dong(self) -> int:
        """What is left of the net is cash."""
        return self.net_dong - self.confirmed_dong - self.claimed_dong - self.card_dong

    @property
    def net_dong(self) -> int:
        """What is left after giving back; below zero when more was given back than sold."""
        return self.sold_dong - self.refunded_dong

    @property
    def net_quantity(self) -> int:
        """Pieces sold and kept."""
        return self.sold_quantity - self.refunded_quantity

    @property
    def net_grams(self) -> int:
        """Grams sold and kept, beside the pieces."""
        return self.sold_grams - self.refunded_grams

    @property
    def average_dong(self) -> int:
        """Net money per receipt, rounded half up to the đồng."""
        return average_dong(self.net_dong, self.receipts)


@dataclass(frozen=True)
class Money:
    """What came in at one booth by each way of paying, less what was paid out again. A transfer is confirmed or only claimed."""

    key: str
    name: str
    cash_dong: int
    confirmed_dong: int
    claimed_dong: int
    card_dong: int

    @property
    def net_dong(self) -> int:
        """All of it together: the net of the tenders."""
        return self.cash_dong + self.confirmed_dong + self.claimed_dong + self.card_dong


SPARED = 2
"""A table is not folded for so few rows: the row and the line that stand for them would take the same room."""


def first_money(rows: Sequence[Money], most: int) -> tuple[Sequence[Money], Money | None]:
    """The rows with the most money and all others as one, whose key is their number; all of them when hardly more than `most`."""
    if len(rows) <= most + SPARED:
        return rows, None
    ordered = sorted(rows, key=lambda one: -one.net_dong)
    others = ordered[most:]
    cash, confirmed, claimed, card = (
        sum(column)
        for column in zip(
            *((one.cash_dong, one.confirmed_dong, one.claimed_dong, one.card_dong) for one in others), strict=True
        )
    )
    return ordered[:most], Money(str(len(others)), "", cash, confirmed, claimed, card)


def money_of(
    names: Mapping[str, str], nets: Mapping[tuple[str, str], int], split: Mapping[str, tuple[int, int]]
) -> list[Money]:
    """Money by booth, for booths where any was moved: `nets` by (booth, method), `split` of transfers (confirmed, claimed)."""
    moved = {booth for booth, _method in nets} | split.keys()
    return [
        Money(key, name, nets.get((key, "cash"), 0), *split.get(key, (0, 0)), nets.get((key, "card"), 0))
        for key, name in names.items()
        if key in moved
    ]


_SUMS = (
    "receipts",
    "refunds",
    "sold_quantity",
    "refunded_quantity",
    "sold_dong",
    "refunded_dong",
    "sample_receipts",
    "sold_grams",
    "refunded_grams",
    "confirmed_dong",
    "claimed_dong",
    "card_dong",
)


def together(figures: Iterable[Figure], key: str = "", name: str = "") -> Figure:
    """The figures as one."""
    sums = dict.fromkeys(_SUMS, 0)
    for figure in figures:
        for field in _SUMS:
            sums[field] += getattr(figure, field)
    return Figure(key, name, **sums)


class Cashless(Protocol):
    """Money by transfer and by card, less what was paid out again; đồng."""

    @property
    def confirmed_dong(self) -> int: ...
    @property
    def claimed_dong(self) -> int: ...
    @property
    def card_dong(self) -> int: ...


def with_split(figures: Iterable[Figure], cashless: Mapping[str, Cashless]) -> list[Figure]:
    """The figures with how their net was paid, by their keys; what has none there was paid in cash."""
    return [
        replace(
            one,
            confirmed_dong=cashless[one.key].confirmed_dong,
            claimed_dong=cashless[one.key].claimed_dong,
            card_dong=cashless[one.key].card_dong,
        )
        if one.key in cashless
        else one
        for one in figures
    ]


def grouped(figures: Iterable[Figure], key_of: Mapping[str, str]) -> list[Figure]:
    """The figures summed by what `key_of` says about their keys; key and name of the result are that word."""
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(key_of.get(figure.key, ""), []).append(figure)
    return [together(members, key, key) for key, members in groups.items()]


@dataclass(frozen=True)
class Makeup:
    """What net money is made of: `before_dong` − `discount_dong` + `rounding_dong` = `net_dong`; refunds are taken off each."""

    net_dong: int
    discount_dong: int
    rounding_dong: int

    @property
    def before_dong(self) -> int:
        """The goods at the prices charged, before any discount and rounding."""
        return self.net_dong + self.discount_dong - self.rounding_dong

    @property
    def is_plain(self) -> bool:
        """Whether nothing was taken off or rounded."""
        return not self.discount_dong and not self.rounding_dong


def rest_of(total: Figure, figures: Iterable[Figure], name: str) -> Figure | None:
    """What is in the total and in none of its goods: the rounding, of sales and of refunds; None when there is none."""
    goods = together(figures)
    sold, refunded = total.sold_dong - goods.sold_dong, total.refunded_dong - goods.refunded_dong
    return Figure("", name, sold_dong=sold, refunded_dong=refunded) if sold or refunded else None


def by_name(figures: Iterable[Figure]) -> list[Figure]:
    """In Vietnamese alphabetical order."""
    return sorted(figures, key=lambda figure: (sort_key(figure.name), figure.key))


def by_money(figures: Iterable[Figure]) -> list[Figure]:
    """Largest net first, equals in alphabetical order: only their names are compared, which takes long for ten thousand goods."""
    found: list[Figure] = []
    for _net, equals in groupby(sorted(figures, key=lambda one: -one.net_dong), key=lambda one: one.net_dong):
        some = list(equals)
        found += by_name(some) if len(some) > 1 else some
    return found


def hours_of_day(
    found: Mapping[int, Figure], boundary_minutes: int, opens_minute: int, closes_minute: int
) -> list[Figure]:
    """One figure an hour in the order in which a fair day runs: from opening or the first sale to closing or the last.

    Hours without a sale in between are there with zeros, so that a plot does not close the gap. Minutes count from midnight.
    A boundary inside an hour gives that hour to the beginning of the day.
    """
    first_hour = boundary_minutes // 60

    def place(hour: int) -> int:
        return (hour - first_hour) % 24

    last_hour = (closes_minute - 1) % 1440 // 60
    places = {place(hour) for hour in found} | {place(opens_minute // 60), place(last_hour)}
    hours = [(first_hour + index) % 24 for index in range(min(places), max(places) + 1)]
    return [replace(found.get(hour, Figure("", "")), key=str(hour), name=hour_name(hour)) for hour in hours]


def hour_name(hour: int) -> str:
    """«08:00–09:00»."""
    return f"{hour:02d}:00–{(hour + 1) % 24:02d}:00"


def shown_day(
    asked: date | None, today: date, starts_day: date, ends_day: date | None, with_sales: Collection[date]
) -> date:
    """The day asked for; else the last one with sales, which is today as soon as the first has come; else where the edition stands."""
    if asked is not None:
        return asked
    runs = starts_day <= today and (ends_day is None or today <= ends_day)
    return max((day for day in with_sales if day <= today), default=today if runs else starts_day)


MOST_DAYS = 14


def days_to_choose(
    shown: date, today: date, starts_day: date, ends_day: date | None, with_sales: Collection[date]
) -> list[date]:
    """Days offered for choosing: those of the edition up to today and those with sales; of a showroom the last fourteen."""
    last = min(today, ends_day) if ends_day is not None else today
    earliest = max(starts_day, last - timedelta(days=MOST_DAYS - 1))
    days = {earliest + timedelta(days=step) for step in range((last - earliest).days + 1)}
    return sorted({shown, *sorted({*days, *with_sales} - {shown})[-(MOST_DAYS - 1) :]})
