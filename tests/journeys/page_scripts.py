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


LET_PASS = """ms => {
  if (!('passed' in window)) {
    const [wall, steady] = [Date.now, performance.now.bind(performance)]
    window.passed = 0
    Date.now = () => wall() + passed
    performance.now = () => steady() + passed
  }
  passed += ms
}"""
