from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fair_pos.catalogue.tables import Product
from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import new_id
from fair_pos.labels import pages
from fair_pos.plumbing.db import db, transaction
from fair_pos.plumbing.pdf import PrinterBusy
from tests.builders import Fair, add_pack, csrf_token, make_fair, sign_in
from tests.labels.goods import page_sizes, pictures, words

ORDER = {"kind": "a4-24", "copies": "1", "start": "1", "which": "ticked"}


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def organiser(client: FlaskClient, fair: Fair) -> FlaskClient:
    sign_in(client, "bantochuc")
    return client


def send(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client), **ORDER, **fields})


def codes(answer: TestResponse) -> list[str]:
    """What the codes of the PDF in an answer say, page by page."""
    assert answer.mimetype == "application/pdf"
    return [code.text for picture in pictures(answer.get_data()) for code in zxingcpp.read_barcodes(picture)]


def slug_of(app: Flask, product_id: str) -> str:
    with app.app_context():
        return db.session.get_one(Product, product_id).slug


def test_a_page_whose_address_no_code_can_hold_is_named_and_the_others_are_printed(
    organiser: FlaskClient, app: Flask, fair: Fair
) -> None:
    long, plain = fair.goods[0], fair.goods[4]
    with app.app_context(), transaction() as session:
        session.get_one(Product, long.product_id).slug = "a" * 190  # as long as a name makes it
    own = app.extensions["fair_pos_settings"]
    app.extensions["fair_pos_settings"] = replace(own, public_url="https://hoi-cho-ocop.example/" + "x" * 40)
    path = f"/editions/{fair.edition_id}/labels"
    answer = send(organiser, path, goods=[long.product_id, plain.product_id])
    assert answer.status_code == 400
    assert f"địa chỉ trang của «{long.name}»" in answer.get_data(as_text=True)
    assert len(codes(send(organiser, path, goods=[plain.product_id]))) == 1


def test_ticked_goods_become_labels_of_their_public_pages(organiser: FlaskClient, app: Flask, fair: Fair) -> None:
    path = f"/editions/{fair.edition_id}/labels"
    page = organiser.get(path).get_data(as_text=True)
    assert all(goods.name in page for goods in fair.goods)
    answer = send(organiser, path, goods=[fair.goods[0].product_id, fair.goods[4].product_id], copies="2")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'inline; filename="nhan-gia-a4-24.pdf"'
    slugs = [slug_of(app, fair.goods[at].product_id) for at in (0, 4)]
    assert sorted(codes(answer)) == sorted([f"https://fair.example/p/{slug}" for slug in slugs] * 2)
    for slug in slugs:
        assert organiser.get(f"/p/{slug}").status_code == 200
    text = " ".join(word.text for word in words(answer.get_data())[0])
    assert "220.000 ₫ / hộp Hợp tác xã Số 1 Hội chợ thử" in text.replace("\u00a0", " ")


def test_the_whole_list_of_a_booth(organiser: FlaskClient, fair: Fair) -> None:
    path = f"/editions/{fair.edition_id}/labels"
    assert "In cả 9 món trong danh sách" in organiser.get(f"{path}?booth={fair.booth_ids[0]}").get_data(as_text=True)
    answer = send(organiser, path, booth=fair.booth_ids[0], which="all", kind="roll-50x30")
    assert len(page_sizes(answer.get_data())) == 9


def test_the_list_is_narrowed_and_stays_so_when_printing(organiser: FlaskClient, fair: Fair) -> None:
    path = f"/editions/{fair.edition_id}/labels"
    wanted = f"?producer={fair.producer_ids[1]}&q=mat+ong"
    page = organiser.get(path + wanted).get_data(as_text=True)
    assert fair.goods[3].name in page
    assert fair.goods[0].name not in page
    answer = send(organiser, path, producer=fair.producer_ids[1], q="mat ong", which="all")
    assert len(codes(answer)) == 1
    nothing = organiser.get(f"{path}?group=du_lich").get_data(as_text=True)
    assert "Không có món nào đang bán hợp với lựa chọn này." in nothing


def test_packs_are_offered_with_their_price(organiser: FlaskClient, app: Flask, fair: Fair) -> None:
    pack = add_pack(app, fair.goods[0], name="Thùng 12 hộp", price=2_400_000)
    path = f"/editions/{fair.edition_id}/labels"
    page = organiser.get(path).get_data(as_text=True)
    assert "thùng 12 hộp" in page
    answer = send(organiser, path, goods=[f"{fair.goods[0].product_id}.{pack.pack_id}"])
    text = " ".join(word.text for word in words(answer.get_data())[0]).replace("\u00a0", " ")
    assert "2.400.000 ₫ / thùng 12 hộp" in text


