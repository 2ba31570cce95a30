import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mend, outboxOf } from '../src/ledger/outbox'
import { dropPairing, keepPairing } from '../src/ledger/pairing'
import { park, parkedCarts, takeUp } from '../src/ledger/parked'
import { commandOf, NotRecorded, recordCommand, recordSale, salesOfDay } from '../src/ledger/sales'
import { keepFact, openLedger, type ParkedCart, readFact, type TillDb } from '../src/ledger/schema'
import { asCart, EMPTY_CART, priceCart } from '../src/rules/cart'
import { chainHash, FIRST_PREV_HASH } from '../src/rules/chain'
import { buildGiveaway } from '../src/rules/giveaway'
import type { Paired } from '../src/wire.gen'
import { composeSale, MOMENT, NOW, pairedAs, uuid } from './builders'

const DEVICE = uuid()
const DAY = '2026-11-24'
let db: TillDb

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory()
  db = await openLedger()
})
afterEach(() => db.close())

const sell = (id = uuid(), fairDay = DAY) =>
  recordSale(db, {
    id,
    deviceId: DEVICE,
    fairDay,
    nowMs: NOW,
    compose: (place) => composeSale(id, place),
  })

describe('one sale', () => {
  test('writes sale, outbox row, head and counter, and empties the cart', async () => {
    await keepFact(db, 'cart', { lines: [{ key: 'a', product_id: uuid(), quantity: 1 }] })
    const sale = await sell()
    expect(commandOf(sale)).toMatchObject({ seq: 1, receipt_number: 'A-261124-001', fair_day: DAY })
    expect(await db.count('outbox')).toBe(1)
    expect(await db.get('heads', DEVICE)).toMatchObject({ seq: 1, hash: sale.hash })
    expect(await readFact(db, 'cart')).toBeUndefined()
    expect(sale.hash).toBe(await chainHash(FIRST_PREV_HASH, sale.text))
  })

  test('ten taps are one sale', async () => {
    const id = uuid()
    const all = await Promise.all(Array.from({ length: 10 }, () => sell(id)))
    expect(new Set(all.map((sale) => sale.hash)).size).toBe(1)
    expect(await db.count('sales')).toBe(1)
    expect(await db.count('outbox')).toBe(1)
    expect((await db.get('heads', DEVICE))?.seq).toBe(1)
  })

  test('many at once: numbers without gap or repetition, one unbroken chain', async () => {
    await Promise.all(Array.from({ length: 40 }, () => sell()))
    const sales = (await salesOfDay(db, DAY)).reverse()
    expect(sales.map((sale) => sale.seq)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1))
    expect(new Set(sales.map((sale) => commandOf(sale).receipt_number)).size).toBe(40)
    let prev = FIRST_PREV_HASH
    for (const sale of sales) {
      expect(sale.prev_hash).toBe(prev)
      expect(await chainHash(prev, sale.text)).toBe(sale.hash)
      prev = sale.hash
    }
  })

  test('a clock set to another day and back gives no number twice', async () => {
    const numbers: string[] = []
    for (const day of [DAY, '2026-11-25', DAY, '2026-11-25', DAY]) {
      const id = uuid()
      await recordSale(db, {
        id,
        deviceId: DEVICE,
        fairDay: day,
        nowMs: NOW,
        compose: (place) => ({ ...composeSale(id, place), fair_day: day, receipt_number: `${day}/${place.counter}` }),
      })
      numbers.push(commandOf((await db.get('sales', id))!).receipt_number)
    }
    expect(new Set(numbers).size).toBe(5)
  })

  test('two tables open at once, as in two tabs: still one chain', async () => {
    const other = await openLedger()
    const write = (into: TillDb) => {
      const id = uuid()
      return recordSale(into, {
        id,
        deviceId: DEVICE,
        fairDay: DAY,
        nowMs: NOW,
        compose: (place) => composeSale(id, place),
      })
    }
    await Promise.all([write(db), write(other), write(db), write(other)])
    expect((await salesOfDay(db, DAY)).map((sale) => sale.seq)).toEqual([4, 3, 2, 1])
    other.close()
  })
})

