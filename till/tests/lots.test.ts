import { expect, test } from 'vitest'
import { type Cart, EMPTY_CART, lotInCart, priceCart, withLine, withOneMore, withWeighed } from '../src/rules/cart'
import { buildGiveaway } from '../src/rules/giveaway'
import { lineSold } from '../src/rules/line'
import { backIntoLots, type ChosenLot, lotMark, lyingLots, mustAsk, NONE_TAKEN, takeFromLots } from '../src/rules/lots'
import { giveBack, leftOf, originalOf } from '../src/rules/refund'
import type { LotOnTill, SaleCommand } from '../src/wire.gen'
import { composeSale, MOMENT, PLACE, product, uuid } from './builders'

const DAY = '2026-11-24'
const lot = (code: string, expires_day: string | null, left = 5): LotOnTill => ({
  id: uuid(),
  code,
  expires_day,
  owner_id: uuid(),
  owner_name: 'Chủ hàng',
  left,
})
const chosen = (from: LotOnTill, reason = ''): ChosenLot => ({
  id: from.id,
  code: from.code,
  expires_day: from.expires_day,
  reason,
})
const sold = (productId: string, quantity: number, lotId: string | null = null) => ({
  product_id: productId,
  quantity,
  lot_id: lotId,
})

test.each([
  ['2026-11-23', 'expired'],
  ['2026-11-24', 'soon'], // its last day is a good one
  ['2026-12-01', 'soon'],
  ['2026-12-02', undefined],
  [null, undefined],
])('a lot that is good until %s is %s on 24/11', (until, kind) => {
  const goods = product({ lots: [lot('L', until)] })
  expect(lotMark(goods, NONE_TAKEN, DAY)?.kind).toBe(kind)
  expect(mustAsk(goods, NONE_TAKEN, DAY)).toBe(kind === 'expired')
})

test('first to expire first, those without a day last and in the order of the list', () => {
  const lots = [lot('none a', null), lot('late', '2026-12-20'), lot('none b', null), lot('soon', '2026-12-01')]
  expect(lyingLots(product({ lots }), NONE_TAKEN).map((one) => one.code)).toEqual(['soon', 'late', 'none a', 'none b'])
})

test('an expired lot that is sold out asks nothing any more, whether it was named or not', () => {
  const [old, fresh] = [lot('old', '2026-11-20', 2), lot('fresh', '2026-12-20')]
  const goods = product({ lots: [old, fresh] })
  const products = new Map([[goods.id, goods]])
  const named = takeFromLots(NONE_TAKEN, [sold(goods.id, 2, old.id)], products)
  expect(mustAsk(goods, named, DAY)).toBe(false)
  const unnamed = takeFromLots(NONE_TAKEN, [sold(goods.id, 3)], products)
  expect([unnamed.get(old.id), unnamed.get(fresh.id)]).toEqual([2, 1])
  expect(mustAsk(goods, backIntoLots(named, [sold(goods.id, 1, old.id)]), DAY)).toBe(true)
})

test('packs and weights take what they hold', () => {
  const old = lot('old', '2026-11-20', 1500)
  const goods = product({ lots: [old], sold_by: 'weight' })
  const products = new Map([[goods.id, goods]])
  const taken = takeFromLots(
    NONE_TAKEN,
    [
      { ...sold(goods.id, 1), grams: 575 },
      { ...sold(goods.id, 2), pack_size: 250 },
    ],
    products,
  )
  expect(taken.get(old.id)).toBe(1075)
})

