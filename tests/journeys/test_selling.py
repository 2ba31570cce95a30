"""What a seller meets while a cart is filled: weights, packs, discounts, notes, carts laid aside, giving away, scanning."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from playwright.sync_api import Playwright
from sqlalchemy import func, select

from fair_pos.catalogue.actions import change_price
from fair_pos.catalogue.tables import Barcode, Product
from fair_pos.kernel.clock import now
from fair_pos.people.rules import pin_hash
from fair_pos.people.tables import Person
from fair_pos.plumbing.db import reading, transaction
from fair_pos.proof.queries import Proof, prove
from fair_pos.sales.tables import Giveaway, Sale, SaleLine
from fair_pos.stock.tables import Movement
from tests.builders import PASSWORD, Fair, Goods, Packed, add_pack, add_weighed
from tests.journeys.browser import Tablet
from tests.journeys.looking import SIZES, near_controls
from tests.journeys.test_nine_sales import pairing_code
from tests.journeys.test_till_screens import assert_money_is_large, count_taps
from tests.journeys.test_till_screens import check as check_looks
from tests.serving import Server, get

SALT = "00112233445566778899aabbccddeeff"
PIN = "2468"
GHOST_MS = 420  # a tap this soon after one that changed the screen, at the same place, is a trembling finger
EAN, PACK_EAN = "8936012345674", "8930000000019"


@dataclass(frozen=True)
class Shop:
    """What the first booth sells in these tests."""

    fish: Goods
    """By weight, 38.000 ₫ a kilogram."""
    honey: Goods
    case: Packed
    """Twelve of the honey."""


@pytest.fixture
def shop(app: Flask, fair: Fair) -> Shop:
    made = Shop(add_weighed(app, fair), fair.goods[0], add_pack(app, fair.goods[0]))
    with app.app_context(), transaction() as session:
        session.add(Barcode(code=EAN, product_id=fair.goods[1].product_id))
        session.add(Barcode(code=PACK_EAN, product_id=made.honey.product_id, pack_id=made.case.pack_id))
        for login in ("nguoiban", "bantochuc"):
            person = session.get_one(Person, fair.people[login])
            person.pin_salt, person.pin_hash = SALT, pin_hash(PIN, SALT)
    return made


@pytest.fixture
def till(app: Flask, fair: Fair, shop: Shop, server: Server, tablet: Tablet) -> Iterator[Tablet]:
    """Paired and ready."""
    tablet.open()
    tablet.pair(pairing_code(app, fair), "nguoiban", PASSWORD)
    yield tablet
    if (Path(str(server._log))).exists():
        assert "Traceback" not in server._log.read_text(errors="replace")


def check(tablet: Tablet, screen: str, size: str) -> None:
    check_looks(tablet, screen, size)
    assert near_controls(tablet.page, 20) == [], f"{screen} at {size}"


def press(tablet: Tablet, *testids: str) -> None:
    """One control after the other, as fast as a hand that is sure of itself."""
    for testid in testids:
        tablet.find(testid).first.click()
        tablet.page.wait_for_timeout(GHOST_MS)


def keys(tablet: Tablet, digits: str) -> None:
    for digit in digits:
        tablet.find("key-comma" if digit == "," else f"key-{digit}").click()


def weigh(tablet: Tablet, goods: Goods, grams: str) -> None:
    tablet.tap_goods(goods.product_id)
    tablet.page.wait_for_timeout(GHOST_MS)
    keys(tablet, grams)
    press(tablet, "weight-done")


def second_person(tablet: Tablet, pin: str = PIN) -> None:
    """Whoever is offered first, or alone, enters a PIN."""
    if tablet.find("pin-person").count():
        press(tablet, "pin-person")
    keys(tablet, pin)
    tablet.find("pin-done").click()


def proof(app: Flask) -> Proof:
    with app.app_context():
        return prove(reading())


def lines_of(app: Flask, sale_id: str) -> list[SaleLine]:
    with app.app_context():
        wanted = select(SaleLine).where(SaleLine.sale_id == sale_id).order_by(SaleLine.line_no)
        return list(reading().scalars(wanted))


def scan(tablet: Tablet, code: str) -> None:
    """A keyboard scanner: a burst of keys ended by Enter, wherever the focus is."""
    tablet.page.evaluate(
        """code => { const at = document.activeElement ?? document.body
        for (const key of [...code, 'Enter']) at.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true})) }""",
        code,
    )


@pytest.mark.journey
def test_a_weighed_sale_is_right_to_the_dong_everywhere(app: Flask, server: Server, till: Tablet, shop: Shop) -> None:
    till.tap_goods(shop.fish.product_id)
    press(till, "weight-done")
    assert till.find("refusal").is_visible()
    assert till.find("cart-line").count() == 0, "nothing weighed is nothing sold"
    keys(till, "575")
    assert till.find("weight-amount").get_attribute("data-dong") == "21850"
    press(till, "unit-kg")
    assert "0,575 kg" in till.find("weight-shown").inner_text()
    press(till, "weight-done")
    assert till.find("cart-line").get_attribute("data-amount") == "21850"
    press(till, "weight")
    keys(till, "1,25")  # typed over what was there
    press(till, "back", "pay-button", "pay-exact")
    sold = till.recorded()
    assert sold["total"] == 21_850, "going back changes nothing"
    till.wait_until_sent()
    [line] = lines_of(app, sold["id"])
    assert (line.grams, line.quantity, line.unit_price_dong, line.amount_dong) == (575, 1, 38_000, 21_850)
    assert proof(app).oddities == 0
    with app.app_context():
        assert reading().scalar(select(func.sum(Movement.quantity))) == -575
    _status, receipt = get(server.port, sold["url"].removeprefix(server.address))
    assert "21.850" in receipt.decode()


@pytest.mark.journey
def test_two_cases_of_twelve_take_twenty_four_from_stock(app: Flask, till: Tablet, shop: Shop) -> None:
    for _ in range(2):
        till.tap_goods(shop.honey.product_id)
        till.page.wait_for_timeout(GHOST_MS)
        till.page.locator(f'[data-testid="pack"][data-pack-id="{shop.case.pack_id}"]').click()
        till.page.wait_for_timeout(GHOST_MS)
    press(till, "pay-button", "pay-exact")
    sold = till.recorded()
    till.wait_until_sent()
    [line] = lines_of(app, sold["id"])
    assert (line.pack_id, line.pack_size, line.quantity, line.amount_dong) == (shop.case.pack_id, 12, 2, 4_800_000)
    with app.app_context():
        assert reading().scalar(select(func.sum(Movement.quantity))) == -24
    assert proof(app).oddities == 0


@pytest.mark.journey
def test_ten_carts_laid_aside_survive_a_killed_browser(fair: Fair, till: Tablet, shop: Shop) -> None:
    till.wait_until_installed()
    totals = []
    for number in range(10):
        weigh(till, shop.fish, str(100 + number))
        till.tap_goods(fair.goods[1 + number % 8].product_id)
        if number == 3:
            press(till, "cart-more", "cart-note")
            till.find("note-text").fill("khách áo đỏ")
            press(till, "note-done")
        totals.append(int(till.find("cart-total").get_attribute("data-total") or ""))
        press(till, "cart-more", "park")
    till.kill()
    till.open(offline=True)
    till.find("parked-row").first.wait_for()
    rows = till.find("parked-row").all()
    assert [int(row.get_attribute("data-total") or "") for row in rows] == totals
    assert [row.get_attribute("data-number") for row in rows] == [str(number + 1) for number in range(10)]
    till.page.wait_for_timeout(GHOST_MS)
    till.page.locator('[data-testid="parked-row"][data-number="4"]').click()
    till.page.wait_for_timeout(GHOST_MS)
    assert int(till.find("cart-total").get_attribute("data-total") or "") == totals[3]
    assert "khách áo đỏ" in till.page.locator(".cart-lines").inner_text()
    # Another one instead: what lay open is laid aside again.
    press(till, "cart-more", "parked-open")
    till.page.locator('[data-testid="parked-row"][data-number="9"]').click()
    till.page.wait_for_timeout(GHOST_MS)
    assert int(till.find("cart-total").get_attribute("data-total") or "") == totals[8]
    press(till, "cart-more")
    assert "9" in till.find("parked-open").inner_text()
    till.context.set_offline(False)


@pytest.mark.journey
def test_a_discount_above_the_limit_needs_a_second_person(app: Flask, fair: Fair, till: Tablet) -> None:
    till.tap_goods(fair.goods[1].product_id, fair.goods[2].product_id)
    press(till, "line-open", "line-discount")
    keys(till, "10")
    press(till, "discount-done")
    assert till.find("refusal").is_visible(), "no discount without a reason"
    press(till, "discount-reason", "discount-done")
    assert till.find("second").count() == 0, "ten per cent are the seller's own"
    press(till, "line-discount")
    press(till, "discount-percent")
    keys(till, "25")
    press(till, "discount-done")
    till.find("second").wait_for()
    press(till, "back", "line-done", "pay-button")
    till.find("second").wait_for()
    assert till.find("pay-exact").count() == 0, "no money is taken for it before"
    second_person(till, "1111")
    till.find("pin-says").filter(has_text="còn 4 lần").wait_for()
    second_person(till)
    till.find("second").wait_for(state="detached")
    till.page.wait_for_timeout(GHOST_MS)
    press(till, "pay-button", "pay-exact")
    sold = till.recorded()
    assert sold["total"] == 350_000 * 3 // 4 + 37_500
    till.wait_until_sent()
    line = lines_of(app, sold["id"])[0]
    assert (line.discount_dong, line.discount_borne_by, line.discount_reason) == (87_500, "producer", "Mua nhiều")
    with app.app_context():
        assert reading().get_one(Sale, sold["id"]).second_person_id == fair.people["bantochuc"]
    assert proof(app).oddities == 0


@pytest.mark.journey
def test_a_discount_on_the_whole_cart_is_shared_and_kept_apart(app: Flask, fair: Fair, till: Tablet) -> None:
    till.tap_goods(fair.goods[1].product_id, fair.goods[2].product_id)
    press(till, "cart-more", "cart-discount", "discount-amount")
    keys(till, "37000")
    press(till, "discount-reason")
    till.page.locator('[data-testid="borne-by"][data-value="shared"]').click()
    press(till, "discount-done", "pay-button", "pay-exact")
    sold = till.recorded()
    assert sold["total"] == 387_500 - 37_000
    till.wait_until_sent()
    lines = lines_of(app, sold["id"])
    assert [line.discount_dong for line in lines] == [33_419, 3_581]
    assert {line.discount_borne_by for line in lines} == {"shared"}
    assert proof(app).oddities == 0


@pytest.mark.journey
def test_another_price_needs_the_right_and_keeps_the_list_s(app: Flask, fair: Fair, till: Tablet) -> None:
    till.tap_goods(fair.goods[1].product_id)
    press(till, "line-open", "line-price")
    assert till.find("price-done").count() == 0, "a seller may not"
    second_person(till)
    till.find("price-done").wait_for()
    till.page.wait_for_timeout(GHOST_MS)
    keys(till, "300000")
    press(till, "price-reason", "price-done", "line-done", "pay-button", "pay-exact")
    sold = till.recorded()
    till.wait_until_sent()
    [line] = lines_of(app, sold["id"])
    assert (line.unit_price_dong, line.list_price_dong, line.price_reason) == (300_000, 350_000, "Giá trên bao bì khác")
    with app.app_context():
        assert reading().get_one(Sale, sold["id"]).second_person_id == fair.people["bantochuc"]


@pytest.mark.journey
def test_notes_stay_in_the_booth(app: Flask, fair: Fair, server: Server, till: Tablet) -> None:
    till.tap_goods(fair.goods[1].product_id)
    for way in (("line-open", "line-note"), ("cart-more", "cart-note")):
        press(till, *way)
        till.find("note-text").fill("gói giấy báo")
        press(till, "note-done")
        if till.find("line-done").count():
            press(till, "line-done")
    assert till.page.locator(".cart-lines").inner_text().count("gói giấy báo") == 2
    press(till, "pay-button", "pay-exact")
    sold = till.recorded()
    assert "gói giấy báo" not in till.find("recorded").inner_text()
    till.wait_until_sent()
    assert [line.note for line in lines_of(app, sold["id"])] == ["gói giấy báo"]
    status, receipt = get(server.port, sold["url"].removeprefix(server.address))
    assert status == 200
    assert "gói giấy báo" not in receipt.decode()


@pytest.mark.journey
def test_what_is_tasted_leaves_the_stock_and_is_no_sale(app: Flask, fair: Fair, till: Tablet, shop: Shop) -> None:
    weigh(till, shop.fish, "50")
    till.tap_goods(fair.goods[1].product_id)
    press(till, "cart-more", "giveaway")
    till.page.locator('[data-testid="purpose"][data-value="gift"]').click()
    till.page.locator('[data-testid="borne-by"][data-value="organiser"]').click()
    press(till, "giveaway-done")
    assert till.find("cart-line").count() == 0
    sold = till.sell_cash(fair.goods[2].product_id)
    assert str(sold["number"]).endswith("-001"), "a giveaway takes no receipt number"
    till.wait_until_sent()
    found = proof(app)
    assert (found.sales, found.giveaways, found.oddities, found.gaps) == (1, 1, 0, [])
    with app.app_context():
        given = reading().scalars(select(Giveaway)).one()
        assert (given.purpose, given.borne_by) == ("gift", "organiser")
        moved = {one.product_id: one.quantity for one in reading().scalars(select(Movement))}
    assert moved[shop.fish.product_id] == -50
    assert moved[fair.goods[1].product_id] == -1


@pytest.mark.journey
def test_a_scanner_that_types(fair: Fair, till: Tablet, shop: Shop) -> None:
    till.find("search").focus()
    scan(till, EAN)
    scan(till, EAN)  # the echo
    assert till.find("quantity").inner_text() == "1"
    assert till.find("search").input_value() == ""
    till.page.wait_for_timeout(320)
    till.find("pay-button").focus()
    scan(till, EAN)
    assert till.find("quantity").inner_text() == "2", "after 300 ms it is the next piece"
    assert till.find("pay-exact").count() == 0, "a scanner's Enter presses no button"
    scan(till, PACK_EAN)
    scan(till, f"https://hoicho.example/p/{slug_of(fair, 2)}")
    lines = till.find("cart-line").all()
    assert [line.get_attribute("data-key") for line in lines] == [
        fair.goods[1].product_id, shop.case.pack_id, fair.goods[2].product_id,
    ]  # fmt: skip
    before = till.find("cart-total").get_attribute("data-total")
    scan(till, "4006381333931")
    assert till.find("search").input_value() == "4006381333931"
    assert "4006381333931" in till.page.locator(".undo").inner_text()
    assert till.find("cart-total").get_attribute("data-total") == before, "never a line at nought"


def slug_of(fair: Fair, number: int) -> str:
    from fair_pos.kernel.text import slug

    return slug(fair.goods[number].name)


LEFT = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
PARITY = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")


def ean13_svg(code: str) -> str:
    """The bars of an EAN-13, as they stand on a pack."""
    flip = str.maketrans("01", "10")
    bits = "101"
    for digit, side in zip(code[1:7], PARITY[int(code[0])], strict=True):
        bits += LEFT[int(digit)] if side == "L" else LEFT[int(digit)].translate(flip)[::-1]
    bits += "01010" + "".join(LEFT[int(digit)].translate(flip) for digit in code[7:]) + "101"
    bars = "".join(
        f'<rect x="{80 + 4 * at}" y="120" width="4" height="240"/>' for at, bit in enumerate(bits) if bit == "1"
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect width="640" height="480" fill="#fff"/>{bars}</svg>'


@pytest.mark.journey
def test_the_camera_reads_a_barcode_with_our_own_reader(fair: Fair, till: Tablet) -> None:
    """This browser has no BarcodeDetector: zxing's WebAssembly comes from us and may be compiled under our content policy."""
    asked: list[str] = []
    till.page.on("request", lambda request: asked.append(request.url))
    till.page.evaluate(
        """async source => {
        const image = new Image(); image.src = source; await image.decode()
        const canvas = document.createElement('canvas'); canvas.width = 640; canvas.height = 480
        const draw = () => canvas.getContext('2d').drawImage(image, 0, 0)
        draw(); setInterval(draw, 50)
        navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20) }""",
        "data:image/svg+xml," + quote(ean13_svg(EAN)),
    )
    press(till, "scan")
    till.page.wait_for_selector('[data-testid="scan-says"][data-known="true"]')
    till.page.wait_for_timeout(1500)  # held still before the camera: once, however many frames see it
    press(till, "back")
    assert till.find("cart-line").get_attribute("data-product-id") == fair.goods[1].product_id
    assert till.find("quantity").inner_text() == "1"
    assert [url for url in asked if not url.startswith((till.address, "data:", "blob:"))] == []


@pytest.mark.journey
def test_a_new_price_is_there_within_thirty_seconds_and_an_open_cart_keeps_the_old(
    app: Flask, fair: Fair, till: Tablet
) -> None:
    goods = fair.goods[1]
    till.tap_goods(goods.product_id)
    with app.app_context(), transaction() as session:
        product = session.get_one(Product, goods.product_id)
        change_price(session, product, "360000", at=now(), by=fair.people["bantochuc"])
    till.page.wait_for_timeout(8_000)  # more than one ping
    assert till.find("cart-total").get_attribute("data-total") == "350000", "a buyer's price does not change under her"
    started = time.monotonic()
    press(till, "less")
    tile = till.page.locator(f'[data-testid="tile"][data-product-id="{goods.product_id}"]')
    with contextlib.suppress(TimeoutError):
        tile.filter(has_text=re.compile("360")).wait_for(timeout=30_000)
    assert time.monotonic() - started < 30
    assert "360.000" in tile.inner_text()


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
