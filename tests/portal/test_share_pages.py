"""A shared day: what its owner ticked and nothing more, for thirty days or until it is taken back."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import db, transaction
from fair_pos.portal.refusals import NothingChosen
from fair_pos.portal.tables import SharedDay
from tests.builders import BOUNDARY, Fair, csrf_token, make_fair, pair_tablet, sign_in


@pytest.fixture
def fair(app: Flask) -> Fair:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(fair.goods[0], 2), (fair.goods[1], 1), (fair.goods[3], 7)]))
    return fair


@pytest.fixture
def maker(client: FlaskClient, fair: Fair) -> FlaskClient:
    sign_in(client, "chuthe")
    return client


def share(maker: FlaskClient, fair: Fair, *figures: str) -> int:
    path = f"/producers/{fair.producer_ids[0]}/share"
    return maker.post(path, data={"csrf_token": csrf_token(maker, path), "figure": list(figures)}).status_code


def token_of(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(SharedDay.token).order_by(SharedDay.created_at.desc())).first() or ""


def test_strangers_see_what_was_ticked_and_nothing_else(app: Flask, maker: FlaskClient, fair: Fair) -> None:
    assert share(maker, fair, "pieces", "goods", "places") == 302
    stranger, token = app.test_client(), token_of(app)
    assert len(token) == 22
    page = stranger.get(f"/s/{token}").get_data(as_text=True)
    assert "Hợp tác xã Số 1" in page
    assert re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page) == [
        ("Món đã bán", "3"),
        ("Mặt hàng", "2"),
        ("Nơi bán", "1"),
    ]
    for hidden in ("790.000", "₫", fair.goods[0].name, "Số 2", fair.producer_ids[0], "Gian"):
        assert hidden not in page
    for name in ("og:title", "og:description", "og:image", "og:url"):
        assert f'property="{name}"' in page
    base = app.extensions["fair_pos_settings"].public_url
    assert f'content="{base}/s/{token}.png"' in page


def test_money_is_shown_when_it_is_ticked(app: Flask, maker: FlaskClient, fair: Fair) -> None:
    share(maker, fair, "pieces", "goods", "places", "money")
    page = app.test_client().get(f"/s/{token_of(app)}").get_data(as_text=True)
    assert page.count("<dt>") == 3
    assert "790.000" in page


def test_the_picture_is_1200_by_630(app: Flask, maker: FlaskClient, fair: Fair) -> None:
    share(maker, fair, "pieces")
    answer = app.test_client().get(f"/s/{token_of(app)}.png")
    assert (answer.mimetype, answer.headers["Cross-Origin-Resource-Policy"]) == ("image/png", "cross-origin")
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert picture.size == (1200, 630)
    assert len(answer.data) < 100_000


def test_it_is_frozen(app: Flask, maker: FlaskClient, fair: Fair) -> None:
    share(maker, fair, "pieces")
    token, stranger = token_of(app), app.test_client()
    before = stranger.get(f"/s/{token}").data, stranger.get(f"/s/{token}.png").data
    tablet = pair_tablet(app, fair, 1)
    tablet.send(tablet.sale([(fair.goods[0], 9)]))
    assert (stranger.get(f"/s/{token}").data, stranger.get(f"/s/{token}.png").data) == before


def test_taken_back_or_run_out_nobody_sees_it(app: Flask, maker: FlaskClient, fair: Fair) -> None:
    share(maker, fair, "pieces")
    ended, path = token_of(app), f"/producers/{fair.producer_ids[0]}/share"
    shared = re.findall(r'name="shared" value="([^"]+)"', maker.get(path).get_data(as_text=True))[0]
    assert maker.post(f"{path}/end", data={"csrf_token": csrf_token(maker, path), "shared": shared}).status_code == 302
    share(maker, fair, "pieces")
    old = token_of(app)
    with app.app_context(), transaction() as work:
        row = work.scalars(select(SharedDay).where(SharedDay.token == old)).one()
        assert row.ends_at - row.created_at == timedelta(days=30)
        row.ends_at = now()
    for token in (ended, old, "x" * 22):
        for ending in ("", ".png"):
            assert app.test_client().get(f"/s/{token}{ending}").status_code == 404


def test_nothing_ticked_is_said(maker: FlaskClient, fair: Fair) -> None:
    assert share(maker, fair) == NothingChosen.status
    assert share(maker, fair, "everything") == NothingChosen.status


def test_before_the_first_sale_the_last_day_is_offered_and_never_zeros(app: Flask, client: FlaskClient) -> None:
    fair = make_fair(app)
    sign_in(client, "chuthe")
    path = f"/producers/{fair.producer_ids[0]}/share"
    assert "nên chưa có gì để chia sẻ" in client.get(path).get_data(as_text=True)
    assert share(client, fair, "pieces") == 302
    assert token_of(app) == ""
    tablet, yesterday = pair_tablet(app, fair), now() - timedelta(days=1)
    tablet.send(tablet.sale([(fair.goods[0], 5)], at=yesterday))
    assert share(client, fair, "pieces") == 302
    page = client.get(f"/s/{token_of(app)}").get_data(as_text=True)
    assert f"{fair_day(yesterday, BOUNDARY):%d/%m/%Y}" in page
    assert "<dd>5</dd>" in page
