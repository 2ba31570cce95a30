"""What is on at an edition: adding to its programme, changing it, taking something off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean
from fair_pos.venues import refusals
from fair_pos.venues.queries import get_edition, refuse_frozen
from fair_pos.venues.rules import MOST_PROGRAMME_TITLE, PROGRAMME_KINDS, ItemSaid, day_in_edition
from fair_pos.venues.tables import ProgrammeItem


def add_item(session: Session, edition_id: str, said: ItemSaid, *, at: datetime, by: str | None) -> ProgrammeItem:
    """Something more in the programme.

    Raises NotFound, EditionFrozen, FieldMissing, FieldTooLong, ProgrammeDayWrong, ProgrammeItemThere.
    """
    refuse_frozen(session, edition_id)
    said = _checked(session, edition_id, said)
    item = ProgrammeItem(
        id=new_id(),
        edition_id=edition_id,
        fair_day=said.day,
        minute=said.minute,
        kind=said.kind,
        title=said.title,
    )
    try:
        with session.begin_nested():
            session.add(item)
    except IntegrityError:
        raise refusals.ProgrammeItemThere(title=said.title) from None
    _write(session, item, "programme_added", _facts(said), at=at, by=by)
    return item


def change_item(
    session: Session, edition_id: str, item_id: str, said: ItemSaid, *, at: datetime, by: str | None
) -> bool:
    """Another day, time, kind or title; whether that was a change. Raises NotFound and what add_item raises."""
    refuse_frozen(session, edition_id)
    item = _get(session, edition_id, item_id)
    said = _checked(session, edition_id, said)
    old = said_by(item)
    if old == said:
        return False
    try:
        with session.begin_nested():
            item.fair_day, item.minute, item.kind, item.title = said.day, said.minute, said.kind, said.title
    except IntegrityError:
        raise refusals.ProgrammeItemThere(title=said.title) from None
    before, after = _facts(old), _facts(said)
    facts = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    _write(session, item, "programme_changed", facts, at=at, by=by)
    return True


def remove_item(session: Session, edition_id: str, item_id: str, *, at: datetime, by: str | None) -> str:
    """Take something off the programme; its title. The journal keeps what it was. Raises NotFound, EditionFrozen."""
    refuse_frozen(session, edition_id)
    item = _get(session, edition_id, item_id)
    said = said_by(item)
    _write(session, item, "programme_removed", _facts(said), at=at, by=by)
    session.delete(item)
    session.flush()
    return said.title


def said_by(item: ProgrammeItem) -> ItemSaid:
    """An item as it was said."""
    kind = next(one for one in PROGRAMME_KINDS if one == item.kind)
    return ItemSaid(item.fair_day, item.minute, kind, item.title)


def _get(session: Session, edition_id: str, item_id: str) -> ProgrammeItem:
    item = session.get(ProgrammeItem, item_id, with_for_update=True)
    if item is None or item.edition_id != edition_id:
        raise NotFound
    return item


def _checked(session: Session, edition_id: str, said: ItemSaid) -> ItemSaid:
    edition = get_edition(session, edition_id)
    title = clean(said.title)
    if not title:
        raise refusals.FieldMissing(field="title")
    if len(title) > MOST_PROGRAMME_TITLE:
        raise refusals.FieldTooLong(field="title", most=MOST_PROGRAMME_TITLE)
    if not day_in_edition(said.day, edition.starts_day, edition.ends_day):
        raise refusals.ProgrammeDayWrong
    return replace(said, title=title)


def _facts(said: ItemSaid) -> dict[str, str | int]:
    return {"day": said.day.isoformat(), "minute": said.minute, "kind": said.kind, "title": said.title}


def _write(
    session: Session, item: ProgrammeItem, verb: str, facts: Mapping[str, object], *, at: datetime, by: str | None
) -> None:
    said = {**facts, "edition": item.edition_id}
    write_line(session, at=at, person_id=by, verb=verb, subject=("programme", item.id), facts=said)
