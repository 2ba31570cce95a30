// One sale is one IndexedDB transaction: sale, outbox row, chain head, receipt counter and the emptied cart, or none of them.
// Every other command (goods given away, the drawer, …) goes the same way, without a receipt number.
import type { RefundCommand, SaleCommand } from '../wire.gen'
import type { AnyCommand } from '../rules/command'
import { chainHash, FIRST_PREV_HASH } from '../rules/chain'
import type { ChainPlace } from '../rules/sale'
import type { ChainHead, DrawerState, StoredSale, TillDb } from './schema'

/** Thrown when it is not certain that the sale is on the disk; the seller must then write on paper. */
export class NotRecorded extends Error {
  constructor(
    readonly step: 'write' | 'read_back',
    cause: unknown,
  ) {
    super(`sale not recorded (${step})`, { cause })
  }
}

/** A rule forbids the command; nothing was written and nothing is in doubt. */
export class Refusal extends Error {}

export interface CommandRequest {
  id: string
  deviceId: string
  fairDay: string
  nowMs: number
  /** May read the ledger: what it read is still true when the command is written, or it is asked again. */
  compose: (place: ChainPlace) => AnyCommand | Promise<AnyCommand>
  /** Takes the next receipt number of the fair day. */
  numbered: boolean
  /** The open cart is what was just written. */
  emptiesCart: boolean
  /** The kept count is what was just written. */
  endsCount?: boolean
}

export type SaleRequest = Omit<CommandRequest, 'numbered' | 'emptiesCart' | 'endsCount'>

type Place = { head: ChainHead; counter: number; drawer: DrawerState }

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
    if (cause instanceof Refusal) throw cause
    throw new NotRecorded('write', cause)
  }
  return readBack(db, written)
}

/** Returns null when the chain moved between reading and writing. */
async function tryToWrite(db: TillDb, request: CommandRequest): Promise<StoredSale | null> {
  const before = await readPlace(db, request)
  const place: ChainPlace = {
    seq: before.head.seq + 1,
    counter: before.counter + 1,
    tillSessionId: before.drawer.session_id,
    zNumber: before.drawer.z_number + 1,
  }
  const command = await request.compose(place)
  const text = JSON.stringify(command)
  // Hashed before the transaction opens: IndexedDB commits a transaction that waits for anything but itself,
  // so a digest in the middle would tear the sale in two. What the hash was made from is checked again inside.
  const hash = await chainHash(before.head.hash, text)
  const parcel = { id: request.id, seq: place.seq, prev_hash: before.head.hash, hash, text }
  const sale: StoredSale = {
    ...parcel,
    ...keysOf(command),
    device_id: request.deviceId,
    fair_day: request.fairDay,
    recorded_at_ms: request.nowMs,
    answer: null,
    reason: null,
    answered_at_ms: null,
    unsent: 1,
  }

  const stores = ['sales', 'outbox', 'heads', 'counters', 'drawer', 'facts'] as const
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
    const drawer = drawerAfter(before.drawer, command)
    if (drawer !== null) writes.push(tx.objectStore('drawer').put(drawer))
    // With the sale, or a tablet killed right here would start with the paid cart still open and sell it again.
    if (request.emptiesCart)
      writes.push(tx.objectStore('facts').delete('cart'), tx.objectStore('facts').delete('attempt'))
    if (request.endsCount === true) writes.push(tx.objectStore('facts').delete('count_draft'))
    await Promise.all([...writes, tx.done])
  } catch (cause) {
    // A put that throws at once does not abort the transaction by itself: the puts before it would be committed, half a sale.
    abortQuietly(tx)
    await Promise.allSettled([...writes, tx.done])
    throw cause
  }
  return sale
}

/** What the indexes need to know of a command without reading its text. */
export function keysOf(command: AnyCommand): Pick<StoredSale, 'kind' | 'till_session_id' | 'refund_of' | 'copy_of'> {
  return {
    kind: command.kind,
    ...(command.till_session_id == null ? {} : { till_session_id: command.till_session_id }),
    ...(command.kind === 'refund' ? { refund_of: command.refund_of } : {}),
    ...(command.kind === 'receipt_copied' ? { copy_of: command.sale_id } : {}),
  }
}

function drawerAfter(before: DrawerState, command: AnyCommand): DrawerState | null {
  switch (command.kind) {
    case 'till_opened':
      return { ...before, session_id: command.till_session_id ?? null }
    case 'till_closed':
      return { ...before, session_id: null, z_number: command.z_number }
    default:
      return null
  }
}

function abortQuietly(tx: { abort(): void }): void {
  try {
    tx.abort()
  } catch {
    // It has aborted by itself.
  }
}

async function readPlace(db: TillDb, { deviceId, fairDay }: CommandRequest): Promise<Place> {
  const tx = db.transaction(['heads', 'counters', 'drawer'], 'readonly')
  const [head, count, drawer] = await Promise.all([
    tx.objectStore('heads').get(deviceId),
    tx.objectStore('counters').get([deviceId, fairDay]),
    // Opening and closing move the head too, so that a moved head means this is read again.
    tx.objectStore('drawer').get(deviceId),
    tx.done,
  ])
  return {
    head: head ?? { device_id: deviceId, seq: 0, hash: FIRST_PREV_HASH },
    counter: count?.counter ?? 0,
    drawer: drawer ?? { device_id: deviceId, session_id: null, z_number: 0 },
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

/** Sales and refunds have the same body; `kind` tells them apart. */
export const documentOf = (sale: StoredSale): SaleCommand | RefundCommand =>
  JSON.parse(sale.text) as SaleCommand | RefundCommand

export const anyCommandOf = (sale: StoredSale): AnyCommand => JSON.parse(sale.text) as AnyCommand

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

/** All commands of one till session, in their order. */
export async function commandsOfSession(db: TillDb, sessionId: string): Promise<AnyCommand[]> {
  const range = IDBKeyRange.bound([sessionId, 0], [sessionId, Infinity])
  return (await db.getAllFromIndex('sales', 'by_session', range)).map(anyCommandOf)
}

/** What has been given back of a sale on this tablet, sent or not. */
export async function refundsOf(db: TillDb, saleId: string): Promise<StoredSale[]> {
  return db.getAllFromIndex('sales', 'by_original', saleId)
}

/** All refunds of this tablet, by the sale they give back. */
export async function refundsBySale(db: TillDb): Promise<Map<string, RefundCommand[]>> {
  const found = new Map<string, RefundCommand[]>()
  for (const stored of await db.getAllFromIndex('sales', 'by_original')) {
    const refund = documentOf(stored) as RefundCommand
    found.set(refund.refund_of, [...(found.get(refund.refund_of) ?? []), refund])
  }
  return found
}

export async function readDrawer(db: TillDb, deviceId: string): Promise<DrawerState> {
  return (await db.get('drawer', deviceId)) ?? { device_id: deviceId, session_id: null, z_number: 0 }
}

/** Local marks beside a command, never inside it: first paper asked for, slip as drawn. */
export async function markStored(
  db: TillDb,
  id: string,
  marks: Partial<Pick<StoredSale, 'printed' | 'slip'>>,
): Promise<void> {
  const tx = db.transaction('sales', 'readwrite')
  const stored = await tx.store.get(id)
  if (stored !== undefined) await tx.store.put({ ...stored, ...marks })
  await tx.done
}

export async function copiesOf(db: TillDb, saleId: string): Promise<number> {
  return db.countFromIndex('sales', 'by_copied', saleId)
}
