"""Opening the next edition of a fair from the last one."""

from __future__ import annotations

from dataclasses import fields as fields_of

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fair_pos.kernel.clock import now
from fair_pos.kernel.money import group_thousands
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import requires
from fair_pos.venues import refusals
from fair_pos.venues.actions import MOST_NAME, create_series, join_series
from fair_pos.venues.cloning import Cloned, Parts, clone_edition
from fair_pos.venues.forms import (
    EDITION_FIELDS,
    Copies,
    Goods,
    doubts_about,
    edition_plan,
    next_fields,
)
from fair_pos.venues.queries import all_series, booths_of, editions_of_series, get_edition
from fair_pos.venues.tables import Edition

blueprint = Blueprint("cloning", __name__)

PARTS = tuple(one.name for one in fields_of(Parts))


@blueprint.get("/editions/<edition_id>/next")
@requires(Verb.MANAGE_EDITIONS)
def next_edition(edition_id: str) -> str:
    """The form for the next edition, filled in as far as the last one tells."""
    edition = get_fair(edition_id)
    return next_page(edition, next_fields(edition), set(PARTS), "")


@blueprint.post("/editions/<edition_id>/next")
@requires(Verb.MANAGE_EDITIONS)
def open_next(edition_id: str) -> Response | tuple[str, int]:
    """Open it: the booths, the rules and what was ticked come along; no sale, no visitor, no tablet."""
    edition = get_fair(edition_id)
    form = {name: request.form.get(name, "") for name in EDITION_FIELDS} | {"kind": edition.kind}
    chosen = {name for name in PARTS if request.form.get(name) == "yes"}
    at, by = now(), current_user.id
    try:
        plan = edition_plan(form)
        parts = Parts(**{name: name in chosen for name in PARTS})

        def work(session: Session) -> Cloned:
            # First of all: it keeps two clonings at the same moment apart.
            goods().list_changed(session, "edition_cloned", at)
            series_id = series_for(session, edition_id, form)
            return clone_edition(session, edition_id, plan, parts, copies(), series_id=series_id, at=at, by=by)

        cloned = in_transaction(work)
    except NotFound:
        raise
    except Refusal as refusal:
        return next_page(edition, form, chosen, sentence(refusal.code, refusal.facts)), refusal.status
    flash(what_came(cloned))
    for words in doubts_about(plan):
        flash(words, "waiting")
    return redirect(url_for("venues.booths", edition_id=cloned.edition.id))


def series_for(session: Session, edition_id: str, form: dict[str, str]) -> str:
    """The series of both editions: the old one's; or the one chosen or named, which the old edition then joins.

    Raises FieldMissing when neither was.
    """
    at, by = now(), current_user.id
    known = get_edition(session, edition_id).series_id
    if known is not None:
        return known
    if form["new_series"].strip():
        series_id = create_series(session, form["new_series"], at=at, by=by).id
    elif form["series"] in {one.id for one in all_series(session)}:
        series_id = form["series"]
    else:
        raise refusals.FieldMissing(field="series")
    join_series(session, edition_id, series_id, at=at, by=by)
    return series_id


def what_came(cloned: Cloned) -> str:
    """What was taken over, in one sentence."""
    counts = {name: group_thousands(count) for name, count in cloned.counts.items()}
    words: str = _(
        "Đã mở «%(name)s»: %(booths)s gian, %(occupants)s lượt chủ thể, %(roles)s quyền, %(gates)s cổng, %(spots)s gian trên sơ đồ.",
        name=cloned.edition.name,
        **counts,
    )
    return words


def next_page(edition: Edition, form: dict[str, str], chosen: set[str], error: str) -> str:
    """The form as it was sent."""
    siblings = editions_of_series(reading(), edition.series_id) if edition.series_id else [edition]
    return render_template(
        "venues/next_edition.html",
        edition=edition,
        form=form,
        chosen=chosen,
        error=error,
        booths=len(booths_of(reading(), edition.id)),
        later=[one for one in siblings if one.starts_day > edition.starts_day],
        series=all_series(reading()),
        most_name=MOST_NAME,
    )


def get_fair(edition_id: str) -> Edition:
    """The edition, when it is a fair: a showroom goes on and has no next one. Raises NotFound."""
    edition = get_edition(reading(), edition_id)
    if edition.kind != "fair":
        raise NotFound
    return edition


def goods() -> Goods:
    """What the catalogue lends."""
    lent: Goods = current_app.extensions["fair_pos_goods"]
    return lent


def copies() -> Copies:
    """What the app lends."""
    lent: Copies = current_app.extensions["fair_pos_copies"]
    return lent
