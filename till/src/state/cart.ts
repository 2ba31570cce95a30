// The open cart. Kept on the disk at every tap, so that a killed tablet comes back with the buyer's goods still in it.
import { computed, signal } from '@preact/signals'
import type { PackOnTill, ProductOnTill, SellerOnTill } from '../wire.gen'
import { nextPriceList, takePriceList } from '../ledger/price_list'
import { dropFact, keepFact } from '../ledger/schema'
import { soundAdded, soundRefused } from '../parts/sound'
import {
  asCart,
  type Cart,
  type CartLine,
  discountPasses,
  EMPTY_CART,
  isEmpty,
  lineOf,
  lotInCart,
  type OldCart,
  priceCart,
  quantityOf,
  withDiscount,
  withLine,
  withOneMore,
  withoutKey,
  withPrice,
  withQuantity,
  withWeighed,
} from '../rules/cart'
import type { Discount } from '../rules/discount'
import { isWeighed, type PricedLine } from '../rules/line'
import { type ChosenLot, mustAsk } from '../rules/lots'
import { writtenWeight } from '../rules/weight'
import { ledger, maySell, person, priceList, productsById, today, words } from './device'
import { takenLots } from './lots'
import { shownSale } from './sale'
import { type Screen, screen, show } from './screen'

export const cart = signal<Cart>(EMPTY_CART)
export const cartIsEmpty = computed(() => isEmpty(cart.value))
export const priced = computed(() => priceCart(cart.value, productsById.value))
/** Per product, so that a tile redraws only when its own number changes. */
export const quantities = computed(() => {
  const found = new Map<string, number>()
  for (const { product_id, quantity } of cart.value.lines)
    found.set(product_id, (found.get(product_id) ?? 0) + quantity)
  return found
})

/** Rights of who sells; nobody's, when the list does not name this person. */
export const sellerNow = computed(() => priceList.value?.sellers?.find((one) => one.id === person.value?.id) ?? null)
const limitPercent = computed(() =>
  Math.max(sellerNow.value?.discount_limit_percent ?? 0, cart.value.approved?.limitPercent ?? 0),
)
/** More is taken off than the seller may give: a second person must enter a PIN before money is taken. */
export const needsSecond = computed(() => discountPasses(priced.value, limitPercent.value))
export const mayDiscount = (next: Cart): boolean =>
  !discountPasses(priceCart(next, productsById.value), limitPercent.value)

export interface Undo {
  text: string
  before: Cart | null // null: nothing to take back, only something to say
}
export const undo = signal<Undo | null>(null)
const UNDO_MS = 8_000
let undoTimer: ReturnType<typeof setTimeout> | undefined

export function offerUndo(text: string, before: Cart | null): void {
  clearTimeout(undoTimer)
  undo.value = { text, before }
  undoTimer = setTimeout(() => (undo.value = null), UNDO_MS)
}

export function closeUndo(): void {
  clearTimeout(undoTimer)
  undo.value = null
}

/** Names of goods that were in a kept cart and are not in the list any more. */
export const withdrawn = signal<string[]>([])

const namesOf = ({ lines }: Cart): Record<string, string> =>
  Object.fromEntries(lines.map(({ product_id: id }) => [id, productsById.value.get(id)?.name ?? '']))

export function setCart(next: Cart): void {
  cart.value = next
  const kept = isEmpty(next) ? dropFact(ledger(), 'cart') : keepFact(ledger(), 'cart', next)
  // A cart that cannot be kept still sells; the sale itself has its own, loud answer to a full disk.
  kept.catch(() => {})
  if (isEmpty(next)) void adoptNewPrices()
  else keepFact(ledger(), 'cart_names', namesOf(next)).catch(() => {})
}

/** A tap on a tile, or a code that was scanned: what has one way of being sold is in the cart at once. */
export function chooseProduct(product: ProductOnTill): void {
  if (!maySell.value) return
  if ((product.packs?.length ?? 0) > 0) show({ name: 'packs', productId: product.id, back: screen.value })
  else chooseGoods(product, undefined, screen.value)
}

/** Tapped, scanned or packed: where the first lot to expire has expired, the seller says which lot these goods are from. */
export function chooseGoods(product: ProductOnTill, pack: PackOnTill | undefined, back: Screen): void {
  if (!maySell.value) return
  const lot = lotInCart(cart.value, product.id)
  if (lot === null && mustAsk(product, takenLots.value, today.value))
    show({ name: 'lot', productId: product.id, packId: pack?.id ?? null, key: null, back })
  else takeFromLot(product, pack, lot, back)
}

/** `lot` null: whichever is first to expire. */
export function takeFromLot(
  product: ProductOnTill,
  pack: PackOnTill | undefined,
  lot: ChosenLot | null,
  back: Screen,
): void {
  if (pack === undefined && isWeighed(product))
    return show({ name: 'weight', productId: product.id, key: null, lot, back })
  addProduct(product, pack, lot)
  if (screen.value !== back) show(back)
}

export function addProduct(product: ProductOnTill, pack?: PackOnTill, lot: ChosenLot | null = null): void {
  const what = pack === undefined ? product.name : `${product.name}, ${pack.name}`
  add(withOneMore(cart.value, product.id, pack?.id, lot), what)
}

