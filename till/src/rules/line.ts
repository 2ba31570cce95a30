// One line of a cart: what was chosen, and what it costs. Whole đồng and whole grams; tests/vectors/lines.json holds both languages to it.
import type { LineSold, PackOnTill, ProductOnTill } from '../wire.gen'
import type { Discount } from './discount'
import type { ChosenLot } from './lots'

export const MAX_GRAMS = 1_000_000

export interface CartLine {
  /** Tapping the same tile again finds its line by this; a weighing is always a line of its own. */
  key: string
  product_id: string
  quantity: number
  grams?: number
  pack_id?: string
  price?: { dong: number; reason: string }
  discount?: Discount
  note?: string
  /** Chosen by the seller; without it the server takes the first to expire. Absent in what an earlier program kept. */
  lot?: ChosenLot
}

export interface PricedLine {
  key: string
  product: ProductOnTill
  pack: PackOnTill | null
  quantity: number
  grams: number | null
  unit: string
  listPriceDong: number
  unitPriceDong: number
  priceReason: string
  grossDong: number
  /** Its own discount. */
  ownDiscountDong: number
  /** Its share of the discount on the whole cart. */
  sharedDiscountDong: number
  amountDong: number
  discountReason: string
  discountBorneBy: Discount['borne_by'] | null
  note: string
  lot: ChosenLot | null
}

export const isWeighed = (product: ProductOnTill): boolean => product.sold_by === 'weight'

/** Half a đồng goes up. At most 10^6 g × 10^9 đ × 2, still exact. */
export const weighedGross = (grams: number, pricePerKgDong: number): number =>
  Math.floor((grams * pricePerKgDong * 2 + 1000) / 2000)

export const discountDong = (line: PricedLine): number => line.ownDiscountDong + line.sharedDiscountDong

const MAX_UNIT = 60

export function lineSold(line: PricedLine): LineSold {
  const { product, pack, quantity, grams } = line
  const discount = discountDong(line)
  return {
    product_id: product.id,
    name: product.name,
    unit: line.unit.slice(0, MAX_UNIT),
    producer_id: product.producer_id,
    quantity,
    unit_price_dong: line.unitPriceDong,
    amount_dong: line.amountDong,
    // Only what is so: a plain line stays as short as it was, and a full outbox is sent sooner.
    ...(grams === null ? {} : { grams }),
    ...(pack === null ? {} : { pack_id: pack.id, pack_size: pack.size }),
    ...(line.unitPriceDong === line.listPriceDong
      ? {}
      : { list_price_dong: line.listPriceDong, price_reason: line.priceReason }),
    ...(discount === 0
      ? {}
      : {
          discount_dong: discount,
          discount_reason: line.discountReason,
          discount_borne_by: line.discountBorneBy,
        }),
    ...(line.note === '' ? {} : { note: line.note }),
    ...(line.lot === null ? {} : { lot_id: line.lot.id }),
    ...(line.lot === null || line.lot.reason === '' ? {} : { lot_reason: line.lot.reason }),
  }
}
