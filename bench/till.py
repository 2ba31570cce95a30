"""`make bench`: what a seller waits for on the tablet, in a real browser on this machine.

What is drawn is set against one frame of the same screen, a start against its goal of two seconds. Figures of a busy machine
move; the ratios less. Run by itself: `python -m bench.till`.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page, sync_playwright

from fair_pos.kernel.clock import now
from fair_pos.kernel.ids import named_id
from fair_pos.kernel.text import fold
from fair_pos.plumbing.db import db, transaction
from fair_pos.settings import Settings
from fair_pos.till.pairing import make_pairing_code
from tests.builders import PASSWORD, Fair, make_fair
from tests.databases import free_port
from tests.journeys.browser import Tablet
from tests.serving import Server

GOODS = 3_000
STARTS, SEARCHES, SALES = 5, 12, 12
COLD_START_GOAL_MS = 2_000

KEY_TO_PAINT = """async letters => {
  const field = document.querySelector('[data-testid=search]')
  const took = []
  for (let end = 0; end <= letters.length; end++) {
    const started = performance.now()
    field.value = letters.slice(0, end)
    field.dispatchEvent(new Event('input', {bubbles: true}))
    // The frame after the next begins when this one has been painted.
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
    took.push(performance.now() - started)
  }
  return took
}"""

TAP_TO_RECORDED = """async () => {
  const started = performance.now()
  document.querySelector('[data-testid=pay-exact]').click()
  while (!document.querySelector('[data-testid=recorded]')) await new Promise(done => requestAnimationFrame(done))
  return performance.now() - started
}"""

FRAME = """async () => {
  const started = performance.now()
  for (let n = 0; n < 60; n++) await new Promise(done => requestAnimationFrame(done))
  return (performance.now() - started) / 60
}"""


def showroom(app: Flask, fair: Fair) -> None:
    """Goods enough for a showroom at the first producer's."""
    from fair_pos.catalogue.tables import Price, Product

    words = ("Mật ong", "Chè Shan tuyết", "Gạo Séng cù", "Miến dong", "Thịt trâu gác bếp", "Rượu ngô", "Măng khô")
    with app.app_context(), transaction() as session:
        for number in range(GOODS):
            name = f"{words[number % len(words)]} số {number}"
            product_id = named_id("bench", name)
            session.add(
                Product(
                    id=product_id, slug=f"mon-{number}", name=name, name_key=fold(name), producer_id=fair.producer_ids[0],
                    group_code="thuc_pham", unit="hộp", unit_key="hop", price_dong=50_000 + number, vat_code="8", story="",
                    created_at=now(),
                )
            )  # fmt: skip
            session.flush()
            session.add(Price(product_id=product_id, version=1, price_dong=50_000 + number))


def say(what: str, took: list[float], measure_ms: float) -> None:
    middle = statistics.median(took)
    print(f"  {what:<58} {middle:8.0f} ms   worst {max(took):6.0f}   {middle / measure_ms:.2f}", flush=True)


def cold_starts(tablet: Tablet) -> list[float]:
    """From the browser's start to goods that can be tapped, without a network; most of it is the browser itself."""
    took = []
    for _ in range(STARTS):
        tablet.kill()
        started = time.perf_counter()
        tablet.open(offline=True)
        tablet.find("tile").first.wait_for()
        took.append((time.perf_counter() - started) * 1000)
    return took


def page_starts(page: Page) -> list[float]:
    """The same without starting the browser: from asking for the page to goods that can be tapped."""
    took = []
    for _ in range(STARTS):
        page.reload(wait_until="commit")
        page.get_by_test_id("tile").first.wait_for()
        took.append(page.evaluate("performance.now()"))
    return took


def sales(tablet: Tablet) -> list[float]:
    took = []
    for _ in range(SALES):
        tablet.find("tile").first.click()
        tablet.page.wait_for_timeout(
            450
        )  # a tap sooner than this after the last screen is taken for a trembling finger
        tablet.find("pay-button").click()
        tablet.find("pay-exact").wait_for()
        took.append(tablet.page.evaluate(TAP_TO_RECORDED))
    return took


def measure(app: Flask, fair: Fair, tablet: Tablet) -> None:
    with app.app_context(), transaction() as session:
        code = make_pairing_code(session, fair.booth_ids[0], by=fair.people["bantochuc"], at=now())
    tablet.open()
    tablet.pair(code, "nguoiban", PASSWORD)
    tablet.wait_until_installed()
    held = tablet.page.evaluate("() => document.querySelectorAll('[data-testid=tile]').length")
    frame = tablet.page.evaluate(FRAME)
    print(f"The tablet, {GOODS:,} goods in its list, {held} tiles drawn at first")
    print(f"Against one frame of {frame:.1f} ms")
    say("a key of the search until it is painted, one frame included", searches(tablet.page), frame)
    say("«Đủ tiền» until «Đã ghi», read back from the disk", sales(tablet), frame)
    tablet.context.set_offline(True)
    print(f"Against the goal of {COLD_START_GOAL_MS:,} ms")
    say("start without a network, the page alone", page_starts(tablet.page), COLD_START_GOAL_MS)
    say("start without a network, the browser included", cold_starts(tablet), COLD_START_GOAL_MS)


def searches(page: Page) -> list[float]:
    took: list[float] = []
    for _ in range(SEARCHES // 4):
        for letters in ("mat ong", "shan 12", "ngô số", "măng"):
            took += page.evaluate(KEY_TO_PAINT, letters)
    page.get_by_test_id("search").fill("")
    return took


def main() -> None:
    from bench.run import fresh_app

    with tempfile.TemporaryDirectory(prefix="fair_pos_bench_") as name, sync_playwright() as playwright:
        folder = Path(name)
        app = fresh_app(folder)
        settings: Settings = app.extensions["fair_pos_settings"]
        fair = make_fair(app)
        showroom(app, fair)
        server = Server(settings, free_port(), folder / "server.log")
        server.start()
        tablet = Tablet(playwright, folder / "profile", server.address, real_time=True)
        try:
            measure(app, fair, tablet)
        finally:
            tablet.close()
            server.stop()
            with app.app_context():
                db.engine.dispose()
    print()


if __name__ == "__main__":
    main()
