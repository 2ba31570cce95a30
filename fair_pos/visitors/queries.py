"""Finding gates and phones, and what is known of how many came."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.kernel.day import day_starts_at, fair_day
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import sort_key
from fair_pos.venues.queries import get_edition
from fair_pos.visitors.rules import (
    Counts,
    Flow,
    Inside,
    Level,
    Peak,
    counts_in,
    crowd_level,
    end_of_hour,
    estimated_distinct,
    inside,
    peak,
    total,
)
from fair_pos.visitors.tables import (
    Correction,
    CounterHour,
    CrowdRule,
    Gate,
    GateCode,
    GateDevice,
    GateEntry,
    GateHour,
    GateQuarantined,
    OtherCount,
    PaperTally,
    VisitorPlan,
)

AnySession = Session | scoped_session[Session]


# --- gates and phones -------------------------------------------------------------------------------------------------


def gates_of(session: AnySession, edition_id: str) -> list[Gate]:
    """The gates of an edition by name."""
    found = session.scalars(select(Gate).where(Gate.edition_id == edition_id))
    return sorted(found, key=lambda gate: sort_key(gate.name))


def get_gate(session: AnySession, gate_id: str, *, lock: bool = False) -> Gate:
    """The gate with this id. Raises NotFound. `lock`: one person at a time writes beside its taps, and taps do not wait for it."""
    wanted = select(Gate).where(Gate.id == gate_id)
    gate = session.scalar(
        wanted.with_for_update(key_share=True).execution_options(populate_existing=True) if lock else wanted
    )
    if gate is None:
        raise NotFound
    return gate


def gates_of_day(session: AnySession, edition_id: str, day: date, boundary_minutes: int) -> list[Gate]:
    """The gates that say something of a fair day, by name: those open on it, and closed ones at which it was counted."""
    found = session.scalars(select(Gate).where(*_on_day(edition_id, day, boundary_minutes)))
    return sorted(found, key=lambda gate: sort_key(gate.name))


def _on_day(edition_id: str, day: date, boundary_minutes: int) -> tuple[ColumnElement[bool], ...]:
    counted = select(GateHour.gate_id).where(GateHour.fair_day == day)
    open_then = or_(Gate.closed_at.is_(None), Gate.closed_at > day_starts_at(day, boundary_minutes))
    return (Gate.edition_id == edition_id, or_(open_then, Gate.id.in_(counted)))


def find_gate_edition(session: AnySession, gate_id: str) -> str | None:
    """Whose edition a gate is of."""
    gate = session.get(Gate, gate_id)
    return None if gate is None else gate.edition_id


def find_gate_device(session: AnySession, device_id: str, *, lock: bool = False) -> GateDevice | None:
    """The phone with this id. `lock` makes its uploads wait."""
    wanted = select(GateDevice).where(GateDevice.id == device_id)
    return session.scalar(wanted.with_for_update(of=GateDevice) if lock else wanted)


def find_gate_device_edition(session: AnySession, device_id: str) -> str | None:
    """The edition at whose gate a phone stands."""
    device = find_gate_device(session, device_id)
    return None if device is None else device.gate.edition_id


def token_hash(token: str) -> str:
    """How a phone's secret is kept: 128 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def code_hash(code: str) -> str:
    """How a pairing code is kept; typed in lower case or without its dash it is the same code."""
    return token_hash("".join(letter for letter in code.upper() if letter.isalnum()))


def find_gate_device_by_token(session: AnySession, token: str, *, lock: bool = False) -> GateDevice | None:
    """The phone that holds this secret, revoked or not. `lock` makes a second upload of it wait for the first."""
    wanted = select(GateDevice).where(GateDevice.token_hash == token_hash(token))
    return session.scalar(wanted.with_for_update(of=GateDevice) if lock else wanted)


def find_usable_gate_code(session: AnySession, code: str, at: datetime) -> GateCode | None:
    """The pairing code, when it was neither used nor is too old. Locked, so that two phones cannot use it at once."""
    wanted = select(GateCode).where(
        GateCode.code_hash == code_hash(code), GateCode.used_at.is_(None), GateCode.expires_at > at
    )
    return session.scalar(wanted.with_for_update())


