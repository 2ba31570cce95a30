// Carts laid aside while another buyer is served.
import { signal } from '@preact/signals'
import { park, parkedCarts, takeUp } from '../ledger/parked'
import type { ParkedCart } from '../ledger/schema'
import { soundRefused } from '../parts/sound'
import { priceCart } from '../rules/cart'
import { newId } from '../rules/ids'
import { colourOf, freeNumber } from '../rules/parked'
import { formatDong } from '../rules/price'
import { cart, cartIsEmpty, closeUndo, offerUndo, priced, restoreCart, setCart } from './cart'
import { ledger, productsById, words } from './device'
import { EMPTY_CART } from '../rules/cart'
import { shownSale } from './sale'
import { forgetSearch } from './scanning'
import { show } from './screen'

export const parked = signal<ParkedCart[]>([])

export async function readParked(): Promise<void> {
  parked.value = await parkedCarts(ledger())
}

function openCartToPark(): ParkedCart | null {
  if (cartIsEmpty.value) return null
  const number = freeNumber(parked.value.map((one) => one.number))
  return {
    id: newId(Date.now()),
    number,
    colour: colourOf(number),
    first_item: priced.value.lines[0]?.product.name ?? '',
    total_dong: priced.value.totalDong,
    pieces: priced.value.pieces,
    parked_at_ms: Date.now(),
    cart: cart.value,
  }
}

let busy = false

export async function parkCart(): Promise<void> {
  const laid = openCartToPark()
  if (laid === null || busy) return
  busy = true
  try {
    await park(ledger(), laid)
    setCart(EMPTY_CART)
    forgetSearch()
    parked.value = [...parked.value, laid]
    show({ name: 'sell' })
    offerUndo(words.value.parkedNow(laid.number), null)
  } catch {
    refused()
  } finally {
    busy = false
  }
}

export async function resumeCart(wanted: ParkedCart): Promise<void> {
  if (busy) return
  busy = true
  const open = openCartToPark()
  try {
    const found = await takeUp(ledger(), wanted.id, open)
    await readParked()
    if (found === null) return
    shownSale.value = null
    closeUndo()
    forgetSearch()
    restoreCart(found)
    const nowDong = priceCart(cart.value, productsById.value).totalDong
    show({ name: 'sell' })
    // The list may have changed while it lay: the buyer must hear it before she pays.
    if (nowDong !== wanted.total_dong)
      offerUndo(words.value.pricesMoved(formatDong(wanted.total_dong), formatDong(nowDong)), null)
  } catch {
    refused()
  } finally {
    busy = false
  }
}

function refused(): void {
  soundRefused()
  offerUndo(words.value.parkFailed, null)
  show({ name: 'sell' })
}
