"""Finding people."""

from __future__ import annotations

import hashlib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.journal.queries import lines_about
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import fold, sort_key
from fair_pos.people.rules import POLICY, Held, Role, Scope, Verb, may
from fair_pos.people.tables import BrowserSession, Grant, Person, ProducerCard

AnySession = Session | scoped_session[Session]


def find_person(session: AnySession, person_id: str) -> Person | None:
    """The person with this id, disabled or not."""
    return session.get(Person, person_id)


def find_person_by_login(session: AnySession, login_name: str) -> Person | None:
    """The person with this login name; case and marks do not matter when typing it."""
    return session.scalar(select(Person).where(Person.login_name == fold(login_name)))


def session_hash(secret: str) -> str:
    """How a browser's secret is kept: 256 random bits need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def find_session(session: AnySession, secret: str) -> tuple[Person, datetime, str] | None:
    """Who is signed in with this secret, since when, and how they came in; None once that was ended or the card was revoked."""
    wanted = (
        select(Person, BrowserSession.began_at, BrowserSession.way)
        .join(BrowserSession, BrowserSession.person_id == Person.id)
        .outerjoin(ProducerCard, BrowserSession.card_id == ProducerCard.id)
        .where(BrowserSession.id_hash == session_hash(secret), ProducerCard.revoked_at.is_(None))
    )
    row = session.execute(wanted).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def roles_of(person: Person) -> list[Held]:
    """The person's roles as the policy reads them; none once disabled."""
    return [] if person.disabled_at is not None else held_by(person)


def held_by(person: Person) -> list[Held]:
    """The person's roles, those of an account that has ended too."""
    return [
        Held(Role(grant.role), Scope(grant.edition_id, grant.booth_id, grant.producer_id)) for grant in person.grants
    ]


def known_person_ids(session: AnySession, person_ids: set[str]) -> set[str]:
    """Those of the ids that belong to someone."""
    return set(session.scalars(select(Person.id).where(Person.id.in_(person_ids))))


def may_sell_until(session: AnySession, person_ids: set[str], thing: Scope) -> dict[str, datetime | None]:
    """Until when each of these people might sell at a booth: None while they may; who never might is left out.

    A role that was withdrawn leaves no grant, only its line in the journal; that is looked at for the few who have none.
    """
    found: dict[str, datetime | None] = {}
    for person in session.scalars(select(Person).where(Person.id.in_(person_ids))):
        if may(held_by(person), Verb.SELL, thing):
            found[person.id] = person.disabled_at
            continue
        withdrawn = lines_about(session, "person", person.id, verb="role_withdrawn")
        here = [one.at for one in withdrawn if one.facts.get("edition") == thing.edition_id]
        if here:
            found[person.id] = min(max(here), person.disabled_at or max(here))
    return found


def get_person(session: AnySession, person_id: str) -> Person:
    """The person with this id. Raises NotFound."""
    person = find_person(session, person_id)
    if person is None:
        raise NotFound
    return person


def all_people(session: AnySession) -> list[Person]:
    """Everyone in Vietnamese alphabetical order, those whose account has ended last."""
    people = session.scalars(select(Person))
    return sorted(people, key=lambda one: (one.disabled_at is not None, sort_key(one.name), one.login_name))


def sellers_of(session: AnySession, edition_id: str, booth_ids: set[str]) -> list[tuple[Person, list[str | None]]]:
    """Those who sell at an edition, each with the booths they are tied to (None: all of them), in alphabetical order."""
    here = or_(Grant.edition_id == edition_id, Grant.booth_id.in_(booth_ids))
    found = session.scalars(select(Grant).where(Grant.role == Role.SELLER.value, here))
    booths: dict[str, list[str | None]] = {}
    for grant in found:
        booths.setdefault(grant.person_id, []).append(grant.booth_id)
    people = session.scalars(select(Person).where(Person.id.in_(booths)))
    return [(one, booths[one.id]) for one in sorted(people, key=lambda one: (sort_key(one.name), one.login_name))]


# --- at a till --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TillRights:
    """What a person may do at a booth's till, beyond selling."""

    discount_limit_percent: int
    may_change_price: bool
    may_sign_second: bool


def rights_at(person: Person, thing: Scope, *, seller_percent: int) -> TillRights:
    """A person's rights at a booth of an edition whose sellers may take off `seller_percent`; none for who may not sell there."""
    roles = roles_of(person)
    limit = 100 if may(roles, Verb.DISCOUNT_FREELY, thing) else seller_percent if may(roles, Verb.SELL, thing) else 0
    return TillRights(limit, may(roles, Verb.CHANGE_PRICE, thing), may(roles, Verb.SIGN_SECOND, thing))


def people_with(session: AnySession, person_ids: AbstractSet[str]) -> list[Person]:
    """Those of the ids that belong to someone, with their roles."""
    return list(session.scalars(select(Person).where(Person.id.in_(person_ids))))


def people_who_sell(session: AnySession, thing: Scope) -> list[Person]:
    """Everyone who may sell at a booth, organisers too, in alphabetical order; nobody whose account has ended."""
    allowed = [role.value for role in POLICY[Verb.SELL]]
    here = select(Grant.person_id).where(
        Grant.role.in_(allowed),
        or_(Grant.edition_id.is_(None), Grant.edition_id == thing.edition_id),
        or_(Grant.booth_id.is_(None), Grant.booth_id == thing.booth_id),
    )
    found = session.scalars(select(Person).where(Person.id.in_(here), Person.disabled_at.is_(None)))
    able = [one for one in found if may(roles_of(one), Verb.SELL, thing)]
    return sorted(able, key=lambda one: (sort_key(one.name), one.login_name))
