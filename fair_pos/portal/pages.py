"""A producer's own pages, made for a cheap phone: money first, no script, under 40 kB."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, current_app, render_template, request
from flask_login import current_user

from fair_pos.cooperative.queries import is_cooperative
from fair_pos.inventory.queries import Left, left_of_owner
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import EARLIEST, LATEST, fair_day
from fair_pos.kernel.text import sort_key
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.web import requires
from fair_pos.portal.frame import frame_of
from fair_pos.portal.queries import (
    days_of,
    discounts_of_lines,
    lines_of,
    paid_on,
    settling_editions,
    stars_of,
    today_of,
)
from fair_pos.portal.rules import (
    DAYS_A_PAGE,
    EDITIONS_A_PAGE,
    KINDS_A_PAGE,
    LEFT_A_PAGE,
    SHOWN_AT_FIRST,
    Paid,
    page_of,
    soonest,
    sum_of,
)
from fair_pos.settlement.gather import owed_to
from fair_pos.venues.queries import all_editions, get_booth

blueprint = Blueprint("portal", __name__, url_prefix="/producers/<producer_id>")


@blueprint.get("/")
@requires(Verb.SEE_OWN_GOODS)
def today(producer_id: str) -> str:
    """How much was sold today, where, of what, and how fresh that is."""
    frame = frame_of(producer_id)
    at = now()
    figures = today_of(reading(), producer_id, at)
    stars = stars_of(reading(), producer_id, fair_day(at, 0))
    left = soonest(left_of_owner(reading(), producer_id, at))
    earlier = [] if figures.places else [one for edition in days_of(reading(), producer_id) for one in edition.days]
    return render_template(
        "portal/today.html",
        today=figures,
        # Before the first sale of a day the last one is what there is to see.
        latest=max(earlier, key=lambda one: one.day, default=None),
        stars=stars[:SHOWN_AT_FIRST],
        stars_in_all=len(stars),
        waiting=waiting_tills(figures.booth_ids),
        marks=marks_of(figures.booth_ids, None),
        goods=figures.goods[:SHOWN_AT_FIRST],
        left=left[:SHOWN_AT_FIRST],
        left_in_all=len(left),
        fairs=names_of_editions(left),
        owed=owed_to(reading(), producer_id, fair_day(at, 0), settling_editions(reading(), producer_id)),
        households=current_user.with_password and is_cooperative(reading(), producer_id),
        **frame,
    )


@blueprint.get("/goods")
@requires(Verb.SEE_OWN_GOODS)
def goods(producer_id: str) -> str:
    """Everything that was sold today by product, a page at a time."""
    figures = today_of(reading(), producer_id, now())
    shown, number, pages = page_of(figures.goods, request.args.get("page", 1, type=int), KINDS_A_PAGE)
    return render_template(
        "portal/goods.html",
        today=figures,
        marks=marks_of(figures.booth_ids, None),
        goods=shown,
        page=number,
        pages=pages,
        **frame_of(producer_id),
    )


@blueprint.get("/left")
@requires(Verb.SEE_OWN_GOODS)
def left(producer_id: str) -> str:
    """Everything that is left at any place, what runs out first on top, a page at a time."""
    everything = soonest(left_of_owner(reading(), producer_id, now()))
    shown, number, pages = page_of(everything, request.args.get("page", 1, type=int), LEFT_A_PAGE)
    return render_template(
        "portal/left.html",
        left=shown,
        fairs=names_of_editions(everything),
        page=number,
        pages=pages,
        **frame_of(producer_id),
    )


@blueprint.get("/days")
@requires(Verb.SEE_OWN_GOODS)
def days(producer_id: str) -> str:
    """Every day of every fair and showroom: the newest of each, or all of the one that `edition` in the address names."""
    editions = days_of(reading(), producer_id)
    one = next((each for each in editions if each.edition_id == request.args.get("edition")), None)
    if one is not None:
        shown, number, pages = page_of(one.days, request.args.get("page", 1, type=int), DAYS_A_PAGE)
        lists = [(one, shown)]
    else:
        some, number, pages = page_of(editions, request.args.get("page", 1, type=int), EDITIONS_A_PAGE)
        lists = [(each, each.days[: DAYS_A_PAGE // len(some)]) for each in some]
    return render_template(
        "portal/days.html",
        lists=lists,
        filters={} if one is None else {"edition": one.edition_id},
        page=number,
        pages=pages,
        **frame_of(producer_id),
    )


@blueprint.get("/days/<day>")
@requires(Verb.SEE_OWN_GOODS)
def day(producer_id: str, day: str) -> str:
    """The producer's own lines of one day; `edition`, `booth` and `product` in the address narrow them to the figure that was tapped."""
    frame = frame_of(producer_id)
    filters = {name: request.args.get(name, "") for name in ("edition", "booth", "product")}
    lines = lines_of(
        reading(),
        producer_id,
        day_of(day),
        edition_id=filters["edition"],
        booth_id=filters["booth"],
        product_id=filters["product"],
    )
    shown, number, pages = page_of(lines, request.args.get("page", 1, type=int))
    return render_template(
        "portal/day.html",
        day=day_of(day),
        lines=shown,
        sums=sum_of(one.sums for one in lines),
        discounts=discounts_of_lines(lines),
        # Payments are of whole receipts: a product by itself was not paid in one way or another.
        paid=Paid() if filters["product"] else paid_on(reading(), producer_id, day_of(day), lines),
        marks=marks_of({one.line.booth_id for one in lines}, day_of(day)),
        filters={name: value for name, value in filters.items() if value},
        page=number,
        pages=pages,
        sample=any(one.line.sample for one in lines),
        **frame,
    )


