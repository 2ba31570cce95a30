"""What the forms about editions and booths may contain, and what they borrow from the catalogue above."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session, scoped_session

from fair_pos.kernel.text import clean
from fair_pos.venues import refusals
from fair_pos.venues.rules import (
    DAY_MINUTES,
    KINDS,
    PROGRAMME_KINDS,
    EditionPlan,
    ItemSaid,
    Kind,
    ProgrammeKind,
    TillRules,
    read_clock,
    read_day,
)

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

    def is_used(self, session: AnySession, edition_id: str) -> bool:
        """Whether anything happened there, or may happen on a paired device: such an edition is not hidden."""
        return any(ask(session, edition_id) for ask in (self.has_sales, self.has_tablets, self.counts_visitors))


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
