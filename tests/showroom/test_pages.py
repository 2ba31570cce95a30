from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fair_pos.plumbing.db import reading
from fair_pos.showroom.tables import Admission
from tests.builders import PASSWORD, csrf_token, sign_in
from tests.showroom.conftest import Shop


@pytest.fixture
def goods(client: FlaskClient, shop: Shop) -> str:
    sign_in(client, "bantochuc", PASSWORD)
    return f"/editions/{shop.fair.edition_id}/goods"


def send(client: FlaskClient, url: str, page: str, **form: object) -> tuple[int, str]:
    answer = client.post(url, data={"csrf_token": csrf_token(client, page), **form}, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_an_empty_showroom_says_what_to_do(client: FlaskClient, goods: str) -> None:
    page = client.get(goods).get_data(as_text=True)
    assert "Chưa có sản phẩm nào được nhận trưng bày" in page
    assert "Chọn sản phẩm để trưng bày" in page


def test_products_are_admitted_and_the_rest_is_said_with_why(client: FlaskClient, shop: Shop, goods: str) -> None:
    page = client.get(f"{goods}/admit").get_data(as_text=True)
    assert "chưa đủ căn cứ" in page
    assert "chưa có sao OCOP" in page
    both = {"product": [shop.starred, shop.bare], "day": shop.today.isoformat()}
    status, page = send(client, f"{goods}/admit", f"{goods}/admit", **both)
    assert status == 200
    assert "Đã trưng bày 1 sản phẩm." in page
    assert "chưa có sao OCOP; chưa có danh hiệu nào khác" in page
    status, page = send(client, f"{goods}/admit", f"{goods}/admit", product=shop.bare, day=shop.today.isoformat())
    assert status == 400
    assert "chưa có căn cứ nào để trưng bày" in page
    status, page = send(client, f"{goods}/admit", f"{goods}/admit", product=shop.bare, day="hôm nay")
    assert status == 400


def test_goods_leave_with_a_reason(app: Flask, client: FlaskClient, shop: Shop, goods: str) -> None:
    send(client, f"{goods}/admit", f"{goods}/admit", product=shop.starred, day=shop.today.isoformat())
    with app.app_context():
        admission = reading().scalar(select(Admission.id))
    form = {"admission": admission, "day": shop.today.isoformat()}
    status, page = send(client, f"{goods}/withdraw", goods, **form, reason="")
    assert (status, "Hãy ghi lý do thôi trưng bày." in page) == (400, True)
    status, page = send(client, f"{goods}/withdraw", goods, **form, reason="Hết hàng")
    assert status == 200
    assert "Hết hàng" in page
    yesterday = client.get(goods, query_string={"day": (shop.today - timedelta(days=1)).isoformat()})
    assert yesterday.status_code == 200
    assert send(client, f"{goods}/withdraw", goods, **form, reason="Hết hàng")[0] == 404


def test_a_seller_sees_none_of_it(client: FlaskClient, shop: Shop) -> None:
    sign_in(client, "nguoiban", PASSWORD)
    for end in ("", ".xlsx", "/admit"):
        assert client.get(f"/editions/{shop.fair.edition_id}/goods{end}").status_code in {403, 404}
