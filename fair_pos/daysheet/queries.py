"""Finding out how complete a day or an edition is, and the sheets that were signed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.daysheet.rules import (
    Badge,
    Completeness,
    DeviceState,
    Signed,
    What,
    completeness,
    completeness_so_far,
    last_day_begun,
)
from fair_pos.daysheet.tables import DayPaper, DayReopening, DaySheet
from fair_pos.kernel.day import day_starts_at, fair_day
from fair_pos.kernel.refusal import NotFound
from fair_pos.people.queries import people_with
from fair_pos.sales.queries import DaySums, sums_by_day
from fair_pos.till.queries import missing_by_device, real_tablets_of
from fair_pos.venues.queries import booths_of, get_edition
from fair_pos.visitors import owed
from fair_pos.visitors.queries import entries_by_day, gate_devices_of, gates_of_day
from fair_pos.visitors.rules import counts_in

AnySession = Session | scoped_session[Session]


# --- who has sent everything ------------------------------------------------------------------------------------------


def device_states(session: AnySession, edition_id: str) -> list[DeviceState]:
    """What is known of each tablet of an edition; the simulator's are no tablets and never send anything later."""
    return _tablets(session, [booth.id for booth in booths_of(session, edition_id)])


def _tablets(session: AnySession, booth_ids: Collection[str]) -> list[DeviceState]:
    devices = real_tablets_of(session, booth_ids)
    missing = missing_by_device(session, devices)
    return [
        DeviceState(
            id=one.id,
            letter=one.letter,
            paired_at=one.paired_at,
            revoked_at=one.revoked_at,
            last_heard_at=one.last_heard_at,
            waiting=one.waiting,
            oldest_waiting_at=one.oldest_waiting_at,
            missing=missing.get(one.id, 0),
        )
        for one in devices
    ]


def phone_states(session: AnySession, edition_id: str) -> list[DeviceState]:
    """What is known of each gate phone of an edition, by the name it goes by.

    One that never was paired stands for taps that came as a file; it owes nothing.
    """
    phones = [one for one in gate_devices_of(session, edition_id) if one.paired_by is not None]
    missing = owed.missing_by_device(session, phones)
    return [
        DeviceState(
            id=one.id,
            letter=one.name,
            paired_at=one.paired_at,
            revoked_at=one.revoked_at,
            last_heard_at=one.last_heard_at,
            waiting=one.waiting,
            oldest_waiting_at=None,
            missing=missing.get(one.id, 0),
        )
        for one in phones
    ]


# --- sheets -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """A signed sheet without its content. `reopened_at`, `reopened_by` and `reason` are set once the day was opened again."""

    id: str
    edition_id: str
    fair_day: date
    number: int
    round: int
    closed_at: datetime
    closed_by: str
    receipts: int
    refunds: int
    sold_dong: int
    refunded_dong: int
    entries: int | None
    reopened_at: datetime | None
    reopened_by: str | None
    reason: str | None

    @property
    def net_dong(self) -> int:
        """What was left after giving back, as signed."""
        return self.sold_dong - self.refunded_dong

    @property
    def in_force(self) -> bool:
        """Whether the day stands as signed here."""
        return self.reopened_at is None


_SHEET = (
    DaySheet.id, DaySheet.edition_id, DaySheet.fair_day, DaySheet.number, DaySheet.round, DaySheet.closed_at, DaySheet.closed_by,
    DaySheet.receipts, DaySheet.refunds, DaySheet.sold_dong, DaySheet.refunded_dong, DaySheet.entries,
    DayReopening.at, DayReopening.person_id, DayReopening.reason,
)  # fmt: skip


def sheets_of(session: AnySession, edition_id: str) -> list[Sheet]:
    """All sheets of an edition, in the order in which they were signed; those that were opened again too."""
    columns: tuple[Any, ...] = _SHEET
    wanted = select(*columns).outerjoin(DayReopening, DayReopening.sheet_id == DaySheet.id)
    wanted = wanted.where(DaySheet.edition_id == edition_id).order_by(DaySheet.number)
    return [Sheet(*row) for row in session.execute(wanted)]


def sheet_of_day(session: AnySession, edition_id: str, day: date) -> Sheet | None:
    """The sheet in force for a day: the last one, unless the day was opened again since."""
    found = [one for one in sheets_of(session, edition_id) if one.fair_day == day and one.in_force]
    return found[0] if found else None


def get_sheet(session: AnySession, edition_id: str, number: int) -> Sheet:
    """The sheet of an edition with this number, in force or not. Raises NotFound."""
    for one in sheets_of(session, edition_id):
        if one.number == number:
            return one
    raise NotFound


def content_of_sheet(session: AnySession, sheet_id: str) -> str:
    """The frozen content of a sheet (sheet.thawed reads it)."""
    return session.execute(select(DaySheet.content).where(DaySheet.id == sheet_id)).scalar_one()


def find_paper(session: AnySession, sheet_id: str) -> bytes | None:
    """The paper of a sheet as it was first printed."""
    return session.scalar(select(DayPaper.pdf).where(DayPaper.sheet_id == sheet_id))


# --- the badge ----------------------------------------------------------------------------------------------------------


def badge_of(session: AnySession, edition_id: str, day: date | None, at: datetime) -> Badge:
    """How complete the money of a day is, or of the whole edition so far (`day` None). Raises NotFound.

    The same number of queries at three hundred tablets as at three: booths, tablets, gaps where there are any, sheets, and the
    running sums of days that are signed.
    """
    return _badges(session, edition_id, [_frame(session, edition_id, day, at)])[0]


