"""A register of booths in the browser: download, upload, look, confirm."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import reading, transaction
from fair_pos.plumbing.sheets import read_sheet, write_csv
from fair_pos.venues.actions import freeze_edition
from fair_pos.venues.queries import booths_of
from tests.builders import Fair, csrf_token, make_fair, sign_in

HEADINGS = ["Mã gian", "Tên gian hàng", "Khu", "Chủ thể"]
MAKER = "Hợp tác xã Số 1 Hội chợ thử"
GOOD = [["A01", "Gian <mới>", "A", ""], ["B1", "Gian bê", "Khu B", MAKER], ["A02", "Gian 2", "A", ""]]


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app, booths=3)


@pytest.fixture
def office(client: FlaskClient, fair: Fair) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def path(fair: Fair) -> str:
    return f"/editions/{fair.edition_id}/booths/register"


def upload(client: FlaskClient, fair: Fair, data: bytes, filename: str = "gian.csv") -> Any:
    fields = {"csrf_token": csrf_token(client), "file": (BytesIO(data), filename)}
    return client.post(path(fair), data=fields, content_type="multipart/form-data")


def confirm(client: FlaskClient, fair: Fair, page: str) -> Any:
    token = re.search(r'name="upload" value="([^"]+)"', page)
    assert token is not None
    fields = {"csrf_token": csrf_token(client), "upload": token.group(1)}
    return client.post(f"{path(fair)}/confirm", data=fields)


def names(app: Flask, fair: Fair) -> dict[str, str]:
    with app.app_context():
        return {one.code: one.name for one in booths_of(reading(), fair.edition_id)}


def test_a_file_is_looked_at_and_then_taken_in(app: Flask, office: FlaskClient, fair: Fair) -> None:
    before = names(app, fair)
    page = upload(office, fair, write_csv(HEADINGS, GOOD)).get_data(as_text=True)
    assert names(app, fair) == before
    counts = re.findall(r'<dd class="count">(\d+)</dd>', page)
    assert counts == ["1", "1", "1", "2", "1"], "new, changed, same, zones, not in the file"
    assert "Gian &lt;mới&gt;" in page
    assert "trước: Gian 1" in page
    assert MAKER in page
    answer = confirm(office, fair, page)
    assert answer.headers["Location"] == f"/editions/{fair.edition_id}/booths"
    shown = office.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Đã nhập gian hàng: 1 mới, 1 đổi, 1 giữ nguyên." in shown
    assert names(app, fair) == before | {"A01": "Gian <mới>", "B1": "Gian bê"}
    assert confirm(office, fair, page).status_code == 400, "a file is imported once"


def test_the_same_file_again_says_that_nothing_changes(office: FlaskClient, fair: Fair) -> None:
    data = write_csv(HEADINGS, GOOD)
    confirm(office, fair, upload(office, fair, data).get_data(as_text=True))
    assert "nhập tệp này không thay đổi gì" in upload(office, fair, data).get_data(as_text=True)


def test_errors_are_listed_by_row_and_nothing_can_be_confirmed(app: Flask, office: FlaskClient, fair: Fair) -> None:
    before = names(app, fair)
    rows = [["C1", "Gian", "", ""], ["c 1", "Gian", "", ""], ["", "Gian", "", "Ai <đó>"]]
    page = upload(office, fair, write_csv(HEADINGS, rows)).get_data(as_text=True)
    assert "Có 3 lỗi" in page
    assert "Dòng 3: gian «C1» đã có ở dòng 2; hãy bỏ bớt một dòng." in page
    assert "Dòng 4: thiếu «Mã gian»." in page
    assert "Dòng 4: không có chủ thể «Ai &lt;đó&gt;»; hãy sửa cho đúng tên" in page
    assert 'name="upload"' not in page
    assert names(app, fair) == before


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "không có dòng gian hàng nào"),
        (write_csv(["Tên", "Khu"], [["Gian", "A"]]), "Thiếu cột bắt buộc: Mã gian"),
        (b"\xff\x00\x00", "Không đọc được tệp này"),
    ],
)
def test_what_is_no_register_comes_back_with_a_sentence(
    office: FlaskClient, fair: Fair, data: bytes, words: str
) -> None:
    answer = upload(office, fair, data)
    assert (answer.status_code, words in answer.get_data(as_text=True)) == (400, True)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_headings_and_booths_can_be_downloaded(office: FlaskClient, fair: Fair, kind: str) -> None:
    empty = office.get(f"{path(fair)}/template.{kind}")
    sheet = read_sheet(empty.data, f"x.{kind}")
    assert (sheet.headings, sheet.rows) == (HEADINGS, [])
    assert empty.headers["Content-Disposition"] == f'attachment; filename="mau-gian-hang.{kind}"'
    full = office.get(f"{path(fair)}/now.{kind}")
    rows = [row.cells for row in read_sheet(full.data, f"x.{kind}").rows]
    assert [row[0] for row in rows] == ["A01", "A02", "A03"]
    assert rows[0][3].count(";") == 2
    assert office.get(f"{path(fair)}/other.{kind}").status_code == 404


def test_only_who_manages_booths_here_may(app: Flask, client: FlaskClient, fair: Fair) -> None:
    other = make_fair(app, name="Khác")
    sign_in(client, "bantochuc")
    assert client.get(path(other)).status_code == 404
    assert upload(client, other, write_csv(HEADINGS, GOOD)).status_code == 404
    assert "Nhập từ tệp" in client.get(f"/editions/{fair.edition_id}/booths").get_data(as_text=True)


def test_a_frozen_edition_says_so_before_and_after_the_look(app: Flask, office: FlaskClient, fair: Fair) -> None:
    data = write_csv(HEADINGS, GOOD)
    page = upload(office, fair, data).get_data(as_text=True)
    with app.app_context(), transaction() as session:
        freeze_edition(session, fair.edition_id, at=now(), by=None)
    before = names(app, fair)
    for answer in (confirm(office, fair, page), upload(office, fair, data)):
        assert answer.status_code == 409
        assert "đã khóa ngày" in answer.get_data(as_text=True)
    assert names(app, fair) == before
