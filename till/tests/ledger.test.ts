import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mend, outboxOf } from '../src/ledger/outbox'
import { dropPairing, keepPairing } from '../src/ledger/pairing'
import { commandOf, NotRecorded, recordSale, salesOfDay } from '../src/ledger/sales'
import { keepFact, openLedger, readFact, type TillDb } from '../src/ledger/schema'
import { chainHash, FIRST_PREV_HASH } from '../src/rules/chain'
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
    await keepFact(db, 'cart', [{ product_id: uuid(), quantity: 1 }])
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
      await keepFact(db, 'cart', [{ product_id: uuid(), quantity: 1 }])
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
      expect(await readFact(db, 'cart')).toHaveLength(1)
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
