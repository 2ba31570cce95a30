import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  asCart,
  bearersFor,
  type Cart,
  discountPasses,
  EMPTY_CART,
  priceCart,
  quantityOf,
  withDiscount,
  withLine,
  withOneMore,
  withPrice,
  withQuantity,
  withWeighed,
} from '../src/rules/cart'
import { type Discount, passesLimit, percentOf, spread, takenOff } from '../src/rules/discount'
import { buildGiveaway } from '../src/rules/giveaway'
import { discountDong, lineSold, MAX_GRAMS, weighedGross } from '../src/rules/line'
import { colourOf, freeNumber } from '../src/rules/parked'
import { buildSale } from '../src/rules/sale'
import { cashPart } from '../src/rules/tender'
import { MAX_LINES, MAX_QUANTITY } from '../src/rules/price'
import { gramsOf, inUnit, typeWeight, type WeightKey, type WeightUnit, writtenWeight } from '../src/rules/weight'
import { MOMENT, PLACE, product, uuid } from './builders'

const goods = Array.from({ length: 6 }, (_, at) => product({ price_dong: (at + 1) * 1_000 }))
const honey = product({ price_dong: 38_000, unit: 'kg', sold_by: 'weight' })
const box = { id: uuid(), name: 'Hộp 12', size: 12, price_dong: 11_000, barcodes: ['8930000000012'] }
const packed = product({ price_dong: 1_000, unit: 'gói', packs: [box] })
const byId = new Map([...goods, honey, packed].map((one) => [one.id, one]))
const off = (kind: Discount['kind'], value: number, borne_by: Discount['borne_by'] = 'producer'): Discount => ({
  kind,
  value,
  reason: 'Mua nhiều',
  borne_by,
})

describe('cart', () => {
  test('any sequence of taps: each product once, quantities as tapped, total is the sum', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.integer({ min: -1, max: 5 }))), (taps) => {
        let cart = EMPTY_CART
        const expected = new Map<string, number>()
        for (const [at, quantity] of taps) {
          const { id } = goods[at]!
          if (quantity < 0) cart = withOneMore(cart, id)
          else cart = withQuantity(cart, id, quantity)
          // A quantity can only be set on a line that is there.
          if (quantity < 0) expected.set(id, (expected.get(id) ?? 0) + 1)
          else if ((expected.get(id) ?? 0) > 0) expected.set(id, quantity)
        }
        expect(new Set(cart.lines.map((line) => line.key)).size).toBe(cart.lines.length)
        for (const [id, quantity] of expected) expect(quantityOf(cart, id)).toBe(quantity)
        const total = [...expected].reduce((sum, [id, quantity]) => sum + quantity * byId.get(id)!.price_dong, 0)
        expect(priceCart(cart, byId).totalDong).toBe(total)
      }),
    ))

  test('limits of the wire are limits of the cart', () => {
    const full: Cart = {
      lines: Array.from({ length: MAX_LINES }, () => ({ key: uuid(), product_id: uuid(), quantity: 1 })),
    }
    expect(withOneMore(full, uuid())).toBe(full)
    expect(withWeighed(full, honey.id, 100)).toBe(full)
    const many: Cart = { lines: [{ key: 'a', product_id: 'a', quantity: MAX_QUANTITY }] }
    expect(withOneMore(many, 'a')).toBe(many)
  })

  test('single and pack of one product are two lines; a pack keeps its size and price', () => {
    const cart = withOneMore(withOneMore(withOneMore(EMPTY_CART, packed.id), packed.id, box.id), packed.id, box.id)
    const { lines, totalDong, pieces } = priceCart(cart, byId)
    expect(lines.map((line) => line.quantity)).toEqual([1, 2])
    expect(lineSold(lines[1]!)).toMatchObject({
      pack_id: box.id,
      pack_size: 12,
      unit: 'Hộp 12',
      quantity: 2,
      unit_price_dong: 11_000,
    })
    expect(lineSold(lines[0]!)).not.toHaveProperty('pack_id')
    expect([totalDong, pieces]).toEqual([23_000, 3])
  })

  test('what the list no longer sells is not charged', () => {
    const cart = withOneMore(withOneMore(EMPTY_CART, uuid()), packed.id, uuid())
    expect(priceCart(cart, byId)).toMatchObject({ lines: [], totalDong: 0 })
    const nowByPiece = new Map([[honey.id, { ...honey, sold_by: 'piece' as const }]])
    expect(priceCart(withWeighed(EMPTY_CART, honey.id, 500), nowByPiece).lines).toEqual([])
  })

  test('the last line takes discount, note and leave with it', () => {
    const cart: Cart = { ...withOneMore(EMPTY_CART, 'a'), note: 'n', discount: off('percent', 5) }
    expect(withQuantity(cart, 'a', 0)).toBe(EMPTY_CART)
  })

  test('a cart of an earlier program is read', () =>
    expect(asCart([{ product_id: 'a', quantity: 2 }])).toEqual({
      lines: [{ key: 'a', product_id: 'a', quantity: 2 }],
    }))
})

