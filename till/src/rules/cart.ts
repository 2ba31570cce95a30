// A cart is product ids and quantities; names and prices come from the price list, which does not change under an open cart.
import type { ProductOnTill } from '../wire.gen'
import { MAX_AMOUNT_DONG, MAX_LINES, MAX_QUANTITY } from './price'

export interface CartLine {
  product_id: string
  quantity: number
}
export type Cart = readonly CartLine[]

export interface PricedLine {
  product: ProductOnTill
  quantity: number
  amountDong: number
}
export interface PricedCart {
  lines: PricedLine[]
  totalDong: number
  pieces: number
}

export const quantityOf = (cart: Cart, productId: string): number =>
  cart.find((line) => line.product_id === productId)?.quantity ?? 0

/** Quantity nought removes the line; a new line goes to the end. Returns the same cart when a limit forbids the change. */
export function withQuantity(cart: Cart, productId: string, quantity: number): Cart {
  if (quantity > MAX_QUANTITY) return cart
  if (quantity <= 0) return cart.filter((line) => line.product_id !== productId)
  if (cart.some((line) => line.product_id === productId))
    return cart.map((line) => (line.product_id === productId ? { ...line, quantity } : line))
  return cart.length >= MAX_LINES ? cart : [...cart, { product_id: productId, quantity }]
}

export const withOneMore = (cart: Cart, productId: string): Cart =>
  withQuantity(cart, productId, quantityOf(cart, productId) + 1)

export function priceCart(cart: Cart, products: ReadonlyMap<string, ProductOnTill>): PricedCart {
  const lines: PricedLine[] = []
  for (const { product_id, quantity } of cart) {
    const product = products.get(product_id)
    if (product !== undefined) lines.push({ product, quantity, amountDong: quantity * product.price_dong })
  }
  return {
    lines,
    totalDong: lines.reduce((sum, line) => sum + line.amountDong, 0),
    pieces: lines.reduce((sum, line) => sum + line.quantity, 0),
  }
}

export const tooMuchMoney = (priced: PricedCart): boolean => priced.totalDong > MAX_AMOUNT_DONG
