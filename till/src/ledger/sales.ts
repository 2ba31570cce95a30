// One sale is one IndexedDB transaction: sale, outbox row, chain head, receipt counter and the emptied cart, or none of them.
// Every other command (goods given away, the drawer, …) goes the same way, without a receipt number.
import type { SaleCommand } from '../wire.gen'
import type { AnyCommand } from '../rules/command'
import { chainHash, FIRST_PREV_HASH } from '../rules/chain'
import type { ChainPlace } from '../rules/sale'
import type { ChainHead, StoredSale, TillDb } from './schema'

/** Thrown when it is not certain that the sale is on the disk; the seller must then write on paper. */
export class NotRecorded extends Error {
  constructor(
    readonly step: 'write' | 'read_back',
    cause: unknown,
  ) {
    super(`sale not recorded (${step})`, { cause })
  }
}

export interface CommandRequest {
  id: string
  deviceId: string
  fairDay: string
  nowMs: number
  compose: (place: ChainPlace) => AnyCommand
  /** Takes the next receipt number of the fair day. */
  numbered: boolean
  /** The open cart is what was just written. */
  emptiesCart: boolean
}

export type SaleRequest = Omit<CommandRequest, 'numbered' | 'emptiesCart'>

type Place = { head: ChainHead; counter: number }

// Calls queue up: ten taps arrive as ten calls with one id, and the later nine must find what the first has written.
let lastCall: Promise<unknown> = Promise.resolve()

export const recordSale = (db: TillDb, request: SaleRequest): Promise<StoredSale> =>
  recordCommand(db, { ...request, numbered: true, emptiesCart: true })

export function recordCommand(db: TillDb, request: CommandRequest): Promise<StoredSale> {
  const call = lastCall.then(() => recordNow(db, request))
  lastCall = call.catch(() => {})
  return call
}

async function recordNow(db: TillDb, request: CommandRequest): Promise<StoredSale> {
  let written: StoredSale | null
  try {
    written = (await db.get('sales', request.id)) ?? null
    // The Web Lock leaves one writer, so a second round only happens when another tab wrote in spite of it.
    for (let round = 0; written === null && round < 5; round++) written = await tryToWrite(db, request)
    if (written === null) throw new Error('the chain head kept moving')
  } catch (cause) {
    throw new NotRecorded('write', cause)
  }
  return readBack(db, written)
}

/** Returns null when the chain moved between reading and writing. */
async function tryToWrite(db: TillDb, request: CommandRequest): Promise<StoredSale | null> {
  const before = await readPlace(db, request)
  const place: ChainPlace = { seq: before.head.seq + 1, counter: before.counter + 1 }
  const command = request.compose(place)
  const text = JSON.stringify(command)
  // Hashed before the transaction opens: IndexedDB commits a transaction that waits for anything but itself,
  // so a digest in the middle would tear the sale in two. What the hash was made from is checked again inside.
  const hash = await chainHash(before.head.hash, text)
  const parcel = { id: request.id, seq: place.seq, prev_hash: before.head.hash, hash, text }
  const sale: StoredSale = {
    ...parcel,
    kind: command.kind,
    device_id: request.deviceId,
    fair_day: request.fairDay,
    recorded_at_ms: request.nowMs,
    answer: null,
    reason: null,
    answered_at_ms: null,
    unsent: 1,
  }

  const stores = ['sales', 'outbox', 'heads', 'counters', 'facts'] as const
  // strict: since 2023 Chrome reports "complete" from memory unless asked; a flat battery then takes the sale.
  const tx = db.transaction(stores, 'readwrite', { durability: 'strict' })
  const [there, head, count] = await Promise.all([
    tx.objectStore('sales').get(request.id),
    tx.objectStore('heads').get(request.deviceId),
    tx.objectStore('counters').get([request.deviceId, request.fairDay]),
  ])
  if (there !== undefined) {
    await tx.done
    return there
  }
  const moved =
    (head?.seq ?? 0) !== before.head.seq ||
    (head?.hash ?? FIRST_PREV_HASH) !== before.head.hash ||
    (count?.counter ?? 0) !== before.counter
  if (moved) {
    await tx.done
    return null
  }
  const writes: Promise<unknown>[] = []
  try {
    writes.push(tx.objectStore('sales').add(sale))
    writes.push(tx.objectStore('outbox').add({ ...parcel, device_id: request.deviceId, recorded_at_ms: request.nowMs }))
    writes.push(tx.objectStore('heads').put({ device_id: request.deviceId, seq: place.seq, hash }))
    if (request.numbered)
      writes.push(
        tx.objectStore('counters').put({ device_id: request.deviceId, day: request.fairDay, counter: place.counter }),
      )
    // With the sale, or a tablet killed right here would start with the paid cart still open and sell it again.
    if (request.emptiesCart) writes.push(tx.objectStore('facts').delete('cart'))
    await Promise.all([...writes, tx.done])
  } catch (cause) {
    // A put that throws at once does not abort the transaction by itself: the puts before it would be committed, half a sale.
    abortQuietly(tx)
    await Promise.allSettled([...writes, tx.done])
    throw cause
  }
  return sale
}

function abortQuietly(tx: { abort(): void }): void {
  try {
    tx.abort()
  } catch {
    // It has aborted by itself.
  }
}

async function readPlace(db: TillDb, { deviceId, fairDay }: CommandRequest): Promise<Place> {
  const tx = db.transaction(['heads', 'counters'], 'readonly')
  const [head, count] = await Promise.all([
    tx.objectStore('heads').get(deviceId),
    tx.objectStore('counters').get([deviceId, fairDay]),
    tx.done,
  ])
  return {
    head: head ?? { device_id: deviceId, seq: 0, hash: FIRST_PREV_HASH },
    counter: count?.counter ?? 0,
  }
}

/** "Đã ghi" may only be said of what a fresh read returns. */
async function readBack(db: TillDb, written: StoredSale): Promise<StoredSale> {
  try {
    const tx = db.transaction(['sales', 'outbox'], 'readonly')
    const [sale, waiting] = await Promise.all([
      tx.objectStore('sales').get(written.id),
      tx.objectStore('outbox').get([written.device_id, written.seq]),
      tx.done,
    ])
    if (sale === undefined || sale.text !== written.text || sale.hash !== written.hash)
      throw new Error('the sale reads differently')
    // Unless the server has answered meanwhile, the second record must be there too.
    if (sale.answer === null && waiting?.text !== written.text) throw new Error('the outbox row is missing')
    return sale
  } catch (cause) {
    throw new NotRecorded('read_back', cause)
  }
}

export const commandOf = (sale: StoredSale): SaleCommand => JSON.parse(sale.text) as SaleCommand

/** What hands out a receipt; the rows of an earlier program name no kind and are sales. */
export const isDocument = ({ kind }: StoredSale): boolean => kind === undefined || kind === 'sale' || kind === 'refund'

/** Newest first. */
export async function salesOfDay(db: TillDb, day: string): Promise<StoredSale[]> {
  const sales = await db.getAllFromIndex('sales', 'by_day', IDBKeyRange.bound([day, 0], [day, Infinity]))
  return sales.filter(isDocument).reverse()
}

/** Every command that waits, not only sales. */
export async function waitingSales(db: TillDb): Promise<StoredSale[]> {
  return db.getAllFromIndex('sales', 'by_unsent', 1)
}