describe('weights', () => {
  test('0,575 kg at 38.000 đ is 21.850 đ', () => {
    const { lines, totalDong } = priceCart(withWeighed(EMPTY_CART, honey.id, 575), byId)
    expect(totalDong).toBe(21_850)
    expect(lineSold(lines[0]!)).toMatchObject({ grams: 575, quantity: 1, unit_price_dong: 38_000, amount_dong: 21_850 })
  })

  test('half a đồng goes up, exactly, for any weight and price', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MAX_GRAMS }), fc.integer({ min: 0, max: 10 ** 9 }), (grams, price) => {
        const exact = (BigInt(grams) * BigInt(price) * 2n + 1000n) / 2000n
        expect(BigInt(weighedGross(grams, price))).toBe(exact)
      }),
      { numRuns: 10_000 },
    ))

  test('each weighing is a line; nothing and less than nothing is none', () => {
    const two = withWeighed(withWeighed(EMPTY_CART, honey.id, 100), honey.id, 250)
    expect(two.lines.map((line) => line.grams)).toEqual([100, 250])
    expect(new Set(two.lines.map((line) => line.key)).size).toBe(2)
    for (const grams of [0, -1, NaN, MAX_GRAMS + 1]) expect(withWeighed(two, honey.id, grams)).toBe(two)
  })

  test.each<[WeightUnit, string, string, number]>([
    ['g', '575', '575', 575],
    ['g', '0575', '575', 575],
    ['g', '5,5', '55', 55],
    ['kg', '0,575', '0,575', 575],
    ['kg', ',5', '0,5', 500],
    ['kg', '1,2345', '1,234', 1234],
    ['kg', '1,2,3', '1,23', 1230],
    ['kg', '12', '12', 12_000],
    ['g', '12345678', '123456', 123_456],
    ['kg', '1001', '100', 100_000],
  ])('%s: keys %s show %s', (unit, keys, shown, grams) => {
    const text = [...keys].reduce((now, key) => typeWeight(now, unit, key as WeightKey), '')
    expect(text).toBe(shown)
    expect(gramsOf(text, unit)).toBe(grams)
  })

  test('the same weight in both units, and as written', () => {
    expect([575, 500, 1000, 10_000, 1_234].map((grams) => inUnit(grams, 'kg'))).toEqual([
      '0,575',
      '0,5',
      '1',
      '10',
      '1,234',
    ])
    expect(inUnit(575, 'g')).toBe('575')
    expect(writtenWeight(575)).toBe('0,575 kg')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MAX_GRAMS }), (grams) => {
        expect(gramsOf(inUnit(grams, 'kg'), 'kg')).toBe(grams)
      }),
    )
  })
})

