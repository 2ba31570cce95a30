// Money taken and given back, to the đồng. VietQR and amounts in words share their vectors with pytest.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AccountOnTill, RefundCommand, SaleCommand } from '../src/wire.gen'
import { amountWords, numberWords } from '../src/rules/amount_words'
import { priceCart, type CartLine } from '../src/rules/cart'
import { asNotes } from '../src/rules/change'
import { newReceiptToken, newTransferReference } from '../src/rules/ids'
import { buildRefund, giveBack, leftOf, nothingLeft, originalFound, originalMix, originalOf } from '../src/rules/refund'
import { buildSale } from '../src/rules/sale'
import {
  accountFor,
  approvalOf,
  cardPart,
  cashPart,
  cashRounding,
  dueOf,
  type Part,
  transferPart,
} from '../src/rules/tender'
import { buildVietQr, crc16, readVietQr } from '../src/rules/vietqr'
import { MOMENT, PLACE, product, uuid } from './builders'

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../tests/vectors/${name}.json`, import.meta.url), 'utf-8')) as T

describe('VietQR', () => {
  const vectors = read<{ source: string; payload: string; published_crc: string; use: string }[]>('vietqr')
  const good = vectors.filter((one) => one.use === 'OK')
  test('the published check value', () => expect(crc16('123456789')).toBe('29B1'))
  test('eleven good codes', () => expect(good.length).toBe(11))
  test.each(good)('$source is read and made again', ({ source, payload }) => {
    const found = readVietQr(payload)
    if (found.kind !== 'read') throw new Error(found.why)
    const again = buildVietQr(found.transfer)
    expect(readVietQr(again)).toEqual(found)
    // All but two were written in ascending order, with a checksum in large letters.
    if (!source.includes('tag order')) expect(again).toBe(payload.slice(0, -4) + payload.slice(-4).toUpperCase())
  })
  test.each(vectors.filter((one) => one.use !== 'OK'))('$source is refused or has nothing to pay', ({ payload }) => {
    const found = readVietQr(payload)
    expect(found.kind).toBe('refused')
  })
  test('the sample with an amount and BBB8', () => {
    const made = buildVietQr({
      bankBin: '970416',
      account: '257678859',
      toCard: false,
      amountDong: 10_000,
      billNo: '',
      note: 'Chuyen tien',
    })
    expect(made.endsWith('6304BBB8') || made.endsWith('630453E6')).toBe(true)
  })
  test('what is made is read back: bank, account, amount, note', () =>
    fc.assert(
      fc.property(
        fc.stringMatching(/^\d{6}$/),
        fc.stringMatching(/^[0-9A-Z]{1,19}$/),
        fc.integer({ min: 1, max: 10 ** 12 }),
        (bankBin, account, amountDong) => {
          const transfer = { bankBin, account, toCard: false, amountDong, billNo: '', note: newTransferReference() }
          expect(readVietQr(buildVietQr(transfer))).toEqual({ kind: 'read', transfer })
        },
      ),
    ))
  test('one changed letter is refused', () =>
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...'0123456789AF'), (where, letter) => {
        const { payload } = good[3]!
        const at = where % payload.length
        fc.pre(payload[at] !== letter && payload[at]!.toUpperCase() !== letter)
        expect(readVietQr(payload.slice(0, at) + letter + payload.slice(at + 1)).kind).toBe('refused')
      }),
    ))
  test('a reference is OCP and seven letters that nobody misreads', () => {
    const made = Array.from({ length: 2_000 }, newTransferReference)
    expect(new Set(made).size).toBe(2_000)
    for (const one of made) expect(one).toMatch(/^OCP[0-9A-HJKMNP-TV-Z]{7}$/)
  })
  test('whose account', () => {
    const account = (producer_id: string | null): AccountOnTill => ({
      id: uuid(),
      producer_id,
      bank_bin: '970436',
      bank_name: 'VCB',
      account_number: '1',
      holder: 'X',
    })
    const [booth, theirs] = [account(null), account('p1')]
    expect(accountFor([theirs, booth], ['p1', 'p1'])).toBe(theirs)
    expect(accountFor([theirs, booth], ['p1', 'p2'])).toBe(booth)
    expect(accountFor([theirs, booth], ['p2'])).toBe(booth)
    expect(accountFor([theirs], ['p2'])).toBeUndefined()
  })
})

describe('amounts in words', () => {
  const words = read<{
    numbers: { n: number; words: string }[]
    south: { n: number; words: string }[]
    amounts: { dong: number; text: string }[]
  }>('amount_words')
  test('at least forty', () => expect(words.numbers.length).toBeGreaterThanOrEqual(40))
  test.each(words.numbers)('$n', (one) => expect(numberWords(one.n)).toBe(one.words))
  test.each(words.south)('$n in the south', (one) => expect(numberWords(one.n, 'lẻ')).toBe(one.words))
  test.each(words.amounts)('$text', (one) => expect(amountWords(one.dong)).toBe(one.text))
})

describe('cash', () => {
  test('88.000 in notes', () => {
    expect(asNotes(88_000).notes.map((one) => one.note_dong)).toEqual([50_000, 20_000, 10_000, 5_000, 2_000, 1_000])
    expect(asNotes(700_000 - 612_000)).toEqual(asNotes(88_000))
    expect(asNotes(40_500)).toEqual({ notes: [{ note_dong: 20_000, count: 2 }], restDong: 500 })
  })
  test('notes add up', () =>
    fc.assert(
      fc.property(fc.nat(10 ** 9), (dong) => {
        const { notes, restDong } = asNotes(dong)
        expect(notes.reduce((sum, one) => sum + one.note_dong * one.count, restDong)).toBe(dong)
        expect(restDong).toBeLessThan(1_000)
      }),
    ))
  test('rounding is half up and only for cash', () => {
    expect(cashRounding(21_850, 1_000)).toBe(150)
    expect(cashRounding(21_500, 1_000)).toBe(500)
    expect(cashRounding(21_499, 1_000)).toBe(-499)
    expect(cashRounding(21_250, 500)).toBe(250)
    expect(cashRounding(21_850, 0)).toBe(0)
    expect(dueOf(21_850, [], 1_000)).toEqual({ cashDong: 22_000, otherDong: 21_850, roundingDong: 150 })
    expect(dueOf(21_850, [transferPart(1_850, 'OCP', null, false)], 1_000)).toEqual({
      cashDong: 20_000,
      otherDong: 20_000,
      roundingDong: 0,
    })
  })
  test('a card number is refused, an approval code is not', () => {
    expect(approvalOf('12 34 56')).toEqual({ kind: 'code', code: '123456' })
    expect(approvalOf('')).toEqual({ kind: 'code', code: '' })
    expect(approvalOf('4111 1111 1111 1111')).toEqual({ kind: 'card_number' })
    expect(approvalOf('AB41111111111111')).toEqual({ kind: 'card_number' })
    expect(approvalOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ')).toEqual({ kind: 'too_long' })
  })
})

const BY = { letter: 'A', boothId: uuid(), personId: uuid(), appVersion: '1' }
const draft = () => ({ id: uuid(), receiptToken: newReceiptToken() })
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

function sell(lines: CartLine[], goods: ReturnType<typeof product>[], parts: (total: number) => Part[]): SaleCommand {
  const cart = priceCart({ lines }, new Map(goods.map((one) => [one.id, one])))
  return buildSale(draft(), cart, parts(cart.totalDong), 7, BY, MOMENT, PLACE)
}

function back(sale: SaleCommand, before: RefundCommand[], counts: number[], step = 0): RefundCommand {
  const original = originalOf(sale, before)
  const given = giveBack(original, counts, step)
  const request = {
    draft: draft(),
    original,
    counts,
    payments: originalMix(original, given.totalDong),
    reason: 'Đổi ý',
    secondPersonId: null,
  }
  return buildRefund(request, step, 7, BY, MOMENT, PLACE)
}

describe('giving back', () => {
  const goods = [product({ price_dong: 15_000 })]
  const six = () => sell([{ key: 'a', product_id: goods[0]!.id, quantity: 6 }], goods, (total) => [cashPart(total)])

  test('six, two back, one back, three left; four more are refused', () => {
    const sale = six()
    const two = back(sale, [], [2])
    const one = back(sale, [two], [1])
    expect(leftOf(sale.lines, [two, one])).toEqual([3])
    expect(two.total_dong).toBe(30_000)
    expect(one).toMatchObject({ total_dong: 15_000, whole: false, refund_of: sale.id })
    expect(() => back(sale, [two, one], [4])).toThrow(RangeError)
    expect(nothingLeft(originalOf(sale, [two, one, back(sale, [two, one], [3])]))).toBe(true)
  })
  test.each([[[-1]], [[0]], [[1.5]], [[7]], [[1, 1]]])('%j is no refund', (counts) =>
    expect(() => back(six(), [], counts)).toThrow(RangeError),
  )
  test('the whole sale is reversed as it was, rounding too', () => {
    const weighed = product({ price_dong: 38_000, sold_by: 'weight', unit: 'kg' })
    const sale = sell([{ key: 'w', product_id: weighed.id, quantity: 1, grams: 575 }], [weighed], (total) => [
      cashPart(total + cashRounding(total, 1_000), 50_000),
    ])
    expect(sale).toMatchObject({ total_dong: 22_000, rounding_dong: 150 })
    expect(sale.lines[0]!.amount_dong).toBe(21_850)
    expect(back(sale, [], [1], 1_000)).toMatchObject({ total_dong: 22_000, rounding_dong: 150, whole: true })
  })
  test('the server counts fewer left than this tablet', () => {
    const sale = six()
    const found = {
      sale_id: sale.id,
      receipt_number: sale.receipt_number,
      sold_at: sale.device_at,
      total_dong: sale.total_dong,
      lines: sale.lines,
      left: [2],
      payments: sale.payments,
    }
    expect(originalFound(found, []).left).toEqual([2])
    expect(originalFound(found, [back(sale, [], [1])]).left).toEqual([1])
  })
  test('the mix comes back in proportion', () => {
    const sale = sell([{ key: 'a', product_id: goods[0]!.id, quantity: 6 }], goods, (total) => [
      cashPart(30_000),
      transferPart(total - 30_000, 'OCP7K3Q9X2', null, true),
    ])
    const mix = back(sale, [], [1]).payments
    expect(mix.map((one) => [one.method, one.amount_dong])).toEqual([
      ['cash', 5_000],
      ['transfer', 10_000],
    ])
  })

  // Any sale — pieces, weights, discounts, tenders split anyhow — and any sequence of refunds until nothing is left.
  const line = fc.record({
    price: fc.integer({ min: 0, max: 2_000_000 }),
    quantity: fc.integer({ min: 1, max: 12 }),
    grams: fc.option(fc.integer({ min: 1, max: 30_000 })),
    percent: fc.option(fc.integer({ min: 1, max: 100 })),
  })
  test('sums hold to the đồng over random sequences of sale, discount, weight, split tender, refund and void', () =>
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 6 }),
        fc.option(fc.integer({ min: 1, max: 90 })),
        fc.array(fc.tuple(fc.constantFrom('cash', 'transfer', 'card'), fc.integer({ min: 1, max: 99 })), {
          maxLength: 4,
        }),
        fc.constantFrom(0, 500, 1_000),
        fc.infiniteStream(fc.nat(12)),
        (wanted, percent, splits, step, picks) => {
          const shop = wanted.map((one) =>
            product({ price_dong: one.price, sold_by: one.grams === null ? 'piece' : 'weight' }),
          )
          const discount = (value: number) => ({
            kind: 'percent' as const,
            value,
            reason: 'x',
            borne_by: 'producer' as const,
          })
          const lines = wanted.map((one, at) => ({
            key: String(at),
            product_id: shop[at]!.id,
            quantity: one.grams === null ? one.quantity : 1,
            ...(one.grams === null ? {} : { grams: one.grams }),
            ...(one.percent === null ? {} : { discount: discount(one.percent) }),
          })) as CartLine[]
          const cart = priceCart(
            { lines, ...(percent === null ? {} : { discount: discount(percent) as never }) },
            new Map(shop.map((one) => [one.id, one])),
          )
          const parts: Part[] = []
          for (const [method, share] of splits) {
            const due = dueOf(cart.totalDong, parts, 0).otherDong
            const dong = Math.floor((due * share) / 100)
            if (dong === 0) continue
            parts.push(
              method === 'cash'
                ? cashPart(dong)
                : method === 'card'
                  ? cardPart(dong, '')
                  : transferPart(dong, newTransferReference(), null, false),
            )
          }
          const due = dueOf(cart.totalDong, parts, step)
          parts.push(cashPart(due.cashDong, due.cashDong + 7_000))
          const sale = buildSale(draft(), cart, parts, 1, BY, MOMENT, PLACE)
          const rounding = sale.rounding_dong ?? 0
          expect(sum(sale.lines.map((one) => one.amount_dong)) + rounding).toBe(sale.total_dong)
          expect(sum(sale.payments.map((one) => one.tendered_dong - one.change_dong))).toBe(sale.total_dong)

          const refunds: RefundCommand[] = []
          const picker = picks[Symbol.iterator]()
          for (let round = 0; round < 40 && !nothingLeft(originalOf(sale, refunds)); round++) {
            const { left } = originalOf(sale, refunds)
            const some = left.map((most) => Math.min(most, picker.next().value as number))
            const counts = some.every((one) => one === 0) || round === 39 ? [...left] : some
            const refund = back(sale, refunds, counts, step)
            expect(sum(refund.lines.map((one) => one.amount_dong)) + (refund.rounding_dong ?? 0)).toBe(
              refund.total_dong,
            )
            expect(sum(refund.payments.map((one) => one.amount_dong))).toBe(refund.total_dong)
            expect(Math.abs(refund.rounding_dong ?? 0)).toBeLessThanOrEqual(1_000)
            for (const given of refund.lines) {
              const gross = given.amount_dong + (given.discount_dong ?? 0)
              expect(given.discount_dong ?? 0).toBeGreaterThanOrEqual(0)
              if (given.grams == null) expect(gross).toBe(given.quantity * given.unit_price_dong)
            }
            refunds.push(refund)
            expect(sum(refunds.map((one) => one.total_dong))).toBeLessThanOrEqual(sale.total_dong)
          }
          expect(sum(refunds.map((one) => one.total_dong))).toBe(sale.total_dong)
          expect(sum(refunds.flatMap((one) => one.lines.map((given) => given.amount_dong)))).toBe(
            sum(sale.lines.map((one) => one.amount_dong)),
          )
        },
      ),
      { numRuns: 1_000 },
    ))
})
