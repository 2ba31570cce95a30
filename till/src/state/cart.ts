// The open cart. Kept on the disk at every tap, so that a killed tablet comes back with the buyer's goods still in it.
import { computed, signal } from '@preact/signals'
import type { ProductOnTill } from '../wire.gen'
import { nextPriceList, takePriceList } from '../ledger/price_list'
import { dropFact, keepFact } from '../ledger/schema'
import { soundAdded, soundRefused } from '../parts/sound'
import { type Cart, type CartLine, priceCart, quantityOf, withOneMore, withQuantity } from '../rules/cart'
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

/** Names of goods that were in a kept cart and are not in the list any more. */
export const withdrawn = signal<string[]>([])

const namesOf = (lines: Cart): Record<string, string> =>
  Object.fromEntries(lines.map(({ product_id: id }) => [id, productsById.value.get(id)?.name ?? '']))

function setCart(next: Cart): void {
  cart.value = next
  const kept = next.length === 0 ? dropFact(ledger(), 'cart') : keepFact(ledger(), 'cart', [...next])
  // A cart that cannot be kept still sells; the sale itself has its own, loud answer to a full disk.
  kept.catch(() => {})
  if (next.length > 0) keepFact(ledger(), 'cart_names', namesOf(next)).catch(() => {})
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
  const kept = withoutWithdrawn(last.before, listBefore)
  setCart(kept)
}

export function closeUndo(): void {
  clearTimeout(undoTimer)
  undo.value = null
}

/** After a sale: the disk has emptied the cart with it, in the same transaction. */
export function cartWasSold(): void {
  cart.value = []
  withdrawn.value = []
  closeUndo()
  void adoptNewPrices()
}

/** Lines of goods that the list no longer has are dropped, so that what is seen is what is charged, and named. */
export function restoreCart(kept: Cart, names: Readonly<Record<string, string>> = {}): void {
  cart.value = withoutWithdrawn(kept, names)
}

let listBefore: Record<string, string> = {}

function withoutWithdrawn(kept: Cart, names: Readonly<Record<string, string>>): Cart {
  const isGone = (line: CartLine): boolean => !productsById.value.has(line.product_id)
  const gone = kept.filter(isGone).map((line) => names[line.product_id] || words.value.someGoods)
  if (gone.length > 0) withdrawn.value = [...new Set([...withdrawn.value, ...gone])]
  return kept.filter((line) => !isGone(line))
}

/** Prices never change under an open cart; a newer list waits until the cart is empty. */
export async function adoptNewPrices(): Promise<void> {
  if (cart.value.length > 0) return
  const next = await nextPriceList(ledger()).catch(() => undefined)
  // A tap may have come in between; then the list in use stays until that cart is empty too.
  if (next === undefined || cart.value.length > 0) return
  listBefore = Object.fromEntries((priceList.value?.products ?? []).map(({ id, name }) => [id, name]))
  priceList.value = next.document
  // Only now on the disk: a tablet killed at any point starts with the list its cart was filled from.
  await takePriceList(ledger(), next).catch(() => {})
}
