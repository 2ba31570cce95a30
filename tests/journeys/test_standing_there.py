"""Who stands at the till and what she sees of it: PINs tried a thousand times, the booth's name, a screen that stays lit."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.builders import Fair
from tests.journeys.browser import Tablet
from tests.journeys.paying import SECOND, SELLER, SELLER_PIN, back_to_selling, begin, enter_pin, settle, tap

# As fast as the page itself lets anybody type; whenever the pad is shut, a minute is let pass on the browser's clock.
GUESS = """async count => {
  const find = id => document.querySelector(`[data-testid="${id}"]`)
  const real = Date.now, wait = ms => new Promise(done => setTimeout(done, ms))
  let later = 0, locks = 0
  Date.now = () => real() + later
  for (let nth = 0; nth < count; nth++) {
    if (/giây/.test(find('pin-says').textContent)) {
      locks++
      if (!find('pin-done').disabled) throw new Error('the pad is shut and still takes a PIN')
      later += 61_000
      while (/giây/.test(find('pin-says').textContent)) await wait(20)
    }
    for (const digit of String(2000 + nth)) find(`key-${digit}`).click()
    await wait(0)
    find('pin-done').click()
    while (find('pin-dots') && find('pin-dots').dataset.length !== '0') await wait(1)
    if (!find('pin-says')) throw new Error(`let in with ${2000 + nth}`)
    if (!find('pin-says').textContent) await wait(20)
  }
  return locks
}"""

# The pad looks twice a second whether it is still shut: two hundred times half a second would be most of this journey.
HURRY = "const every = setInterval; window.setInterval = (act, ms) => every(act, ms === 500 ? 10 : ms)"


@pytest.mark.journey
def test_a_thousand_wrong_pins(app: Flask, fair: Fair, tablet: Tablet) -> None:
    begin(app, fair, tablet)
    tablet.page.evaluate(HURRY)
    tap(tablet, "more-button", "switch-person")
    tablet.page.locator(f'[data-testid="pin-person"][data-person-id="{SECOND}"]').click()
    settle(tablet)
    locks: int = tablet.page.evaluate(GUESS, 1_000)
    assert 198 <= locks <= 200, "shut after every fifth"
    assert tablet.find("pin-done").count() == 1
    tablet.page.reload()
    tablet.find("tile").first.wait_for()
    assert "Trần Văn Bình" not in tablet.find("who").inner_text()


@pytest.mark.journey
def test_booth_and_seller_are_named_while_selling(app: Flask, fair: Fair, tablet: Tablet) -> None:
    begin(app, fair, tablet)
    assert "A01" in tablet.find("who").inner_text()
    tap(tablet, "more-button", "switch-person")
    enter_pin(tablet, SELLER_PIN, SELLER)
    back_to_selling(tablet)
    assert tablet.find("who").inner_text().endswith("A01 · Lò Thị Mai")


@pytest.mark.journey
def test_the_glass_stays_lit_and_an_empty_battery_is_said(app: Flask, fair: Fair, tablet: Tablet) -> None:
    begin(app, fair, tablet)
    tablet.page.add_init_script(
        """window.held = 0
        Object.defineProperty(navigator, 'wakeLock', {value: {request: async () => { window.held++; return new EventTarget() }}})
        window.battery = Object.assign(new EventTarget(), {charging: false, level: 0.35})
        Object.defineProperty(navigator, 'getBattery', {value: async () => window.battery})"""
    )
    tablet.page.reload()
    tablet.wait_until("window.held === 1")
    assert tablet.find("battery-low").count() == 0
    tablet.page.evaluate("battery.level = 0.18; battery.dispatchEvent(new Event('levelchange'))")
    tablet.find("battery-low").wait_for()
    assert "18 %" in tablet.find("battery-low").inner_text()
    tablet.page.evaluate("battery.charging = true; battery.dispatchEvent(new Event('chargingchange'))")
    tablet.find("battery-low").wait_for(state="detached")
