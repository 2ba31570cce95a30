// Cart + payment + place in the chain -> the record of a sale. Pure; time and ids come in.
import type { SaleCommand, Tender } from '../wire.gen'
import type { PricedCart } from './cart'
import { fairDay } from './fair_day'
import { receiptNumber } from './receipt_number'

/** Fixed when the pay screen opens, so that ten taps are one sale. */
export interface SaleDraft {
  id: string
  receiptToken: string
}

export type Payment = { method: 'cash'; tenderedDong: number } | { method: 'transfer' }

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
}

export const momentsFairDay = (moment: SaleMoment): string =>
  fairDay(moment.deviceAtMs + moment.clockOffsetMs, moment.dayBoundaryMinutes)

export function tenderOf(totalDong: number, payment: Payment): Tender {
  const tendered = payment.method === 'cash' ? payment.tenderedDong : totalDong
  if (tendered < totalDong) throw new RangeError('tendered less than the total')
  return {
    method: payment.method,
    amount_dong: totalDong,
    tendered_dong: tendered,
    change_dong: tendered - totalDong,
  }
}

export function buildSale(
  draft: SaleDraft,
  cart: PricedCart,
  payment: Payment,
  priceListVersion: number,
  seller: Seller,
  moment: SaleMoment,
  place: ChainPlace,
): SaleCommand {
  const day = momentsFairDay(moment)
  return {
    kind: 'sale',
    v: 1,
    id: draft.id,
    seq: place.seq,
    booth_id: seller.boothId,
    person_id: seller.personId,
    device_at: new Date(moment.deviceAtMs).toISOString(),
    clock_offset_ms: moment.clockOffsetMs,
    fair_day: day,
    receipt_number: receiptNumber(seller.letter, day, place.counter),
    receipt_token: draft.receiptToken,
    price_list_version: priceListVersion,
    lines: cart.lines.map(({ product, quantity, amountDong }) => ({
      product_id: product.id,
      name: product.name,
      unit: product.unit,
      producer_id: product.producer_id,
      quantity,
      unit_price_dong: product.price_dong,
      amount_dong: amountDong,
    })),
    total_dong: cart.totalDong,
    payments: [tenderOf(cart.totalDong, payment)],
    app_version: seller.appVersion,
  }
}
