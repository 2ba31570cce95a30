"""The sheets of selling at every size: controls, gaps, contrast, nothing for axe to find; and what things cost in taps."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Playwright

from tests.builders import PASSWORD, Fair
from tests.journeys.browser import Tablet
from tests.journeys.looking import SIZES, near_controls
from tests.journeys.selling import GHOST_MS, Shop, keys, press
from tests.journeys.test_nine_sales import pairing_code
from tests.journeys.test_till_screens import assert_money_is_large, count_taps
from tests.journeys.test_till_screens import check as check_looks
from tests.serving import Server


def check(tablet: Tablet, screen: str, size: str) -> None:
    check_looks(tablet, screen, size)
    assert near_controls(tablet.page, 20) == [], f"{screen} at {size}"


@pytest.mark.journey
@pytest.mark.parametrize("size", SIZES)
def test_every_sheet_at_this_size(
    app: Flask, fair: Fair, shop: Shop, server: Server, playwright: Playwright, tmp_path: Path, size: str
) -> None:
    till = Tablet(playwright, tmp_path / "profile", server.address, SIZES[size])
    phone = size == "phone"

    def to_cart() -> None:
        if phone:
            press(till, "see-cart")

    try:
        till.open()
        till.pair(pairing_code(app, fair), "nguoiban", PASSWORD)
        till.tap_goods(shop.fish.product_id)
        check(till, "weighing", size)
        till.page.wait_for_timeout(GHOST_MS)
        keys(till, "575")
        press(till, "weight-done")
        till.tap_goods(shop.honey.product_id)
        check(till, "packs", size)
        press(till, "pack")
        to_cart()
        check(till, "cart", size)
        assert_money_is_large(till, "pay-button")
        press(till, "line-open")
        check(till, "line", size)
        press(till, "line-discount")
        check(till, "discount", size)
        keys(till, "30")
        press(till, "discount-reason", "discount-done")
        check(till, "second person", size)
        press(till, "back")
        for way in ("line-note", "line-price"):
            press(till, way)
            check(till, way, size)
            press(till, "back")
        press(till, "line-done", "cart-more")
        check(till, "more", size)
        press(till, "giveaway")
        check(till, "giveaway", size)
        press(till, "back", "cart-more", "park")
        check(till, "laid aside", size)
        if phone:
            press(till, "see-parked")
            check(till, "carts laid aside", size)
            press(till, "back")
        press(till, "scan")
        till.find("refusal").wait_for()
        check(till, "no camera", size)
    finally:
        till.close()
    assert till.problems == []


@pytest.mark.journey
def test_three_pieces_and_a_weighing_cost_no_tap_more_than_they_must(till: Tablet, fair: Fair, shop: Shop) -> None:
    taps = count_taps(till)
    till.tap_goods(fair.goods[1].product_id, fair.goods[4].product_id, fair.goods[7].product_id)
    press(till, "pay-button", "pay-exact")
    till.recorded()
    before = taps()
    assert before <= 5
    till.tap_goods(shop.fish.product_id)
    till.page.wait_for_timeout(GHOST_MS)
    till.find("quick-weight").nth(2).click()
    assert till.find("cart-line").get_attribute("data-amount") == "19000"
    assert taps() - before <= 2, "half a kilo is two taps"
