"""How complete the figures of a fair day are, and what its signed sheet says beside them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from fair_pos.kernel.day import day_starts_at, fair_day


@dataclass(frozen=True)
class DeviceState:
    """What the server knows of a tablet. `missing` counts sequence numbers that never came though later ones did.

    A gate's phone is told of in the same way; its `letter` is then the name it goes by.
    """

    id: str
    letter: str
    paired_at: datetime
    revoked_at: datetime | None
    last_heard_at: datetime | None
    waiting: int
    oldest_waiting_at: datetime | None
    missing: int


@dataclass(frozen=True)
class Completeness:
    """How many tablets have handed in everything, and until when that is known; `late` are the others."""

    complete: int
    total: int
    until: datetime | None
    waiting: int
    late: tuple[DeviceState, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to be missing."""
        return self.complete == self.total


def completeness(devices: Sequence[DeviceState], day: date, boundary_minutes: int) -> Completeness:
    """How complete a fair day is.

    A tablet counts as complete when it was heard during the day or later, holds nothing back and has no gap in its numbers.
    `until` is the earliest last word of the complete ones, cut off at the end of the day: what was sold before it is here.
    Tablets paired later, and those unpaired before or with nothing waiting, owe this day nothing.
    """
    starts = day_starts_at(day, boundary_minutes)
    ends = starts + timedelta(days=1)
    owing = [one for one in devices if one.paired_at < ends and not (one.revoked_at and is_settled(one, starts))]
    return _of(owing, starts, ends)


def completeness_so_far(devices: Sequence[DeviceState], last_day: date, boundary_minutes: int) -> Completeness:
    """How complete an edition is up to and with `last_day`: a tablet counts when it is complete for every day it owes.

    The last of them is the strictest, so that one is asked. A tablet that was unpaired with something still on it has not
    handed in everything, however long ago that was.
    """
    starts = day_starts_at(last_day, boundary_minutes)
    ends = starts + timedelta(days=1)
    owing = [
        one for one in devices if one.paired_at < ends and not (one.revoked_at and not one.waiting and not one.missing)
    ]
    return _of(owing, starts, ends)


def _of(owing: Sequence[DeviceState], starts: datetime, ends: datetime) -> Completeness:
    heard: list[datetime] = []
    late: list[DeviceState] = []
    for one in owing:
        if one.last_heard_at is None or one.last_heard_at < starts or one.waiting or one.missing:
            late.append(one)
        else:
            heard.append(min(one.last_heard_at, ends))
    waiting = sum(one.waiting for one in owing)
    return Completeness(len(heard), len(owing), min(heard, default=None), waiting, tuple(late))


def is_settled(one: DeviceState, starts: datetime) -> bool:
    """Whether an unpaired tablet has nothing more to hand in for a day that begins at `starts`."""
    assert one.revoked_at is not None
    return one.revoked_at < starts or (one.waiting == 0 and one.missing == 0)


def last_day_begun(starts_day: date, ends_day: date | None, boundary_minutes: int, at: datetime) -> date:
    """The last day of an edition that has begun at `at`; its first day before that."""
    today = fair_day(at, boundary_minutes)
    return max(starts_day, today if ends_day is None else min(today, ends_day))


What = Literal["sales", "visitors"]
State = Literal["ahead", "provisional", "whole", "signed", "signed_late"]


@dataclass(frozen=True)
class Signed:
    """The sheet in force that a badge tells of."""

    number: int
    round: int
    closed_by: str
    closed_at: datetime


@dataclass(frozen=True)
class Badge:
    """What stands beside every figure: who has sent, until when, and whether somebody signed the day.

    `late` are the letters of tablets, or the names of gate phones, that owe something. `late_receipts` (sales and refunds),
    `late_dong` (net, may lie below zero) and `late_people` are what came after the signature. Of a whole edition `days_signed`
    of `days_begun` days are signed and `sheet` is none.
    """

    what: What
    complete: int
    total: int
    until: datetime | None
    waiting: int
    late: tuple[str, ...]
    begun: bool
    is_over: bool
    sheet: Signed | None = None
    late_receipts: int = 0
    late_dong: int = 0
    late_people: int = 0
    days_signed: int = 0
    days_begun: int = 1
    of_day: bool = True
    to_the_end: bool = False
    """Whether `until` is the end of the day or the edition, which is then over: all of it is here, as far as tablets have sent."""
    empty_hours: int = 0
    """Of visitors: opening hours that have passed at gates where neither a phone nor paper counted anybody."""

    @property
    def is_signed(self) -> bool:
        """Whether a named person signed the day; of an edition, all its days once it is over."""
        if self.of_day:
            return self.sheet is not None
        return self.is_over and self.days_signed == self.days_begun

    @property
    def has_late(self) -> bool:
        """Whether anything came after the signature."""
        if self.what == "visitors":
            return self.late_people != 0
        return self.late_receipts != 0 or self.late_dong != 0

    @property
    def state(self) -> State:
        """What may be made of the figure."""
        if self.is_signed:
            return "signed_late" if self.has_late else "signed"
        if not self.begun:
            return "ahead"
        return "whole" if self.is_over and self.complete == self.total else "provisional"

    @property
    def is_final(self) -> bool:
        """Whether nothing is expected to change any more: signed, or over and everything in."""
        return self.state in {"signed", "whole"}


# --- closing a day ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Agreed:
    """What the person who closes has ticked: to sign before closing time, and which tablets (ids) they saw to be late."""

    early: bool = False
    late_ids: frozenset[str] = frozenset()


Trouble = Literal["day_not_of_edition", "day_not_begun", "day_still_open", "tablets_late"]
LEAST_REASON, MOST_REASON = 5, 300


def closes_at(day: date, closes_minute: int, boundary_minutes: int) -> datetime:
    """When a fair day stops selling; never after the day ends. Minutes count from midnight and may pass it."""
    starts = day_starts_at(day, boundary_minutes)
    ends = starts + timedelta(days=1)
    minutes = (closes_minute - boundary_minutes) % (24 * 60)
    return min(starts + timedelta(minutes=minutes or 24 * 60), ends)


def trouble_with(
    day: date,
    days: tuple[date, date | None],
    today: date,
    known: Completeness,
    agreed: Agreed,
    *,
    is_early: bool,
) -> Trouble | None:
    """Why a day cannot be closed as asked; `days` are the first and last of the edition.

    Before closing time, and while tablets are late, it can be closed once the person has agreed to exactly that: a tablet
    that became late after the page was opened was not agreed to.
    """
    first, last = days
    if day < first or (last is not None and day > last):
        return "day_not_of_edition"
    if day > today:
        return "day_not_begun"
    if is_early and not agreed.early:
        return "day_still_open"
    if {one.id for one in known.late} - agreed.late_ids:
        return "tablets_late"
    return None
