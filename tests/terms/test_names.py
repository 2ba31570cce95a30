"""Whom and what the forms offer, and what a rule is called."""

from __future__ import annotations

import pytest
from flask import Flask

from fair_pos.plumbing.db import transaction
from fair_pos.terms.names import choices_of, owner_names, person_names
from fair_pos.terms.rules import About
from tests.builders import Fair, make_fair


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def test_owners_with_a_booth_here_and_their_goods_are_offered(app: Flask, fair: Fair) -> None:
    with app.test_request_context():
        found = choices_of(fair.edition_id)
        assert set(fair.booth_ids) <= set(found.booths)
        assert set(fair.producer_ids) <= set(found.owners_here)
        assert not set(found.owners_here) & set(found.owners_elsewhere)
        names = {key: name for some in found.products.values() for key, name in some.items()}
        assert {one.product_id for one in fair.goods} <= set(names)


def test_a_rule_is_called_by_owner_goods_and_place(app: Flask, fair: Fair) -> None:
    owner, booth, good = fair.producer_ids[0], fair.booth_ids[0], fair.goods[0].product_id
    with app.test_request_context():
        found = choices_of(fair.edition_id)
        assert found.words(About()) == "mọi chủ hàng · mọi sản phẩm · mọi nơi"
        whole = found.words(About(owner_id=owner, booth_id=booth, product_id=good))
        names = {key: name for some in found.products.values() for key, name in some.items()}
        assert whole == " · ".join((found.owners[owner], names[good], found.booths[booth]))


def test_people_and_owners_by_id(app: Flask, fair: Fair) -> None:
    with app.app_context(), transaction():
        owners = owner_names(fair.producer_ids)
        assert set(owners) == set(fair.producer_ids)
        assert all(owners.values())
        person = fair.people["bantochuc"]
        assert set(person_names([person, None, person, "nobody"])) == {person}
