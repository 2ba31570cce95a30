"""Editions of one series beside one another: per day, since their lengths differ, and day by day. Whole numbers alone.

What was published of an edition stands as published; of an edition that still runs, or was never frozen, the system's own figures do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy.orm import Session, scoped_session

from fair_pos.kernel.day import fair_day
from fair_pos.kernel.money import average_dong
from fair_pos.published.queries import published_of_each
from fair_pos.published.rules import SUMMED, Contradiction, Published, contradictions
from fair_pos.reports.shares import share_of
from fair_pos.reports.standing import standing_of
from fair_pos.venues.queries import editions_of_series, get_edition
from fair_pos.venues.tables import Edition
from fair_pos.visitors.queries import planned_of
from fair_pos.visitors.rules import is_more_than_planned

AnySession = Session | scoped_session[Session]
Origin = Literal["frozen", "adjusted", "stated", "live", "summed"]
"""Published in one of three ways; the system's own until then; or worked out from days of which every one is known."""
LEAST_SALES = 30
"""Of fewer sales, or visitors, no percentage is said: three receipts more are no «+10 %»."""


# --- which day stands beside which ------------------------------------------------------------------------------------


def edition_before(session: AnySession, edition_id: str) -> Edition | None:
    """The fair of the same series that began last before this one; no showroom. Raises NotFound."""
    edition = get_edition(session, edition_id)
    if edition.series_id is None:
        return None
    fairs = [one for one in editions_of_series(session, edition.series_id) if one.kind == "fair"]
    earlier = [one for one in fairs if one.starts_day < edition.starts_day]
    return earlier[-1] if earlier else None


def same_fair_day(session: AnySession, edition_id: str, day: date) -> tuple[Edition, date] | None:
    """The day of the edition before that stands beside `day`: its first beside the first, its second beside the second.

    None without an edition before, on a day before this edition begins, and where the edition before was over by then. A showroom has
    no fair days to stand beside. Raises NotFound.
    """
    edition, before = get_edition(session, edition_id), edition_before(session, edition_id)
    if before is None or before.ends_day is None or edition.ends_day is None or day < edition.starts_day:
        return None
    there = before.starts_day + timedelta(days=(day - edition.starts_day).days)
    return (before, there) if there <= before.ends_day else None


# --- numbers ----------------------------------------------------------------------------------------------------------


def growth_per_day(now: int | None, now_days: int, before: int | None, before_days: int) -> int | None:
    """By how many thousandths a day brought more than a day of the edition before, rounded half up; None where nothing can be said.

    >>> growth_per_day(54_000, 5, 46_957, 5), growth_per_day(300, 3, 500, 5)
    (150, 0)
    """
    if now is None or before is None or now_days <= 0 or before_days <= 0 or before <= 0:
        return None
    # now/now_days : before/before_days − 1, over one fraction line.
    top, bottom = now * before_days - before * now_days, before * now_days
    return (2000 * top + bottom) // (2 * bottom)


def enough(*counts: int | None) -> bool:
    """Whether a percentage may be said of figures that rest on so many sales or visitors; old fairs did not publish how many."""
    return all(count is None or count >= LEAST_SALES for count in counts)


def ratio(total: int | None, *parts: int | None) -> int | None:
    """The total divided by all parts, rounded half up; None where any is unknown or nothing."""
    below = 1
    for part in parts:
        if part is None or part <= 0:
            return None
        below *= part
    return None if total is None else average_dong(total, below)


# --- editions ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A figure with where it is from; both None where nobody knows."""

    value: int | None = None
    origin: Origin | None = None


@dataclass(frozen=True)
class Planned:
    """Entries expected on days of which the entries are known too, and those entries."""

    days: int
    planned: int
    actual: int

    @property
    def is_more(self) -> bool:
        """Whether it drew an unexpected crowd: «đông hơn dự kiến»."""
        return is_more_than_planned(self.actual, self.planned)


