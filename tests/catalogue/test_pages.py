from __future__ import annotations

import io
import os
import re
import threading
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from fair_pos.catalogue import pages
from fair_pos.catalogue.actions import hold_catalogue
from fair_pos.catalogue.columns import COLUMNS
from fair_pos.catalogue.queries import current_version
from fair_pos.catalogue.tables import Product
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import reading, transaction
from fair_pos.plumbing.sheets import Cell, read_sheet, write_csv, write_xlsx
from fair_pos.registry.queries import titles_of
from fair_pos.registry.titles import KINDS, LEVELS
from fair_pos.venues.tables import Edition
from tests.builders import BOUNDARY, csrf_token, make_fair, sign_in

HEADINGS = [
    "Tên sản phẩm",
    "Chủ thể",
    "Nhóm OCOP",
    "Đơn vị tính",
    "Giá bán (đồng)",
    "Số sao",
    "Ngày cấp",
    "Tỉnh/thành phố",
]
GOOD: list[list[Cell]] = [
    ["Mật ong Pa Ủ", "HTX Pa Ủ", "Thực phẩm", "chai", 220_000, "4", "01/02/2026", "Lai Châu"],
    ["<b>Chè</b>", "HTX Pa Ủ", "Đồ uống", "hộp", 150_000, "", "", "Lai Châu"],
]
BAD: list[list[Cell]] = [*GOOD, ["Rượu", "HTX Pa Ủ", "Xe máy", "chai", "1,5tr", "", "", ""]]


@pytest.fixture
def office(app: Flask, client: FlaskClient) -> FlaskClient:
    make_fair(app)
    sign_in(client, "bantochuc")
    return client


def upload(client: FlaskClient, data: bytes, filename: str = "hang.csv") -> Any:
    form = {"csrf_token": csrf_token(client), "file": (io.BytesIO(data), filename)}
    return client.post("/catalogue/import", data=form, content_type="multipart/form-data")


def waiting_file(page: str) -> str:
    found = re.search(r'name="upload" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def confirm(client: FlaskClient, token: str) -> Any:
    return client.post("/catalogue/import/confirm", data={"csrf_token": csrf_token(client), "upload": token})


def state(app: Flask) -> tuple[int, int]:
    with app.app_context():
        return reading().scalar(select(func.count()).select_from(Product)) or 0, current_version(reading())


@pytest.mark.parametrize("data", [write_csv(HEADINGS, GOOD), write_xlsx("a", HEADINGS, GOOD)])
def test_a_file_is_looked_at_first_and_then_imported(app: Flask, office: FlaskClient, data: bytes) -> None:
    before = state(app)
    page = upload(office, data).get_data(as_text=True)
    assert state(app) == before  # looking changes nothing
    assert "Mật ong Pa Ủ" in page
    assert "&lt;b&gt;Chè&lt;/b&gt;" in page
    answer = confirm(office, waiting_file(page))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/catalogue/")
    assert state(app) == (before[0] + 2, before[1] + 1)
    listed = office.get("/catalogue/?q=mat+ong+pa+u").get_data(as_text=True)
    assert "thêm 2, cập nhật 0, giữ nguyên 0" in listed
    assert "220.000\u00a0₫" in listed
    assert "đến 31/01/2029" in listed
    assert "&lt;b&gt;Chè" not in listed


def test_a_file_waits_once_and_for_its_own_person_alone(app: Flask, office: FlaskClient) -> None:
    token = waiting_file(upload(office, write_csv(HEADINGS, GOOD)).get_data(as_text=True))
    before = state(app)
    other = app.test_client()
    sign_in(other, "quantri")
    assert confirm(other, token).status_code == 400
    assert state(app) == before
    assert confirm(office, token).status_code == 302
    answer = confirm(office, token)
    assert answer.status_code == 400
    assert "tải tệp lên lại" in answer.get_data(as_text=True)
    assert confirm(office, "../../secret_key").status_code == 400


def test_a_file_does_not_wait_for_ever(app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    token = waiting_file(upload(office, write_csv(HEADINGS, GOOD)).get_data(as_text=True))
    waiting = list((Path(app.instance_path) / "uploads").iterdir())
    assert len(waiting) == 1
    assert waiting[0].stat().st_mode & 0o077 == 0
    os.utime(waiting[0], (0, 0))
    assert confirm(office, token).status_code == 400
    upload(office, write_csv(HEADINGS, GOOD))
    assert not waiting[0].exists()


def test_errors_are_listed_by_row_and_nothing_waits(app: Flask, office: FlaskClient) -> None:
    before = state(app)
    page = upload(office, write_csv(HEADINGS, BAD)).get_data(as_text=True)
    assert "Có 2 lỗi nên chưa nhập dòng nào" in page
    assert "Dòng 4: giá «1,5tr» không phải số tiền" in page
    assert "Dòng 4: nhóm «Xe máy» không phải một trong sáu nhóm OCOP." in page
    assert 'name="upload"' not in page
    assert state(app) == before
    assert not (Path(app.instance_path) / "uploads").exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bytes(range(256)), "Không đọc được tệp này"),
        (b"", "Tệp không có dòng sản phẩm nào"),
        (b"a,b\n1,2\n", "Thiếu cột bắt buộc: Tên sản phẩm, Chủ thể"),
        (b"a\n" + b"1\n" * 20_001, "Tệp quá lớn"),
    ],
)
def test_wrong_files_are_answered_with_a_sentence(office: FlaskClient, data: bytes, words: str) -> None:
    answer = upload(office, data)
    assert answer.status_code in {400, 413}
    assert words in answer.get_data(as_text=True)


