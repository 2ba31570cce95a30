"""Cards and codes as the office and the producers meet them."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from fair_pos.kernel.clock import now
from fair_pos.people.actions import grant_role
from fair_pos.people.cards import card_owner
from fair_pos.people.refusals import NoOwnersChosen
from fair_pos.people.rules import Role, Scope
from fair_pos.people.tables import BrowserSession, ProducerCard
from fair_pos.plumbing.db import db, transaction
from tests.builders import Fair, csrf_token, make_fair, sign_in
from tests.people.cards import come_in_by_card, come_in_by_code, printed_card, read_out_code


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def office(client: FlaskClient, fair: Fair) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_cards_are_printed_for_those_ticked_and_listed(app: Flask, office: FlaskClient, fair: Fair) -> None:
    path = f"/editions/{fair.edition_id}/cards"
    page = office.get(path).get_data(as_text=True)
    assert page.count('name="owner"') == 3
    answer = office.post(path, data={"csrf_token": csrf_token(office), "owner": fair.producer_ids[:2]})
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert count(app, ProducerCard) == 2
    page = office.get(f"{path}/{fair.producer_ids[0]}").get_data(as_text=True)
    assert page.count('name="card"') == 1
    assert "chưa dùng" in page


def test_nobody_ticked_is_said(app: Flask, office: FlaskClient, fair: Fair) -> None:
    path = f"/editions/{fair.edition_id}/cards"
    for owners in ([], ["nobody"]):
        answer = office.post(path, data={"csrf_token": csrf_token(office), "owner": owners})
        assert answer.status_code == NoOwnersChosen.status
        assert "Chưa chọn chủ hàng nào" in answer.get_data(as_text=True)
    assert count(app, ProducerCard) == 0


def test_no_card_is_made_for_who_has_nothing_at_this_edition(app: Flask, office: FlaskClient, fair: Fair) -> None:
    """An organiser hands out no key to the page of a producer who sells elsewhere only."""
    other = make_fair(app, name="Hội chợ xa")
    path = f"/editions/{fair.edition_id}/cards"
    data = {"csrf_token": csrf_token(office), "owner": [other.producer_ids[0], fair.producer_ids[0]]}
    assert office.post(path, data=data).status_code == 200
    assert count(app, ProducerCard) == 1
    for last in ("", "/code", "/revoke"):
        ask = office.get if not last else office.post
        assert ask(f"{path}/{other.producer_ids[0]}{last}", data={"csrf_token": csrf_token(office)}).status_code == 404


def test_looking_at_a_card_signs_nobody_in_and_its_button_does(app: Flask, client: FlaskClient, fair: Fair) -> None:
    _id, token = printed_card(app, fair)
    page = client.get(f"/card/{token}").get_data(as_text=True)
    assert "HTX 0" in page
    assert count(app, BrowserSession) == 0
    own = f"/producers/{fair.producer_ids[0]}/"
    assert client.get(own).headers["Location"].startswith("/sign-in")
    assert come_in_by_card(client, token) == own
    assert client.get(own).status_code == 200
    assert client.get("/").headers["Location"] == own


def test_a_revoked_card_throws_out_who_came_in_by_it(app: Flask, office: FlaskClient, fair: Fair) -> None:
    card_id, token = printed_card(app, fair)
    phone, own = app.test_client(), f"/producers/{fair.producer_ids[0]}/"
    come_in_by_card(phone, token)
    assert phone.get(own).status_code == 200
    path = f"/editions/{fair.edition_id}/cards/{fair.producer_ids[0]}"
    assert office.post(f"{path}/revoke", data={"csrf_token": csrf_token(office), "card": card_id}).status_code == 302
    assert phone.get(own).headers["Location"].startswith("/sign-in")
    answer = phone.get(f"/card/{token}")
    assert answer.status_code == 404
    assert "Thẻ này không còn dùng được" in answer.get_data(as_text=True)
    made_up = phone.get(f"/card/{'x' * 22}")
    assert re.sub(r'value="[^"]+"', "", made_up.get_data(as_text=True)).replace("x" * 22, token) == re.sub(
        r'value="[^"]+"', "", answer.get_data(as_text=True)
    )
    assert "đã thu hồi" in office.get(path).get_data(as_text=True)


def test_a_code_is_shown_once_and_opens_the_page(app: Flask, office: FlaskClient, fair: Fair) -> None:
    path = f"/editions/{fair.edition_id}/cards/{fair.producer_ids[1]}/code"
    page = office.post(path, data={"csrf_token": csrf_token(office)}).get_data(as_text=True)
    found = re.search(r'class="code">(\d{4}) (\d{4})<', page)
    assert found
    phone = app.test_client()
    assert come_in_by_code(phone, found[1] + found[2]) == f"/producers/{fair.producer_ids[1]}/"
    answer = phone.post("/code", data={"csrf_token": csrf_token(phone, "/code"), "code": found[1] + found[2]})
    assert "Mã không đúng hoặc đã hết hạn" in answer.get_data(as_text=True)


def test_wrong_codes_make_one_wait(client: FlaskClient, fair: Fair) -> None:
    token = csrf_token(client, "/code")
    answers = [client.post("/code", data={"csrf_token": token, "code": "12345678"}) for _ in range(5)]
    assert [one.status_code for one in answers][-1] == 429


@pytest.mark.parametrize("way", ["card", "code"])
def test_without_a_password_one_reads_and_changes_nothing(
    app: Flask, client: FlaskClient, fair: Fair, way: str
) -> None:
    """Whatever roles the account is given later: paper opens a producer's own pages and nothing else."""
    _id, token = printed_card(app, fair)
    with app.app_context(), transaction() as work:
        person = card_owner(work, token)
        assert person is not None
        grant_role(work, person, Role.ADMINISTRATOR, Scope(), at=now(), by=None)
    if way == "card":
        come_in_by_card(client, token)
    else:
        come_in_by_code(client, read_out_code(app, fair))
    csrf = csrf_token(client, f"/producers/{fair.producer_ids[0]}/")
    for path in ("/people/", "/editions/", f"/editions/{fair.edition_id}/cards", "/me/password"):
        assert client.get(path).status_code == 404, path
    for path in ("/me/password", "/me/pin", "/people/new"):
        assert client.post(path, data={"csrf_token": csrf, "pin": "1234"}).status_code == 404, path


@pytest.mark.parametrize("login", ["nguoiban", "chuthe"])
def test_sellers_and_producers_hand_out_no_cards(client: FlaskClient, fair: Fair, login: str) -> None:
    sign_in(client, login)
    path = f"/editions/{fair.edition_id}/cards"
    for answer in (
        client.get(path), client.get(f"{path}/{fair.producer_ids[0]}"),
        client.post(path, data={"csrf_token": csrf_token(client), "owner": fair.producer_ids[0]}),
        client.post(f"{path}/{fair.producer_ids[0]}/code", data={"csrf_token": csrf_token(client)}),
    ):  # fmt: skip
        assert answer.status_code == 404
