"""What people do about gates and counts: open a gate, set the limit, correct with their name, type a paper tally in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean, identity
from fair_pos.plumbing.db import add_up, dialect_of, insert_new
from fair_pos.venues.queries import get_edition, refuse_frozen
from fair_pos.visitors import refusals
from fair_pos.visitors.pairing import revoke_gate_device
from fair_pos.visitors.queries import (
    counts_by_hour,
    entries_by_day,
    gates_of,
    get_gate,
    last_tally,
    other_counts_of,
    paired_phones,
)
from fair_pos.visitors.rules import MOST_PEOPLE, WAYS, Bound, Counts, Direction, Flow, Way, counts_in, counts_out
from fair_pos.visitors.tables import Correction, CrowdRule, Gate, GateHour, OtherCount, PaperTally
from fair_pos.visitors.taps import HOUR_SUMS

_HOUR = cast("Table", GateHour.__table__)
MOST_NAME, MOST_REASON = 100, 300


# --- gates ------------------------------------------------------------------------------------------------------------


def add_gate(session: Session, edition_id: str, name: str, way: Way, *, at: datetime, by: str | None) -> Gate:
    """A new gate. Raises NotFound, EditionFrozen, GateNameMissing, GateNameTaken."""
    refuse_frozen(session, edition_id)
    edition = get_edition(session, edition_id)
    name = _free_name(session, edition.id, name, None)
    gate = Gate(id=new_id(), edition_id=edition.id, name=name, name_key=identity(name), way=_way(way), created_at=at)
    session.add(gate)
    session.flush()
    facts = {"name": name, "way": way}
    write_line(session, at=at, person_id=by, verb="gate_added", subject=("gate", gate.id), facts=facts)
    return gate


def change_gate(session: Session, gate_id: str, name: str, way: Way, *, at: datetime, by: str) -> bool:
    """Another name, or another way of counting; whether that was a change.

    Raises NotFound, EditionFrozen, GateNameMissing, GateNameTaken.
    """
    gate = get_gate(session, gate_id, lock=True)
    refuse_frozen(session, gate.edition_id)
    name = _free_name(session, gate.edition_id, name, gate.id)
    facts = {"name": [gate.name, name], "way": [gate.way, _way(way)]}
    changed = {field: pair for field, pair in facts.items() if pair[0] != pair[1]}
    if not changed:
        return False
    gate.name, gate.name_key, gate.way = name, identity(name), way
    session.flush()
    write_line(session, at=at, person_id=by, verb="gate_changed", subject=("gate", gate.id), facts=changed)
    return True


def close_gate(session: Session, gate_id: str, *, at: datetime, by: str) -> bool:
    """No phone counts here from now on; whether it was open. What was counted stays, and taps still held by a phone may come.

    Raises NotFound.
    """
    gate = get_gate(session, gate_id, lock=True)
    if gate.closed_at is not None:
        return False
    gate.closed_at = at
    for device in paired_phones(session, gate.id):
        revoke_gate_device(session, device, by=by, at=at)
    session.flush()
    write_line(session, at=at, person_id=by, verb="gate_closed", subject=("gate", gate.id), facts={})
    return True


def reopen_gate(session: Session, gate_id: str, *, at: datetime, by: str) -> bool:
    """Phones may be paired with it again; whether it was closed. Raises NotFound, EditionFrozen."""
    gate = get_gate(session, gate_id, lock=True)
    refuse_frozen(session, gate.edition_id)
    if gate.closed_at is None:
        return False
    gate.closed_at = None
    session.flush()
    write_line(session, at=at, person_id=by, verb="gate_reopened", subject=("gate", gate.id), facts={})
    return True


def _way(way: str) -> Way:
    if way not in WAYS:
        raise NotFound
    return way


def _free_name(session: Session, edition_id: str, name: str, gate_id: str | None) -> str:
    name = clean(name)
    if not name or len(name) > MOST_NAME:
        raise refusals.GateNameMissing
    if any(one.name_key == identity(name) and one.id != gate_id for one in gates_of(session, edition_id)):
        raise refusals.GateNameTaken(name=name)
    return name


def set_crowd_rule(
    session: Session, edition_id: str, limit_people: int | None, reentry_percent: int | None, *, at: datetime, by: str
) -> None:
    """How many may be inside, and the share of second entries; None where nobody knows.

    Raises NotFound, EditionFrozen, CrowdRuleWrong.
    """
    refuse_frozen(session, edition_id)
    edition = get_edition(session, edition_id)
    if limit_people is not None and not 1 <= limit_people <= MOST_PEOPLE:
        raise refusals.CrowdRuleWrong
    if reentry_percent is not None and not 0 <= reentry_percent <= 90:
        raise refusals.CrowdRuleWrong
    session.merge(
        CrowdRule(
            edition_id=edition.id, limit_people=limit_people, reentry_percent=reentry_percent, set_by=by, set_at=at
        )
    )
    session.flush()
    facts = {"limit_people": limit_people, "reentry_percent": reentry_percent}
    write_line(session, at=at, person_id=by, verb="crowd_rule_set", subject=("edition", edition.id), facts=facts)


# --- signed entries beside the taps -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class HourOf:
    """A gate's hour that a signed entry is about; `entry_id` was made with the form, so that a form sent twice counts once."""

    entry_id: str
    gate_id: str
    day: date
    hour: int


