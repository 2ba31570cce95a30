"""JSON doors take what our programs send and nothing that a foreign page could."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.plumbing.db import db
from fair_pos.plumbing.json_door import MAX_BODY_BYTES
from fair_pos.settings import Settings
from tests.plumbing.doors import app_with_doors

DOOR = "/api/extra/order"
OURS = {"X-Fair-Pos": "till"}
GOOD = {"lines": [{"quantity": 2}]}


@pytest.fixture
def visitor(settings: Settings) -> Iterator[FlaskClient]:
    app: Flask = app_with_doors(settings)
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


def test_what_our_program_sends_arrives_checked(visitor: FlaskClient) -> None:
    answer = visitor.post(DOOR, json=GOOD, headers=OURS)
    assert (answer.status_code, answer.mimetype, answer.json) == (201, "application/json", GOOD)


def test_a_content_type_may_name_its_letters(visitor: FlaskClient) -> None:
    answer = visitor.post(DOOR, data=json.dumps(GOOD), headers=OURS, content_type="application/json; charset=utf-8")
    assert answer.status_code == 201


def test_a_request_without_our_header_is_not_for_pages(visitor: FlaskClient) -> None:
    answer = visitor.post(DOOR, json=GOOD)
    assert (answer.status_code, answer.json) == (415, {"code": "not_for_pages", "facts": {}})


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx", "text/json", None],
)  # fmt: skip
def test_what_a_form_could_send_is_not_for_pages(visitor: FlaskClient, content_type: str | None) -> None:
    answer = visitor.post(DOOR, data=json.dumps(GOOD), headers=OURS, content_type=content_type)
    assert (answer.status_code, answer.get_json()["code"]) == (415, "not_for_pages")


def test_a_question_of_cors_is_never_answered(visitor: FlaskClient) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-fair-pos"}  # fmt: skip
    answer = visitor.options(DOOR, headers=asked)
    assert not [name for name in answer.headers.keys() if name.lower().startswith("access-control")]  # noqa: SIM118


def test_a_foreign_page_is_turned_away_although_it_sends_everything(visitor: FlaskClient) -> None:
    answer = visitor.post(DOOR, json=GOOD, headers={**OURS, "Origin": "https://evil.example"})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "http_403")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "lines"),
        ({"lines": None}, "lines"),
        ({"lines": {}}, "lines"),
        ({"lines": [{"quantity": 1}, {}]}, "lines.1.quantity"),
        ({"lines": [{"quantity": "2"}]}, "lines.0.quantity"),
        ({"lines": [{"quantity": 2.0}]}, "lines.0.quantity"),
        ({"lines": [{"quantity": True}]}, "lines.0.quantity"),
        ({"lines": [{"quantity": 2, "price": 1}]}, "lines.0.price"),
        ({"lines": [], "admin": True}, "admin"),
        ([], "body"),
        ("x", "body"),
        (None, "body"),
    ],
)
def test_the_first_wrong_field_is_named(visitor: FlaskClient, body: object, where: str) -> None:
    answer = visitor.post(DOOR, data=json.dumps(body), headers=OURS, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"], answer.get_json()["facts"]["where"]) == (
        400,
        "wrong_shape",
        where,
    )


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"lines": [}', b"[" * 100_000, b'{"lines": []} x', b"NaN"])
def test_what_is_no_json_is_named_as_the_body(visitor: FlaskClient, body: bytes) -> None:
    answer = visitor.post(DOOR, data=body, headers=OURS, content_type="application/json")
    assert (answer.status_code, answer.get_json()["facts"]["where"]) == (400, "body")


def test_a_value_that_was_sent_is_never_sent_back(visitor: FlaskClient) -> None:
    answer = visitor.post(DOOR, json={"lines": [{"quantity": "mật khẩu"}]}, headers=OURS)
    assert "mật khẩu" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(("padding", "status"), [(0, 201), (1, 413)])
def test_a_body_may_be_as_large_as_said_and_no_larger(visitor: FlaskClient, padding: int, status: int) -> None:
    body = json.dumps(GOOD).encode()
    body += b" " * (MAX_BODY_BYTES - len(body) + padding)
    answer = visitor.post(DOOR, data=body, headers=OURS, content_type="application/json")
    assert answer.status_code == status
    if status == 413:
        assert answer.json == {"code": "too_large", "facts": {}}
