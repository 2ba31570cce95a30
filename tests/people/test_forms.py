"""What the forms about people may contain, and which place fits which role."""

from __future__ import annotations

import pytest
from flask import Flask

from fair_pos.people.forms import Place, RoleForm, SellerForm, held_words, read_form, role_choices, scope_of
from fair_pos.people.refusals import RoleNeedsScope
from fair_pos.people.rules import Held, Role, Scope
from fair_pos.plumbing.json_door import WrongShape

PLACES = [
    Place("edition", "e1", "Hội chợ"),
    Place("booth", "b1", "A01 · Gian 1", "e1"),
    Place("producer", "p1", "Hợp tác xã"),
]


def test_the_token_is_no_field_and_an_unknown_field_is_refused() -> None:
    fields = {"login_name": "a", "name": "b", "password": "c"}
    assert read_form(SellerForm, {**fields, "csrf_token": "x"}).booth == ""
    with pytest.raises(WrongShape) as refused:
        read_form(SellerForm, {**fields, "role": "administrator"})
    assert refused.value.facts == {"where": "role"}


@pytest.mark.parametrize("fields", [{"role": "king"}, {}, {"role": "seller", "place": "x" * 51}])
def test_what_is_no_role_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(WrongShape):
        read_form(RoleForm, fields)


@pytest.mark.parametrize(
    ("role", "value", "scope"),
    [
        (Role.ADMINISTRATOR, "", Scope()),
        (Role.ORGANISER, "edition:e1", Scope("e1")),
        (Role.SELLER, "edition:e1", Scope("e1")),
        (Role.SELLER, "booth:b1", Scope("e1", "b1")),
        (Role.PRODUCER, "producer:p1", Scope(producer_id="p1")),
    ],
)
def test_a_place_that_fits(role: Role, value: str, scope: Scope) -> None:
    assert scope_of(role, value, PLACES) == scope


@pytest.mark.parametrize(
    ("role", "value"),
    [
        (Role.ADMINISTRATOR, "edition:e1"),
        (Role.ORGANISER, ""),
        (Role.ORGANISER, "booth:b1"),
        (Role.SELLER, "producer:p1"),
        (Role.PRODUCER, "edition:e1"),
        (Role.SELLER, "booth:b2"),
    ],
)
def test_a_place_that_does_not(role: Role, value: str) -> None:
    with pytest.raises(RoleNeedsScope):
        scope_of(role, value, PLACES)


def test_roles_and_places_in_words(app: Flask) -> None:
    roles = [
        Held(Role.ADMINISTRATOR, Scope()), Held(Role.SELLER, Scope(booth_id="b1")), Held(Role.SELLER, Scope("e1", "b1")),
        Held(Role.PRODUCER, Scope(producer_id="gone")),
    ]  # fmt: skip
    with app.test_request_context():
        assert held_words(roles, PLACES) == [
            "Quản trị", "Người bán · A01 · Gian 1, Hội chợ", "Người bán · A01 · Gian 1, Hội chợ", "Chủ thể · ?",
        ]  # fmt: skip
        groups = role_choices(PLACES)["place_groups"]
    assert [[value for value, _ in choices] for _, choices in groups] == [["edition:e1", "booth:b1"], ["producer:p1"]]
