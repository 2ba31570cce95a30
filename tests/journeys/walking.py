"""Every screen the tablet has, one after the other, the way a seller comes to it; the caller looks at each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select

from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import transaction
from fair_pos.settings import TOP
from fair_pos.till.pairing import revoke_device
from fair_pos.till.tables import Device
from tests.builders import PASSWORD, Fair
from tests.journeys.browser import Tablet
from tests.journeys.full_booth import sixty_goods
from tests.journeys.lots import Lying, lay_down
from tests.journeys.page_scripts import KEEP_SETTINGS, SCREENS_SHOWN
from tests.journeys.paying import (
    SECOND,
    SECOND_PIN,
    SELLER,
    SELLER_PIN,
    back_to_selling,
    enter_pin,
    note,
    set_up,
    settle,
    tap,
)
from tests.journeys.selling import Shop, open_shop
from tests.journeys.test_nine_sales import pairing_code
from tests.journeys.walking_stock import choose_a_lot, count_goods


def screens_declared() -> set[str]:
    """Every screen that till/src/state/screen.ts knows by name."""
    source = (TOP / "till/src/state/screen.ts").read_text(encoding="utf-8")
    return set(re.findall(r"^ +\| \{ name: '(\w+)'", source, re.MULTILINE))


@dataclass
class Walk:
    """Where the walk stands; `look` is called with a name at each halt."""

    app: Flask
    fair: Fair
    tablet: Tablet
    look: Callable[[str], None]
    phone: bool
    goods: list[str] = field(default_factory=list)
    """Of the sixty, those whose tiles are drawn at first."""
    seen: set[str] = field(default_factory=set)

    def at(self, name: str) -> None:
        settle(self.tablet)
        self.seen |= set(self.tablet.page.evaluate(SCREENS_SHOWN))
        self.look(name)

    def go(self, *testids: str) -> None:
        """Tap these; look at what the last one brings."""
        *before, last = testids
        tap(self.tablet, *before)
        self.tablet.find(last).first.click()
        self.at(last)

    def to_cart(self) -> None:
        if (
            self.phone
            and self.tablet.find("see-cart").is_visible()
            and not self.tablet.find("line-open").first.is_visible()
        ):
            tap(self.tablet, "see-cart")

    def keys(self, digits: str) -> None:
        for digit in digits:
            self.tablet.find("key-comma" if digit == "," else f"key-{digit}").first.click()

    def show_pad(self) -> None:
        if self.tablet.find("other-sum").is_visible():  # telephones show sums or keypad
            tap(self.tablet, "other-sum")


def walk(
    app: Flask,
    fair: Fair,
    tablet: Tablet,
    look: Callable[[str], None],
    *,
    phone: bool,
    settings: dict[str, str] | None = None,
) -> set[str]:
    """From pairing to a tablet that was let go; returns the names of the screens that were seen. `settings` as a seller chose them."""
    sixty, shop = sixty_goods(app, fair), open_shop(app, fair)
    set_up(app, fair, drawer=True, cash_rounding_dong=1_000, refund_limit_dong=100_000)
    lay_down(app, fair, fair.goods[8], Lying("L01", -2, 3), Lying("L02", 20, 40), Lying("L03", None, 5))
    lay_down(app, fair, shop.honey, Lying("H01", 4, 60))
    here = Walk(app, fair, tablet, look, phone)
    _arrive(here, settings)
    tablet.find("search").fill(fair.goods[8].name)
    choose_a_lot(here, fair.goods[8].product_id)
    back_to_goods(here)
    tablet.find("search").fill("")
    count_goods(here)
    _fill_a_cart(here, shop, sixty)
    _take_money(here)
    _give_back(here)
    _close(here)
    _leave(here)
    return here.seen


def _arrive(here: Walk, settings: dict[str, str] | None) -> None:
    tablet = here.tablet
    tablet.open()
    tablet.find("pair-submit").wait_for()
    if settings is not None:
        tablet.page.evaluate(
            KEEP_SETTINGS, {"language": "vi", "theme": "light", "hand": "right", "sound": True} | settings
        )
        tablet.page.reload()
        tablet.find("pair-submit").wait_for()
    here.at("pairing")
    for field_id, text in (("pair-code", "SAI00000"), ("pair-login", "nguoiban"), ("pair-password", PASSWORD)):
        tablet.find(field_id).fill(text)
    tablet.find("pair-submit").click()
    tablet.find("refusal").wait_for()
    here.at("pairing refused")
    tablet.page.goto(f"{tablet.address}/till/?code={pairing_code(here.app, here.fair)}")
    tablet.find("pair-login").fill("nguoiban")
    tablet.find("pair-password").fill(PASSWORD)
    tablet.find("pair-submit").click()
    tablet.find("open-till").wait_for()
    here.at("opening the till")
    note(tablet, 100_000, 5)
    note(tablet, 10_000, 12)
    here.go("note-count")
    if tablet.find("note-count-done").count():
        tap(tablet, "note-count-done")
    here.go("open-till-done")
    tablet.page.locator(f'[data-testid="pin-person"][data-person-id="{SELLER}"]').click()
    here.at("her PIN")
    enter_pin(tablet, "4321")
    tablet.find("pin-says").filter(has_text="4").wait_for()
    here.at("wrong PIN")
    enter_pin(tablet, SELLER_PIN)
    tablet.find("tile").first.wait_for()


def _fill_a_cart(here: Walk, shop: Shop, sixty: list[str]) -> None:
    tablet = here.tablet
    drawn = [tile.get_attribute("data-product-id") or "" for tile in tablet.find("tile").all()]
    here.goods = goods = [product_id for product_id in drawn if product_id in sixty]
    here.at("sixty goods, empty cart")
    tablet.find("search").fill("mật ong")
    here.at("searched")
    tablet.find("search").fill("xyz")
    here.at("nothing found")
    tablet.find("search").fill("")
    for grams in ("575", "1250"):
        tablet.find("search").fill("chả mực")
        tablet.tap_goods(shop.fish.product_id)
        here.at("weighing")
        if grams == "575":
            here.go("weight-done")  # nothing weighed yet
        here.keys(grams)
        here.at("weighed")
        tap(tablet, "weight-done")
    tablet.find("search").fill("mật ong 1 hội")
    tablet.tap_goods(shop.honey.product_id)
    here.at("packs")
    tap(tablet, "pack")
    tablet.find("search").fill("")
    tablet.tap_goods(goods[0])
    here.at("one more, undo offered")
    tablet.tap_goods(*goods[:8], goods[2], goods[2])
    here.to_cart()
    here.at("cart of twelve")
    tablet.find("line-open").nth(3).click()
    here.at("line")
    here.go("line-quantity")
    tap(tablet, "back")
    here.go("line-discount")
    here.go("discount-done")  # refused: no sum, no reason
    here.keys("10")
    tap(tablet, "discount-reason")
    here.at("ten per cent off")
    tap(tablet, "discount-done")
    here.go("line-note")
    tablet.find("note-text").fill("gói làm quà, buộc nơ đỏ")
    tap(tablet, "note-done")
    here.go("line-price")
    enter_pin(tablet, SECOND_PIN, SECOND)
    tablet.find("price-done").wait_for()
    here.at("another price")
    here.keys("30000")
    tap(tablet, "price-reason")
    tap(tablet, "price-done")
    here.at("line with everything")
    tap(tablet, "line-done")
    here.to_cart()
    here.at("cart with discount and note")
    tablet.find("weight").first.click()
    here.at("weighing again")
    tap(tablet, "back")
    here.go("cart-more")
    here.go("cart-note")
    tap(tablet, "back", "cart-more")
    here.go("giveaway")
    tap(tablet, "back", "cart-more")
    here.go("cart-discount")
    here.keys("30")
    tap(tablet, "discount-reason", "discount-done")
    here.at("second person for a discount")
    tap(tablet, "back")
    here.to_cart()
    here.at("cart above the limit")
    tap(tablet, "cart-more", "park")
    here.at("laid aside")
    for product_id in goods[3:6]:
        tablet.tap_goods(product_id)
        here.to_cart()
        tap(tablet, "cart-more", "park")
    here.at("four laid aside")
    tablet.tap_goods(goods[7])
    here.to_cart()
    tap(tablet, "cart-more")
    here.go("parked-open")
    tap(tablet, "back")
    back_to_goods(here)
    tap(tablet, "scan")
    tablet.find("refusal").wait_for()  # this machine has no camera, and says so when it has looked
    here.at("scan")
    tap(tablet, "back")


def back_to_goods(here: Walk) -> None:
    if here.phone and here.tablet.page.locator(".cart-open").count():
        tap(here.tablet, "see-cart")


def _take_money(here: Walk) -> None:
    tablet, goods = here.tablet, here.goods
    tablet.tap_goods(goods[1], goods[2])
    here.go("pay-button")
    here.show_pad()
    here.at("keypad")
    here.keys("20000")
    here.at("a part typed")
    here.go("part-cash")
    here.go("pay-card")
    tablet.find("approval").fill("4111 1111 1111 1111")
    here.at("card number refused")
    tap(tablet, "card-back")
    here.go("pay-transfer")
    tap(tablet, "transfer-claimed")
    tablet.find("claimed").wait_for()
    here.at("sold, part in transfer")
    tap(tablet, "new-sale")
    tablet.tap_goods(goods[4], goods[8])
    tap(tablet, "pay-button")
    here.show_pad()
    here.keys("99000000")
    tap(tablet, "pay-confirm")
    here.at("more than ten times")
    tap(tablet, "pay-confirm")  # she says yes
    tablet.recorded()
    here.at("sold for more than ten times")
    tap(tablet, "new-sale")
    tablet.tap_goods(goods[4], goods[8])
    tap(tablet, "pay-button", "quick-note")
    tablet.recorded()
    here.at("sold with change")


def _give_back(here: Walk) -> None:
    tablet = here.tablet
    here.go("undo-sale")
    here.go("undo-sale-yes")
    enter_pin(tablet, SECOND_PIN, SECOND)
    tablet.find("refunded").wait_for()
    here.at("paid back")
    tap(tablet, "back")
    here.at("sales of today")
    here.go("only-claimed")
    here.go("find-receipt")
    tablet.find("receipt-code").fill("Z-261124-999")
    tap(tablet, "receipt-seek")
    tablet.find("refusal").wait_for()
    here.at("no such receipt")
    tap(tablet, "back")
    tablet.page.locator('[data-testid="receipt-row"][data-kind="sale"]').last.click()
    here.at("receipt")
    here.go("give-back")
    here.go("refund-all")
    tap(tablet, "refund-reason")
    here.at("everything back")
    back_to_selling(tablet)


def _close(here: Walk) -> None:
    tablet = here.tablet
    here.go("more-button")
    tablet.page.locator(".page-body").evaluate("one => one.scrollTo(0, one.scrollHeight)")
    here.at("more, further down")
    here.go("switch-person")
    tap(tablet, "back")
    here.go("drawer-button")
    here.go("z-slips")
    for way in ("cash-in", "cash-out"):
        back_to_selling(tablet)
        tap(tablet, "more-button", "drawer-button")
        here.go(way)
    here.keys("250000")
    tap(tablet, "move-reason")
    here.at("cash out typed")
    tap(tablet, "move-done")
    tap(tablet, "more-button", "drawer-button")
    here.go("close-till")
    note(tablet, 200_000, 2)
    here.at("counting")
    here.go("count-done")
    here.go("explain")
    here.go("close-done")
    enter_pin(tablet, SECOND_PIN, SECOND)
    tablet.find("z-slip").wait_for()
    here.at("Z slip")
    tap(tablet, "back")
    here.at("opening again")


def _leave(here: Walk) -> None:
    tablet, goods = here.tablet, here.goods
    tap(tablet, "usual-float", "open-till-done")
    tablet.page.locator(f'[data-testid="pin-person"][data-person-id="{SELLER}"]').click()
    settle(tablet)
    enter_pin(tablet, SELLER_PIN)
    tablet.find("tile").first.wait_for()
    tap(tablet, "more-button", "drawer-button", "z-slips")
    here.at("Z slips")
    back_to_selling(tablet)
    tablet.wait_until_sent()
    tap(tablet, "more-button", "sign-out")
    here.at("sign out?")
    tap(tablet, "sign-out-yes")
    tablet.find("sign-in-submit").wait_for()
    here.at("signing in")
    tablet.find("sign-in-login").fill("nguoiban")
    tablet.find("sign-in-password").fill(PASSWORD)
    tablet.find("sign-in-submit").click()
    tablet.find("tile").first.wait_for()
    other = tablet.context.new_page()
    other.goto(f"{tablet.address}/till/")
    other.locator(".notice h1").wait_for()
    tablet.page, first = other, tablet.page
    here.at("another tab sells")
    tablet.page = first
    other.close()
    # The disk fails in the middle of a sale.
    tablet.tap_goods(goods[0])
    tap(tablet, "pay-button")
    tablet.page.evaluate(
        "() => { IDBObjectStore.prototype.add = IDBObjectStore.prototype.put = () => { throw new Error('full') } }"
    )
    tap(tablet, "pay-exact")
    tablet.find("not-recorded").wait_for()
    here.at("not recorded")
    tablet.page.reload()
    tablet.find("tile").first.wait_for()
    with here.app.app_context(), transaction() as session:
        device = session.scalars(select(Device)).one()
        revoke_device(session, device, at=now(), by=here.fair.people["bantochuc"])
    tablet.find("stopped").wait_for(timeout=40_000)
    here.at("let go")
