// Lots of goods at the booth and their expiry: which one is sold next, which one must not be sold without a word.
import type { LineSold, LotOnTill, ProductOnTill } from '../wire.gen'
import { EXPIRES_SOON_DAYS, daysBetween } from './fair_day'

/** What a cart line keeps of its lot: the list may lose the lot while the cart lies aside, and the line must still say what it is. */
export interface ChosenLot {
  id: string
  code: string
  expires_day: string | null
  /** Why it is sold although it has expired; empty when it has not. */
  reason: string
}

/** Base units or grams that left a lot since the list was made; below zero when goods came back. */
export type TakenLots = ReadonlyMap<string, number>
export const NONE_TAKEN: TakenLots = new Map()

export const isExpired = (lot: { expires_day: string | null }, day: string): boolean =>
  lot.expires_day !== null && lot.expires_day < day

/** On its last day a lot still holds. */
const expiresSoon = (lot: { expires_day: string | null }, day: string): boolean =>
  lot.expires_day !== null && !isExpired(lot, day) && daysBetween(day, lot.expires_day) <= EXPIRES_SOON_DAYS

/** First to expire first; those without a day come last, in the list's order, which is the server's. */
export function lyingLots(product: ProductOnTill, taken: TakenLots): LotOnTill[] {
  return (product.lots ?? [])
    .map((lot) => ({ ...lot, left: lot.left - (taken.get(lot.id) ?? 0) }))
    .filter((lot) => lot.left > 0)
    .sort((a, b) => (a.expires_day ?? '9999').localeCompare(b.expires_day ?? '9999'))
}

export type LotMark = { kind: 'expired' | 'soon'; day: string } | null

/** What a tile says of the lot that would be sold next. */
export function lotMark(product: ProductOnTill, taken: TakenLots, day: string): LotMark {
  const next = lyingLots(product, taken)[0]
  if (next === undefined || next.expires_day === null) return null
  if (isExpired(next, day)) return { kind: 'expired', day: next.expires_day }
  return expiresSoon(next, day) ? { kind: 'soon', day: next.expires_day } : null
}

/** Selling without a word would take goods that have expired. */
export const mustAsk = (product: ProductOnTill, taken: TakenLots, day: string): boolean =>
  lotMark(product, taken, day)?.kind === 'expired'

type Line = Pick<LineSold, 'product_id' | 'quantity' | 'grams' | 'pack_size' | 'lot_id'>

/** What a line takes from stock: base units, of weighed goods grams. */
export const takenFromStock = (line: Line): number => line.grams ?? line.quantity * (line.pack_size ?? 1)

/** A line that names no lot takes from the first to expire, as the server books it; what no lot has comes from goods without one. */
export function takeFromLots(
  taken: TakenLots,
  lines: readonly Line[],
  products: ReadonlyMap<string, ProductOnTill>,
): TakenLots {
  const next = new Map(taken)
  const take = (id: string, much: number): unknown => next.set(id, (next.get(id) ?? 0) + much)
  for (const line of lines) {
    let wanted = takenFromStock(line)
    if (line.lot_id != null) {
      take(line.lot_id, wanted)
      continue
    }
    const product = products.get(line.product_id)
    for (const lot of product === undefined ? [] : lyingLots(product, next)) {
      const much = Math.min(wanted, lot.left)
      take(lot.id, much)
      wanted -= much
      if (wanted === 0) break
    }
  }
  return next
}

/** Goods that came back lie in the lot the line names. Of other lines nobody here knows which lot the server gave them. */
export function backIntoLots(taken: TakenLots, lines: readonly Line[]): TakenLots {
  const next = new Map(taken)
  for (const line of lines)
    if (line.lot_id != null) next.set(line.lot_id, (next.get(line.lot_id) ?? 0) - takenFromStock(line))
  return next
}
