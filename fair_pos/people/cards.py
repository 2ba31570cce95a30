"""Producers' printed cards and one-time codes: making them, ending them, coming in by them."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import new_id, new_token
from fair_pos.kernel.refusal import NotFound
from fair_pos.people import refusals
from fair_pos.people.actions import FORGOTTEN_AFTER, begin_session, grant_role
from fair_pos.people.queries import session_hash
from fair_pos.people.rules import (
    CODE_GOOD_FOR,
    CODE_WINDOW_SECONDS,
    MOST_WRONG_CODES,
    Role,
    Scope,
    code_digits,
    pause_after,
)
from fair_pos.people.tables import Attempts, BrowserSession, OneTimeCode, Person, ProducerCard
from fair_pos.plumbing.db import dialect_of, insert_new

AnySession = Session | scoped_session[Session]
_ATTEMPTS = cast("Table", Attempts.__table__)
NOTHING_FITS = "!"
"""No hash of argon2: nothing that anybody types fits it."""


@dataclass(frozen=True)
class CardFact:
    """A card for showing. Who made it is a name; None where that is known no more."""

    id: str
    producer_id: str
    made_at: datetime
    made_by: str
    revoked_at: datetime | None
    last_used_at: datetime | None


def cards_of(session: AnySession, producer_ids: Collection[str]) -> dict[str, list[CardFact]]:
    """The cards of these producers by producer, the newest first, those that were revoked too; producers without any are left out."""
    wanted = (
        select(ProducerCard, Person.name)
        .join(Person, ProducerCard.created_by == Person.id)
        .where(ProducerCard.producer_id.in_(set(producer_ids)))
        .order_by(ProducerCard.created_at.desc(), ProducerCard.id.desc())
    )
    found: dict[str, list[CardFact]] = {}
    for card, maker in session.execute(wanted):
        found.setdefault(card.producer_id, []).append(
            CardFact(card.id, card.producer_id, card.created_at, maker, card.revoked_at, card.last_used_at)
        )
    return found


def person_of_producer(session: Session, producer_id: str, name: str, *, at: datetime, by: str) -> Person:
    """Whom the producer's cards and codes sign in: made with the first of them, and anew when that account has been ended."""
    known = select(ProducerCard.person_id).where(ProducerCard.producer_id == producer_id)
    coded = select(OneTimeCode.person_id).where(OneTimeCode.producer_id == producer_id)
    wanted = select(Person).where(Person.id.in_(known.union(coded)), Person.disabled_at.is_(None)).order_by(Person.id)
    person = session.scalars(wanted).first()
    if person is not None:
        return person
    person = Person(
        id=new_id(),
        login_name=f"the.{secrets.token_hex(6)}",
        name=name[:300],
        password_hash=NOTHING_FITS,
        created_at=at,
    )
    session.add(person)
    session.flush()
    facts = {"login": person.login_name, "producer": producer_id}
    write_line(session, at=at, person_id=by, verb="person_created", subject=("person", person.id), facts=facts)
    grant_role(session, person, Role.PRODUCER, Scope(producer_id=producer_id), at=at, by=by)
    return person


def make_card(session: Session, producer_id: str, name: str, *, at: datetime, by: str) -> tuple[str, str]:
    """(id, token) of a new card for the producer called `name`. The token is known now and never again; other cards stay good."""
    person = person_of_producer(session, producer_id, name, at=at, by=by)
    token = new_token()
    card = ProducerCard(
        id=new_id(),
        producer_id=producer_id,
        person_id=person.id,
        token_hash=session_hash(token),
        created_at=at,
        created_by=by,
    )
    session.add(card)
    session.flush()
    facts = {"producer": producer_id}
    write_line(session, at=at, person_id=by, verb="card_made", subject=("producer_card", card.id), facts=facts)
    return card.id, token


def revoke_card(session: Session, card_id: str, producer_id: str, *, at: datetime, by: str) -> None:
    """End a card of that producer and every browser that came in by it, at once. Raises NotFound; a second time changes nothing."""
    card = session.get(ProducerCard, card_id, with_for_update=True)
    if card is None or card.producer_id != producer_id:
        raise NotFound
    if card.revoked_at is not None:
        return
    card.revoked_at, card.revoked_by = at, by
    session.execute(delete(BrowserSession).where(BrowserSession.card_id == card.id))
    facts = {"producer": producer_id}
    write_line(session, at=at, person_id=by, verb="card_revoked", subject=("producer_card", card.id), facts=facts)


