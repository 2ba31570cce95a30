// The open cart. Kept on the disk at every tap, so that a killed tablet comes back with the buyer's goods still in it.
import { computed, signal } from '@preact/signals'
import type { ProductOnTill } from '../wire.gen'
import { adoptNextPriceList } from '../ledger/price_list'
import { dropFact, keepFact } from '../ledger/schema'
import { soundAdded, soundRefused } from '../parts/sound'
import { type Cart, priceCart, quantityOf, withOneMore, withQuantity } from '../rules/cart'
import { ledger, maySell, priceList, productsById, words } from './device'
import { shownSale } from './sale'

export const cart = signal<Cart>([])
export const priced = computed(() => priceCart(cart.value, productsById.value))
/** So that a tile redraws only when its own number changes. */
export const quantities = computed(() => new Map(cart.value.map((line) => [line.product_id, line.quantity])))

export interface Undo {
  text: string
  before: Cart | null // null: nothing to take back, only something to say
}
export const undo = signal<Undo | null>(null)
const UNDO_MS = 8_000
let undoTimer: ReturnType<typeof setTimeout> | undefined

function offerUndo(text: string, before: Cart | null): void {
  clearTimeout(undoTimer)
  undo.value = { text, before }
  undoTimer = setTimeout(() => (undo.value = null), UNDO_MS)
}

function setCart(next: Cart): void {
  cart.value = next
  const kept = next.length === 0 ? dropFact(ledger(), 'cart') : keepFact(ledger(), 'cart', [...next])
  // A cart that cannot be kept still sells; the sale itself has its own, loud answer to a full disk.
  kept.catch(() => {})
  if (next.length === 0) void adoptNewPrices()
}

export function addProduct(product: ProductOnTill): void {
  if (!maySell.value) return
  shownSale.value = null // the receipt of the sale before gives way
  const before = cart.value
  const next = withOneMore(before, product.id)
  if (next === before) {
    soundRefused()
    offerUndo(words.value.cartFull, null)
    return
  }
  setCart(next)
  soundAdded()
  offerUndo(words.value.added(product.name), before)
}

export function changeQuantity(product: ProductOnTill, quantity: number): void {
  const before = cart.value
  if (quantityOf(before, product.id) === quantity) return
  const next = withQuantity(before, product.id, quantity)
  if (next === before) return
  setCart(next)
  offerUndo(quantity === 0 ? words.value.removed(product.name) : words.value.changed(product.name), before)
}

export function undoLast(): void {
  const last = undo.value
  if (last?.before == null) return
  closeUndo()
  setCart(last.before)
}

export function closeUndo(): void {
  clearTimeout(undoTimer)
  undo.value = null
}

/** After a sale: the disk has emptied the cart with it, in the same transaction. */
export function cartWasSold(): void {
  cart.value = []
  closeUndo()
  void adoptNewPrices()
}

/** Lines of goods that the list no longer has are dropped, so that what is seen is what is charged. */
export function restoreCart(kept: Cart): void {
  cart.value = kept.filter((line) => productsById.value.has(line.product_id))
}

/** Prices never change under an open cart; a newer list waits until the cart is empty. */
export async function adoptNewPrices(): Promise<void> {
  if (cart.value.length > 0) return
  const next = await adoptNextPriceList(ledger()).catch(() => undefined)
  // A tap may have come in between; then the list in use stays until that cart is empty too.
  if (next === undefined) return
  priceList.value = next.document
  if (cart.value.length > 0) restoreCart(cart.value)
}
