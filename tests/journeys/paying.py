"""A till dressed for a day: sellers with PINs, a receiving account, the organiser's limits, put into the price list on its way."""

from __future__ import annotations

import hashlib
from typing import Any

from playwright.sync_api import Route

from tests.journeys.browser import Tablet

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
