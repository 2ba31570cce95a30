"""For tests about the pages of money: people at their browsers, and what they ask for and send."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import Fair, csrf_token, sign_in


def browser(app: Flask, login_name: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, login_name)
    return client


def get(client: FlaskClient, fair: Fair, page: str) -> str:
    answer = client.get(f"/editions/{fair.edition_id}/{page}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def post(client: FlaskClient, fair: Fair, page: str, **fields: object) -> TestResponse:
    return client.post(f"/editions/{fair.edition_id}/{page}", data={"csrf_token": csrf_token(client), **fields})


def propose(client: FlaskClient, fair: Fair, **changes: str) -> TestResponse:
    owner = f"booth:{fair.booth_ids[0]}"
    fields = {"owner": owner, "bank_bin": "970436", "account_number": "0011 0123 45678", "holder": "HTX Mường Tè"}
    return post(client, fair, "accounts", **fields | changes)
