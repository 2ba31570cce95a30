"""The register of booths as a file: which column is what, what each row says, what it would change, and taking it in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import Table, delete, insert, update
from sqlalchemy.orm import Session

from fair_pos.journal.actions import line, write_lines
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.text import clean, fold, identity
from fair_pos.plumbing.sheets import Cell, Sheet, read_sheet
from fair_pos.venues import refusals
from fair_pos.venues.forms import Choice
from fair_pos.venues.queries import AnySession, booths_of, get_edition, occupants_in, refuse_frozen
from fair_pos.venues.rules import booth_code
from fair_pos.venues.tables import Booth, Occupant

_BOOTH = cast("Table", Booth.__table__)
_OCCUPANT = cast("Table", Occupant.__table__)

MOST_BOOTHS = 3_000
"""Rows of a register: ten times the largest fair there was."""


@dataclass(frozen=True)
class Column:
    """A column: the heading of our template, other headings that mean the same (folded), and the longest cell."""

    heading: str
    others: tuple[str, ...]
    required: bool
    most: int


COLUMNS: dict[str, Column] = {
    "code": Column("Mã gian", ("ma gian hang", "ma", "so gian", "gian so", "booth code", "booth", "code"), True, 20),
    "name": Column("Tên gian hàng", ("ten gian", "ten", "gian hang", "booth name", "name"), True, 300),
    "zone": Column("Khu", ("khu vuc", "phan khu", "zone", "area"), False, 100),
    "producers": Column(
        "Chủ thể", ("cac chu the", "chu the ban", "don vi", "don vi tham gia", "producers", "producer"), False, 3_000
    ),
}


def heading_key(text: str) -> str:
    """A heading without marks, case, what stands in brackets and other signs."""
    return re.sub(r"[^a-z0-9]+", " ", fold(re.sub(r"\(.*?\)", " ", text))).strip()


def find_columns(headings: Sequence[str]) -> dict[str, int]:
    """Which column of a file holds which field; columns nobody knows are left alone, of two alike the first counts."""
    known = {heading_key(column.heading): name for name, column in COLUMNS.items()}
    known |= {other: name for name, column in COLUMNS.items() for other in column.others}
    found: dict[str, int] = {}
    for index, heading in enumerate(headings):
        name = known.get(heading_key(heading))
        if name is not None:
            found.setdefault(name, index)
    return found


def read_register(data: bytes, filename: str) -> Sheet:
    """The table in a file. Raises FileUnreadable, FileTooLarge, BoothColumnsMissing, TooManyBooths, BoothFileEmpty."""
    sheet = read_sheet(data, filename, lambda cells: len(find_columns(cells)))
    columns = find_columns(sheet.headings)
    missing = [column.heading for name, column in COLUMNS.items() if column.required and name not in columns]
    if sheet.headings and missing:
        raise refusals.BoothColumnsMissing(columns=", ".join(missing))
    if not sheet.rows:
        raise refusals.BoothFileEmpty
    if len(sheet.rows) > MOST_BOOTHS:
        raise refusals.TooManyBooths(count=len(sheet.rows), most=MOST_BOOTHS)
    return sheet


# --- what a file says -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BoothRow:
    """A booth as a file names it. `number` is the row's; `producer_ids` None and `zone` «» leave what is known as it is."""

    number: int
    code: str
    name: str
    zone: str
    producer_ids: tuple[str, ...] | None


@dataclass(frozen=True)
class Remark:
    """What keeps a row from being imported, as a code with facts; plumbing/sentences has the words."""

    number: int
    code: str
    facts: dict[str, str | int]


@dataclass(frozen=True)
class Parsed:
    """What a file says: `rows` that can be read, and `errors` that keep all of it from being imported."""

    rows: list[BoothRow]
    errors: list[Remark]
    heading_number: int


class Producers:
    """Finds producers by the names that a file gives them. Of two that are called alike the place must be said."""

    def __init__(self, choices: Iterable[Choice]) -> None:
        self._by_name: dict[str, list[Choice]] = {}
        self._by_both: dict[str, list[Choice]] = {}
        for one in choices:
            self._by_name.setdefault(identity(one.name), []).append(one)
            self._by_both.setdefault(identity(with_place(one)), []).append(one)
        self._by_id = {one.id: one for some in self._by_name.values() for one in some}

    def find(self, text: str) -> list[Choice]:
        """Those whom this names: none, one, or several of the same name."""
        return self._by_both.get(identity(text)) or self._by_name.get(identity(text), [])

    def written(self, producer_id: str) -> str:
        """A producer as `find` finds it again: its place beside a name that several have; «» for nobody."""
        one = self._by_id.get(producer_id)
        if one is None:
            return ""
        return one.name if len(self._by_name[identity(one.name)]) == 1 else with_place(one)


