// The gate's phone: its numbers, its ledger, and what becomes of taps between phone and server.
import 'fake-indexeddb/auto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { crowdLevel, crowdPercent, GROUP_PEOPLE, insideShown, sumsOf } from '../src/gate/count'
import {
  countUnsent,
  entriesOfDay,
  feedEntriesAgain,
  type GateDb,
  type GatePairing,
  keepGatePairing,
  lastSeqOf,
  oldestUnsent,
  onTheWire,
  openGateLedger,
  pruneEntries,
  readGateFact,
  recordTaps,
  settleEntries,
  type Wanted,
} from '../src/gate/ledger'
import { gateEn, gateVi } from '../src/gate/words'
import { paired, pairing } from './gate_world'

const NOW = Date.parse('2026-11-24T03:00:00Z')
const DAY = '2026-11-24'
let db: GateDb
let opened = 0
beforeEach(async () => {
  db = await openGateLedger(`gate-${++opened}`)
})
afterEach(() => db.close())

const at = (wanted: Wanted, nowMs = NOW) => ({ ...wanted, nowMs, clockOffsetMs: 0 })
const tap = (direction: 'in' | 'out' = 'in'): Wanted => ({ kind: 'tap', direction, people: 1 })
const group: Wanted = { kind: 'group', direction: 'in', people: GROUP_PEOPLE }
const undo: Wanted = { kind: 'undo' }
const record = (...wanted: Wanted[]) =>
  recordTaps(
    db,
    pairing,
    wanted.map((one) => at(one)),
  )
const sums = async (device: GatePairing = pairing) => sumsOf(await entriesOfDay(db, device.device_id, DAY))

describe('numbers on the screen', () => {
  interface Vector {
    people: number | null
    limit: number | null
    level: string
    percent?: number
  }
  const vectors = JSON.parse(
    readFileSync(new URL('../../tests/vectors/crowd.json', import.meta.url), 'utf-8'),
  ) as Vector[]
  test.each(vectors)('$people of $limit', ({ people, limit, level, percent }) => {
    expect(crowdLevel(people, limit)).toBe(level)
    if (percent !== undefined) expect(crowdPercent(people!, limit!)).toBe(percent)
  })

  test('own taps count before the server knows of them', () => {
    const crowd = { people: 90, limit: 100, level: 'amber', entries: 120 } as const
    expect(insideShown(crowd, 6)).toBe(96)
    expect(insideShown(crowd, -200)).toBe(0)
    expect(insideShown({ ...crowd, people: null }, 6)).toBe(null)
    expect(insideShown(null, 6)).toBe(null)
  })
})

