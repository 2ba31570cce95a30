"""Every screen of paying, drawer and giving back at every size: sizes, contrast, no sideways scrolling, nothing for axe."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Playwright

from tests.builders import Fair
from tests.journeys.browser import Tablet
from tests.journeys.looking import SIZES
from tests.journeys.paying import (
    SECOND_PIN,
    SELLER,
    SELLER_PIN,
    back_to_selling,
    begin,
    check,
    enter_pin,
    note,
    settle,
    tap,
)
from tests.journeys.test_till_screens import assert_money_is_large
from tests.serving import Server


def look(tablet: Tablet, *testids: str) -> None:
    """Tap these, one after the other, and look hard at what each brings."""
    for testid in testids:
        tap(tablet, testid)
        check(tablet, f"after {testid}")
        # How much waits, and since when, is in sight on every one of them.
        assert tablet.page.locator(".strip").filter(visible=True).count() >= 1, testid


def type_part(tablet: Tablet, thousands: str) -> None:
    if tablet.find("other-sum").is_visible():  # telephones show sums or keypad
        tap(tablet, "other-sum")
    for key in (*thousands, "000"):
        tablet.find(f"key-{key}").click()


@pytest.mark.journey
@pytest.mark.parametrize("size", SIZES)
def test_every_money_screen_at_this_size(
    app: Flask, fair: Fair, server: Server, playwright: Playwright, tmp_path: Path, size: str
) -> None:
    tablet = Tablet(playwright, tmp_path / "profile", server.address, SIZES[size])
    try:
        goods = begin(app, fair, tablet, drawer=True, cash_rounding_dong=1_000, refund_limit_dong=100_000)
        check(tablet, "opening")
        note(tablet, 100_000, 5)
        look(tablet, "note-count", "open-till-done", "pin-person")
        enter_pin(tablet, SELLER_PIN, SELLER)
        tablet.find("tile").first.wait_for()

        tablet.tap_goods(goods[0], goods[4], goods[8])
        look(tablet, "pay-button")
        assert_money_is_large(tablet, "pay-exact", "quick-note", "pay-transfer")
        type_part(tablet, "50")
        look(tablet, "part-cash", "pay-card", "card-back", "pay-transfer", "transfer-claimed")
        settle(tablet)
        tablet.tap_goods(goods[0], goods[4])
        look(tablet, "pay-button", "quick-note", "undo-sale", "undo-sale-yes")
        enter_pin(tablet, SECOND_PIN)
        tablet.find("refunded").wait_for()
        check(tablet, "paid back")
        look(tablet, "back", "only-claimed", "find-receipt", "back", "receipt-row")
        back_to_selling(tablet)
        tap(tablet, "sales-button")
        tablet.page.locator('[data-testid="receipt-row"][data-kind="sale"]').last.click()
        settle(tablet)
        look(tablet, "give-back", "refund-more", "refund-reason")
        back_to_selling(tablet)
        look(tablet, "more-button", "drawer-button", "cash-out", "move-reason")
        back_to_selling(tablet)
        tap(tablet, "more-button", "drawer-button")
        look(tablet, "switch-person")
        back_to_selling(tablet)
        tap(tablet, "more-button", "drawer-button")
        look(tablet, "close-till", "count-done", "explain", "close-done")
        enter_pin(tablet, SECOND_PIN)
        tablet.find("z-slip").wait_for()
        check(tablet, "Z slip")
        look(tablet, "back")
    finally:
        tablet.close()
    assert tablet.problems == []