test('what was chosen once holds for the cart: the same line grows, a pack and a weighing go on with it', () => {
  const fresh = lot('fresh', '2026-12-20')
  const goods = product({
    lots: [fresh],
    packs: [{ id: uuid(), name: 'Thùng', size: 12, price_dong: 9, barcodes: [] }],
  })
  let cart: Cart = withOneMore(EMPTY_CART, goods.id, undefined, chosen(fresh))
  cart = withOneMore(cart, goods.id, undefined, lotInCart(cart, goods.id))
  expect(cart.lines.map((line) => [line.quantity, line.lot?.id])).toEqual([[2, fresh.id]])
  cart = withOneMore(cart, goods.id, goods.packs![0]!.id, lotInCart(cart, goods.id))
  cart = withWeighed(cart, goods.id, 300, lotInCart(cart, goods.id))
  expect(cart.lines.map((line) => line.lot?.id)).toEqual([fresh.id, fresh.id, fresh.id])
  expect(new Set(cart.lines.map((line) => line.key)).size).toBe(3)
})

test('another lot, and another reason, is another line; a changed lot keeps keys apart', () => {
  const [old, fresh] = [lot('old', '2026-11-20'), lot('fresh', '2026-12-20')]
  const goods = product({ lots: [old, fresh] })
  let cart = withOneMore(EMPTY_CART, goods.id, undefined, chosen(old, 'Không phải đồ ăn'))
  cart = withOneMore(cart, goods.id, undefined, chosen(fresh))
  cart = withLine(cart, cart.lines[0]!.key, { lot: chosen(fresh) })
  cart = withOneMore(cart, goods.id, undefined, chosen(old, 'khác'))
  expect(new Set(cart.lines.map((line) => line.key)).size).toBe(3)
})

const command = (reason: string): { sale: SaleCommand; from: LotOnTill } => {
  const from = lot('old', '2026-11-20')
  const goods = product({ lots: [from] })
  const cart = withOneMore(EMPTY_CART, goods.id, undefined, chosen(from, reason))
  const sale = composeSale(uuid(), PLACE, [goods])
  return { sale: { ...sale, lines: priceCart(cart, new Map([[goods.id, goods]])).lines.map(lineSold) }, from }
}

test('the line names lot and reason; a line without a lot stays as short as it was', () => {
  const { sale, from } = command('Hàng mới, chưa ghi lô')
  expect(sale.lines[0]).toMatchObject({ lot_id: from.id, lot_reason: 'Hàng mới, chưa ghi lô' })
  expect(command('').sale.lines[0]).not.toHaveProperty('lot_reason')
  const plain = product()
  const bare = priceCart(withOneMore(EMPTY_CART, plain.id), new Map([[plain.id, plain]])).lines.map(lineSold)[0]
  expect(bare).not.toHaveProperty('lot_id')
})

test('goods given away and goods given back keep their lot', () => {
  const { sale, from } = command('Không phải đồ ăn')
  const back = giveBack({ ...originalOf(sale, []), totalDong: sale.lines[0]!.amount_dong }, [1], 0)
  expect(back.lines[0]).toMatchObject({ lot_id: from.id })
  expect(back.lines[0]).not.toHaveProperty('lot_reason')
  const goods = product({ lots: [from] })
  const cart = priceCart(
    withOneMore(EMPTY_CART, goods.id, undefined, chosen(from, 'Hỏng')),
    new Map([[goods.id, goods]]),
  )
  const by = { letter: 'A', boothId: uuid(), personId: uuid(), appVersion: '1' }
  const given = { id: uuid(), purpose: 'damaged' as const, borneBy: 'producer' as const, note: '' }
  expect(buildGiveaway(given, cart, 1, by, MOMENT, PLACE).lines[0]).toMatchObject({
    lot_id: from.id,
    lot_reason: 'Hỏng',
    amount_dong: 0,
  })
})

test('two lines alike but for the lot are given back each for itself', () => {
  const { sale, from } = command('')
  const other = { ...sale.lines[0]!, lot_id: uuid() }
  const refund = { total_dong: 0, lines: [other] }
  expect(leftOf([sale.lines[0]!, other], [refund])).toEqual([1, 0])
  expect(leftOf([sale.lines[0]!, other], [{ total_dong: 0, lines: [{ ...other, lot_id: from.id }] }])).toEqual([0, 1])
})