def badges_by_day(session: AnySession, edition_id: str, days: Iterable[date], at: datetime) -> dict[date, Badge]:
    """The badge of each day, with no more queries than for one. Raises NotFound."""
    wanted = list(days)
    frames = [_frame(session, edition_id, day, at) for day in wanted]
    return dict(zip(wanted, _badges(session, edition_id, frames), strict=True))


def _badges(session: AnySession, edition_id: str, frames: list[_Frame]) -> list[Badge]:
    booth_ids = [booth.id for booth in booths_of(session, edition_id)]
    states = _tablets(session, booth_ids)
    sheets = {one.fair_day: one for one in sheets_of(session, edition_id) if one.in_force}
    sums = sums_by_day(session, booth_ids, list(sheets)) if sheets else {}
    names = names_of(session, {one.closed_by for one in sheets.values()}) if sheets else {}
    badges = []
    for frame in frames:
        mine = {day: one for day, one in sheets.items() if day in frame.days}
        late_receipts = late_dong = 0
        for day, sheet in mine.items():
            now = sums.get(day, DaySums())
            late_receipts += now.receipts + now.refunds - sheet.receipts - sheet.refunds
            late_dong += now.sold_dong - now.refunded_dong - sheet.net_dong
        known = _known(states, frame)
        badges.append(_badge("sales", frame, known, mine, names, late_receipts=late_receipts, late_dong=late_dong))
    return badges


def visitor_badge_of(session: AnySession, edition_id: str, day: date | None, at: datetime) -> Badge:
    """The same of visitors: gate phones in the place of tablets, and opening hours in which nobody counted at a gate."""
    frame = _frame(session, edition_id, day, at)
    sheets = {
        one.fair_day: one for one in sheets_of(session, edition_id) if one.in_force and one.fair_day in frame.days
    }
    names = names_of(session, {one.closed_by for one in sheets.values()}) if sheets else {}
    by_day = entries_by_day(session, edition_id) if sheets else {}
    late_people = sum(by_day.get(one, 0) - (sheet.entries or 0) for one, sheet in sheets.items())
    known = _known(phone_states(session, edition_id), frame)
    empty = 0 if day is None else _empty_hours(session, edition_id, day, at)
    return _badge("visitors", frame, known, sheets, names, late_people=late_people, empty_hours=empty)


@dataclass(frozen=True)
class _Frame:
    """Which days a badge speaks of."""

    day: date | None
    last_day: date
    days: tuple[date, ...]
    boundary: int
    begun: bool
    is_over: bool


def _frame(session: AnySession, edition_id: str, day: date | None, at: datetime) -> _Frame:
    edition = get_edition(session, edition_id)
    boundary = edition.day_boundary_minutes
    last = last_day_begun(edition.starts_day, edition.ends_day, boundary, at)
    if day is not None:
        starts = day_starts_at(day, boundary)
        return _Frame(day, day, (day,), boundary, starts <= at, starts + timedelta(days=1) <= at)
    span = range((last - edition.starts_day).days + 1)
    days = tuple(edition.starts_day + timedelta(days=step) for step in span)
    over = edition.ends_day is not None and day_starts_at(edition.ends_day, boundary) + timedelta(days=1) <= at
    return _Frame(None, last, days, boundary, day_starts_at(edition.starts_day, boundary) <= at, over)


def _known(states: list[DeviceState], frame: _Frame) -> Completeness:
    found = completeness if frame.day is not None else completeness_so_far
    return found(states, frame.last_day, frame.boundary)


def _badge(
    what: What,
    frame: _Frame,
    known: Completeness,
    sheets: Mapping[date, Sheet],
    names: Mapping[str, str],
    **beside: int,
) -> Badge:
    sheet = sheets.get(frame.day) if frame.day is not None else None
    signed = None
    if sheet is not None:
        signed = Signed(sheet.number, sheet.round, names.get(sheet.closed_by, ""), sheet.closed_at)
    return Badge(
        what=what,
        complete=known.complete,
        total=known.total,
        until=known.until,
        waiting=known.waiting,
        late=tuple(one.letter for one in known.late),
        begun=frame.begun,
        is_over=frame.is_over,
        sheet=signed,
        days_signed=len(sheets),
        days_begun=len(frame.days),
        of_day=frame.day is not None,
        to_the_end=frame.is_over and known.until == day_starts_at(frame.last_day, frame.boundary) + timedelta(days=1),
        **beside,
    )


def _empty_hours(session: AnySession, edition_id: str, day: date, at: datetime) -> int:
    edition = get_edition(session, edition_id)
    boundary = edition.day_boundary_minutes
    gates = [gate for gate in gates_of_day(session, edition_id, day, boundary) if counts_in(gate.way)]
    counted = hours = 0
    there = owed.hours_counted(session, edition_id, day)
    for minute in range(edition.opens_minute - edition.opens_minute % 60, edition.closes_minute, 60):
        begins = day_starts_at(day, boundary) + timedelta(minutes=(minute - boundary) % (24 * 60))
        if begins + timedelta(hours=1) > at:
            continue
        for gate in gates:
            if gate.created_at <= begins and (gate.closed_at is None or gate.closed_at > begins):
                hours += 1
                counted += (gate.id, minute // 60 % 24) in there
    return hours - counted


def names_of(session: AnySession, person_ids: Iterable[str | None]) -> dict[str, str]:
    """Person id → name."""
    return {one.id: one.name for one in people_with(session, {one for one in person_ids if one is not None})}


def today_of(session: AnySession, edition_id: str, at: datetime) -> date:
    """The fair day that runs at `at`. Raises NotFound."""
    return fair_day(at, get_edition(session, edition_id).day_boundary_minutes)
