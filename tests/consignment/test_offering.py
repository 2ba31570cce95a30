"""Whom and where the form of a new note offers."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import Fair, make_fair, sign_in
from tests.consignment.notes import line, soon, take_in


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def office(fair: Fair, client: FlaskClient) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def test_only_owners_with_goods_here_get_any_back_and_whoever_has_some_stands_first(
    app: Flask, fair: Fair, office: FlaskClient
) -> None:
    take_in(app, fair, line(fair.goods[0], 7, code="L1", expires=soon(3)))
    address = f"/editions/{fair.edition_id}/notes/new"
    back = office.get(f"{address}/return").get_data(as_text=True)
    assert fair.producer_ids[0] in back
    assert fair.producer_ids[1] not in back
    make_fair(app, name="Hội chợ khác")
    intake = office.get(f"{address}/intake").get_data(as_text=True)
    assert intake.index("Có hàng ở đây") < intake.index(fair.producer_ids[1])


def test_goods_are_carried_to_open_places_elsewhere(app: Flask, fair: Fair, office: FlaskClient) -> None:
    over = make_fair(app, name="Hội chợ năm ngoái", starts=date(2025, 10, 1))
    nearby = make_fair(app, name="Hội chợ bên cạnh")
    page = office.get(f"/editions/{fair.edition_id}/notes/new/transfer").get_data(as_text=True)
    offered = set(re.findall(r'value="([^"|]+)\|', page))
    assert fair.edition_id in offered  # two booths of its own
    assert over.edition_id not in offered
    assert nearby.edition_id not in offered  # somebody else's stock
