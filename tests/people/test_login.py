"""Who is signed in to a browser."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.kernel.clock import now
from fair_pos.people.actions import change_password, disable_person
from fair_pos.people.login import load_signed_in
from fair_pos.people.queries import get_person
from fair_pos.people.rules import Role
from fair_pos.plumbing.db import transaction
from tests.builders import PASSWORD, Fair, make_fair, sign_in

HTML = {"Accept": "text/html"}


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def test_a_session_names_its_person_and_version(app: Flask, fair: Fair) -> None:
    with app.app_context():
        found = load_signed_in(f"{fair.people['bantochuc']}:1")
        assert found is not None
        assert found.get_id() == f"{fair.people['bantochuc']}:1"
        assert [held.role for held in found.roles] == [Role.ORGANISER]


@pytest.mark.parametrize("session_id", ["", "x", "{id}", "{id}:0", "{id}:2", "{id}:1:1", "nobody:1"])
def test_any_other_session_is_none(app: Flask, fair: Fair, session_id: str) -> None:
    with app.app_context():
        assert load_signed_in(session_id.format(id=fair.people["bantochuc"])) is None


def test_an_ended_account_has_no_session(app: Flask, fair: Fair) -> None:
    person_id = fair.people["bantochuc"]
    with app.app_context(), transaction() as session:
        disable_person(session, get_person(session, person_id), at=now(), by=person_id)
    with app.app_context():
        assert load_signed_in(f"{person_id}:2") is None


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
