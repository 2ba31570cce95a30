"""Pages of statements: who is owed what, making them, paying, files that stay the same bytes."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fair_pos import create_app
from fair_pos.consignment.photos import add_photo, redrawn
from fair_pos.every_table import metadata
from fair_pos.journal.tables import Line
from fair_pos.kernel.clock import now
from fair_pos.payments.actions import AccountSaid
from fair_pos.payments.vietqr import VietQr, parse
from fair_pos.plumbing.db import db, reading
from fair_pos.settings import Settings, new_data_key
from fair_pos.settlement.files import file_of
from fair_pos.settlement.transfers import LISTED, SHOWN
from tests.builders import csrf_token, make_fair, sign_in
from tests.consignment.test_photos import phone_photo
from tests.plumbing.test_qr import modules_of
from tests.settlement.stage import Stage, make_stage, written_off
from tests.terms.test_accounts import NUMBER, agree, offer


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


# --- the whole number, for whoever pays ---------------------------------------------------------------------------------


def drawn_code(page: str) -> VietQr:
    """What a bank's app reads off the code on the page."""
    svg = page[page.index("<svg") : page.index("</svg>") + 6]
    rows = [[not dark for dark in row] for row in modules_of(svg)]
    (found,) = zxingcpp.read_barcodes(Image.fromarray(np.array(rows, dtype=np.uint8) * 255).resize([len(rows) * 4] * 2))
    return parse(found.text)


def agreed(stage: Stage) -> str:
    """The address of a statement whose owner has an account, and of no other."""
    stage.settle(2)
    agree(stage.app, stage.fair, offer(stage.app, stage.fair))
    mine = next(one for one in stage.statements() if one.producer_id == stage.fair.producer_ids[0])
    return f"/editions/{stage.fair.edition_id}/settlements/{mine.number}"


def written(stage: Stage) -> list[Any]:
    with stage.app.app_context():
        return [row for table in metadata.sorted_tables for row in reading().execute(select(table))]


