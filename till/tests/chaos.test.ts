// Any weather, any order, any time: on the ledger made for tests, which is quick, and on the real one.
import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { IDBFactory } from 'fake-indexeddb'
import { expect, test } from 'vitest'
import { outboxOf } from '../src/ledger/outbox'
import type { ChainPlace } from '../src/rules/sale'
import { recordSale } from '../src/ledger/sales'
import { openLedger, type TillDb } from '../src/ledger/schema'
import type { ParcelAnswer } from '../src/wire.gen'
import { composeSale, uuid } from './builders'
import { FakeLedger, type SellingLedger, type Weather, worldWith } from './world'

/** The tablet's own ledger: sales through recordSale, the outbox that the loop has in a tablet. */
class RealLedger implements SellingLedger {
  private readonly device = uuid()
  private readonly outbox
  private underWay = 0
  constructor(private readonly db: TillDb) {
    this.outbox = outboxOf(db, this.device)
  }
  isBusy = (): boolean => this.underWay > 0
  private async busy<T>(work: Promise<T>): Promise<T> {
    this.underWay++
    try {
      return await work
    } finally {
      this.underWay--
    }
  }
  sell(atMs: number): void {
    const id = uuid()
    const compose = (place: ChainPlace) => composeSale(id, place)
    void this.busy(recordSale(this.db, { id, deviceId: this.device, fairDay: '2026-11-24', nowMs: atMs, compose }))
  }
  waiting = () => this.busy(this.outbox.waiting())
  oldest = (limit: number, skip: ReadonlySet<string>) => this.busy(this.outbox.oldest(limit, skip))
  settle = (answers: readonly ParcelAnswer[], atMs: number) => this.busy(this.outbox.settle(answers, atMs))
  feedAgain = (afterSeq: number) => this.busy(this.outbox.feedAgain(afterSeq))
  lastSeq = async () => (await this.busy(this.db.get('heads', this.device)))?.seq ?? 0
  left = async () => (await this.db.getAll('outbox')).map((row) => row.id)
  gone = async () => {
    const left = new Set(await this.left())
    return (await this.db.getAllKeys('sales')).filter((id) => !left.has(id))
  }
}

const weathers: Weather[] = [
  'fine',
  'refused_connection',
  'black_hole',
  'answer_lost',
  'html',
  'server_fault',
  'busy_429',
  'gate_401',
]
const step = fc.record({
  weather: fc.constantFrom(...weathers),
  sales: fc.integer({ min: 0, max: 12 }),
  seconds: fc.integer({ min: 0, max: 40 }),
  largest: fc.constantFrom(Infinity, 50, 7, 1),
  visible: fc.boolean(),
  restored: fc.integer({ min: 0, max: 15 }).map((n) => n === 0),
})
type Step = (typeof step extends fc.Arbitrary<infer T> ? T : never)[]

async function inTheEndEachIsStoredOnce(ledger: SellingLedger, isBusy: () => boolean, steps: Step): Promise<void> {
  const { clock, server, loop, sell } = worldWith(ledger)
  clock.isBusy = isBusy
  let sold = 0
  let forgot = false
  for (const { weather, sales, seconds, largest, visible, restored } of steps) {
    if (restored) {
      forgot = true
      server.stored.clear() // a backup from before the first sale
      server.seqs.clear()
    }
    server.weather = weather
    server.largest = largest
    loop.setVisible(visible)
    if (sales > 0) sell(sales)
    sold += sales
    await clock.pass(seconds * 1_000)
    // What left the outbox is on the server, at every moment until a server forgets.
    if (!forgot) for (const id of await ledger.gone()) expect(server.stored.has(id)).toBe(true)
  }
  server.weather = 'fine'
  server.largest = Infinity
  loop.setVisible(true)
  await clock.pass(180_000)
  expect(await ledger.left()).toEqual([])
  expect(server.stored.size).toBe(sold)
  expect(await ledger.gone()).toHaveLength(sold)
  loop.stop()
}

test('in the end each sale is stored exactly once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) =>
      inTheEndEachIsStoredOnce(new FakeLedger(), () => false, steps),
    ),
    { numRuns: 150 },
  )
}, 60_000)

test('so it is on the ledger of the tablet', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      globalThis.indexedDB = new IDBFactory()
      const db = await openLedger()
      const ledger = new RealLedger(db)
      await inTheEndEachIsStoredOnce(ledger, ledger.isBusy, steps)
      expect(await db.countFromIndex('sales', 'by_unsent', 1)).toBe(0)
      db.close()
    }),
    { numRuns: 25 },
  )
}, 120_000)
