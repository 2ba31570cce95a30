// Goods that leave stock without being sold: the same lines, at nothing.
import type { GiveawayCommand } from '../wire.gen'
import type { PricedCart } from './cart'
import type { BorneBy } from './discount'
import { lineSold } from './line'
import { type ChainPlace, commonOf, type SaleMoment, type Seller } from './sale'

export type Purpose = GiveawayCommand['purpose']
export const PURPOSES: readonly Purpose[] = ['tasting', 'gift', 'sample', 'damaged']

export interface Giveaway {
  id: string
  purpose: Purpose
  borneBy: BorneBy
  note: string
}

export function buildGiveaway(
  given: Giveaway,
  cart: PricedCart,
  priceListVersion: number,
  seller: Seller,
  moment: SaleMoment,
  place: ChainPlace,
): GiveawayCommand {
  return {
    kind: 'giveaway',
    ...commonOf(given.id, seller, moment, place),
    purpose: given.purpose,
    borne_by: given.borneBy,
    price_list_version: priceListVersion,
    lines: cart.lines.map((line) => {
      const { product_id, name, unit, producer_id, quantity, grams, pack_id, pack_size, note, lot_id, lot_reason } =
        lineSold(line)
      return {
        product_id,
        name,
        unit,
        producer_id,
        quantity,
        unit_price_dong: line.listPriceDong, // what it is worth; nobody pays it
        amount_dong: 0,
        ...(grams == null ? {} : { grams }),
        ...(pack_id == null ? {} : { pack_id, pack_size: pack_size ?? 1 }),
        ...(note === undefined ? {} : { note }),
        ...(lot_id == null ? {} : { lot_id }),
        ...(lot_reason === undefined ? {} : { lot_reason }),
      }
    }),
    ...(given.note === '' ? {} : { note: given.note }),
  }
}
