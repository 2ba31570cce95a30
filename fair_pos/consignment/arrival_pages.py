"""What is on its way to a booth, for whoever sells there: see it, count it, receive it on the tablet's browser."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from fair_pos.consignment import queries
from fair_pos.consignment.showing import receive_page, said_of, take_receipt_at
from fair_pos.consignment.tables import GoodsNote
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people.rules import Scope, Verb, may
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.web import requires
from fair_pos.venues.queries import booths_by_id, get_booth

blueprint = Blueprint("arrivals", __name__)
SHOWN = 20


@blueprint.app_template_global()
def arrivals_of_mine() -> list[tuple[str, str, int]]:
    """(booth, its code, notes under way to it) where the signed-in person receives goods: their own booths, and of a whole fair those
    to which something is on its way.
    """
    coming: dict[str, int] = {}
    for one in queries.under_way(reading()):
        place = one.to_place or ""
        coming[place] = coming.get(place, 0) + 1
    own = {held.scope.booth_id for held in current_user.roles if held.scope.booth_id}
    booths = booths_by_id(reading(), own | coming.keys())
    return [
        (one.id, one.code, coming.get(one.id, 0))
        for one in booths
        if may(current_user.roles, Verb.RECEIVE_GOODS, Scope(edition_id=one.edition_id, booth_id=one.id))
    ]


@blueprint.get("/booths/<booth_id>/arrivals")
@requires(Verb.RECEIVE_GOODS)
def arrivals(booth_id: str) -> str:
    """What is under way to this booth, and what it received last."""
    session = reading()
    moving = queries.under_way(session, place_id=booth_id)
    last = queries.received_at_place(session, booth_id, limit=SHOWN)
    return render_template(
        "consignment/arrivals.html",
        booth=get_booth(session, booth_id),
        moving=moving,
        last=last,
        places=queries.place_names(session, {one.edition_id for one in (*moving, *last)}),
    )


@blueprint.get("/booths/<booth_id>/arrivals/<note>")
@requires(Verb.RECEIVE_GOODS)
def arrival(booth_id: str, note: str) -> str | tuple[str, int]:
    """Count what came."""
    found = note_for(note)
    if found.to_place != booth_id:
        refusal = queries.elsewhere(found)
        return render_template("errors/error.html", status=refusal.status, text=said_of(refusal)), refusal.status
    return page(booth_id, found, "")


@blueprint.post("/booths/<booth_id>/arrivals/<note>")
@requires(Verb.RECEIVE_GOODS)
def take_arrival(booth_id: str, note: str) -> Response | str | tuple[str, int]:
    """Receive it."""
    found = note_for(note)
    try:
        take_receipt_at(found, booth_id)
    except NotFound:
        raise
    except Refusal as refusal:
        if found.to_place != booth_id:
            return render_template("errors/error.html", status=refusal.status, text=said_of(refusal)), refusal.status
        return page(booth_id, found, said_of(refusal)), refusal.status
    flash(_("Đã nhận hàng. Máy bán hàng sẽ thấy số còn mới."), "done")
    return redirect(url_for("arrivals.arrivals", booth_id=booth_id))


def note_for(note_id: str) -> GoodsNote:
    """A transfer. Raises NotFound."""
    found = queries.find_note(reading(), note_id)
    if found is None or found.kind != "transfer" or found.cancels_id is not None:
        raise NotFound
    return found


def page(booth_id: str, note: GoodsNote, error: str) -> str:
    """The form for what came."""
    action = url_for("arrivals.take_arrival", booth_id=booth_id, note=note.id)
    back = url_for("arrivals.arrivals", booth_id=booth_id)
    return receive_page(note.to_edition_id or note.edition_id, note, action, error, back)
