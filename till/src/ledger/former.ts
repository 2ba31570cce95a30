// What this tablet was before it was paired again. Its sales stay, and so does the secret they are sent with.
import type { FormerDevices, Server, Waiting } from '../sync/ports'
import { outboxOf } from './outbox'
import { type KnownDevice, type Pairing, readFact, type TillDb, type WaitingParcel } from './schema'

type Devices = Record<string, KnownDevice>

export async function devicesOf(db: TillDb): Promise<Devices> {
  return (await readFact(db, 'devices')) ?? {}
}

async function rowsOfOthers(db: TillDb, deviceId: string): Promise<WaitingParcel[]> {
  const { store } = db.transaction('outbox', 'readonly')
  // Two ranges around our own rows, which may be thousands; these are almost always none.
  const [before, after] = await Promise.all([
    store.getAll(IDBKeyRange.upperBound([deviceId], true)),
    store.getAll(IDBKeyRange.lowerBound([deviceId, Infinity], true)),
  ])
  return [...before, ...after]
}

const isSaved = (row: WaitingParcel, devices: Devices): boolean => row.seq <= (devices[row.device_id]?.saved_seq ?? 0)

/** Rows of former devices that are nowhere but here. What was saved to a file is no reason to hold anybody up. */
export async function formerWaiting(db: TillDb, deviceId: string): Promise<Waiting> {
  const rows = await rowsOfOthers(db, deviceId)
  if (rows.length === 0) return { count: 0, oldestAtMs: null }
  const devices = await devicesOf(db)
  const times = rows.filter((row) => !isSaved(row, devices)).map((row) => row.recorded_at_ms)
  return { count: times.length, oldestAtMs: times.length === 0 ? null : Math.min(...times) }
}

export function formerDevicesOf(
  db: TillDb,
  deviceId: string,
  serverOf: (deviceToken: string) => Pick<Server, 'upload'>,
): FormerDevices {
  return {
    waiting: () => formerWaiting(db, deviceId),
    async withParcels() {
      const ids = new Set((await rowsOfOthers(db, deviceId)).map((row) => row.device_id))
      if (ids.size === 0) return []
      const devices = await devicesOf(db)
      return [...ids].flatMap((id) => {
        const known = devices[id]
        return known === undefined || known.device_token === ''
          ? []
          : [{ deviceId: id, server: serverOf(known.device_token), ledger: outboxOf(db, id) }]
      })
    },
  }
}

/**
 * How many sales keep this tablet from being signed out or paired anew. A device that the server does not know can hand nothing
 * in: there every sale counts that is not in a file, the answered ones too, since a server that forgot the device forgot them.
 */
export async function holdingUp(db: TillDb, { device_id }: Pairing, isUnknown: boolean): Promise<number> {
  const former = (await formerWaiting(db, device_id)).count
  if (!isUnknown) return former + (await outboxOf(db, device_id).waiting()).count
  const saved = (await devicesOf(db))[device_id]?.saved_whole_seq ?? 0
  const unsaved = IDBKeyRange.bound([device_id, saved], [device_id, Infinity], true)
  return former + (await db.countFromIndex('sales', 'by_seq', unsaved))
}
