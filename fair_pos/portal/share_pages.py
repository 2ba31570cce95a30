"""Showing a day to everyone who has the link: choosing what, and the page and picture that they see."""

from __future__ import annotations

from datetime import datetime, time

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.refusal import Refusal
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import public, requires
from fair_pos.plumbing.words import day as written_day
from fair_pos.plumbing.words import dong, kilos, number
from fair_pos.portal.frame import frame_of
from fair_pos.portal.picture import picture_of
from fair_pos.portal.queries import Today, days_of, get_producer, today_of
from fair_pos.portal.refusals import NothingChosen
from fair_pos.portal.sharing import GOOD_FOR, Shown, get_link, links_of, share, take_back
from fair_pos.settings import Settings

blueprint = Blueprint("share", __name__)
NOON = time(12, tzinfo=VIETNAM)
"""On the same fair day whatever the hour at which an edition's day ends."""
MOST_FIGURES = 3
CHOSEN_AT_FIRST = ("pieces", "goods", "places")
"""Money is shown to strangers only when its owner ticks it."""


def shareable(producer_id: str) -> Today | None:
    """What can be shown: today, or before its first sale the last day that has any; None when nothing was ever sold."""
    today = today_of(reading(), producer_id, now())
    if today.places:
        return today
    days = [one.day for edition in days_of(reading(), producer_id) for one in edition.days]
    return today_of(reading(), producer_id, datetime.combine(max(days), NOON)) if days else None


def choices_of(today: Today) -> dict[str, tuple[str, str]]:
    """What may be shown: key → (word, number)."""
    pieces = (
        kilos(today.sums.net_grams)
        if today.sums.net_grams and not today.sums.net_quantity
        else number(today.sums.net_quantity)
    )
    return {
        "pieces": (_("Đã bán") if today.sums.net_grams and not today.sums.net_quantity else _("Món đã bán"), pieces),
        "goods": (_("Mặt hàng"), number(len(today.goods))),
        "places": (_("Nơi bán"), number(len(today.places))),
        "money": (_("Tiền bán"), dong(today.sums.net_dong)),
    }


@blueprint.get("/producers/<producer_id>/share")
@requires(Verb.SEE_OWN_GOODS)
def choose(producer_id: str) -> str:
    """What of today is to be shown, and what is shown now."""
    return choice_page(producer_id, "")


@blueprint.post("/producers/<producer_id>/share")
@requires(Verb.SEE_OWN_GOODS)
def make(producer_id: str) -> AnyResponse | tuple[str, int]:
    """Freeze what was ticked and draw it."""
    at, by = now(), current_user.id
    producer, today = get_producer(reading(), producer_id), shareable(producer_id)
    if today is None:
        return redirect(url_for("share.choose", producer_id=producer_id))  # the page says why nothing can be made
    ticked = set(request.form.getlist("figure"))
    with force_locale("vi"):  # the picture is for buyers here, whichever language its maker reads
        figures = [one for key, one in choices_of(today).items() if key in ticked][-MOST_FIGURES:]
        shown = Shown(producer.name, producer.place, written_day(today.day), figures)
    try:
        if not figures:
            raise NothingChosen
        picture = picture_of(shown.name, shown.place, shown.day, shown.figures)
        in_transaction(lambda work: share(work, producer_id, shown, picture, at=at, by=by))
    except Refusal as refusal:
        return choice_page(producer_id, sentence(refusal.code, refusal.facts)), refusal.status
    return redirect(url_for("share.choose", producer_id=producer_id))


@blueprint.post("/producers/<producer_id>/share/end")
@requires(Verb.SEE_OWN_GOODS)
def end(producer_id: str) -> AnyResponse:
    """Take a link back."""
    at, by, shared = now(), current_user.id, request.form.get("shared", "")[:36]
    in_transaction(lambda work: take_back(work, producer_id, shared, at=at, by=by))
    return redirect(url_for("share.choose", producer_id=producer_id))


def choice_page(producer_id: str, error: str) -> str:
    """The form, and the links that are still seen with their whole addresses."""
    at = now()
    today = shareable(producer_id)
    return render_template(
        "portal/share.html",
        **frame_of(producer_id),
        day=None if today is None else today.day,
        choices={} if today is None else choices_of(today),
        ticked=set(request.form.getlist("figure")) if request.method == "POST" else set(CHOSEN_AT_FIRST),
        links=links_of(reading(), producer_id, at),
        days=GOOD_FOR.days,
        base=public_base(),
        error=error,
    )


# --- what everyone sees -----------------------------------------------------------------------------------------------


@blueprint.get("/s/<token>")
@public
def shown(token: str) -> str:
    """The frozen day, with what a messenger reads to show it beside the link."""
    link, _picture = get_link(reading(), token, now())
    return render_template("portal/shown.html", link=link, shown=link.shown, base=public_base())


@blueprint.get("/s/<token>.png")
@public
def shown_picture(token: str) -> Response:
    """The picture, which other sites may show."""
    _link, picture = get_link(reading(), token, now())
    return Response(picture, mimetype="image/png", headers={"Cross-Origin-Resource-Policy": "cross-origin"})


def public_base() -> str:
    """The address that links begin with; never what a request says of itself."""
    settings: Settings = current_app.extensions["fair_pos_settings"]
    return settings.public_url.rstrip("/")