def test_no_file_at_all_is_answered_with_a_sentence(office: FlaskClient) -> None:
    answer = office.post("/catalogue/import", data={"csrf_token": csrf_token(office)})
    assert answer.status_code == 400
    assert "Tệp không có dòng sản phẩm nào" in answer.get_data(as_text=True)


def test_a_price_that_would_change_is_shown_before_and_after(office: FlaskClient) -> None:
    confirm(office, waiting_file(upload(office, write_csv(HEADINGS, GOOD)).get_data(as_text=True)))
    dearer: list[list[Cell]] = [[*GOOD[0][:4], 250_000, *GOOD[0][5:]]]
    page = upload(office, write_csv(HEADINGS, dearer)).get_data(as_text=True)
    assert "Giá sẽ đổi" in page
    assert page.index("220.000\u00a0₫") < page.index("250.000\u00a0₫")
    same = upload(office, write_csv(HEADINGS, GOOD)).get_data(as_text=True)
    assert "nhập tệp này không thay đổi gì" in same


@pytest.mark.parametrize(("kind", "mimetype"), [("csv", "text/csv"), ("xlsx", pages.XLSX), ("exe", "text/csv")])
def test_the_template_has_our_headings(office: FlaskClient, kind: str, mimetype: str) -> None:
    answer = office.get(f"/catalogue/template.{kind}")
    assert answer.mimetype == mimetype
    assert read_sheet(answer.data, "").headings == [column.heading for column in COLUMNS.values()]
    assert "exe" not in answer.headers["Content-Disposition"]


def test_the_import_page_says_how(office: FlaskClient) -> None:
    page = office.get("/catalogue/import").get_data(as_text=True)
    assert all(column.heading in page for column in COLUMNS.values())


def test_a_product_is_withdrawn_and_put_back(app: Flask, office: FlaskClient) -> None:
    listed = office.get("/catalogue/?q=che+shan").get_data(as_text=True)
    slug = re.findall(r'action="/catalogue/products/([^/]+)/withdraw"', listed)[0]
    for verb, words in (("withdraw", "Đã ngừng bán"), ("restore", "Đã mở bán lại")):
        form = {"csrf_token": csrf_token(office), "q": "che shan", "page": "1"}
        answer = office.post(f"/catalogue/products/{slug}/{verb}", data=form, follow_redirects=True)
        assert answer.request.args["q"] == "che shan"
        assert words in answer.get_data(as_text=True)
    assert state(app)[1] == 3
    assert (
        office.post("/catalogue/products/nothing/withdraw", data={"csrf_token": csrf_token(office)}).status_code == 404
    )