describe('discounts', () => {
  test('never more than there is, per cent with half a đồng up', () => {
    expect(takenOff(off('amount', 5_000), 3_000)).toBe(3_000)
    expect(takenOff(off('percent', 100), 37_500)).toBe(37_500)
    expect(percentOf(37_333, 5)).toBe(1_867)
    expect(percentOf(10, 5)).toBe(1)
  })

  test('a discount on the cart: shares add up, no line below nought, the sum as promised', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9_000 })), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.oneof(
          fc.integer({ min: 1, max: 100 }).map((value) => off('percent', value)),
          fc.integer({ min: 1, max: 60_000 }).map((value) => off('amount', value)),
        ),
        (lines, discount) => {
          let cart = EMPTY_CART
          for (const [at, quantity, own] of lines) {
            const { id } = goods[at]!
            cart = withQuantity(withOneMore(cart, id), id, quantity)
            if (own > 0) cart = withDiscount(cart, id, off('amount', own))
          }
          const before = priceCart(cart, byId)
          const after = priceCart(withDiscount(cart, null, discount), byId)
          expect(after.totalDong).toBe(before.totalDong - takenOff(discount, before.totalDong))
          for (const line of after.lines) {
            expect(line.amountDong).toBeGreaterThanOrEqual(0)
            expect(line.amountDong).toBe(line.grossDong - discountDong(line))
          }
          expect(after.discountDong + after.totalDong).toBe(after.grossDong)
        },
      ),
    ))

  test('a full line passes its share on', () => {
    expect(spread(100, [1, 1, 1], [10, 100, 100])).toEqual([10, 45, 45])
    expect(spread(7, [1, 1, 1], [100, 100, 100])).toEqual([3, 2, 2])
    expect(spread(0, [1], [1])).toEqual([0])
  })

  test('what goes over the wire says how much, why and who bears it', () => {
    const cart = withDiscount(withOneMore(EMPTY_CART, goods[1]!.id), null, off('amount', 500, 'shared'))
    expect(lineSold(priceCart(cart, byId).lines[0]!)).toMatchObject({
      unit_price_dong: 2_000,
      discount_dong: 500,
      discount_reason: 'Mua nhiều',
      discount_borne_by: 'shared',
      amount_dong: 1_500,
    })
  })

  test('the limit: a đồng of rounding is no offence, two are', () => {
    expect(passesLimit(37_333, percentOf(37_333, 5), 5)).toBe(false)
    expect(passesLimit(100_000, 5_001, 5)).toBe(true)
    expect(passesLimit(100_000, 0, 0)).toBe(false)
    expect(passesLimit(100_000, 1, 0)).toBe(true)
    const cart = withDiscount(withOneMore(EMPTY_CART, goods[0]!.id), goods[0]!.id, off('percent', 20))
    expect(discountPasses(priceCart(cart, byId), 10)).toBe(true)
    expect(discountPasses(priceCart(cart, byId), 20)).toBe(false)
  })

  test('who let it pass goes with the sale', () => {
    const second = uuid()
    const cart: Cart = { ...withOneMore(EMPTY_CART, goods[0]!.id), approved: { personId: second, limitPercent: 50 } }
    const by = { letter: 'A', boothId: uuid(), personId: uuid(), appVersion: '1' }
    const draft = { id: uuid(), receiptToken: 'x' }
    const cash = [cashPart(1_000, 1_000)]
    expect(buildSale(draft, priceCart(cart, byId), cash, 1, by, MOMENT, PLACE)).toMatchObject({
      second_person_id: second,
    })
  })

  test('one line, one bearer', () => {
    const one = withOneMore(withOneMore(EMPTY_CART, goods[0]!.id), goods[1]!.id)
    const byProducer = withDiscount(one, goods[0]!.id, off('percent', 5, 'producer'))
    expect(bearersFor(one, null)).toHaveLength(3)
    expect(bearersFor(byProducer, null)).toEqual(['producer'])
    expect(bearersFor(withDiscount(byProducer, goods[1]!.id, off('percent', 5, 'organiser')), null)).toEqual([])
    expect(bearersFor(withDiscount(one, null, off('percent', 5, 'shared')), goods[0]!.id)).toEqual(['shared'])
  })
})

test('another price keeps the price of the list and the reason', () => {
  const { id } = goods[2]!
  const cart = withPrice(withOneMore(EMPTY_CART, id), id, { dong: 2_500, reason: 'Giá sỉ' })
  expect(lineSold(priceCart(cart, byId).lines[0]!)).toMatchObject({
    unit_price_dong: 2_500,
    list_price_dong: 3_000,
    price_reason: 'Giá sỉ',
    amount_dong: 2_500,
  })
  expect(priceCart(withPrice(cart, id, null), byId).totalDong).toBe(3_000)
})

test('goods given away: same lines, no money, what they would have cost', () => {
  const { id } = goods[2]!
  const cart = withLine(withDiscount(withOneMore(EMPTY_CART, id), id, off('percent', 10)), id, { note: 'bàn ngoài' })
  const both = withWeighed(withOneMore(cart, packed.id, box.id), honey.id, 50)
  const by = { letter: 'A', boothId: uuid(), personId: uuid(), appVersion: '1' }
  const given = { id: uuid(), purpose: 'tasting' as const, borneBy: 'organiser' as const, note: '' }
  const command = buildGiveaway(given, priceCart(both, byId), 7, by, MOMENT, PLACE)
  expect(command).toMatchObject({ kind: 'giveaway', purpose: 'tasting', borne_by: 'organiser', seq: PLACE.seq })
  expect(command).not.toHaveProperty('receipt_number')
  expect(command.lines).toMatchObject([
    { amount_dong: 0, unit_price_dong: 3_000, note: 'bàn ngoài' },
    { amount_dong: 0, pack_size: 12, unit_price_dong: 11_000 },
    { amount_dong: 0, grams: 50, unit_price_dong: 38_000 },
  ])
  expect(command.lines[0]).not.toHaveProperty('discount_dong')
})

test('parked carts have small numbers, and the number gives the colour', () => {
  expect(freeNumber([])).toBe(1)
  expect(freeNumber([1, 2, 4])).toBe(3)
  expect([1, 6, 7].map(colourOf)).toEqual([1, 6, 1])
})
