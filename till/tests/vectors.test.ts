// The same files are run by pytest: two languages, one arithmetic.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { chainHash } from '../src/rules/chain'
import { quickNotes } from '../src/rules/change'
import { fairDay, localHour } from '../src/rules/fair_day'
import { fold } from '../src/rules/fold'
import { formatDong, shares } from '../src/rules/price'
import { receiptNumber } from '../src/rules/receipt_number'

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
  test.each(money.format)('$text', (one) => expect(formatDong(one.dong)).toBe(one.text))
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