@pytest.mark.parametrize("query", ["?q=nothing+like+it", "?page=99", "?page=-1", "?page=x", "?q=" + "x" * 5000])
def test_odd_addresses_of_the_list_are_answered(office: FlaskClient, query: str) -> None:
    assert office.get(f"/catalogue/{query}").status_code == 200


def test_an_empty_catalogue_says_what_to_do(app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "search_products", lambda *_args, **_kwargs: ([], 0))
    assert "Danh mục còn trống" in office.get("/catalogue/").get_data(as_text=True)


@pytest.mark.parametrize("login", ["nguoiban", "chuthe"])
def test_sellers_and_producers_do_not_see_it(app: Flask, client: FlaskClient, login: str) -> None:
    make_fair(app)
    sign_in(client, login)
    for path in ("/catalogue/", "/catalogue/import", "/catalogue/template.csv"):
        assert client.get(path).status_code == 404
    assert client.post("/catalogue/import", data={"csrf_token": csrf_token(client)}).status_code == 404


def test_a_form_of_another_site_is_turned_away(app: Flask, office: FlaskClient) -> None:
    data = {"file": (io.BytesIO(write_csv(HEADINGS, GOOD)), "a.csv")}
    assert office.post("/catalogue/import", data=data, content_type="multipart/form-data").status_code == 400


def test_a_look_at_a_file_waits_for_no_writer_and_holds_none_up(app: Flask, office: FlaskClient) -> None:
    data = write_csv(HEADINGS, GOOD)
    form = {"csrf_token": csrf_token(office), "file": (io.BytesIO(data), "hang.csv")}
    answers: list[Any] = []
    look = threading.Thread(
        target=lambda: answers.append(
            office.post("/catalogue/import", data=form, content_type="multipart/form-data").status_code
        )
    )
    with app.app_context(), transaction() as session:
        hold_catalogue(session)
        look.start()
        look.join(20)
        assert answers == [200]


def test_headings_below_a_title_are_found_and_named(office: FlaskClient) -> None:
    titled: list[list[Cell]] = [["BẢNG GIÁ HỘI CHỢ"], ["Lai Châu, tháng 11"], [*HEADINGS], *GOOD]
    data = write_csv([""], titled)
    page = upload(office, data).get_data(as_text=True)
    assert "Dòng 4 được đọc là dòng tiêu đề cột." in page
    assert "Mật ong Pa Ủ" in page


# --- titles -----------------------------------------------------------------------------------------------------------

TITLES = {
    "Mật ong rừng": "Sản phẩm chủ lực cấp tỉnh 29/11/2023; CNNT tiêu biểu cấp quốc gia 2022",
    "Khăn thêu": "Đặc sản địa phương cấp xã năm 2024 (QĐ 7/QĐ-UBND)",
    "Gạo nếp": "",
}


def in_template(office: FlaskClient, kind: str, titles: dict[str, str], *, named: bool = True) -> bytes:
    """The template as it is downloaded, filled in; without `named` as a file of before the column."""
    headings = read_sheet(office.get(f"/catalogue/template.{kind}").data, "").headings
    cells = {"Chủ thể": "HTX Tà Lèng", "Nhóm OCOP": "Thực phẩm", "Đơn vị tính": "túi", "Giá bán (đồng)": "90000"}
    rows: list[list[Cell]] = [
        [{**cells, "Tên sản phẩm": name, "Danh hiệu": words}.get(heading, "") for heading in headings]
        for name, words in titles.items()
    ]
    if not named:
        at = headings.index("Danh hiệu")
        headings, rows = headings[:at] + headings[at + 1 :], [row[:at] + row[at + 1 :] for row in rows]
    return write_xlsx("a", headings, rows) if kind == "xlsx" else write_csv(headings, rows)


