// Counting: what is on the list, what a line is stamped with, and that a draft outlives whatever happens to the tablet.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openLedger, readFact, type TillDb } from '../src/ledger/schema'
import {
  allRows,
  buildCount,
  type CountDraft,
  MAX_COUNT_LINES,
  notYetIn,
  rowsOf,
  summary,
  withClockMoved,
  withCounted,
  withoutCounted,
} from '../src/rules/counting'
import type { LotOnTill, ProductOnTill, StockCountedCommand } from '../src/wire.gen'
import { MOMENT, NOW, pairedAs, PLACE, priceList, product, uuid } from './builders'

const lot = (code: string): LotOnTill => ({
  id: uuid(),
  code,
  expires_day: '2026-12-20',
  owner_id: uuid(),
  owner_name: '',
  left: 3,
})
const EMPTY: CountDraft = { id: uuid(), booth_id: 'b', entries: [], note: '' }
const by = { letter: 'A', boothId: uuid(), personId: uuid(), appVersion: '1' }
const mapOf = (...goods: ProductOnTill[]) => new Map(goods.map((one) => [one.id, one]))

describe('rules', () => {
  test('goods in one lot are one line and name no lot; in several, one line each and one for the rest', () => {
    const single = product({ lots: [lot('L1')] })
    expect(rowsOf(single, EMPTY).map((row) => [row.lot?.code, row.rest])).toEqual([['L1', false]])
    expect(withCounted(EMPTY, rowsOf(single, EMPTY)[0]!, 4, NOW)!.entries[0]!.lot_id).toBeNull()
    const several = product({ lots: [lot('L1'), lot('L2')] })
    const rows = rowsOf(several, EMPTY)
    expect(rows.map((row) => [row.lot?.code, row.rest])).toEqual([
      ['L1', false],
      ['L2', false],
      [undefined, true],
    ])
    expect(withCounted(EMPTY, rows[1]!, 4, NOW)!.entries[0]!.lot_id).toBe(several.lots![1]!.id)
  })

  test('each figure has its own moment, taken anew when it is changed', () => {
    const [a, b] = [product(), product()]
    let draft = withCounted(EMPTY, rowsOf(a, EMPTY)[0]!, 4, NOW)!
    draft = withCounted(draft, rowsOf(b, draft)[0]!, 0, NOW + 60_000)!
    draft = withCounted(draft, rowsOf(a, draft)[0]!, 5, NOW + 120_000)!
    const { lines, kind } = buildCount(draft, by, { ...MOMENT, deviceAtMs: NOW + 999_000 }, PLACE)
    expect(kind).toBe('stock_counted')
    expect(lines.map((line) => [line.product_id, line.quantity, line.counted_at])).toEqual([
      [a.id, 5, '2026-11-24T03:02:00.000Z'],
      [b.id, 0, '2026-11-24T03:01:00.000Z'],
    ])
  })

  test('a clock that is set takes the stamps along', () => {
    const goods = product()
    const draft = withCounted(EMPTY, rowsOf(goods, EMPTY)[0]!, 4, NOW)!
    expect(withClockMoved(draft, -3_600_000).entries[0]!.counted_at_ms).toBe(NOW - 3_600_000)
  })

  test('the summary tells counted from not counted; goods beside their lots need no figure', () => {
    const [a, b] = [product({ lots: [lot('L1'), lot('L2')] }), product()]
    const draft = withCounted(EMPTY, rowsOf(a, EMPTY)[0]!, 0, NOW)!
    const { counted, missing } = summary(allRows(mapOf(a, b), draft))
    expect(counted.map((row) => row.lot?.code)).toEqual(['L1'])
    expect(missing.map((row) => [row.product_id, row.lot?.code])).toEqual([
      [a.id, 'L2'],
      [b.id, undefined],
    ])
    expect(withoutCounted(draft, counted[0]!.key).entries).toEqual([])
  })

  test('goods and lots that leave the list while they are counted keep their line and their name', () => {
    const [a, b] = [product({ name: 'Mật ong', lots: [lot('L1'), lot('L2')] }), product({ name: 'Chè' })]
    let draft = withCounted(EMPTY, rowsOf(a, EMPTY)[1]!, 2, NOW)!
    draft = withCounted(draft, rowsOf(b, draft)[0]!, 7, NOW)!
    const later = { ...a, lots: [a.lots![0]!] }
    const { counted } = summary(allRows(mapOf(later), draft))
    expect(counted.map((row) => [row.name, row.lot?.code, row.entry?.quantity])).toEqual([
      ['Mật ong', 'L2', 2],
      ['Chè', undefined, 7],
    ])
    const again = withCounted(draft, counted[0]!, 3, NOW + 1)!
    expect(again.entries.map((one) => [one.lot_id, one.quantity])).toEqual([
      [a.lots![1]!.id, 3],
      [null, 7],
    ])
  })

  test('no count is longer than the server takes', () => {
    const fill = (name: string): number => {
      let draft: CountDraft = EMPTY
      for (let nth = 0; ; nth++) {
        const goods = product({ name })
        const next = withCounted(draft, rowsOf(goods, draft)[0]!, 1, NOW)
        if (next === null) {
          expect(JSON.stringify(buildCount(draft, by, MOMENT, PLACE)).length).toBeLessThan(131_072)
          return nth
        }
        draft = next
      }
    }
    expect(fill('Chè')).toBe(MAX_COUNT_LINES)
    expect(fill('Mật ong '.repeat(25))).toBeLessThan(MAX_COUNT_LINES)
  })

  test('what a written command says already is left out, what was counted after it is not', () => {
    const [a, b] = [product(), product()]
    const first = withCounted(EMPTY, rowsOf(a, EMPTY)[0]!, 4, NOW)!
    const written = buildCount(first, by, MOMENT, PLACE)
    expect(notYetIn(first, written)).toEqual([])
    const more = withCounted(first, rowsOf(b, first)[0]!, 1, NOW + 5)!
    expect(notYetIn(more, written).map((one) => one.product_id)).toEqual([b.id])
    expect(notYetIn(withCounted(first, rowsOf(a, first)[0]!, 4, NOW + 5)!, written)).toHaveLength(1)
  })
})

