// A second copy outside this browser: inside it, everything can vanish at once. Holds parcels as they would be sent;
// `flask --app fair_pos import-waiting` reads it.
import type { Parcel, SaleCommand } from '../wire.gen'
import { devicesOf } from './former'
import type { Pairing, StoredSale, TillDb } from './schema'

export interface WaitingFile {
  devices: { device_id: string; letter: string; parcels: Parcel[] }[]
}

const asParcel = ({ id, seq, prev_hash, hash, text }: StoredSale): Parcel => ({ id, seq, prev_hash, hash, text })

const letterOn = ({ text }: StoredSale): string =>
  ((JSON.parse(text) as Partial<SaleCommand>).receipt_number ?? '').split('-')[0] ?? ''

/** All that waits, of whichever pairing; of our own device every sale when the server has forgotten it. */
export async function waitingFile(db: TillDb, own: Pairing, whole: boolean): Promise<WaitingFile> {
  const known = await devicesOf(db)
  const ownSales = IDBKeyRange.bound([own.device_id, 0], [own.device_id, Infinity])
  const all = whole ? await db.getAllFromIndex('sales', 'by_seq', ownSales) : []
  const waiting = await db.getAllFromIndex('sales', 'by_unsent', 1)
  const sales = [...all, ...waiting.filter((sale) => !whole || sale.device_id !== own.device_id)]
  const byDevice = new Map<string, StoredSale[]>()
  for (const sale of sales) byDevice.set(sale.device_id, [...(byDevice.get(sale.device_id) ?? []), sale])
  return {
    devices: [...byDevice].map(([device_id, of]) => ({
      device_id,
      letter: device_id === own.device_id ? own.letter : (known[device_id]?.letter ?? letterOn(of[0]!)),
      parcels: of.sort((one, other) => one.seq - other.seq).map(asParcel),
    })),
  }
}

/** Remembers up to which number each device's sales are in a file. */
export async function markSaved(db: TillDb, { devices }: WaitingFile, own: Pairing, whole: boolean): Promise<void> {
  const tx = db.transaction('facts', 'readwrite', { durability: 'strict' })
  const known = { ...((await tx.store.get('devices')) as Awaited<ReturnType<typeof devicesOf>> | undefined) }
  for (const { device_id, letter, parcels } of devices) {
    const isOwn = device_id === own.device_id
    const before = known[device_id] ?? { device_token: isOwn ? own.device_token : '', letter }
    const saved_seq = Math.max(before.saved_seq ?? 0, parcels.at(-1)?.seq ?? 0)
    known[device_id] = { ...before, saved_seq, ...(isOwn && whole ? { saved_whole_seq: saved_seq } : {}) }
  }
  await Promise.all([tx.store.put(known, 'devices'), tx.done])
}
