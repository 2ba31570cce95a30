"""Counts of an edition: what was counted, what the ledger says, and booking the difference. Nothing here needs a script."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from fair_pos.catalogue.queries import products_for_sale, products_of_booth
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM, fair_day
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.kernel.text import sort_key
from fair_pos.people.queries import people_with
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import requires
from fair_pos.stock.facts import PlaceFact
from fair_pos.stock.queries import balances_at, lots_by_id, places_of
from fair_pos.stocktaking import actions, queries
from fair_pos.stocktaking.forms import approval_said, counted_at_said, lines_said
from fair_pos.venues.queries import get_edition

blueprint = Blueprint("stocktaking", __name__, url_prefix="/editions/<edition_id>/counts")
PAGE_SIZE = 20
"""Counts on a page: each is held against the ledger anew, since late sales change what it says."""


@dataclass(frozen=True)
class Row:
    """One field of the form: goods that may lie at the place, by lot where there are lots."""

    product_id: str
    lot_id: str
    name: str
    lot: str
    unit: str
    weighed: bool

    @property
    def field(self) -> str:
        """Its name in the form."""
        return f"q_{self.product_id}_{self.lot_id}"


@blueprint.get("")
@requires(Verb.MANAGE_STOCK)
def counts(edition_id: str) -> str:
    """Counts, the newest first, and the places where one can be entered."""
    session = reading()
    page = max(1, request.args.get("page", 1, type=int))
    found = queries.counts_of(session, edition_id, most=PAGE_SIZE, skip=(page - 1) * PAGE_SIZE)
    states = queries.states_of_counts(session, [one for one, _lines in found])
    places = places_of(session, edition_id)
    return render_template(
        "stocktaking/counts.html",
        edition=get_edition(session, edition_id),
        counts=[(one, lines, sum(state.may_book for state in states[one.id])) for one, lines in found],
        names={place.id: place for place in places},
        places=places,
        people=person_names({one.person_id for one, _lines in found}),
        number=queries.count_number,
        page=page,
        pages=-(-queries.how_many_counts(session, edition_id) // PAGE_SIZE),
    )


@blueprint.get("/new")
@requires(Verb.MANAGE_STOCK)
def new_count(edition_id: str) -> str:
    """The form for a count made on paper. It does not say what should lie there: who knows that counts less well."""
    return form_page(edition_id, place_asked(edition_id), "")


@blueprint.post("/new")
@requires(Verb.MANAGE_STOCK)
def enter(edition_id: str) -> Response | tuple[str, int]:
    """Keep a count made on paper."""
    place = place_asked(edition_id)
    fields = {row.field: (row.product_id, row.lot_id, row.name, row.weighed) for row in rows_of(place)}
    try:
        lines, counted_at = lines_said(request.form, fields), counted_at_said(request.form.get("counted_at", ""))
        count_id = in_transaction(
            lambda session: actions.enter_count(
                session,
                edition_id,
                place.id,
                lines,
                counted_at=counted_at,
                note=request.form.get("note", ""),
                at=now(),
                by=current_user.id,
            )
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return form_page(edition_id, place, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã ghi lần kiểm. Chưa có gì thay đổi trong sổ cho đến khi bạn ghi sổ chênh lệch."), "waiting")
    return redirect(url_for("stocktaking.count", edition_id=edition_id, count=count_id))


@blueprint.get("/<count>")
@requires(Verb.MANAGE_STOCK)
def count(edition_id: str, count: str) -> str:
    """One count beside the ledger as it is now."""
    return count_page(edition_id, count, "")


@blueprint.post("/<count>/book")
@requires(Verb.MANAGE_STOCK)
def book(edition_id: str, count: str) -> Response | tuple[str, int]:
    """Book the differences of the ticked lines as they were shown."""
    approval = approval_said(request.form, request.form.getlist("line"))
    try:
        booked = in_transaction(
            lambda session: actions.book_count(session, edition_id, count, approval, at=now(), by=current_user.id)
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return count_page(edition_id, count, sentence(refusal.code, refusal.facts)), refusal.status
    flash(
        _("Đã ghi sổ %(count)s dòng chênh lệch.", count=len(booked)) if booked else _("Đã duyệt: không có chênh lệch.")
    )
    return redirect(url_for("stocktaking.count", edition_id=edition_id, count=count))


def place_asked(edition_id: str) -> PlaceFact:
    """The place named in the address. Raises NotFound."""
    wanted = request.values.get("place", "")
    found = next((one for one in places_of(reading(), edition_id) if one.id == wanted), None)
    if found is None:
        raise NotFound
    return found


def rows_of(place: PlaceFact) -> list[Row]:
    """What may be counted at a place: what lies there by lot, and at a booth all that its price list has, by name."""
    session = reading()
    held = balances_at(session, [place.id])
    lots = lots_by_id(session, {one.lot_id for one in held if one.lot_id})
    keys = {(one.product_id, one.lot_id if one.lot_id in lots else "") for one in held}
    if place.kind == "booth":
        listed = products_of_booth(session, place.id, fair_day(now(), 0))
        keys |= {(one.id, "") for one in listed if one.id not in {product for product, _lot in keys}}
    goods = products_for_sale(session, {product for product, _lot in keys})
    rows = [
        Row(
            product,
            lot,
            goods[product].name,
            lots[lot].code if lot else "",
            goods[product].unit,
            goods[product].sold_by == "weight",
        )
        for product, lot in keys
        if product in goods
    ]
    return sorted(rows, key=lambda row: (sort_key(row.name), row.lot == "", row.lot))


def form_page(edition_id: str, place: PlaceFact, error: str) -> str:
    """The form as it was sent."""
    at = now().astimezone(VIETNAM).replace(tzinfo=None, second=0, microsecond=0)
    return render_template(
        "stocktaking/new_count.html",
        edition=get_edition(reading(), edition_id),
        place=place,
        rows=rows_of(place),
        form=request.form,
        counted_at=request.form.get("counted_at", at.isoformat(timespec="minutes")),
        error=error,
    )


def count_page(edition_id: str, count_id: str, error: str) -> str:
    """A count with its lines, what was booked, and the form that books the rest."""
    session = reading()
    session.rollback()  # after a refusal the page shows what is true now
    found = queries.get_count(session, edition_id, count_id)
    states = queries.states_of(session, found)
    bookings = [one for rows in queries.bookings_of(session, [count_id]).values() for one in rows]
    places = {one.id: one for one in places_of(session, edition_id)}
    lots = lots_by_id(session, {state.line.lot_id for state in states if state.line.lot_id})
    goods = products_for_sale(session, {state.line.product_id for state in states})
    people = person_names(
        {found.person_id, *(row.booked_by for row in bookings)} | {found.approved_by or found.person_id}
    )
    return render_template(
        "stocktaking/count.html",
        edition=get_edition(session, edition_id),
        count=found,
        number=queries.count_number(found.id),
        place=places.get(found.place_id),
        states=states,
        lots=lots,
        weighed={one for one, fact in goods.items() if fact.sold_by == "weight"},
        bookings=sorted(bookings, key=lambda one: (one.booked_at, one.line_no)),
        people=people,
        approver=people[found.approved_by] if found.approved_by else "",
        differences=[state for state in states if state.may_book],
        needs_bearer=any(state.may_book and not state.borne_by for state in states),
        form=request.form,
        error=error,
    )


def person_names(person_ids: set[str]) -> dict[str, str]:
    """Who they were; «?» for somebody the server does not know."""
    return dict.fromkeys(person_ids, "?") | {one.id: one.name for one in people_with(reading(), person_ids)}