def test_withdrawn_goods_are_neither_offered_nor_printed(organiser: FlaskClient, app: Flask, fair: Fair) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Product, fair.goods[0].product_id).withdrawn_at = now()
    path = f"/editions/{fair.edition_id}/labels"
    assert fair.goods[0].name not in organiser.get(path).get_data(as_text=True)
    answer = send(organiser, path, goods=[fair.goods[0].product_id])
    assert answer.status_code == 400
    assert "1 món đã đánh dấu không còn bán ở đây." in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Chưa chọn món nào. Hãy đánh dấu các món cần in"),
        ({"kind": "", "which": "all"}, "Hãy chọn loại nhãn."),
        ({"copies": "0", "which": "all"}, "Số nhãn «0» không đúng. Hãy ghi một số từ 1 đến 500."),
        ({"copies": "-5", "which": "all"}, "Số nhãn «-5» không đúng. Hãy ghi một số từ 1 đến 500."),
        ({"copies": "1.000", "which": "all"}, "Số nhãn «1.000» không đúng. Hãy ghi một số từ 1 đến 500."),
        ({"copies": "500", "which": "all"}, "Mỗi lần in nhiều nhất 500 nhãn, ở đây là 4500."),
        ({"start": "25", "which": "all"}, "Tờ này có 24 ô; «25» không phải một ô của nó."),
    ],
)
def test_what_cannot_be_printed_is_said_and_what_was_filled_in_stays(
    organiser: FlaskClient, fair: Fair, fields: dict[str, str], sentence: str
) -> None:
    answer = send(organiser, f"/editions/{fair.edition_id}/labels", **fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert sentence in page
    assert f'name="copies" value="{fields.get("copies", "1")}"' in page
    assert fair.goods[0].name in page


def test_ticks_and_numbers_stay_after_an_error(organiser: FlaskClient, fair: Fair) -> None:
    ticked = fair.goods[0].product_id
    page = send(organiser, f"/editions/{fair.edition_id}/labels", goods=[ticked], **{f"copies-{ticked}": "0"}).get_data(
        as_text=True
    )
    assert re.search(rf'value="{ticked}" checked', page)
    assert f'name="copies-{ticked}" value="0"' in page


def test_a_busy_printer_asks_to_try_again(organiser: FlaskClient, fair: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> bytes:
        raise PrinterBusy

    monkeypatch.setattr(pages, "print_labels", busy)
    answer = send(organiser, f"/editions/{fair.edition_id}/labels", which="all")
    assert answer.status_code == 503
    assert "Hãy thử lại sau vài giây." in answer.get_data(as_text=True)


def test_a_fair_without_goods_says_what_to_do(organiser: FlaskClient, app: Flask, fair: Fair) -> None:
    with app.app_context(), transaction() as session:
        for goods in fair.goods:
            session.get_one(Product, goods.product_id).withdrawn_at = now()
    page = organiser.get(f"/editions/{fair.edition_id}/labels").get_data(as_text=True)
    assert "Chưa có món nào để in nhãn." in page
    assert "Hãy nhập sản phẩm vào danh mục" in page


def test_the_catalogue_labels_everything_on_sale(organiser: FlaskClient, fair: Fair) -> None:
    page = organiser.get("/catalogue/").get_data(as_text=True)
    assert 'href="/catalogue/labels"' in page
    assert len(codes(send(organiser, "/catalogue/labels", which="all"))) == len(fair.goods)


def test_a_producer_labels_their_own_goods_and_no_others(client: FlaskClient, fair: Fair) -> None:
    sign_in(client, "chuthe")
    own = f"/producers/{fair.producer_ids[0]}/labels"
    page = client.get(own).get_data(as_text=True)
    assert fair.goods[0].name in page
    assert fair.goods[3].name not in page
    assert len(codes(send(client, own, which="all"))) == 3
    assert send(client, own, goods=[fair.goods[3].product_id]).status_code == 400
    for path in (
        f"/producers/{fair.producer_ids[1]}/labels",
        f"/editions/{fair.edition_id}/labels",
        "/catalogue/labels",
    ):
        assert client.get(path).status_code == 404
        assert send(client, path, which="all").status_code == 404


def test_unknown_producers_booths_and_editions(client: FlaskClient, app: Flask, fair: Fair) -> None:
    other = make_fair(app, name="Hội chợ khác")
    sign_in(client, "quantri")
    for path in (
        f"/producers/{new_id()}/labels",
        f"/editions/{new_id()}/labels",
        f"/editions/{fair.edition_id}/labels?booth={other.booth_ids[0]}",
    ):
        assert client.get(path).status_code == 404
    assert send(client, f"/editions/{fair.edition_id}/labels", booth=other.booth_ids[0]).status_code == 404


def test_booths_lead_to_their_labels(organiser: FlaskClient, fair: Fair) -> None:
    booths = f"/editions/{fair.edition_id}/booths"
    assert f'href="/editions/{fair.edition_id}/labels"' in organiser.get(booths).get_data(as_text=True)
    link = f'href="/editions/{fair.edition_id}/labels?booth={fair.booth_ids[0]}"'
    assert link in organiser.get(f"{booths}/{fair.booth_ids[0]}").get_data(as_text=True)


def test_a_name_that_is_too_long_is_told_before_printing(organiser: FlaskClient, app: Flask, fair: Fair) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Product, fair.goods[0].product_id).name = "Rượu ngô men lá " * 15
    page = organiser.get("/catalogue/labels").get_data(as_text=True)
    assert page.count("Chữ dài, có chỗ phải viết tắt") == 1


def test_a_long_list_is_shown_in_part_and_printed_whole(
    organiser: FlaskClient, fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_SHOWN", 4)
    page = organiser.get("/catalogue/labels").get_data(as_text=True)
    assert page.count('type="checkbox" name="goods"') == 4
    assert "Chỉ hiện 4 món đầu." in page
    assert len(codes(send(organiser, "/catalogue/labels", which="all"))) == 9
