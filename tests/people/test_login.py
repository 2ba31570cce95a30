"""Who is signed in to a browser."""

from __future__ import annotations

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.people.actions import disable_person
from fair_pos.people.login import load_signed_in
from fair_pos.people.queries import get_person
from fair_pos.people.rules import Role
from fair_pos.plumbing.db import transaction
from tests.builders import Fair, make_fair


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
