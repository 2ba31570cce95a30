"""Cards and one-time codes of producers: the office makes and ends them, and producers come in by them without a password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user
from sqlalchemy.orm import Session, scoped_session
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people import cards as cards_module
from fair_pos.people.card_paper import print_cards
from fair_pos.people.cards import Entered, card_owner, cards_of, enter_by_card, enter_by_code, make_card, make_code
from fair_pos.people.forms import CardForm, Owner, read_form
from fair_pos.people.login import SignedIn
from fair_pos.people.refusals import CardUnknown, CodeWrong, NoOwnersChosen
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import public, requires
from fair_pos.settings import Settings

blueprint = Blueprint("cards", __name__)

# --- the office ---------------------------------------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/cards")
@requires(Verb.MANAGE_CARDS)
def cards(edition_id: str) -> str:
    """The owners of goods at this edition and the cards that they have."""
    return list_page(edition_id, "")


@blueprint.post("/editions/<edition_id>/cards")
@requires(Verb.MANAGE_CARDS)
def make(edition_id: str) -> Response | tuple[str, int]:
    """A new card for each owner ticked, as PDF. Nothing is made when the paper cannot be printed: nobody keeps what its code says."""
    chosen = set(request.form.getlist("owner"))
    wanted = [one for one in owners_of(edition_id) if one.id in chosen]
    at, by = now(), current_user.id
    settings: Settings = current_app.extensions["fair_pos_settings"]

    def work(working: Session) -> bytes:
        if not wanted:
            raise NoOwnersChosen
        made = [(one.name, make_card(working, one.id, one.name, at=at, by=by)[1]) for one in wanted]
        return print_cards(made, settings.public_url)

    try:
        content = in_transaction(work)
    except Refusal as refusal:
        return list_page(edition_id, sentence(refusal.code, refusal.facts)), refusal.status
    headers = {"Content-Disposition": 'inline; filename="the-chu-hang.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)


@blueprint.get("/editions/<edition_id>/cards/<producer_id>")
@requires(Verb.MANAGE_CARDS)
def card(edition_id: str, producer_id: str) -> str:
    """One owner: the cards, a new one, and a code for somebody who stands here without a card."""
    owner = owner_at(edition_id, producer_id)
    found = cards_of(reading(), [producer_id]).get(producer_id, [])
    return render_template("people/card.html", edition=edition_of(edition_id), owner=owner, cards=found)


@blueprint.post("/editions/<edition_id>/cards/<producer_id>/revoke")
@requires(Verb.MANAGE_CARDS)
def revoke(edition_id: str, producer_id: str) -> AnyResponse:
    """A lost card opens nothing any more, and who came in by it is out."""
    owner, form = owner_at(edition_id, producer_id), read_form(CardForm, request.form)
    at, by = now(), current_user.id
    in_transaction(lambda work: cards_module.revoke_card(work, form.card, owner.id, at=at, by=by))
    flash(_("Đã thu hồi thẻ. Máy đang mở bằng thẻ này đã bị đăng xuất."), "done")
    return redirect(url_for("cards.card", edition_id=edition_id, producer_id=producer_id))


@blueprint.post("/editions/<edition_id>/cards/<producer_id>/code")
@requires(Verb.MANAGE_CARDS)
def show_code(edition_id: str, producer_id: str) -> str:
    """A one-time code to read out, shown this once."""
    owner, at, by = owner_at(edition_id, producer_id), now(), current_user.id
    digits, until = in_transaction(lambda work: make_code(work, owner.id, owner.name, at=at, by=by))
    settings: Settings = current_app.extensions["fair_pos_settings"]
    return render_template(
        "people/card_code.html",
        edition=edition_of(edition_id),
        owner=owner,
        code=f"{digits[:4]} {digits[4:]}",
        until=until,
        seconds=int((until - at).total_seconds()),
        address=f"{settings.public_url}{url_for('cards.code')}",
    )


def list_page(edition_id: str, error: str) -> str:
    """The owners with their cards, and the sentence of what was turned down."""
    owners = owners_of(edition_id)
    return render_template(
        "people/cards.html",
        edition=edition_of(edition_id),
        owners=owners,
        cards=cards_of(reading(), [one.id for one in owners]),
        error=error,
    )


Owners = Callable[[Session | scoped_session[Session], str], list[Owner]]


def owners_of(edition_id: str) -> list[Owner]:
    """Whose goods lie or are sold at an edition. Lent by the app: people stand below booths and stock and cannot ask them."""
    lent: Owners = current_app.extensions["fair_pos_owners"]
    return lent(reading(), edition_id)


def owner_at(edition_id: str, producer_id: str) -> Owner:
    """The owner. Raises NotFound for a producer who has nothing at this edition: its organiser hands out no key to theirs."""
    for one in owners_of(edition_id):
        if one.id == producer_id:
            return one
    raise NotFound


def edition_of(edition_id: str) -> Any:
    """The edition as the head of a page wants it: id and name."""
    return next(one for one in current_app.extensions["fair_pos_places"]() if one.value == f"edition:{edition_id}")


# --- coming in ----------------------------------------------------------------------------------------------------------


@blueprint.get("/card/<token>")
@public
def door(token: str) -> str | tuple[str, int]:
    """Whose page this card opens, and the button that opens it: looking alone changes nothing, so a preview of the link signs nobody in."""
    owner = card_owner(reading(), token)
    if owner is None:
        return no_such_card()
    return render_template("people/card_door.html", token=token, name=owner.name)


@blueprint.post("/card/<token>")
@public
def enter(token: str) -> AnyResponse | tuple[str, int]:
    """Open the producer's page in this browser."""
    at = now()
    try:
        entered = in_transaction(lambda work: enter_by_card(work, token, at=at))
    except CardUnknown:
        return no_such_card()
    return come_in(entered, "card")


@blueprint.get("/code")
@public
def code() -> str:
    """Where a one-time code is typed."""
    return render_template("people/card_code_form.html", error="")


@blueprint.post("/code")
@public
def enter_code() -> AnyResponse | tuple[str, int]:
    """Open the page of the producer for whom the code was made."""
    typed, address, at = request.form.get("code", "")[:40], request.remote_addr or "", now()
    refusal: Refusal = CodeWrong()
    entered: Entered | None = None
    try:
        entered = in_transaction(lambda work: enter_by_code(work, typed, address=address, at=at))
    except Refusal as raised:
        refusal = raised
    if entered is None:
        page = render_template("people/card_code_form.html", error=sentence(refusal.code, refusal.facts))
        return page, refusal.status
    return come_in(entered, "code")


def no_such_card() -> tuple[str, int]:
    """The same for every card that opens nothing."""
    refusal = CardUnknown()
    return render_template("people/card_gone.html", error=sentence(refusal.code, refusal.facts)), refusal.status


def come_in(entered: Entered, way: str) -> AnyResponse:
    """This browser is the producer's from now on; nothing of the session before lives on."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session.permanent = True
    login_user(SignedIn(entered.person, entered.secret, way))
    return redirect(url_for("portal.today", producer_id=entered.producer_id))
