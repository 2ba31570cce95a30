// Giving goods back. What is left is always a sum over refund lines, never a counter; amounts are what is owed for the
// pieces given back so far less what was paid out already, so that many small refunds end exactly at the sale's total.
import type { FoundReceipt, LineSold, RefundCommand, SaleCommand, Tender } from '../wire.gen'
import { receiptNumber } from './receipt_number'
import { type ChainPlace, commonOf, type SaleDraft, type SaleMoment, type Seller } from './sale'
import { shares } from './price'
import { cashRounding, onlyCash } from './tender'

const METHODS = ['cash', 'transfer', 'card'] as const
export type Method = (typeof METHODS)[number]

/** The sale that goods come back from, as this tablet or the server knows it. */
export interface Original {
  saleId: string
  receiptNumber: string
  atMs: number
  totalDong: number
  lines: readonly LineSold[]
  payments: readonly Tender[]
  /** Per line: pieces that were not given back yet. */
  left: readonly number[]
  /** Paid out so far; null when only the server knows, and the pieces tell. */
  paidOutDong: number | null
}

type Refunds = readonly Pick<RefundCommand, 'lines' | 'total_dong'>[]

/** Two lines of a receipt may be of one product; a refund line names what it takes by all that tells them apart. */
const sameLine = (a: LineSold, b: LineSold): boolean =>
  a.product_id === b.product_id &&
  (a.pack_id ?? null) === (b.pack_id ?? null) &&
  (a.grams ?? null) === (b.grams ?? null) &&
  a.unit_price_dong === b.unit_price_dong &&
  (a.lot_id ?? null) === (b.lot_id ?? null) &&
  // Two bags of one weight may have been sold at two prices; pieces come back in part, so their amounts say nothing.
  (a.grams == null || a.amount_dong === b.amount_dong)

/** Refund lines are laid against the sale's lines in order; what is too much on one goes on to its twin. */
export function leftOf(lines: readonly LineSold[], refunds: Refunds): number[] {
  const left = lines.map((line) => line.quantity)
  for (const given of refunds.flatMap((refund) => refund.lines)) {
    let quantity = given.quantity
    lines.forEach((line, at) => {
      if (!sameLine(line, given)) return
      const taken = Math.min(quantity, left[at]!)
      left[at]! -= taken
      quantity -= taken
    })
  }
  return left
}

export function originalOf(sale: SaleCommand, refunds: Refunds): Original {
  return {
    saleId: sale.id,
    receiptNumber: sale.receipt_number,
    atMs: Date.parse(sale.device_at) + sale.clock_offset_ms,
    totalDong: sale.total_dong,
    lines: sale.lines,
    payments: sale.payments,
    left: leftOf(sale.lines, refunds),
    paidOutDong: refunds.reduce((sum, refund) => sum + refund.total_dong, 0),
  }
}

/** `unsent` are refunds of this tablet that the server has not counted yet. */
export function originalFound(found: FoundReceipt, unsent: Refunds): Original {
  const own = leftOf(found.lines, unsent)
  return {
    saleId: found.sale_id,
    receiptNumber: found.receipt_number,
    atMs: Date.parse(found.sold_at),
    totalDong: found.total_dong,
    lines: found.lines,
    payments: found.payments,
    left: found.lines.map((line, at) => Math.max(0, (found.left[at] ?? 0) - (line.quantity - own[at]!))),
    paidOutDong: null,
  }
}

/** The lower of two counts: another tablet may have given back what this one does not know of. */
export const withLeft = (original: Original, left: readonly number[]): Original => ({
  ...original,
  left: original.left.map((own, at) => Math.min(own, left[at] ?? 0)),
  paidOutDong: original.left.some((own, at) => own > (left[at] ?? 0)) ? null : original.paidOutDong,
})

/** What `count` pieces of a line are worth: rounded down, so that the last piece takes what is left over. */
const worthOf = (line: LineSold, count: number): number =>
  Number((BigInt(line.amount_dong) * BigInt(count)) / BigInt(line.quantity))

export interface Given {
  lines: LineSold[]
  roundingDong: number
  totalDong: number
  /** Nothing of the sale is left after this, and nothing was given back before. */
  whole: boolean
}

export type Came = 'cancelled' | 'all_back' | 'part_back' | null

/** What became of a sale, as far as these refunds tell. */
export function cameBack(sale: SaleCommand, refunds: readonly RefundCommand[]): Came {
  if (refunds.length === 0) return null
  if (refunds.some((one) => one.whole === true)) return 'cancelled'
  return leftOf(sale.lines, refunds).every((count) => count === 0) ? 'all_back' : 'part_back'
}

