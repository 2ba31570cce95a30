"""Pages of statements: who is owed what, making them, paying, files that stay the same bytes."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from fair_pos.consignment.photos import add_photo, redrawn
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading
from fair_pos.settlement.files import file_of
from tests.builders import csrf_token, sign_in
from tests.consignment.test_photos import phone_photo
from tests.settlement.stage import Stage, make_stage, written_off


@pytest.fixture
def stage(app: Flask) -> Stage:
    made = make_stage(app)
    made.sell(6, made.line(made.fair.goods[0], 200_000), made.line(made.fair.goods[3], 100_000))
    made.fee(made.fair.producer_ids[0], 30_000, 6, "Tủ lạnh")
    return made


def post(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": csrf_token(client), **fields}, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_make_pay_and_take_back(stage: Stage, client: FlaskClient) -> None:
    sign_in(client, "bantochuc")
    path = f"/editions/{stage.fair.edition_id}/settlements"
    page = client.get(path).get_data(as_text=True)
    assert "130.000" in page
    assert "80.000" in page
    status, page = post(client, path, until=stage.day(0).isoformat())
    assert status == 400
    assert "chưa hết" in page
    status, page = post(client, path, until=stage.day(2).isoformat(), owner="")
    assert status == 200
    assert "Đã lập 2 bảng thanh toán" in page
    _, page = post(client, path, until=stage.day(2).isoformat(), owner="")
    assert "đã được lập từ trước" in page
    page = client.get(f"{path}/1").get_data(as_text=True)
    assert "130.000" in page
    assert "Tủ lạnh" in page
    assert "chờ trả" in page
    status, page = post(client, f"{path}/1/payout", method="cash", day=stage.day(0).isoformat(), reference="PC 1")
    assert status == 200
    assert "đã trả" in page
    assert "PC 1" in page
    status, page = post(client, f"{path}/1/payout", method="cash", day=stage.day(0).isoformat())
    assert status == 400
    assert "đã được ghi" in page
    status, page = post(client, f"{path}/1/payout/reverse", reason="")
    assert status == 400
    status, page = post(client, f"{path}/1/payout/reverse", reason="Trả nhầm")
    assert status == 200
    assert "Trả nhầm" in page
    page = client.get(path + "?state=paid").get_data(as_text=True)
    assert "Không có bảng nào như vậy" in page
    assert client.get(f"{path}/99").status_code == 404
    assert client.get(f"{path}/1/secret.pdf").status_code == 404


def test_files_are_the_same_bytes_and_cells_are_numbers(stage: Stage, client: FlaskClient) -> None:
    stage.settle(2)
    sign_in(client, "bantochuc")
    path = f"/editions/{stage.fair.edition_id}/settlements/1"
    first = b""
    for kind in ("statement.pdf", "goods_sold.pdf", "statement.xlsx"):
        first = client.get(f"{path}/{kind}").data
        assert client.get(f"{path}/{kind}").data == first
    book = load_workbook(BytesIO(first))
    values = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert values["Được nhận kỳ này"] == 130_000
    assert isinstance(values["Được nhận kỳ này"], int)
    assert values["Các khoản thu"] == -30_000


def test_nobody_else_gets_in(stage: Stage, client: FlaskClient) -> None:
    stage.settle(2)
    sign_in(client, "chuthe")
    for path in ("", "/1", "/1/statement.pdf"):
        assert client.get(f"/editions/{stage.fair.edition_id}/settlements{path}").status_code in (403, 404)


def test_photo_of_what_is_broken_is_seen_by_whoever_may_see_the_statement(
    app: Flask, stage: Stage, client: FlaskClient
) -> None:
    fair, photos = stage.fair, list[str]()

    def keep(session: Session) -> str:
        return add_photo(session, fair.edition_id, note_id, 1, redrawn(phone_photo()), at=now(), by=None)

    for goods in (fair.goods[0], fair.goods[3]):
        note_id = written_off(stage, goods, 2, 6)
        photos.append(stage.do(keep))
    stage.settle(2)
    mine = next(one for one in stage.statements() if one.producer_id == fair.producer_ids[0])
    photo, other = photos
    sign_in(client, "bantochuc")
    path = f"/editions/{fair.edition_id}/settlements/{mine.number}"
    assert f'src="{path}/photos/{photo}.jpg"' in client.get(path).get_data(as_text=True)
    answer = client.get(f"{path}/photos/{photo}.jpg")
    assert (answer.mimetype, answer.data[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert client.get(f"{path}/photos/{other}.jpg").status_code == 404
    printed = client.get(f"{path}/statement.pdf").data
    assert b"/DCTDecode" in printed
    with app.test_request_context():
        assert file_of(reading(), mine.id, "statement.pdf") == printed

    sign_in(client, "chuthe")
    own = f"/producers/{fair.producer_ids[0]}/money/{mine.id}"
    assert f'href="{own}/photos/{photo}.jpg"' in client.get(own).get_data(as_text=True)
    assert client.get(f"{own}/photos/{photo}.jpg").data == answer.data
    assert client.get(f"{own}/photos/{other}.jpg").status_code == 404
    assert client.get(f"{path}/photos/{photo}.jpg").status_code in (403, 404)
