"""The league of an edition or of a day: whose goods sold most by place, or which booth, and whose tablets still owe something."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from fair_pos.daysheet.queries import device_states
from fair_pos.daysheet.rules import completeness, completeness_so_far, last_day_begun
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading
from fair_pos.reports import queries
from fair_pos.reports.export import Table
from fair_pos.reports.forms import LeagueAsked
from fair_pos.reports.goods import LEVELS, Level, Maker, goods_of, makers
from fair_pos.reports.goods_tables import by_producer, place_headings, place_key, place_names, regrouped, rest_keys
from fair_pos.reports.league import Entry, ranked, without_names, without_single_makers, zones_to_say
from fair_pos.reports.rules import together
from fair_pos.venues.queries import get_edition, occupants_in


@dataclass(frozen=True)
class League:
    """The rows, what they may be asked by (see `Table.asks`), and which levels of places anybody's home is known at."""

    entries: list[Entry]
    heading: str
    asks: str
    levels: tuple[Level, ...]

    def as_table(self) -> Table:
        """As the plot beside it wants it."""
        return Table("league", _("Xếp hạng"), self.heading, self.asks, "money", [one.figure for one in self.entries])


def league_of(edition_id: str, asked: LeagueAsked) -> League:
    """The league asked for. Raises NotFound."""
    session = reading()
    late = late_by_booth(edition_id, asked.day)
    if asked.by == "booth":
        at_home = {one for some in occupants_in(session, edition_id).values() for one in some}
        levels = known_levels(makers(session, at_home).values())
        return League(_booths(edition_id, asked, late), _("Gian hàng"), "booth", levels)
    goods = goods_of(session, edition_id, asked.day)
    known = makers(session, {row.producer_id for row in goods.rows})
    levels = known_levels(known.values())
    level: Level = asked.by
    heading = next(words for at, _name, _title, words in place_headings() if at == level)
    producers = by_producer(goods, known)
    keys = {key: place_key(one, level) for key, one in known.items()}
    nowhere = f"{level}:"
    figures = regrouped(producers, lambda key: keys.get(key, nowhere), place_names(known.values(), level))
    counts: dict[str, int] = {}
    for one in producers:
        key = keys.get(one.key, nowhere)
        counts[key] = counts.get(key, 0) + 1
    owing = late_by_place(edition_id, late, known, level)
    total = together(figures).net_dong
    entries = ranked(figures, total, counts, owing, rest_keys(known.values(), level))
    if asked.hidden:
        entries = without_single_makers(entries, total, _("Các nơi khác (chỉ có một chủ thể, hoặc không rõ)"))
    return League(entries, heading, "locality", levels)


def known_levels(known: Collection[Maker]) -> tuple[Level, ...]:
    """The levels of places at which anybody's home is known; the province is always asked for."""
    return tuple(level for level in LEVELS if level == "province" or any(one.names[level] for one in known))


def _booths(edition_id: str, asked: LeagueAsked, late: dict[str, set[str]]) -> list[Entry]:
    session = reading()
    figures = [
        one
        for one in queries.booth_figures(session, edition_id, asked.day)
        if one.receipts or one.refunds or one.key in late
    ]
    counts = {booth: len(some) for booth, some in occupants_in(session, edition_id).items()}
    entries = ranked(figures, together(figures).net_dong, counts, late)
    if not asked.hidden:
        return entries
    zones = queries.zones_of_booths(session, edition_id)
    zones = zones_to_say({one.key: zones[one.key] for one in figures})
    names = {key: _("Gian hàng ở %(zone)s", zone=zone) if zone else _("Gian hàng") for key, zone in zones.items()}
    return without_names(entries, names)


def late_by_booth(edition_id: str, day: date | None) -> dict[str, set[str]]:
    """Booth → letters of its tablets that have not sent everything of the day, or so far."""
    session = reading()
    edition = get_edition(session, edition_id)
    boundary, states = edition.day_boundary_minutes, device_states(session, edition_id)
    if day is not None:
        late = completeness(states, day, boundary).late
    else:
        last = last_day_begun(edition.starts_day, edition.ends_day, boundary, now())
        late = completeness_so_far(states, last, boundary).late
    booths = queries.booths_of_devices(session, {one.id for one in late})
    found: dict[str, set[str]] = {}
    for one in late:
        found.setdefault(booths[one.id], set()).add(one.letter)
    return found


def late_by_place(
    edition_id: str, late: dict[str, set[str]], known: dict[str, Maker], level: Level
) -> dict[str, set[str]]:
    """Place → letters of tablets that may still hold sales of its makers: who has goods at the booth, or ever sold there."""
    if not late:
        return {}
    session = reading()
    occupants, sold = occupants_in(session, edition_id), queries.makers_sold_at(session, set(late))
    found: dict[str, set[str]] = {}
    for booth, letters in late.items():
        for producer in {*occupants.get(booth, ()), *sold.get(booth, ())}:
            key = place_key(known[producer], level) if producer in known else f"{level}:"
            found.setdefault(key, set()).update(letters)
    return found