describe('ledger', () => {
  test('numbers without gaps, groups, and undos of what still stands', async () => {
    await record(tap(), tap(), group, undo, tap('out'), undo, undo)
    expect(await sums()).toEqual({ in: 1, out: 0, unsentNet: 1, unsent: 7 })
    const all = await oldestUnsent(db, pairing.device_id)
    expect(all.map((one) => one.seq)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(all.filter((one) => one.kind === 'undo').map((one) => one.undoes)).toEqual([
      all[2]!.id,
      all[4]!.id,
      all[1]!.id,
    ])
  })

  test('with nothing left to undo nothing is written, and yesterday stays as it is', async () => {
    await recordTaps(db, pairing, [at(tap(), NOW - 86_400_000)])
    expect(await record(undo)).toEqual([])
    expect(await lastSeqOf(db, pairing.device_id)).toBe(1)
  })

  test('taps written by many at once each get a number of their own', async () => {
    await Promise.all(Array.from({ length: 20 }, () => record(tap(), tap())))
    expect((await sums()).in).toBe(40)
    expect(await lastSeqOf(db, pairing.device_id)).toBe(40)
  })

  test('only what was answered for stops waiting, and it stays', async () => {
    const [first, second] = await record(tap(), tap())
    const answers = [
      { id: first!.id, answer: 'stored', reason: null } as const,
      { id: 'x', answer: 'stored', reason: null } as const,
    ]
    expect(await settleEntries(db, pairing.device_id, answers)).toBe(1)
    expect(await settleEntries(db, pairing.device_id, answers)).toBe(0)
    expect((await oldestUnsent(db, pairing.device_id)).map((one) => one.id)).toEqual([second!.id])
    expect(await sums()).toEqual({ in: 2, out: 0, unsentNet: 1, unsent: 1 })
  })

  test('a restored server gets back what it forgot', async () => {
    const made = await record(tap(), tap(), tap())
    await settleEntries(
      db,
      pairing.device_id,
      made.map(({ id }) => ({ id, answer: 'stored', reason: null }) as const),
    )
    expect(await feedEntriesAgain(db, pairing.device_id, 1)).toBe(2)
    expect((await oldestUnsent(db, pairing.device_id)).map((one) => one.seq)).toEqual([2, 3])
  })

  test('ten thousand taps wait and are read five hundred at a time', async () => {
    for (let done = 0; done < 10_000; done += 1000)
      await recordTaps(
        db,
        pairing,
        Array.from({ length: 1000 }, () => at(tap())),
      )
    expect(await countUnsent(db, pairing.device_id)).toBe(10_000)
    const batch = await oldestUnsent(db, pairing.device_id)
    expect([batch.length, batch[0]!.seq]).toEqual([500, 1])
    expect(JSON.stringify(batch.map(onTheWire)).length).toBeLessThan(256 * 1024)
  }, 60_000)

  test('paired again, it counts from one and still holds what it held', async () => {
    await record(tap())
    const second = await keepGatePairing(db, paired('d2'), 0)
    await recordTaps(db, second, [at(tap())])
    expect(await countUnsent(db, pairing.device_id)).toBe(1)
    expect((await oldestUnsent(db, 'd2'))[0]!.seq).toBe(1)
    expect(Object.keys((await readGateFact(db, 'tokens'))!)).toEqual(['d2'])
  })

  test('old entries go once they are sent, never the last number', async () => {
    const old = await recordTaps(db, pairing, [
      at(tap(), NOW - 20 * 86_400_000),
      at(tap(), NOW - 20 * 86_400_000),
      at(tap(), NOW - 20 * 86_400_000),
    ])
    await settleEntries(
      db,
      pairing.device_id,
      [old[0]!, old[2]!].map(({ id }) => ({ id, answer: 'stored', reason: null }) as const),
    )
    expect(await pruneEntries(db, NOW)).toBe(1)
    expect(await lastSeqOf(db, pairing.device_id)).toBe(3)
    expect(await countUnsent(db, pairing.device_id)).toBe(1)
  })

  test('the sum is what was tapped, for any story', async () => {
    const step = fc.constantFrom<Wanted>(tap('in'), tap('out'), group, undo)
    let stories = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (story) => {
        const own = { ...pairing, device_id: `p${++stories}` }
        const standing: Wanted[] = []
        for (const one of story)
          if (one.kind === 'undo') standing.pop()
          else standing.push(one)
        const half = Math.floor(story.length / 2)
        await recordTaps(
          db,
          own,
          story.slice(0, half).map((one) => at(one)),
        )
        await recordTaps(
          db,
          own,
          story.slice(half).map((one) => at(one)),
        )
        const people = (way: string) =>
          standing.reduce((sum, one) => sum + (one.kind !== 'undo' && one.direction === way ? one.people : 0), 0)
        const { in: into, out } = await sums(own)
        expect([into, out]).toEqual([people('in'), people('out')])
      }),
      { numRuns: 60 },
    )
  }, 60_000)
})

describe('words', () => {
  const spoken = (catalogue: object): string[] =>
    Object.values(catalogue).flatMap((value: unknown) => {
      if (typeof value === 'string') return [value]
      if (typeof value === 'function') return [(value as (...facts: unknown[]) => string)(1250, 5000, 25)]
      return spoken(value as object)
    })
  test.each([...spoken(gateVi), ...spoken(gateEn)])('%s', (text) => {
    expect(text.trim()).not.toBe('')
    expect(text).toBe(text.normalize('NFC'))
    expect(text).not.toContain('undefined')
    expect(text.split(/\s+/).length).toBeLessThanOrEqual(14)
  })

  test('both languages know the same refusals', () => {
    expect(Object.keys(gateEn.refusals).sort()).toEqual(Object.keys(gateVi.refusals).sort())
  })
})