def gate_devices_of(session: AnySession, edition_id: str) -> list[GateDevice]:
    """The phones of an edition's gates; unpaired ones last."""
    found = select(GateDevice).join(Gate).where(Gate.edition_id == edition_id)
    return list(session.scalars(found.order_by(GateDevice.revoked_at.is_not(None), GateDevice.paired_at)))


def paired_phones(session: AnySession, gate_id: str) -> list[GateDevice]:
    """The phones that count at a gate now."""
    return list(
        session.scalars(select(GateDevice).where(GateDevice.gate_id == gate_id, GateDevice.revoked_at.is_(None)))
    )


def counts_visitors(session: AnySession, edition_id: str) -> bool:
    """Whether a phone is paired with a gate of the edition, or anything was counted at one."""
    gates = select(Gate.id).where(Gate.edition_id == edition_id)
    paired = select(GateDevice.id).where(GateDevice.gate_id.in_(gates), GateDevice.revoked_at.is_(None)).limit(1)
    return session.scalar(paired) is not None or has_counts(session, edition_id)


def has_counts(session: AnySession, edition_id: str) -> bool:
    """Whether anything was counted at a gate of the edition: taps, paper, corrections."""
    gates = select(Gate.id).where(Gate.edition_id == edition_id)
    return session.scalar(select(GateHour.gate_id).where(GateHour.gate_id.in_(gates)).limit(1)) is not None


def count_missing_entries(session: AnySession, device: GateDevice) -> int:
    """How many numbers never came though later ones did."""
    if device.max_seq <= device.high_seq:
        return 0
    beyond = select(GateEntry.seq).where(GateEntry.device_id == device.id, GateEntry.seq > device.high_seq)
    aside = select(GateQuarantined.seq).where(
        GateQuarantined.device_id == device.id, GateQuarantined.seq > device.high_seq
    )
    there = session.scalar(select(func.count()).select_from(beyond.union(aside).subquery())) or 0
    return device.max_seq - device.high_seq - there


# --- figures ----------------------------------------------------------------------------------------------------------


def crowd_rule(session: AnySession, edition_id: str) -> tuple[int | None, int | None]:
    """(most people inside, share of second entries in percent), as far as somebody said."""
    found = session.get(CrowdRule, edition_id)
    return (None, None) if found is None else (found.limit_people, found.reentry_percent)


def counts_by_hour(session: AnySession, gate_ids: Collection[str], day: date) -> dict[tuple[str, int], Counts]:
    """(gate id, hour) → what was counted there, by source; hours without any are left out."""
    wanted = select(GateHour).where(GateHour.gate_id.in_(gate_ids), GateHour.fair_day == day)
    found: dict[tuple[str, int], Counts] = {}
    for row in session.scalars(wanted):
        flow = Flow(row.people_in, row.people_out, row.group_in, row.group_out)
        key = (row.gate_id, row.hour)
        found[key] = found.get(key, Counts()) + Counts(**{row.source: flow})
    return found


def entries_by_day(session: AnySession, edition_id: str) -> dict[date, int]:
    """Fair day → entries through all gates, net; days without any are left out."""
    wanted = select(GateHour.fair_day, func.sum(GateHour.people_in)).join(Gate, Gate.id == GateHour.gate_id)
    wanted = wanted.where(Gate.edition_id == edition_id).group_by(GateHour.fair_day).order_by(GateHour.fair_day)
    return {day: int(people) for day, people in session.execute(wanted)}


def moves_of_day(
    session: AnySession, gate_ids: Collection[str], day: date, boundary_minutes: int
) -> list[tuple[int, int]]:
    """(minute of the fair day, in less out): taps to the minute, paper and corrections at the end of their hour."""
    entry = GateEntry
    taps = (
        select(entry.minute, entry.direction, func.sum(entry.people))
        .where(entry.gate_id.in_(gate_ids), entry.fair_day == day, entry.people != 0)
        .group_by(entry.minute, entry.direction)
    )
    moves = [(minute, int(people) * (1 if way == "in" else -1)) for minute, way, people in session.execute(taps)]
    beside = select(GateHour.hour, func.sum(GateHour.people_in - GateHour.people_out)).where(
        GateHour.gate_id.in_(gate_ids), GateHour.fair_day == day, GateHour.source != "tap"
    )
    for hour, people in session.execute(beside.group_by(GateHour.hour)):
        moves.append((end_of_hour(hour, boundary_minutes), int(people)))
    return moves