def with_place(one: Choice) -> str:
    """«HTX Bình Minh (xã A, tỉnh B)»."""
    return f"{one.name} ({one.place})" if one.place else one.name


def parse_register(sheet: Sheet, producers: Producers) -> Parsed:
    """Read all rows and collect everything that is wrong, so that a file need not be mended one error at a time."""
    columns = find_columns(sheet.headings)
    parsed = Parsed([], [], sheet.heading_number)
    first_with: dict[str, int] = {}
    zones: dict[str, str] = {}
    for row in sheet.rows:
        cells = {name: clean(row.cells[at]) if at < len(row.cells) else "" for name, at in columns.items()}
        booth, wrong = _parse_row(row.number, cells, producers)
        if booth.code:
            first = first_with.setdefault(booth.code, row.number)
            if first != row.number:
                wrong.append(Remark(row.number, "booth_repeated", {"value": booth.code, "first": first}))
        parsed.errors.extend(wrong)
        if not wrong:
            # «Khu A» and «KHU A» of one file are one zone: the first spelling stands for both.
            zone = zones.setdefault(identity(booth.zone), booth.zone)
            parsed.rows.append(replace(booth, zone=zone))
    return parsed


def _parse_row(number: int, cells: Mapping[str, str], producers: Producers) -> tuple[BoothRow, list[Remark]]:
    wrong: list[Remark] = []
    code = booth_code(cells["code"])
    for name, column in COLUMNS.items():
        value = cells.get(name, "")
        if column.required and not value:
            wrong.append(Remark(number, "cell_missing", {"column": column.heading}))
        elif name != "code" and len(value) > column.most:
            wrong.append(Remark(number, "cell_too_long", {"column": column.heading, "most": column.most}))
    if cells["code"] and code is None:
        wrong.append(Remark(number, "booth_code_wrong", {"value": cells["code"][:60]}))
    ids: list[str] = []
    said = [part.strip() for part in cells.get("producers", "").split(";") if part.strip()]
    for name in said:
        found = producers.find(name)
        if len(found) == 1:
            ids.append(found[0].id)
        elif found:
            places = "; ".join(with_place(one) for one in found[:3])
            wrong.append(Remark(number, "producer_ambiguous", {"value": name[:100], "places": places}))
        else:
            wrong.append(Remark(number, "producer_not_listed", {"value": name[:100]}))
    wanted = tuple(dict.fromkeys(ids)) if said else None
    return BoothRow(number, code or "", cells["name"], cells.get("zone", ""), wanted), wrong


# --- what it would change ---------------------------------------------------------------------------------------------

Outcome = Literal["new", "changed", "same"]