def correct(
    session: Session, where: HourOf, direction: Direction, people: int, reason: str, *, at: datetime, by: str
) -> bool:
    """So many more (or, below zero, fewer) at a gate in an hour, signed and with a reason; False when the form came before.

    The taps stay as they are: pages show raw and net. Raises NotFound, EditionFrozen, PeopleWrong, ReasonMissing, NotCountedHere,
    DayNotOfFair, MoreThanCounted.
    """
    reason = clean(reason)
    if not reason or len(reason) > MOST_REASON:
        raise refusals.ReasonMissing
    if people == 0 or abs(people) > MOST_PEOPLE:
        raise refusals.PeopleWrong
    gate = _gate_on(session, where, at)
    if not (counts_in(gate.way) if direction == "in" else counts_out(gate.way)):
        raise refusals.NotCountedHere
    counted = counts_by_hour(session, [gate.id], where.day).get((gate.id, where.hour), Counts()).net
    there = counted.people_in if direction == "in" else counted.people_out
    if session.get(Correction, where.entry_id) is None and there + people < 0:
        raise refusals.MoreThanCounted(people=-people, counted=there)
    row = {
        "id": where.entry_id,
        "gate_id": gate.id,
        "fair_day": where.day,
        "hour": where.hour,
        "direction": direction,
        "people": people,
        "reason": reason,
        "person_id": by,
        "at": at,
    }
    table = cast("Table", Correction.__table__)
    if not session.execute(insert_new(dialect_of(session), table, "id"), [row]).scalars().all():
        return False
    change = Flow(people_in=people) if direction == "in" else Flow(people_out=people)
    add_up(session, _HOUR, HOUR_SUMS, [hour_row(gate.id, where.day, where.hour, "correction", change)])
    facts = {"day": where.day.isoformat(), "hour": where.hour, "direction": direction, "people": people}
    subject = ("gate", gate.id)
    write_line(
        session, at=at, person_id=by, verb="visitors_corrected", subject=subject, facts=facts | {"reason": reason}
    )
    return True


def tally(
    session: Session, where: HourOf, people_in: int, people_out: int, note: str, *, at: datetime, by: str
) -> bool:
    """What the paper says of a gate's hour. The tally typed last counts, so a sheet typed in twice changes nothing.

    Whether figures moved. Raises NotFound, EditionFrozen, PeopleWrong, NotCountedHere, DayNotOfFair.
    """
    if not 0 <= people_in <= MOST_PEOPLE or not 0 <= people_out <= MOST_PEOPLE:
        raise refusals.PeopleWrong
    gate = _gate_on(session, where, at)
    if (people_in and not counts_in(gate.way)) or (people_out and not counts_out(gate.way)):
        raise refusals.NotCountedHere
    before = last_tally(session, gate.id, where.day, where.hour)
    was = Flow() if before is None else Flow(before.people_in, before.people_out)
    row = {
        "id": where.entry_id,
        "gate_id": gate.id,
        "fair_day": where.day,
        "hour": where.hour,
        "people_in": people_in,
        "people_out": people_out,
        "note": clean(note)[:MOST_REASON],
        "person_id": by,
        "at": at,
    }
    table = cast("Table", PaperTally.__table__)
    if not session.execute(insert_new(dialect_of(session), table, "id"), [row]).scalars().all():
        return False
    change = Flow(people_in - was.people_in, people_out - was.people_out)
    if change.counted:
        add_up(session, _HOUR, HOUR_SUMS, [hour_row(gate.id, where.day, where.hour, "paper", change)])
    facts = {"day": where.day.isoformat(), "hour": where.hour, "in": people_in, "out": people_out}
    write_line(session, at=at, person_id=by, verb="paper_tallied", subject=("gate", gate.id), facts=facts)
    return change.counted