/** Transfers of the sale that `seen` does not vouch for: cash given back for one of them may be given for nothing. */
export const paidUnseen = (original: Original, seen: (paymentNo: number) => boolean): boolean =>
  original.payments.some((one, at) => one.method === 'transfer' && !seen(at + 1))

export const nothingLeft = (original: Original): boolean => original.left.every((count) => count === 0)
export const everything = (original: Original): number[] => [...original.left]
export const anything = (counts: readonly number[]): boolean => counts.some((count) => count > 0)

/** Throws when more would come back than is left: nobody may compute such a refund, let alone write it. */
export function giveBack(original: Original, counts: readonly number[], stepDong: number): Given {
  const { lines, left } = original
  const wrong = lines.some((_, at) => {
    const count = counts[at] ?? 0
    return !Number.isSafeInteger(count) || count < 0 || count > left[at]!
  })
  if (wrong || counts.length > lines.length || !anything(counts)) throw new RangeError('more than is left')
  const before = lines.map((line, at) => line.quantity - left[at]!)
  const after = before.map((count, at) => count + (counts[at] ?? 0))
  const given = lines.flatMap((line, at) => refundLine(line, before[at]!, after[at]!))
  const amounts = given.reduce((sum, line) => sum + line.amount_dong, 0)
  const step = onlyCash(original.payments) ? stepDong : 0
  const owedAt = (counts: readonly number[]): number => {
    if (lines.every((line, at) => counts[at] === line.quantity)) return original.totalDong
    const worth = lines.reduce((sum, line, at) => sum + worthOf(line, counts[at]!), 0)
    return Math.min(original.totalDong, worth + cashRounding(worth, step))
  }
  const paidOut = original.paidOutDong ?? owedAt(before)
  const totalDong = Math.max(0, owedAt(after) - paidOut)
  const whole = !anything(before) && lines.every((line, at) => after[at] === line.quantity)
  return { lines: given, roundingDong: totalDong - amounts, totalDong, whole }
}

function refundLine(line: LineSold, before: number, after: number): LineSold[] {
  if (after === before) return []
  const quantity = after - before
  const amount = worthOf(line, after) - worthOf(line, before)
  // The lot goes back with the goods; why it was sold although expired belongs to the sale alone.
  const { note: _booth, discount_dong: _whole, lot_reason: _why, ...rest } = line
  const gross = line.grams == null ? quantity * line.unit_price_dong : line.amount_dong + (line.discount_dong ?? 0)
  const discount = gross - amount
  return [{ ...rest, quantity, amount_dong: amount, ...(discount === 0 ? {} : { discount_dong: discount }) }]
}

/** Money goes back the way it came: each method in proportion, to the đồng. */
export function originalMix(original: Original, totalDong: number): Tender[] {
  const methods = METHODS.filter((method) => original.payments.some((one) => one.method === method))
  const came = methods.map((method) =>
    original.payments.reduce((sum, one) => (one.method === method ? sum + one.amount_dong : sum), 0),
  )
  if (totalDong === 0 || came.every((dong) => dong === 0)) return paidOut('cash', totalDong)
  return shares(totalDong, came).flatMap((dong, at) => (dong === 0 ? [] : paidOut(methods[at]!, dong)))
}

export const paidOut = (method: Method, dong: number): Tender[] => [
  { method, amount_dong: dong, tendered_dong: dong, change_dong: 0 },
]

export interface RefundRequest {
  draft: SaleDraft
  original: Original
  counts: readonly number[]
  payments: readonly Tender[]
  reason: string
  secondPersonId: string | null
}

export function buildRefund(
  { draft, original, counts, payments, reason, secondPersonId }: RefundRequest,
  stepDong: number,
  priceListVersion: number,
  seller: Seller,
  moment: SaleMoment,
  place: ChainPlace,
): RefundCommand {
  const given = giveBack(original, counts, stepDong)
  if (payments.reduce((sum, one) => sum + one.amount_dong, 0) !== given.totalDong)
    throw new RangeError('the tenders do not add up to the refund')
  const common = commonOf(draft.id, seller, moment, place)
  return {
    kind: 'refund',
    ...common,
    receipt_number: receiptNumber(seller.letter, common.fair_day, place.counter),
    receipt_token: draft.receiptToken,
    price_list_version: priceListVersion,
    lines: given.lines,
    ...(given.roundingDong === 0 ? {} : { rounding_dong: given.roundingDong }),
    total_dong: given.totalDong,
    payments: [...payments],
    refund_of: original.saleId,
    reason,
    whole: given.whole,
    ...(secondPersonId === null ? {} : { second_person_id: secondPersonId }),
  }
}

/** What stands on a receipt's QR, or was typed from it: the token; else null. */
export function tokenIn(text: string): string | null {
  const found = /(?:^|\/r\/)([A-Za-z0-9_-]{22,64})$/.exec(text.trim())
  return found?.[1] ?? null
}
