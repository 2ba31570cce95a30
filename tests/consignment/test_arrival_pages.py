"""A seller sees what is on its way to their booth and receives it; nobody else's."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.kernel.clock import now
from fair_pos.people.actions import create_person, grant_role
from fair_pos.people.rules import Role, Scope
from fair_pos.plumbing.db import transaction
from tests.builders import PASSWORD, Fair, csrf_token, make_fair, sign_in
from tests.consignment.notes import carry, held, line, out, take_in


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def test_a_seller_receives_at_their_own_booth(app: Flask, fair: Fair, client: FlaskClient) -> None:
    take_in(app, fair, line(fair.goods[0], 20), booth=1)
    note_id = carry(app, fair, out(held(app, fair.booth_ids[1])[0], 10), booth=1, to=0)
    sign_in(client, "nguoiban")
    here, there = (f"/booths/{booth}/arrivals" for booth in fair.booth_ids)
    assert "PX-0001" in client.get(here).get_data(as_text=True)
    assert client.get(there).status_code == 404
    assert client.get(f"/editions/{fair.edition_id}/notes").status_code == 404
    token = csrf_token(client)
    for typed, status in (("", 400), ("năm", 400), ("1,5", 400)):
        answer = client.post(f"{here}/{note_id}", data={"csrf_token": token, "came-1": typed})
        assert answer.status_code == status
        assert "ghi 0" in answer.get_data(as_text=True)
    assert client.post(f"{here}/{note_id}", data={"csrf_token": token, "came-1": "8"}).status_code == 302
    assert [one.quantity for one in held(app, fair.booth_ids[0])] == [8]
    again = client.post(f"{here}/{note_id}", data={"csrf_token": token, "came-1": "8"})
    assert again.status_code == 409
    assert "Không nhận lần nữa" in again.get_data(as_text=True)


def test_whoever_sells_at_the_whole_fair_is_led_to_the_booth_where_goods_arrive(app: Flask, fair: Fair) -> None:
    """Most sellers hold their role for a fair and no single booth."""
    at = now()
    with app.app_context(), transaction() as session:
        person = create_person(session, login_name="khap", name="Người bán khắp nơi", password=PASSWORD, at=at, by=None)
        grant_role(session, person, Role.SELLER, Scope(edition_id=fair.edition_id), at=at, by=None)
    client = app.test_client()
    sign_in(client, "khap")
    assert "Hàng đang đến" not in client.get("/").get_data(as_text=True)
    take_in(app, fair, line(fair.goods[0], 20), booth=1)
    carry(app, fair, out(held(app, fair.booth_ids[1])[0], 10), booth=1, to=0)
    page = client.get("/").get_data(as_text=True)
    assert f"/booths/{fair.booth_ids[0]}/arrivals" in page
    assert "(1 phiếu xuất kho)" in page
    assert f"/booths/{fair.booth_ids[1]}/arrivals" not in page


def test_goods_for_another_booth_are_not_received_here(app: Flask, fair: Fair, client: FlaskClient) -> None:
    take_in(app, fair, line(fair.goods[0], 20))
    note_id = carry(app, fair, out(held(app, fair.booth_ids[0])[0], 10))
    sign_in(client, "nguoiban")
    answer = client.get(f"/booths/{fair.booth_ids[0]}/arrivals/{note_id}")
    assert answer.status_code == 409
    assert "gửi đến nơi khác" in answer.get_data(as_text=True)
    data = {"csrf_token": csrf_token(client), "came-1": "10"}
    assert client.post(f"/booths/{fair.booth_ids[0]}/arrivals/{note_id}", data=data).status_code == 409
    assert [one.quantity for one in held(app, note_id)] == [10]
