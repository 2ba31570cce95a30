"""Signing in and out, the language, the first page, people and their roles, and the way from page to page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.people import ways
from fair_pos.people.actions import (
    begin_session,
    change_password,
    count_guess,
    create_person,
    disable_person,
    end_session,
    grant_role,
    judge_guess,
    reset_password,
    set_pin,
    withdraw_seller,
)
from fair_pos.people.forms import (
    ListChanged,
    NewPasswordForm,
    OwnPasswordForm,
    PersonForm,
    PinForm,
    Place,
    Places,
    RoleForm,
    SellerForm,
    held_words,
    read_form,
    role_choices,
    scope_of,
)
from fair_pos.people.login import SignedIn
from fair_pos.people.queries import all_people, get_person, roles_of, sellers_of
from fair_pos.people.refusals import LoginFailed
from fair_pos.people.rules import Role, Scope, Verb, may
from fair_pos.plumbing.db import reading, transaction
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import csrf, public, requires
from fair_pos.plumbing.words import LANGUAGES

blueprint = Blueprint("people", __name__)
# One slash and then neither slash nor backslash: «//evil» and «/\evil» leave this site.


@blueprint.get("/sign-in")
@public
def sign_in() -> str:
    """The form."""
    return render_template("people/sign_in.html", next=ways.own_path(request.args.get("next")), login_name="", error="")


@blueprint.post("/sign-in")
@public
def sign_in_now() -> Response | tuple[str, int]:
    """Check the password and begin a new session."""
    login_name, target = request.form.get("login_name", ""), ways.own_path(request.form.get("next"))
    refusal: Refusal = LoginFailed()
    signed_in: SignedIn | None = None
    try:
        address = request.remote_addr or ""
        guess = judge_guess(reading(), login_name, request.form.get("password", ""), address=address, at=now())
        with transaction() as work:
            person = count_guess(work, guess, address=address, at=now())
            signed_in = SignedIn(person, begin_session(work, person, at=now())) if person is not None else None
    except Refusal as raised:
        refusal = raised
    if signed_in is None:
        error = sentence(refusal.code, refusal.facts)
        return render_template("people/sign_in.html", next=target, login_name=login_name, error=error), refusal.status
    language = session.get("language")
    session.clear()  # nothing of the session before signing in lives on
    session.update({"language": language} if language else {})
    session.permanent = True
    login_user(signed_in)
    return redirect(target)


@blueprint.post("/sign-out")
@requires(Verb.ENTER)
def sign_out() -> Response:
    """End the session of this browser, here and in the database: a copy of its cookie is worth nothing afterwards."""
    with transaction() as work:
        end_session(work, current_user.secret)
    logout_user()
    session.clear()
    return redirect(url_for("people.sign_in"))


@blueprint.post("/language/<code>")
@public
def choose_language(code: str) -> Response:
    """Vietnamese or English, for this browser."""
    if code in LANGUAGES:
        session["language"] = code
    return redirect(ways.own_path(request.form.get("next")))


# A token needs a cookie, and the public pages, which offer the choice too, set none; the Origin is checked.
csrf.exempt(choose_language)


@blueprint.get("/")
@requires(Verb.ENTER)
def home() -> Response | str:
    """To the page a person works with: figures for organisers, own goods for producers, the till for sellers."""
    if may(current_user.roles, Verb.SEE_FIGURES, None):
        return redirect(url_for("reports.editions"))
    producers = [held.scope.producer_id for held in current_user.roles if held.scope.producer_id is not None]
    if producers:
        return redirect(url_for("portal.today", producer_id=producers[0]))
    return render_template("people/home.html")


@blueprint.get("/me/password")
@requires(Verb.ENTER)
def password() -> str:
    """The form for one's own new password."""
    refuse_without_password()
    return render_template("people/password.html", error="")


@blueprint.post("/me/password")
@requires(Verb.ENTER)
def change_own_password() -> Response | tuple[str, int]:
    """Change it; every other browser of this person is signed out, this one stays."""
    refuse_without_password()
    try:
        form = read_form(OwnPasswordForm, request.form)
        with transaction() as work:
            person = get_person(work, current_user.id)
            change_password(work, person, old=form.old, new=form.new, at=now())
            signed_in = SignedIn(person, begin_session(work, person, at=now()))
    except Refusal as refusal:
        # Of the two passwords only the old one can be wrong here.
        code = "old_password_wrong" if isinstance(refusal, LoginFailed) else refusal.code
        return render_template("people/password.html", error=sentence(code, refusal.facts)), refusal.status
    login_user(signed_in)
    flash(_("Đã đổi mật khẩu. Các máy khác đã đăng xuất."), "done")
    return redirect(url_for("people.home"))


@blueprint.post("/me/pin")
@requires(Verb.ENTER)
def change_own_pin() -> Response | tuple[str, int]:
    """One's own PIN for the tablets."""
    refuse_without_password()
    try:
        give_pin(current_user.id)
    except Refusal as refusal:
        return render_template("people/password.html", error=sentence(refusal.code, refusal.facts)), refusal.status
    return redirect(url_for("people.home"))


