"""Published figures: what each means, which word holds, and where they contradict one another. Whole numbers alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from fair_pos.kernel.text import clean

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
receipt; `enterprises` producers whose goods were sold, `products` the kinds of those goods."""
OF_A_DAY = tuple(name for name in NAMES if name not in {"days", "booths"})
"""What a day has too: the length and the register are the whole edition's."""
SUMMED = ("visits", "receipts", "refunds", "sold_dong", "refunded_dong", "net_dong", "ocop_dong")
"""What days add up to. A producer that sells on two days is one producer."""
MONEY = tuple(name for name in NAMES if name.endswith("_dong"))
MOST_ROUNDING_DONG = 500
"""What rounding to whole notes takes off a receipt at most, so that its goods cost more than was paid."""
OWN_SOURCE = "system"
"""The source of an adjustment that took the system's own figure in; of one that a person typed it is empty."""
LEAST_REASON = 5
MOST_REASON = 500
MOST_SOURCE = 300
MOST_VALUE = 10**15
"""A million billions: more is a slip of the finger."""


@dataclass(frozen=True)
class Entry:
    """One word about one figure. `day` is None for the whole edition; `old_value` what held before; no `value`: taken back."""

    number: int
    day: date | None
    name: str
    value: int | None
    old_value: int | None
    kind: Kind
    source: str
    reason: str
    person_id: str
    at: datetime
    held_value: int | None = None
    """What the system itself held when this was said; of an adjusted figure as the person saw it."""


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
        """What was published: whole đồng, people, receipts …; None when nothing was, or it was taken back."""
        found = self.latest(name, day)
        return None if found is None else found.value

    def is_deliberate(self, name: str, day: date | None = None) -> bool:
        """Whether a person typed what holds of a frozen figure, so that it is not overwritten unasked."""
        found = self.latest(name, day)
        return found is not None and found.kind == "adjusted" and found.source != OWN_SOURCE

    def held(self, name: str, day: date | None = None) -> int | None:
        """What the system held when the word that holds was said; None where it had no such figure."""
        found = self.latest(name, day)
        return None if found is None else found.held_value

    @property
    def days(self) -> list[date]:
        """The days of which anything was published."""
        return sorted({one.day for one in self.entries if one.day is not None})

    def figures(self) -> dict[date | None, dict[str, int]]:
        """What holds, as `Figures`."""
        found: dict[date | None, dict[str, int]] = {}
        for one in self.entries:
            of_day = found.setdefault(one.day, {})
            if one.value is None:
                of_day.pop(one.name, None)
            else:
                of_day[one.name] = one.value
        return found


@dataclass(frozen=True)
class Gap:
    """A published figure beside what the system holds now; either is None where nothing is known. Without day: of the whole edition."""

    day: date | None
    name: str
    published: int | None
    now: int | None

    @property
    def key(self) -> str:
        """What a ticked box says."""
        return f"{'' if self.day is None else self.day.isoformat()}:{self.name}"

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


def arrived(published: Published, now: Figures) -> list[Gap]:
    """The gaps that something new made: the system holds another value than when the figure was frozen, adjusted or taken in.

    What a person adjusted and nothing has moved since is no gap to be closed: that would take their word back.
    """
    return [one for one in gaps(published.figures(), now) if one.now != published.held(one.name, one.day)]


def _day_order(day: date | None) -> tuple[bool, date]:
    return (day is not None, day or date.min)


@dataclass(frozen=True)
class Contradiction:
    """Two published figures that cannot both be right. `values` are said in the sentence of `code`."""

    code: Literal["net", "gross", "ocop", "days", "sum"]
    day: date | None
    name: str
    values: tuple[int, ...]


def contradictions(figures: Figures, length: int | None) -> list[Contradiction]:
    """What published figures say against one another or against the `length` of the edition in days. Said, never refused: sources err.

    Net is sold less refunded, and never more than was sold; OCOP goods are a part of what was sold, or of the net when no more is known (on a day on which other
    goods came back they may well exceed the net); the days of the source are those of the edition; days that are all known add up
    to the whole.
    """
    found: list[Contradiction] = []
    for day in sorted(figures, key=_day_order):
        values = figures[day]
        sold, refunded, net = values.get("sold_dong"), values.get("refunded_dong"), values.get("net_dong")
        if sold is not None and refunded is not None and net is not None and net != sold - refunded:
            found.append(Contradiction("net", day, "net_dong", (net, sold, refunded)))
        elif sold is not None and refunded is None and net is not None and net > sold:
            found.append(Contradiction("gross", day, "net_dong", (net, sold)))
        ocop, most = values.get("ocop_dong"), net if sold is None else sold
        if ocop is not None and most is not None and ocop > most + MOST_ROUNDING_DONG * values.get("receipts", 0):
            found.append(Contradiction("ocop", day, "ocop_dong", (ocop, most)))
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


_GROUPED = re.compile(r"\d{1,3}(?:[. ]\d{3})+|\d+")
_SCALES = {"tỷ": 9, "tỉ": 9, "triệu": 6, "tr": 6}
_SCALED = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:[,.](\d{1,9}))? ?(tỷ|tỉ|triệu|tr)")


def read_figure(text: str, *, money: bool) -> int | None:
    """A whole number as people type it: «54.000», and of money also «6,8 tỷ» and «760 triệu»; None when it is none or too large.

    >>> read_figure("54.000", money=False), read_figure("6,8 tỷ", money=True), read_figure("1.360 triệu đồng", money=True)
    (54000, 6800000000, 1360000000)
    """
    bare = clean(text).lower()
    if money:
        bare = bare.removesuffix("đồng").removesuffix("₫").removesuffix("đ").strip()
    if _GROUPED.fullmatch(bare) and bare.isascii():
        value = int(bare.replace(".", "").replace(" ", ""))
        return value if value <= MOST_VALUE else None
    found = _SCALED.fullmatch(bare) if money else None
    if found is None or not found.group(1).isascii():
        return None
    whole, part, scale = found.group(1).replace(".", ""), found.group(2) or "", _SCALES[found.group(3)]
    if len(part) > scale or len(whole) > 9:
        return None
    value = int(whole + part) * 10 ** (scale - len(part))
    return value if value <= MOST_VALUE else None


def seen_token(found: Sequence[Gap]) -> str:
    """A short word for exactly these gaps, so that nobody takes in what came after they looked."""
    said = "|".join(f"{one.day}:{one.name}:{one.published}:{one.now}" for one in found)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def reason_fits(reason: str) -> bool:
    """Whether a cleaned reason says something."""
    return LEAST_REASON <= len(reason) <= MOST_REASON


@dataclass(frozen=True)
class OpenItem:
    """Something that is not finished before the figures are frozen: the fair itself, a day nobody signed, or devices that owe data."""

    kind: Literal["running", "day", "tablets", "phones"]
    day: date | None = None
    names: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What a ticked box says; another device that is late is another thing to know."""
        said = ",".join(self.names) if self.day is None else self.day.isoformat()
        return f"{self.kind}:{said}"


def unticked(open_items: Iterable[OpenItem], ticked: Collection[str]) -> list[OpenItem]:
    """What is open and was not ticked as known."""
    return [one for one in open_items if one.key not in ticked]


def spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days as stretches without a gap: (first, last) of each, in order."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
