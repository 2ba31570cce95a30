"""An organiser makes statements, looks at one, takes its files, pays it; what is given back later stands on the next; looked at in both sizes."""

from __future__ import annotations

from io import BytesIO

import pytest
import zxingcpp
from flask import Flask
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Page, expect

from fair_pos.payments.actions import AccountSaid
from fair_pos.payments.vietqr import VietQr, parse
from tests.builders import Fair
from tests.journeys.browser import Office
from tests.journeys.looking import SIZES, axe_findings, scrolls_sideways, small_controls
from tests.settlement.stage import Stage, make_stage
from tests.terms.test_accounts import NUMBER, agree, offer

pytestmark = pytest.mark.journey

LEAST = 44


@pytest.fixture
def stage(app: Flask) -> Stage:
    return make_stage(app)


@pytest.fixture
def fair(stage: Stage) -> Fair:
    """The fair that the server opens with."""
    return stage.fair


def fine(page: Page) -> None:
    assert axe_findings(page) == []
    assert not scrolls_sideways(page)
    assert small_controls(page, LEAST) == []


def in_a_row(page: Page, form: str) -> bool:
    script = "form => new Set([...document.querySelectorAll(`${form} > *:not([type=hidden])`)].map(one => Math.round(one.getBoundingClientRect().bottom))).size === 1"
    answer: bool = page.evaluate(script, form)
    return answer


@pytest.mark.parametrize("size", [SIZES["tablet"], SIZES["phone"]])
def test_statement_is_made_taken_paid_and_followed_by_what_came_back(
    stage: Stage, office: Office, size: tuple[int, int]
) -> None:
    goods = stage.fair.goods[0]
    sold = stage.sell(8, stage.line(goods, 1_000_000))
    stage.fee(goods.producer_id, 50_000, 8, "Tủ lạnh")
    page = office.sign_in("bantochuc", size)
    page.goto(f"{office.address}/editions/{stage.fair.edition_id}/settlements")
    fine(page)
    page.get_by_label("Đến hết ngày").fill(stage.day(6).isoformat())
    page.get_by_role("button", name="Lập bảng thanh toán").click()
    expect(page.get_by_text("Đã lập 1 bảng thanh toán")).to_be_visible()
    fine(page)
    if size == SIZES["tablet"]:
        assert in_a_row(page, "#made form")
    page.get_by_role("link", name="TT-0001").click()
    expect(page.get_by_role("heading", name="Được nhận kỳ này: 750.000")).to_be_visible()
    fine(page)
    for words, kind in (("Bảng thanh toán (PDF)", "statement.pdf"), ("Bảng kê hàng bán ra (PDF)", "goods_sold.pdf")):
        address = page.get_by_role("link", name=words).get_attribute("href") or ""
        assert address.endswith(kind)
        assert page.request.get(office.address + address).body().startswith(b"%PDF")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Bảng tính (XLSX)").click()
    assert taken.value.suggested_filename == "bang-thanh-toan-TT-0001.xlsx"
    book = load_workbook(BytesIO(taken.value.path().read_bytes()))
    sums = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert sums["Được nhận kỳ này"] == 750_000

    page.get_by_label("Mã giao dịch hoặc số phiếu chi").fill("PC 07")
    page.get_by_role("button", name="Ghi là đã trả").click()
    expect(page.locator("#payout")).to_contain_text("mã PC 07")
    fine(page)

    stage.sell(5, stage.line(goods, 400_000))
    stage.sell(5, stage.line(goods, 1_000_000), refund_of=sold)
    page.get_by_role("link", name="Bảng thanh toán", exact=True).last.click()
    page.get_by_label("Đến hết ngày").fill(stage.day(4).isoformat())
    page.get_by_role("button", name="Lập bảng thanh toán").click()
    page.get_by_role("link", name="TT-0002").click()
    expect(page.get_by_role("heading", name="Khách trả lại")).to_be_visible()
    expect(page.locator(".reckoning").nth(1)).to_contain_text("−800.000")
    expect(page.get_by_text("Còn nợ bên bán 480.000 ₫, sẽ trừ vào kỳ sau.")).to_be_visible()
    fine(page)


# --- paying by transfer ---------------------------------------------------------------------------------------------------

SECOND = AccountSaid("970418", "0200998877", "HTX SO 2")


def scanned(page: Page) -> VietQr:
    """What a bank's app reads off a picture of the screen."""
    page.locator(".transfer-qr").scroll_into_view_if_needed()
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(page.screenshot())))
    return parse(found.text)


@pytest.mark.parametrize(("size", "language"), [(SIZES["phone"], "vi"), (SIZES["tablet"], "en")])
def test_many_are_transferred_from_a_list_and_one_from_its_code(
    app: Flask, stage: Stage, office: Office, size: tuple[int, int], language: str
) -> None:
    fair = stage.fair
    stage.sell(8, *(stage.line(fair.goods[at], price) for at, price in ((0, 1_000_000), (3, 500_000), (6, 250_000))))
    stage.settle(6)
    agree(app, fair, offer(app, fair))
    agree(app, fair, offer(app, fair, SECOND, fair.producer_ids[1]), SECOND.account_number)
    mine = next(one for one in stage.statements() if one.producer_id == fair.producer_ids[0])
    words = WORDS[language]

    page = office.sign_in("bantochuc", size)
    if language == "en":
        page.locator('button[lang="en"]').click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
    path = f"{office.address}/editions/{fair.edition_id}/settlements"
    page.goto(f"{path}/{mine.number}")
    expect(page.locator("#payout")).to_contain_text("Vietcombank •••• 678")
    fine(page)
    page.get_by_role("button", name=words["show"]).click()
    expect(page.locator(".whole-number")).to_have_text(NUMBER)
    fine(page)
    code = scanned(page)
    assert (code.bank_bin, code.account, code.amount_dong) == ("970436", NUMBER, 800_000)
    page.get_by_role("link", name=words["back"]).click()
    expect(page.locator("#payout details li")).to_have_count(1)
    expect(page.locator("main")).not_to_contain_text(NUMBER)
    fine(page)

    page.goto(f"{path}?method=transfer#pay")
    fine(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name=words["list"]).click()
    rows = list(load_workbook(BytesIO(taken.value.path().read_bytes())).worksheets[0].iter_rows(values_only=True))
    assert {row[4]: row[5] for row in rows[1:]} == {NUMBER: 800_000, SECOND.account_number: 400_000, None: 1_200_000}
    page.locator('#pay input[name="reference"]').fill("CK 24/11")
    page.locator('#pay input[name="reference"]').press("Enter")  # looks it over; takes no list again
    expect(page.locator(".reckoning")).to_contain_text("BIDV •••• 877")
    fine(page)
    page.locator("main form button.primary").click()
    expect(page.locator(".notice.message")).to_have_text(words["done"])
    assert sorted(
        (one.paid.method, one.paid.reference, one.paid.last_digits) for one in stage.statements() if one.paid
    ) == [
        ("transfer", "CK 24/11", "678"),
        ("transfer", "CK 24/11", "877"),
    ]
    fine(page)


WORDS = {
    "vi": {
        "show": "Xem số tài khoản để chuyển", "back": "Chưa chuyển, quay lại", "list": "Tải danh sách chuyển khoản (XLSX)",
        "done": "Đã ghi đã chi trả 2 bảng.",
    },
    "en": {
        "show": "Show the account number to transfer to", "back": "Not sent, go back",
        "list": "Download the list of transfers (XLSX)", "done": "Payouts written down: 2.",
    },
}  # fmt: skip