@dataclass(frozen=True)
class BoothChange:
    """What a row does: its booth before (`old_…`, empty for a new one) and after, and which producers come and go."""

    row: BoothRow
    outcome: Outcome
    booth_id: str
    old_name: str
    old_zone: str
    zone: str
    came: tuple[str, ...]
    went: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What an import would do, in the order of the file."""

    changes: list[BoothChange] = field(default_factory=list)
    untouched: int = 0
    """Booths of the edition that the file does not name: they stay as they are."""

    def count(self, outcome: Outcome) -> int:
        """How many rows turn out so."""
        return sum(change.outcome == outcome for change in self.changes)

    @property
    def changes_anything(self) -> bool:
        """Whether the import would do anything at all."""
        return any(change.outcome != "same" for change in self.changes)


def plan_register(session: AnySession, edition_id: str, rows: Sequence[BoothRow]) -> Plan:
    """What importing these rows would do now. Reads only. Raises NotFound.

    «KHU A» of a file is the «Khu A» in which other booths stay; a file that names all booths of a zone may spell it anew.
    """
    get_edition(session, edition_id)
    known = {booth.code: booth for booth in booths_of(session, edition_id)}
    there, moved = occupants_in(session, edition_id), {row.code for row in rows if row.zone}
    spelled = {identity(booth.zone): booth.zone for code, booth in known.items() if code not in moved}
    plan = Plan(untouched=len(known.keys() - {row.code for row in rows}))
    for row in (replace(row, zone=spelled.get(identity(row.zone), row.zone)) for row in rows):
        booth = known.get(row.code)
        before = set() if booth is None else set(there.get(booth.id, []))
        wanted = before if row.producer_ids is None else set(row.producer_ids)
        came, went = tuple(sorted(wanted - before)), tuple(sorted(before - wanted))
        if booth is None:
            plan.changes.append(BoothChange(row, "new", new_id(), "", "", row.zone, came, ()))
            continue
        zone = row.zone or booth.zone
        differs = (booth.name, booth.zone) != (row.name, zone) or came or went
        outcome: Outcome = "changed" if differs else "same"
        plan.changes.append(BoothChange(row, outcome, booth.id, booth.name, booth.zone, zone, came, went))
    return plan


# --- taking it in -----------------------------------------------------------------------------------------------------


def save_register(session: Session, edition_id: str, rows: Sequence[BoothRow], *, at: datetime, by: str | None) -> Plan:
    """Bring booths in: all of `rows` or, when anything fails, none. Importing the same again changes nothing.

    Price lists follow from it, so callers go through catalogue.booths.import_booths. Raises NotFound, EditionFrozen.
    """
    refuse_frozen(session, edition_id)
    plan = plan_register(session, edition_id, rows)
    new = [change for change in plan.changes if change.outcome == "new"]
    changed = [change for change in plan.changes if change.outcome == "changed"]
    if new:  # a code that somebody took between our look and now makes plumbing.db.in_transaction look again
        session.execute(insert(_BOOTH), [_new_booth(edition_id, change) for change in new])
    if changed:
        fields = [{"id": one.booth_id, "name": one.row.name, "zone": one.zone} for one in changed]
        session.execute(update(Booth), fields)  # by primary key, many at once
    for one in changed:
        if one.went:
            gone = delete(_OCCUPANT).where(_OCCUPANT.c.booth_id == one.booth_id, _OCCUPANT.c.producer_id.in_(one.went))
            session.execute(gone)
    came = [{"booth_id": one.booth_id, "producer_id": producer} for one in (*new, *changed) for producer in one.came]
    if came:
        session.execute(insert(_OCCUPANT), came)
    if plan.changes_anything:
        _journal(session, edition_id, plan, at=at, by=by)
    return plan


def _new_booth(edition_id: str, change: BoothChange) -> dict[str, str]:
    row = change.row
    return {"id": change.booth_id, "edition_id": edition_id, "code": row.code, "name": row.name, "zone": row.zone}


def _journal(session: Session, edition_id: str, plan: Plan, *, at: datetime, by: str | None) -> None:
    counts = {"created": plan.count("new"), "changed": plan.count("changed"), "unchanged": plan.count("same")}
    lines = [line(at=at, person_id=by, verb="booths_imported", subject=("edition", edition_id), facts=counts)]
    for one in plan.changes:
        about, row = ("booth", one.booth_id), one.row
        if one.outcome == "new":
            facts = {"code": row.code, "name": row.name, "zone": row.zone}
            lines.append(line(at=at, person_id=by, verb="booth_created", subject=about, facts=facts))
        elif (one.old_name, one.old_zone) != (row.name, one.zone):
            facts = {"old_name": one.old_name, "name": row.name, "old_zone": one.old_zone, "zone": one.zone}
            lines.append(line(at=at, person_id=by, verb="booth_changed", subject=about, facts=facts))
        if one.came or one.went:
            ids = {"came": list(one.came), "went": list(one.went)}
            lines.append(line(at=at, person_id=by, verb="occupants_set", subject=about, facts=ids))
    write_lines(session, lines)


# --- the other way ----------------------------------------------------------------------------------------------------


def register_rows(session: AnySession, edition_id: str, producers: Producers) -> list[list[Cell]]:
    """The booths of an edition as rows of the file, so that what is there can be changed and sent back."""
    there = occupants_in(session, edition_id)
    return [
        [one.code, one.name, one.zone, "; ".join(sorted(map(producers.written, there.get(one.id, []))))]
        for one in booths_of(session, edition_id)
    ]
