"""Finding people."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.kernel.text import fold
from fair_pos.people.rules import Held, Role, Scope
from fair_pos.people.tables import Person

AnySession = Session | scoped_session[Session]


def find_person(session: AnySession, person_id: str) -> Person | None:
    """The person with this id, disabled or not."""
    return session.get(Person, person_id)


def find_person_by_login(session: AnySession, login_name: str) -> Person | None:
    """The person with this login name; case and marks do not matter when typing it."""
    return session.scalar(select(Person).where(Person.login_name == fold(login_name)))


def roles_of(person: Person) -> list[Held]:
    """The person's roles as the policy reads them; none once disabled."""
    if person.disabled_at is not None:
        return []
    return [
        Held(Role(grant.role), Scope(grant.edition_id, grant.booth_id, grant.producer_id)) for grant in person.grants
    ]


def known_person_ids(session: AnySession, person_ids: set[str]) -> set[str]:
    """Those of the ids that belong to someone."""
    return set(session.scalars(select(Person.id).where(Person.id.in_(person_ids))))
