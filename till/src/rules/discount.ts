// What is taken off, why, and who bears it. A discount on the whole cart is shared over its lines, since each line belongs to a producer.
import { MAX_AMOUNT_DONG, shares } from './price'

export type BorneBy = 'producer' | 'organiser' | 'shared'
export const BEARERS: readonly BorneBy[] = ['producer', 'organiser', 'shared']

export interface Discount {
  kind: 'percent' | 'amount'
  value: number // whole percent, or đồng
  reason: string
  borne_by: BorneBy
}

export const MAX_REASON = 300

/** Half a đồng goes up. */
export const percentOf = (dong: number, percent: number): number => Math.floor((dong * percent * 2 + 100) / 200)

/** Never more than there is. */
export const takenOff = (discount: Discount, dong: number): number =>
  Math.min(dong, discount.kind === 'percent' ? percentOf(dong, Math.min(discount.value, 100)) : discount.value)

export const mostOf = (kind: Discount['kind']): number => (kind === 'percent' ? 100 : MAX_AMOUNT_DONG)

/**
 * Shares by largest remainder on `weights`; no share is larger than its room (what a line still costs). What a full line cannot
 * take goes to the others by the same rule.
 */
export function spread(total: number, weights: readonly number[], rooms: readonly number[]): number[] {
  const given = weights.map(() => 0)
  let left = total
  let open = weights.map((_, at) => at).filter((at) => rooms[at]! > 0)
  while (left > 0 && open.length > 0) {
    const parts = shares(
      left,
      open.map((at) => weights[at]!),
    )
    const full = open.filter((at, nth) => parts[nth]! > rooms[at]!)
    if (full.length === 0) {
      open.forEach((at, nth) => (given[at] = parts[nth]!))
      break
    }
    for (const at of full) {
      given[at] = rooms[at]!
      left -= rooms[at]!
    }
    open = open.filter((at) => !full.includes(at))
  }
  return given
}

/** Whether a line has more off than a person with this limit may give. Rounding and sharing may add a đồng, never more. */
export const passesLimit = (grossDong: number, discountDong: number, limitPercent: number): boolean =>
  discountDong * 100 >= grossDong * limitPercent + 100 && discountDong > 0

export const joined = (...texts: string[]): string =>
  texts
    .filter((text) => text !== '')
    .join('; ')
    .slice(0, MAX_REASON)
