"""Signing in and out, the language, and the first page."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import Refusal
from fair_pos.people.actions import check_password
from fair_pos.people.login import SignedIn
from fair_pos.people.refusals import LoginFailed
from fair_pos.people.rules import Verb, may
from fair_pos.plumbing.db import transaction
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import public, requires
from fair_pos.plumbing.words import LANGUAGES

blueprint = Blueprint("people", __name__)
# One slash and then neither slash nor backslash: «//evil» and «/\evil» leave this site.
_OWN_PATH = re.compile(r"^/(?![/\\])[^\\\r\n\t]*$")


@blueprint.get("/sign-in")
@public
def sign_in() -> str:
    """The form."""
    return render_template("people/sign_in.html", next=own_path(request.args.get("next")), login_name="", error="")


@blueprint.post("/sign-in")
@public
def sign_in_now() -> Response | tuple[str, int]:
    """Check the password and begin a new session."""
    login_name, target = request.form.get("login_name", ""), own_path(request.form.get("next"))
    refusal: Refusal = LoginFailed()
    signed_in: SignedIn | None = None
    try:
        with transaction() as work:
            person = check_password(
                work,
                login_name=login_name,
                password=request.form.get("password", ""),
                address=request.remote_addr or "",
                at=now(),
            )
            signed_in = SignedIn(person) if person is not None else None
    except Refusal as raised:
        refusal = raised
    if signed_in is None:
        error = sentence(refusal.code, refusal.facts)
        return render_template("people/sign_in.html", next=target, login_name=login_name, error=error), refusal.status
    language = session.get("language")
    session.clear()  # nothing of the session before signing in lives on
    if language:
        session["language"] = language
    session.permanent = True
    login_user(signed_in)
    return redirect(target)


@blueprint.post("/sign-out")
@requires(Verb.ENTER)
def sign_out() -> Response:
    """End the session of this browser."""
    logout_user()
    session.clear()
    return redirect(url_for("people.sign_in"))


@blueprint.post("/language/<code>")
@public
def choose_language(code: str) -> Response:
    """Vietnamese or English, for this browser."""
    if code in LANGUAGES:
        session["language"] = code
    return redirect(own_path(request.form.get("next")))


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


def own_path(target: str | None) -> str:
    """`target` when it is a path on this site, else the first page (open redirect, ASVS 3.7.2)."""
    return target if target and _OWN_PATH.match(target) else "/"


def flash_refusal(refusal: Refusal) -> None:
    """Show a refusal's sentence on the next page."""
    flash(sentence(refusal.code, refusal.facts), "error")
