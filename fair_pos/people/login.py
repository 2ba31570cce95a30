"""Flask-Login: who is signed in to this browser."""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager, UserMixin

from fair_pos.kernel.clock import now
from fair_pos.people.queries import find_session, roles_of
from fair_pos.people.rules import OPENED_WITHOUT_PASSWORD, Held, Verb, longest_session
from fair_pos.people.tables import Person
from fair_pos.plumbing.db import reading

login_manager = LoginManager()


class SignedIn(UserMixin):
    """The signed-in person, as far as pages need to know."""

    def __init__(self, person: Person, secret: str, way: str = "password") -> None:
        self.id = person.id
        self.name = person.name
        self.secret = secret
        self.roles: list[Held] = roles_of(person)
        self.with_password = way == "password"

    def opens(self, verb: Verb) -> bool:
        """Whether this browser may use the verb at all, given how it came in; whose thing it is the policy says."""
        return self.with_password or verb in OPENED_WITHOUT_PASSWORD

    def get_id(self) -> str:
        """What the session cookie holds: the secret of one browser's session, not the person."""
        return self.secret


@login_manager.user_loader
def load_signed_in(secret: str) -> SignedIn | None:
    """The person of a session cookie; None when the session was ended, has run out, or the account is disabled."""
    found = find_session(reading(), secret)
    if found is None or found[0].disabled_at is not None:
        return None
    person, began_at, way = found
    signed_in = SignedIn(person, secret, way)
    return signed_in if now() - began_at < longest_session(signed_in.roles) else None


def init_login(app: Flask) -> None:
    """Wire Flask-Login; refusing is done by plumbing/web, closed by default."""
    login_manager.init_app(app)
