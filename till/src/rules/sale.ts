// Cart + payment + place in the chain -> the record of a sale. Pure; time and ids come in.
import type { SaleCommand } from '../wire.gen'
import type { PricedCart } from './cart'
import { fairDay } from './fair_day'
import { lineSold } from './line'
import { receiptNumber } from './receipt_number'
import { onlyCash, type Part, roundingOf, tenderOf } from './tender'

/** Fixed when the pay screen opens, so that ten taps are one sale. */
export interface SaleDraft {
  id: string
  receiptToken: string
}

export interface Seller {
  letter: string
  boothId: string
  personId: string
  appVersion: string
}

export interface SaleMoment {
  deviceAtMs: number
  clockOffsetMs: number
  dayBoundaryMinutes: number
}

export interface ChainPlace {
  seq: number
  counter: number // of the fair day
  tillSessionId: string | null // the drawer that is open
  zNumber: number // the next closing's
}

export const momentsFairDay = (moment: SaleMoment): string =>
  fairDay(moment.deviceAtMs + moment.clockOffsetMs, moment.dayBoundaryMinutes)

/** What every command says of itself. */
export function commonOf(id: string, seller: Seller, moment: SaleMoment, place: ChainPlace) {
  return {
    v: 1 as const,
    id,
    seq: place.seq,
    booth_id: seller.boothId,
    person_id: seller.personId,
    device_at: new Date(moment.deviceAtMs).toISOString(),
    clock_offset_ms: moment.clockOffsetMs,
    fair_day: momentsFairDay(moment),
    ...(place.tillSessionId === null ? {} : { till_session_id: place.tillSessionId }),
    app_version: seller.appVersion,
  }
}

export function buildSale(
  draft: SaleDraft,
  cart: PricedCart,
  parts: readonly Part[],
  priceListVersion: number,
  seller: Seller,
  moment: SaleMoment,
  place: ChainPlace,
): SaleCommand {
  const common = commonOf(draft.id, seller, moment, place)
  // Only a total that is paid in cash alone is rounded, so what the parts add up to tells by how much.
  const rounding = roundingOf(cart.totalDong, parts)
  if (rounding !== 0 && !onlyCash(parts)) throw new RangeError('the tenders do not add up to the total')
  return {
    kind: 'sale',
    ...common,
    receipt_number: receiptNumber(seller.letter, common.fair_day, place.counter),
    receipt_token: draft.receiptToken,
    price_list_version: priceListVersion,
    lines: cart.lines.map(lineSold),
    ...(rounding === 0 ? {} : { rounding_dong: rounding }),
    total_dong: cart.totalDong + rounding,
    payments: parts.map(tenderOf),
    ...(cart.note === '' ? {} : { note: cart.note }),
    ...(cart.secondPersonId === null ? {} : { second_person_id: cart.secondPersonId }),
  }
}