def refuse_without_password() -> None:
    """Raises NotFound in a browser that came in by a card or code: paper gives nobody a password or PIN."""
    if not current_user.with_password:
        raise NotFound


def give_pin(person_id: str) -> None:
    """Set a person's PIN from the form, and let tablets hear of it."""
    form, at = read_form(PinForm, request.form), now()
    with transaction() as work:
        set_pin(work, get_person(work, person_id), form.pin, at=at, by=current_user.id)
        list_changed()(work, "pin", at)
    flash(_("Đã đặt mã PIN. Mã không hiện lại ở đâu nữa."), "done")


def list_changed() -> ListChanged:
    """To be told whenever those change who may sell."""
    lent: ListChanged = current_app.extensions["fair_pos_list_changed"]
    return lent


# --- people, for administrators ---------------------------------------------------------------------------------------


@blueprint.get("/people/")
@requires(Verb.MANAGE_PEOPLE)
def people() -> str:
    """Everyone, and what each may do where."""
    known = places()
    rows = [(one, held_words(roles_of(one), known)) for one in all_people(reading())]
    return render_template("people/people.html", rows=rows)


@blueprint.get("/people/new")
@requires(Verb.MANAGE_PEOPLE)
def new_person() -> str:
    """The form for a new person."""
    empty = {"login_name": "", "name": "", "password": "", "role": Role.ORGANISER.value, "place": ""}
    return render_template("people/new_person.html", form=empty, error="", **role_choices(places()))


@blueprint.post("/people/new")
@requires(Verb.MANAGE_PEOPLE)
def create_new_person() -> Response | tuple[str, int]:
    """Make the person with the first role."""
    try:
        form = read_form(PersonForm, request.form)
        scope, at = scope_of(form.role, form.place, places()), now()
        with transaction() as work:
            made = create_person(
                work, login_name=form.login_name, name=form.name, password=form.password, at=at, by=current_user.id
            )
            grant_role(work, made, form.role, scope, at=at, by=current_user.id)
            list_changed()(work, "people", at)
    except Refusal as refusal:
        names = ("login_name", "name", "password", "role", "place")
        page = render_template("people/new_person.html", **again(refusal, names), **role_choices(places()))
        return page, refusal.status
    flash(_("Đã thêm %(name)s.", name=made.name), "done")
    return redirect(url_for("people.people"))


@blueprint.get("/people/<person_id>/")
@requires(Verb.MANAGE_PEOPLE)
def person(person_id: str) -> str:
    """One person: roles, a further role, a new password, the end of the account."""
    return person_page(person_id, "")


@blueprint.post("/people/<person_id>/roles")
@requires(Verb.MANAGE_PEOPLE)
def add_role(person_id: str) -> Response | tuple[str, int]:
    """Give a further role."""
    try:
        form = read_form(RoleForm, request.form)
        scope = scope_of(form.role, form.place, places())
        with transaction() as work:
            at = now()
            grant_role(work, get_person(work, person_id), form.role, scope, at=at, by=current_user.id)
            list_changed()(work, "people", at)
    except NotFound:
        raise
    except Refusal as refusal:
        return person_page(person_id, sentence(refusal.code, refusal.facts)), refusal.status
    return redirect(url_for("people.person", person_id=person_id))


@blueprint.post("/people/<person_id>/password")
@requires(Verb.MANAGE_PEOPLE)
def give_password(person_id: str) -> Response | tuple[str, int]:
    """Give a new password to someone who has lost theirs."""
    try:
        form = read_form(NewPasswordForm, request.form)
        with transaction() as work:
            reset_password(work, get_person(work, person_id), new=form.password, at=now(), by=current_user.id)
    except NotFound:
        raise
    except Refusal as refusal:
        return person_page(person_id, sentence(refusal.code, refusal.facts)), refusal.status
    flash(_("Đã đặt mật khẩu mới. Người này cần đăng nhập lại."), "done")
    return redirect(url_for("people.person", person_id=person_id))


