"""What each figure of visitors means and how it is computed. Pure.

Four figures that are never mixed: *entries* are passages inward (who comes twice counts twice); *inside* is who is in now;
*peak* is the most that were inside at once; *distinct* is how many different people came, which nobody counts and which is
therefore an estimate or a band.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Direction = Literal["in", "out"]
Level = Literal["calm", "amber", "red"]
Bound = Literal["least", "most"]

AMBER_PERCENT, RED_PERCENT = 80, 95
MOST_PEOPLE = 1_000_000
"""More in one entry is a slip of the hand."""
MOST_FACTOR_HUNDREDTHS = 10_000

Way = Literal["both", "entrance", "exit", "in_only"]
WAYS: tuple[Way, ...] = ("both", "entrance", "exit", "in_only")
"""In and out both counted; nobody leaves here; nobody enters here; people leave here and are not counted."""


def counts_in(way: str) -> bool:
    """Whether a gate counts people in."""
    return way != "exit"


def counts_out(way: str) -> bool:
    """Whether a gate counts people out."""
    return way in {"both", "exit"}


@dataclass(frozen=True)
class Flow:
    """People who went in and out; `group_in` and `group_out` are those of them who came as groups."""

    people_in: int = 0
    people_out: int = 0
    group_in: int = 0
    group_out: int = 0

    def __add__(self, other: Flow) -> Flow:
        return Flow(
            self.people_in + other.people_in,
            self.people_out + other.people_out,
            self.group_in + other.group_in,
            self.group_out + other.group_out,
        )

    @property
    def counted(self) -> bool:
        """Whether anything was counted at all."""
        return self != Flow()


@dataclass(frozen=True)
class Counts:
    """The flows of a gate, an hour or a day by source. Raw is what was tapped, net is what stands after paper and corrections."""

    tap: Flow = Flow()
    paper: Flow = Flow()
    correction: Flow = Flow()

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tap + other.tap, self.paper + other.paper, self.correction + other.correction)

    @property
    def net(self) -> Flow:
        """Taps, paper and corrections together."""
        return self.tap + self.paper + self.correction

    @property
    def twice(self) -> bool:
        """Whether taps and paper speak of the same hour at the same gate: somebody may be counted by both."""
        return self.tap.counted and self.paper.counted


def total(counts: Iterable[Counts]) -> Counts:
    """The sum; of gates, each of which counts its own people once."""
    return sum(counts, Counts())


@dataclass(frozen=True)
class Inside:
    """Who is inside now. `people` is None when that cannot be said; `why` is then «out_not_counted», otherwise «» or «more_out»:
    more left than came in, so people passed uncounted or a phone has not sent yet, and the figure stands at zero.
    """

    people: int | None
    why: Literal["", "out_not_counted", "more_out", "no_gates"] = ""
    short: int = 0
    """How many more left than came in."""


def inside(flow: Flow, ways: Sequence[str]) -> Inside:
    """Entries less exits of one fair day; `ways` are those of all gates.

    Said only when in and out are both counted wherever people pass: with one way uncounted the number means nothing, and
    somebody might rely on it in a crush.
    """
    if not ways:
        return Inside(None, "no_gates")
    if "in_only" in ways or not any(map(counts_in, ways)) or not any(map(counts_out, ways)):
        return Inside(None, "out_not_counted")
    people = flow.people_in - flow.people_out
    return Inside(people) if people >= 0 else Inside(0, "more_out", -people)


@dataclass(frozen=True)
class Peak:
    """The most that were inside at once, and in which minute of the fair day that was first so."""

    people: int
    minute: int


def peak(moves: Iterable[tuple[int, int]]) -> Peak | None:
    """The highest number inside, by minute; `moves` are (minute of the fair day, people in less people out) in any order.

    Corrections and paper are known by the hour only; callers put them at the end of theirs.
    """
    by_minute: dict[int, int] = {}
    for minute, people in moves:
        by_minute[minute] = by_minute.get(minute, 0) + people
    highest: Peak | None = None
    now = 0
    for minute in sorted(by_minute):
        now += by_minute[minute]
        if highest is None or now > highest.people:
            highest = Peak(now, minute)
    return highest if highest is not None and highest.people > 0 else None


def estimated_distinct(entries: int, reentry_percent: int | None, peak_people: int = 0) -> int | None:
    """How many different people came: entries less those who had been in already. None while nobody said how many those are.

    Never fewer than were inside at once, never more than entries. Half up.
    """
    if reentry_percent is None or entries <= 0:
        return None
    first_time = (entries * (100 - reentry_percent) * 2 + 100) // 200
    return min(entries, max(first_time, peak_people))


def crowd_percent(inside_people: int, limit_people: int) -> int:
    """How full it is, rounded down: 80 is said when 80 of 100 are reached and not before."""
    return inside_people * 100 // limit_people


def crowd_level(inside_people: int | None, limit_people: int | None) -> Level:
    """Amber from 80 % of the limit, red from 95 %; calm when there is no limit or nobody knows who is inside."""
    if inside_people is None or not limit_people:
        return "calm"
    if inside_people * 100 >= limit_people * RED_PERCENT:
        return "red"
    return "amber" if inside_people * 100 >= limit_people * AMBER_PERCENT else "calm"


CLOCK_WRONG_MS = 60_000


def is_clock_wrong(off_ms: int) -> bool:
    """Whether a phone's clock is told to be wrong: by a minute or more, either way."""
    return abs(off_ms) >= CLOCK_WRONG_MS


