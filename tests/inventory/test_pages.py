"""Pages of stock: what an organiser reads there, and that nobody else gets in."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from fair_pos.inventory.pages import moved_as
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import reading
from fair_pos.stock.queries import stores_of
from tests.builders import BOUNDARY, Fair, csrf_token, make_fair, pair_tablet, sign_in
from tests.inventory.test_queries import bring, sell


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def organiser(fair: Fair, client: FlaskClient) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def test_a_place_and_its_file_show_the_same(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    today = fair_day(now(), BOUNDARY)
    bring(app, fair, 5, code="L-01", ends=today + timedelta(days=3))
    bring(app, fair, 2, code="L-02", ends=today - timedelta(days=1), owner=fair.producer_ids[1])
    path = f"/editions/{fair.edition_id}/stock/{fair.booth_ids[0]}"
    shown = page(organiser, path)
    for words in ("Lô L-01", "Lô L-02", "sắp hết hạn", "đã hết hạn"):
        assert words in shown
    book = load_workbook(BytesIO(organiser.get(f"{path}.xlsx").data))
    rows = [row for row in book.active.iter_rows(min_row=2, values_only=True) if row[3]]  # type: ignore[union-attr]
    assert sorted((row[3], row[5]) for row in rows) == [("L-01", 5), ("L-02", 2)]
    only = page(organiser, f"{path}?owner={fair.producer_ids[1]}")
    assert "Lô L-02" in only
    assert "Lô L-01" not in only


def test_an_evening_of_the_past_is_shown_as_it_was(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    bring(app, fair, 5, code="L-01")
    path = f"/editions/{fair.edition_id}/stock/{fair.booth_ids[0]}"
    long_ago = (fair_day(now(), BOUNDARY) - timedelta(days=2)).isoformat()
    assert "Chưa có hàng nào ở đây" in page(organiser, f"{path}?day={long_ago}")
    assert "Lô L-01" in page(organiser, path)
    assert "cuối ngày" in page(organiser, f"/editions/{fair.edition_id}/stock?day={long_ago}")


def test_goods_below_zero_lead_to_their_receipts(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    tablet = pair_tablet(app, fair)
    assert "Không có hàng nào âm" in page(organiser, f"/editions/{fair.edition_id}/below-zero")
    sell(app, tablet, fair, 2)
    shown = page(organiser, f"/editions/{fair.edition_id}/below-zero")
    assert "Âm trong hôm nay" in shown
    assert "Âm từ hôm trước" not in shown
    receipt = shown.split('href="/sales/')[1].split('"')[0]
    assert organiser.get(f"/sales/{receipt}").status_code == 200


def test_the_ledger_of_a_shelf_is_told_in_words(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    bring(app, fair, 5, code="L-01")
    sell(app, pair_tablet(app, fair), fair, 2)
    shown = page(organiser, f"/editions/{fair.edition_id}/stock/{fair.booth_ids[0]}/{fair.goods[0].product_id}")
    assert "Nhận vào" in shown
    assert "Lô L-01" in shown
    assert shown.index("Bán</a>") < shown.index("Nhận vào")
    gone = organiser.get(f"/editions/{fair.edition_id}/stock/{fair.booth_ids[0]}/none")
    assert gone.status_code == 404


def test_lots_near_their_end_lead_to_a_return_note(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    assert "Không có lô nào sắp hết hạn" in page(organiser, f"/editions/{fair.edition_id}/expiring")
    lot = bring(app, fair, 5, code="L-01", ends=fair_day(now(), BOUNDARY))
    shown = page(organiser, f"/editions/{fair.edition_id}/expiring")
    assert "hôm nay là ngày cuối" in shown
    assert f"lot={lot}" in shown


def test_stores_are_added_and_closed(app: Flask, fair: Fair, organiser: FlaskClient) -> None:
    path, token = f"/editions/{fair.edition_id}/stock", csrf_token(organiser)

    def post(address: str, **fields: str) -> tuple[int, str]:
        answer = organiser.post(address, data={"csrf_token": token, **fields})
        return answer.status_code, answer.get_data(as_text=True)

    assert post(f"{path}/stores", code="k1", name="Kho sau")[0] == 302
    status, shown = post(f"{path}/stores", code="K1", name="Kho khác")
    assert status == 400
    assert 'value="Kho khác"' in shown
    with app.app_context():
        (store,) = stores_of(reading(), fair.edition_id)
    assert store.code == "K1"
    bring(app, fair, 3, place=store.id, kind="store")
    assert post(f"{path}/stores/{store.id}/close")[0] == 400
    assert post(f"{path}/stores/{fair.booth_ids[0]}/close")[0] == 404
    assert post(f"{path}/stores/none/close")[0] == 404


def test_nobody_else_gets_in(app: Flask, fair: Fair) -> None:
    for login in ("nguoiban", "chuthe"):
        client = app.test_client()
        sign_in(client, login)
        for path in ("stock", f"stock/{fair.booth_ids[0]}", "expiring", "below-zero"):
            assert client.get(f"/editions/{fair.edition_id}/{path}").status_code == 404, (login, path)


def test_every_kind_of_movement_has_a_word(app: Flask) -> None:
    with app.test_request_context("/"):
        for kind in (
            "intake",
            "return",
            "sale",
            "refund",
            "giveaway",
            "transfer_out",
            "transfer_in",
            "write_off",
            "count",
        ):
            assert moved_as(kind) != kind
