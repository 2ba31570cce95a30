// A trembling finger taps twice. When the first tap has changed the screen, the second would hit whatever is now beneath it:
// THU TIỀN and then "Ghi đơn", "Đủ tiền" and then a product. Such a tap is swallowed: same place, within 400 ms of the change.

const NEAR_PX = 48
const SOON_MS = 400

let last = { x: -1000, y: -1000 }
let changed = { x: -1000, y: -1000, at: -Infinity }

export function screenChanged(): void {
  changed = { ...last, at: performance.now() }
}

export function swallowGhostTaps(root: HTMLElement): void {
  root.addEventListener(
    'click',
    (event) => {
      // detail 0 is the keyboard or a screen reader: no finger trembles there, and its place is always 0,0.
      if (event.detail === 0) return
      const near = Math.hypot(event.clientX - changed.x, event.clientY - changed.y) < NEAR_PX
      if (near && performance.now() - changed.at < SOON_MS) {
        event.stopPropagation()
        event.preventDefault()
        return
      }
      last = { x: event.clientX, y: event.clientY }
    },
    { capture: true },
  )
}
