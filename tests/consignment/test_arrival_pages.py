"""A seller sees what is on its way to their booth and receives it; nobody else's."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import Fair, csrf_token, make_fair, sign_in
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
