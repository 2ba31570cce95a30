// Taps for a server that has forgotten this phone: all of them are in the file, and what is in it waits no longer.
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  countUnsent,
  type GateDb,
  keepGatePairing,
  oldestUnsent,
  openGateLedger,
  recordTaps,
  settleEntries,
} from '../src/gate/ledger'
import { entriesIn, letGoOfSaved, markTapsSaved, tapsFile } from '../src/gate/taps_file'
import { gate, paired } from './gate_world'

const NOW = Date.parse('2026-11-24T03:00:00Z')
let db: GateDb
let opened = 0
beforeEach(async () => {
  db = await openGateLedger(`file-${++opened}`)
  for (const device of ['old', 'own']) await keepGatePairing(db, paired(device), 0)
})
afterEach(() => db.close())

const taps = (device_id: string, count: number) =>
  recordTaps(
    db,
    { device_id, device_token: '', gate },
    Array.from({ length: count }, (_, number) => ({
      kind: 'tap' as const,
      direction: 'in' as const,
      people: 1,
      nowMs: NOW + number,
      clockOffsetMs: 0,
    })),
  )
const send = async (device: string, count: number) =>
  settleEntries(
    db,
    device,
    (await oldestUnsent(db, device, count)).map(({ id }) => ({ id, answer: 'stored' as const, reason: null })),
  )

test('of a forgotten phone everything is in the file, of another what waits', async () => {
  await taps('own', 5)
  await send('own', 3)
  await taps('old', 4)
  await send('old', 1)
  const file = await tapsFile(db, 'own')
  expect(file.gate_phones.map((one) => [one.device_id, one.entries.map(({ seq }) => seq)])).toEqual([
    ['old', [2, 3, 4]],
    ['own', [1, 2, 3, 4, 5]],
  ])
  expect(entriesIn(file)).toBe(8)
  expect(Object.keys(file.gate_phones[1]!.entries[0]!).toSorted()).toEqual(
    ['clock_offset_ms', 'device_at', 'direction', 'id', 'kind', 'people', 'seq'].toSorted(),
  )
  expect(entriesIn(await tapsFile(db, null))).toBe(5)
})

test('given up, a saved phone waits for nothing but what came after the file', async () => {
  await taps('own', 3)
  expect(await letGoOfSaved(db, 'own')).toBe(0)
  expect(await countUnsent(db, 'own')).toBe(3)
  await markTapsSaved(db, await tapsFile(db, 'own'), 'own')
  await taps('own', 2)
  await taps('old', 1)
  expect(await letGoOfSaved(db, 'own')).toBe(3)
  expect([await countUnsent(db, 'own'), await countUnsent(db, 'old')]).toEqual([2, 1])
  expect(await letGoOfSaved(db, 'old')).toBe(0)
})