@dataclass(frozen=True)
class Column:
    """One edition.

    `days` are those its totals are divided by: its length, of one that runs those begun, of a frozen one those that were published, of
    a showroom those counted.
    """

    edition: Edition
    days: int
    length: int | None
    figures: Mapping[str, Cell]
    by_day: Mapping[date, Mapping[str, Cell]]
    said: tuple[Contradiction, ...]
    planned: Planned | None
    is_open: bool
    """Whether its figures may be opened by the person who asks."""
    is_frozen: bool = False

    @property
    def is_running(self) -> bool:
        """Whether days of it are still to come and some have begun."""
        return self.length is not None and 0 < self.days < self.length and not self.is_frozen

    @property
    def is_to_come(self) -> bool:
        """Whether it has not begun."""
        return self.length is not None and self.days == 0

    @property
    def is_live(self) -> bool:
        """Whether any of its figures may still change by itself."""
        return any(cell.origin == "live" for cell in self.figures.values())

    def value(self, name: str) -> int | None:
        """A figure of the whole edition."""
        return self.figures.get(name, Cell()).value

    def day(self, number: int) -> date | None:
        """The date of its first, second … day; None after its last."""
        if self.length is None or number > self.length:
            return None
        return self.edition.starts_day + timedelta(days=number - 1)

    def on(self, number: int, name: str) -> Cell:
        """A figure of its first, second … day."""
        day = self.day(number)
        return Cell() if day is None else self.by_day.get(day, {}).get(name, Cell())

    def cumulative(self, name: str) -> list[int]:
        """What the days add up to one after another, as far as they are known without a gap."""
        found: list[int] = []
        for number in range(1, (self.length or 0) + 1):
            value = self.on(number, name).value
            if value is None:
                break
            found.append(value + (found[-1] if found else 0))
        return found

    @property
    def visit_days(self) -> int:
        """On how many days of the edition visitors were counted: what our gates did not count on a day is no day without visitors.

        A number that a source states for the whole edition speaks of all its days; one that was adjusted here speaks of the same days
        as before. What a phone with a wrong clock counted on other days makes the edition no longer.
        """
        if self.figures.get("visits", Cell()).origin == "stated":
            return self.days
        if self.length is None:
            return sum("visits" in values for values in self.by_day.values())
        counted = sum(self.on(number, "visits").value is not None for number in range(1, self.length + 1))
        return counted or self.days

    @property
    def visits_per_day(self) -> int | None:
        """Entries a day on which they were counted, rounded half up."""
        return ratio(self.value("visits"), self.visit_days)

    @property
    def net_per_day(self) -> int | None:
        """Net money a day."""
        return ratio(self.value("net_dong"), self.days)

    @property
    def net_per_visit(self) -> int | None:
        """Net money for each entry; None when visitors were not counted on every day on which was sold."""
        return ratio(self.value("net_dong"), self.value("visits")) if self.visit_days >= self.days else None

    @property
    def net_per_booth_day(self) -> int | None:
        """Net money of one booth on one day."""
        return ratio(self.value("net_dong"), self.value("booths"), self.days)

    @property
    def ocop_permille(self) -> int | None:
        """OCOP goods within the net, in thousandths; None of fewer than LEAST_SALES sales."""
        ocop, net = self.value("ocop_dong"), self.value("net_dong")
        if ocop is None or net is None or not enough(self.value("receipts")):
            return None
        return share_of(ocop, net)

    @property
    def clash_per_day(self) -> tuple[int, int] | None:
        """(days of the source, net a day by them) where the source counted other days than those by which the table divides."""
        days, net = self.value("days"), self.value("net_dong")
        if days is None or self.length is None or days in (self.length, self.days) or net is None or days <= 0:
            return None
        return days, average_dong(net, days)