@blueprint.post("/people/<person_id>/pin")
@requires(Verb.MANAGE_PEOPLE)
def give_person_pin(person_id: str) -> Response | tuple[str, int]:
    """A PIN for anyone."""
    try:
        give_pin(person_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return person_page(person_id, sentence(refusal.code, refusal.facts)), refusal.status
    return redirect(url_for("people.person", person_id=person_id))


@blueprint.post("/people/<person_id>/disable")
@requires(Verb.MANAGE_PEOPLE)
def disable(person_id: str) -> Response:
    """End the account and all its sessions at once; nobody ends their own, or the last administrator could."""
    if person_id == current_user.id:
        raise NotFound
    at = now()
    with transaction() as work:
        disable_person(work, get_person(work, person_id), at=at, by=current_user.id)
        list_changed()(work, "people", at)
    flash(_("Đã khóa tài khoản."), "done")
    return redirect(url_for("people.people"))


# --- the sellers of an edition, for its organiser -----------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/people")
@requires(Verb.MANAGE_SELLERS)
def sellers(edition_id: str) -> str:
    """Who sells at this edition, and the form for a new seller."""
    return sellers_page(edition_id, {"login_name": "", "name": "", "password": "", "booth": ""}, "")


@blueprint.post("/editions/<edition_id>/people")
@requires(Verb.MANAGE_SELLERS)
def create_seller(edition_id: str) -> Response | tuple[str, int]:
    """Make a seller of this edition or of one of its booths, and nothing else, whatever the request says."""
    try:
        form = read_form(SellerForm, request.form)
        booth = scope_of(Role.SELLER, f"booth:{form.booth}", booths_of_edition(edition_id)) if form.booth else None
        scope, at = booth or Scope(edition_id), now()
        with transaction() as work:
            made = create_person(
                work, login_name=form.login_name, name=form.name, password=form.password, at=at, by=current_user.id
            )
            grant_role(work, made, Role.SELLER, scope, at=at, by=current_user.id)
            list_changed()(work, "people", at)
    except Refusal as refusal:
        shown = again(refusal, ("login_name", "name", "password", "booth"))
        return sellers_page(edition_id, shown["form"], shown["error"]), refusal.status
    flash(_("Đã thêm người bán %(name)s.", name=made.name), "done")
    return redirect(url_for("people.sellers", edition_id=edition_id))


@blueprint.post("/editions/<edition_id>/people/<seller>/withdraw")
@requires(Verb.MANAGE_SELLERS)
def withdraw(edition_id: str, seller: str) -> Response:
    """Take the right to sell at this edition from someone who has it."""
    booth_ids = {one.id for one in booths_of_edition(edition_id)}
    with transaction() as work:
        # Looked up among this edition's sellers, so that an organiser reaches nobody else by a forged address.
        found = [one for one, _booths in sellers_of(work, edition_id, booth_ids) if one.id == seller]
        if not found:
            raise NotFound
        at = now()
        withdraw_seller(work, found[0], edition_id, booth_ids, at=at, by=current_user.id)
        list_changed()(work, "people", at)
    flash(_("Đã thu hồi quyền bán hàng ở hội chợ này."), "done")
    return redirect(url_for("people.sellers", edition_id=edition_id))


@blueprint.post("/editions/<edition_id>/people/<seller>/pin")
@requires(Verb.MANAGE_SELLERS)
def give_seller_pin(edition_id: str, seller: str) -> Response | tuple[str, int]:
    """A PIN for somebody who only sells: with the PIN of an organiser one could sign for an organiser."""
    booth_ids = {one.id for one in booths_of_edition(edition_id)}
    found = [one for one, _booths in sellers_of(reading(), edition_id, booth_ids) if one.id == seller]
    if not found or any(held.role is not Role.SELLER for held in roles_of(found[0])):
        raise NotFound
    try:
        give_pin(seller)
    except Refusal as refusal:
        empty = {"login_name": "", "name": "", "password": "", "booth": ""}
        return sellers_page(edition_id, empty, sentence(refusal.code, refusal.facts)), refusal.status
    return redirect(url_for("people.sellers", edition_id=edition_id))


# --- what several pages need ----------------------------------------------------------------------------------------


def person_page(person_id: str, error: str) -> str:
    """The page of one person, with the sentence of what was turned down."""
    found = get_person(reading(), person_id)
    roles = held_words(roles_of(found), places())
    return render_template("people/person.html", person=found, roles=roles, error=error, **role_choices(places()))


def sellers_page(edition_id: str, form: dict[str, str], error: str) -> str:
    """The sellers of an edition and the form for another."""
    booths = booths_of_edition(edition_id)
    names: dict[str | None, str] = {None: _("mọi gian hàng")} | {one.id: one.name for one in booths}
    found = sellers_of(reading(), edition_id, {one.id for one in booths})
    rows = [(one, [name for booth_id, name in names.items() if booth_id in tied]) for one, tied in found]
    edition = next(one for one in places() if one.value == f"edition:{edition_id}")
    return render_template("people/sellers.html", edition=edition, rows=rows, booths=booths, form=form, error=error)


def places() -> list[Place]:
    """Every edition, booth and producer, from the feature above that knows them."""
    lent: Places = current_app.extensions["fair_pos_places"]
    return lent()


def booths_of_edition(edition_id: str) -> list[Place]:
    """The booths of one edition."""
    return [one for one in places() if one.kind == "booth" and one.edition_id == edition_id]


def again(refusal: Refusal, names: tuple[str, ...]) -> dict[str, Any]:
    """A form as it was sent, with the sentence of what is wrong with it: nothing typed is lost."""
    form = {name: request.form.get(name, "") for name in names}
    return {"form": form, "error": sentence(refusal.code, refusal.facts)}


# --- the way from page to page ----------------------------------------------------------------------------------------


for helper in (ways.may_do, ways.has_page, ways.places_of_nav, ways.sections_of_edition):
    blueprint.add_app_template_global(helper)
