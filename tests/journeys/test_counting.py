"""Goods are counted at the booth without a network while selling goes on; nothing of it is lost and nothing is counted twice."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from fair_pos.plumbing.db import reading
from fair_pos.stocktaking.queries import states_of
from fair_pos.stocktaking.tables import StockCount
from tests.builders import PASSWORD, Fair, Goods
from tests.journeys.browser import Tablet
from tests.journeys.lots import Lying, lay_down
from tests.journeys.paying import check, of_kind
from tests.journeys.selling import EAN, PIN, Shop, keys, press, second_person
from tests.journeys.test_nine_sales import pairing_code
from tests.journeys.test_scanning import scan
from tests.journeys.test_till_screens import count_taps
from tests.serving import Server


def row(tablet: Tablet, product_id: str, control: str, at: int = 0) -> None:
    found = tablet.page.locator(f'[data-testid="count-row"][data-product-id="{product_id}"]').nth(at)
    found.get_by_test_id(control).click()
    tablet.page.wait_for_timeout(420)


def type_count(tablet: Tablet, goods: Goods, digits: str, at: int = 0) -> None:
    row(tablet, goods.product_id, "count-open", at)
    keys(tablet, digits)
    press(tablet, "count-line-done")


def counts(app: Flask) -> list[StockCount]:
    with app.app_context():
        return list(reading().scalars(select(StockCount)))


def variances(app: Flask) -> dict[tuple[str, str | None], int]:
    """Of the one count there is: what is too much or missing, as the office sees it now."""
    with app.app_context():
        session = reading()
        count = session.scalars(select(StockCount)).one()
        return {(one.line.product_id, one.line.lot_id or None): one.variance for one in states_of(session, count)}


@pytest.mark.journey
@pytest.mark.usefixtures("on_disk")
def test_a_count_offline_with_sales_before_between_and_after(
    app: Flask, fair: Fair, shop: Shop, server: Server, till: Tablet
) -> None:
    oil, fish = fair.goods[4], shop.fish
    honey = lay_down(app, fair, fair.goods[1], Lying("L1", 30, 6), Lying("L2", 60, 6))
    lay_down(app, fair, oil, Lying("D1", 90, 20))
    lay_down(app, fair, fish, Lying("CÁ", 40, 8_000))
    till.page.reload()
    till.wait_until("navigator.serviceWorker.controller !== null")
    expect(till.page.locator('[data-testid="tile"]').first).to_be_visible()
    till.page.wait_for_timeout(1_500)  # the newer list is taken while the cart is empty
    server.kill()

    till.sell_cash(oil.product_id, oil.product_id)  # before: 18 are left
    press(till, "new-sale")
    taps = count_taps(till)
    press(till, "more-button", "count-button")
    assert till.find("count-row").count() > 3
    check(till, "count list")
    type_count(till, oil, "17")  # one is missing
    assert taps() <= 7

    press(till, "back")
    before = taps()
    till.sell_cash(oil.product_id)  # in between; costs what it always costs
    assert taps() - before == 3
    press(till, "new-sale")
    till.page.reload()  # the draft is on the disk
    press(till, "count-on")
    type_count(till, fair.goods[1], "6")  # its first lot
    row(till, fair.goods[1].product_id, "count-more", 1)
    for _ in range(4):
        row(till, fair.goods[1].product_id, "count-more", 1)  # five of the second: one is missing
    row(till, fish.product_id, "count-open")
    keys(till, "7,85")
    expect(till.find("count-typed")).to_have_attribute("data-value", "7850")
    check(till, "weighing what lies there")
    press(till, "count-line-done")
    till.kill()
    till.open(offline=True)
    press(till, "count-on")
    expect(till.find("counted-of")).to_have_attribute("data-counted", "4")
    press(till, "count-check")
    expect(till.find("count-counted")).to_have_attribute("data-lines", "4")
    assert int(till.find("count-missing").get_attribute("data-lines") or "0") > 0
    uncounted = till.find("count-missing").get_by_test_id("count-check-row").first
    expect(till.find("count-counted").get_by_test_id("count-check-row").first).to_be_in_viewport()
    expect(uncounted).to_be_hidden()
    press(till, "count-missing-open")
    expect(uncounted).to_be_visible()
    check(till, "check")
    till.find("count-note").fill("kệ bên trái")
    press(till, "count-finish")
    expect(till.find("count-recorded")).to_have_attribute("data-lines", "4")
    check(till, "recorded")
    press(till, "count-sell")
    till.sell_cash(oil.product_id)  # after

    server.start()
    till.context.set_offline(False)
    till.wait_until_sent()
    count = of_kind(till, "stock_counted")
    assert len(count) == 1
    assert len(counts(app)) == 1
    stamps = [datetime.fromisoformat(line["counted_at"]) for line in count[0]["lines"]]
    assert stamps == sorted(stamps)
    assert stamps[0] < stamps[-1] <= datetime.fromisoformat(count[0]["device_at"])
    assert variances(app) == {
        (oil.product_id, None): -1,
        (fair.goods[1].product_id, honey["L1"]): 0,
        (fair.goods[1].product_id, honey["L2"]): -1,
        (fish.product_id, None): -150,
    }


@pytest.mark.journey
def test_another_seller_goes_on_a_code_finds_goods_and_a_figure_is_taken_back(
    app: Flask, fair: Fair, shop: Shop, till: Tablet
) -> None:
    press(till, "more-button", "count-button")
    scan(till, EAN)
    expect(till.find("count-line-done")).to_be_visible()
    keys(till, "12")
    press(till, "count-line-done")
    assert till.find("cart-line").count() == 0, "a code that is counted is not sold"
    press(till, "back", "more-button", "switch-person")
    second_person(till, PIN)
    press(till, "back")
    press(till, "count-on")
    till.find("count-search").fill(fair.goods[4].name)
    row(till, fair.goods[4].product_id, "count-open")
    press(till, "count-nothing")
    till.find("count-search").fill("không có món này")
    assert till.find("count-row").count() == 0
    till.find("count-search").fill("")
    row(till, fair.goods[1].product_id, "count-open")
    press(till, "count-take-back", "count-check", "count-finish")
    till.find("count-recorded").wait_for()
    press(till, "count-sell")
    till.wait_until_sent()
    lines = of_kind(till, "stock_counted")[0]["lines"]
    assert [(line["product_id"], line["quantity"]) for line in lines] == [(fair.goods[4].product_id, 0)]
    assert till.find("count-on").count() == 0


@pytest.mark.journey
def test_a_disk_that_fails_keeps_the_figures(fair: Fair, till: Tablet) -> None:
    press(till, "more-button", "count-button")
    type_count(till, fair.goods[1], "5")
    till.page.evaluate("() => { IDBObjectStore.prototype.add = () => { throw new Error('full') } }")
    press(till, "count-check", "count-finish")
    expect(till.find("refusal")).to_be_visible()
    assert till.find("count-recorded").count() == 0
    assert of_kind(till, "stock_counted") == []
    till.page.reload()
    press(till, "count-on", "count-check", "count-finish")
    till.find("count-recorded").wait_for()
    assert len(of_kind(till, "stock_counted")) == 1


@pytest.mark.journey
def test_a_count_on_a_telephone_is_left_and_given_up(
    app: Flask, fair: Fair, shop: Shop, server: Server, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> None:
    phone = Tablet(playwright, tmp_path_factory.mktemp("phone"), server.address, (360, 640))
    try:
        phone.open()
        phone.pair(pairing_code(app, fair), "nguoiban", PASSWORD)
        press(phone, "more-button", "count-button")
        type_count(phone, fair.goods[1], "5")
        press(phone, "back")
        check(phone, "count on a telephone")
        press(phone, "more-button", "unpair")
        press(phone, "unpair-yes")
        expect(phone.find("refusal")).to_contain_text("phiếu kiểm")
        press(phone, "back", "count-on-phone", "count-check", "count-give-up", "count-give-up-yes")
        assert phone.find("count-on-phone").count() == 0
    finally:
        phone.close()
    assert phone.problems == []
