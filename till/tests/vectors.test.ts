// The same files are run by pytest: two languages, one arithmetic.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { chainHash } from '../src/rules/chain'
import { type CartLine, priceCart } from '../src/rules/cart'
import { quickNotes } from '../src/rules/change'
import { passesLimit } from '../src/rules/discount'
import { fairDay, localHour } from '../src/rules/fair_day'
import { fold } from '../src/rules/fold'
import { discountDong, weighedGross } from '../src/rules/line'
import { formatDong, shares } from '../src/rules/price'
import { receiptNumber } from '../src/rules/receipt_number'
import { product } from './builders'

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../tests/vectors/${name}.json`, import.meta.url), 'utf-8')) as T

describe('fold', () => {
  const { cases } = read<{ cases: { in: string; out: string }[] }>('fold')
  test('holds at least sixty cases', () => expect(cases.length).toBeGreaterThanOrEqual(60))
  test.each(cases)('$in', (one) => expect(fold(one.in)).toBe(one.out))
})

describe('money', () => {
  const money = read<{
    shares: { total: number; weights: number[]; shares: number[] }[]
    format: { dong: number; text: string }[]
    quick_notes: { total: number; notes: number[] }[]
  }>('money')
  test.each(money.shares)('shares of $total by $weights', (one) =>
    expect(shares(one.total, one.weights)).toEqual(one.shares),
  )
  // On the glass a minus is a true one, as on the server's pages.
  test.each(money.format)('$text', (one) => expect(formatDong(one.dong)).toBe(one.text.replace('-', '\u2212')))
  test.each(money.quick_notes)('quick notes for $total', (one) => expect(quickNotes(one.total)).toEqual(one.notes))
})

describe('fair day', () => {
  const cases = read<{ instant: string; boundary_minutes: number; day: string; hour: number }[]>('fair_day')
  test.each(cases)('$instant with boundary $boundary_minutes', (one) => {
    expect(fairDay(Date.parse(one.instant), one.boundary_minutes)).toBe(one.day)
    expect(localHour(Date.parse(one.instant))).toBe(one.hour)
  })
})

describe('chain', () => {
  const links = read<{ prev_hash: string; text: string; hash: string }[]>('chain')
  test.each(links)('link $hash', async (link) => expect(await chainHash(link.prev_hash, link.text)).toBe(link.hash))
})

describe('receipt number', () => {
  const cases = read<{ letter: string; day: string; counter: number; number: string }[]>('receipt_number')
  test.each(cases)('$number', (one) => expect(receiptNumber(one.letter, one.day, one.counter)).toBe(one.number))
})

describe('lines of a sale', () => {
  const lines = read<{
    weighed: { grams: number; price_per_kg_dong: number; amount_dong: number }[]
    lines: {
      quantity: number
      unit_price_dong: number
      grams: number | null
      pack_size: number
      discount: { kind: 'percent' | 'amount'; value: number } | null
      gross_dong: number
      discount_dong: number
      amount_dong: number
    }[]
    carts: {
      lines: { gross_dong: number; own_discount_dong: number }[]
      discount: { kind: 'percent' | 'amount'; value: number }
      shares: number[]
      amounts: number[]
      total_dong: number
    }[]
    limits: { gross_dong: number; discount_dong: number; limit_percent: number; above: boolean }[]
  }>('lines')
  const why = { reason: 'x', borne_by: 'producer' as const }
  /** A product at this price, and a cart line of it. */
  const one = (at: number, price: number, change: Partial<CartLine>) => {
    const weighed = change.grams !== undefined
    return {
      goods: product({ id: `p${at}`, price_dong: price, sold_by: weighed ? 'weight' : 'piece' }),
      line: { key: `p${at}`, product_id: `p${at}`, quantity: 1, ...change },
    }
  }
  test.each(lines.weighed)('$grams g at $price_per_kg_dong', (one) =>
    expect(weighedGross(one.grams, one.price_per_kg_dong)).toBe(one.amount_dong),
  )
  test.each(lines.lines)('line %#', (wanted) => {
    const { goods, line } = one(0, wanted.unit_price_dong, {
      quantity: wanted.quantity,
      ...(wanted.grams === null ? {} : { grams: wanted.grams }),
      ...(wanted.discount === null ? {} : { discount: { ...wanted.discount, ...why } }),
    })
    const [priced] = priceCart({ lines: [line] }, new Map([[goods.id, goods]])).lines
    expect(priced).toMatchObject({ grossDong: wanted.gross_dong, amountDong: wanted.amount_dong })
    expect(discountDong(priced!)).toBe(wanted.discount_dong)
  })
  test.each(lines.carts)('cart %#', (wanted) => {
    const all = wanted.lines.map((line, at) =>
      one(at, line.gross_dong, {
        ...(line.own_discount_dong === 0
          ? {}
          : { discount: { kind: 'amount' as const, value: line.own_discount_dong, ...why } }),
      }),
    )
    const cart = { lines: all.map(({ line }) => line), discount: { ...wanted.discount, ...why } }
    const priced = priceCart(cart, new Map(all.map(({ goods }) => [goods.id, goods])))
    expect(priced.lines.map((line) => line.sharedDiscountDong)).toEqual(wanted.shares)
    expect(priced.lines.map((line) => line.amountDong)).toEqual(wanted.amounts)
    expect(priced.totalDong).toBe(wanted.total_dong)
  })
  test.each(lines.limits)('$discount_dong off $gross_dong by $limit_percent %', (one) =>
    expect(passesLimit(one.gross_dong, one.discount_dong, one.limit_percent)).toBe(one.above),
  )
})