def growth_of(now: Column, before: Column | None, name: Literal["visits", "net_dong"]) -> int | None:
    """By how many thousandths a day of this edition brought more visitors or money than one of the edition before."""
    if before is None:
        return None
    counts = "visits" if name == "visits" else "receipts"
    if not enough(now.value(counts), before.value(counts)):
        return None
    if name == "visits":
        return growth_per_day(now.value(name), now.visit_days, before.value(name), before.visit_days)
    return growth_per_day(now.value(name), now.days, before.value(name), before.days)


def series_of(session: AnySession, edition_id: str) -> list[Edition]:
    """The fairs to compare an edition with, itself among them, oldest first. Raises NotFound."""
    edition = get_edition(session, edition_id)
    if edition.series_id is None:
        return [edition]
    found = [one for one in editions_of_series(session, edition.series_id) if one.kind == edition.kind]
    return (
        found if edition_id in {one.id for one in found} else sorted([*found, edition], key=lambda one: one.starts_day)
    )


def columns_of(
    session: AnySession,
    editions: Sequence[Edition],
    today_of: Callable[[Edition], date],
    may_see: Callable[[str], bool],
) -> list[Column]:
    """The editions side by side, in their order. Of one whose figures the person may not see only what was published is shown."""
    published = published_of_each(session, [one.id for one in editions])
    return [_column(session, one, published[one.id], today_of(one), is_open=may_see(one.id)) for one in editions]


def _column(session: AnySession, edition: Edition, published: Published, today: date, *, is_open: bool) -> Column:
    frozen = published.frozen_at is not None
    own = standing_of(session, edition.id, today) if is_open and not frozen else {}
    cells: dict[date | None, dict[str, Cell]] = {
        day: {name: Cell(value, "live") for name, value in values.items()} for day, values in own.items()
    }
    for one in published.entries:
        of_day = cells.setdefault(one.day, {})
        if one.value is not None:
            of_day[one.name] = Cell(one.value, one.kind)
        elif of_day.get(one.name, Cell()).origin != "live":
            of_day.pop(one.name, None)
    whole = cells.pop(None, {})
    length = None if edition.ends_day is None else (edition.ends_day - edition.starts_day).days + 1
    by_day = {day: values for day, values in cells.items() if day is not None}
    whole |= _summed(whole, by_day, length)
    if published.frozen_at is not None:
        today = min(today, fair_day(published.frozen_at, edition.day_boundary_minutes))
    days = _days(edition, length, today, len(by_day))
    if frozen and length is not None:
        days = published.value("days") or days
    said = tuple(contradictions(published.figures(), length))
    plan = _planned(session, edition, by_day, whole, length) if is_open else None
    return Column(edition, days, length, whole, by_day, said, plan, is_open, frozen)


def _summed(
    whole: Mapping[str, Cell], by_day: Mapping[date, Mapping[str, Cell]], length: int | None
) -> dict[str, Cell]:
    """What nobody said of the whole edition and every one of its days says."""
    found = {}
    for name in SUMMED:
        values = [of_day[name].value or 0 for of_day in by_day.values() if name in of_day]
        if name not in whole and length is not None and len(values) == length:
            found[name] = Cell(sum(values), "summed")
    return found


def _days(edition: Edition, length: int | None, today: date, counted: int) -> int:
    if length is None:
        return counted
    return min(max((today - edition.starts_day).days + 1, 0), length)


def _planned(
    session: AnySession,
    edition: Edition,
    by_day: Mapping[date, Mapping[str, Cell]],
    whole: Mapping[str, Cell],
    length: int | None,
) -> Planned | None:
    plan = planned_of(session, edition.id)
    known = {day: values["visits"].value or 0 for day, values in by_day.items() if "visits" in values}
    both = plan.keys() & known.keys()
    if both:
        return Planned(len(both), sum(plan[day] for day in both), sum(known[day] for day in both))
    visits = whole.get("visits", Cell()).value
    # Published as one number: it stands beside the plan only when that speaks of every day.
    if length is None or visits is None or len(plan) != length:
        return None
    return Planned(length, sum(plan.values()), visits)
