"""Gathering what the report says: every figure from where the organiser's pages have it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.queries import products_of_producers
from fair_pos.daysheet.queries import (
    Sheet,
    badge_of,
    device_states,
    names_of,
    phone_states,
    sheets_of,
    visitor_badge_of,
)
from fair_pos.daysheet.rules import DeviceState
from fair_pos.final_report.facts import (
    Change,
    DayFacts,
    Device,
    EditionFacts,
    Facts,
    Happening,
    SignedDay,
    with_keys,
)
from fair_pos.kernel.day import day_starts_at, fair_day
from fair_pos.kernel.money import average_dong
from fair_pos.published.queries import published_of
from fair_pos.published.rules import Published
from fair_pos.reports import queries as reports
from fair_pos.reports.comparison import columns_of, edition_before
from fair_pos.reports.conversion import conversion_of, whole_hours
from fair_pos.reports.goods import makers
from fair_pos.reports.rules import Figure, Makeup, together
from fair_pos.reports.shares import ocop_share
from fair_pos.reports.standing import standing_of
from fair_pos.till.queries import real_tablets_of
from fair_pos.venues.queries import booths_of, editions_of_series, get_edition, occupants_in, programme_of
from fair_pos.visitors.queries import corrections_of, planned_of, tallies_of, visitors_of_day
from fair_pos.visitors.rules import counts_in

AnySession = Session | scoped_session[Session]


def facts_of(session: AnySession, edition_id: str, at: datetime, may_see: Callable[[str], bool]) -> Facts:
    """Everything that is known of an edition at `at`. Of the edition before it only what was published, unless `may_see` says yes to it.

    Raises NotFound.
    """
    edition = get_edition(session, edition_id)
    before = edition_before(session, edition_id)
    columns = columns_of(
        session,
        [one for one in (before, edition) if one is not None],
        lambda one: fair_day(at, one.day_boundary_minutes),
        may_see,
    )
    by_day = reports.day_figures(session, edition_id)
    total = together(by_day.values())
    published = published_of(session, edition_id)
    standing = standing_of(session, edition_id, fair_day(at, edition.day_boundary_minutes))
    facts = Facts(
        at=at,
        edition=_edition(session, edition_id),
        days=tuple(_days(session, edition_id, at, by_day, standing)),
        total=total,
        makeup=Makeup(
            total.net_dong,
            reports.discount_net(session, edition_id, None),
            reports.rounding_net(session, edition_id, None),
        ),
        share=ocop_share(session, edition_id, None),
        published=published,
        changes=_changes(session, published),
        badge=badge_of(session, edition_id, None, at),
        now=columns[-1],
        before=columns[0] if before is not None else None,
        programme=tuple(
            Happening(one.fair_day, one.minute, one.kind, one.title) for one in programme_of(session, edition_id)
        ),
        devices=tuple(_unsettled(session, edition_id)),
        quarantined=reports.count_quarantined(session, edition_id),
    )
    return _with_keys(facts, standing[None])


def _with_keys(facts: Facts, live: Mapping[str, int]) -> Facts:
    """The facts with their key figures, in the order in which the report names them."""
    peak = facts.peak_day
    figures: dict[str, int | None] = {"days": live.get("days", len(facts.days) or None), "visits": live.get("visits")}
    figures |= {"peak": peak.peak if peak else None, "distinct": facts.distinct}
    money = ("receipts", "refunds", "sold_dong", "refunded_dong", "net_dong")
    figures |= {name: live.get(name) for name in money}
    figures["average_dong"] = None
    figures |= {name: live.get(name) for name in ("ocop_dong", "booths", "selling_booths", "enterprises", "products")}
    keys = with_keys(facts.published, figures)
    net, receipts = keys["net_dong"].said, keys["receipts"].said
    # Worked out from what the report says, so that a reader who divides finds the same.
    figures["average_dong"] = average_dong(net, receipts) if net is not None and receipts else None
    return replace(facts, keys=with_keys(facts.published, figures))


# --- the fair ---------------------------------------------------------------------------------------------------------


def _edition(session: AnySession, edition_id: str) -> EditionFacts:
    edition, booths = get_edition(session, edition_id), booths_of(session, edition_id)
    producers = {one for some in occupants_in(session, edition.id).values() for one in some}
    places = {one.keys["province"] for one in makers(session, producers).values() if one.keys["province"]}
    number = None
    if edition.series_id is not None:
        fairs = [one.id for one in editions_of_series(session, edition.series_id)]
        number = fairs.index(edition.id) + 1 if edition.id in fairs else None
    return EditionFacts(
        name=edition.name,
        place=edition.place,
        series=edition.series.name if edition.series is not None else "",
        number_in_series=number,
        starts_day=edition.starts_day,
        ends_day=edition.ends_day,
        opens_minute=edition.opens_minute,
        closes_minute=edition.closes_minute,
        sample=edition.sample,
        booths=len(booths),
        zones=len({one.zone for one in booths if one.zone}),
        enterprises=len(producers),
        localities=len(places),
        products=len(products_of_producers(session, producers, edition.starts_day)),
    )


# --- days -------------------------------------------------------------------------------------------------------------


def _days(
    session: AnySession,
    edition_id: str,
    at: datetime,
    by_day: Mapping[date, Figure],
    standing: Mapping[date | None, Mapping[str, int]],
) -> list[DayFacts]:
    edition = get_edition(session, edition_id)
    boundary = edition.day_boundary_minutes
    today = fair_day(at, boundary)
    days = {day for day in standing if day is not None} | set(by_day)
    if edition.ends_day is not None:
        last = min(edition.ends_day, today)
        days |= {edition.starts_day + timedelta(days=step) for step in range((last - edition.starts_day).days + 1)}
    sheets = _signed(session, edition.id)
    planned = planned_of(session, edition.id)
    return [
        _day(
            session,
            edition_id,
            boundary,
            at,
            day,
            by_day.get(day, Figure("", "")),
            planned.get(day),
            sheets.get(day, ()),
        )
        for day in sorted(days)
    ]


def _day(
    session: AnySession,
    edition_id: str,
    boundary: int,
    at: datetime,
    day: date,
    money: Figure,
    planned: int | None,
    sheets: tuple[SignedDay, ...],
) -> DayFacts:
    found = visitors_of_day(session, edition_id, day)
    ids = [gate.id for gate in found.gates]
    counted = bool(found.by_hour)
    peak_at = None
    if found.peak is not None:
        peak_at = day_starts_at(day, boundary) + timedelta(minutes=found.peak.minute)
    silent = [gate.name for gate in found.gates if counts_in(gate.way) and not found.of_gate(gate.id).net.counted]
    return DayFacts(
        day=day,
        money=money,
        badge=badge_of(session, edition_id, day, at),
        visitor_badge=visitor_badge_of(session, edition_id, day, at),
        entries=found.entries if counted else None,
        peak=found.peak.people if counted and found.peak is not None else None,
        peak_at=peak_at if counted else None,
        distinct=found.distinct if counted else None,
        planned=planned,
        silent_gates=tuple(silent) if counted else (),
        buying=whole_hours(conversion_of(session, edition_id, day)) if counted else None,
        corrections=len(corrections_of(session, ids, day)),
        paper_tallies=len(tallies_of(session, ids, day)),
        oddities=reports.count_oddities(session, edition_id, day),
        sheets=sheets,
    )


def _signed(session: AnySession, edition_id: str) -> dict[date, tuple[SignedDay, ...]]:
    sheets = sheets_of(session, edition_id)
    names = names_of(session, [person for one in sheets for person in (one.closed_by, one.reopened_by)])
    found: dict[date, tuple[SignedDay, ...]] = {}
    for one in sheets:
        found[one.fair_day] = (*found.get(one.fair_day, ()), _signed_day(one, names))
    return found


def _signed_day(one: Sheet, names: Mapping[str, str]) -> SignedDay:
    return SignedDay(
        number=one.number,
        closed_by=names.get(one.closed_by, ""),
        closed_at=one.closed_at,
        reopened_by=names.get(one.reopened_by or "", ""),
        reopened_at=one.reopened_at,
        reason=one.reason or "",
    )


# --- what is missing, and what was changed ----------------------------------------------------------------------------


def _changes(session: AnySession, published: Published) -> tuple[Change, ...]:
    changed = [one for one in published.entries if one.kind == "adjusted"]
    names = names_of(session, [one.person_id for one in changed])
    return tuple(
        Change(one.at, one.day, one.name, one.old_value, one.value, names.get(one.person_id, ""), one.reason)
        for one in changed
    )


def _unsettled(session: AnySession, edition_id: str) -> list[Device]:
    booths = {one.id: one.code for one in booths_of(session, edition_id)}
    places = {one.id: booths[one.booth_id] for one in real_tablets_of(session, list(booths))}
    tablets = [_device(one, places.get(one.id, "")) for one in device_states(session, edition_id) if _is_open(one)]
    phones = [_device(one, "", is_phone=True) for one in phone_states(session, edition_id) if _is_open(one)]
    return tablets + phones


def _is_open(one: DeviceState) -> bool:
    """Whether it was never heard of, holds something back or skipped numbers; one that was unpaired unheard owes nothing."""
    return bool(one.waiting or one.missing or (one.last_heard_at is None and one.revoked_at is None))


def _device(one: DeviceState, place: str, *, is_phone: bool = False) -> Device:
    return Device(one.letter, place, one.last_heard_at, one.waiting, one.missing, is_phone)
