// The open cart and the price list under it, on a real ledger; the browser around it is a stand-in.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { currentPriceList, nextPriceList, priceListStoreOf } from '../src/ledger/price_list'
import { openLedger, readFact, type TillDb } from '../src/ledger/schema'
import type { PriceList, ProductOnTill } from '../src/wire.gen'
import { pairedAs, priceList as listOf, product } from './builders'

let db: TillDb
let cartState: typeof import('../src/state/cart')
let device: typeof import('../src/state/device')

const honey = product({ name: 'Mật ong', price_dong: 220_000 })
const tea = product({ name: 'Chè', price_dong: 350_000 })
const list = (version: number, products: ProductOnTill[]): PriceList => ({
  ...listOf(version),
  products,
  server_time: `2026-11-24T0${version}:00:00.000Z`,
})

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] })
  vi.stubGlobal('document', { documentElement: { dataset: {} } })
  vi.stubGlobal('navigator', {})
  vi.resetModules()
  globalThis.indexedDB = new IDBFactory()
  db = await openLedger()
  device = await import('../src/state/device')
  cartState = await import('../src/state/cart')
  const paired = pairedAs('A')
  device.useLedger(db)
  device.pairing.value = paired
  device.person.value = paired.person
  await comes(list(1, [honey, tea]))
  await cartState.adoptNewPrices()
})
afterEach(() => {
  db.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const comes = (document: PriceList) => priceListStoreOf(db, () => {}).keepNext(document, null)
const versions = async () => [
  device.priceList.value?.version,
  (await currentPriceList(db))?.document.version,
  (await nextPriceList(db))?.document.version,
]

test('an empty cart takes the new list, on the disk too', async () => {
  await comes(list(2, [{ ...honey, price_dong: 1 }]))
  await cartState.adoptNewPrices()
  expect(await versions()).toEqual([2, 2, undefined])
})

test('an open cart keeps its prices', async () => {
  cartState.addProduct(honey)
  await comes(list(2, [{ ...honey, price_dong: 1 }]))
  await cartState.adoptNewPrices()
  expect(cartState.priced.value.totalDong).toBe(220_000)
  expect(await versions()).toEqual([1, 1, 2])
})

test('a tap while the new list is read keeps the prices it was tapped at', async () => {
  await comes(list(2, [{ ...honey, price_dong: 1 }]))
  const adopting = cartState.adoptNewPrices()
  cartState.addProduct(honey)
  await adopting
  expect(cartState.priced.value.totalDong).toBe(220_000)
  expect(await versions()).toEqual([1, 1, 2])
  cartState.changeQuantity(cartState.cart.value.lines[0]!.key, 0)
  await vi.waitFor(async () => expect(await versions()).toEqual([2, 2, undefined]))
})

test('a still newer list that comes while one is taken goes on waiting', async () => {
  await comes(list(2, [honey]))
  const adopting = cartState.adoptNewPrices()
  const coming = comes(list(3, [honey]))
  await Promise.all([adopting, coming])
  await cartState.adoptNewPrices()
  expect(await versions()).toEqual([3, 3, undefined])
})

test('goods that are gone from a kept cart are named, and the rest stays', async () => {
  cartState.addProduct(honey)
  cartState.addProduct(tea)
  const names = await vi.waitFor(async () => {
    const found = await readFact(db, 'cart_names')
    expect(Object.keys(found ?? {})).toHaveLength(2)
    return found
  })
  const kept = (await readFact(db, 'cart'))!
  device.priceList.value = list(2, [honey])
  cartState.restoreCart(kept, names)
  expect(cartState.withdrawn.value).toEqual(['Chè'])
  expect(cartState.cart.value.lines.map((line) => line.product_id)).toEqual([honey.id])
  expect(device.words.value.withdrawn(cartState.withdrawn.value.join(', '))).toContain('Chè')
})

test('goods that nothing has a name for are still said to be gone', () => {
  cartState.restoreCart({ lines: [{ key: 'gone', product_id: 'gone', quantity: 1 }] })
  expect(cartState.withdrawn.value).toEqual([device.words.value.someGoods])
})

test('taking back a removal after the list has changed names what is gone', async () => {
  cartState.addProduct(tea)
  cartState.changeQuantity(cartState.cart.value.lines[0]!.key, 0)
  await comes(list(2, [honey]))
  await cartState.adoptNewPrices()
  cartState.undoLast()
  expect(cartState.cart.value.lines).toEqual([])
  expect(cartState.withdrawn.value).toEqual(['Chè'])
})

test('newer prices that wait for the cart are said, until it is empty', async () => {
  expect(cartState.pricesWait.value).toBe(false)
  cartState.addProduct(honey)
  await comes(list(2, [{ ...honey, price_dong: 1 }]))
  await cartState.adoptNewPrices()
  expect(cartState.pricesWait.value).toBe(true)
  cartState.setCart({ ...cartState.cart.value, lines: [] })
  await cartState.adoptNewPrices()
  expect(cartState.pricesWait.value).toBe(false)
})

test('a cart that an earlier program kept, without lots, opens and goes on; a list without lots asks nothing', () => {
  cartState.restoreCart([{ product_id: honey.id, quantity: 2 }])
  cartState.chooseGoods(honey, undefined, { name: 'sell' })
  expect(cartState.cart.value.lines.map((line) => [line.quantity, line.lot])).toEqual([[3, undefined]])
})

test('tile, scanner and the plus of a line all ask when the first lot to expire has expired', async () => {
  const { screen } = await import('../src/state/screen')
  cartState.addProduct(honey)
  const lots = [{ id: 'l', code: 'L', expires_day: '2020-01-01', owner_id: 'o', owner_name: '', left: 3 }]
  device.priceList.value = list(2, [{ ...honey, lots }])
  const asks = (act: () => void): void => {
    screen.value = { name: 'sell' }
    act()
    expect(screen.value).toMatchObject({ name: 'lot', productId: honey.id })
    expect(cartState.priced.value.pieces).toBe(1)
  }
  asks(() => cartState.chooseProduct(device.productsById.value.get(honey.id)!))
  asks(() => cartState.chooseGoods(device.productsById.value.get(honey.id)!, undefined, { name: 'sell' }))
  asks(() => cartState.oneMoreOf(cartState.priced.value.lines[0]!))
  const chosen = { id: 'l', code: 'L', expires_day: '2020-01-01', reason: 'Không phải đồ ăn' }
  cartState.takeFromLot(honey, undefined, chosen, screen.value)
  screen.value = { name: 'sell' }
  cartState.chooseProduct(device.productsById.value.get(honey.id)!)
  expect(cartState.cart.value.lines.map((line) => [line.quantity, line.lot?.id])).toEqual([
    [1, undefined],
    [2, 'l'],
  ])
})
