"""Flask-Login: who is signed in to this browser."""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager, UserMixin

from fair_pos.people.queries import find_person, roles_of
from fair_pos.people.rules import Held
from fair_pos.people.tables import Person
from fair_pos.plumbing.db import reading

login_manager = LoginManager()


class SignedIn(UserMixin):
    """The signed-in person, as far as pages need to know."""

    def __init__(self, person: Person) -> None:
        self.id = person.id
        self.name = person.name
        self.session_version = person.session_version
        self.roles: list[Held] = roles_of(person)

    def get_id(self) -> str:
        """What the session cookie holds: a higher version in the database ends every older session at once."""
        return f"{self.id}:{self.session_version}"


@login_manager.user_loader
def load_signed_in(session_id: str) -> SignedIn | None:
    """The person of a session cookie; None ends the session."""
    person_id, _, version = session_id.partition(":")
    person = find_person(reading(), person_id)
    if person is None or person.disabled_at is not None or str(person.session_version) != version:
        return None
    return SignedIn(person)


def init_login(app: Flask) -> None:
    """Wire Flask-Login; refusing is done by plumbing/web, closed by default."""
    login_manager.init_app(app)
