"""What a walk asks a page, in the page's own language."""

from __future__ import annotations

KEEP_SETTINGS = """chosen => new Promise((done, failed) => {
  const opening = indexedDB.open('fair-pos-till')
  opening.onerror = failed
  opening.onsuccess = () => {
    const writing = opening.result.transaction('facts', 'readwrite')
    writing.objectStore('facts').put(chosen, 'settings')
    writing.oncomplete = () => { opening.result.close(); done() }
  }
})"""


SCREENS_SHOWN = """() => [...document.querySelectorAll('[data-screen]')]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length).map(one => one.dataset.screen)"""


# A tap this soon after one that has changed the screen is a trembling finger and is swallowed (till/src/parts/ghost_tap.ts).
# Whoever taps in these tests is sure of her hand and leaves half a second between two taps: by the page's clocks, not by ours.
# What has passed stays passed when the page is loaded again, and is given back to a browser that was killed.
TAPS_TAKE_TIME = """before => {
  const kept = 'tests.passed', [wall, steady] = [Date.now, performance.now.bind(performance)]
  let passed = before
  try { passed = Number(sessionStorage.getItem(kept) ?? before) } catch { return }
  Date.now = () => wall() + passed
  performance.now = () => steady() + passed
  addEventListener('click', event => {
    if (!event.isTrusted) return
    passed += 500
    sessionStorage.setItem(kept, String(passed))
  }, true)
}"""

PASSED = "Number(sessionStorage.getItem('tests.passed') ?? 0)"