@blueprint.get("/certificates")
@requires(Verb.SEE_OWN_GOODS)
def certificates(producer_id: str) -> str:
    """The star of every product, those that end first on top, a page at a time."""
    stars = stars_of(reading(), producer_id, fair_day(now(), 0))
    shown, number, pages = page_of(stars, request.args.get("page", 1, type=int), KINDS_A_PAGE)
    return render_template("portal/certificates.html", stars=shown, page=number, pages=pages, **frame_of(producer_id))


def names_of_editions(left: Iterable[Left]) -> dict[str, str]:
    """The names of the fairs where goods lie; empty when it is only one, whose name need not stand at every line."""
    wanted = {one.edition_id for one in left}
    return {one.id: one.name for one in all_editions(reading()) if one.id in wanted} if len(wanted) > 1 else {}


def day_of(text: str) -> date:
    """The day in an address; anything else than 2026-11-24 is a 404."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        abort(404)
    if found.isoformat() != text or not EARLIEST <= found <= LATEST:
        abort(404)
    return found


@dataclass(frozen=True)
class Mark:
    """A fair and a day whose completeness stands beside the producer's figures."""

    edition_id: str
    name: str
    day: date


def marks_of(booth_ids: Iterable[str], day: date | None) -> list[Mark]:
    """The fairs of these booths by name, on `day` or on the day that each is on now."""
    editions = {booth.edition.id: booth.edition for booth in (get_booth(reading(), one) for one in booth_ids)}
    return [
        Mark(one.id, one.name, day or fair_day(now(), one.day_boundary_minutes))
        for one in sorted(editions.values(), key=lambda one: (sort_key(one.name), one.id))
    ]


def waiting_tills(booth_ids: frozenset[str]) -> int | None:
    """How many tills of these booths hold sales that are not in the figures yet; None when nobody can say.

    Tills are above this package, so the app hands their query over: `app.extensions["fair_pos_waiting_tills"]`, a function of session and booth ids.
    """
    count = current_app.extensions.get("fair_pos_waiting_tills")
    return None if count is None else int(count(reading(), booth_ids))