def is_more_than_planned(actual: int, planned: int | None) -> bool:
    """Whether a day drew an unexpected crowd, «đông hơn dự kiến»: entries exceed the plan by more than half of it.

    At exactly one and a half times the plan it is not said (FEATURES S4: forecast against actual > +50 %), nor without a plan.
    """
    return planned is not None and planned > 0 and actual * 2 > planned * 3


MOST_PLANNED, PLANNED_AHEAD = 60, 14


def days_to_plan(starts_day: date, ends_day: date | None, shown: date) -> list[date]:
    """The days that can be planned: those of the fair, of a showroom the two weeks from `shown`; never more than a page holds."""
    first = starts_day if ends_day is not None else max(starts_day, shown)
    last = ends_day or first + timedelta(days=PLANNED_AHEAD - 1)
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    return days if len(days) <= MOST_PLANNED else [one for one in days if one >= shown][:MOST_PLANNED]


# --- several sources ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What one source says of how many different people came on a day: at least or at most `people`."""

    source: str
    people: int
    bound: Bound


@dataclass(frozen=True)
class Band:
    """From `low` to `high` different people. Either is None when no source bounds it.

    `contradicts`: some source says more came at least than another says came at most; one of them is wrong, and the band
    is shown as what it is and not smoothed over.
    """

    low: int | None
    high: int | None
    low_source: str = ""
    high_source: str = ""

    @property
    def contradicts(self) -> bool:
        """Whether the sources cannot all be right."""
        return self.low is not None and self.high is not None and self.low > self.high

    @property
    def middle(self) -> int | None:
        """Half way, half up."""
        return None if self.low is None or self.high is None else (self.low + self.high + 1) // 2

    @property
    def off_percent(self) -> int | None:
        """How far either end is from the middle, in percent, rounded up: the error that has to be admitted."""
        if self.low is None or self.high is None or not self.middle:
            return None
        far = max(self.middle - self.low, self.high - self.middle)
        return abs(-(-far * 100 // self.middle))


def reconcile(sources: Sequence[Said]) -> Band:
    """The band that all sources leave: from the largest «at least» to the largest «at most».

    Of two that count passages the larger is the honest upper end: whoever the smaller one missed was there all the same.
    A source of zero says nothing: a counter that was switched off is no proof that nobody came.
    """
    speaking = [one for one in sources if one.people > 0]
    least = max((one for one in speaking if one.bound == "least"), key=lambda one: one.people, default=None)
    most = max((one for one in speaking if one.bound == "most"), key=lambda one: one.people, default=None)
    return Band(
        least.people if least else None,
        most.people if most else None,
        least.source if least else "",
        most.source if most else "",
    )


def people_of(quantity: int, factor_hundredths: int) -> int:
    """People by a factor: 3,050 motorbikes at 1.70 are 5,185. Half up."""
    return (quantity * factor_hundredths * 2 + 100) // 200


def read_factor(text: str) -> int | None:
    """«1,7» or «1.70» in hundredths; None when it is no number from 0.01 to 100."""
    whole, _, part = text.strip().replace(",", ".").partition(".")
    if not (whole.isascii() and whole.isdecimal() and len(whole) <= 3):
        return None
    if part and not (part.isascii() and part.isdecimal() and len(part) <= 2):
        return None
    factor = int(whole) * 100 + int(part.ljust(2, "0") or "0")
    return factor if 1 <= factor <= MOST_FACTOR_HUNDREDTHS else None


def read_people(text: str) -> int | None:
    """«1.250» or «1250» people; None when it is no whole number of at least nobody."""
    bare = text.strip().replace(".", "").replace(" ", "").replace("\u00a0", "")
    return int(bare) if bare.isascii() and bare.isdecimal() and len(bare) <= 7 and int(bare) <= MOST_PEOPLE else None


def hours_of_day(opens_minute: int, closes_minute: int, boundary_minutes: int, counted: Iterable[int]) -> list[int]:
    """The hours a day's table shows, in the order of the fair day: opening hours and every hour in which anything was counted."""
    wanted = {hour % 24 for hour in range(opens_minute // 60, -(-closes_minute // 60))} | set(counted)
    return sorted(wanted, key=lambda hour: hour_order(hour, boundary_minutes))


def hour_order(hour: int, boundary_minutes: int) -> int:
    """Where an hour stands in the fair day: with a boundary of 04:00, 04 is first and 03 is last."""
    return (hour * 60 - boundary_minutes) % (24 * 60) // 60


def end_of_hour(hour: int, boundary_minutes: int) -> int:
    """The last minute of an hour, counted from the beginning of the fair day."""
    return min((hour * 60 + 59 - boundary_minutes) % (24 * 60), 24 * 60 - 1)