describe('durability', () => {
  /** Every transaction on the stores of sales that was opened while `work` ran, with what it asked of the disk. */
  async function writesOf(work: () => Promise<unknown>): Promise<(string | undefined)[]> {
    const seen: (string | undefined)[] = []
    const real = IDBDatabase.prototype.transaction
    IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...given: Parameters<typeof real>) {
      const [stores, mode, options] = given
      if (
        mode === 'readwrite' &&
        [...(typeof stores === 'string' ? [stores] : stores)].some((one) => ['sales', 'outbox', 'facts'].includes(one))
      )
        seen.push(options?.durability)
      return real.apply(this, given)
    }
    await work().finally(() => (IDBDatabase.prototype.transaction = real))
    return seen
  }

  // Chrome says "complete" from memory unless asked otherwise; a flat battery then takes the sale.
  test('whatever moves a sale waits for the disk itself', async () => {
    const outbox = outboxOf(db, DEVICE)
    let id = ''
    expect(await writesOf(async () => (id = (await sell()).id))).toEqual(['strict'])
    expect(await writesOf(() => outbox.settle([{ id, answer: 'stored', reason: null }], NOW))).toEqual(['strict'])
    expect(await writesOf(() => outbox.feedAgain(0))).toEqual(['strict'])
    expect(await writesOf(() => mend(db, DEVICE))).toEqual(['strict'])
    expect(await writesOf(() => keepPairing(db, pairedAs('A'), 0))).toEqual(['strict'])
    expect(await writesOf(() => dropPairing(db))).toEqual(['strict'])
  })
})

describe('when the disk says no', () => {
  test.each(['sales', 'outbox', 'heads', 'counters', 'facts'] as const)(
    'a fault at %s leaves nothing behind, and the same id goes in later',
    async (store) => {
      await keepFact(db, 'cart', { lines: [{ key: 'a', product_id: uuid(), quantity: 1 }] })
      const method = { sales: 'add', outbox: 'add', heads: 'put', counters: 'put', facts: 'delete' }[store] as 'put'
      const real = IDBObjectStore.prototype[method]
      IDBObjectStore.prototype[method] = function (this: IDBObjectStore, ...given: never[]) {
        if (this.name === store) throw new DOMException('full', 'QuotaExceededError')
        return Reflect.apply(real, this, given) as never
      }
      const id = uuid()
      await expect(sell(id)).rejects.toBeInstanceOf(NotRecorded)
      IDBObjectStore.prototype[method] = real
      for (const name of ['sales', 'outbox', 'heads', 'counters'] as const) expect(await db.count(name)).toBe(0)
      expect(await readFact(db, 'cart')).toBeDefined()
      expect((await sell(id)).seq).toBe(1)
    },
  )
})

