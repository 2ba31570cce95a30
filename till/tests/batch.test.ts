// A day of one till that tests/sales/test_figures.py computes too: two programs, the same amounts to the đồng.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { LineSold, ProductOnTill, RefundCommand, SaleCommand, Tender } from '../src/wire.gen'
import { type Cart, priceCart } from '../src/rules/cart'
import { BEARERS, type BorneBy, type Discount } from '../src/rules/discount'
import { newReceiptToken, newTransferReference } from '../src/rules/ids'
import { buildRefund, giveBack, leftOf, type Method, originalMix, originalOf } from '../src/rules/refund'
import { buildSale } from '../src/rules/sale'
import { cardPart, cashPart, dueOf, onlyCash, type Part, transferPart } from '../src/rules/tender'
import { MOMENT, PLACE, product, uuid } from './builders'

interface Line {
  goods: string
  quantity: number
  grams: number | null
  pack_size: number
  unit_price_dong: number
  discount: Pick<Discount, 'kind' | 'value'> | null
  gross_dong: number
  discount_dong: number
  amount_dong: number
  borne_by: BorneBy | null
  base_quantity: number
}
interface Document {
  kind: 'sale' | 'refund'
  refund_of: number | null
  lines: Line[]
  cart_discount: Pick<Discount, 'kind' | 'value'> | null
  step_dong: number
  rounding_dong: number
  total_dong: number
  payments: { method: Method; amount_dong: number }[]
}
const batch = JSON.parse(readFileSync(new URL('../../tests/vectors/batch.json', import.meta.url), 'utf-8')) as {
  documents: Document[]
  left: (number[] | null)[]
  sums: {
    sold_dong: number
    refunded_dong: number
    rounding_dong: number
    methods: Record<Method, number>
    discounts: Record<BorneBy, number>
    stock: Record<string, number>
  }
}

const BY = { letter: 'A', boothId: uuid(), personId: uuid(), appVersion: '1' }
const draft = () => ({ id: uuid(), receiptToken: newReceiptToken() })
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

/** What is sold under a name of the batch: a pack when it holds several units, by weight when it was weighed. */
const shop = new Map<string, ProductOnTill>()
for (const one of batch.documents.flatMap((document) => document.lines)) {
  if (shop.has(one.goods)) continue
  const pack = { id: uuid(), name: one.goods, size: one.pack_size, price_dong: one.unit_price_dong, barcodes: [] }
  const price_dong = one.unit_price_dong
  const goods =
    one.pack_size > 1
      ? product({ packs: [pack] })
      : product({ price_dong, sold_by: one.grams === null ? 'piece' : 'weight' })
  shop.set(one.goods, goods)
}
const products = new Map([...shop.values()].map((one) => [one.id, one]))
const nameOf = (line: LineSold): string => [...shop].find(([, one]) => one.id === line.product_id)![0]

function cartOf(document: Document): Cart {
  const bearers = document.lines.map((line) => line.borne_by ?? 'producer')
  const discount = (one: Pick<Discount, 'kind' | 'value'>, borne_by: BorneBy): Discount => ({
    ...one,
    reason: 'x',
    borne_by,
  })
  const lines = document.lines.map((line, at) => ({
    key: String(at),
    product_id: shop.get(line.goods)!.id,
    quantity: line.quantity,
    ...(line.grams === null ? {} : { grams: line.grams }),
    ...(line.pack_size > 1 ? { pack_id: shop.get(line.goods)!.packs![0]!.id } : {}),
    ...(line.discount === null ? {} : { discount: discount(line.discount, bearers[at]!) }),
  }))
  const borne = document.lines.find((line) => line.borne_by !== null)?.borne_by ?? 'producer'
  return { lines, ...(document.cart_discount === null ? {} : { discount: discount(document.cart_discount, borne) }) }
}

/** The tenders one after the other, as the pay screen takes them. */
function partsOf(document: Document): Part[] {
  const taken: Part[] = []
  for (const { method, amount_dong } of document.payments) {
    if (method === 'cash') taken.push(cashPart(amount_dong, amount_dong + 5_000))
    else if (method === 'card') taken.push(cardPart(amount_dong, ''))
    else taken.push(transferPart(amount_dong, newTransferReference(), null, false))
  }
  return taken
}

const told = (line: LineSold) => ({
  goods: nameOf(line),
  quantity: line.quantity,
  grams: line.grams ?? null,
  pack_size: line.pack_size ?? 1,
  unit_price_dong: line.unit_price_dong,
  gross_dong: line.amount_dong + (line.discount_dong ?? 0),
  discount_dong: line.discount_dong ?? 0,
  amount_dong: line.amount_dong,
  borne_by: line.discount_borne_by ?? null,
  base_quantity: line.quantity * (line.grams ?? line.pack_size ?? 1),
})
const expected = ({ discount: _how, ...line }: Line) => line
const paid = (payments: readonly Tender[]) => payments.map(({ method, amount_dong }) => ({ method, amount_dong }))

