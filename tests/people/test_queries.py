"""Finding people."""

from __future__ import annotations

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound
from fair_pos.people.actions import create_person, disable_person, grant_role
from fair_pos.people.queries import (
    TillRights,
    all_people,
    find_person_by_login,
    get_person,
    known_person_ids,
    people_who_sell,
    people_with,
    rights_at,
    roles_of,
    sellers_of,
)
from fair_pos.people.rules import Held, Role, Scope
from fair_pos.plumbing.db import reading, transaction
from tests.builders import PASSWORD, make_fair


def test_a_login_name_is_found_however_it_is_typed(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context():
        found = find_person_by_login(reading(), "QuảnTrị")
        assert found is not None
        assert get_person(reading(), fair.people["quantri"]).id == found.id
        assert known_person_ids(reading(), {found.id, "nobody"}) == {found.id}
        assert find_person_by_login(reading(), "nobody") is None
        with pytest.raises(NotFound):
            get_person(reading(), "nobody")


def test_people_stand_in_vietnamese_order_and_ended_accounts_last(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        for number, name in enumerate(("Đào Thị Sua", "Dương A Páo", "An Thị Ơn", "Vừ A Dính", "Ấu Văn Én")):
            made = create_person(session, login_name=f"n{number}", name=name, password=PASSWORD, at=now(), by=None)
            if name.startswith("An "):
                grant_role(session, made, Role.ADMINISTRATOR, Scope(), at=now(), by=None)
                disable_person(session, made, at=now(), by=made.id)
                assert roles_of(made) == []
    with app.app_context():
        names = [one.name for one in all_people(reading())]
    assert names == ["Ấu Văn Én", "Dương A Páo", "Đào Thị Sua", "Vừ A Dính", "An Thị Ơn"]


def test_sellers_of_an_edition_by_edition_or_by_booth(app: Flask) -> None:
    fair, other = make_fair(app), make_fair(app, name="Hội chợ khác")
    with app.app_context(), transaction() as session:
        both = get_person(session, fair.people["bantochuc"])
        grant_role(session, both, Role.SELLER, Scope(fair.edition_id), at=now(), by=None)
    with app.app_context():
        found = sellers_of(reading(), fair.edition_id, set(fair.booth_ids))
        assert [(one.id, booths) for one, booths in found] == [
            (fair.people["bantochuc"], [None]),
            (fair.people["nguoiban"], [fair.booth_ids[0]]),
        ]
        assert len(sellers_of(reading(), other.edition_id, set(other.booth_ids))) == 1
        assert Held(Role.SELLER, Scope(fair.edition_id)) in roles_of(get_person(reading(), fair.people["bantochuc"]))


def test_who_may_sell_at_a_booth_and_what_else(app: Flask) -> None:
    fair = make_fair(app)
    booth = Scope(edition_id=fair.edition_id, booth_id=fair.booth_ids[0])
    other = Scope(edition_id=fair.edition_id, booth_id=fair.booth_ids[1])
    ids = {name: fair.people[name] for name in ("quantri", "bantochuc", "nguoiban")}
    with app.app_context():
        assert {one.id for one in people_who_sell(reading(), booth)} == set(ids.values())
        assert {one.id for one in people_who_sell(reading(), other)} == set(ids.values()) - {ids["nguoiban"]}
        assert people_who_sell(reading(), Scope(edition_id="e", booth_id="b"))[0].id == ids["quantri"]
        seller, boss = (get_person(reading(), ids[name]) for name in ("nguoiban", "bantochuc"))
        assert rights_at(seller, booth, seller_percent=10) == TillRights(10, False, False)
        assert rights_at(seller, other, seller_percent=10) == TillRights(0, False, False)
        assert rights_at(boss, booth, seller_percent=10) == TillRights(100, True, True)
        assert {one.id for one in people_with(reading(), {ids["nguoiban"], "nobody"})} == {ids["nguoiban"]}
    with app.app_context(), transaction() as session:
        disable_person(session, get_person(session, ids["nguoiban"]), at=now(), by=ids["quantri"])
    with app.app_context():
        assert ids["nguoiban"] not in {one.id for one in people_who_sell(reading(), booth)}
