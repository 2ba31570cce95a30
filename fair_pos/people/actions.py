"""Making people, giving them roles, checking their passwords."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Table, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import new_id, new_salt, new_token
from fair_pos.kernel.text import clean, fold
from fair_pos.people import refusals
from fair_pos.people.queries import find_person_by_login, session_hash
from fair_pos.people.rules import Role, Scope, is_pin, pause_after, pin_hash
from fair_pos.people.tables import Attempts, BrowserSession, Grant, Person
from fair_pos.plumbing.db import dialect_of, insert_new

_ATTEMPTS = cast("Table", Attempts.__table__)
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
LEAST_PASSWORD_LENGTH = 8
FORGOTTEN_AFTER = timedelta(days=1)
# Guesses that everyone tries first here; length does the rest (ASVS 5.0 6.2.4).
COMMON = {
    "12345678",
    "123456789",
    "1234567890",
    "password",
    "matkhau123",
    "mat khau",
    "ocop2026",
    "ocop1234",
    "fairpos1",
}
_LOGIN_NAME = re.compile(r"^[a-z0-9][a-z0-9.\-]{1,99}$")
# Checked when the account does not exist, so that the answer takes as long as for one that does.
_NOBODY = hasher.hash("nobody has this password")


def create_person(
    session: Session, *, login_name: str, name: str, password: str, at: datetime, by: str | None, person_id: str = ""
) -> Person:
    """A new person without any role. Raises LoginNameInvalid, LoginNameTaken, NameMissing, PasswordTooShort, PasswordTooCommon."""
    login = fold(login_name)
    if not _LOGIN_NAME.match(login):
        raise refusals.LoginNameInvalid
    if find_person_by_login(session, login) is not None:
        raise refusals.LoginNameTaken(login_name=login)
    if not clean(name):
        raise refusals.NameMissing
    check_new_password(password)
    person = Person(
        id=person_id or new_id(),
        login_name=login,
        name=clean(name),
        password_hash=hasher.hash(typed(password)),
        created_at=at,
    )
    try:
        with session.begin_nested():  # the journal line and the grants name this row
            session.add(person)
    except IntegrityError:  # somebody took the name between our look and now
        raise refusals.LoginNameTaken(login_name=login) from None
    write_line(
        session, at=at, person_id=by, verb="person_created", subject=("person", person.id), facts={"login": login}
    )
    return person


def grant_role(session: Session, person: Person, role: Role, scope: Scope, *, at: datetime, by: str | None) -> None:
    """Give a role at a place. Raises RoleNeedsScope for a role other than administrator without one."""
    if role is not Role.ADMINISTRATOR and scope == Scope():
        raise refusals.RoleNeedsScope
    session.add(
        Grant(
            id=new_id(),
            person_id=person.id,
            role=role.value,
            edition_id=scope.edition_id,
            booth_id=scope.booth_id,
            producer_id=scope.producer_id,
        )
    )
    session.flush()
    facts = {"role": role.value, "edition": scope.edition_id, "booth": scope.booth_id, "producer": scope.producer_id}
    write_line(session, at=at, person_id=by, verb="role_granted", subject=("person", person.id), facts=facts)


def copy_roles(
    session: Session,
    roles: Collection[Role],
    edition_ids: Mapping[str, str],
    booth_ids: Mapping[str, str],
    *,
    at: datetime,
    by: str | None,
) -> int:
    """Give whoever holds one of `roles` at an old edition or booth the same at the new one (old id → new id); how many.

    Accounts that have ended get nothing. Roles tied to a producer as well keep that tie.
    """
    here = or_(Grant.edition_id.in_(edition_ids), Grant.booth_id.in_(booth_ids))
    wanted = select(Grant).join(Person).where(Grant.role.in_([role.value for role in roles]), here)
    found = session.scalars(wanted.where(Person.disabled_at.is_(None)).order_by(Grant.id)).all()
    for one in found:
        edition_id = edition_ids.get(one.edition_id) if one.edition_id else None
        booth_id = booth_ids.get(one.booth_id) if one.booth_id else None
        place = Scope(edition_id=edition_id, booth_id=booth_id, producer_id=one.producer_id)
        grant_role(session, one.person, Role(one.role), place, at=at, by=by)
    return len(found)


def withdraw_seller(
    session: Session, person: Person, edition_id: str, booth_ids: set[str], *, at: datetime, by: str
) -> None:
    """Take from a person every selling role at one edition; roles elsewhere and the account itself stay."""
    taken = [
        grant
        for grant in person.grants
        if grant.role == Role.SELLER.value and (grant.edition_id == edition_id or grant.booth_id in booth_ids)
    ]
    for grant in taken:
        person.grants.remove(grant)
        session.delete(grant)
    if taken:
        facts = {"role": Role.SELLER.value, "edition": edition_id}
        write_line(session, at=at, person_id=by, verb="role_withdrawn", subject=("person", person.id), facts=facts)


def reset_password(session: Session, person: Person, *, new: str, at: datetime, by: str) -> None:
    """Give a new password to someone who has lost theirs; their sessions end. Raises PasswordTooShort, PasswordTooCommon."""
    check_new_password(new)
    person.password_hash = hasher.hash(typed(new))
    end_sessions(session, person)
    write_line(session, at=at, person_id=by, verb="password_reset", subject=("person", person.id), facts={})


def disable_person(session: Session, person: Person, *, at: datetime, by: str) -> None:
    """End the account and every session of it at once; its history stays."""
    person.disabled_at = at
    end_sessions(session, person)
    write_line(session, at=at, person_id=by, verb="person_disabled", subject=("person", person.id), facts={})


def change_password(session: Session, person: Person, *, old: str, new: str, at: datetime) -> None:
    """Change one's own password; other sessions end. Raises LoginFailed when `old` is wrong."""
    if not password_fits(person.password_hash, old):
        raise refusals.LoginFailed
    check_new_password(new)
    person.password_hash = hasher.hash(typed(new))
    end_sessions(session, person)
    write_line(session, at=at, person_id=person.id, verb="password_changed", subject=("person", person.id), facts={})


