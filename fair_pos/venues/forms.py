"""What the forms about editions and booths may contain, and what they borrow from the catalogue above."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session, scoped_session

from fair_pos.kernel.text import clean
from fair_pos.venues import refusals
from fair_pos.venues.rules import (
    DAY_MINUTES,
    KINDS,
    LONG_DAYS,
    PROGRAMME_KINDS,
    EditionPlan,
    ItemSaid,
    Kind,
    ProgrammeKind,
    TillRules,
    days_of_fair,
    name_of_series,
    next_days,
    next_name,
    read_clock,
    read_day,
    season_fits,
    written_clock,
)
from fair_pos.venues.tables import Edition

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class Choice:
    """A producer that may occupy a booth."""

    id: str
    name: str
    place: str


@dataclass(frozen=True)
class Goods:
    """What only the catalogue knows of booths. Venues lie below it and cannot ask; it lends these (app.extensions)."""

    producers: Callable[[AnySession], list[Choice]]
    set_occupants: Callable[..., None]
    rename_booth: Callable[..., None]
    change_edition: Callable[..., None]
    list_changed: Callable[[Session, str, datetime], int]
    """To be told when anything changes that price lists show: tablets fetch theirs again."""
    import_booths: Callable[..., Any]
    """catalogue.booths.import_booths: a whole register of booths with one new price list; its venues.register.Plan."""


@dataclass(frozen=True)
class Use:
    """What only sales, tills and visitors know of an edition; the app lends these (app.extensions)."""

    has_sales: Callable[[AnySession, str], bool]
    has_tablets: Callable[[AnySession, str], bool]
    counts_visitors: Callable[[AnySession, str], bool]
    has_counts: Callable[[AnySession, str], bool]

    def is_counted(self, session: AnySession, edition_id: str) -> bool:
        """Whether sales or visitors stand on its fair days, so that a day can no longer begin at another hour."""
        return self.has_sales(session, edition_id) or self.has_counts(session, edition_id)

    def is_used(self, session: AnySession, edition_id: str) -> bool:
        """Whether anything happened there, or may happen on a paired device: such an edition is not hidden."""
        return any(ask(session, edition_id) for ask in (self.has_sales, self.has_tablets, self.counts_visitors))


@dataclass(frozen=True)
class Copies:
    """How features above copy what is theirs into a cloned edition; the app lends these (app.extensions). Each says how many."""

    gates: Callable[..., int]
    """(session, old edition id, new edition id, at, by): open gates without phones, and the limit of people inside."""
    spots: Callable[..., int]
    """(session, old booth id → new booth id, at, by): where each booth stands on the plan."""


EDITION_FIELDS = (
    "kind",
    "name",
    "place",
    "series",
    "new_series",
    "starts_day",
    "ends_day",
    "opens",
    "closes",
    "boundary",
)
EMPTY_EDITION = {
    **dict.fromkeys(EDITION_FIELDS, ""),
    "kind": "fair",
    "opens": "08:00",
    "closes": "22:00",
    "boundary": "04:00",
}


def edition_fields(edition: Edition) -> dict[str, str]:
    """An edition as its form has it."""
    return EMPTY_EDITION | {
        "kind": edition.kind,
        "name": edition.name,
        "place": edition.place,
        "starts_day": edition.starts_day.isoformat(),
        "ends_day": edition.ends_day.isoformat() if edition.ends_day else "",
        "opens": written_clock(edition.opens_minute),
        "closes": written_clock(edition.closes_minute),
        "boundary": written_clock(edition.day_boundary_minutes),
    }


def next_fields(edition: Edition) -> dict[str, str]:
    """A fair's next edition as its form has it: a year later on the same days of the week, its name with the new year."""
    ends_day = edition.ends_day or edition.starts_day
    starts, ends = next_days(edition.starts_day, ends_day)
    return edition_fields(edition) | {
        "name": next_name(edition.name, edition.starts_day.year, starts.year),
        "series": edition.series_id or "",
        "new_series": "" if edition.series_id else name_of_series(edition.name),
        "starts_day": starts.isoformat(),
        "ends_day": ends.isoformat(),
    }


def doubts_about(plan: EditionPlan) -> list[str]:
    """What may be a mistake about an edition's days; nothing of it is turned down."""
    found = []
    if not season_fits(plan):
        found.append(_("Hội chợ này không nằm trọn trong quý 4 (1/10 đến 31/12); hãy xem lại ngày nếu đó là nhầm lẫn."))
    days = days_of_fair(plan)
    if days > LONG_DAYS:
        found.append(_("Hội chợ dài %(days)s ngày; hãy xem lại ngày kết thúc nếu đó là nhầm lẫn.", days=days))
    return found


def edition_plan(fields: Mapping[str, str]) -> EditionPlan:
    """The edition that a form describes. Raises FieldMissing, DayInvalid or HoursWrong for what cannot be read."""
    kind: Kind = "showroom" if fields.get("kind") == KINDS[1] else "fair"
    starts_day = _day(fields.get("starts_day", ""))
    if starts_day is None:
        raise refusals.FieldMissing(field="starts_day")
    minutes = [read_clock(fields.get(name, "")) for name in ("opens", "closes", "boundary")]
    opens_minute, closes_minute, boundary = minutes
    if opens_minute is None or closes_minute is None or boundary is None:
        raise refusals.HoursWrong
    if closes_minute <= boundary:
        closes_minute += 24 * 60  # a night market that closes at 01:00
    return EditionPlan(
        kind=kind,
        name=fields.get("name", ""),
        place=fields.get("place", ""),
        starts_day=starts_day,
        ends_day=_day(fields.get("ends_day", "")),
        opens_minute=opens_minute,
        closes_minute=closes_minute,
        day_boundary_minutes=boundary,
    )


def _day(text: str) -> date | None:
    """A day; None when the field is empty."""
    if not text.strip():
        return None
    found = read_day(text)
    if found is None:
        raise refusals.DayInvalid(value=text[:60])
    return found


def programme_item(fields: Mapping[str, str]) -> ItemSaid:
    """The item that a form describes; «25:00» is 01:00 of the night. Raises FieldMissing, DayInvalid, ProgrammeTimeWrong."""
    day = _day(fields.get("day", ""))
    if day is None:
        raise refusals.FieldMissing(field="day")
    minute = read_clock(fields.get("time", ""))
    if minute is None:
        raise refusals.ProgrammeTimeWrong
    known = (one for one in PROGRAMME_KINDS if one == fields.get("kind"))
    kind: ProgrammeKind = next(known, "other")
    return ItemSaid(day, minute % DAY_MINUTES, kind, fields.get("title", ""))


_WHOLE = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3})*|[0-9]+")


def till_rules(fields: Mapping[str, str]) -> TillRules:
    """The rules that a form describes; amounts may be written with dots. Raises TillRulesWrong."""
    return TillRules(
        cash_rounding_dong=_whole(fields.get("cash_rounding", "")),
        close_limit_dong=_whole(fields.get("close_limit", "")),
        refund_limit_dong=_whole(fields.get("refund_limit", "")),
        drawer=fields.get("drawer") == "yes",
        seller_discount_percent=_whole(fields.get("seller_discount", "")),
    )


def _whole(text: str) -> int:
    bare = clean(text)
    if not _WHOLE.fullmatch(bare):
        raise refusals.TillRulesWrong
    return int(re.sub(r"[. ]", "", bare)[:15])
