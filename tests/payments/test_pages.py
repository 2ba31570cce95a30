"""What organisers see and do about transfers, and what nobody else may."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fair_pos.kernel.clock import now
from fair_pos.payments.matching import NewLine, record_lines
from fair_pos.plumbing.db import transaction
from tests.builders import Fair, Tablet, csrf_token, make_fair, pair_tablet
from tests.payments.desk import browser, get, post, propose
from tests.payments.money import (
    NUMBER,
    OTHER_NUMBER,
    account_in_use,
    bank_lines,
    by_transfer,
    check_figures,
    code_of,
    confirmations,
    given_back,
    look,
    paid,
    seen,
    statement_file,
    two_hundred_lines,
)
from tests.plumbing.test_sheets import cp1258

PRICE = 220_000


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


@pytest.fixture
def tablet(app: Flask, fair: Fair) -> Tablet:
    return pair_tablet(app, fair)


@pytest.fixture
def organiser(app: Flask, fair: Fair) -> FlaskClient:
    return browser(app, "bantochuc")


@pytest.fixture
def administrator(app: Flask, fair: Fair) -> FlaskClient:
    return browser(app, "quantri")


# --- transfers --------------------------------------------------------------------------------------------------------


def test_money_is_seen_and_the_word_taken_back(app: Flask, fair: Fair, tablet: Tablet, organiser: FlaskClient) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account_in_use(app, fair))
    tablet.send(sale)
    html = get(organiser, fair, "transfers")
    for words in (code_of(1), "•••• 678", "220.000", "Đã thấy tiền", "đã 0 phút", "A01"):
        assert words in html
    assert NUMBER not in html
    path = f"transfers/{sale['id']}/1"
    assert post(organiser, fair, f"{path}/seen?state=claimed").status_code == 302
    assert code_of(1) not in get(organiser, fair, "transfers")
    html = get(organiser, fair, "transfers?state=confirmed")
    assert "đã thấy tiền, Vừ A bantochuc" in html
    assert post(organiser, fair, f"{path}/undo?state=confirmed", reason=" ").status_code == 400
    assert post(organiser, fair, f"{path}/undo?state=confirmed", reason="Nhầm phiếu").status_code == 302
    html = get(organiser, fair, "transfers")
    assert "bỏ xác nhận (Nhầm phiếu), Vừ A bantochuc" in html
    assert not look(app, sale["id"]).seen


def test_a_receipt_says_where_its_money_was_asked_for(
    app: Flask, fair: Fair, tablet: Tablet, organiser: FlaskClient
) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account_in_use(app, fair), cash_dong=20_000)
    tablet.send(sale)
    account_in_use(app, fair, number=OTHER_NUMBER)
    html = organiser.get(f"/sales/{sale['id']}").get_data(as_text=True)
    assert "•••• 678" in html
    assert "chưa xác nhận" in html
    assert code_of(1) in html


def test_the_day_shows_each_kind_of_money_apart(app: Flask, fair: Fair, tablet: Tablet, organiser: FlaskClient) -> None:
    account = account_in_use(app, fair)
    sales = [by_transfer(tablet, fair.goods[0], code_of(number), account) for number in range(3)]
    card = tablet.sale([(fair.goods[1], 1)], payments=[paid("card", 350_000) | {"reference": "A1"}])
    cash = tablet.sale([(fair.goods[2], 2)])
    back = given_back(tablet, fair.goods[0], sales[2]["id"], "transfer")
    tablet.send(*sales, card, cash, seen(tablet, sales[0]["id"]), back)
    html = get(organiser, fair, "")
    part = html.split('id="money"')[1].split("</dl>")[0]
    figures = dict(re.findall(r"<dt>([^<]+)</dt><dd class=\"money\"><a href=\"[^\"]+\">([^<]+)</a>", part))
    assert {name: text.replace("\u00a0₫", "") for name, text in figures.items()} == {
        "Tiền mặt": "75.000",
        "Chuyển khoản đã xác nhận": "220.000",
        "Chuyển khoản chưa xác nhận": "220.000",
        "Thẻ": "350.000",
        "Cộng": "865.000",
    }
    links = re.findall(r"<a href=\"([^\"]+)\">", html.split('id="money"')[1].split("</section>")[0])
    assert len(links) >= 10
    for link in links:
        assert organiser.get(link.replace("&amp;", "&")).status_code == 200, link
    claimed = next(link for link in links if "part=claimed" in link).replace("&amp;", "&")
    page = organiser.get(claimed).get_data(as_text=True)
    # Of the two claimed, one went back whole by transfer: it is on the list no more, and the row that is makes the figure.
    assert re.findall(r'data-label="Số tiền">\s*([\d.−]+)', page) == ["220.000"]
    assert "−220.000" not in page


# --- what nobody can place --------------------------------------------------------------------------------------------


def record(app: Flask, memo: str, amount: int = PRICE, account: str = NUMBER) -> str:
    with app.app_context(), transaction() as session:
        record_lines(session, [NewLine("sepay", memo, account, now(), amount, memo, "FT1")], now())
    return next(one.id for one in bank_lines(app) if one.memo == memo)


def test_money_is_settled_or_given_to_its_receipt(
    app: Flask, fair: Fair, tablet: Tablet, organiser: FlaskClient
) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account_in_use(app, fair))
    tablet.send(sale, seen(tablet, "0191f5d0-0000-7000-8000-000000000001"))
    mine, other = record(app, "mua mat ong <b>"), record(app, "tien rieng")
    html = get(organiser, fair, "bank-lines")
    for words in ("mua mat ong &lt;b&gt;", "Nội dung không có mã của phiếu", "Phiếu chưa gửi lên máy chủ", "2 khoản"):
        assert words in html
    assert "2 khoản tiền cần xem" in get(organiser, fair, "transfers")
    assert post(organiser, fair, f"bank-lines/{mine}/assign", number="X-1").status_code == 400
    number = look(app, sale["id"]).receipt_number
    assert post(organiser, fair, f"bank-lines/{mine}/assign", number=number).status_code == 302
    assert look(app, sale["id"]).received_dong == PRICE
    assert post(organiser, fair, f"bank-lines/{other}/settle", note="").status_code == 400
    assert post(organiser, fair, f"bank-lines/{other}/settle", note="Tiền riêng").status_code == 302
    assert "Không có khoản nào cần xem" in get(organiser, fair, "bank-lines")


def test_money_of_no_edition_is_shown_to_administrators_alone(
    app: Flask, fair: Fair, organiser: FlaskClient, administrator: FlaskClient
) -> None:
    line = record(app, "vao tai khoan la", account="5555")
    assert "vao tai khoan la" in get(administrator, fair, "bank-lines")
    assert "vao tai khoan la" not in get(organiser, fair, "bank-lines")
    assert post(organiser, fair, f"bank-lines/{line}/settle", note="x").status_code == 404
    assert post(administrator, fair, f"bank-lines/{line}/settle", note="x").status_code == 302


# --- statements -----------------------------------------------------------------------------------------------------


def send(client: FlaskClient, fair: Fair, data: bytes, account: str = NUMBER) -> TestResponse:
    return post(client, fair, "statements", account=account, file=(BytesIO(data), "Sao kê.csv"))


def test_a_statement_is_looked_at_and_then_imported(
    app: Flask, fair: Fair, tablet: Tablet, organiser: FlaskClient, administrator: FlaskClient
) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account_in_use(app, fair))
    tablet.send(sale)
    data = statement_file([("FT1", PRICE, f"CT {code_of(1)}"), ("FT2", 5_000, "khong ma")])
    path = send(organiser, fair, data).headers["Location"]
    html = organiser.get(path).get_data(as_text=True)
    for words in ("Sao kê.csv", "•••• 678", "Nhập 2 khoản", "Khớp với phiếu", "Nội dung không có mã", "CT OCP0000001"):
        assert words in html
    assert bank_lines(app) == []
    assert administrator.get(path).status_code == 404
    changed = organiser.get(path, query_string={"day": "0", "amount": "4", "memo": "5"}).get_data(as_text=True)
    assert "1.000.000" in changed
    wrong = organiser.get(path, query_string={"day": "0", "memo": "5"})
    assert wrong.status_code == 400
    assert "Hãy chọn cột ngày giao dịch" in wrong.get_data(as_text=True)
    columns = dict(re.findall(r'type="hidden" name="(day|amount|memo|reference)" value="(\d+)"', html))
    answer = organiser.post(path, data={"csrf_token": csrf_token(organiser), **columns}, follow_redirects=True)
    assert "Đã nhập sao kê: 1 khoản khớp, 1 khoản cần xem, 0 khoản đã có từ trước." in answer.get_data(as_text=True)
    assert look(app, sale["id"]).received_dong == PRICE
    assert organiser.post(path, data={"csrf_token": csrf_token(organiser), **columns}).status_code == 400
    assert "Sao kê.csv" in get(organiser, fair, "statements")
    again = organiser.get(send(organiser, fair, data).headers["Location"]).get_data(as_text=True)
    assert "Không có khoản nào mới để nhập" in again
    assert '<button class="primary">' not in again, "there is nothing to import"
    third = statement_file([("FT1", PRICE, f"CT {code_of(1)}"), ("FT3", 7_000, "khong ma")])
    assert "Nhập 1 khoản" in organiser.get(send(organiser, fair, third).headers["Location"]).get_data(as_text=True)


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "windows-1258": cp1258,
    "semicolons": lambda text: text.replace(",", ";").encode("utf-16"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_two_hundred_lines_through_the_page_in_any_encoding(
    app: Flask, fair: Fair, tablet: Tablet, organiser: FlaskClient, encoding: str
) -> None:
    """182 of 200 lines match, 18 are listed; looking changes nothing, and neither does sending the file again."""
    text = two_hundred_lines(tablet, fair, account_in_use(app, fair)).decode("utf-8-sig")
    text = re.sub(r'"([0-9,]+)"', lambda found: found[1].replace(",", ""), text)
    data = ENCODINGS[encoding](text)

    def columns(html: str) -> dict[str, str]:
        return dict(re.findall(r'type="hidden" name="(day|amount|memo|reference)" value="(\d+)"', html))

    path = send(organiser, fair, data).headers["Location"]
    html = organiser.get(path).get_data(as_text=True)
    assert re.findall(r'<dd class="count">(\d+)</dd>', html)[:4] == ["200", "182", "18", "0"]
    assert (bank_lines(app), confirmations(app)) == ([], [])
    token = csrf_token(organiser)
    first = organiser.post(path, data={"csrf_token": token, **columns(html)}, follow_redirects=True)
    assert "Đã nhập sao kê: 182 khoản khớp, 18 khoản cần xem, 0 khoản đã có từ trước." in first.get_data(as_text=True)
    assert "18 khoản tiền đã vào" in first.get_data(as_text=True)
    before = [(one.id, one.state) for one in bank_lines(app)], [one.id for one in confirmations(app)]

    path = send(organiser, fair, data).headers["Location"]
    html = organiser.get(path).get_data(as_text=True)
    assert re.findall(r'<dd class="count">(\d+)</dd>', html)[:4] == ["200", "0", "0", "200"]
    again = organiser.post(path, data={"csrf_token": token, **columns(html)}, follow_redirects=True)
    assert "0 khoản khớp, 0 khoản cần xem, 200 khoản đã có từ trước." in again.get_data(as_text=True)
    assert ([(one.id, one.state) for one in bank_lines(app)], [one.id for one in confirmations(app)]) == before
    check_figures(app)


def test_columns_with_strange_names_are_chosen_and_looked_at_before_anything_changes(
    app: Flask, fair: Fair, tablet: Tablet, organiser: FlaskClient
) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1), account_in_use(app, fair))
    tablet.send(sale)
    data = f"A,B,C,D\n24/11/2026 09:00,{code_of(1)} mua hàng,{PRICE},FT1\n".encode()
    path = send(organiser, fair, data).headers["Location"]
    assert "Hãy chọn cột ngày giao dịch" in organiser.get(path).get_data(as_text=True)
    chosen = {"day": "0", "memo": "1", "amount": "2", "reference": "3", "account": ""}
    html = organiser.get(path, query_string=chosen).get_data(as_text=True)
    assert re.findall(r'<dd class="count">(\d+)</dd>', html)[:4] == ["1", "1", "0", "0"]
    assert bank_lines(app) == []
    assert organiser.post(path, data={"csrf_token": csrf_token(organiser)}).status_code == 400  # nothing was chosen
    organiser.post(path, data={"csrf_token": csrf_token(organiser), **chosen})
    assert look(app, sale["id"]).received_dong == PRICE


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "Tệp không có bảng sao kê nào"), (b"%PDF-1.7\x00\xff", "Không đọc được tệp này")],
)
def test_a_file_that_is_none_is_said_so(
    app: Flask, fair: Fair, organiser: FlaskClient, data: bytes, words: str
) -> None:
    account_in_use(app, fair)
    answer = send(organiser, fair, data)
    assert answer.status_code == 400
    assert words in answer.get_data(as_text=True)
    assert send(organiser, fair, statement_file([("F", 1, "x")]), OTHER_NUMBER).status_code == 404


# --- who may --------------------------------------------------------------------------------------------------------

PAGES = ("accounts", "transfers", "bank-lines", "statements")


@pytest.mark.parametrize("login_name", ["nguoiban", "chuthe"])
def test_sellers_and_producers_reach_none_of_it(app: Flask, fair: Fair, tablet: Tablet, login_name: str) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1))
    tablet.send(sale)
    client = browser(app, login_name)
    assert {client.get(f"/editions/{fair.edition_id}/{page}").status_code for page in PAGES} == {404}
    assert post(client, fair, f"transfers/{sale['id']}/1/seen").status_code == 404
    assert propose(client, fair).status_code == 404
    assert not look(app, sale["id"]).seen


def test_an_organiser_of_another_fair_reaches_none_of_it(app: Flask, fair: Fair, tablet: Tablet) -> None:
    sale = by_transfer(tablet, fair.goods[0], code_of(1))
    tablet.send(sale)
    other = make_fair(app, name="Hội chợ khác")
    client = browser(app, "bantochuc.hoi-cho-khac")
    assert {client.get(f"/editions/{fair.edition_id}/{page}").status_code for page in PAGES} == {404}
    assert post(client, other, f"transfers/{sale['id']}/1/seen").status_code == 404
    assert not look(app, sale["id"]).seen
