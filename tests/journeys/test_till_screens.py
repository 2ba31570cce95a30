"""The till's screens at every size: taps, sizes, contrast, no sideways scrolling, nothing for axe to find (UX D5)."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.builders import PASSWORD, Fair
from tests.journeys.browser import Tablet
from tests.journeys.looking import (
    SIZES,
    axe_findings,
    low_contrast,
    low_controls,
    near_controls,
    scrolls_sideways,
    small_controls,
)
from tests.journeys.test_nine_sales import pairing_code
from tests.journeys.walking import screens_declared, walk
from tests.serving import Server

CONTROL, MONEY, GAP, CONTRAST, CONTRAST_IN_THE_SUN = 76, 126, 20, 7.0, 19.0


# What money goes by. Two are left out: the card's button on a telephone, where four sums and the transfer leave it no row of that
# height, and the ways of a part, which is typed and then chosen, never hit in passing.
MONEY_BUTTONS = (
    "pay-button",
    "pay-exact",
    "quick-note",
    "pay-transfer",
    "pay-confirm",
    "transfer-seen",
    "transfer-claimed",
    "card-done",
    "refund-done",
    "open-till-done",
)


# Roles, names and colours are the same at every size but for what a telephone folds away: two sizes tell all of them.
WHOLE_LOOK = ("tablet", "phone")


def check(tablet: Tablet, screen: str, size: str) -> None:
    where = f"{screen} at {size}"
    assert not scrolls_sideways(tablet.page), where
    assert small_controls(tablet.page, CONTROL) == [], where
    assert near_controls(tablet.page, GAP) == [], where
    if size in WHOLE_LOOK:
        assert axe_findings(tablet.page) == [], where
        assert low_contrast(tablet.page, CONTRAST) == [], where


@pytest.mark.journey
@pytest.mark.parametrize("sizes", [("upright", "old tablet", "tablet"), ("phone",)], ids=["tablets", "phone"])
def test_every_screen_at_every_size(
    app: Flask, fair: Fair, server: Server, browser: Browser, tmp_path: Path, sizes: tuple[str, ...]
) -> None:
    """One walk for all tablets: their screens follow each other alike, and no script asks how large the glass is."""
    *_, walked = sizes
    tablet = Tablet(browser, tmp_path / "profile", server.address, SIZES[walked])

    def look(screen: str) -> None:
        for size in sizes:
            if len(sizes) > 1:
                turn(tablet, SIZES[size])
            check(tablet, screen, size)
            assert_money_is_large(tablet, *MONEY_BUTTONS)
            if tablet.page.locator("[data-screen]").count():
                # How much waits, and since when, is in sight on every one of them.
                assert tablet.page.locator(".strip").filter(visible=True).count() == 1, f"{screen} at {size}"

    try:
        seen = walk(app, fair, tablet, look, phone=walked == "phone")
    finally:
        tablet.close()
    assert tablet.problems == []
    # On a tablet the cart has no screen of its own; on a telephone it has.
    assert screens_declared() - seen == (set() if walked == "phone" else {"cart"})


def turn(tablet: Tablet, size: tuple[int, int]) -> None:
    """The same screen on a glass of this size, drawn."""
    width, height = size
    tablet.page.set_viewport_size({"width": width, "height": height})
    tablet.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.mark.journey
def test_the_narrowest_glass_in_the_sun_and_in_english(
    app: Flask, fair: Fair, server: Server, browser: Browser, tmp_path: Path
) -> None:
    tablet = Tablet(browser, tmp_path / "profile", server.address, (320, 640))

    def look(screen: str) -> None:
        assert axe_findings(tablet.page) == [], screen
        assert not scrolls_sideways(tablet.page), screen
        # The notice of a second tab does not open the ledger, and so does not know what was chosen.
        least = CONTRAST if screen == "another tab sells" else CONTRAST_IN_THE_SUN
        assert low_contrast(tablet.page, least) == [], screen

    try:
        walk(app, fair, tablet, look, phone=True, settings={"language": "en", "theme": "sun"})
    finally:
        tablet.close()
    assert tablet.problems == []


@pytest.mark.journey
@pytest.mark.parametrize("size", SIZES)
def test_three_items_in_cash_are_five_taps(
    app: Flask, fair: Fair, server: Server, browser: Browser, tmp_path: Path, size: str
) -> None:
    tablet = Tablet(browser, tmp_path / "profile", server.address, SIZES[size])
    try:
        tablet.open()
        tablet.pair(pairing_code(app, fair), "nguoiban", PASSWORD)
        taps = count_taps(tablet)
        tablet.tap_goods(*(fair.goods[at].product_id for at in (0, 4, 8)))
        tablet.find("pay-button").click()
        tablet.find("quick-note").first.click()
        tablet.recorded()
        assert taps() == 5
        tablet.tap_goods(fair.goods[1].product_id)
        assert tablet.find("recorded").count() == 0, "the next sale begins with the next item"
    finally:
        tablet.close()
    assert tablet.problems == []


def count_taps(tablet: Tablet):  # type: ignore[no-untyped-def]
    """Counts clicks from now on."""
    tablet.page.evaluate("window.taps = 0; addEventListener('click', () => window.taps++, true)")
    return lambda: tablet.page.evaluate("window.taps")


def assert_money_is_large(tablet: Tablet, *testids: str) -> None:
    assert low_controls(tablet.page, testids, MONEY) == []


@pytest.mark.journey
def test_ten_taps_are_one_sale(app: Flask, fair: Fair, server: Server, tablet: Tablet) -> None:
    tablet.open()
    tablet.pair(pairing_code(app, fair), "nguoiban", PASSWORD)
    tablet.tap_goods(fair.goods[0].product_id)
    tablet.find("pay-button").click()
    tablet.page.evaluate(
        """() => { const button = document.querySelector('[data-testid="pay-exact"]')
        for (let n = 0; n < 10; n++) button.click() }"""
    )
    tablet.recorded()
    tablet.wait_until_sent()
    with app.app_context():
        from fair_pos.plumbing.db import reading
        from fair_pos.proof.queries import prove

        assert prove(reading()).sales == 1


@pytest.mark.journey
def test_a_second_tab_does_not_write(app: Flask, fair: Fair, server: Server, tablet: Tablet) -> None:
    tablet.open()
    tablet.pair(pairing_code(app, fair), "nguoiban", PASSWORD)
    second = tablet.context.new_page()
    second.goto(f"{server.address}/till/")
    second.get_by_text("thẻ khác").first.wait_for()
    assert second.get_by_test_id("pay-button").count() == 0


@pytest.mark.journey
def test_signing_out_and_unpairing_wait_for_the_last_sale(
    app: Flask, fair: Fair, server: Server, tablet: Tablet
) -> None:
    tablet.open()
    tablet.pair(pairing_code(app, fair), "nguoiban", PASSWORD)
    tablet.wait_until_installed()
    tablet.context.set_offline(True)
    tablet.sell_cash(fair.goods[0].product_id)
    tablet.find("new-sale").click()
    tablet.find("more-button").click()
    for way in ("sign-out", "unpair"):
        tablet.find(way).click()
        tablet.find("refusal").first.wait_for()
        assert tablet.find(f"{way}-yes").count() == 0
        tablet.page.reload()
        tablet.find("more-button").click()
    tablet.find("back").first.click()
    tablet.context.set_offline(False)
    tablet.wait_until_sent()


@pytest.mark.journey
def test_search_needs_no_marks(app: Flask, fair: Fair, server: Server, tablet: Tablet) -> None:
    tablet.open()
    tablet.pair(pairing_code(app, fair), "nguoiban", PASSWORD)
    for typed in ("mat ong", "MẬT ONG", "ong mat", "Mật ong"):
        tablet.find("search").fill(typed)
        expect(tablet.find("tile")).to_have_count(3)
        assert all("Mật ong" in name for name in tablet.find("tile").all_inner_texts())
    tablet.find("tile").first.click()
    tablet.find("pay-button").click()
    tablet.find("pay-exact").click()
    tablet.recorded()
    assert tablet.find("search").input_value() == "", "the next buyer wants something else"
    assert tablet.find("tile").count() == len(fair.goods)
