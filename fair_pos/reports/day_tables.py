"""The tables of a day and of an edition's days, as pages and files show them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from fair_pos.daysheet.rules import DeviceState
from fair_pos.payments.queries import accounts_of, cashless_by, transfer_split
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.words import day as written_day
from fair_pos.reports import queries
from fair_pos.reports.export import Table, method_name
from fair_pos.reports.goods_tables import goods_tables
from fair_pos.reports.rules import (
    Figure,
    Makeup,
    Money,
    by_money,
    by_name,
    grouped,
    hours_of_day,
    money_of,
    together,
    with_split,
)
from fair_pos.venues.queries import booths_of, get_edition

MOST_NAMED = 8


def tables_of(edition_id: str, day: date | None) -> list[Table]:
    """All tables of one day, the hours first; or of the whole edition, its days before them."""
    booths, *others = till_tables(edition_id, day)
    zones = [table for table in others if table.name == "zones" and len(table.figures) > 1]
    return [
        *([days_table(edition_id)] if day is None else []),
        hours_table(edition_id, day),
        booths,
        *zones,
        *goods_tables(edition_id, day, together(booths.figures)),
        *(table for table in others if table.name == "methods"),
    ]


def till_tables(edition_id: str, day: date | None) -> list[Table]:
    """By booth, zone and way of paying."""
    session = reading()
    booths = with_split(
        queries.booth_figures(session, edition_id, day),
        cashless_by(session, "booth", edition_id=edition_id, days=None if day is None else [day]),
    )
    zones = [
        Figure(**{**vars(one), "name": one.name or _("Không thuộc khu nào")})
        for one in grouped(booths, queries.zones_of_booths(session, edition_id))
    ]
    methods = [
        Figure(**{**vars(one), "name": method_name(one.key)})
        for one in queries.method_figures(session, edition_id, day)
    ]
    return [
        Table("booths", _("Theo gian hàng"), _("Gian hàng"), "booth", "receipts", booths, has_split=True),
        Table("zones", _("Theo khu"), _("Khu"), "zone", "receipts", by_name(zones), has_split=True),
        Table("methods", _("Theo cách trả tiền"), _("Cách trả tiền"), "method", "money", by_money(methods)),
    ]


def table_of(edition_id: str, day: date | None, name: str) -> Table | None:
    """The table of this name alone, with what is asked for it and nothing else; None when there is none."""
    if name == "hours":
        return hours_table(edition_id, day)
    if name == "days":
        return days_table(edition_id) if day is None else None
    if name in ("booths", "zones", "methods"):
        found = till_tables(edition_id, day)
    else:
        days = queries.day_figures(reading(), edition_id)
        total = together(one for at, one in days.items() if day in (None, at))
        found = goods_tables(edition_id, day, total, name)
    return next((table for table in found if table.name == name), None)


def hours_table(edition_id: str, day: date | None, *, also: Collection[int] = ()) -> Table:
    """The hours of a day, or of all days together, those without sales in between too, and `also` hours outside of them."""
    edition = get_edition(reading(), edition_id)
    found = {hour: Figure("", "") for hour in also} | queries.hour_figures(reading(), edition_id, day)
    hours = hours_of_day(found, edition.day_boundary_minutes, edition.opens_minute, edition.closes_minute)
    cashless = cashless_by(reading(), "hour", edition_id=edition_id, days=None if day is None else [day])
    split = with_split(hours, {str(hour): one for hour, one in cashless.items()})
    return Table("hours", _("Theo giờ"), _("Giờ"), "hour", "receipts", split, has_split=True)


def days_table(edition_id: str) -> Table:
    """The days of an edition that have sales."""
    days = queries.day_figures(reading(), edition_id)
    figures = [Figure(**{**vars(one), "name": written_day(day)}) for day, one in days.items()]
    cashless = cashless_by(reading(), "day", edition_id=edition_id)
    split = with_split(figures, {day.isoformat(): one for day, one in cashless.items()})
    return Table("days", _("Theo ngày"), _("Ngày"), "day", "receipts", split, has_split=True)


def money_by_booth(edition_id: str, day: date | None) -> list[Money]:
    """What came in at each booth: cash, transfers confirmed and claimed, card. Of a day, or of all."""
    names = {one.id: f"{one.code} · {one.name}" for one in booths_of(reading(), edition_id)}
    split = transfer_split(reading(), edition_id, day, "booth")
    pairs = {key: (one.confirmed_dong, one.claimed_dong) for key, one in split.items()}
    return money_of(names, queries.method_nets(reading(), edition_id, day), pairs)


def money_by_account(edition_id: str, day: date | None) -> list[Money]:
    """Transfers to each account, confirmed and claimed; its id is the key, empty where none was named."""
    found = transfer_split(reading(), edition_id, day, "account")
    return [Money(key, "", 0, one.confirmed_dong, one.claimed_dong, 0) for key, one in found.items()]


def money_panel(edition_id: str, day: date | None, *, unfolded: bool = False) -> dict[str, Any]:
    """What templates/reports/money.html shows, of a day or of all; `unfolded` with every row."""
    return {
        "money": money_by_booth(edition_id, day),
        "by_account": money_by_account(edition_id, day),
        "accounts": {one.id: one for one in accounts_of(reading(), edition_id)},
        "unfolded": unfolded,
    }


def makeup_of(edition_id: str, day: date | None, total: Figure) -> Makeup:
    """What the net of a day, or of all days, is made of."""
    discount = queries.discount_net(reading(), edition_id, day)
    return Makeup(total.net_dong, discount, queries.rounding_net(reading(), edition_id, day))


def late_words(late: Sequence[DeviceState]) -> list[str]:
    """What is still to come from which tablet; of many only the first few by letter."""
    words = [
        _("Máy %(letter)s còn %(waiting)s đơn chờ.", letter=one.letter, waiting=one.waiting)
        for one in late
        if one.waiting
    ]
    words += [
        _("Máy %(letter)s hụt %(missing)s đơn giữa chừng.", letter=one.letter, missing=one.missing)
        for one in late
        if one.missing
    ]
    silent = [one.letter for one in late if not one.waiting and not one.missing]
    if silent:
        letters = ", ".join(silent[:MOST_NAMED]) + (" …" if len(silent) > MOST_NAMED else "")
        words.append(_("Không thấy liên lạc trong ngày: máy %(letters)s.", letters=letters))
    return words[:MOST_NAMED]
