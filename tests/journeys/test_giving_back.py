"""Goods given back, papers printed again."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.builders import Fair
from tests.journeys.browser import Tablet
from tests.journeys.looking import SIZES
from tests.journeys.paying import (
    SECOND,
    SECOND_PIN,
    back_to_selling,
    begin,
    check,
    enter_pin,
    number,
    of_kind,
    settle,
    tap,
)
from tests.serving import Server


@pytest.mark.journey
def test_six_sold_two_back_one_back_three_left(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet, refund_limit_dong=10_000_000)
    tablet.wait_until_installed()
    tablet.context.set_offline(True)
    sold = tablet.sell_cash(*[goods[0]] * 6)
    tap(tablet, "new-sale")

    def give_back(count: int) -> None:
        tap(tablet, "sales-button")
        tablet.page.locator(f'[data-testid="receipt-row"][data-sale-id="{sold["id"]}"]').click()
        settle(tablet)
        tap(tablet, "give-back")
        for _ in range(count):
            tablet.find("refund-more").first.click()
        tap(tablet, "refund-reason")
        check(tablet, "giving back")
        tap(tablet, "refund-done")
        tablet.find("refunded").wait_for()
        back_to_selling(tablet)

    give_back(2)
    give_back(1)
    tap(tablet, "sales-button")
    tablet.page.locator(f'[data-testid="receipt-row"][data-sale-id="{sold["id"]}"]').click()
    settle(tablet)
    tap(tablet, "give-back")
    line = tablet.find("refund-line")
    assert number(line, "left") == 3
    for _ in range(3):
        tablet.find("refund-more").first.click()
    assert tablet.find("refund-more").first.is_disabled(), "not one more"
    back_to_selling(tablet)
    refunds = of_kind(tablet, "refund")
    assert sum(one["total_dong"] for one in refunds) == sold["total"] // 2
    # A refund cannot be given back again, and another tablet's receipt needs the network.
    tap(tablet, "sales-button")
    tablet.page.locator('[data-testid="receipt-row"][data-kind="refund"]').first.click()
    settle(tablet)
    assert tablet.find("give-back").count() == 0
    tap(tablet, "back", "find-receipt")
    tablet.find("receipt-code").fill("B-261124-001")
    tablet.find("receipt-seek").click()
    tablet.find("refusal").wait_for(timeout=20_000)
    assert "mạng" in tablet.find("refusal").inner_text()
    # Its own receipt is found by what stands in the QR.
    tablet.find("receipt-code").fill(sold["url"])
    tap(tablet, "receipt-seek")
    assert number(tablet.find("refund-line"), "left") == 3


@pytest.mark.journey
def test_more_than_the_limit_needs_a_second_person(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet, refund_limit_dong=1_000)
    tablet.sell_cash(goods[0])
    tap(tablet, "undo-sale", "undo-sale-yes")
    assert of_kind(tablet, "refund") == []
    enter_pin(tablet, SECOND_PIN)
    tablet.find("refunded").wait_for()
    assert of_kind(tablet, "refund")[0]["second_person_id"] == SECOND


@pytest.mark.journey
def test_money_goes_back_the_way_it_came(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet, refund_limit_dong=10_000_000)
    tablet.tap_goods(goods[0], goods[1])
    tap(tablet, "pay-button")
    total = number(tablet.find("pay-left"), "dong")
    for key in ("1", "0", "0", "000"):
        tablet.find(f"key-{key}").click()
    tap(tablet, "part-cash", "pay-transfer", "transfer-seen")
    tablet.recorded()
    tap(tablet, "sales-button", "receipt-row", "give-back", "refund-all", "refund-reason")
    assert "100.000" in tablet.find("refund-mix").inner_text()
    tap(tablet, "refund-done")
    back = tablet.find("refunded")
    back.wait_for()
    assert (number(back, "total"), number(back, "cash")) == (total, 100_000)
    paid = of_kind(tablet, "refund")[0]["payments"]
    assert [(one["method"], one["amount_dong"]) for one in paid] == [("cash", 100_000), ("transfer", total - 100_000)]
    tap(tablet, "back")
    tablet.page.locator('[data-testid="receipt-row"][data-kind="sale"]').click()
    settle(tablet)
    tap(tablet, "give-back")
    tablet.find("refusal").wait_for()
    assert "trả hết" in tablet.find("refusal").inner_text(), "twice is refused, with a sentence"


@pytest.mark.journey
def test_cash_for_money_that_nobody_saw_is_asked_about_twice(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet, refund_limit_dong=10_000_000)
    tablet.tap_goods(goods[0])
    tap(tablet, "pay-button", "pay-transfer", "transfer-claimed")
    tablet.recorded()
    tap(tablet, "sales-button")
    assert number(tablet.find("claimed-list"), "count") == 1
    tap(tablet, "receipt-row", "give-back", "refund-more", "refund-reason")
    assert tablet.find("cash-for-unseen").count() == 0, "back by transfer, as it came"
    tablet.page.locator('[data-testid="refund-way"][data-value="cash"]').click()
    settle(tablet)
    assert "chưa thấy về" in tablet.find("cash-for-unseen").inner_text()
    tap(tablet, "refund-done")
    assert of_kind(tablet, "refund") == [], "one tap gives no cash away"
    check(tablet, "cash for an unseen transfer")
    tap(tablet, "refund-by-transfer")
    assert tablet.find("cash-for-unseen").count() == 0
    tap(tablet, "refund-done")
    tablet.find("refunded").wait_for()
    assert "Đã hủy phiếu" in tablet.find("refunded").inner_text()
    assert [one["method"] for one in of_kind(tablet, "refund")[0]["payments"]] == ["transfer"]
    tap(tablet, "back")
    assert tablet.find("claimed-list").count() == 0, "nobody waits for money that went back"
    assert tablet.find("came-back").get_attribute("data-came") == "cancelled"
    assert "1 đơn, 1 phiếu trả" in tablet.find("sum-today").inner_text()


@pytest.mark.journey
def test_cash_after_a_second_look(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet, refund_limit_dong=10_000_000)
    tablet.tap_goods(goods[0])
    tap(tablet, "pay-button", "pay-transfer", "transfer-claimed")
    tablet.recorded()
    tap(tablet, "sales-button", "receipt-row", "give-back", "refund-more", "refund-reason")
    tablet.page.locator('[data-testid="refund-way"][data-value="cash"]').click()
    settle(tablet)
    tap(tablet, "refund-done", "refund-done")
    tablet.find("refunded").wait_for()
    assert [one["method"] for one in of_kind(tablet, "refund")[0]["payments"]] == ["cash"]
    tap(tablet, "sell-on")
    assert tablet.find("tile").first.is_visible(), "and on with selling"
    tap(tablet, "sales-button")
    assert number(tablet.find("claimed-list"), "count") == 1, "now the money is missing: it is still asked for"


@pytest.mark.journey
@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_the_buyers_code_and_the_pin_are_whole_on_the_glass(
    app: Flask, fair: Fair, server: Server, browser: Browser, tmp_path: Path, size: str
) -> None:
    tablet = Tablet(browser, tmp_path / "profile", server.address, SIZES[size])
    try:
        goods = begin(app, fair, tablet, refund_limit_dong=1_000)
        tablet.tap_goods(goods[0])
        tap(tablet, "pay-button", "quick-note")
        tablet.recorded()
        assert whole(tablet, "buyer-qr", ".sold-scroll"), "scanned without scrolling"
        tap(tablet, "new-sale")
        tablet.tap_goods(goods[0])
        tap(tablet, "pay-button", "pay-transfer")
        assert covered(tablet, ".never-trust") is False
        tap(tablet, "transfer-seen")
        tap(tablet, "new-sale", "more-button", "switch-person")
        tablet.find("pin-person").first.click()
        settle(tablet)
        assert whole(tablet, "pin-done", ".page-body")
    finally:
        tablet.close()
    assert tablet.problems == []


def whole(tablet: Tablet, testid: str, scroller: str) -> bool:
    """Whether all of it is in sight within what scrolls."""
    inside: bool = tablet.find(testid).first.evaluate(
        """(one, scroller) => { const a = one.getBoundingClientRect(), b = one.closest(scroller).getBoundingClientRect()
        return a.top >= b.top && a.bottom <= b.bottom + 0.5 && a.bottom <= innerHeight }""",
        scroller,
    )
    return inside


def covered(tablet: Tablet, selector: str) -> bool:
    """Whether something else lies over its middle or its lower edge."""
    over: bool = tablet.page.locator(selector).evaluate(
        """one => { const {left, width, top, bottom} = one.getBoundingClientRect()
        return [(top + bottom) / 2, bottom - 3].some(y => !one.contains(document.elementFromPoint(left + width / 2, y))) }"""
    )
    return over


@pytest.mark.journey
def test_a_minute_after_the_sale_nothing_offers_to_undo_it(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet)
    tablet.page.clock.install()
    tablet.page.reload()
    tablet.find("tile").first.wait_for()
    tablet.sell_cash(goods[0])
    tablet.page.clock.run_for(50_000)
    assert tablet.find("undo-sale").is_visible()
    tablet.page.clock.run_for(11_000)
    assert tablet.find("undo-sale").count() == 0
    tap(tablet, "sales-button", "receipt-row")
    assert tablet.find("give-back").is_visible(), "from now on with a reason"


@pytest.mark.journey
def test_the_second_paper_says_that_it_is_a_copy(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet)
    tablet.page.evaluate("() => { window.print = () => { window.printed = (window.printed || 0) + 1 } }")
    sold = tablet.sell_cash(goods[0])
    tap(tablet, "print")
    assert tablet.find("copy-mark").count() == 0
    tap(tablet, "print", "print")
    tablet.wait_until("window.printed === 3")
    assert tablet.find("copy-mark").inner_text() == "BẢN SAO 2"
    copies = of_kind(tablet, "receipt_copied")
    assert [(one["sale_id"], one["copy_no"]) for one in copies] == [(sold["id"], 1), (sold["id"], 2)]
    assert "không phải hóa đơn" in tablet.page.locator(".paper").first.inner_text()
    assert "Bằng chữ" in tablet.page.locator(".paper").first.inner_text()