describe('outbox', () => {
  test('only an answered parcel leaves, and the sale stays', async () => {
    const [first, second] = [await sell(), await sell()]
    const outbox = outboxOf(db, DEVICE)
    await outbox.settle([{ id: first.id, answer: 'stored', reason: null }], NOW)
    expect(await outbox.waiting()).toEqual({ count: 1, oldestAtMs: NOW })
    expect((await outbox.oldest(50, new Set())).map((parcel) => parcel.id)).toEqual([second.id])
    expect(await db.get('sales', first.id)).toMatchObject({ answer: 'stored', text: first.text })
  })

  test('oldest first, and parcels set aside are passed over', async () => {
    const sales = [await sell(), await sell(), await sell()]
    const outbox = outboxOf(db, DEVICE)
    expect((await outbox.oldest(2, new Set())).map((one) => one.seq)).toEqual([1, 2])
    expect((await outbox.oldest(2, new Set([sales[0]!.id]))).map((one) => one.seq)).toEqual([2, 3])
  })

  test('a lost outbox row comes back from the sale', async () => {
    const sale = await sell()
    await db.clear('outbox')
    expect(await mend(db, DEVICE)).toBe(1)
    expect(await db.get('outbox', [DEVICE, 1])).toMatchObject({ id: sale.id, text: sale.text, hash: sale.hash })
    expect(await mend(db, DEVICE)).toBe(0)
  })

  test('a lost sale comes back from the outbox row, and the head with it', async () => {
    const sale = await sell()
    await db.clear('sales')
    await db.clear('heads')
    await mend(db, DEVICE)
    expect(await db.get('sales', sale.id)).toMatchObject({ text: sale.text, fair_day: DAY, unsent: 1 })
    expect(await db.get('heads', DEVICE)).toMatchObject({ seq: 1, hash: sale.hash })
  })

  test('counters that are behind come back from the sales, so that no number is given twice', async () => {
    await sell()
    await sell()
    await sell(undefined, '2026-11-25')
    await db.clear('counters')
    expect(await mend(db, DEVICE)).toBe(2)
    expect(await db.get('counters', [DEVICE, DAY])).toMatchObject({ counter: 2 })
    expect(await db.get('counters', [DEVICE, '2026-11-25'])).toMatchObject({ counter: 1 })
    expect(commandOf(await sell()).receipt_number).toBe('A-261124-003')
    expect(await mend(db, DEVICE)).toBe(0)
  })

  test('an answered sale is not resurrected', async () => {
    const sale = await sell()
    await outboxOf(db, DEVICE).settle([{ id: sale.id, answer: 'quarantined', reason: 'too_long' }], NOW)
    await mend(db, DEVICE)
    expect(await db.count('outbox')).toBe(0)
  })

  test('a restored server gets again what it has forgotten', async () => {
    const sales = [await sell(), await sell(), await sell()]
    const outbox = outboxOf(db, DEVICE)
    await outbox.settle(
      sales.map((sale) => ({ id: sale.id, answer: 'stored' as const, reason: null })),
      NOW,
    )
    expect(await outbox.feedAgain(1)).toBe(2)
    expect((await outbox.oldest(50, new Set())).map((one) => one.seq)).toEqual([2, 3])
  })
})

test('pairing takes over where the server says the device stands', async () => {
  const paired: Paired = {
    device_id: DEVICE,
    device_token: 'token',
    letter: 'B',
    person: { id: uuid(), name: 'Mai' },
    booth: { id: uuid(), code: 'A1', name: 'Gian', zone: 'A' },
    edition: {
      id: uuid(),
      name: 'Hội chợ',
      kind: 'fair',
      starts_day: DAY,
      ends_day: null,
      day_boundary_minutes: MOMENT.dayBoundaryMinutes,
      sample: false,
    },
    last_seq: 41,
    last_hash: 'ab'.repeat(32),
    last_counter: { day: DAY, counter: 7 },
    server_time: new Date(NOW).toISOString(),
  }
  await keepPairing(db, paired, 0)
  const sale = await sell()
  expect(sale).toMatchObject({ seq: 42, prev_hash: 'ab'.repeat(32) })
  expect(commandOf(sale).receipt_number).toBe('A-261124-008')
})

