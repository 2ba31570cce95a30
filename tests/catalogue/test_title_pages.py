from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fair_pos.catalogue.tables import Product
from fair_pos.plumbing.db import reading
from tests.builders import PASSWORD, Fair, csrf_token, make_fair, sign_in


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def send(client: FlaskClient, url: str, page: str, **form: object) -> tuple[int, str]:
    answer = client.post(url, data={"csrf_token": csrf_token(client, page), **form}, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_titles_are_entered_and_taken_back(app: Flask, client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "bantochuc", PASSWORD)
    with app.app_context():
        slug = reading().scalar(select(Product.slug).where(Product.id == fair.goods[0].product_id))
    url = f"/catalogue/products/{slug}/titles"
    assert "chưa có danh hiệu nào" in client.get(url).get_data(as_text=True)
    said = {"kind": "dac_san", "level": "commune", "issued": "2024-05-01", "expires": "", "decision": "QĐ 9"}
    for wrong in ({"issued": ""}, {"expires": "2024-04-30"}, {"kind": "vàng"}):
        assert send(client, url, url, **{**said, **wrong})[0] == 400
    status, page = send(client, url, url, **said)
    assert (status, "Đặc sản địa phương" in page, "còn hạn" in page) == (200, True, True)
    assert send(client, url, url, **said)[0] == 400
    title = page.split('name="title" value="')[1].split('"')[0]
    status, page = send(client, f"{url}/remove", url, title=title)
    assert (status, "chưa có danh hiệu nào" in page) == (200, True)
    assert client.get("/catalogue/products/gone/titles").status_code == 404
