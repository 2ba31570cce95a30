"""Finding editions and booths."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.refusal import NotFound
from fair_pos.venues.refusals import EditionFrozen
from fair_pos.venues.rules import code_order, minute_of_fair_day
from fair_pos.venues.tables import Booth, Edition, Occupant, ProgrammeItem, Series

AnySession = Session | scoped_session[Session]


def find_edition(session: AnySession, edition_id: str) -> Edition | None:
    """The edition with this id."""
    return session.get(Edition, edition_id)


def get_edition(session: AnySession, edition_id: str) -> Edition:
    """The edition with this id. Raises NotFound."""
    edition = find_edition(session, edition_id)
    if edition is None:
        raise NotFound
    return edition


def refuse_frozen(session: AnySession, edition_id: str, *, alone: bool = False) -> None:
    """Raises EditionFrozen when the edition's figures were frozen; nothing for one that does not exist.

    Every request that changes an edition begins with it; what devices report is a fact and does not. The row is held as
    shared, so that nobody freezes the edition between this look and the change; `alone` for changes to the row itself, of
    which two that share it would wait for each other. Neither holds up a sale.
    """
    wanted = select(Edition.frozen_at).where(Edition.id == edition_id)
    held = wanted.with_for_update(key_share=True) if alone else wanted.with_for_update(read=True)
    frozen_at = session.scalar(held)
    if frozen_at is not None:
        raise frozen_since(frozen_at)


def frozen_since(frozen_at: datetime) -> EditionFrozen:
    """The refusal of an edition that was frozen then; pages say it to whoever only looks, without holding the row."""
    return EditionFrozen(day=frozen_at.astimezone(VIETNAM).strftime("%d/%m/%Y"))


def editions_of_series(session: AnySession, series_id: str) -> list[Edition]:
    """The editions of a series that are not hidden, oldest first."""
    wanted = select(Edition).where(Edition.series_id == series_id, Edition.hidden_at.is_(None))
    return list(session.scalars(wanted.order_by(Edition.starts_day, Edition.name, Edition.id)))


def programme_of(session: AnySession, edition_id: str, day: date | None = None) -> list[ProgrammeItem]:
    """What is on, of one fair day or of all, in the order in which it happens: 01:00 after 23:00 of the evening before.

    Raises NotFound.
    """
    boundary = get_edition(session, edition_id).day_boundary_minutes
    wanted = select(ProgrammeItem).where(ProgrammeItem.edition_id == edition_id)
    if day is not None:
        wanted = wanted.where(ProgrammeItem.fair_day == day)
    found = session.scalars(wanted)
    return sorted(found, key=lambda one: (one.fair_day, minute_of_fair_day(one.minute, boundary), one.title))


def all_editions(session: AnySession) -> list[Edition]:
    """Every edition that is not hidden, newest first."""
    shown = select(Edition).where(Edition.hidden_at.is_(None))
    return list(session.scalars(shown.order_by(Edition.starts_day.desc(), Edition.name)))


def hidden_editions(session: AnySession) -> list[Edition]:
    """Those that are hidden, newest first."""
    hidden = select(Edition).where(Edition.hidden_at.is_not(None))
    return list(session.scalars(hidden.order_by(Edition.starts_day.desc(), Edition.name)))


def get_booth(session: AnySession, booth_id: str) -> Booth:
    """The booth with this id. Raises NotFound."""
    booth = session.get(Booth, booth_id)
    if booth is None:
        raise NotFound
    return booth


def find_booth_place(session: AnySession, booth_id: str) -> tuple[str, str] | None:
    """(edition id, booth id) of a booth."""
    booth = session.get(Booth, booth_id)
    return None if booth is None else (booth.edition_id, booth.id)


def booths_by_id(session: AnySession, booth_ids: Collection[str]) -> list[Booth]:
    """Those of the booths that are here, of whatever edition, by code."""
    return list(session.scalars(select(Booth).where(Booth.id.in_(booth_ids)).order_by(Booth.code, Booth.id)))


def booths_of(session: AnySession, edition_id: str) -> list[Booth]:
    """The booths of an edition by code."""
    found = session.scalars(select(Booth).where(Booth.edition_id == edition_id))
    return sorted(found, key=lambda booth: code_order(booth.code))


def booths_by_edition(session: AnySession) -> dict[str, list[Booth]]:
    """The booths of every edition by code, in one query."""
    found: dict[str, list[Booth]] = {}
    for booth in sorted(session.scalars(select(Booth)), key=lambda booth: code_order(booth.code)):
        found.setdefault(booth.edition_id, []).append(booth)
    return found


def occupants_of(session: AnySession, booth_id: str) -> list[str]:
    """The ids of the producers whose goods a booth sells."""
    return list(session.scalars(select(Occupant.producer_id).where(Occupant.booth_id == booth_id)))


def occupants_in(session: AnySession, edition_id: str) -> dict[str, list[str]]:
    """Producer ids by booth id for a whole edition, in one query; empty booths are left out."""
    wanted = select(Occupant.booth_id, Occupant.producer_id).join(Booth).where(Booth.edition_id == edition_id)
    found: dict[str, list[str]] = {}
    for booth_id, producer_id in session.execute(wanted):
        found.setdefault(booth_id, []).append(producer_id)
    return found


def all_series(session: AnySession) -> list[Series]:
    """Every series by name."""
    return list(session.scalars(select(Series).order_by(Series.name)))
