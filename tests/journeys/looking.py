"""What a machine can see of a page: axe's findings, sizes of controls, contrast of text, sideways scrolling."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from playwright.sync_api import Page

from fair_pos.settings import TOP

SIZES = {"tablet": (1280, 800), "upright": (800, 1280), "old tablet": (1024, 768), "phone": (360, 640)}


@cache
def axe_source() -> str:
    return (TOP / "till" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def drawn(page: Page) -> None:
    """Wait until styles and letters have come: a page is read as soon as its words are there, and may not look as it will."""
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready.then(() => null)")


def axe_findings(page: Page) -> list[str]:
    """Violations of WCAG 2.2 A and AA and of best practice, one line each; empty when axe finds nothing."""
    drawn(page)
    if not page.evaluate("'axe' in window"):  # half a megabyte: once for each load of a page
        page.evaluate(axe_source())
    found: list[dict[str, Any]] = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    return [f"{one['id']}: {one['help']} — {[node['target'] for node in one['nodes']][:3]}" for one in found]


def quiet(page: Page) -> None:
    """Wait until nothing on the page has changed for a tenth of a second, and at most for two seconds."""
    page.evaluate(
        """() => new Promise(done => {
          let timer = setTimeout(finish, 100)
          const watching = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(finish, 100) })
          const latest = setTimeout(finish, 2000)
          watching.observe(document, {subtree: true, childList: true, attributes: true, characterData: true})
          function finish() { watching.disconnect(); clearTimeout(timer); clearTimeout(latest); done() }
        })"""
    )


def low_controls(page: Page, testids: Sequence[str], least: float) -> list[str]:
    """Visible controls of these testids that are under `least` CSS pixels high."""
    script = """([testids, least]) => testids.flatMap(id => [...document.querySelectorAll(`[data-testid="${id}"]`)])
        .map(one => ({one, box: one.getBoundingClientRect()}))
        .filter(({one, box}) => box.width > 0 && one.checkVisibility({visibilityProperty: true}) && box.height < least - 0.5)
        .map(({one, box}) => `${one.dataset.testid}: ${box.width}×${box.height}`)"""
    drawn(page)
    found: list[str] = page.evaluate(script, [list(testids), least])
    return found


def scrolls_sideways(page: Page) -> bool:
    drawn(page)
    answer: bool = page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth")
    return answer


def ragged_tiles(page: Page) -> list[str]:
    """Lists of figures of which a row ends before the frame does, holds one tile below three or more, or cuts what it says."""
    script = """() => [...document.querySelectorAll('.figures')].flatMap(list => {
      const rows = {}, right = list.getBoundingClientRect().right, found = [];
      for (const tile of list.children) {
        const box = tile.getBoundingClientRect();
        (rows[Math.round(box.top)] ??= []).push(box);
        if (tile.scrollWidth > tile.clientWidth + 1) found.push(`cut: ${tile.innerText}`);
      }
      const sizes = Object.values(rows).map(row => row.length);
      if (Object.values(rows).some(row => Math.abs(Math.max(...row.map(box => box.right)) - right) > 3)) found.push(`a hole: ${sizes}`);
      if (sizes.some((size, at) => at > 0 && size === 1 && sizes[at - 1] > 2)) found.push(`one alone: ${sizes}`);
      return found.map(one => `${list.className} of ${list.children.length} at ${innerWidth}: ${one}`);
    })"""
    drawn(page)
    found: list[str] = page.evaluate(script)
    return found


def small_controls(page: Page, least: int) -> list[str]:
    """Visible buttons, fields and links under `least` CSS pixels high or wide (links within a sentence left out).

    A checkbox inside its label is as large as the label: that is what one taps.
    """
    script = """least => [...document.querySelectorAll('button, input, select, a.button, [role=tab]')]
        .filter(one => one.checkVisibility({visibilityProperty: true, opacityProperty: true}))
        .map(one => ({one, box: (one.matches('[type=checkbox], [type=radio]') && one.closest('label') || one).getBoundingClientRect()}))
        .filter(({box}) => box.width > 1 && (box.height < least - 0.5 || box.width < least - 0.5))
        .map(({one, box}) => `${one.dataset.testid || one.textContent.trim()}: ${box.width}×${box.height}`)"""
    drawn(page)
    found: list[str] = page.evaluate(script, least)
    return found


def low_contrast(page: Page, least: float) -> list[str]:
    """Visible texts whose contrast with the colour behind them is under `least`; disabled controls are left out (WCAG 1.4.3)."""
    script = """least => {
      const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true})
      const known = new Map()
      const rgba = colour => { if (!known.has(colour)) {
          canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1)
          known.set(colour, [...canvas.getImageData(0, 0, 1, 1).data]) }
        return known.get(colour) }
      const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0)
      const behind = one => { for (let up = one; up; up = up.parentElement) {
        const colour = rgba(getComputedStyle(up).backgroundColor); if (colour[3] === 255) return colour }
        return [255, 255, 255, 255] }
      const found = []
      for (const one of document.querySelectorAll('body *')) {
        const own = [...one.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
        if (!own || !one.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue
        if (one.closest(':disabled, .hidden, .skip, svg')) continue
        const box = one.getBoundingClientRect(); if (box.width < 2) continue
        const [a, b] = [light(rgba(getComputedStyle(one).color)), light(behind(one))]
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
        if (ratio < least) found.push(`${one.textContent.trim().slice(0, 40)}: ${ratio.toFixed(2)}`)
      }
      return found
    }"""
    drawn(page)
    found: list[str] = page.evaluate(script, least)
    return found


def near_controls(page: Page, least: int) -> list[str]:
    """Pairs of controls nearer to each other than `least` CSS pixels, of those that are wholly in sight.

    What scrolls by passes near whatever stands still around it: such pairs are left out.
    """
    script = """least => {
      const box = one => one.getBoundingClientRect()
      const whole = one => { const {left, top, right, bottom} = box(one)
        for (let up = one.parentElement; up; up = up.parentElement) {
          if (getComputedStyle(up).overflowY === 'visible') continue
          const at = box(up); if (top < at.top || bottom > at.bottom || left < at.left || right > at.right) return false }
        return top >= 0 && bottom <= innerHeight }
      const scroller = one => { for (let up = one.parentElement; up; up = up.parentElement)
        if (getComputedStyle(up).overflowY !== 'visible' && up.scrollHeight > up.clientHeight + 1) return up
        return null }
      const stuck = one => { for (let up = one; up; up = up.parentElement)
        if (getComputedStyle(up).position === 'sticky') return true
        return false }
      const all = [...document.querySelectorAll('button, input, select, textarea')]
        .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest('[inert], .search, .undo') && whole(one))
      const found = []
      all.forEach((one, at) => { for (const other of all.slice(at + 1)) {
        if (scroller(one) !== scroller(other) || stuck(one) !== stuck(other)) continue
        const [a, b] = [box(one), box(other)]
        const gap = Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom)
        if (gap < least - 0.5) found.push(`${one.dataset.testid || one.textContent} | ${other.dataset.testid || other.textContent}: ${gap}`) } })
      return found
    }"""
    drawn(page)
    found: list[str] = page.evaluate(script, least)
    return found