export function addWeighed(product: ProductOnTill, grams: number, lot: ChosenLot | null = null): void {
  add(withWeighed(cart.value, product.id, grams, lot), `${product.name}, ${writtenWeight(grams)}`)
}

function add(next: Cart, what: string): void {
  if (!maySell.value) return
  shownSale.value = null // the receipt of the sale before gives way
  const before = cart.value
  if (next === before) {
    soundRefused()
    offerUndo(words.value.cartFull, null)
    return
  }
  setCart(next)
  soundAdded()
  offerUndo(words.value.added(what), before)
}

export function changeQuantity(key: string, quantity: number): void {
  const before = cart.value
  if (quantityOf(before, key) === quantity) return
  const next = withQuantity(before, key, quantity)
  if (next === before) return
  setCart(next)
  const name = nameOf(before, key)
  offerUndo(quantity === 0 ? words.value.removed(name) : words.value.changed(name), before)
}

/** The plus of a line: as a tap on its tile, so that a lot that has expired meanwhile is asked about here too. */
export function oneMoreOf({ key, product, pack, quantity, lot }: PricedLine): void {
  if (lot === null && mustAsk(product, takenLots.value, today.value))
    chooseGoods(product, pack ?? undefined, screen.value)
  else changeQuantity(key, quantity + 1)
}

export const changeLot = (key: string, lot: ChosenLot): void => changeLine(key, { lot })

export const changeWeight = (key: string, grams: number): void => changeLine(key, { grams })

export function changeLine(key: string, change: Partial<CartLine>): void {
  changed(withLine(cart.value, key, change), nameOf(cart.value, key))
}

export function changeDiscount(key: string | null, discount: Discount | null): void {
  changed(withDiscount(cart.value, key, discount), key === null ? words.value.theSale : nameOf(cart.value, key))
}

export function changePrice(key: string, price: CartLine['price'] | null): void {
  changed(withPrice(cart.value, key, price), nameOf(cart.value, key))
}

export function changeNote(key: string | null, note: string): void {
  if (key !== null) changeLine(key, { note })
  else changed(note === '' ? withoutKey(cart.value, 'note') : { ...cart.value, note }, words.value.theSale)
}

/** A second person stands in for a limit: for this cart only. */
export function approve(second: SellerOnTill): void {
  setCart({ ...cart.value, approved: { personId: second.id, limitPercent: second.discount_limit_percent } })
}
/** For another price: her limit of discounts comes with it only if it was asked for before. */
export function approvePrice(second: SellerOnTill): void {
  const { approved } = cart.value
  if (approved?.personId !== second.id) setCart({ ...cart.value, approved: { personId: second.id, limitPercent: 0 } })
}
/** Whose limit is wide enough for what lies in the cart. */
export const mayApprove = (second: SellerOnTill): boolean =>
  !discountPasses(priced.value, second.discount_limit_percent)

function changed(next: Cart, what: string): void {
  const before = cart.value
  setCart(next)
  offerUndo(words.value.changed(what), before)
}

const nameOf = (from: Cart, key: string): string =>
  productsById.value.get(lineOf(from, key)?.product_id ?? '')?.name ?? ''

export function undoLast(): void {
  const last = undo.value
  if (last?.before == null) return
  closeUndo()
  setCart(withoutWithdrawn(last.before, listBefore))
}

/** After a sale: the disk has emptied the cart with it, in the same transaction. */
export function cartWasSold(): void {
  cart.value = EMPTY_CART
  withdrawn.value = []
  closeUndo()
  void adoptNewPrices()
}

/** Lines of goods that the list no longer has are dropped, so that what is seen is what is charged, and named. */
export function restoreCart(kept: Cart | OldCart, names: Readonly<Record<string, string>> = {}): void {
  cart.value = withoutWithdrawn(asCart(kept), names)
}

let listBefore: Record<string, string> = {}

function withoutWithdrawn(kept: Cart, names: Readonly<Record<string, string>>): Cart {
  const known = new Set(priceCart(kept, productsById.value).lines.map((line) => line.key))
  const lines = kept.lines.filter((line) => known.has(line.key))
  const gone = kept.lines
    .filter((line) => !known.has(line.key))
    .map(({ product_id: id }) => productsById.value.get(id)?.name || names[id] || words.value.someGoods)
  if (gone.length > 0) withdrawn.value = [...new Set([...withdrawn.value, ...gone])]
  return lines.length === 0 ? EMPTY_CART : { ...kept, lines }
}

/** Newer prices are here, and the open cart keeps its own: said on the glass, or the buyer is told two prices. */
export const pricesWait = signal(false)

/** Prices never change under an open cart; a newer list waits until the cart is empty. */
export async function adoptNewPrices(): Promise<void> {
  const next = await nextPriceList(ledger()).catch(() => undefined)
  // Looked at only now: a tap may have come in between, and then the list in use stays until that cart is empty too.
  pricesWait.value = next !== undefined && !isEmpty(cart.value)
  if (next === undefined || pricesWait.value) return
  listBefore = Object.fromEntries((priceList.value?.products ?? []).map(({ id, name }) => [id, name]))
  priceList.value = next.document
  // Only now on the disk: a tablet killed at any point starts with the list its cart was filled from.
  await takePriceList(ledger(), next).catch(() => {})
}