def test_the_number_is_shown_once_it_is_asked_for_and_is_read_off_the_code(
    stage: Stage, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = agreed(stage)
    sign_in(client, "bantochuc")
    page = client.get(path).get_data(as_text=True)
    assert "Vietcombank •••• 678" in page
    assert NUMBER not in page
    assert client.get(f"{path}/account").status_code == 404, "asked for without a form it shows nothing"
    answer = client.post(f"{path}/account", data={"csrf_token": csrf_token(client)})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "".join(re.findall(r"<span>(\w+)</span>", page)) == NUMBER
    for words in ("Vietcombank", "LO THI HANH", "130.000", "Hoi cho thu"):
        assert words in page
    code = drawn_code(page)
    assert (code.bank_bin, code.account, code.amount_dong) == ("970436", NUMBER, 130_000)
    assert code.note == f"TT{path.rpartition('/')[2]:>04} Hoi cho thu"
    assert 'href="http' not in page, "the page leads to no other site"
    page = client.get(path).get_data(as_text=True)
    assert "Số tài khoản đã được xem 1 lần" in page
    seen = "\n".join([page, caplog.text, *map(str, written(stage))])
    for secret in (NUMBER, NUMBER[-8:], "LO THI HANH"):
        assert secret not in seen


def test_a_list_for_the_bank_leaves_once_it_is_written_down(
    stage: Stage, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path, _slash, number = agreed(stage).rpartition("/")
    sign_in(client, "bantochuc")
    token = {"csrf_token": csrf_token(client)}
    answer = client.post(f"{path}/transfers", data={**token, "number": ticked(client, path)})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    rows = list(load_workbook(BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert [(row[0], row[4], row[5]) for row in rows[1:]] == [
        (f"TT-000{number}", NUMBER, 130_000),
        ("Cộng", None, 130_000),
    ]
    assert NUMBER not in answer.headers["Content-Disposition"]
    assert "trong danh sách chuyển khoản" in client.get(f"{path}/{number}").get_data(as_text=True)
    assert NUMBER not in caplog.text + str(written(stage))
    for numbers, words in (
        ([], "ít nhất một bảng"),
        (["1", "2"], "chưa có tài khoản nhận tiền đã được hai người duyệt"),
    ):
        answer = client.post(f"{path}/transfers", data={**token, "number": numbers})
        assert (answer.status_code, words in answer.get_data(as_text=True)) == (400, True)
    assert client.get(f"{path}/transfers").status_code == 405


def test_an_account_changed_after_the_look_is_said_where_it_is_paid(stage: Stage, client: FlaskClient) -> None:
    path = agreed(stage)
    sign_in(client, "bantochuc")
    page = post(client, f"{path}/account")[1]
    seen = re.findall(r'name="seen" value="([^"]+)"', page)[0]
    agree(stage.app, stage.fair, offer(stage.app, stage.fair, AccountSaid("970418", "0200998877", "HTX")), "0200998877")
    how = {"day": stage.day(0).isoformat(), "method": "transfer", "reference": "FT 9"}
    page = client.get(path).get_data(as_text=True)
    assert "Tài khoản đã đổi sau lần xem số gần nhất. Bây giờ là BIDV •••• 877" in page
    status, page = post(client, f"{path}/payout", seen=seen, **how)
    assert (status, "bây giờ là BIDV •••• 877. Chưa ghi gì" in page) == (400, True)
    all_of_it, number = path.rpartition("/")[::2]
    status, page = pay_all(client, all_of_it, [number], seen=f"{number}:{seen}", confirmed="1", **how)
    assert (status, f"Bảng TT-000{number} chưa ghi được" in page, "BIDV •••• 877" in page) == (400, True, True)
    assert "chờ trả" in client.get(path).get_data(as_text=True)
    page = client.get(path).get_data(as_text=True)
    now_seen = re.findall(r'name="seen" value="([^"]+)"', page)[0]
    status, page = post(client, f"{path}/payout", seen=now_seen, account=seen, **how)
    assert (status, "chuyển khoản vào Vietcombank •••• 678" in page) == (200, True), "it had left before the change"


def test_what_opens_no_account_says_why_and_writes_nothing(
    app: Flask, settings: Settings, stage: Stage, client: FlaskClient
) -> None:
    path = agreed(stage)
    other = f"{path.rpartition('/')[0]}/{3 - int(path.rpartition('/')[2])}"
    lost = create_app(replace(settings, data_key=new_data_key()))
    for server, address, words in (
        (app, other, "chưa có tài khoản nhận tiền đã được hai người duyệt"),
        (lost, path, "khóa dữ liệu của máy chủ đã đổi"),
    ):
        browser = server.test_client()
        sign_in(browser, "bantochuc")
        status, page = post(browser, f"{address}/account")
        assert (status, words in page) == (400, True)
        status, page = pay_list(browser, address)
        assert (status, words in page, "chưa lập danh sách nào" in page) == (400, True, True)
    with lost.app_context():
        db.engine.dispose()
    assert looks(app) == 0
    sign_in(client, "bantochuc")
    post(client, f"{path}/payout", method="cash", day=stage.day(0).isoformat())
    status, page = post(client, f"{path}/account")
    assert (status, "đã được ghi là đã trả" in page, NUMBER in page) == (400, True, False)


def looks(app: Flask) -> int | None:
    with app.app_context():
        return reading().scalar(select(func.count()).where(Line.verb.in_((SHOWN, LISTED))))


def pay_list(client: FlaskClient, path: str) -> tuple[int, str]:
    everything, number = path.rpartition("/")[::2]
    return post(client, f"{everything}/transfers", number=number)


def test_nobody_but_who_pays_out_here_sees_a_number(app: Flask, stage: Stage) -> None:
    path = agreed(stage)
    make_fair(app, name="Hội chợ khác")
    for login_name in ("chuthe", "nguoiban", "bantochuc.hoi-cho-khac"):
        browser = app.test_client()
        sign_in(browser, login_name)
        assert post(browser, f"{path}/account")[0] == 404
        assert pay_list(browser, path)[0] == 404
    assert looks(app) == 0
