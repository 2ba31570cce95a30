"""The door for providers: bytes that are signed are kept and answered, everything else leaves nothing behind."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from fair_pos.kernel.clock import now
from fair_pos.payments.tables import HookEvent
from fair_pos.plumbing.db import reading
from fair_pos.settings import Settings
from tests.builders import Fair, Tablet, make_fair, pair_tablet
from tests.payments.money import (
    NUMBER,
    SECRET,
    account_in_use,
    bank_lines,
    by_transfer,
    code_of,
    confirmations,
    look,
    sepay_body,
    sepay_headers,
)
from tests.payments.test_hooks import CASSO, PAYOS_DATA, casso_headers, payos_body

PRICE = 220_000


@pytest.fixture(autouse=True)
def secrets(settings: Settings) -> Path:
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    path = settings.hooks_path
    held = {"secret": SECRET, "accounts": [NUMBER, "5555", "88888888", "12345678", "VQRQ0001"]}
    path.write_text(json.dumps({name: {"k1": held} for name in ("sepay", "casso", "payos")}))
    return path


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


def post(client: FlaskClient, body: bytes, headers: dict[str, str], path: str = "/hooks/sepay/k1") -> TestResponse:
    return client.post(path, data=body, headers=headers)


def events(app: Flask) -> int:
    with app.app_context():
        return reading().scalar(select(func.count()).select_from(HookEvent)) or 0


def test_signed_money_confirms_the_sale_and_is_answered_as_sepay_expects(
    app: Flask, fair: Fair, tablet: Tablet, client: FlaskClient
) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account_in_use(app, fair))
    tablet.send(sale)
    body = sepay_body(code_of(1), PRICE)
    for _again in range(3):
        answer = post(client, body, sepay_headers(body))
        assert (answer.status_code, answer.json) == (200, {"success": True})
        assert "Set-Cookie" not in answer.headers
    assert look(app, sale["id"]).received_dong == PRICE
    assert (events(app), len(bank_lines(app)), len(confirmations(app))) == (1, 1, 1)


def test_casso_and_payos_confirm_too(app: Flask, fair: Fair, tablet: Tablet, client: FlaskClient) -> None:
    sales = [by_transfer(tablet, fair.goods[0], code_of(n), account_in_use(app, fair, number=number))
             for n, number in ((1, "88888888"), (2, "12345678"))]  # fmt: skip
    tablet.send(*sales)
    data = CASSO["data"] | {"amount": PRICE, "description": f"{code_of(1)} mật ong"}
    casso = json.dumps(CASSO | {"data": data}).encode()
    signed = casso_headers(
        json.dumps(CASSO | {"data": data}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    )
    payos = payos_body(PAYOS_DATA | {"amount": PRICE, "description": code_of(2)})
    assert post(client, casso, signed, "/hooks/casso/k1").status_code == 200
    assert post(client, payos, {}, "/hooks/payos/k1").status_code == 200
    assert [look(app, one["id"]).received_dong for one in sales] == [PRICE, PRICE]


def test_what_is_not_signed_leaves_nothing(app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    body = sepay_body(code_of(1), PRICE)
    good = sepay_headers(body)
    old = sepay_headers(body, at=now() - timedelta(minutes=6))
    for headers, path in (
        ({}, "/hooks/sepay/k1"),
        (sepay_headers(body, secret="another secret"), "/hooks/sepay/k1"),
        (sepay_headers(body + b" "), "/hooks/sepay/k1"),
        (old, "/hooks/sepay/k1"),
        (good, "/hooks/sepay/k2"),
        (good, "/hooks/casso/k1"),
        (good, "/hooks/payos/k1"),
    ):
        answer = post(client, body, headers, path)
        assert (answer.status_code, answer.json) == (401, {"success": False})
    assert post(client, body, good, "/hooks/momo/k1").status_code == 404
    assert client.get("/hooks/sepay/k1").status_code == 405
    assert events(app) == 0
    assert sum("hook refused" in record.message for record in caplog.records) == 7
    assert SECRET not in caplog.text


def test_one_owners_secret_confirms_no_sale_of_another(
    app: Flask, fair: Fair, tablet: Tablet, client: FlaskClient, secrets: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account_in_use(app, fair))
    tablet.send(sale)
    mine, theirs = {"secret": SECRET, "accounts": ["9998887776665"]}, {"secret": "x" * 20, "accounts": [NUMBER]}
    secrets.write_text(json.dumps({"sepay": {"k1": mine, "theirs": theirs}}))
    for body in (
        sepay_body(code_of(1), PRICE),
        sepay_body(code_of(1), PRICE, account="9998887776665", subAccount=NUMBER),  # their account behind one's own
        sepay_body(code_of(1), PRICE, account=""),
    ):
        assert post(client, body, sepay_headers(body)).status_code == 403
    assert (look(app, sale["id"]).received_dong, events(app)) == (0, 0)
    assert "not its own" in caplog.text
    body = sepay_body(code_of(1), PRICE)
    assert post(client, body, sepay_headers(body, secret="x" * 20), "/hooks/sepay/theirs").status_code == 200
    assert look(app, sale["id"]).received_dong == PRICE


def test_secrets_that_others_may_read_are_said_to_be(
    client: FlaskClient, secrets: Path, caplog: pytest.LogCaptureFixture
) -> None:
    body = sepay_body(code_of(1), PRICE)
    for mode, said in ((0o600, 0), (0o644, 1)):
        secrets.chmod(mode)
        assert post(client, body, sepay_headers(body)).status_code == 200
        assert sum("can be read by other users" in record.message for record in caplog.records) == said
    assert SECRET not in caplog.text


def test_without_a_file_of_secrets_nobody_is_let_in(client: FlaskClient, secrets: Path) -> None:
    secrets.unlink()
    body = sepay_body(code_of(1), PRICE)
    assert post(client, body, sepay_headers(body)).status_code == 401


def test_a_body_may_have_64_kilobytes(app: Flask, client: FlaskClient) -> None:
    fits = sepay_body("x", PRICE, gateway="x" * 60_000)
    too_long = sepay_body("x", PRICE, gateway="x" * 66_000)
    assert post(client, fits, sepay_headers(fits)).status_code == 200
    assert post(client, too_long, sepay_headers(too_long)).status_code == 413
    in_pieces = client.post(  # nobody says how long it is
        "/hooks/sepay/k1", input_stream=BytesIO(too_long), headers=sepay_headers(too_long),
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )  # fmt: skip
    assert (in_pieces.status_code, events(app)) == (413, 1)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"transferAmount": PRICE - 1}, "underpaid"),
        ({"accountNumber": "5555"}, "account_unknown"),
        ({"content": "mua hang"}, "no_code"),
        ({"content": code_of(9)}, "code_unknown"),
    ],
)
def test_wrong_money_is_listed_and_answered_all_the_same(
    app: Flask, fair: Fair, tablet: Tablet, client: FlaskClient, changes: dict[str, Any], state: str
) -> None:
    tablet.send(by_transfer(tablet, fair.goods[0], code_of(1), account_in_use(app, fair)))
    body = sepay_body(code_of(1), PRICE, **changes)
    assert post(client, body, sepay_headers(body)).status_code == 200
    assert [one.state for one in bank_lines(app)] == [state]


@pytest.mark.race
def test_ten_deliveries_at_once_count_once(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account_in_use(app, fair))
    tablet.send(sale)
    body = sepay_body(code_of(1), PRICE, account=NUMBER)

    def once(_number: int) -> int:
        return post(app.test_client(), body, sepay_headers(body)).status_code

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(once, range(10))) == {200}
    assert look(app, sale["id"]).received_dong == PRICE
    assert (events(app), len(confirmations(app))) == (1, 1)
