"""Codes become lines: read by a scanner that types, and by the camera."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from fair_pos.kernel.text import slug
from tests.builders import Fair
from tests.journeys.browser import Tablet
from tests.journeys.selling import EAN, PACK_EAN, Shop, press


def scan(tablet: Tablet, code: str) -> None:
    """A keyboard scanner: a burst of keys ended by Enter, wherever the focus is."""
    tablet.page.evaluate(
        """code => { const at = document.activeElement ?? document.body
        for (const key of [...code, 'Enter']) at.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true})) }""",
        code,
    )


KEYS_APART = """gap => {
  const stamps = new WeakMap()
  let at = performance.now()
  Object.defineProperty(Event.prototype, 'timeStamp', {get() {
    if (!(this instanceof KeyboardEvent) || this.type !== 'keydown') return at
    if (!stamps.has(this)) stamps.set(this, at += gap)
    return stamps.get(this)
  }})
}"""


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
    scan(till, f"https://hoicho.example/p/{slug(fair.goods[2].name)}")
    lines = till.find("cart-line").all()
    assert [line.get_attribute("data-key") for line in lines] == [
        fair.goods[1].product_id, shop.case.pack_id, fair.goods[2].product_id,
    ]  # fmt: skip
    before = till.find("cart-total").get_attribute("data-total")
    scan(till, "4006381333931")
    assert till.find("search").input_value() == "4006381333931"
    assert "4006381333931" in till.page.locator(".undo").inner_text()
    assert till.find("cart-total").get_attribute("data-total") == before, "never a line at nought"
    goods = "document.querySelectorAll('[data-testid=tile]').length"
    assert till.page.evaluate(goods) == 0
    scan(till, EAN)
    assert till.find("search").input_value() == "", "a known code takes the unknown one away"
    till.find("tile").nth(3).wait_for()
    scan(till, "4006381333931")
    press(till, "cart-more", "park")
    assert till.find("search").input_value() == "", "the next buyer's goods are all there"


@pytest.mark.journey
def test_a_slow_scanner_leaves_nothing_in_the_search(fair: Fair, till: Tablet) -> None:
    """Real keys, 70 ms apart: each digit is typed into the field before the Enter says that it was a scan.

    They are 70 ms apart by what the browser says of them; on a busy machine no key comes when it should.
    """
    till.find("search").fill("mật")
    till.find("search").focus()
    till.page.keyboard.press("End")
    till.page.evaluate(KEYS_APART, 70)
    till.page.keyboard.type(EAN)
    assert till.find("search").input_value() != "", "typed so far"
    till.page.keyboard.press("Enter")
    till.find("cart-line").wait_for()
    assert till.find("cart-line").get_attribute("data-product-id") == fair.goods[1].product_id
    assert till.find("search").input_value() == ""


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
