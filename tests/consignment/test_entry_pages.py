"""Entering notes: rows, a sheet, the look before signing, the writing; what is typed wrong writes nothing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from fair_pos.consignment import forms, queries
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.sheets import Cell, write_csv, write_xlsx
from tests.builders import Fair, csrf_token, make_fair, sign_in
from tests.consignment.notes import PATH, TODAY, held, line, soon, take_in


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def office(fair: Fair, client: FlaskClient) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def rows(*said: dict[str, str]) -> dict[str, Any]:
    return {name: [one.get(name, "") for one in said] for name in forms.FIELDS}


def post(client: FlaskClient, fair: Fair, kind: str, more: str, **fields: Any) -> tuple[int, str]:
    about = {
        "place": fair.booth_ids[0],
        "owner": fair.producer_ids[0],
        "day": TODAY.isoformat(),
        "csrf_token": csrf_token(client),
    }
    answer = client.post(
        f"/editions/{fair.edition_id}/notes/new/{kind}{more}", data=about | fields, follow_redirects=True
    )
    return answer.status_code, answer.get_data(as_text=True)


def test_an_intake_from_choosing_to_its_paper(app: Flask, fair: Fair, office: FlaskClient) -> None:
    where = f"/editions/{fair.edition_id}/notes/new/intake"
    assert "Chọn chủ hàng" in office.get(where).get_data(as_text=True)
    page = office.get(f"{where}?place={fair.booth_ids[0]}&owner={fair.producer_ids[0]}").get_data(as_text=True)
    for goods in fair.goods[:3]:
        assert goods.name in page
    typed = rows(
        {"key": f"{fair.goods[0].product_id}||", "name": fair.goods[0].name, "quantity": "1.200", "price": "200.000", "lot_code": "L7", "expires": soon(40).strftime("%d/%m/%Y")},
        {"key": f"{fair.goods[1].product_id}||", "name": fair.goods[1].name},
        {"name": fair.goods[2].name.upper(), "quantity": "3"},
    )  # fmt: skip
    status, page = post(office, fair, "intake", "", do="review", note_id=new_id(), **typed)
    assert status == 200
    assert "240.000.000" in page
    assert held(app, fair.booth_ids[0]) == [], "looking writes nothing"
    note_id = new_id()
    signed = {"signed_how": "drawn", "signed_name": "Lò Thị Mỷ", "signature": PATH, "note_id": note_id}
    status, page = post(office, fair, "intake", "/write", **typed, **signed)
    assert status == 200
    assert "PN-0001" in page
    assert PATH in page
    assert {one.quantity for one in held(app, fair.booth_ids[0])} == {1200, 3}
    status, page = post(office, fair, "intake", "/write", **typed, **signed)
    assert "PN-0001" in page
    assert {one.quantity for one in held(app, fair.booth_ids[0])} == {1200, 3}, "pressed twice"
    paper = office.get(f"/editions/{fair.edition_id}/notes/{note_id}.pdf")
    assert paper.data.startswith(b"%PDF-")
    assert office.get(f"/editions/{fair.edition_id}/notes/{note_id}.pdf").data == paper.data
    listed = office.get(f"/editions/{fair.edition_id}/notes").get_data(as_text=True)
    assert "PN-0001" in listed


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"quantity": "0"}, "số nguyên từ 1"),
        ({"quantity": "1,5"}, "số nguyên từ 1"),
        ({"quantity": "-3"}, "số nguyên từ 1"),
        ({"quantity": "hai"}, "số nguyên từ 1"),
        ({"quantity": "2", "expires": "mai"}, "Hạn dùng phải là một ngày"),
        ({"quantity": "2", "price": "rẻ"}, "Giá phải là số đồng"),
        ({"quantity": "2", "key": "", "name": "Món không có"}, "Không có sản phẩm tên này"),
    ],
)
def test_wrong_rows_stay_on_the_page_with_the_reason(
    app: Flask, fair: Fair, office: FlaskClient, row: dict[str, str], words: str
) -> None:
    said = {"key": f"{fair.goods[0].product_id}||", "name": fair.goods[0].name} | row
    for more in ("", "/write"):
        status, page = post(office, fair, "intake", more, do="review", note_id=new_id(), **rows(said))
        assert status == 400
        assert words in page
    assert held(app, fair.booth_ids[0]) == []


def test_expiry_before_the_day_of_intake_is_told_before_anything_is_written(
    app: Flask, fair: Fair, office: FlaskClient
) -> None:
    said = {"key": f"{fair.goods[0].product_id}||", "quantity": "2", "expires": "1/1/2020"}
    status, page = post(office, fair, "intake", "/write", note_id=new_id(), **rows(said))
    assert status == 400
    assert "Hạn dùng trước ngày nhận hàng" in page
    assert held(app, fair.booth_ids[0]) == []


def test_every_wrong_row_is_named_before_anybody_signs(app: Flask, fair: Fair, office: FlaskClient) -> None:
    key = f"{fair.goods[0].product_id}||"
    both = rows({"key": key, "quantity": "2", "expires": "1/1/2020"}, {"key": key, "quantity": "2,5"})
    status, page = post(office, fair, "intake", "", do="review", note_id=new_id(), **both)
    assert status == 400
    assert "Hạn dùng trước ngày nhận hàng" in page
    assert "số nguyên từ 1" in page
    lost = rows(
        {"key": f"{fair.goods[0].product_id}|{fair.producer_ids[0]}|", "name": fair.goods[0].name, "quantity": "1"}
    )
    status, page = post(office, fair, "write_off", "", do="review", note_id=new_id(), **lost)
    assert (status, "Hãy chọn lý do" in page) == (400, True)


def test_an_intake_without_owner_asks_for_one(app: Flask, fair: Fair, office: FlaskClient) -> None:
    said = {"key": f"{fair.goods[0].product_id}||", "quantity": "2"}
    status, page = post(office, fair, "intake", "/write", owner="", note_id=new_id(), **rows(said))
    assert status == 400
    assert "hàng nào cũng phải có chủ" in page
    assert held(app, fair.booth_ids[0]) == []


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_fifty_lines_come_from_a_sheet(app: Flask, fair: Fair, office: FlaskClient, ending: str) -> None:
    headings = ["Sản phẩm", "Số lượng", "Giá bán", "Mã lô", "Hạn dùng"]
    cells: list[list[Cell]] = [[fair.goods[0].name, 2, 210_000, f"L{number}", soon(30)] for number in range(50)]
    data = write_xlsx("Hàng", headings, cells) if ending == "xlsx" else write_csv(headings, cells)
    status, page = post(
        office, fair, "intake", "", do="sheet", file=(BytesIO(data), f"hang.{ending}"),
        **rows({"key": f"{fair.goods[0].product_id}||", "name": fair.goods[0].name}),
    )  # fmt: skip
    assert status == 200
    assert page.count('value="L') == 50
    template = office.get(
        f"/editions/{fair.edition_id}/notes/new/intake/rows.{ending}?place={fair.booth_ids[0]}&owner={fair.producer_ids[0]}"
    )
    assert template.status_code == 200


def test_a_return_begun_from_a_lot_and_one_of_too_much(app: Flask, fair: Fair, office: FlaskClient) -> None:
    take_in(app, fair, line(fair.goods[0], 7, code="L1", expires=soon(3)))
    [there] = held(app, fair.booth_ids[0])
    where = f"/editions/{fair.edition_id}/notes/new/return?place={fair.booth_ids[0]}&owner={fair.producer_ids[0]}&lot={there.lot_id}"
    assert 'name="quantity" value="7"' in office.get(where).get_data(as_text=True)
    key = f"{there.product_id}|{there.owner_id}|{there.lot_id}"
    typed = rows({"key": key, "quantity": "9"}) | {"note_id": new_id()}
    status, page = post(office, fair, "return", "", do="review", **typed)
    assert (status, 'name="beyond"' in page, "signature" in page) == (200, True, True)  # asked before anybody signs
    status, page = post(office, fair, "return", "/write", **typed)
    assert status == 409
    assert 'name="beyond"' in page
    assert [one.quantity for one in held(app, fair.booth_ids[0])] == [7]
    status, page = post(office, fair, "return", "/write", beyond="1", **typed)
    assert status == 200
    assert [one.quantity for one in held(app, fair.booth_ids[0])] == [-2]


def test_goods_are_not_sent_to_an_edition_of_others(app: Flask, fair: Fair, office: FlaskClient) -> None:
    other = make_fair(app, name="Hội chợ khác")
    take_in(app, fair, line(fair.goods[0], 7))
    where = f"/editions/{fair.edition_id}/notes/new/transfer?place={fair.booth_ids[0]}&to="
    assert office.get(f"{where}{other.edition_id}|{other.booth_ids[0]}").status_code == 404
    assert "Hội chợ khác" not in office.get(f"/editions/{fair.edition_id}/notes/new/transfer").get_data(as_text=True)
    assert office.get(f"{where}{fair.edition_id}|{fair.booth_ids[1]}").status_code == 200


def test_who_forgot_to_sign_on_the_screen_is_not_taken_for_signing_on_paper(
    app: Flask, fair: Fair, office: FlaskClient
) -> None:
    typed = rows(
        {"key": f"{fair.goods[0].product_id}||", "name": fair.goods[0].name, "quantity": "1", "price": "1.000"}
    )
    status, page = post(office, fair, "intake", "/write", note_id=new_id(), **typed, signed_how="drawn")
    assert (status, "Chữ ký trên màn hình cần" in page) == (400, True)
    assert 'value="drawn" checked' in page
    assert 'value="paper" checked' not in page
    assert held(app, fair.booth_ids[0]) == []


def photo() -> tuple[BytesIO, str]:
    made = BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "PNG")
    made.seek(0)
    return made, "anh.png"


def test_photos_come_with_the_write_off(app: Flask, fair: Fair, office: FlaskClient) -> None:
    take_in(app, fair, line(fair.goods[0], 5), line(fair.goods[1], 5))
    with app.app_context():
        lying = {
            one.product_id: f"{one.product_id}|{one.owner_id}|{one.lot_id}" for one in held(app, fair.booth_ids[0])
        }
    two = fair.goods[:2]
    lost = rows(
        *({"key": lying[one.product_id], "name": one.name, "quantity": "1", "reason": "damaged", "borne_by": "owner"} for one in two)
    )  # fmt: skip
    lost["owner"] = ""
    status, page = post(office, fair, "write_off", "", do="review", note_id=new_id(), **lost)
    assert status == 200
    assert page.count('type="file"') == 2
    note_id = new_id()
    four = [photo() for _ in range(4)]
    status, page = post(office, fair, "write_off", "/write", note_id=note_id, **lost, **{"photo-1": four})
    assert (status, "nhiều nhất 3 ảnh" in page) == (400, True)
    bad = {"photo-1": photo(), "photo-2": (BytesIO(b"GIF89a"), "anh.gif")}
    status, page = post(office, fair, "write_off", "/write", note_id=note_id, **lost, **bad)
    assert (status, f"{two[1].name}: Không đọc được ảnh" in page) == (400, True)
    assert {one.quantity for one in held(app, fair.booth_ids[0])} == {5}, "a photo turned down writes nothing"
    good = {"photo-1": (BytesIO(b""), ""), "photo-2": [photo(), photo()]}
    status, page = post(office, fair, "write_off", "/write", note_id=note_id, **lost, **good)
    assert (status, page.count(".jpg")) == (200, 4), "two pictures, each in its link"
    status, page = post(office, fair, "write_off", "/write", note_id=note_id, **lost, **{"photo-1": photo()})
    assert (status, page.count(".jpg")) == (200, 4), "pressed twice"
    with app.app_context():
        assert {line_no: len(some) for line_no, some in queries.photos_of(reading(), note_id).items()} == {2: 2}
    assert {one.quantity for one in held(app, fair.booth_ids[0])} == {4}
