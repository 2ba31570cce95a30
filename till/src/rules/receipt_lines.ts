// What a receipt says of its lines and sums: only what the buyer saw. No list price, no typed reason, no note comes through here.
import type { LineSold, RefundCommand, SaleCommand, Tender, TransferState } from '../wire.gen'
import type { paperVi } from '../words/paper.vi'
import type { Shape } from '../words/shape'
import { sellEn } from '../words/sell.en'
import { sellVi } from '../words/sell.vi'
import { formatDong, formatNumber } from './price'
import { writtenWeight } from './weight'

export type PaperWords = Shape<typeof paperVi>

export interface PaperRow {
  word: string
  amount: string
}

export interface PaperLine {
  name: string
  priced: PaperRow
  discount: PaperRow | null
}

/** The sign stands with its number on one line. */
export const paperDong = (dong: number): string => formatDong(dong).replace(' ', '\u00a0')

/** "0,575 kg" as the scale showed it, "2 Hộp 12 cái" of packs (a pack's unit is its name), "3" of pieces. */
function measureOf(line: LineSold): string {
  if (line.grams != null) {
    const weight = writtenWeight(line.grams).replace(' ', '\u00a0')
    return line.quantity === 1 ? weight : `${formatNumber(line.quantity)} × ${weight}`
  }
  return line.pack_id == null ? formatNumber(line.quantity) : `${formatNumber(line.quantity)} ${line.unit}`
}

function priceOf(line: LineSold): string {
  const words = `${measureOf(line)} × ${paperDong(line.unit_price_dong)}`
  return line.unit !== '' && line.pack_id == null ? `${words} / ${line.unit}` : words
}

/** Of the reasons only those this program offers, in either language: what a seller types may name people. */
function labelsOf(reason: string, say: PaperWords): string[] {
  const offered = reason.split(';').flatMap((part) => {
    const at = [sellVi, sellEn].map((words) => words.discountReasons.indexOf(part.trim())).find((found) => found >= 0)
    return at === undefined ? [] : [say.discountLabels[at]!]
  })
  return [...new Set(offered)]
}

export function paperLine(line: LineSold, say: PaperWords): PaperLine {
  const off = line.discount_dong ?? 0
  const labels = labelsOf(line.discount_reason ?? '', say).join(', ')
  return {
    name: line.name,
    priced: { word: priceOf(line), amount: paperDong(line.amount_dong + off) },
    discount:
      off === 0 ? null : { word: labels === '' ? say.discount : say.discountFor(labels), amount: paperDong(-off) },
  }
}

/** What stands between the goods and the total; nothing when the total is the goods. */
export function sumRows(document: SaleCommand | RefundCommand, say: PaperWords): PaperRow[] {
  const off = document.lines.reduce((sum, line) => sum + (line.discount_dong ?? 0), 0)
  const rounding = document.rounding_dong ?? 0
  if (off === 0 && rounding === 0) return []
  const before = document.lines.reduce((sum, line) => sum + line.amount_dong, off)
  return [
    { word: say.goods, amount: paperDong(before) },
    ...(off === 0 ? [] : [{ word: say.discount, amount: paperDong(-off) }]),
    ...(rounding === 0 ? [] : [{ word: say.rounding, amount: paperDong(rounding) }]),
  ]
}

/** Every tender as it was taken; `stateOf` tells what became of a transfer, by the number of its payment. */
export function paidRows(
  payments: readonly Tender[],
  stateOf: (paymentNo: number) => TransferState['state'] | null,
  say: PaperWords,
): PaperRow[] {
  return payments.flatMap((tender, at) => {
    if (tender.method === 'cash' && tender.change_dong > 0)
      return [
        { word: say.handedOver, amount: paperDong(tender.tendered_dong) },
        { word: say.change, amount: paperDong(tender.change_dong) },
      ]
    const state = tender.method === 'transfer' ? stateOf(at + 1) : null
    const remarks = [tender.reference ?? '', state === null ? '' : say.states[state]].filter((one) => one !== '')
    const name = say.tenders[tender.method]
    return [
      {
        word: remarks.length === 0 ? name : `${name} (${remarks.join(', ')})`,
        amount: paperDong(tender.amount_dong),
      },
    ]
  })
}

/** sale, refund, or a refund of everything. */
export const paperKind = (document: SaleCommand | RefundCommand): keyof PaperWords['titles'] =>
  document.kind === 'sale' ? 'sale' : document.whole === true ? 'void' : 'refund'