@dataclass(frozen=True)
class DayVisitors:
    """What the gates say of one fair day. Every figure is of its own kind; see rules.py for what each means."""

    gates: list[Gate]
    by_hour: Mapping[tuple[str, int], Counts]
    total: Counts
    inside: Inside
    peak: Peak | None
    distinct: int | None
    limit_people: int | None
    level: Level

    @property
    def entries(self) -> int:
        """Net entries through all gates."""
        return self.total.net.people_in

    def of_gate(self, gate_id: str) -> Counts:
        """What was counted at one gate."""
        return total(counts for (gate, _), counts in self.by_hour.items() if gate == gate_id)

    def of_hour(self, hour: int) -> Counts:
        """What was counted in one hour at all gates."""
        return total(counts for (_, at), counts in self.by_hour.items() if at == hour)


def visitors_of_day(session: AnySession, edition_id: str, day: date) -> DayVisitors:
    """The gates' figures of a fair day. Raises NotFound."""
    boundary = get_edition(session, edition_id).day_boundary_minutes
    gates = gates_of_day(session, edition_id, day, boundary)
    ids = [gate.id for gate in gates]
    by_hour = counts_by_hour(session, ids, day)
    all_of_it = total(by_hour.values())
    there = inside(all_of_it.net, [gate.way for gate in gates])
    highest = peak(moves_of_day(session, ids, day, boundary)) if there.people is not None else None
    limit, reentry = crowd_rule(session, edition_id)
    distinct = estimated_distinct(all_of_it.net.people_in, reentry, highest.people if highest else 0)
    level = crowd_level(there.people, limit)
    return DayVisitors(gates, by_hour, all_of_it, there, highest, distinct, limit, level)


@dataclass(frozen=True)
class CrowdNow:
    """What a gate's screen shows of all gates; cheap, since every phone asks every few seconds."""

    inside: Inside
    limit_people: int | None
    level: Level
    entries: int


def crowd_now(session: AnySession, edition_id: str, at: datetime) -> CrowdNow:
    """Who is inside all gates of an edition in this moment, as far as the server knows. Raises NotFound."""
    boundary = get_edition(session, edition_id).day_boundary_minutes
    day = fair_day(at, boundary)
    ways = list(session.scalars(select(Gate.way).where(*_on_day(edition_id, day, boundary))))
    sums = select(func.sum(GateHour.people_in), func.sum(GateHour.people_out)).join(Gate, Gate.id == GateHour.gate_id)
    row = session.execute(sums.where(Gate.edition_id == edition_id, GateHour.fair_day == day)).one()
    flow = Flow(int(row[0] or 0), int(row[1] or 0))
    there, (limit, _) = inside(flow, ways), crowd_rule(session, edition_id)
    return CrowdNow(there, limit, crowd_level(there.people, limit), flow.people_in)


@dataclass(frozen=True)
class HourEntries:
    """Entries of an hour, and the gates that said nothing in it: with one missing, no share of visitors can be worked out."""

    entries: int
    missing: tuple[str, ...]


def entries_by_hour(session: AnySession, edition_id: str, day: date) -> dict[int, HourEntries]:
    """Hour → entries through all gates, for conversion and spend per visitor. Hours in which no gate counted are left out.

    A gate that was closed before an hour began is not missing in it.
    """
    boundary = get_edition(session, edition_id).day_boundary_minutes
    gates = [gate for gate in gates_of_day(session, edition_id, day, boundary) if counts_in(gate.way)]
    by_hour = counts_by_hour(session, [gate.id for gate in gates], day)
    found = {}
    for hour in {hour for _, hour in by_hour}:
        begins = day_starts_at(day, boundary) + timedelta(minutes=(hour * 60 - boundary) % (24 * 60))
        there = [gate for gate in gates if gate.closed_at is None or gate.closed_at > begins]
        missing = tuple(gate.name for gate in there if (gate.id, hour) not in by_hour)
        entries = sum(counts.net.people_in for (_, at), counts in by_hour.items() if at == hour)
        found[hour] = HourEntries(entries, missing)
    return found


# --- what people and counters said ------------------------------------------------------------------------------------


def corrections_of(session: AnySession, gate_ids: Collection[str], day: date) -> list[Correction]:
    """Signed corrections of a day, oldest first."""
    wanted = select(Correction).where(Correction.gate_id.in_(gate_ids), Correction.fair_day == day)
    return list(session.scalars(wanted.order_by(Correction.at, Correction.id)))


