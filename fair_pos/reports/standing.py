"""What the system itself holds of an edition now, under the names by which figures are published. The package published borrows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy.orm import Session, scoped_session

from fair_pos.reports import queries
from fair_pos.reports.goods import OCOP_STARS, GoodsOfDay, GoodsRow, goods_by_day, goods_of
from fair_pos.reports.rules import Figure, together
from fair_pos.venues.queries import booths_of, get_edition
from fair_pos.visitors.queries import entries_by_day

AnySession = Session | scoped_session[Session]


def standing_of(session: AnySession, edition_id: str, today: date) -> dict[date | None, dict[str, int]]:
    """Day, or None for the whole edition → name (published.rules.NAMES) → value; days to come are left out.

    `days` are those that have begun by `today`, since the other figures are theirs: totals of four days over a length of five would be
    a fifth too little for each day. What nobody counted is left out, never 0: money of an edition without a receipt, visitors of a day
    without a tap, the days of a showroom or of a fair to come. An edition with neither receipts nor visitors has at most the booths of its register. Raises NotFound.
    """
    edition = get_edition(session, edition_id)
    sales, visits = queries.day_figures(session, edition_id), entries_by_day(session, edition_id)
    booths = booths_of(session, edition_id)
    whole: dict[str, int] = {"booths": len(booths)} if booths else {}
    found: dict[date | None, dict[str, int]] = {None: whole}
    days = set(sales) | set(visits)
    if not days:
        return found
    if edition.kind == "fair" and edition.ends_day is not None:
        begun = (min(today, edition.ends_day) - edition.starts_day).days + 1
        if begun > 0:
            whole["days"] = begun
        days |= {edition.starts_day + timedelta(days=step) for step in range(begun)}
    if visits:
        whole["visits"] = sum(visits.values())
    if sales:
        whole |= _money(together(sales.values())) | _goods(goods_of(session, edition_id, None).rows)
        whole["selling_booths"] = _selling(queries.booth_figures(session, edition_id, None))
    # A showroom has hundreds of days, and nobody publishes their goods one by one.
    has_goods = bool(sales) and edition.kind == "fair"
    goods = goods_by_day(session, edition_id) if has_goods else {}
    selling = queries.selling_booths(session, edition_id) if has_goods else {}
    for day in sorted(days):
        of_day = found.setdefault(day, {})
        if day in visits:
            of_day["visits"] = visits[day]
        if sales:
            of_day |= _money(sales.get(day, Figure("", "")))
        if has_goods:
            its = goods.get(day, GoodsOfDay(0, 0, 0))
            of_day |= {"ocop_dong": its.ocop_dong, "enterprises": its.makers, "products": its.products}
            of_day["selling_booths"] = selling.get(day, 0)
    return found


def _money(figure: Figure) -> dict[str, int]:
    return {
        "receipts": figure.receipts,
        "refunds": figure.refunds,
        "sold_dong": figure.sold_dong,
        "refunded_dong": figure.refunded_dong,
        "net_dong": figure.net_dong,
    }


def _goods(rows: Iterable[GoodsRow]) -> dict[str, int]:
    rows = list(rows)
    sold = [one for one in rows if one.sold_quantity]
    return {
        "ocop_dong": sum(one.sold_dong - one.refunded_dong for one in rows if one.star in OCOP_STARS),
        "enterprises": len({one.producer_id for one in sold}),
        "products": len({one.product_id for one in sold}),
    }


def _selling(booths: Iterable[Figure]) -> int:
    return sum(1 for one in booths if one.receipts)
