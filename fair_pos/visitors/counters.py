"""Files of cameras and counters: which of their columns is what, what they say by the hour, and taking them in once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.day import VIETNAM, fair_day, local_hour
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean, fold, identity
from fair_pos.plumbing.sheets import Sheet, read_sheet
from fair_pos.venues.queries import get_edition, refuse_frozen
from fair_pos.visitors.queries import gates_of
from fair_pos.visitors.refusals import CounterColumnsMissing, CounterFileEmpty, CounterFileGone, SourceWrong
from fair_pos.visitors.rules import read_people
from fair_pos.visitors.tables import CounterFile, CounterHour

FIELDS = ("time", "hour", "people_in", "people_out", "gate")
NEEDED = ("time", "people_in")
HEADINGS = ("Thời gian", "Lượt vào", "Lượt ra", "Cổng")
"""Of our template; they are found like those of any counter."""
KEPT_FOR = timedelta(hours=1)

_WORDS: dict[str, tuple[str, ...]] = {
    "time": ("thoi gian", "thoi diem", "ngay", "timestamp", "datetime", "date time", "date", "time", "start"),
    "hour": ("gio", "khung gio", "hour"),
    "people_in": ("luot vao", "khach vao", "nguoi vao", "so luot vao", "vao", "entries", "enter", "in", "count", "so luot"),
    "people_out": ("luot ra", "khach ra", "nguoi ra", "so luot ra", "ra", "exits", "exit", "out"),
    "gate": ("cong", "cua", "vi tri", "camera", "gate", "door", "zone", "line"),
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What a file says: people by (gate id or «», fair day, hour), and the rows that could not be read."""

    hours: dict[tuple[str, date, int], tuple[int, int]] = field(default_factory=dict)
    rows: int = 0
    left_out: int = 0
    """Rows without a time: titles, sums."""
    unreadable: list[int] = field(default_factory=list)
    """Rows with a time and no number of people."""
    unknown_gates: list[str] = field(default_factory=list)

    @property
    def people_in(self) -> int:
        """Everybody the file counted in."""
        return sum(people for people, _ in self.hours.values())


def read_counter_file(data: bytes, filename: str) -> Sheet:
    """The table in a file. Raises FileUnreadable, FileTooLarge, CounterFileEmpty."""
    sheet = read_sheet(data, filename, rate=lambda cells: len(guess_columns(cells)))
    if not sheet.headings or not sheet.rows:
        raise CounterFileEmpty
    return sheet


def guess_columns(headings: Sequence[str]) -> dict[str, int]:
    """Field → column, as far as the headings say; a column is one thing only."""
    words = [re.sub(r"[^a-z0-9]+", " ", fold(heading)).strip() for heading in headings]
    found: dict[str, int] = {}
    for name in FIELDS:
        for wanted in _WORDS[name]:
            exact = [at for at, word in enumerate(words) if word == wanted]
            near = [at for at, word in enumerate(words) if len(wanted) > 3 and re.search(rf"\b{wanted}\b", word)]
            free = [at for at in exact + near if at not in found.values()]
            if free:
                found[name] = free[0]
                break
    return found


_DAY = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})|([0-9]{4})[/.\-]([0-9]{1,2})[/.\-]([0-9]{1,2})")
_HOUR = re.compile(r"([0-9]{1,2})(?:\s*[:hg]\s*([0-9]{2})?|\s*giờ)?(?::[0-9]{2}(?:[.,][0-9]+)?)?\b", re.IGNORECASE)


def read_moment(time: str, hour: str) -> datetime | None:
    """When a row was counted, on Vietnam's clock: «24/11/2026 10:15», «2026-11-24T03:15:00Z», or a day and an hour apart."""
    moment = _moment(clean(time), clean(hour))
    # Years 1 and 9999 are dates to a parser and faults to whoever reckons with them.
    return moment if moment is not None and 2000 <= moment.year < 2200 else None


def _moment(text: str, hour: str) -> datetime | None:
    try:
        if "T" in text and (text.endswith("Z") or re.search(r"[+-][0-9]{2}:?[0-9]{2}$", text)):
            return datetime.fromisoformat(text).astimezone(VIETNAM)
        day = _DAY.match(text)
        at = _HOUR.match(hour or text[day.end() :].lstrip(" T,")) if day else None
        if day is None or at is None:
            return None
        d, m, y, year, month, date_ = day.groups()
        parts = (int(year), int(month), int(date_)) if year else (int(y), int(m), int(d))
        return datetime(*parts, int(at.group(1)), int(at.group(2) or 0), tzinfo=VIETNAM)
    except (ValueError, OverflowError):
        return None


