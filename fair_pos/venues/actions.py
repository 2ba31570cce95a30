"""Opening series, editions and booths, and saying who sells where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean, fold
from fair_pos.venues import refusals
from fair_pos.venues.queries import all_series, get_booth, get_edition, occupants_of, refuse_frozen
from fair_pos.venues.rules import EditionPlan, TillRules, booth_code, days_fit, hours_fit, till_rules_fit
from fair_pos.venues.tables import Booth, Edition, Occupant, Series

MOST_NAME = 120
"""Characters of an edition's name: it stands on receipts of 80 mm and at the head of every page."""


def create_series(session: Session, name: str, *, at: datetime, by: str | None, series_id: str = "") -> Series:
    """The series of this name, compared folded; a new one when there is none. Raises FieldMissing, FieldTooLong."""
    name = _text(name, "series", 300)
    known = next((one for one in all_series(session) if fold(one.name) == fold(name)), None)
    if known is not None:
        return known
    series = Series(id=series_id or new_id(), name=name)
    session.add(series)
    session.flush()
    write_line(session, at=at, person_id=by, verb="series_created", subject=("series", series.id), facts={"name": name})
    return series


def join_series(session: Session, edition_id: str, series_id: str, *, at: datetime, by: str | None) -> bool:
    """Let an edition without a series be one of this; whether that was a change. An edition never leaves its series.

    A frozen one may join too: which fair it is an edition of is none of its figures. Raises NotFound.
    """
    edition = get_edition(session, edition_id)
    if session.get(Series, series_id) is None:
        raise NotFound
    if edition.series_id is not None:
        return False
    edition.series_id = series_id
    session.flush()
    facts, subject = {"series": series_id}, ("edition", edition.id)
    write_line(session, at=at, person_id=by, verb="edition_joined_series", subject=subject, facts=facts)
    return True


def create_edition(
    session: Session, plan: EditionPlan, *, series_id: str | None, at: datetime, by: str | None, edition_id: str = ""
) -> Edition:
    """A new edition or showroom. Raises FieldMissing, FieldTooLong, EditionDaysWrong, HoursWrong, EditionNameTaken."""
    name, place = _checked(session, plan, edition_id)
    edition = Edition(
        id=edition_id or new_id(),
        series_id=series_id,
        kind=plan.kind,
        name=name,
        place=place,
        starts_day=plan.starts_day,
        ends_day=plan.ends_day,
        opens_minute=plan.opens_minute,
        closes_minute=plan.closes_minute,
        day_boundary_minutes=plan.day_boundary_minutes,
        sample=plan.sample,
        created_at=at,
    )
    session.add(edition)
    session.flush()
    facts = {"name": name, "kind": plan.kind, "starts": plan.starts_day.isoformat()}
    write_line(session, at=at, person_id=by, verb="edition_created", subject=("edition", edition.id), facts=facts)
    return edition


def _checked(session: Session, plan: EditionPlan, edition_id: str) -> tuple[str, str]:
    """(name, place) of a plan that can be, beside all other editions."""
    name, place = _text(plan.name, "edition_name", MOST_NAME), _text(plan.place, "place", 300, needed=False)
    if not days_fit(plan):
        raise refusals.EditionDaysWrong
    if not hours_fit(plan):
        raise refusals.HoursWrong
    same_day = select(Edition.name).where(Edition.starts_day == plan.starts_day, Edition.id != edition_id)
    if any(fold(other) == fold(name) for other in session.scalars(same_day)):
        raise refusals.EditionNameTaken(name=name)
    return name, place


def change_edition(
    session: Session, edition_id: str, plan: EditionPlan, *, is_counted: bool, at: datetime, by: str | None
) -> bool:
    """Change name, place, hours and last day; whether that was a change. Kind and first day stay. The hour at which a day
    begins can be changed until sales or visitors are counted by it (`is_counted`).

    Price lists show the edition, so callers go through catalogue.actions.change_edition. Raises NotFound, EditionFrozen,
    BoundaryFixed and what create_edition raises.
    """
    refuse_frozen(session, edition_id, alone=True)
    edition = get_edition(session, edition_id)
    plan = replace(plan, kind=edition.kind, starts_day=edition.starts_day)  # type: ignore[arg-type]
    name, place = _checked(session, plan, edition_id)
    if is_counted and plan.day_boundary_minutes != edition.day_boundary_minutes:
        raise refusals.BoundaryFixed
    wanted = {
        "name": name,
        "place": place,
        "ends_day": plan.ends_day,
        "opens_minute": plan.opens_minute,
        "closes_minute": plan.closes_minute,
        "day_boundary_minutes": plan.day_boundary_minutes,
    }
    old = {field: getattr(edition, field) for field in wanted}
    changed = [field for field in wanted if old[field] != wanted[field]]
    for field in changed:
        setattr(edition, field, wanted[field])
    if not changed:
        return False
    session.flush()
    facts = {field: [_plain(old[field]), _plain(wanted[field])] for field in changed}
    write_line(session, at=at, person_id=by, verb="edition_changed", subject=("edition", edition.id), facts=facts)
    return True


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def freeze_edition(session: Session, edition_id: str, *, at: datetime, by: str | None) -> bool:
    """Let an edition stand as it is now: requests that would change it are turned down from here on; whether it was open.

    What devices still hold comes in all the same. There is no way back: later corrections are adjustments with a date and a
    reason (the package published). Raises NotFound.
    """
    wanted = select(Edition).where(Edition.id == edition_id).with_for_update(of=Edition)
    edition = session.scalar(wanted.execution_options(populate_existing=True))
    if edition is None:
        raise NotFound
    if edition.frozen_at is not None:
        return False
    edition.frozen_at, edition.frozen_by = at, by
    session.flush()
    write_line(session, at=at, person_id=by, verb="edition_frozen", subject=("edition", edition.id), facts={})
    return True


