// A cart says what was chosen; names and prices come from the price list, which does not change under an open cart.
import type { PackOnTill, ProductOnTill } from '../wire.gen'
import { BEARERS, type BorneBy, type Discount, joined, passesLimit, spread, takenOff } from './discount'
import { type CartLine, discountDong, isWeighed, MAX_GRAMS, type PricedLine, weighedGross } from './line'
import type { ChosenLot } from './lots'
import { MAX_AMOUNT_DONG, MAX_LINES, MAX_QUANTITY } from './price'

export type { CartLine, PricedLine } from './line'

export interface Cart {
  lines: readonly CartLine[]
  discount?: Discount
  /** For the booth only. */
  note?: string
  /** A second person stands in for this cart: for another price, or for more off than the seller may give. */
  approved?: { personId: string; limitPercent: number }
}
export const EMPTY_CART: Cart = { lines: [] }

export interface PricedCart {
  lines: PricedLine[]
  grossDong: number
  discountDong: number
  totalDong: number
  pieces: number
  note: string
  /** Who else answers for it. */
  secondPersonId: string | null
}

export const isEmpty = (cart: Cart): boolean => cart.lines.length === 0

export const keyOf = (productId: string, packId?: string): string => packId ?? productId

export const lineOf = (cart: Cart, key: string): CartLine | undefined => cart.lines.find((line) => line.key === key)

export const quantityOf = (cart: Cart, key: string): number => lineOf(cart, key)?.quantity ?? 0

/** The same cart when a limit forbids the change; an empty one forgets discount, note and leave with its last line. */
export function withQuantity(cart: Cart, key: string, quantity: number): Cart {
  if (quantity > MAX_QUANTITY) return cart
  if (quantity > 0) return withLine(cart, key, { quantity })
  const lines = cart.lines.filter((line) => line.key !== key)
  return lines.length === 0 ? EMPTY_CART : { ...cart, lines }
}

export const withLine = (cart: Cart, key: string, change: Partial<CartLine>): Cart => ({
  ...cart,
  lines: cart.lines.map((line) => (line.key === key ? { ...line, ...change } : line)),
})

function added(cart: Cart, line: CartLine): Cart {
  return cart.lines.length >= MAX_LINES ? cart : { ...cart, lines: [...cart.lines, line] }
}

/** A key that no line has yet: lines of one product that come from several lots are several lines. */
function freeKey(cart: Cart, key: string, lot: ChosenLot | null): string {
  const wanted = lot === null ? key : `${key}@${lot.id}`
  let free = wanted
  for (let nth = 2; lineOf(cart, free) !== undefined; nth++) free = `${wanted}:${nth}`
  return free
}

/** The lot this buyer's goods come from: chosen once for a cart, then every tap and scan of the product goes on with it. */
export const lotInCart = (cart: Cart, productId: string): ChosenLot | null =>
  cart.lines.filter((line) => line.product_id === productId && line.lot !== undefined).at(-1)?.lot ?? null

/** One more of the product, or of one of its packs. */
export function withOneMore(cart: Cart, productId: string, packId?: string, lot: ChosenLot | null = null): Cart {
  const there = cart.lines.find(
    (line) =>
      line.product_id === productId &&
      line.pack_id === packId &&
      line.grams === undefined &&
      line.lot?.id === lot?.id &&
      (line.lot?.reason ?? '') === (lot?.reason ?? ''),
  )
  if (there !== undefined) return withQuantity(cart, there.key, there.quantity + 1)
  const line = { key: freeKey(cart, keyOf(productId, packId), lot), product_id: productId, quantity: 1 }
  return added(cart, {
    ...line,
    ...(packId === undefined ? {} : { pack_id: packId }),
    ...(lot === null ? {} : { lot }),
  })
}

/** Another weighing: a line of its own, as the two bags on the counter are two. */
export function withWeighed(cart: Cart, productId: string, grams: number, lot: ChosenLot | null = null): Cart {
  if (!(grams >= 1 && grams <= MAX_GRAMS)) return cart
  let nth = 1
  while (lineOf(cart, `${productId}:${nth}`) !== undefined) nth++
  const line = { key: `${productId}:${nth}`, product_id: productId, quantity: 1, grams }
  return added(cart, lot === null ? line : { ...line, lot })
}

export function withoutKey<T extends object, K extends keyof T>(thing: T, key: K): Omit<T, K> {
  const { [key]: _gone, ...rest } = thing
  return rest
}

export function withDiscount(cart: Cart, key: string | null, discount: Discount | null): Cart {
  if (key === null) return discount === null ? withoutKey(cart, 'discount') : { ...cart, discount }
  if (discount !== null) return withLine(cart, key, { discount })
  return { ...cart, lines: cart.lines.map((line) => (line.key === key ? withoutKey(line, 'discount') : line)) }
}