const sales = new Map<number, SaleCommand>()
const refunds = new Map<number, RefundCommand[]>()

function sell(document: Document): SaleCommand {
  const cart = priceCart(cartOf(document), products)
  const parts = partsOf(document)
  // Rounded only when nothing but cash pays it, and then exactly to the step.
  expect(onlyCash(parts) ? dueOf(cart.totalDong, [], document.step_dong).roundingDong : 0).toBe(document.rounding_dong)
  return buildSale(draft(), cart, parts, 7, BY, MOMENT, PLACE)
}

/** Which piece of which line: the refund names goods, so the first line that still has enough of them. */
function countsOf(sale: SaleCommand, left: readonly number[], document: Document): number[] {
  const counts = sale.lines.map(() => 0)
  for (const line of document.lines) {
    const at = sale.lines.findIndex((one, nth) => {
      const same = nameOf(one) === line.goods && (one.grams ?? null) === line.grams
      return same && left[nth]! - counts[nth]! >= line.quantity && one.unit_price_dong === line.unit_price_dong
    })
    counts[at]! += line.quantity
  }
  return counts
}

function giveSomeBack(document: Document, step: number): RefundCommand {
  const sale = sales.get(document.refund_of!)!
  const original = originalOf(sale, refunds.get(document.refund_of!) ?? [])
  const counts = countsOf(sale, original.left, document)
  const payments = originalMix(original, giveBack(original, counts, step).totalDong)
  const request = { draft: draft(), original, counts, payments, reason: 'Đổi ý', secondPersonId: null }
  return buildRefund(request, step, 7, BY, MOMENT, PLACE)
}

describe('a day of one till', () => {
  test('holds sales, refunds, weights, packs, discounts, rounding and split tenders', () => {
    const { documents } = batch
    const lines = documents.flatMap((one) => one.lines)
    expect(documents.filter((one) => one.kind === 'refund').length).toBeGreaterThan(10)
    expect(documents.filter((one) => one.payments.length > 1).length).toBeGreaterThan(10)
    expect(documents.some((one) => one.rounding_dong !== 0)).toBe(true)
    expect(documents.some((one) => one.cart_discount !== null)).toBe(true)
    for (const has of [
      (line: Line) => line.grams !== null,
      (line: Line) => line.pack_size > 1,
      (line: Line) => line.discount !== null,
    ])
      expect(lines.some(has)).toBe(true)
  })

  test.each(batch.documents.map((document, number) => ({ number, document })))(
    'document $number: every line, the total and what was paid',
    ({ number, document }) => {
      let made: SaleCommand | RefundCommand
      if (document.kind === 'sale') {
        made = sell(document)
        sales.set(number, made)
      } else {
        const of = document.refund_of!
        made = giveSomeBack(document, batch.documents[of]!.step_dong)
        refunds.set(of, [...(refunds.get(of) ?? []), made])
      }
      expect(made.lines.map(told)).toEqual(document.lines.map(expected))
      expect(made.rounding_dong ?? 0).toBe(document.rounding_dong)
      expect(made.total_dong).toBe(document.total_dong)
      expect(paid(made.payments)).toEqual(document.payments)
    },
  )

  test('what is left of each sale, and the sums of the day', () => {
    const all = [...refunds.values()].flat()
    for (const [number, sale] of sales)
      expect(leftOf(sale.lines, refunds.get(number) ?? [])).toEqual(batch.left[number])
    const net = (of: (one: SaleCommand | RefundCommand) => number): number =>
      sum([...sales.values()].map(of)) - sum(all.map(of))
    const { sums } = batch
    expect(sum([...sales.values()].map((one) => one.total_dong))).toBe(sums.sold_dong)
    expect(sum(all.map((one) => one.total_dong))).toBe(sums.refunded_dong)
    expect(net((one) => one.rounding_dong ?? 0)).toBe(sums.rounding_dong)
    for (const method of Object.keys(sums.methods) as Method[])
      expect(net((one) => sum(one.payments.map((part) => (part.method === method ? part.amount_dong : 0))))).toBe(
        sums.methods[method],
      )
    for (const bearer of BEARERS)
      expect(
        net((one) => sum(one.lines.map((line) => (line.discount_borne_by === bearer ? (line.discount_dong ?? 0) : 0)))),
      ).toBe(sums.discounts[bearer])
    for (const [goods, quantity] of Object.entries(sums.stock))
      expect(
        -net((one) => sum(one.lines.filter((line) => nameOf(line) === goods).map((line) => told(line).base_quantity))),
      ).toBe(quantity)
  })
})
