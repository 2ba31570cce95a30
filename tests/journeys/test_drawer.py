"""The drawer from float to Z slip, and who stands at it."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page

from fair_pos.kernel.money import format_dong, with_true_minus
from tests.builders import Fair
from tests.journeys.browser import Office, Tablet
from tests.journeys.looking import axe_findings, scrolls_sideways
from tests.journeys.paying import (
    SECOND,
    SECOND_PIN,
    SELLER,
    SELLER_PIN,
    back_to_selling,
    begin,
    check,
    commands,
    enter_pin,
    note,
    number,
    of_kind,
    settle,
    tap,
)
from tests.journeys.selling import proof
from tests.journeys.test_till_screens import count_taps


@pytest.mark.journey
def test_the_drawer_from_float_to_slip(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet, drawer=True, close_limit_dong=50_000, refund_limit_dong=10_000_000)
    assert tablet.find("tile").count() == 0, "selling waits for the float"
    check(tablet, "opening")
    note(tablet, 100_000, 5)
    tap(tablet, "open-till-done")
    enter_pin(tablet, SELLER_PIN, SELLER)
    tablet.find("tile").first.wait_for()
    tablet.wait_until_installed()
    tablet.context.set_offline(True)

    first = tablet.sell_cash(goods[0])
    second = tablet.sell_cash(goods[4], goods[8])
    tap(tablet, "undo-sale", "undo-sale-yes")
    tablet.find("refunded").wait_for()
    back_to_selling(tablet)
    tablet.tap_goods(goods[1])
    tap(tablet, "pay-button", "pay-transfer", "transfer-claimed")
    third = tablet.recorded()
    tap(tablet, "new-sale", "more-button", "drawer-button")
    check(tablet, "drawer")
    for way, digits in (("cash-in", "2"), ("cash-out", "5")):
        tap(tablet, way)
        check(tablet, way)
        for key in (digits, "0", "000"):
            tablet.find(f"key-{key}").click()
        tap(tablet, "move-reason", "move-done", "more-button", "drawer-button")

    tap(tablet, "close-till")
    check(tablet, "counting")
    expected = 500_000 + first["total"] + 20_000 - 50_000
    note(tablet, 100_000, 4)
    tap(tablet, "count-done")
    check(tablet, "comparing")
    compared = tablet.find("compare-cash")
    assert number(compared, "expected") == expected
    assert compared.get_attribute("data-difference") == str(400_000 - expected)
    assert number(tablet.find("unconfirmed"), "count") == 1
    assert tablet.find("close-done").is_disabled(), "a difference must be explained"
    tap(tablet, "explain", "close-done")
    enter_pin(tablet, SECOND_PIN)
    tablet.find("z-slip").wait_for()
    check(tablet, "Z slip")
    slip = tablet.find("z-slip").inner_html()
    closed = of_kind(tablet, "till_closed")[0]
    documents = [one for one in commands(tablet) if "receipt_number" in one]
    assert closed["expected_dong"] == expected
    assert closed["counted_dong"] == 400_000
    assert (closed["z_number"], closed["sale_count"], closed["second_person_id"]) == (1, 4, SECOND)
    assert (closed["first_number"], closed["last_number"]) == (first["number"], third["number"])
    assert {one["till_session_id"] for one in documents} == {closed["till_session_id"]}
    assert {one["person_id"] for one in documents} == {SELLER}
    assert second["number"] != first["number"]

    tap(tablet, "back")
    tablet.find("open-till").wait_for()
    taps = count_taps(tablet)
    tap(tablet, "usual-float", "open-till-done")
    assert number(tablet.find("float"), "dong") in (-1, 500_000)
    tablet.page.locator(f'[data-testid="pin-person"][data-person-id="{SELLER}"]').click()
    assert taps() <= 4, "as yesterday: four taps and the PIN"
    settle(tablet)
    enter_pin(tablet, SELLER_PIN)
    tablet.find("tile").first.wait_for()
    later = tablet.sell_cash(goods[2])
    tap(tablet, "new-sale", "more-button", "drawer-button", "z-slips", "z-row")
    assert tablet.find("z-slip").inner_html() == slip, "printed again, the same letters"
    sale = next(one for one in of_kind(tablet, "sale") if one["id"] == later["id"])
    assert sale["till_session_id"] not in (None, closed["till_session_id"])


@pytest.mark.journey
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desktop", "phone"])
def test_an_organiser_sees_the_drawer_and_its_report(
    app: Flask, fair: Fair, tablet: Tablet, office: Office, size: tuple[int, int]
) -> None:
    goods = begin(app, fair, tablet, drawer=True, close_limit_dong=50_000, refund_limit_dong=10_000_000)
    note(tablet, 100_000, 5)
    tap(tablet, "open-till-done")
    enter_pin(tablet, SELLER_PIN, SELLER)
    tablet.find("tile").first.wait_for()
    sold = tablet.sell_cash(goods[0])
    tablet.wait_until_sent()
    page = office.sign_in("bantochuc", size)
    page.goto(f"{tablet.address}/editions/{fair.edition_id}/drawers")
    page.get_by_text("đang mở").wait_for()
    expected = 500_000 + sold["total"]
    assert in_dong(expected) in page.locator("main").inner_text()

    tap(tablet, "new-sale", "more-button", "drawer-button", "close-till")
    note(tablet, 100_000, 5)
    tap(tablet, "count-done", "explain", "close-done")
    enter_pin(tablet, SECOND_PIN)
    tablet.find("z-slip").wait_for()
    slip = tablet.find("z-slip").inner_text()
    tap(tablet, "back")
    tablet.find("open-till").wait_for()
    tablet.page.locator('[data-testid="waiting-count"][data-count="0"]').wait_for(state="attached")
    page.reload()
    page.get_by_text("đã đóng, Z 1").wait_for()
    look(page)
    page.locator("main a[href*='/drawers/']").first.click()
    page.get_by_role("heading", name="Kết ca Z số 1").wait_for()
    look(page)
    shown = page.locator("main").inner_text()
    for said in (in_dong(expected), in_dong(500_000), f"thiếu {in_dong(expected - 500_000)}"):
        assert said in shown
        assert plain(said) in plain(slip), "tablet and server say the same"
    assert "Trần Văn Bình" in shown
    page.get_by_role("link", name="Bán ra", exact=True).first.click()
    page.locator("#receipts").get_by_text(f"1 phiếu, {in_dong(sold['total'])}").wait_for()
    page.get_by_role("link", name=str(sold["number"])).click()
    page.get_by_role("heading", name=f"Phiếu bán {sold['number']}").wait_for()
    page.go_back()
    address = page.get_by_role("link", name="Phiếu kết ca Z số 1 (PDF)").get_attribute("href")
    first, again = (page.request.get(f"{tablet.address}{address}") for _ in range(2))
    assert first.headers["content-type"] == "application/pdf"
    assert first.body() == again.body()
    assert first.body().startswith(b"%PDF-")
    proof(app)


def in_dong(dong: int) -> str:
    """As tablet and pages write it."""
    return with_true_minus(format_dong(dong))


def plain(text: str) -> str:
    """Without spaces: tablet and pages write different ones."""
    return "".join(text.split())


def look(page: Page) -> None:
    assert axe_findings(page) == []
    assert not scrolls_sideways(page)


@pytest.mark.journey
def test_wrong_pins_lock_and_a_reload_does_not_open(app: Flask, fair: Fair, tablet: Tablet) -> None:
    begin(app, fair, tablet)
    tablet.wait_until_installed()
    tablet.context.set_offline(True)

    def pad() -> None:
        tap(tablet, "more-button", "switch-person")
        tablet.page.locator(f'[data-testid="pin-person"][data-person-id="{SECOND}"]').click()
        settle(tablet)

    pad()
    for left in (4, 3, 2, 1):
        enter_pin(tablet, "0000")
        tablet.wait_until(f"document.querySelector('[data-testid=pin-says]').textContent.includes('{left}')")
        if left == 2:
            tablet.page.reload()
            pad()
    enter_pin(tablet, "0000")
    tablet.wait_until("/60|5[0-9]/.test(document.querySelector('[data-testid=pin-says]').textContent)")
    tablet.page.reload()
    pad()
    check(tablet, "locked")
    assert tablet.find("pin-done").is_disabled()
    # A minute later; the clock is the browser's own.
    tablet.page.evaluate("const now = Date.now; Date.now = () => now() + 61_000")
    tablet.page.wait_for_timeout(1_100)
    enter_pin(tablet, SECOND_PIN)
    tablet.page.get_by_text("Trần Văn Bình").first.wait_for()


@pytest.mark.journey
def test_switching_by_pin_takes_less_than_three_seconds(app: Flask, fair: Fair, tablet: Tablet) -> None:
    goods = begin(app, fair, tablet)
    tablet.wait_until_installed()
    tablet.context.set_offline(True)
    tap(tablet, "more-button", "switch-person")
    tablet.page.locator(f'[data-testid="pin-person"][data-person-id="{SECOND}"]').click()
    for digit in SECOND_PIN:
        tablet.find(f"key-{digit}").click()
    began = tablet.page.evaluate("performance.now()")
    tablet.find("pin-done").click()
    tablet.page.get_by_text("Trần Văn Bình").first.wait_for()
    assert tablet.page.evaluate("performance.now()") - began < 3_000
    back_to_selling(tablet)
    tablet.sell_cash(goods[0])
    assert of_kind(tablet, "sale")[0]["person_id"] == SECOND