describe('carts laid aside', () => {
  const laid = (number: number): ParkedCart => ({
    id: uuid(),
    number,
    colour: 1,
    first_item: 'Mật ong',
    total_dong: 220_000 * number,
    pieces: number,
    parked_at_ms: NOW + number,
    cart: {
      lines: [{ key: 'a', product_id: 'a', quantity: number, note: 'gói quà' }],
      discount: { kind: 'percent', value: 5, reason: 'Mua nhiều', borne_by: 'shared' },
      note: 'giữ hộ',
    },
  })

  test('ten lie there whole after the tablet was shut, and any is taken up first', async () => {
    const all = Array.from({ length: 10 }, (_, at) => laid(at + 1))
    await keepFact(db, 'cart', all[0]!.cart)
    for (const one of all) await park(db, one)
    expect(await readFact(db, 'cart')).toBeUndefined()
    db.close()
    db = await openLedger()
    expect(await parkedCarts(db)).toEqual(all)
    expect(await takeUp(db, all[6]!.id, null)).toEqual(all[6]!.cart)
    expect(await readFact(db, 'cart')).toEqual(all[6]!.cart)
    expect((await parkedCarts(db)).map((one) => one.number)).toEqual([1, 2, 3, 4, 5, 6, 8, 9, 10])
  })

  test('the open cart takes the place of the one taken up, and nothing is taken twice', async () => {
    const [first, second] = [laid(1), laid(2)]
    await park(db, first)
    await takeUp(db, first.id, second)
    expect(await parkedCarts(db)).toEqual([second])
    expect(await takeUp(db, first.id, null)).toBeNull()
    expect(await parkedCarts(db)).toEqual([second])
  })

  test('a fault leaves cart and parked carts as they were', async () => {
    const [first, second] = [laid(1), laid(2)]
    await park(db, first)
    await keepFact(db, 'cart', second.cart)
    const real = IDBObjectStore.prototype.put
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...given: never[]) {
      if (this.name === 'facts') throw new DOMException('full', 'QuotaExceededError')
      return Reflect.apply(real, this, given) as never
    }
    await expect(takeUp(db, first.id, second)).rejects.toThrow()
    IDBObjectStore.prototype.put = real
    expect(await parkedCarts(db)).toEqual([first])
    expect(await readFact(db, 'cart')).toEqual(second.cart)
  })
})

test('what is given away is in the chain and the outbox, and takes no receipt number', async () => {
  await sell()
  const id = uuid()
  await keepFact(db, 'cart', { lines: [{ key: 'a', product_id: 'a', quantity: 1 }] })
  const by = { letter: 'A', boothId: uuid(), personId: uuid(), appVersion: '1' }
  const stored = await recordCommand(db, {
    id,
    deviceId: DEVICE,
    fairDay: DAY,
    nowMs: NOW,
    numbered: false,
    emptiesCart: true,
    compose: (place) =>
      buildGiveaway(
        { id, purpose: 'tasting', borneBy: 'producer', note: '' },
        priceCart(EMPTY_CART, new Map()),
        7,
        by,
        MOMENT,
        place,
      ),
  })
  expect(stored).toMatchObject({ kind: 'giveaway', seq: 2 })
  expect((await outboxOf(db, DEVICE).oldest(9, new Set())).map((one) => one.seq)).toEqual([1, 2])
  expect(await readFact(db, 'cart')).toBeUndefined()
  expect((await salesOfDay(db, DAY)).map((one) => one.seq)).toEqual([1])
  expect(commandOf(await sell()).receipt_number).toBe('A-261124-002')
})

test('a tablet of the first version keeps its sales and gets the new stores', async () => {
  db.close()
  globalThis.indexedDB = new IDBFactory()
  const old = await openDB('fair-pos-till', 1, {
    upgrade(first) {
      first.createObjectStore('facts')
      first.createObjectStore('price_list')
      const sales = first.createObjectStore('sales', { keyPath: 'id' })
      sales.createIndex('by_seq', ['device_id', 'seq'], { unique: true })
      sales.createIndex('by_day', ['fair_day', 'seq'])
      sales.createIndex('by_unsent', 'unsent')
      const outbox = first.createObjectStore('outbox', { keyPath: ['device_id', 'seq'] })
      outbox.createIndex('by_id', 'id')
      first.createObjectStore('heads', { keyPath: 'device_id' })
      first.createObjectStore('counters', { keyPath: ['device_id', 'day'] })
    },
  })
  const before = { id: uuid(), device_id: DEVICE, seq: 1, fair_day: DAY, text: '{}', hash: '', prev_hash: '' }
  await old.put('sales', before)
  await old.put('facts', [{ product_id: 'a', quantity: 2 }], 'cart')
  old.close()
  db = await openLedger()
  expect(await salesOfDay(db, DAY)).toEqual([before])
  expect(asCart((await readFact(db, 'cart'))!)).toMatchObject({ lines: [{ key: 'a', quantity: 2 }] })
  expect(await parkedCarts(db)).toEqual([])
})
