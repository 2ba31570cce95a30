"""Receiving accounts: one person proposes, another approves, and screens show the last digits alone."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import Fair, make_fair
from tests.payments.desk import browser, get, post, propose
from tests.payments.money import NUMBER, account_in_use, accounts


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def organiser(app: Flask, fair: Fair) -> FlaskClient:
    return browser(app, "bantochuc")


@pytest.fixture
def administrator(app: Flask, fair: Fair) -> FlaskClient:
    return browser(app, "quantri")


def change_in(html: str, verb: str = "turn-down") -> str:
    found = re.search(rf"/accounts/([0-9a-f-]{{36}})/{verb}", html)
    assert found, html
    return found[1]


def test_an_account_needs_a_proposal_and_another_person(
    app: Flask, fair: Fair, organiser: FlaskClient, administrator: FlaskClient
) -> None:
    assert "Chưa có tài khoản nào" in get(organiser, fair, "accounts")
    assert propose(organiser, fair).status_code == 302
    html = get(organiser, fair, "accounts")
    assert "Bạn đã đề nghị nên người khác phải duyệt" in html
    assert "/approve" not in html
    change = change_in(html)
    again = browser(app, "bantochuc")  # the same person under a second session
    answer = post(again, fair, f"accounts/{change}/approve")
    assert answer.status_code == 403
    assert "Người đề nghị không tự duyệt được" in answer.get_data(as_text=True)
    waiting = get(administrator, fair, "accounts")
    assert NUMBER in waiting  # whoever decides has to see all of it
    assert "<svg" in waiting
    assert post(administrator, fair, f"accounts/{change}/approve").status_code == 302
    html = get(organiser, fair, "accounts")
    assert "Vietcombank •••• 678, HTX Mường Tè" in html
    assert NUMBER not in html
    assert "đã duyệt" in html
    assert [one.active_from_at is not None for one in accounts(app)] == [True]


def test_a_wrong_account_keeps_what_was_typed(fair: Fair, organiser: FlaskClient) -> None:
    answer = propose(organiser, fair, account_number="12/34")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Số tài khoản chỉ gồm chữ và số" in html
    assert 'value="12/34"' in html
    assert "HTX Mường Tè" in html
    assert propose(organiser, fair, owner="booth:none").status_code == 404
    assert propose(organiser, fair, owner="").status_code == 404


def test_stopping_and_turning_down(app: Flask, fair: Fair, organiser: FlaskClient, administrator: FlaskClient) -> None:
    account_in_use(app, fair)
    owner = f"booth:{fair.booth_ids[0]}"
    assert post(organiser, fair, "accounts", owner=owner, stop="1").status_code == 302
    html = get(administrator, fair, "accounts")
    assert "Ngừng nhận chuyển khoản" in html
    assert post(administrator, fair, f"accounts/{change_in(html)}/turn-down").status_code == 302
    html = get(administrator, fair, "accounts")
    assert "không duyệt" in html
    assert "•••• 678" in html
    answer = post(administrator, fair, f"accounts/{change_in(html, 'approve') if '/approve' in html else 'x'}/approve")
    assert answer.status_code == 404


def test_a_producers_own_account(app: Flask, fair: Fair, organiser: FlaskClient, administrator: FlaskClient) -> None:
    propose(organiser, fair, owner=f"producer:{fair.producer_ids[0]}")
    post(administrator, fair, f"accounts/{change_in(get(administrator, fair, 'accounts'))}/approve")
    assert [one.producer_id for one in accounts(app)] == [fair.producer_ids[0]]


@pytest.mark.parametrize("page", ["accounts", "transfers", "bank-lines", "statements"])
def test_the_way_here_is_marked(fair: Fair, organiser: FlaskClient, page: str) -> None:
    html = get(organiser, fair, page)
    assert re.search(r'/transfers" aria-current="(?:true|page)">\s*Chuyển khoản', html)
    assert re.search(rf'/{page}" aria-current="page"', html)