def read_rows(sheet: Sheet, columns: Mapping[str, int], gates: Mapping[str, str], boundary_minutes: int) -> Reading:
    """What the table says by the hour; rows of the same hour are added up. `gates`: name as `identity` has it → gate id.

    Raises CounterColumnsMissing.
    """
    if any(name not in columns for name in NEEDED):
        raise CounterColumnsMissing
    hours: dict[tuple[str, date, int], tuple[int, int]] = {}
    unreadable: list[int] = []
    unknown: dict[str, None] = {}
    rows = left_out = 0
    for row in sheet.rows:
        cells = {name: clean(row.cells[at]) if at < len(row.cells) else "" for name, at in columns.items()}
        moment = read_moment(cells["time"], cells.get("hour", ""))
        if moment is None:
            left_out += 1
            continue
        people_in = read_people(cells["people_in"] or "0")
        people_out = read_people(cells.get("people_out") or "0")
        if people_in is None or people_out is None:
            unreadable.append(row.number)
            continue
        name = cells.get("gate", "")
        gate_id = gates.get(identity(name), "") if name else ""
        if name and not gate_id:
            unknown[name] = None
        rows += 1
        key = (gate_id, fair_day(moment, boundary_minutes), local_hour(moment))
        was = hours.get(key, (0, 0))
        hours[key] = (was[0] + people_in, was[1] + people_out)
    return Reading(hours, rows, left_out, unreadable, list(unknown))


# --- taking a file in -------------------------------------------------------------------------------------------------


def keep_counter_file(
    session: Session, edition_id: str, source: str, data: bytes, filename: str, *, at: datetime, by: str
) -> CounterFile:
    """Keep a file for an hour, to be looked at by whoever sent it; older ones that nobody imported go.

    Raises NotFound, EditionFrozen, SourceWrong, FileUnreadable, FileTooLarge, CounterFileEmpty.
    """
    refuse_frozen(session, edition_id)
    edition = get_edition(session, edition_id)
    source = clean(source)
    if not source or len(source) > 100:
        raise SourceWrong
    read_counter_file(data, filename)
    stale = (CounterFile.imported_at.is_(None), CounterFile.uploaded_at < at - KEPT_FOR)
    session.execute(delete(CounterFile).where(*stale))
    kept = CounterFile(
        id=new_id(),
        edition_id=edition.id,
        source=source,
        filename=filename.replace("\0", "")[:300],
        data=data,
        uploaded_by=by,
        uploaded_at=at,
        counts={},
    )
    session.add(kept)
    session.flush()
    return kept


def get_counter_file(session: Session, edition_id: str, file_id: str, *, at: datetime, by: str) -> CounterFile:
    """A file that waits for this person. Raises NotFound, and CounterFileGone when it was imported or is too old."""
    found = session.scalar(select(CounterFile).where(CounterFile.id == file_id).with_for_update())
    if found is None or found.edition_id != edition_id or found.uploaded_by != by:
        raise NotFound
    if found.data is None or found.uploaded_at < at - KEPT_FOR:
        raise CounterFileGone
    return found


def counter_files_of(session: Session | scoped_session[Session], edition_id: str) -> list[CounterFile]:
    """Files that were imported, newest first."""
    wanted = select(CounterFile).where(CounterFile.edition_id == edition_id, CounterFile.imported_at.is_not(None))
    return list(session.scalars(wanted.order_by(CounterFile.imported_at.desc())))


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do, by hours."""

    reading: Reading
    new: int
    changed: int
    same: int


def import_counter_file(
    session: Session, kept: CounterFile, columns: Mapping[str, int], *, at: datetime, by: str
) -> Imported:
    """Take in what a counter says, hour by hour: a new hour is added, one that differs is replaced, one that is the same stays.

    So the same file again changes nothing. The caller may roll back: that is the dry run. Raises EditionFrozen, CounterColumnsMissing.
    """
    refuse_frozen(session, kept.edition_id)
    assert kept.data is not None
    edition = get_edition(session, kept.edition_id)
    gates = {gate.name_key: gate.id for gate in gates_of(session, edition.id)}
    sheet = read_counter_file(kept.data, kept.filename)
    reading = read_rows(sheet, columns, gates, edition.day_boundary_minutes)
    source_key = identity(kept.source)
    known = select(CounterHour).where(CounterHour.edition_id == edition.id, CounterHour.source_key == source_key)
    before = {(one.gate_id, one.fair_day, one.hour): one for one in session.scalars(known.with_for_update())}
    new = changed = same = 0
    replaced: list[list[object]] = []
    for (gate_id, day, hour), (people_in, people_out) in sorted(reading.hours.items()):
        was = before.get((gate_id, day, hour))
        if was is None:
            new += 1
            session.add(
                CounterHour(
                    edition_id=edition.id,
                    source_key=source_key,
                    gate_id=gate_id,
                    fair_day=day,
                    hour=hour,
                    source=kept.source,
                    people_in=people_in,
                    people_out=people_out,
                    file_id=kept.id,
                )
            )
        elif (was.people_in, was.people_out) == (people_in, people_out):
            same += 1
        else:
            changed += 1
            replaced.append([gate_id, day.isoformat(), hour, was.people_in, was.people_out, people_in, people_out])
            was.people_in, was.people_out, was.file_id = people_in, people_out, kept.id
    kept.data, kept.imported_at, kept.imported_by = None, at, by
    kept.counts = {"new": new, "changed": changed, "same": same, "people_in": reading.people_in}
    session.flush()
    facts = {**kept.counts, "source": kept.source, "unreadable": len(reading.unreadable), "replaced": replaced}
    write_line(session, at=at, person_id=by, verb="counter_imported", subject=("counter", kept.id), facts=facts)
    return Imported(reading, new, changed, same)