/** null gives the price of the list back. */
export function withPrice(cart: Cart, key: string, price: CartLine['price'] | null): Cart {
  if (price != null) return withLine(cart, key, { price })
  return { ...cart, lines: cart.lines.map((line) => (line.key === key ? withoutKey(line, 'price') : line)) }
}

/** Who may bear this discount: a line's own and the one of the whole cart end in one figure, so they name one bearer. */
export function bearersFor(cart: Cart, key: string | null): readonly BorneBy[] {
  if (key !== null) return cart.discount === undefined ? BEARERS : [cart.discount.borne_by]
  const named = [
    ...new Set(cart.lines.flatMap((line) => (line.discount === undefined ? [] : [line.discount.borne_by]))),
  ]
  return named.length === 0 ? BEARERS : named.length === 1 ? named : []
}

const packOf = (product: ProductOnTill, packId: string | undefined): PackOnTill | null | undefined =>
  packId === undefined ? null : product.packs?.find((pack) => pack.id === packId)

function pricedLine(line: CartLine, products: ReadonlyMap<string, ProductOnTill>): PricedLine | null {
  const product = products.get(line.product_id)
  if (product === undefined) return null
  const pack = packOf(product, line.pack_id)
  if (pack === undefined) return null // no longer sold
  // Goods that were weighed and are now sold by the piece, or the other way round: nobody can say what this line costs.
  if ((isWeighed(product) && pack === null) !== (line.grams !== undefined)) return null
  const listPriceDong = pack?.price_dong ?? product.price_dong
  const unitPriceDong = line.price?.dong ?? listPriceDong
  const grossDong = line.grams === undefined ? line.quantity * unitPriceDong : weighedGross(line.grams, unitPriceDong)
  const ownDiscountDong = line.discount === undefined ? 0 : takenOff(line.discount, grossDong)
  return {
    key: line.key,
    product,
    pack,
    quantity: line.quantity,
    grams: line.grams ?? null,
    unit: pack?.name ?? product.unit,
    listPriceDong,
    unitPriceDong,
    priceReason: line.price?.reason ?? '',
    grossDong,
    ownDiscountDong,
    sharedDiscountDong: 0,
    amountDong: grossDong - ownDiscountDong,
    discountReason: ownDiscountDong === 0 ? '' : (line.discount?.reason ?? ''),
    discountBorneBy: ownDiscountDong === 0 ? null : (line.discount?.borne_by ?? null),
    note: line.note ?? '',
    lot: line.lot ?? null,
  }
}

/** Lines whose goods the list no longer has are left out, so that what is seen is what is charged. */
export function priceCart(cart: Cart, products: ReadonlyMap<string, ProductOnTill>): PricedCart {
  let lines = cart.lines.flatMap((line) => pricedLine(line, products) ?? [])
  const { discount } = cart
  if (discount !== undefined) {
    const rooms = lines.map((line) => line.amountDong)
    const off = spread(
      takenOff(discount, sum(rooms)),
      lines.map((line) => line.grossDong),
      rooms,
    )
    lines = lines.map((line, at) => withShare(line, off[at]!, discount))
  }
  const grossDong = sum(lines.map((line) => line.grossDong))
  const totalDong = sum(lines.map((line) => line.amountDong))
  return {
    lines,
    grossDong,
    totalDong,
    discountDong: grossDong - totalDong,
    pieces: sum(lines.map((line) => line.quantity)),
    note: cart.note ?? '',
    secondPersonId: cart.approved?.personId ?? null,
  }
}

function withShare(line: PricedLine, share: number, discount: Discount): PricedLine {
  if (share === 0) return line
  return {
    ...line,
    sharedDiscountDong: share,
    amountDong: line.amountDong - share,
    discountReason:
      line.discountReason === discount.reason ? discount.reason : joined(line.discountReason, discount.reason),
    discountBorneBy: discount.borne_by,
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

export const tooMuchMoney = (priced: PricedCart): boolean =>
  priced.totalDong > MAX_AMOUNT_DONG || priced.lines.some((line) => line.grossDong > MAX_AMOUNT_DONG)

/** Whether any line has more off than this many percent. */
export const discountPasses = (priced: PricedCart, limitPercent: number): boolean =>
  priced.lines.some((line) => passesLimit(line.grossDong, discountDong(line), limitPercent))

/** What an earlier program kept: a bare list of product ids and quantities. */
export type OldCart = readonly { product_id: string; quantity: number }[]

export const asCart = (kept: Cart | OldCart): Cart =>
  Array.isArray(kept)
    ? { lines: (kept as OldCart).map((line) => ({ ...line, key: keyOf(line.product_id) })) }
    : (kept as Cart)
