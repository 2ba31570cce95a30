"""What the report is made of, before any word is chosen. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from fair_pos.daysheet.rules import Badge
from fair_pos.final_report.rules import KeyFigure
from fair_pos.published.rules import Published
from fair_pos.reports.comparison import Column
from fair_pos.reports.conversion import HourConversion
from fair_pos.reports.rules import Figure, Makeup
from fair_pos.reports.shares import Share, share_of
from fair_pos.visitors.rules import is_more_than_planned


@dataclass(frozen=True)
class SignedDay:
    """A sheet of a day: who signed it and when, and who opened it again and why, if anybody did."""

    number: int
    closed_by: str
    closed_at: datetime
    reopened_by: str = ""
    reopened_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class DayFacts:
    """One fair day. Of visitors, None is «nobody counted» and never nobody."""

    day: date
    money: Figure
    badge: Badge
    visitor_badge: Badge
    entries: int | None = None
    peak: int | None = None
    peak_at: datetime | None = None
    distinct: int | None = None
    planned: int | None = None
    silent_gates: tuple[str, ...] = ()
    """Gates that stood on this day and said nothing."""
    buying: HourConversion | None = None
    """Sales and entries of the hours of which every gate spoke; None when there is no such hour."""
    corrections: int = 0
    paper_tallies: int = 0
    oddities: int = 0
    sheets: tuple[SignedDay, ...] = ()

    @property
    def is_over_plan(self) -> bool:
        """Whether more came than planned, by the rule of the day sheet: «đông hơn dự kiến»."""
        return (
            self.entries is not None and self.planned is not None and is_more_than_planned(self.entries, self.planned)
        )

    @property
    def is_final(self) -> bool:
        """Whether neither its money nor its visitors are expected to change."""
        return self.badge.is_final and (self.entries is None or self.visitor_badge.is_final)


@dataclass(frozen=True)
class Happening:
    """A mark of the programme; `minute` from midnight."""

    day: date
    minute: int
    kind: str
    title: str


@dataclass(frozen=True)
class EditionFacts:
    """The fair itself. `number_in_series` counts from 1; None without a series."""

    name: str
    place: str
    series: str
    number_in_series: int | None
    starts_day: date
    ends_day: date | None
    opens_minute: int
    closes_minute: int
    sample: bool
    booths: int
    zones: int
    enterprises: int
    localities: int
    products: int
    """Kinds of goods on sale at its booths."""


@dataclass(frozen=True)
class Change:
    """A published figure that was changed after freezing."""

    at: datetime
    day: date | None
    name: str
    old: int | None
    value: int | None
    by: str
    reason: str


@dataclass(frozen=True)
class Device:
    """A tablet or gate phone that is not settled: never heard of, holding something back, or with a gap in its numbers."""

    name: str
    place: str
    last_heard_at: datetime | None
    waiting: int
    missing: int
    is_phone: bool = False


@dataclass(frozen=True)
class Facts:
    """Everything the report says, as found at `at`."""

    at: datetime
    edition: EditionFacts
    days: tuple[DayFacts, ...]
    total: Figure
    makeup: Makeup
    share: Share
    published: Published
    changes: tuple[Change, ...]
    badge: Badge
    now: Column
    before: Column | None
    """This edition and the one before it, as the comparison of the series has them."""
    programme: tuple[Happening, ...]
    devices: tuple[Device, ...]
    quarantined: int
    keys: dict[str, KeyFigure] = field(default_factory=dict)

    @property
    def is_provisional(self) -> bool:
        """Whether any figure may still change: a day that is not final, or one still to come."""
        return not self.badge.is_final or any(not one.is_final for one in self.days)

    @property
    def counted_days(self) -> list[DayFacts]:
        """The days on which visitors were counted."""
        return [one for one in self.days if one.entries is not None]

    @property
    def planned_days(self) -> list[DayFacts]:
        """The days on which visitors were counted and for which a number was planned."""
        return [one for one in self.counted_days if one.planned is not None]

    @property
    def entries(self) -> int | None:
        """Entries of all days; None where nobody counted on any."""
        return sum(one.entries or 0 for one in self.counted_days) if self.counted_days else None

    @property
    def distinct(self) -> int | None:
        """Daily estimates added up; None unless there is one for each day on which anybody was counted."""
        some = [one.distinct for one in self.counted_days if one.entries]
        return sum(one or 0 for one in some) if some and None not in some else None

    @property
    def peak_day(self) -> DayFacts | None:
        """The day with the most people inside at once."""
        some = [one for one in self.days if one.peak is not None]
        return max(some, key=lambda one: one.peak or 0, default=None)

    @property
    def ocop(self) -> Share | None:
        """OCOP goods within the whole, as the report says them: both published, or both recorded; None without either."""
        ocop, net = self.published.value("ocop_dong"), self.published.value("net_dong")
        if ocop is not None and net is not None:
            return Share(ocop, net, share_of(ocop, net))
        return self.share if self.share.total_dong else None

    def said(self, name: str) -> int | None:
        """The figure that the report says under this name; None when it is not known."""
        found = self.keys.get(name)
        return None if found is None else found.said


def with_keys(published: Published, live: dict[str, int | None]) -> dict[str, KeyFigure]:
    """The key figures by name: what is recorded beside what was published."""
    found = {}
    for name, value in live.items():
        found[name] = KeyFigure(name, value, published.value(name))
    return found
