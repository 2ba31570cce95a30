"""Pages for opening editions and showrooms, the rules of their tills, and their booths: their names and whose goods they sell."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fair_pos.kernel.clock import now
from fair_pos.kernel.money import group_thousands
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.kernel.text import sort_key
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import requires
from fair_pos.venues.actions import MOST_NAME, create_series, hide_edition, set_till_rules, show_edition
from fair_pos.venues.actions import create_booth as open_booth
from fair_pos.venues.actions import create_edition as open_edition
from fair_pos.venues.forms import (
    EDITION_FIELDS,
    EMPTY_EDITION,
    Choice,
    Goods,
    Use,
    doubts_about,
    edition_fields,
    edition_plan,
    till_rules,
)
from fair_pos.venues.queries import (
    all_series,
    booths_of,
    get_booth,
    get_edition,
    hidden_editions,
    occupants_in,
    occupants_of,
)
from fair_pos.venues.rules import CASH_STEPS_DONG, EditionPlan
from fair_pos.venues.tables import Booth, Edition

blueprint = Blueprint("venues", __name__)

BOOTH_FIELDS = ("code", "name", "zone")


# --- editions -------------------------------------------------------------------------------------------------------


@blueprint.get("/editions/new")
@requires(Verb.MANAGE_EDITIONS)
def new_edition() -> str:
    """The form for an edition or a showroom."""
    return edition_form(EMPTY_EDITION, "")


@blueprint.post("/editions/new")
@requires(Verb.MANAGE_EDITIONS)
def create_edition() -> Response | tuple[str, int]:
    """Open an edition, and its series when that is new."""
    fields = {name: request.form.get(name, "") for name in EDITION_FIELDS}
    at, by = now(), current_user.id
    try:
        plan = edition_plan(fields)

        def work(session: Session) -> Edition:
            series_id = fields["series"] or None
            if fields["new_series"].strip():
                series_id = create_series(session, fields["new_series"], at=at, by=by).id
            elif series_id not in {None, *(one.id for one in all_series(session))}:
                raise NotFound
            return open_edition(session, plan, series_id=series_id, at=at, by=by)

        edition = in_transaction(work)
    except Refusal as refusal:
        return edition_form(fields, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã tạo «%(name)s». Hãy thêm gian hàng.", name=edition.name))
    warn_about(plan)
    return redirect(url_for("venues.booths", edition_id=edition.id))


def edition_form(fields: dict[str, str], error: str) -> str:
    """The form with what was typed and what is wrong with it."""
    return render_template(
        "venues/new_edition.html",
        form=fields,
        error=error,
        series=all_series(reading()),
        hidden=hidden_editions(reading()),
        most_name=MOST_NAME,
    )


def warn_about(plan: EditionPlan) -> None:
    """Say what may be a mistake about its days."""
    for words in doubts_about(plan):
        flash(words, "waiting")


@blueprint.get("/editions/<edition_id>/edit")
@requires(Verb.MANAGE_EDITIONS)
def edit_edition(edition_id: str) -> str:
    """The form for what may still be changed about an edition."""
    edition = get_edition(reading(), edition_id)
    return edit_page(edition, edition_fields(edition), "")


@blueprint.post("/editions/<edition_id>/edit")
@requires(Verb.MANAGE_EDITIONS)
def change_edition(edition_id: str) -> Response | tuple[str, int]:
    """Change name, place, hours and last day; the boundary as long as nothing was sold and nobody was counted."""
    edition, by = get_edition(reading(), edition_id), current_user.id
    kept = edition_fields(edition)
    fields = kept | {name: request.form.get(name, kept[name]) for name in CHANGED_FIELDS}
    try:
        plan = edition_plan(fields)

        def work(session: Session) -> None:
            counted = use().is_counted(session, edition_id)
            goods().change_edition(session, edition_id, plan, is_counted=counted, at=now(), by=by)

        in_transaction(work)
    except Refusal as refusal:
        return edit_page(edition, fields, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã lưu. Máy bán hàng sẽ tự lấy bảng giá mới."))
    warn_about(plan)
    return redirect(url_for("venues.edit_edition", edition_id=edition_id))


@blueprint.post("/editions/<edition_id>/hide")
@requires(Verb.MANAGE_EDITIONS)
def hide(edition_id: str) -> Response | tuple[str, int]:
    """Take an edition without tablets and sales out of the lists."""
    by = current_user.id

    def work(session: Session) -> None:
        hide_edition(session, edition_id, in_use=use().is_used(session, edition_id), at=now(), by=by)

    try:
        in_transaction(work)
    except Refusal as refusal:
        edition = get_edition(reading(), edition_id)
        return edit_page(edition, edition_fields(edition), sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã ẩn hội chợ. Có thể hiện lại ở trang thêm hội chợ."))
    return redirect(url_for("people.home"))


@blueprint.post("/editions/<edition_id>/show")
@requires(Verb.MANAGE_EDITIONS)
def show(edition_id: str) -> Response:
    """Put a hidden edition back."""
    by = current_user.id
    in_transaction(lambda session: show_edition(session, edition_id, at=now(), by=by))
    flash(_("Hội chợ đã hiện lại trong danh sách."))
    return redirect(url_for("venues.edit_edition", edition_id=edition_id))


CHANGED_FIELDS = ("name", "place", "ends_day", "opens", "closes", "boundary")


def edit_page(edition: Edition, fields: dict[str, str], error: str) -> str:
    """The form for an edition that exists, and the way to hide it while nothing uses it."""
    return render_template(
        "venues/edit_edition.html",
        edition=edition,
        form=fields,
        error=error,
        in_use=use().is_used(reading(), edition.id),
        most_name=MOST_NAME,
    )


# --- the tills of an edition ------------------------------------------------------------------------------------------

RULE_FIELDS = ("cash_rounding", "close_limit", "refund_limit", "drawer", "seller_discount")


@blueprint.get("/editions/<edition_id>/till-rules")
@requires(Verb.MANAGE_BOOTHS)
def till_rules_of(edition_id: str) -> str:
    """What holds at all tills of the edition."""
    edition = get_edition(reading(), edition_id)
    form = {
        "cash_rounding": str(edition.cash_rounding_dong),
        "close_limit": group_thousands(edition.close_limit_dong),
        "refund_limit": group_thousands(edition.refund_limit_dong),
        "drawer": "yes" if edition.drawer else "",
        "seller_discount": str(edition.seller_discount_percent),
    }
    return till_rules_page(edition_id, form, "")


@blueprint.post("/editions/<edition_id>/till-rules")
@requires(Verb.MANAGE_BOOTHS)
def change_till_rules(edition_id: str) -> Response | tuple[str, int]:
    """Set it; tablets take it over with the next price list."""
    fields = {name: request.form.get(name, "") for name in RULE_FIELDS}
    at, by = now(), current_user.id

    def work(session: Session) -> None:
        if set_till_rules(session, edition_id, till_rules(fields), at=at, by=by):
            goods().list_changed(session, "till_rules", at)

    try:
        in_transaction(work)
    except NotFound:
        raise
    except Refusal as refusal:
        return till_rules_page(edition_id, fields, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã lưu. Máy bán hàng sẽ tự lấy quy định mới."))
    return redirect(url_for("venues.till_rules_of", edition_id=edition_id))


def till_rules_page(edition_id: str, form: dict[str, str], error: str) -> str:
    """The form as it was sent."""
    edition = get_edition(reading(), edition_id)
    return render_template("venues/till_rules.html", edition=edition, form=form, error=error, steps=CASH_STEPS_DONG)


# --- booths ---------------------------------------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/booths")
@requires(Verb.MANAGE_BOOTHS)
def booths(edition_id: str) -> str:
    """The booths of an edition by zone, with whose goods they sell, and the form for another."""
    return booths_page(edition_id, dict.fromkeys(BOOTH_FIELDS, ""), "")


@blueprint.post("/editions/<edition_id>/booths")
@requires(Verb.MANAGE_BOOTHS)
def create_booth(edition_id: str) -> Response | tuple[str, int]:
    """Open a booth; then its producers are chosen."""
    fields = {name: request.form.get(name, "") for name in BOOTH_FIELDS}
    try:
        with transaction() as session:
            booth = open_booth(session, edition_id, **fields, at=now(), by=current_user.id)
    except Refusal as refusal:
        return booths_page(edition_id, fields, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã thêm gian %(code)s. Hãy chọn chủ thể bán ở gian này.", code=booth.code))
    return redirect(url_for("venues.booth", edition_id=edition_id, booth_id=booth.id))


def booths_page(edition_id: str, fields: dict[str, str], error: str) -> str:
    """All booths of an edition, and the form as it was sent."""
    edition = get_edition(reading(), edition_id)
    found = booths_of(reading(), edition_id)
    names = {one.id: one.name for one in goods().producers(reading())}
    there = {booth_id: set(ids) for booth_id, ids in occupants_in(reading(), edition_id).items()}
    occupants = {booth_id: [name for one, name in names.items() if one in ids] for booth_id, ids in there.items()}
    by_zone = sorted(found, key=lambda booth: booth.zone)  # stable: inside a zone the order of the codes stays
    zones = [(zone, list(some)) for zone, some in groupby(by_zone, key=lambda booth: booth.zone)]
    return render_template(
        "venues/booths.html",
        edition=edition,
        zones=zones,
        count=len(found),
        occupants=occupants,
        form=fields,
        error=error,
    )


@blueprint.get("/editions/<edition_id>/booths/<booth_id>")
@requires(Verb.MANAGE_BOOTHS)
def booth(edition_id: str, booth_id: str) -> str:
    """One booth: what it is called, and whose goods it sells."""
    found = booth_in(edition_id, booth_id)
    return booth_page(found, {"name": found.name, "zone": found.zone}, "")


@blueprint.post("/editions/<edition_id>/booths/<booth_id>")
@requires(Verb.MANAGE_BOOTHS)
def change_booth(edition_id: str, booth_id: str) -> Response | tuple[str, int]:
    """Change the name and zone of a booth."""
    found = booth_in(edition_id, booth_id)
    fields = {name: request.form.get(name, "") for name in ("name", "zone")}
    try:
        by = current_user.id
        in_transaction(lambda session: goods().rename_booth(session, booth_id, **fields, at=now(), by=by))
    except Refusal as refusal:
        return booth_page(found, fields, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã lưu."))
    return redirect(url_for("venues.booth", edition_id=edition_id, booth_id=booth_id))


@blueprint.post("/editions/<edition_id>/booths/<booth_id>/producers")
@requires(Verb.MANAGE_BOOTHS)
def set_occupants(edition_id: str, booth_id: str) -> Response:
    """Let the booth sell the goods of exactly the ticked producers."""
    found = booth_in(edition_id, booth_id)
    wanted, by = request.form.getlist("producer"), current_user.id
    in_transaction(lambda session: goods().set_occupants(session, booth_id, wanted, at=now(), by=by))
    flash(_("Đã lưu chủ thể của gian %(code)s. Máy bán hàng sẽ tự lấy bảng giá mới.", code=found.code))
    return redirect(url_for("venues.booths", edition_id=edition_id))


def booth_page(found: Booth, fields: dict[str, str], error: str) -> str:
    """One booth with the form as it was sent; the producers already there come first."""
    chosen = set(occupants_of(reading(), found.id))
    choices = sorted(goods().producers(reading()), key=lambda one: one.id not in chosen)
    return render_template(
        "venues/booth.html",
        edition=found.edition,
        booth=found,
        form=fields,
        error=error,
        groups=by_place(choices, chosen),
        chosen=chosen,
    )


def by_place(choices: list[Choice], chosen: set[str]) -> list[tuple[str, list[Choice]]]:
    """Producers to tick: those of the booth, then all others by province, in Vietnamese order."""
    here = [one for one in choices if one.id in chosen]
    others = [one for one in choices if one.id not in chosen]
    provinces: dict[str, list[Choice]] = {}
    for one in others:
        provinces.setdefault(one.place.rpartition(", ")[2], []).append(one)
    by_name = sorted(provinces.items(), key=lambda group: sort_key(group[0]))
    return ([(_("Đang bán ở gian này"), here)] if here else []) + by_name


def booth_in(edition_id: str, booth_id: str) -> Booth:
    """The booth, when it is one of this edition. Raises NotFound."""
    found = get_booth(reading(), booth_id)
    if found.edition_id != edition_id:
        raise NotFound
    return found


def use() -> Use:
    """What the app lends."""
    lent: Use = current_app.extensions["fair_pos_use"]
    return lent


def goods() -> Goods:
    """What the catalogue lends."""
    lent: Goods = current_app.extensions["fair_pos_goods"]
    return lent
