// Codes come from a scanner that types, or from the camera; here they become lines of the cart.
import { effect, signal } from '@preact/signals'
import { soundRefused } from '../parts/sound'
import { ECHO_MS, findCode, isEcho, NO_BURST, NO_SIGHT, type Sight, typed } from '../rules/scan'
import { chooseGoods, offerUndo } from './cart'
import { maySell, priceList, stage, words } from './device'
import { type Screen, screen, show } from './screen'

/** What is searched for; a code that nobody knows is put here, so that the seller goes on from it. */
export const query = signal('')
/** Of the last code: what it was. Shown beside the camera's picture. */
export const lastScan = signal<{ code: string; says: string; known: boolean } | null>(null)

type Taker = (code: string) => boolean
let takers: Taker[] = []

/** A screen that wants codes for itself (a receipt to give back from) says so; true keeps the code from the cart. */
export function takeCodes(taker: Taker): () => void {
  takers = [taker, ...takers]
  return () => (takers = takers.filter((one) => one !== taker))
}

let sight: Sight = NO_SIGHT

/** Returns whether the code was taken as a new one, not as an echo. */
export function codeRead(code: string, atMs: number, echoMs = ECHO_MS): boolean {
  const echo = isEcho(sight, code, atMs, echoMs)
  sight = { code, atMs }
  if (echo) return false
  if (takers.some((taker) => taker(code))) return true
  if (maySell.value && ['sell', 'cart', 'scan'].includes(screen.value.name)) toCart(code)
  return true
}

function toCart(code: string): void {
  const found = findCode(code, priceList.value?.products ?? [])
  if (found === null) {
    lastScan.value = { code, says: words.value.codeUnknown(shown(code)), known: false }
    soundRefused()
    if (screen.value.name !== 'scan') searchFor(code)
    return
  }
  lastScan.value = { code, says: words.value.scanned(found.product.name), known: true }
  forgetSearch() // an unknown code before it would go on hiding all goods
  // The code of a single piece means that piece, also where there are packs.
  chooseGoods(found.product, found.pack ?? undefined, screen.value)
}

const shown = (code: string): string => (code.length > 24 ? `${code.slice(0, 24)}…` : code)

export function forgetSearch(): void {
  query.value = ''
}

/** From here nobody goes on searching: what was sought for the last buyer would hide what the next one wants. */
const LEFT_BEHIND: readonly Screen['name'][] = ['pay', 'sales', 'receipt', 'more', 'refund', 'find_receipt', 'drawer']
effect(() => {
  if (LEFT_BEHIND.includes(screen.value.name)) forgetSearch()
})

export function searchFor(code: string): void {
  query.value = code
  show({ name: 'sell' })
  offerUndo(words.value.codeUnknown(shown(code)), null)
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>('[data-testid="search"]')?.focus())
}

/** A scanner types wherever the focus is: its Enter must press no button, its digits stay in no field. */
export function listenForScanners(): void {
  let burst = NO_BURST
  let before: { field: HTMLInputElement; value: string } | null = null
  addEventListener(
    'keydown',
    (event) => {
      if (stage.value !== 'ready' || !maySell.value || event.ctrlKey || event.metaKey || event.altKey) return
      const next = typed(burst, event.key, event.timeStamp)
      if (next.burst.text.length === 1) {
        const field = event.target
        before = field instanceof HTMLInputElement ? { field, value: field.value } : null
      }
      burst = next.burst
      if (next.code === null) return
      event.preventDefault()
      event.stopPropagation()
      if (before !== null) putBack(before.field, before.value)
      before = null
      codeRead(next.code, event.timeStamp)
    },
    { capture: true },
  )
}

function putBack(field: HTMLInputElement, value: string): void {
  field.value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