def tallies_of(session: AnySession, gate_ids: Collection[str], day: date) -> list[tuple[PaperTally, bool]]:
    """Paper tallies of a day, oldest first, each with whether it counts: of one gate and hour only the last does."""
    wanted = select(PaperTally).where(PaperTally.gate_id.in_(gate_ids), PaperTally.fair_day == day)
    found = list(session.scalars(wanted.order_by(PaperTally.at, PaperTally.id)))
    last = {(one.gate_id, one.hour): one.id for one in found}
    return [(one, last[one.gate_id, one.hour] == one.id) for one in found]


def last_tally(session: AnySession, gate_id: str, day: date, hour: int) -> PaperTally | None:
    """The paper tally that counts for a gate's hour."""
    of_hour = (PaperTally.gate_id == gate_id, PaperTally.fair_day == day, PaperTally.hour == hour)
    newest = (PaperTally.at.desc(), PaperTally.id.desc())
    return session.scalar(select(PaperTally).where(*of_hour).order_by(*newest).limit(1))


def other_counts_of(session: AnySession, edition_id: str, day: date) -> list[OtherCount]:
    """Other sources of a day by name: of each the newest, withdrawn ones left out."""
    wanted = select(OtherCount).where(OtherCount.edition_id == edition_id, OtherCount.fair_day == day)
    newest = {one.name_key: one for one in session.scalars(wanted.order_by(OtherCount.at, OtherCount.id))}
    return sorted((one for one in newest.values() if not one.withdrawn), key=lambda one: sort_key(one.name))


def planned_of(session: AnySession, edition_id: str) -> dict[date, int]:
    """Fair day → entries an organiser expects, the latest word for each; days without a plan, or with one taken back, are left out."""
    wanted = select(VisitorPlan).where(VisitorPlan.edition_id == edition_id)
    newest = {one.fair_day: one.people for one in session.scalars(wanted.order_by(VisitorPlan.at, VisitorPlan.id))}
    return {day: people for day, people in sorted(newest.items()) if people is not None}


@dataclass(frozen=True)
class CounterDay:
    """What one counter says of a day."""

    source: str
    people_in: int
    people_out: int


def counters_of(session: AnySession, edition_id: str, day: date) -> list[CounterDay]:
    """What cameras and counters say of a day, by name; each stands for itself."""
    row = CounterHour
    wanted = select(func.max(row.source), func.sum(row.people_in), func.sum(row.people_out))
    wanted = wanted.where(row.edition_id == edition_id, row.fair_day == day).group_by(row.source_key)
    found = [CounterDay(name, int(people_in), int(out)) for name, people_in, out in session.execute(wanted)]
    return sorted(found, key=lambda one: sort_key(one.source))


def counter_hours(session: AnySession, edition_id: str, day: date) -> dict[tuple[str, int], int]:
    """(counter, hour) → people in, for the table of hours."""
    row = CounterHour
    wanted = select(func.max(row.source), row.hour, func.sum(row.people_in))
    wanted = wanted.where(row.edition_id == edition_id, row.fair_day == day).group_by(row.source_key, row.hour)
    return {(name, hour): int(people) for name, hour, people in session.execute(wanted)}


@dataclass(frozen=True)
class OddTaps:
    """So many entries of one phone with the same thing odd about them."""

    device: GateDevice
    code: str
    count: int


def odd_taps_of(session: AnySession, devices: Sequence[GateDevice]) -> list[OddTaps]:
    """What is odd about the entries of these phones, counted."""
    by_id = {one.id: one for one in devices}
    wanted = select(GateEntry.device_id, GateEntry.oddities, func.count())
    wanted = wanted.where(GateEntry.device_id.in_(by_id), GateEntry.oddities != "")
    sums: dict[tuple[str, str], int] = {}
    for device_id, codes, count in session.execute(wanted.group_by(GateEntry.device_id, GateEntry.oddities)):
        for code in codes.split():
            sums[device_id, code] = sums.get((device_id, code), 0) + count
    return [OddTaps(by_id[device_id], code, count) for (device_id, code), count in sorted(sums.items())]


def people_named(counted: Iterable[Correction | tuple[PaperTally, bool] | OtherCount]) -> set[str]:
    """The ids of whoever signed these."""
    return {(one[0] if isinstance(one, tuple) else one).person_id for one in counted}
