"""Making people, their roles, their passwords."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from flask import Flask

from fair_pos.journal.queries import history_of
from fair_pos.kernel.refusal import Refusal
from fair_pos.people import refusals
from fair_pos.people.actions import (
    change_password,
    check_password,
    create_person,
    disable_person,
    grant_role,
    password_fits,
    reset_password,
    withdraw_seller,
)
from fair_pos.people.queries import get_person, roles_of
from fair_pos.people.rules import Held, Role, Scope
from fair_pos.people.tables import Person
from fair_pos.plumbing.db import transaction
from tests.builders import PASSWORD, make_fair

AT = datetime(2026, 11, 24, 3, tzinfo=timezone.utc)


def make(app: Flask, login_name: str = "sua", name: str = "Giàng Thị Sua", password: str = PASSWORD) -> Person:
    with app.app_context(), transaction() as session:
        return create_person(session, login_name=login_name, name=name, password=password, at=AT, by=None)


def try_password(app: Flask, password: str, at: datetime, login_name: str = "sua", address: str = "192.0.2.1") -> bool:
    with app.app_context(), transaction() as session:
        found = check_password(session, login_name=login_name, password=password, address=address, at=at)
        return found is not None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"login_name": "a b"}, refusals.LoginNameInvalid),
        ({"login_name": "x"}, refusals.LoginNameInvalid),
        ({"login_name": "SÙA"}, refusals.LoginNameTaken),
        ({"login_name": "hai", "name": " \u200b"}, refusals.NameMissing),
        ({"login_name": "hai", "password": "ngắn"}, refusals.PasswordTooShort),
        ({"login_name": "hai", "password": "MatKhau123"}, refusals.PasswordTooCommon),
    ],
)
def test_what_makes_no_person(app: Flask, changes: dict[str, str], refusal: type[Refusal]) -> None:
    make(app)
    with pytest.raises(refusal):
        make(app, **changes)


def test_a_password_is_kept_as_argon2id_and_may_be_long(app: Flask) -> None:
    person = make(app, password="một câu dài " * 10)
    assert person.password_hash.startswith("$argon2id$")
    assert password_fits(person.password_hash, "một câu dài " * 10)
    assert not password_fits(person.password_hash, PASSWORD)
    assert not password_fits("damaged", PASSWORD)


def test_only_an_administrator_is_tied_to_nothing(app: Flask) -> None:
    person = make(app)
    with app.app_context(), transaction() as session, pytest.raises(refusals.RoleNeedsScope):
        grant_role(session, get_person(session, person.id), Role.SELLER, Scope(), at=AT, by=None)


def test_taking_selling_away_leaves_other_roles(app: Flask) -> None:
    fair, other = make_fair(app), make_fair(app, name="Hội chợ khác")
    with app.app_context(), transaction() as session:
        person = get_person(session, fair.people["nguoiban"])
        for scope in (Scope(fair.edition_id), Scope(other.edition_id)):
            grant_role(session, person, Role.SELLER, scope, at=AT, by=None)
        grant_role(session, person, Role.ORGANISER, Scope(fair.edition_id), at=AT, by=None)
    with app.app_context(), transaction() as session:
        person = get_person(session, fair.people["nguoiban"])
        withdraw_seller(session, person, fair.edition_id, set(fair.booth_ids), at=AT, by=fair.people["quantri"])
    with app.app_context(), transaction() as session:
        person = get_person(session, fair.people["nguoiban"])
        assert sorted(roles_of(person), key=str) == [
            Held(Role.ORGANISER, Scope(fair.edition_id)),
            Held(Role.SELLER, Scope(other.edition_id)),
        ]
        assert history_of(session, "person", person.id)[-1].verb == "role_withdrawn"


def test_disabling_and_new_passwords_end_every_session(app: Flask) -> None:
    person = make(app)
    with app.app_context(), transaction() as session:
        found = get_person(session, person.id)
        with pytest.raises(refusals.LoginFailed):
            change_password(session, found, old="falsch gemerkt", new="mật khẩu mới", at=AT)
        change_password(session, found, old=PASSWORD, new="mật khẩu mới", at=AT)
        with pytest.raises(refusals.PasswordTooShort):
            reset_password(session, found, new="ngắn", at=AT, by=found.id)
        reset_password(session, found, new="mật khẩu khác", at=AT, by=found.id)
        disable_person(session, found, at=AT, by=found.id)
        assert found.session_version == 4
    assert not try_password(app, "mật khẩu khác", AT)


def test_guessing_is_slowed_down_and_never_locks_for_good(app: Flask) -> None:
    make(app)
    evaluated, at = 0, AT
    for _ in range(1000):
        try:
            assert not try_password(app, "đoán bừa", at)
            evaluated += 1
        except refusals.TooManyAttempts:
            at += timedelta(milliseconds=600)
    assert at - AT <= timedelta(minutes=10)
    assert evaluated <= 20
    with pytest.raises(refusals.TooManyAttempts):
        try_password(app, PASSWORD, at)
    assert try_password(app, PASSWORD, at + timedelta(minutes=5))
    assert not try_password(app, "một lần sai", at + timedelta(minutes=5))


def test_one_address_may_err_ten_times_as_often(app: Flask) -> None:
    make(app)
    for number in range(39):
        assert not try_password(app, "đoán bừa", AT, login_name=f"người{number}")
    assert try_password(app, PASSWORD, AT)
    for number in range(45):
        try:
            try_password(app, "đoán bừa", AT, login_name=f"kẻ{number}")
        except refusals.TooManyAttempts:
            return
    pytest.fail("an address may guess for ever")