describe('on the tablet', () => {
  let db: TillDb
  let counting: typeof import('../src/state/counting')
  let drafts: typeof import('../src/state/count_draft')
  let device: typeof import('../src/state/device')
  const honey = product({ name: 'Mật ong' })
  const list = { ...priceList(1), products: [honey] }
  const paired = { ...pairedAs('A'), booth: list.booth }

  async function start(): Promise<void> {
    vi.resetModules()
    device = await import('../src/state/device')
    drafts = await import('../src/state/count_draft')
    counting = await import('../src/state/counting')
    device.useLedger(db)
    device.pairing.value = paired
    device.person.value = paired.person
    device.priceList.value = list
    await drafts.restoreCount()
  }
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] })
    vi.stubGlobal('document', { documentElement: { dataset: {} }, visibilityState: 'visible' })
    vi.stubGlobal('navigator', {})
    globalThis.indexedDB = new IDBFactory()
    db = await openLedger()
    await start()
  })
  afterEach(() => {
    db.close()
    vi.useRealTimers()
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })
  const row = () => counting.countRows.value[0]!
  const commands = async (): Promise<StockCountedCommand[]> =>
    (await db.getAll('sales')).map((one) => JSON.parse(one.text) as StockCountedCommand)

  test('a draft is there again after a start, whoever is signed in, and finishing takes it off the disk', async () => {
    counting.putCount(row(), 12)
    counting.noteCount('kệ trái')
    await drafts.draftWritten()
    await start()
    device.person.value = { id: uuid(), name: 'Bình' }
    expect(row().entry?.quantity).toBe(12)
    expect(await counting.finishCount()).toBe(1)
    expect(await readFact(db, 'count_draft')).toBeUndefined()
    expect(drafts.countDraft.value).toBeNull()
    const [command] = await commands()
    expect(command).toMatchObject({ kind: 'stock_counted', note: 'kệ trái', person_id: device.person.value.id })
    expect(await db.count('outbox')).toBe(1)
  })

  test('a disk that fails keeps the draft and says so; the next try is the same count', async () => {
    counting.putCount(row(), 12)
    await drafts.draftWritten()
    const id = drafts.countDraft.value!.id
    const add = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new Error('full')
    })
    expect(await counting.finishCount()).toBeNull()
    expect(drafts.countDraft.value?.id).toBe(id)
    expect(await db.count('sales')).toBe(0)
    add.mockRestore()
    expect(await counting.finishCount()).toBe(1)
    expect((await commands()).map((one) => one.id)).toEqual([id])
  })

  test('a figure that cannot be kept is said at once', async () => {
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new Error('full')
    })
    counting.putCount(row(), 12)
    await drafts.draftWritten()
    expect(drafts.draftNotKept.value).toBe(true)
    put.mockRestore()
    counting.putCount(row(), 13)
    await drafts.draftWritten()
    expect(drafts.draftNotKept.value).toBe(false)
  })

  test('ten taps are one count', async () => {
    counting.putCount(row(), 12)
    const said = await Promise.all(Array.from({ length: 10 }, () => counting.finishCount()))
    expect(said.filter((one) => one !== null)).toEqual([1])
    expect(await commands()).toHaveLength(1)
  })

  test('killed after the write and before the memory knew: the draft is not counted twice', async () => {
    counting.putCount(row(), 12)
    await drafts.draftWritten()
    const kept = drafts.countDraft.value!
    await counting.finishCount()
    await db.put('facts', kept, 'count_draft')
    await start()
    expect(drafts.countDraft.value).toBeNull()
    expect(await readFact(db, 'count_draft')).toBeUndefined()
  })

  test('the count of another booth is not counted on here', async () => {
    counting.putCount(row(), 12)
    await drafts.draftWritten()
    paired.booth = { ...paired.booth, id: uuid() }
    await start()
    expect(drafts.countDraft.value).toBeNull()
    paired.booth = list.booth
  })
})
