import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_CART, priceCart } from '../src/rules/cart'
import { judgeTendered, quickNotes } from '../src/rules/change'
import { dayBefore, starsShown } from '../src/rules/fair_day'
import { fold } from '../src/rules/fold'
import { newId, newReceiptToken } from '../src/rules/ids'
import { typeKey } from '../src/rules/keypad'
import { formatDong, MAX_QUANTITY, shares } from '../src/rules/price'
import { buildSale } from '../src/rules/sale'
import { indexAll, search } from '../src/rules/search'
import { cashPart, tenderOf } from '../src/rules/tender'
import { composeSale, MOMENT, NOW, PLACE, product, uuid } from './builders'

const amount = fc.integer({ min: 1, max: 10 ** 13 })

describe('money', () => {
  test('shares add up and none is off by a whole đồng', () =>
    fc.assert(
      fc.property(
        amount,
        fc.array(fc.integer({ min: 1, max: 10 ** 9 }), { minLength: 1, maxLength: 20 }),
        (total, weights) => {
          const parts = shares(total, weights)
          const sum = weights.reduce((a, b) => a + b, 0)
          expect(parts.reduce((a, b) => a + b, 0)).toBe(total)
          parts.forEach((part, at) => {
            const floor = (BigInt(total) * BigInt(weights[at]!)) / BigInt(sum)
            expect(BigInt(part) - floor === 0n || BigInt(part) - floor === 1n).toBe(true)
          })
        },
      ),
    ))

  test('quick notes: at most four, rising, enough, and never one that would have to be asked about', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), (total) => {
        const notes = quickNotes(total)
        expect(notes.length).toBeLessThanOrEqual(4)
        expect([...notes].sort((a, b) => a - b)).toEqual(notes)
        for (const note of notes)
          expect(judgeTendered(total, note)).toMatchObject({ kind: 'enough', implausible: false })
      }),
    ))

  test('tendered minus change is the amount', () => {
    expect(tenderOf(cashPart(137_000, 200_000))).toEqual({
      method: 'cash',
      amount_dong: 137_000,
      tendered_dong: 200_000,
      change_dong: 63_000,
    })
    expect(() => cashPart(137_000, 136_999)).toThrow(RangeError)
  })

  test('what is missing, and what is asked about', () => {
    expect(judgeTendered(137_000, 0)).toEqual({ kind: 'nothing_yet' })
    expect(judgeTendered(137_000, 100_000)).toEqual({ kind: 'missing', missingDong: 37_000 })
    expect(judgeTendered(137_000, 1_370_000)).toMatchObject({ implausible: false })
    expect(judgeTendered(137_000, 1_370_001)).toMatchObject({ implausible: true })
  })

  test('keypad', () => {
    expect(['2', '0', '0', '000'].reduce((value, key) => typeKey(value, key as '2', 10 ** 13), 0)).toBe(200_000)
    expect(typeKey(200_000, 'back', 10 ** 13)).toBe(20_000)
    expect(typeKey(99_999, '9', MAX_QUANTITY)).toBe(99_999)
  })
})

describe('sale', () => {
  test('goods of four producers: four lines that keep their owner and add up', () => {
    const goods = [1_000, 20_000, 300_000, 4_000_000].map((price_dong) => product({ price_dong }))
    const sale = composeSale(uuid(), PLACE, goods)
    expect(new Set(sale.lines.map((line) => line.producer_id)).size).toBe(4)
    expect(sale.lines.reduce((sum, line) => sum + line.amount_dong, 0)).toBe(sale.total_dong)
    expect(sale.payments[0]).toMatchObject({ amount_dong: sale.total_dong, change_dong: 0 })
  })

  test('fair day and number follow the server clock, the raw device time is kept', () => {
    const moment = { ...MOMENT, deviceAtMs: NOW - 2 * 86_400_000, clockOffsetMs: 2 * 86_400_000 }
    const cart = priceCart(EMPTY_CART, new Map())
    const by = { letter: 'C', boothId: uuid(), personId: uuid(), appVersion: '1' }
    const draft = { id: uuid(), receiptToken: newReceiptToken() }
    const sale = buildSale(draft, cart, [cashPart(0)], 1, by, moment, { ...PLACE, seq: 9, counter: 12 })
    expect(sale).toMatchObject({
      fair_day: '2026-11-24',
      receipt_number: 'C-261124-012',
      device_at: '2026-11-22T03:00:00.000Z',
    })
  })

  test('ids and tokens have the shape the wire asks for', () => {
    for (let at = 0; at < 200; at++) {
      expect(newId(NOW + at)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(newReceiptToken()).toMatch(/^[A-Za-z0-9_-]{22}$/)
    }
    expect(newId(1) < newId(2)).toBe(true)
  })

  test('stars only while the recognition lasts', () => {
    expect(starsShown(4, '2026-11-24', '2026-11-24')).toBe(4)
    expect(starsShown(4, '2026-11-23', '2026-11-24')).toBe(0)
    expect(starsShown(4, null, '2026-11-24')).toBe(0)
  })
})

describe('search', () => {
  const names = ['Dương xỉ khô', 'Đường phèn', 'Mật ong Pa Ủ', 'Mạt cưa', 'Ðiện Biên gạo', 'Trà mật', 'Ong ngâm mật']
  const index = indexAll(
    names,
    (name) => name,
    () => 'Hộ Lò Thị Mai',
  )

  test.each(['mat ong', 'MẬT ONG', 'ong mat', 'mật ong', '  Mật   ONG ', 'ong m'])('«%s» finds the honey', (query) =>
    expect(search(index, query)).toContain('Mật ong Pa Ủ'),
  )
  test('exact marks come first', () => {
    expect(search(index, 'đường')[0]).toBe('Đường phèn')
    expect(search(index, 'dương')[0]).toBe('Dương xỉ khô')
    expect(search(index, 'mật')[0]).toBe('Mật ong Pa Ủ')
    expect(search(index, 'mật ong')[0]).toBe('Mật ong Pa Ủ')
  })
  test('the Icelandic letter is found as d and as đ', () => {
    expect(search(index, 'dien bien')).toEqual(['Ðiện Biên gạo'])
    expect(search(index, 'điện biên')).toEqual(['Ðiện Biên gạo'])
  })
  test('a maker’s name finds all of hers', () => expect(search(index, 'lo mai')).toHaveLength(names.length))
  test('nothing typed shows everything in order', () => expect(search(index, ' ')).toEqual(names))

  test('folding twice changes nothing', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fold(fold(text))).toBe(fold(text))
      }),
    ))

  test('3,000 goods: index and search stay far below 50 ms a key', () => {
    const many = Array.from({ length: 3_000 }, (_, at) => `${names[at % names.length]} số ${at}`)
    const big = indexAll(
      many,
      (name) => name,
      () => 'Hợp tác xã nông nghiệp Bum Tở, Lai Châu',
    )
    search(big, 'mat') // warm
    const started = performance.now()
    for (const query of ['m', 'ma', 'mat', 'mat ', 'mat o', 'mat on', 'mật ong', 'ong mat 12']) search(big, query)
    expect((performance.now() - started) / 8).toBeLessThan(50)
  })
})

test('the day before, over months and years', () => {
  expect(dayBefore('2026-11-24')).toBe('2026-11-23')
  expect(dayBefore('2026-03-01')).toBe('2026-02-28')
  expect(dayBefore('2027-01-01')).toBe('2026-12-31')
})

test('less than nought has the minus sign of the papers of the server', () =>
  expect(formatDong(-9_000)).toBe('\u22129.000 ₫'))
