"""A till dressed for a day (sellers with PINs, an account, the organiser's limits, put into the price list on its way) and driven."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Flask
from playwright.sync_api import Locator, Route

from tests.builders import PASSWORD, Fair
from tests.journeys.browser import Tablet
from tests.journeys.looking import axe_findings, low_contrast, scrolls_sideways, small_controls
from tests.journeys.test_nine_sales import pairing_code

CONTROL, CONTRAST = 76, 7.0
GHOST_TAP_MS = 450  # a tap this soon after the screen has changed is swallowed: a trembling finger

SALT = "00112233445566778899aabbccddeeff"
SELLER, SECOND = "00000000-0000-7000-8000-0000000000a1", "00000000-0000-7000-8000-0000000000a2"
SELLER_PIN, SECOND_PIN = "1234", "9999"
ACCOUNT: dict[str, Any] = {
    "id": "00000000-0000-7000-8000-0000000000b1",
    "producer_id": None,
    "bank_bin": "970436",
    "bank_name": "Vietcombank",
    "account_number": "0011004567890",
    "holder": "HTX NÔNG SẢN PA Ủ",
}


def pin_hash(pin: str) -> str:
    """What the server keeps of a PIN, and the tablet checks it by."""
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), bytes.fromhex(SALT), 100_000, 32).hex()


def seller(person_id: str, name: str, pin: str, *, second: bool) -> dict[str, Any]:
    """A line of the price list's sellers."""
    return {
        "id": person_id,
        "name": name,
        "pin_salt": SALT,
        "pin_hash": pin_hash(pin),
        "discount_limit_percent": 10,
        "may_change_price": False,
        "may_sign_second": second,
    }


def dress(tablet: Tablet, *, rules: dict[str, Any] | None = None, **more: Any) -> None:
    """From now on the price list names two sellers, an account and these rules."""
    limits = {"cash_rounding_dong": 0, "close_limit_dong": 50_000, "refund_limit_dong": 500_000, "drawer": False}
    extra = {
        "accounts": [ACCOUNT],
        "sellers": [
            seller(SELLER, "Lò Thị Mai", SELLER_PIN, second=False),
            seller(SECOND, "Trần Văn Bình", SECOND_PIN, second=True),
        ],
        "rules": limits | (rules or {}),
    } | more

    def answer(route: Route) -> None:
        given = route.fetch()
        if given.status != 200:
            route.fulfill(response=given)
            return
        headers = {name: value for name, value in given.headers.items() if name.lower() != "content-length"}
        route.fulfill(status=200, headers=headers, json=given.json() | extra)

    tablet.context.route("**/api/till/price-list", answer)


def begin(app: Flask, fair: Fair, tablet: Tablet, *, printer: bool = False, **rules: Any) -> list[str]:
    """A paired tablet with sellers, an account and these rules; the ids of the goods."""
    tablet.open()
    dress(tablet, rules=rules, printer=printer)
    tablet.page.goto(f"{tablet.address}/till/?code={pairing_code(app, fair)}")
    tablet.find("pair-login").fill("nguoiban")
    tablet.find("pair-password").fill(PASSWORD)
    tablet.find("pair-submit").click()
    tablet.page.locator('[data-testid="tile"], [data-testid="open-till"]').first.wait_for()
    return [one.product_id for one in fair.goods]


def settle(tablet: Tablet) -> None:
    tablet.page.wait_for_timeout(GHOST_TAP_MS)


def tap(tablet: Tablet, *testids: str) -> None:
    """One after the other, as slowly as a person."""
    for testid in testids:
        tablet.find(testid).first.click()
        settle(tablet)


def back_to_selling(tablet: Tablet) -> None:
    while tablet.find("back").count():
        tap(tablet, "back")


def enter_pin(tablet: Tablet, pin: str, person_id: str | None = None) -> None:
    if person_id is not None and tablet.find("pin-person").count():
        tablet.page.locator(f'[data-testid="pin-person"][data-person-id="{person_id}"]').click()
        settle(tablet)
    for digit in pin:
        tablet.find(f"key-{digit}").first.click()
    tablet.find("pin-done").click()


def note(tablet: Tablet, worth: int, times: int = 1) -> None:
    for _ in range(times):
        tablet.page.locator(f'[data-testid="note-more"][data-note="{worth}"]').click()


def number(found: Locator, name: str) -> int:
    return int(found.first.get_attribute(f"data-{name}") or "-1")


def commands(tablet: Tablet) -> list[dict[str, Any]]:
    """Everything this tablet has written, in its order."""
    texts: list[str] = tablet.page.evaluate(
        """() => new Promise((done, failed) => {
          const opening = indexedDB.open('fair-pos-till')
          opening.onerror = failed
          opening.onsuccess = () => {
            const all = opening.result.transaction('sales').objectStore('sales').index('by_seq').getAll()
            all.onsuccess = () => { opening.result.close(); done(all.result.map(one => one.text)) }
          }
        })"""
    )
    return [json.loads(text) for text in texts]


def of_kind(tablet: Tablet, kind: str) -> list[dict[str, Any]]:
    return [one for one in commands(tablet) if one["kind"] == kind]


def check(tablet: Tablet, where: str) -> None:
    assert axe_findings(tablet.page) == [], where
    assert not scrolls_sideways(tablet.page), where
    assert small_controls(tablet.page, CONTROL) == [], where
    assert low_contrast(tablet.page, CONTRAST) == [], where