@dataclass(frozen=True)
class Entered:
    """Somebody came in without a password."""

    person: Person
    secret: str
    """What the cookie of this browser holds."""
    producer_id: str


def card_owner(session: AnySession, token: str) -> Person | None:
    """Whom this card signs in; None when it is no card, or one that has been revoked."""
    wanted = (
        select(Person)
        .join(ProducerCard, ProducerCard.person_id == Person.id)
        .where(
            ProducerCard.token_hash == session_hash(token),
            ProducerCard.revoked_at.is_(None),
            Person.disabled_at.is_(None),
        )
    )
    return session.scalar(wanted)


def enter_by_card(session: Session, token: str, *, at: datetime) -> Entered:
    """Sign a browser in by a card. Raises CardUnknown for a made-up one, a revoked one, and one whose account has been ended."""
    wanted = select(ProducerCard).where(ProducerCard.token_hash == session_hash(token)).with_for_update()
    card = session.scalar(wanted)
    person = session.get(Person, card.person_id) if card is not None else None
    if card is None or card.revoked_at is not None or person is None or person.disabled_at is not None:
        raise refusals.CardUnknown
    card.last_used_at = at
    return Entered(person, begin_session(session, person, at=at, way="card", card_id=card.id), card.producer_id)


# --- one-time codes ---------------------------------------------------------------------------------------------------


def make_code(session: Session, producer_id: str, name: str, *, at: datetime, by: str) -> tuple[str, datetime]:
    """(eight digits, until when they are good) for the producer called `name`; the producer's older codes end."""
    person = person_of_producer(session, producer_id, name, at=at, by=by)
    session.execute(delete(OneTimeCode).where(OneTimeCode.expires_at < at - FORGOTTEN_AFTER))
    open_now = select(OneTimeCode).where(OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > at)
    for older in session.scalars(open_now.where(OneTimeCode.producer_id == producer_id)):
        older.expires_at = at
    session.flush()
    taken = {one.code_hash for one in session.scalars(open_now)}
    digits = new_digits()
    while session_hash(digits) in taken:
        digits = new_digits()
    until = at + CODE_GOOD_FOR
    code = OneTimeCode(
        id=new_id(),
        code_hash=session_hash(digits),
        producer_id=producer_id,
        person_id=person.id,
        created_at=at,
        created_by=by,
        expires_at=until,
    )
    session.add(code)
    session.flush()
    facts = {"producer": producer_id}
    write_line(session, at=at, person_id=by, verb="code_made", subject=("one_time_code", code.id), facts=facts)
    return digits, until


def new_digits() -> str:
    """Eight random digits."""
    return f"{secrets.randbelow(10**8):08}"


def enter_by_code(session: Session, typed: str, *, address: str, at: datetime) -> Entered | None:
    """Sign a browser in by a one-time code, or None with the try counted: a refusal would roll the count back.

    Raises TooManyAttempts while this address pauses, or when everybody together has typed MOST_WRONG_CODES wrong ones within
    five minutes; a right code is told nothing then either.
    """
    place, window = f"code:{address}", int(at.timestamp()) // CODE_WINDOW_SECONDS
    everyone = f"codes:{window}"
    session.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.not_before_at < at - FORGOTTEN_AFTER))
    # Locked before anything is read from them, so that tries sent at once are counted one by one; in one order, so that none waits for good.
    begun = [{"key": key, "failures": 0, "not_before_at": at} for key in (place, everyone)]
    session.execute(insert_new(dialect_of(session), _ATTEMPTS, "key"), begun)
    here = session.get_one(Attempts, place, with_for_update=True)
    all_together = session.get_one(Attempts, everyone, with_for_update=True)
    if here.not_before_at > at:
        raise refusals.TooManyAttempts(seconds=int((here.not_before_at - at).total_seconds()) + 1)
    if all_together.failures >= MOST_WRONG_CODES:
        raise refusals.TooManyAttempts(seconds=(window + 1) * CODE_WINDOW_SECONDS - int(at.timestamp()))
    digits = code_digits(typed)
    wanted = select(OneTimeCode).where(
        OneTimeCode.code_hash == session_hash(digits), OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > at
    )
    code = session.scalars(wanted.with_for_update()).first() if digits else None
    person = session.get(Person, code.person_id) if code is not None else None
    if code is None or person is None or person.disabled_at is not None:
        here.failures += 1
        here.not_before_at = at + timedelta(seconds=pause_after(here.failures))
        all_together.failures += 1
        return None
    here.failures, code.used_at = 0, at
    return Entered(person, begin_session(session, person, at=at, way="code"), code.producer_id)
