"""Pages of statements: who is owed what, making them, paying, files that stay the same bytes."""

from __future__ import annotations

import re
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
from tests.terms.test_accounts import agree, offer


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


def ticked(client: FlaskClient, path: str) -> list[str]:
    page = client.get(path).get_data(as_text=True)
    return re.findall(r'name="number" value="(\d+)" checked', page)


def pay_all(client: FlaskClient, path: str, numbers: list[str], **fields: str) -> tuple[int, str]:
    data = {"csrf_token": csrf_token(client), "number": numbers, **fields}
    answer = client.post(f"{path}/payouts", data=data, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_many_are_paid_at_once_after_a_look_or_none(stage: Stage, client: FlaskClient) -> None:
    stage.settle(2)
    sign_in(client, "bantochuc")
    path, day = f"/editions/{stage.fair.edition_id}/settlements", stage.day(0).isoformat()
    assert ticked(client, path) == ["1", "2"], "without any account cash is asked for"
    agree(stage.app, stage.fair, offer(stage.app, stage.fair))
    mine = next(one for one in stage.statements() if one.producer_id == stage.fair.producer_ids[0])
    assert ticked(client, path) == [str(mine.number)], "a transfer goes to an agreed account"
    assert ticked(client, f"{path}?method=cash") == ["1", "2"]
    other = next(one for one in stage.statements() if one.number != mine.number)

    asked = {"day": day, "method": "transfer"}
    status, page = pay_all(client, path, ["1", "2"], reference="CK 24/11", **asked)
    assert (status, f"Bảng {other.written} chưa ghi được" in page, "chưa có tài khoản nhận tiền" in page) == (
        400,
        True,
        True,
    )
    status, page = pay_all(client, path, [str(mine.number)], **asked)
    assert (status, f"Bảng {mine.written} chưa ghi được" in page) == (400, True), "a transfer has a reference"
    status, page = pay_all(client, path, [], reference="CK 24/11", **asked)
    assert (status, "ít nhất một bảng" in page) == (400, True)
    for wrong in ("99", "x", "9" * 30, "²"):
        assert pay_all(client, path, [wrong], reference="CK", **asked)[0] == 404
    assert pay_all(client, path, ["1"], day=day, method="gold")[0] == 404

    status, page = pay_all(client, path, ["1", "2"], day=day, method="cash", reference="PC 7")
    assert (status, "Ghi đã chi trả (2 bảng, tổng 210.000" in page.replace("\u00a0", " ")) == (200, True)
    assert [one.state for one in stage.statements()] == ["waiting", "waiting"], "a look writes nothing"
    post(client, f"{path}/{mine.number}/payout", method="cash", day=day)
    status, page = pay_all(client, path, ["1", "2"], day=day, method="cash", reference="PC 7", confirmed="1")
    assert (status, f"Bảng {mine.written} chưa ghi được" in page) == (400, True)
    assert [one.state for one in stage.statements() if one.number == other.number] == ["waiting"]
    post(client, f"{path}/{mine.number}/payout/reverse", reason="Trả nhầm")

    status, page = pay_all(client, path, ["2", "1", "1"], day=day, method="cash", reference="PC 7", confirmed="1")
    assert (status, "Đã ghi đã chi trả 2 bảng" in page) == (200, True)
    assert [one.paid and (one.paid.amount_dong, one.paid.reference, one.paid.method) for one in stage.statements()] == [
        (one.payable_dong, "PC 7", "cash") for one in stage.statements()
    ]
    assert 'id="pay"' not in page


def test_transfers_share_one_reference_and_keep_their_own_account(stage: Stage, client: FlaskClient) -> None:
    stage.settle(2)
    agree(stage.app, stage.fair, offer(stage.app, stage.fair))
    sign_in(client, "bantochuc")
    path = f"/editions/{stage.fair.edition_id}/settlements"
    asked = {"day": stage.day(0).isoformat(), "method": "transfer", "reference": "CK 24/11"}
    numbers = ticked(client, path)
    assert "•••• 678" in pay_all(client, path, numbers, **asked)[1]
    assert pay_all(client, path, numbers, confirmed="1", **asked)[0] == 200
    paid = [one.paid for one in stage.statements() if one.paid]
    assert [(one.reference, one.last_digits) for one in paid] == [("CK 24/11", "678")]


def test_long_lists_come_in_pages_with_the_sum_of_all(
    stage: Stage, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.settle(2)
    monkeypatch.setattr("fair_pos.settlement.pages.PAGE_SIZE", 1)
    sign_in(client, "bantochuc")
    path = f"/editions/{stage.fair.edition_id}/settlements"
    for page, links in ((1, ["2"]), (2, ["1"]), (3, [])):
        text = client.get(f"{path}?page={page}").get_data(as_text=True).replace("\u00a0", " ")
        assert re.findall(rf'href="{path}/(\d+)"', text) == links
        assert "2 bảng: được nhận 210.000" in text
    assert 'rel="next"' in client.get(path).get_data(as_text=True)