def hour_row(gate_id: str, day: date, hour: int, source: str, flow: Flow) -> dict[str, object]:
    """A flow as a row of the running sums."""
    return {
        "gate_id": gate_id,
        "fair_day": day,
        "hour": hour,
        "source": source,
        "people_in": flow.people_in,
        "people_out": flow.people_out,
        "group_in": flow.group_in,
        "group_out": flow.group_out,
    }


def _gate_on(session: Session, where: HourOf, at: datetime) -> Gate:
    """The gate, held so that two people at once are one after the other, on a day of its fair."""
    gate = get_gate(session, where.gate_id, lock=True)
    refuse_frozen(session, gate.edition_id)
    check_day(session, gate.edition_id, where.day, at)
    if not 0 <= where.hour <= 23:
        raise refusals.DayNotOfFair
    return gate


def check_day(session: Session, edition_id: str, day: date, at: datetime) -> None:
    """Raises DayNotOfFair for a day outside the edition on which nothing was counted either, and for any day to come."""
    edition = get_edition(session, edition_id)
    today = fair_day(at, edition.day_boundary_minutes)
    last = min(edition.ends_day, today) if edition.ends_day else today
    if edition.starts_day <= day <= last or (day <= today and day in entries_by_day(session, edition_id)):
        return
    raise refusals.DayNotOfFair


# --- other sources ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OtherSaid:
    """What another source says: so many of something, each so many hundredths of a person."""

    name: str
    quantity: int
    factor_hundredths: int
    bound: Bound


def add_other_count(
    session: Session, edition_id: str, entry_id: str, day: date, said: OtherSaid, *, at: datetime, by: str
) -> bool:
    """Another source's word about a day; of one name the last counts. False when the form came before.

    Raises NotFound, EditionFrozen, SourceWrong, DayNotOfFair.
    """
    refuse_frozen(session, edition_id)
    name = clean(said.name)
    if not name or len(name) > MOST_NAME or not 0 <= said.quantity <= MOST_PEOPLE:
        raise refusals.SourceWrong
    check_day(session, edition_id, day, at)
    return _write_other(session, edition_id, entry_id, day, name, said, withdrawn=False, at=at, by=by)


def withdraw_other_count(
    session: Session, edition_id: str, entry_id: str, day: date, name: str, *, at: datetime, by: str
) -> bool:
    """Take a source back: an entry of its own, what was said stays.

    Raises EditionFrozen, and NotFound when nothing of that name counts.
    """
    refuse_frozen(session, edition_id)
    found = next((one for one in other_counts_of(session, edition_id, day) if one.name == name), None)
    if found is None:
        raise NotFound
    bound: Bound = "most" if found.bound == "most" else "least"
    said = OtherSaid(found.name, found.quantity, found.factor_hundredths, bound)
    return _write_other(session, edition_id, entry_id, day, found.name, said, withdrawn=True, at=at, by=by)


def _write_other(
    session: Session,
    edition_id: str,
    entry_id: str,
    day: date,
    name: str,
    said: OtherSaid,
    *,
    withdrawn: bool,
    at: datetime,
    by: str,
) -> bool:
    row = {
        "id": entry_id,
        "edition_id": edition_id,
        "fair_day": day,
        "name": name,
        "name_key": identity(name),
        "quantity": said.quantity,
        "factor_hundredths": said.factor_hundredths,
        "bound": said.bound,
        "withdrawn": withdrawn,
        "person_id": by,
        "at": at,
    }
    table = cast("Table", OtherCount.__table__)
    if not session.execute(insert_new(dialect_of(session), table, "id"), [row]).scalars().all():
        return False
    verb = "visitor_source_withdrawn" if withdrawn else "visitor_source_said"
    facts = {
        "day": day.isoformat(),
        "name": name,
        "quantity": said.quantity,
        "factor_hundredths": said.factor_hundredths,
    }
    write_line(session, at=at, person_id=by, verb=verb, subject=("edition", edition_id), facts=facts)
    return True
