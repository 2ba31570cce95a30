"""What an edition and a booth may look like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from fair_pos.kernel.day import EARLIEST, LATEST
from fair_pos.kernel.text import N_, clean

Kind = Literal["fair", "showroom"]
KINDS: tuple[Kind, ...] = ("fair", "showroom")
DEFAULT_BOUNDARY_MINUTES = 4 * 60
"""A fair day ends at 04:00: a night market's last sales belong to the evening before."""
DEFAULT_OPENS_MINUTE, DEFAULT_CLOSES_MINUTE = 8 * 60, 22 * 60
DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class EditionPlan:
    """What an edition is to be. Minutes count from midnight; a showroom has no last day (`ends_day` None)."""

    kind: Kind
    name: str
    place: str
    starts_day: date
    ends_day: date | None
    opens_minute: int = DEFAULT_OPENS_MINUTE
    closes_minute: int = DEFAULT_CLOSES_MINUTE
    day_boundary_minutes: int = DEFAULT_BOUNDARY_MINUTES
    sample: bool = False


def days_fit(plan: EditionPlan) -> bool:
    """Whether a fair has a last day, not before the first; a showroom may go on for ever."""
    if plan.ends_day is None:
        return plan.kind == "showroom"
    return plan.ends_day >= plan.starts_day


LONG_DAYS = 60


def days_of_fair(plan: EditionPlan) -> int:
    """How many days a fair lasts; 0 for a showroom. More than LONG_DAYS is probably a wrong month, and the organiser is told."""
    return 0 if plan.ends_day is None or plan.kind == "showroom" else (plan.ends_day - plan.starts_day).days + 1


def hours_fit(plan: EditionPlan) -> bool:
    """Whether opening comes before closing. A closing time of up to 24:00 plus the boundary serves a market past midnight."""
    in_day = 0 <= plan.opens_minute < DAY_MINUTES and 0 <= plan.day_boundary_minutes < DAY_MINUTES
    return in_day and plan.opens_minute < plan.closes_minute <= DAY_MINUTES + plan.day_boundary_minutes


_CODE = re.compile(r"[0-9A-ZĐ][0-9A-ZĐ.\-/]{0,19}")


def booth_code(text: str) -> str | None:
    """A booth's code as it is written on its sign: «a12» → «A12»; None when it is none (letters, digits, . - /, at most 20)."""
    code = clean(text).upper().replace(" ", "")
    return code if _CODE.fullmatch(code) else None


def code_order(code: str) -> list[tuple[int, int, str]]:
    """Sorts «A2» before «A10», and codes that begin with a number before all others."""
    parts = re.findall(r"[0-9]+|[^0-9]+", code)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


_CLOCK = re.compile(r"([0-9]{1,2})[:hg]([0-9]{2})")


def read_clock(text: str) -> int | None:
    """Minutes since midnight of «08:00», «8h00» or «24:00»; None when it is no time."""
    found = _CLOCK.fullmatch(clean(text).lower())
    if found is None:
        return None
    hour, minute = int(found.group(1)), int(found.group(2))
    return hour * 60 + minute if minute < 60 and hour * 60 + minute <= 28 * 60 else None


def written_clock(minutes: int) -> str:
    """«08:00», as a browser's field for times takes it; past midnight it begins again."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def minute_of_fair_day(minute: int, boundary_minutes: int) -> int:
    """Minutes since the fair day began, of a time on the wall clock: with a boundary at 04:00, 04:00 → 0 and 01:00 → 1260."""
    return (minute - boundary_minutes) % DAY_MINUTES


def season_fits(plan: EditionPlan) -> bool:
    """Whether a fair lies whole in the fourth quarter, 1/10 to 31/12, when it is wished for every year.

    Outside of it the organiser is told, and nothing is turned down. A showroom has no season.
    """
    last = plan.ends_day or plan.starts_day
    return plan.kind == "showroom" or (plan.starts_day.month >= 10 and last.year == plan.starts_day.year)


WEEKS_OF_A_YEAR = 52


def next_days(starts_day: date, ends_day: date) -> tuple[date, date]:
    """First and last day of a fair's next edition: a year later on the same days of the week.

    52 weeks later; 53 when that would push it out of its fourth quarter (a fair from 1/10/2026 begins on 7/10/2027).
    """
    later = timedelta(weeks=WEEKS_OF_A_YEAR)
    if starts_day.month >= 10 and (starts_day + later).month < 10:
        later += timedelta(weeks=1)
    return starts_day + later, ends_day + later


def next_name(name: str, old_year: int, new_year: int) -> str:
    """«Tuần lễ OCOP 2026» → «Tuần lễ OCOP 2027»; a name without its year stays as it is."""
    return re.sub(rf"(?<![0-9]){old_year}(?![0-9])", str(new_year), name)


def name_of_series(name: str) -> str:
    """What the editions have in common, as a first guess: the name without a year."""
    return clean(re.sub(r"[-–,]?\s*(năm\s+)?(?<![0-9])(19|20)[0-9]{2}(?![0-9])", "", name)) or clean(name)


_DAY = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})")


def read_day(text: str) -> date | None:
    """A day from «2026-11-24», as browsers send it, or «24/11/2026»; None when it is none, or not within EARLIEST and LATEST."""
    bare = clean(text)
    try:
        if written := _DAY.fullmatch(bare):
            day, month, year = map(int, written.groups())
            found = date(year, month, day)
        else:
            found = date.fromisoformat(bare)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None


# --- the tills of an edition ------------------------------------------------------------------------------------------

CASH_STEPS_DONG = (0, 500, 1000)
"""What cash totals may be rounded to: the smallest notes that still go round, or nothing."""
MOST_LIMIT_DONG = 10**9


@dataclass(frozen=True)
class TillRules:
    """What an organiser sets for all tills of an edition; the fields are those of the table."""

    cash_rounding_dong: int = 0
    close_limit_dong: int = 50_000
    refund_limit_dong: int = 500_000
    drawer: bool = False
    seller_discount_percent: int = 10


def till_rules_fit(rules: TillRules) -> bool:
    """Whether these can be rules at all."""
    limits = (rules.close_limit_dong, rules.refund_limit_dong)
    return (
        rules.cash_rounding_dong in CASH_STEPS_DONG
        and all(0 <= limit_dong <= MOST_LIMIT_DONG for limit_dong in limits)
        and 0 <= rules.seller_discount_percent <= 100
    )


# --- the programme ----------------------------------------------------------------------------------------------------

ProgrammeKind = Literal["opening", "livestream", "cooking", "other"]
PROGRAMME_KINDS: dict[ProgrammeKind, str] = {
    "opening": N_("Khai mạc"),
    "livestream": N_("Livestream"),
    "cooking": N_("Trình diễn nấu ăn"),
    "other": N_("Hoạt động khác"),
}
MOST_PROGRAMME_TITLE = 120


@dataclass(frozen=True)
class ItemSaid:
    """Something of the programme: `minute` on the wall clock, 0 to 1439; before the boundary it is the night after `day`."""

    day: date
    minute: int
    kind: ProgrammeKind
    title: str


def day_in_edition(day: date, starts_day: date, ends_day: date | None) -> bool:
    """Whether a fair day is one of the edition; a showroom without a last day goes on."""
    return starts_day <= day and (ends_day is None or day <= ends_day)


def after_midnight(minute: int, boundary_minutes: int) -> bool:
    """Whether a time of a fair day falls on the next day of the calendar: 01:00 with a boundary at 04:00."""
    return minute < boundary_minutes
