"""`python -m bench.sitting [sales]`: one till sells all day without a network, in a real browser.

Every so often the processor is slowed down six times, twenty sales are made with a real pointer, and what the browser itself says of
each tap is read (Event Timing: from the touch to the next picture), with the memory that is left after collecting. A till that grows
slower, or fatter, with its sales shows here.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, sync_playwright

from bench.run import fresh_app
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import transaction
from fair_pos.settings import Settings
from fair_pos.till.pairing import make_pairing_code
from tests.builders import PASSWORD, make_fair
from tests.databases import free_port
from tests.journeys.browser import Tablet
from tests.serving import Server

SLOWER = 6
MEASURED = 20
STEPS = 5
MOST_MS = 100

# One tap is several events; the slowest of them is what the finger waits for.
WATCH = """() => { window.taps = new Map()
  new PerformanceObserver(list => { for (const one of list.getEntries()) {
    if (!one.interactionId) continue
    const control = one.target?.closest?.('[data-testid]')?.dataset.testid ?? 'gone'
    const known = window.taps.get(one.interactionId)
    window.taps.set(one.interactionId, {control: known?.control ?? control, ms: Math.max(known?.ms ?? 0, one.duration)}) } })
    .observe({type: 'event', durationThreshold: 16}) }"""

# As fast as the till lets itself be used; no finger, so that nothing is taken for a trembling one.
SELL = """async count => {
  const find = id => document.querySelector(`[data-testid="${id}"]`)
  const seen = async id => { while (!find(id)) await new Promise(done => setTimeout(done)); return find(id) }
  const tiles = [...document.querySelectorAll('[data-testid="tile"]')]
  for (let nth = 0; nth < count; nth++) {
    const before = find('recorded')?.dataset.saleId
    for (let at = 0; at < 3; at++) tiles[(nth + at * 3) % tiles.length].click()
    ;(await seen('pay-button')).click()
    ;(await seen('pay-exact')).click()
    while (!find('recorded') || find('recorded').dataset.saleId === before) await new Promise(done => setTimeout(done))
  } }"""


def main() -> None:
    sales = int(sys.argv[1]) if len(sys.argv) > 1 else 2_500
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        app = fresh_app(folder)
        fair = make_fair(app)
        settings: Settings = app.extensions["fair_pos_settings"]
        server = Server(settings, free_port(), folder / "server.log")
        server.start()
        tablet = Tablet(driver, folder / "profile", server.address, real_time=True)
        try:
            tablet.open()
            with app.app_context(), transaction() as session:
                code = make_pairing_code(session, fair.booth_ids[0], by=fair.people["bantochuc"], at=now())
            tablet.pair(code, "nguoiban", PASSWORD)
            tablet.wait_until_installed()
            tablet.context.set_offline(True)
            sit(tablet, [one.product_id for one in fair.goods], sales)
        finally:
            tablet.close()
            server.stop()


def sit(tablet: Tablet, goods: list[str], sales: int) -> None:
    """Sell, and measure at the start, along the way and at the end."""
    browser = tablet.context.new_cdp_session(tablet.page)
    tablet.page.evaluate(WATCH)
    first_megabytes = 0.0
    for step in range(STEPS + 1):
        if step:
            tablet.page.evaluate(SELL, sales // STEPS - MEASURED)
        taps = measured(tablet, browser, goods)
        megabytes = memory(browser)
        first_megabytes = first_megabytes or megabytes
        over = sorted({one["control"] for one in taps if one["ms"] > MOST_MS})
        times = [float(one["ms"]) for one in taps]
        print(
            f"  {tablet.waiting():>6} sales: a tap {statistics.median(times):.0f} ms, 95 of 100 within "
            f"{statistics.quantiles(times, n=20)[-1]:.0f} ms, longest {max(times):.0f} ms; over {MOST_MS} ms: "
            f"{sum(one > MOST_MS for one in times)} of {len(times)} {over or ''}; "
            f"memory {megabytes:.1f} MB ({megabytes - first_megabytes:+.1f})",
            flush=True,
        )


def measured(tablet: Tablet, browser: CDPSession, goods: list[str]) -> list[dict[str, Any]]:
    """Control and milliseconds of each tap of twenty sales, three pieces each, the processor slowed down."""
    browser.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    tablet.page.evaluate("window.taps.clear()")
    for number in range(MEASURED):
        for at in range(3):
            tablet.tap_goods(goods[(number + at * 3) % len(goods)])
        tablet.find("pay-button").click()
        tablet.find("pay-exact").click()
        tablet.find("recorded").wait_for()
    tablet.page.wait_for_timeout(500)
    browser.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    seen: list[dict[str, Any]] = tablet.page.evaluate("[...window.taps.values()]")
    # What took less than the browser measures is not told; it still was a tap.
    return seen + [{"control": "", "ms": 8}] * max(0, MEASURED * 5 - len(seen))


def memory(browser: CDPSession) -> float:
    browser.send("HeapProfiler.collectGarbage")
    browser.send("Performance.enable")
    figures = {one["name"]: one["value"] for one in browser.send("Performance.getMetrics")["metrics"]}
    megabytes: float = figures["JSHeapUsedSize"] / 1_000_000
    return megabytes


if __name__ == "__main__":
    main()