def set_pin(session: Session, person: Person, pin: str, *, at: datetime, by: str | None) -> None:
    """Give a PIN for taking over a tablet without a network; it is never shown again, and the journal has no trace of it.

    Price lists carry its hash, so callers tell the catalogue. Raises PinInvalid.
    """
    if not is_pin(pin):
        raise refusals.PinInvalid
    salt = new_salt()
    person.pin_salt, person.pin_hash = salt, pin_hash(pin, salt)
    write_line(session, at=at, person_id=by, verb="pin_set", subject=("person", person.id), facts={})


def check_new_password(password: str) -> None:
    """Refuse passwords that are short or that everyone guesses first; nothing else is asked of them."""
    if len(password) < LEAST_PASSWORD_LENGTH:
        raise refusals.PasswordTooShort(least=LEAST_PASSWORD_LENGTH)
    if fold(password) in COMMON:
        raise refusals.PasswordTooCommon


def typed(password: str) -> str:
    """A password as every keyboard types it: «ậ» comes as one letter or as three (NFC, NIST SP 800-63B)."""
    return unicodedata.normalize("NFC", password)


def password_fits(password_hash: str, password: str) -> bool:
    """Whether this is the password."""
    try:
        return hasher.verify(password_hash, typed(password))
    except (VerificationError, InvalidHashError):
        return False


def begin_session(
    session: Session, person: Person, *, at: datetime, way: str = "password", card_id: str | None = None
) -> str:
    """Sign a browser in; returns the secret that its cookie holds. Sessions that have run out are cleared away."""
    session.execute(delete(BrowserSession).where(BrowserSession.began_at < at - FORGOTTEN_AFTER))
    secret = new_token(32)
    session.add(
        BrowserSession(id_hash=session_hash(secret), person_id=person.id, began_at=at, way=way, card_id=card_id)
    )
    return secret


def end_session(session: Session, secret: str) -> None:
    """Sign that browser out."""
    session.execute(delete(BrowserSession).where(BrowserSession.id_hash == session_hash(secret)))


def end_sessions(session: Session, person: Person) -> None:
    """Sign every browser of the person out, at once."""
    session.execute(delete(BrowserSession).where(BrowserSession.person_id == person.id))


def refuse_while_pausing(account: Attempts | None, place: Attempts | None, at: datetime) -> None:
    """Raises TooManyAttempts while the account's pause runs, or its address's when the account has failed too.

    An account without a wrong try passes a pausing address: else one guesser behind the fair's router would keep everyone out.
    """
    until = account.not_before_at if account is not None else at
    if place is not None and account is not None and account.failures > 0:
        until = max(until, place.not_before_at)
    if until > at:
        raise refusals.TooManyAttempts(seconds=int((until - at).total_seconds()) + 1)


@dataclass(frozen=True)
class Guess:
    """A password tried on an account, judged but not yet counted; see `count_guess`."""

    login_name: str
    person_id: str | None
    password_hash: str
    fits: bool


def judge_guess(
    session: Session | scoped_session[Session], login_name: str, password: str, *, address: str, at: datetime
) -> Guess:
    """Whether the password fits, for `count_guess`. Reads only. Raises TooManyAttempts while a pause runs.

    Hashing takes 15 ms and more on purpose; done here, outside of any transaction, it holds no sale up at the write gate,
    and while a pause runs there is none.
    """
    login = fold(login_name).replace("\0", "")[:100]
    account, place = (session.get(Attempts, key) for key in (f"login:{login}", f"address:{address}"))
    refuse_while_pausing(account, place, at)
    person = find_person_by_login(session, login)
    known = person.password_hash if person is not None else _NOBODY
    return Guess(login, person.id if person is not None else None, known, password_fits(known, password))


def count_guess(session: Session, guess: Guess, *, address: str, at: datetime) -> Person | None:
    """The person when the guess fits, else None with the try counted. Raises TooManyAttempts while a pause runs.

    A guess judged while a pause runs is told nothing, right or wrong. Returns None instead of raising, so that the count is
    committed: a refusal would roll it back.
    """
    account, place = f"login:{guess.login_name}", f"address:{address}"
    # A whole fair stands behind one address, so it pauses only after ten times as many tries.
    keys = {place: 10, account: 1}
    # Invented names would fill the table; what is long over is forgotten.
    session.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.not_before_at < at - FORGOTTEN_AFTER))
    # The rows are there and locked before anything is read from them: a hundred guesses at once are counted one by one.
    rows_begun = [{"key": key, "failures": 0, "not_before_at": at} for key in keys]
    session.execute(insert_new(dialect_of(session), _ATTEMPTS, "key"), rows_begun)
    rows = {key: session.get_one(Attempts, key, with_for_update=True) for key in keys}
    refuse_while_pausing(rows[account], rows[place], at)
    person = session.get(Person, guess.person_id) if guess.person_id is not None else None
    # The password may have been changed, or the account ended, since the guess was judged.
    still = person is not None and person.disabled_at is None and person.password_hash == guess.password_hash
    if still and guess.fits:
        for row in rows.values():
            row.failures = 0
        return person
    for key, tries_per_step in keys.items():
        row = rows[key]
        row.failures += 1
        row.not_before_at = at + timedelta(seconds=pause_after(row.failures // tries_per_step))
    return None