def hide_edition(session: Session, edition_id: str, *, in_use: bool, at: datetime, by: str | None) -> None:
    """Take an edition that was opened by mistake out of all lists. Raises NotFound, EditionFrozen, EditionInUse."""
    refuse_frozen(session, edition_id, alone=True)
    edition = get_edition(session, edition_id)
    if in_use:
        raise refusals.EditionInUse
    if edition.hidden_at is None:
        edition.hidden_at = at
        write_line(session, at=at, person_id=by, verb="edition_hidden", subject=("edition", edition.id), facts={})


def show_edition(session: Session, edition_id: str, *, at: datetime, by: str | None) -> None:
    """Put a hidden edition back into the lists; its first sale does so too, since no money may be out of sight. Raises NotFound."""
    edition = get_edition(session, edition_id)
    if edition.hidden_at is not None:
        edition.hidden_at = None
        write_line(session, at=at, person_id=by, verb="edition_shown", subject=("edition", edition.id), facts={})


def create_booth(
    session: Session,
    edition_id: str,
    *,
    code: str,
    name: str,
    zone: str = "",
    at: datetime,
    by: str | None,
    booth_id: str = "",
) -> Booth:
    """A new booth in an edition.

    Raises NotFound, EditionFrozen, FieldMissing, FieldTooLong, BoothCodeInvalid, BoothCodeTaken.
    """
    refuse_frozen(session, edition_id)
    get_edition(session, edition_id)
    known_code = booth_code(_text(code, "booth_code", 100))
    if known_code is None:
        raise refusals.BoothCodeInvalid
    name, zone = _text(name, "booth_name", 300), _text(zone, "zone", 100, needed=False)
    if session.scalar(select(Booth.id).where(Booth.edition_id == edition_id, Booth.code == known_code)) is not None:
        raise refusals.BoothCodeTaken(code=known_code)
    booth = Booth(id=booth_id or new_id(), edition_id=edition_id, code=known_code, name=name, zone=zone)
    try:
        with session.begin_nested():
            session.add(booth)
    except IntegrityError:  # somebody took the code between our look and now
        raise refusals.BoothCodeTaken(code=known_code) from None
    facts = {"code": known_code, "name": name, "zone": zone}
    write_line(session, at=at, person_id=by, verb="booth_created", subject=("booth", booth.id), facts=facts)
    return booth


def change_booth(session: Session, booth_id: str, *, name: str, zone: str, at: datetime, by: str | None) -> bool:
    """Change what a booth is called; whether that was a change. Its code stays: it is on receipts and on the sign.

    Price lists show the name, so callers go through catalogue.actions.rename_booth. Raises NotFound, EditionFrozen,
    FieldMissing, FieldTooLong.
    """
    booth = get_booth(session, booth_id)
    refuse_frozen(session, booth.edition_id)
    name, zone = _text(name, "booth_name", 300), _text(zone, "zone", 100, needed=False)
    if (booth.name, booth.zone) == (name, zone):
        return False
    facts = {"old_name": booth.name, "name": name, "old_zone": booth.zone, "zone": zone}
    booth.name, booth.zone = name, zone
    session.flush()
    write_line(session, at=at, person_id=by, verb="booth_changed", subject=("booth", booth.id), facts=facts)
    return True


def replace_occupants(
    session: Session, booth_id: str, producer_ids: Iterable[str], *, at: datetime, by: str | None
) -> bool:
    """Let exactly these producers occupy a booth; whether that was a change. Raises NotFound, EditionFrozen.

    Price lists follow from it, so callers go through catalogue.actions.set_occupants.
    """
    booth = get_booth(session, booth_id)
    refuse_frozen(session, booth.edition_id)
    wanted, now_there = set(producer_ids), set(occupants_of(session, booth.id))
    came, went = wanted - now_there, now_there - wanted
    if not came and not went:
        return False
    if went:
        session.execute(delete(Occupant).where(Occupant.booth_id == booth.id, Occupant.producer_id.in_(went)))
    session.add_all(Occupant(booth_id=booth.id, producer_id=producer_id) for producer_id in sorted(came))
    session.flush()
    facts = {"came": sorted(came), "went": sorted(went)}
    write_line(session, at=at, person_id=by, verb="occupants_set", subject=("booth", booth.id), facts=facts)
    return True


def set_till_rules(session: Session, edition_id: str, rules: TillRules, *, at: datetime, by: str | None) -> bool:
    """Set the rules of an edition's tills; whether that was a change. Raises NotFound, EditionFrozen, TillRulesWrong.

    Price lists carry them, so callers tell the catalogue (forms.Goods.list_changed).
    """
    refuse_frozen(session, edition_id, alone=True)
    edition = get_edition(session, edition_id)
    if not till_rules_fit(rules):
        raise refusals.TillRulesWrong
    old = {one.name: getattr(edition, one.name) for one in fields(TillRules)}
    facts = {name: value for name, value in vars(rules).items() if value != old[name]}
    if not facts:
        return False
    for name, value in facts.items():
        setattr(edition, name, value)
    session.flush()
    facts |= {f"old_{name}": old[name] for name in facts}
    write_line(session, at=at, person_id=by, verb="till_rules_set", subject=("edition", edition.id), facts=facts)
    return True


def _text(text: str, field: str, most: int, *, needed: bool = True) -> str:
    cleaned = clean(text)
    if needed and not cleaned:
        raise refusals.FieldMissing(field=field)
    if len(cleaned) > most:
        raise refusals.FieldTooLong(field=field, most=most)
    return cleaned
