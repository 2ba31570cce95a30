"""Published figures: what each means, which word holds, and where they contradict one another. Whole numbers alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Kind = Literal["frozen", "adjusted", "stated"]
Figures = Mapping[date | None, Mapping[str, int]]
"""Day, or None for the whole edition → name → value. What is not known is left out, so that it is never taken for zero."""

NAMES = (
    "days",
    "visits",
    "receipts",
    "refunds",
    "sold_dong",
    "refunded_dong",
    "net_dong",
    "ocop_dong",
    "booths",
    "selling_booths",
    "enterprises",
    "products",
)
"""In the order of every table. `days` is the length of the edition; `booths` those of its register, `selling_booths` those with a
receipt; `enterprises` producers whose goods were sold or given back, `products` the kinds of those goods."""
OF_A_DAY = tuple(name for name in NAMES if name not in {"days", "booths"})
"""What a day has too: the length and the register are the whole edition's."""
SUMMED = ("visits", "receipts", "refunds", "sold_dong", "refunded_dong", "net_dong", "ocop_dong")
"""What days add up to. A producer that sells on two days is one producer."""
LEAST_REASON = 5
MOST_REASON = 500
MOST_SOURCE = 300
MOST_VALUE = 10**15
"""A thousand billion of thousands of đồng: more is a slip of the finger."""


@dataclass(frozen=True)
class Entry:
    """One word about one figure. `day` is None for the whole edition; `old_value` what held before."""

    number: int
    day: date | None
    name: str
    value: int
    old_value: int | None
    kind: Kind
    source: str
    reason: str
    person_id: str
    at: datetime


@dataclass(frozen=True)
class Published:
    """Everything that was published of an edition, oldest first."""

    entries: tuple[Entry, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever published."""
        return not self.entries

    @property
    def frozen_at(self) -> datetime | None:
        """When the figures were frozen, if they were."""
        return next((one.at for one in self.entries if one.kind == "frozen"), None)

    def history(self, name: str, day: date | None = None) -> tuple[Entry, ...]:
        """All words about one figure, oldest first."""
        return tuple(one for one in self.entries if one.name == name and one.day == day)

    def latest(self, name: str, day: date | None = None) -> Entry | None:
        """The word that holds."""
        return next((one for one in reversed(self.entries) if one.name == name and one.day == day), None)

    def value(self, name: str, day: date | None = None) -> int | None:
        """What was published: whole đồng, people, receipts …; None when nothing was."""
        found = self.latest(name, day)
        return None if found is None else found.value

    @property
    def days(self) -> list[date]:
        """The days of which anything was published."""
        return sorted({one.day for one in self.entries if one.day is not None})

    def figures(self) -> dict[date | None, dict[str, int]]:
        """What holds, as `Figures`."""
        found: dict[date | None, dict[str, int]] = {}
        for one in self.entries:
            found.setdefault(one.day, {})[one.name] = one.value
        return found


@dataclass(frozen=True)
class Gap:
    """A published figure beside what the system holds now; either is None where nothing is known. Without day: of the whole edition."""

    day: date | None
    name: str
    published: int | None
    now: int | None

    @property
    def difference(self) -> int:
        """Now less published; what is unknown counts as nothing."""
        return (self.now or 0) - (self.published or 0)


def gaps(published: Figures, now: Figures) -> list[Gap]:
    """Where the system holds another value than was published, whole edition first, then by day. What it does not know is no gap."""
    found = []
    for day in sorted(now, key=_day_order):
        known = published.get(day, {})
        found += [
            Gap(day, name, known.get(name), now[day][name])
            for name in NAMES
            if name in now[day] and now[day][name] != known.get(name)
        ]
    return found


def _day_order(day: date | None) -> tuple[bool, date]:
    return (day is not None, day or date.min)


@dataclass(frozen=True)
class Contradiction:
    """Two published figures that cannot both be right. `values` are said in the sentence of `code`."""

    code: Literal["net", "ocop", "ocop_sold", "days", "sum"]
    day: date | None
    name: str
    values: tuple[int, ...]


def contradictions(figures: Figures, length: int | None) -> list[Contradiction]:
    """What published figures say against one another or against the `length` of the edition in days. Said, never refused: sources err.

    Net is sold less refunded; OCOP goods are a part of the net, or of what was sold when no net is known; the days of the source are
    those of the edition; days that are all known add up to the whole.
    """
    found: list[Contradiction] = []
    for day in sorted(figures, key=_day_order):
        values = figures[day]
        sold, refunded, net = values.get("sold_dong"), values.get("refunded_dong"), values.get("net_dong")
        if sold is not None and refunded is not None and net is not None and net != sold - refunded:
            found.append(Contradiction("net", day, "net_dong", (net, sold, refunded)))
        ocop = values.get("ocop_dong")
        if ocop is not None and net is not None and ocop > net:
            found.append(Contradiction("ocop", day, "ocop_dong", (ocop, net)))
        if ocop is not None and net is None and sold is not None and ocop > sold:
            found.append(Contradiction("ocop_sold", day, "ocop_dong", (ocop, sold)))
    whole = figures.get(None, {})
    if length is not None and whole.get("days", length) != length:
        found.append(Contradiction("days", None, "days", (whole["days"], length)))
    return found + _sums(figures, whole, length)


def _sums(figures: Figures, whole: Mapping[str, int], length: int | None) -> list[Contradiction]:
    found = []
    for name in SUMMED:
        of_days = [values[name] for day, values in figures.items() if day is not None and name in values]
        # Some of the days say less than the whole without any contradiction; more than the whole they cannot.
        all_known = length is not None and len(of_days) >= length
        if name in whole and of_days and (sum(of_days) > whole[name] or (all_known and sum(of_days) != whole[name])):
            found.append(Contradiction("sum", None, name, (whole[name], sum(of_days))))
    return found


def may_state(name: str, day: date | None, own: Figures, *, frozen: bool) -> bool:
    """Whether a figure may be typed from a source: only where this system has none of its own, and before the edition is frozen."""
    return not frozen and name not in own.get(day, {})


def reason_fits(reason: str) -> bool:
    """Whether a cleaned reason says something."""
    return LEAST_REASON <= len(reason) <= MOST_REASON


def unticked(open_items: Iterable[str], ticked: Sequence[str]) -> list[str]:
    """What is open and was not ticked as known."""
    return [one for one in open_items if one not in set(ticked)]
