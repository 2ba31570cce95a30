"""How many of those who came bought, and what a visitor spent, hour by hour.

A share of visitors is worked out only where every gate said something: one missing gate makes the few who were counted look like eager
buyers. Receipts are not buyers and entries are not distinct people (docs/glossary.md), so it is receipts on a hundred entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session, scoped_session

from fair_pos.kernel.money import average_dong
from fair_pos.reports import queries
from fair_pos.reports.rules import Figure, hour_name, hours_of_day
from fair_pos.venues.queries import get_edition
from fair_pos.visitors.queries import HourEntries, entries_by_day, entries_by_hour, gates_of_day, planned_of
from fair_pos.visitors.rules import counts_in, is_more_than_planned

AnySession = Session | scoped_session[Session]
FEW_RECEIPTS = 30
"""Below this a single sale moves the share; the number is shown, and that it is of few."""


@dataclass(frozen=True)
class HourConversion:
    """Sales and entries of one hour, or of several together (`hour` None). `missing` are the gates that said nothing."""

    hour: int | None
    receipts: int
    refunds: int
    net_dong: int
    entries: int | None
    missing: tuple[str, ...]

    @property
    def name(self) -> str:
        """«08:00–09:00»; empty for several hours together."""
        return hour_name(self.hour) if self.hour is not None else ""

    @property
    def is_whole(self) -> bool:
        """Whether every gate said how many came, and anybody did."""
        return bool(self.entries) and self.entries is not None and self.entries > 0 and not self.missing

    @property
    def permille(self) -> int | None:
        """Receipts on a thousand entries, rounded half up; may pass 1000, since one visitor buys at several booths."""
        return average_dong(1000 * self.receipts, self.entries or 0) if self.is_whole else None

    @property
    def dong_per_entry(self) -> int | None:
        """Net money on each entry, rounded half up to the đồng."""
        return average_dong(self.net_dong, self.entries or 0) if self.is_whole else None

    @property
    def is_few(self) -> bool:
        """Whether so few receipts make the share that it says little."""
        return self.receipts < FEW_RECEIPTS


def side_by_side(
    hours: Sequence[Figure], entries: Mapping[int, HourEntries], all_gates: tuple[str, ...]
) -> list[HourConversion]:
    """One row for each hour in which anything was sold or counted; where no gate said anything, all of them are missing."""
    rows = []
    for figure in hours:
        hour = int(figure.key)
        counted = entries.get(hour)
        if counted is None and not figure.receipts and not figure.refunds:
            continue
        people = None if counted is None else counted.entries
        missing = all_gates if counted is None else counted.missing
        rows.append(HourConversion(hour, figure.receipts, figure.refunds, figure.net_dong, people, missing))
    return rows


def whole_hours(rows: Iterable[HourConversion]) -> HourConversion | None:
    """The hours of which every gate spoke as one; None when there is no such hour."""
    whole = [one for one in rows if one.is_whole]
    if not whole:
        return None
    return HourConversion(
        None,
        sum(one.receipts for one in whole),
        sum(one.refunds for one in whole),
        sum(one.net_dong for one in whole),
        sum(one.entries or 0 for one in whole),
        (),
    )


def conversion_of(session: AnySession, edition_id: str, day: date) -> list[HourConversion]:
    """The hours of a fair day in its order; empty when no gate counts anybody. Raises NotFound."""
    edition = get_edition(session, edition_id)
    boundary = edition.day_boundary_minutes
    gates = tuple(gate.name for gate in gates_of_day(session, edition_id, day, boundary) if counts_in(gate.way))
    if not gates:
        return []
    entries = entries_by_hour(session, edition_id, day)
    # An hour in which people came and nothing was sold stands in the table as well.
    found = {hour: Figure("", "") for hour in entries} | queries.hour_figures(session, edition_id, day)
    hours = hours_of_day(found, boundary, edition.opens_minute, edition.closes_minute)
    return side_by_side(hours, entries, gates)


@dataclass(frozen=True)
class Crowd:
    """Entries of a day beside what was planned for it."""

    entries: int
    planned: int | None

    @property
    def is_more(self) -> bool:
        """«đông hơn dự kiến»: more than half above the plan (visitors.rules)."""
        return is_more_than_planned(self.entries, self.planned)


def crowd_of(session: AnySession, edition_id: str, day: date) -> Crowd | None:
    """How many came and how many were planned; None when nobody counted and nobody planned."""
    entries = entries_by_day(session, edition_id).get(day)
    planned = planned_of(session, edition_id).get(day)
    return None if entries is None and planned is None else Crowd(entries or 0, planned)
