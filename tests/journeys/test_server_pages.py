"""Receipt, product, organiser's and producer's pages in a real browser: nothing for axe to find, no sideways scroll, light enough."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.builders import Fair, add_pack, add_weighed, pair_tablet, sold
from tests.journeys.browser import Office
from tests.journeys.looking import axe_findings, ragged_tiles, scrolls_sideways
from tests.serving import Server

SIZES = [(1440, 900), (360, 640), (320, 640)]


@pytest.fixture
def token(app: Flask, fair: Fair) -> str:
    """The receipt of a sale of four makers' goods with all that a till can do, a part given back; a void, and a sale that looks odd."""
    tablet = pair_tablet(app, fair)
    weighed, pack = add_weighed(app, fair, "Chả mực Hạ Long giã tay"), add_pack(app, fair.goods[0], name="Hộp 12 cái")
    off = {"discount_reason": "Mua nhiều", "discount_borne_by": "producer", "note": "khách quen của chị Mai"}
    lines: list[Any] = [(goods, 2) for goods in fair.goods[::2]]
    lines += [sold(weighed, grams=575, discount_dong=850) | off, (pack, 2)]
    lines += [sold(fair.goods[1], unit_price_dong=300_000) | {"list_price_dong": 350_000, "price_reason": "Giá sỉ"}]
    payments = [
        {"method": method, "amount_dong": 1_000_000, "tendered_dong": 1_000_000, "change_dong": 0, "reference": "OCP7"}
        for method in ("transfer", "card")
    ]
    sale = tablet.sale(lines, payments=payments, note="gửi hàng ở cổng")
    command = json.loads(sale["text"])
    refund = tablet.sale([(fair.goods[0], 1)], refund_of=command["id"], method="transfer")
    cash = [{"method": "cash", "amount_dong": 22_000, "tendered_dong": 50_000, "change_dong": 28_000}]
    small = tablet.sale([sold(weighed, grams=575)], rounding_dong=150, payments=cash)
    void = tablet.sale([sold(weighed, grams=575)], refund_of=small["id"], whole=True, rounding_dong=150)
    rounded = tablet.sale([sold(weighed, grams=575)], rounding_dong=-350)
    odd = tablet.sale([(fair.goods[1], 1)], total_dong=1)
    tablet.send(sale, refund, small, void, rounded, odd, tablet.sale([(fair.goods[3], 1)]) | {"text": "{"})
    token: str = command["receipt_token"]
    return token


def check(page: Page, address: str, scrolled: list[str]) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    assert axe_findings(page) == [], address
    if scrolls_sideways(page):
        scrolled.append(f"{address} at {page.viewport_size}")


@pytest.mark.journey
@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone", "narrow"])
def test_what_visitors_see(fair: Fair, server: Server, office: Office, token: str, size: tuple[int, int]) -> None:
    scrolled: list[str] = []
    page = office.visitor(size)
    check(page, f"{server.address}/r/{token}", scrolled)
    page.locator("a[href^='/p/']").first.click()
    page.wait_for_url("**/p/*")
    check(page, page.url, scrolled)
    check(page, f"{server.address}/sign-in", scrolled)
    assert scrolled == []


@pytest.mark.journey
def test_a_receipt_is_light_and_needs_no_script(fair: Fair, server: Server, office: Office, token: str) -> None:
    page = office.visitor(scripts=False)
    bodies: list[int] = []
    page.on("response", lambda response: bodies.append(len(response.body())))
    page.goto(f"{server.address}/r/{token}")
    assert page.get_by_text("Phiếu này không phải hóa đơn").count() == 1
    assert sum(bodies) < 20_000, bodies


@pytest.mark.journey
@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone", "narrow"])
def test_what_organisers_see(fair: Fair, server: Server, office: Office, token: str, size: tuple[int, int]) -> None:
    scrolled: list[str] = []
    page = office.sign_in("bantochuc", size)
    edition = f"{server.address}/editions/{fair.edition_id}/"
    figures = ("comparison", "published", "published/net_dong")
    for path in (
        "",
        "days",
        "totals",
        "totals/products",
        "money",
        "receipts",
        "oddities",
        "quarantine",
        "devices",
        "booths",
        "people",
        *figures,
    ):
        check(page, edition + path, scrolled)
    page.goto(f"{edition}receipts")
    receipts = page.locator("main a[href^='/sales/']")
    addresses = {str(receipts.nth(at).get_attribute("href")) for at in range(receipts.count())}
    assert len(addresses) == 6
    for address in sorted(addresses):
        check(page, server.address + address, scrolled)
    for path in ("/editions/", "/catalogue/", "/catalogue/import", "/me/password"):
        check(page, server.address + path, scrolled)
    assert scrolled == []


@pytest.mark.journey
def test_tiles_leave_no_hole_however_many_there_are(fair: Fair, server: Server, office: Office) -> None:
    page = office.sign_in("bantochuc", (1280, 800))
    page.goto(f"{server.address}/editions/{fair.edition_id}/visitors")  # loads every sheet that tiles are drawn by
    assert page.locator("link[href$='visitors.css']").count() == 1
    script = """kinds => { document.querySelector('main').innerHTML = kinds.flatMap(kind => [2, 3, 4, 5, 6, 7, 8].map(count =>
      `<dl class="figures ${kind}">` + Array.from({length: count}, (_, at) =>
        `<div class="figure${at === 2 ? ' net' : ''}"><dt>Chuyển khoản chưa xác nhận</dt><dd>${count > 5 && at > 2 && at < 6 ? "131.315" : "10.200.000.000 ₫"}` +
        (kind === 'meanings' ? '<span class="meant">Lượt vào trừ lượt ra từ đầu ngày, theo những gì đã gửi về.</span>' : '') +
        '</dd></div>').join('') + '</dl>')).join('') }"""
    page.evaluate(script, ["", "meanings"])
    for width in (1440, 1280, 1024, 768, 360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert ragged_tiles(page) == []


@pytest.mark.journey
@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone", "narrow"])
def test_what_producers_see(fair: Fair, server: Server, office: Office, token: str, size: tuple[int, int]) -> None:
    scrolled: list[str] = []
    page = office.sign_in("chuthe", size)
    mine = f"{server.address}/producers/{fair.producer_ids[0]}/"
    check(page, mine, scrolled)
    check(page, f"{mine}days", scrolled)
    page.locator("main a[href*='/days/']").first.click()
    page.wait_for_url("**/days/*")
    check(page, page.url, scrolled)
    assert scrolled == []


@pytest.mark.journey
@pytest.mark.parametrize("login_name", ["bantochuc", "chuthe"])
def test_english_is_complete_where_people_look(
    fair: Fair, server: Server, office: Office, token: str, login_name: str
) -> None:
    page = office.sign_in(login_name)
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "en"
    assert axe_findings(page) == []
    for vietnamese in ("Thực thu", "Bán ra", "Đăng xuất", "Hôm nay", "Chuyển khoản", "Làm tròn", "Giảm giá"):
        assert page.get_by_text(vietnamese).count() == 0, vietnamese
