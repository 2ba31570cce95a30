// A tablet that is paired again: sales of the device it was before, on the real ledger.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { devicesOf, formerDevicesOf, formerWaiting, holdingUp } from '../src/ledger/former'
import { mend, outboxOf } from '../src/ledger/outbox'
import { dropPairing, keepPairing } from '../src/ledger/pairing'
import type { ChainPlace } from '../src/rules/sale'
import { recordSale } from '../src/ledger/sales'
import { keepFact, openLedger, type Pairing, type TillDb } from '../src/ledger/schema'
import { markSaved, waitingFile } from '../src/ledger/waiting_file'
import type { Answer } from '../src/sync/ports'
import type { Uploaded } from '../src/wire.gen'
import { composeSale, NOW, pairedAs, uuid } from './builders'
import { FakeClock, FakeServer, world } from './world'

const DAY = '2026-11-24'
let db: TillDb

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory()
  db = await openLedger()
})
afterEach(() => db.close())

const pairAs = (letter: string): Promise<Pairing> => keepPairing(db, pairedAs(letter), 0)

function sell({ device_id, letter }: Pairing) {
  const id = uuid()
  const compose = (place: ChainPlace) => ({
    ...composeSale(id, place),
    receipt_number: `${letter}-261124-${String(place.counter).padStart(3, '0')}`,
  })
  return recordSale(db, { id, deviceId: device_id, fairDay: DAY, nowMs: NOW, compose })
}

const noServer = () => ({ upload: async (): Promise<Answer<Uploaded>> => ({ kind: 'offline', timedOut: false }) })

describe('two pairings on one tablet', () => {
  test('each outbox counts and gives its own', async () => {
    const old = await pairAs('A')
    const first = await sell(old)
    await dropPairing(db)
    const now = await pairAs('B')
    const second = await sell(now)
    for (const [device, sale] of [
      [old, first],
      [now, second],
    ] as const) {
      const outbox = outboxOf(db, device.device_id)
      expect(await outbox.waiting()).toEqual({ count: 1, oldestAtMs: NOW })
      expect((await outbox.oldest(50, new Set())).map((one) => one.id)).toEqual([sale.id])
    }
    expect((await formerWaiting(db, now.device_id)).count).toBe(1)
    expect((await formerWaiting(db, old.device_id)).count).toBe(1)
  })

  test('the secrets of all of them are kept, that of a pairing made by an earlier program too', async () => {
    const old = await pairAs('A')
    await db.delete('facts', 'devices')
    await dropPairing(db)
    const now = await pairAs('B')
    expect(await devicesOf(db)).toEqual({
      [old.device_id]: { device_token: 'token A', letter: 'A' },
      [now.device_id]: { device_token: 'token B', letter: 'B' },
    })
  })

  test('what waits is sent with the secret of its own device', async () => {
    const old = await pairAs('A')
    const sales = [await sell(old), await sell(old)]
    await dropPairing(db)
    const now = await pairAs('B')
    await mend(db, now.device_id)
    const doors = new Map<string, FakeServer>()
    const former = formerDevicesOf(db, now.device_id, (token) => {
      if (!doors.has(token)) doors.set(token, new FakeServer(new FakeClock()))
      return doors.get(token)!
    })
    const { clock, server, state, until } = world({ former })
    await until(async () => (await db.count('outbox')) === 0)
    await clock.pass(100)
    expect([...doors.keys()]).toEqual(['token A'])
    expect([...doors.get('token A')!.stored.keys()]).toEqual(sales.map((sale) => sale.id))
    expect(server.stored.size).toBe(0)
    expect(state().waiting.count).toBe(0)
    expect((await db.get('sales', sales[0]!.id))?.answer).toBe('stored')
  })

  test('a device whose secret was not kept has no door, and only a file', async () => {
    const old = await pairAs('A')
    await sell(old)
    await dropPairing(db)
    const now = await pairAs('B')
    await keepFact(db, 'devices', {})
    expect(await formerDevicesOf(db, now.device_id, noServer).withParcels()).toEqual([])
    expect(await holdingUp(db, now, false)).toBe(1)
    await markSaved(db, await waitingFile(db, now, false), now, false)
    expect(await holdingUp(db, now, false)).toBe(0)
    expect(await formerDevicesOf(db, now.device_id, noServer).withParcels()).toEqual([])
  })
})

describe('a way out', () => {
  test('known or let go: a file is not enough while our own sales wait', async () => {
    const own = await pairAs('A')
    await sell(own)
    await markSaved(db, await waitingFile(db, own, false), own, false)
    expect(await holdingUp(db, own, false)).toBe(1)
  })

  test('unknown: every sale must be in the file, answered ones too, and then it may be paired again', async () => {
    const own = await pairAs('A')
    const sales = [await sell(own), await sell(own), await sell(own)]
    await outboxOf(db, own.device_id).settle([{ id: sales[0]!.id, answer: 'stored', reason: null }], NOW)
    expect(await holdingUp(db, own, true)).toBe(3)
    await markSaved(db, await waitingFile(db, own, false), own, false)
    expect(await holdingUp(db, own, true)).toBe(3)
    const file = await waitingFile(db, own, true)
    expect(file.devices).toHaveLength(1)
    expect(file.devices[0]).toMatchObject({ device_id: own.device_id, letter: 'A' })
    expect(file.devices[0]!.parcels.map((one) => one.id)).toEqual(sales.map((one) => one.id))
    expect(Object.keys(file.devices[0]!.parcels[0]!).sort()).toEqual(['hash', 'id', 'prev_hash', 'seq', 'text'])
    await markSaved(db, file, own, true)
    expect(await holdingUp(db, own, true)).toBe(0)
    await sell(own)
    expect(await holdingUp(db, own, true)).toBe(1)
  })

  test('after pairing again they stay, hold nothing up, and go out when their device is known again', async () => {
    const old = await pairAs('A')
    await sell(old)
    await markSaved(db, await waitingFile(db, old, true), old, true)
    await dropPairing(db)
    const now = await pairAs('B')
    expect(await formerWaiting(db, now.device_id)).toEqual({ count: 0, oldestAtMs: null })
    expect(await holdingUp(db, now, false)).toBe(0)
    expect(await db.countFromIndex('sales', 'by_unsent', 1)).toBe(1)
    const [device] = await formerDevicesOf(db, now.device_id, noServer).withParcels()
    expect(device?.deviceId).toBe(old.device_id)
    expect((await waitingFile(db, now, false)).devices.map((one) => one.letter)).toEqual(['A'])
  })
})
