"""Who is signed in to a browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fair_pos.kernel.clock import now
from fair_pos.people.actions import begin_session, change_password, disable_person
from fair_pos.people.login import load_signed_in
from fair_pos.people.queries import get_person
from fair_pos.people.rules import Role
from fair_pos.people.tables import BrowserSession
from fair_pos.plumbing.db import reading, transaction
from tests.builders import PASSWORD, Fair, csrf_token, make_fair, sign_in

HTML = {"Accept": "text/html"}


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def signed_in(app: Flask, fair: Fair, login: str = "bantochuc", *, ago: timedelta = timedelta(0)) -> str:
    """The secret of a new session of that person."""
    with app.app_context(), transaction() as session:
        return begin_session(session, get_person(session, fair.people[login]), at=now() - ago)


def test_a_session_is_known_by_its_secret_alone(app: Flask, fair: Fair) -> None:
    secret = signed_in(app, fair)
    with app.app_context():
        found = load_signed_in(secret)
        assert found is not None
        assert (found.id, found.get_id()) == (fair.people["bantochuc"], secret)
        assert [held.role for held in found.roles] == [Role.ORGANISER]
        kept = reading().scalars(select(BrowserSession.id_hash)).one()
        for other in ("", "x", secret[:-1], kept, fair.people["bantochuc"], "\ud800"):
            assert load_signed_in(other) is None


def test_an_ended_account_has_no_session(app: Flask, fair: Fair) -> None:
    person_id = fair.people["bantochuc"]
    with app.app_context(), transaction() as session:
        disable_person(session, get_person(session, person_id), at=now(), by=person_id)
    secret = signed_in(app, fair)
    with app.app_context():
        assert load_signed_in(secret) is None


@pytest.mark.parametrize(("login", "hours"), [("bantochuc", 24), ("quantri", 8)])
def test_a_session_runs_out_used_or_not(app: Flask, fair: Fair, login: str, hours: int) -> None:
    almost = signed_in(app, fair, login, ago=timedelta(hours=hours, minutes=-1))
    over = signed_in(app, fair, login, ago=timedelta(hours=hours, minutes=1))
    with app.app_context():
        assert load_signed_in(almost) is not None
        assert load_signed_in(over) is None


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app: Flask, fair: Fair) -> None:
    mine, copy = app.test_client(), app.test_client()
    sign_in(mine, "bantochuc")
    cookie = mine.get_cookie("fair_pos")
    assert cookie is not None
    copy.set_cookie("fair_pos", cookie.value)
    other = app.test_client()
    sign_in(other, "bantochuc")
    assert copy.get("/editions/").status_code == 200
    assert mine.post("/sign-out", data={"csrf_token": csrf_token(mine)}).status_code == 302
    assert copy.get("/editions/", headers=HTML).status_code == 302
    assert other.get("/editions/").status_code == 200, "another browser of the same person stays signed in"


def test_disabling_someone_ends_the_session_of_their_browser_at_once(
    app: Flask, client: FlaskClient, fair: Fair
) -> None:
    sign_in(client, "bantochuc")
    page = f"/editions/{fair.edition_id}/"
    assert client.get(page, headers=HTML).status_code == 200
    person_id = fair.people["bantochuc"]
    with app.app_context(), transaction() as session:
        disable_person(session, get_person(session, person_id), at=now(), by=person_id)
    answer = client.get(page, headers=HTML)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in")


def test_a_new_password_ends_the_other_browsers(app: Flask, client: FlaskClient, fair: Fair) -> None:
    other = app.test_client()
    for browser in (client, other):
        sign_in(browser, "bantochuc")
    person_id = fair.people["bantochuc"]
    with app.app_context(), transaction() as session:
        change_password(session, get_person(session, person_id), old=PASSWORD, new="hoa mận nở trắng", at=now())
    assert [browser.get("/", headers=HTML).headers["Location"].split("?")[0] for browser in (client, other)] == [
        "/sign-in"
    ] * 2


def test_signing_in_makes_a_new_session(app: Flask, client: FlaskClient, fair: Fair) -> None:
    """What a stranger planted before signing in is gone afterwards (session fixation)."""
    with client.session_transaction() as planted:
        planted["planted"] = "by a stranger"
        planted["language"] = "en"
    sign_in(client, "bantochuc")
    with client.session_transaction() as signed_in:
        assert "planted" not in signed_in
        assert signed_in["language"] == "en"
        assert signed_in.permanent
