"""An organiser makes statements, looks at one, takes its files, pays it; what is given back later stands on the next; looked at in both sizes."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.builders import Fair
from tests.journeys.browser import Office
from tests.journeys.looking import SIZES, axe_findings, scrolls_sideways, small_controls
from tests.settlement.stage import Stage, make_stage

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