def titles_here(app: Flask) -> dict[str, list[tuple[str, str, str]]]:
    """Product → its titles, of those imported."""
    with app.app_context():
        ids = dict(reading().execute(select(Product.id, Product.name).where(Product.unit == "túi")).all())
        found = titles_of(reading(), ids)
    return {
        ids[product_id]: [(one.kind, one.level, one.issued_day.isoformat()) for one in many]
        for product_id, many in found.items()
    }


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_titles_go_from_the_template_into_the_filters_of_the_showroom(
    app: Flask, office: FlaskClient, kind: str
) -> None:
    page = upload(office, in_template(office, kind, TITLES)).get_data(as_text=True)
    assert titles_here(app) == {}, "looking changes nothing"
    assert re.search(r"Danh hiệu ghi thêm</dt><dd[^>]*>3</dd>", page)
    for words in ("CNNT tiêu biểu", "cấp quốc gia", "29/11/2023", "chỉ có năm nên tính từ 01/01 năm đó"):
        assert words in page
    confirm(office, waiting_file(page))
    wanted = {
        "Mật ong rừng": [("cnnt_tieu_bieu", "national", "2022-01-01"), ("chu_luc", "province", "2023-11-29")],
        "Khăn thêu": [("dac_san", "commune", "2024-01-01")],
    }
    assert titles_here(app) == wanted
    edition_id, ids = show(app)
    goods = f"/editions/{edition_id}/goods"
    form = {"csrf_token": csrf_token(office), "product": ids, "day": fair_day(now(), BOUNDARY).isoformat()}
    assert "Đã trưng bày 2 sản phẩm." in office.post(
        f"{goods}/admit", data=form, follow_redirects=True
    ).get_data(as_text=True)  # fmt: skip
    for title, shown in (
        ("chu_luc", ["Mật ong rừng"]),
        ("cnnt_tieu_bieu", ["Mật ong rừng"]),
        ("dac_san", ["Khăn thêu"]),
    ):
        listed = office.get(goods, query_string={"kind": title}).get_data(as_text=True)
        assert [name for name in TITLES if name in listed] == shown
    # The same file again, and one of before the column: nothing changes.
    for again in (in_template(office, kind, TITLES), in_template(office, kind, TITLES, named=False)):
        assert "nhập tệp này không thay đổi gì" in upload(office, again).get_data(as_text=True)
    cleared = in_template(office, kind, dict.fromkeys(TITLES, ""))
    assert "nhập tệp này không thay đổi gì" in upload(office, cleared).get_data(as_text=True)
    assert titles_here(app) == wanted


def show(app: Flask) -> tuple[str, list[str]]:
    """The fair is a showroom from now on; its id, and those of what was imported."""
    with app.app_context(), transaction() as session:
        opened = fair_day(now(), BOUNDARY) - timedelta(days=100)
        session.execute(update(Edition).values(kind="showroom", starts_day=opened, ends_day=None))
        wanted = select(Product.id).where(Product.unit == "túi", Product.name != "Gạo nếp")
        return session.scalars(select(Edition.id)).one(), list(session.scalars(wanted))


def test_a_title_that_nobody_knows_keeps_the_whole_file_out_and_the_known_ones_are_listed(
    app: Flask, office: FlaskClient
) -> None:
    before = state(app)
    wrong = {**TITLES, "Gạo nếp": "Sản phẩm vàng cấp tỉnh 2023; Chủ lực 2023; Chủ lực cấp tỉnh"}
    page = unescape(upload(office, in_template(office, "csv", wrong)).get_data(as_text=True))
    assert "Có 3 lỗi nên chưa nhập dòng nào." in page
    assert (
        f"Dòng 4: không có danh hiệu «Sản phẩm vàng cấp tỉnh 2023»; các danh hiệu có thể ghi: {'; '.join(KINDS.values())}."
        in page
    )
    assert f"Dòng 4: danh hiệu «Chủ lực 2023» thiếu cấp; hãy ghi một trong: {'; '.join(LEVELS.values())}." in page
    assert "Dòng 4: danh hiệu «Chủ lực cấp tỉnh» cần ngày hoặc năm được công nhận" in page
    assert "Mật ong rừng" in page
    assert 'name="upload"' not in page
    assert (state(app), titles_here(app)) == (before, {})
