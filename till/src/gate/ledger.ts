// What a gate's phone keeps: every entry, in one strict transaction with its number. Counts are shown from what was written.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { Crowd, EntryAnswer, GateOnPhone, GatePaired, GateTap, GateUndo } from '../wire.gen'
import { newId } from '../rules/ids'
import { fairDay } from '../rules/fair_day'
import type { Counted, Direction } from './count'

export interface StoredEntry extends Counted {
  device_id: string
  seq: number
  id: string
  undoes?: string
  device_at_ms: number // the phone's own clock
  clock_offset_ms: number
  day: string
  /** «saved»: in a file, because the server does not know this phone any more. */
  answer: EntryAnswer['answer'] | 'saved' | null
  /** Present until the server has answered; its absence takes the entry out of the index. */
  unsent?: 1
}

export interface GatePairing {
  device_id: string
  device_token: string
  gate: GateOnPhone
}

export interface GateFacts {
  pairing: GatePairing
  /** Secrets of phones this one was before, by device id: what they still hold is handed in with them. */
  tokens: Record<string, string>
  clock_offset_ms: number
  crowd: { crowd: Crowd; at_ms: number }
  all_sent_at_ms: number
  language: 'vi' | 'en'
  stopped: 'gate_device_revoked' | 'gate_device_unknown'
  /** Up to which number a phone's taps are in a file. */
  saved: { device_id: string; seq: number }
}

interface GateSchema extends DBSchema {
  facts: { key: keyof GateFacts; value: GateFacts[keyof GateFacts] }
  entries: {
    key: [string, number]
    value: StoredEntry
    indexes: { by_unsent: [string, number, number]; by_day: [string, string]; by_id: string }
  }
}

export type GateDb = IDBPDatabase<GateSchema>
export const GATE_DB = 'fair-pos-gate'
export const MAX_ENTRIES = 500
const KEPT_MS = 14 * 86_400_000

export function openGateLedger(name = GATE_DB, onPushedAside: () => void = () => {}): Promise<GateDb> {
  return openDB<GateSchema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('facts')
      const entries = db.createObjectStore('entries', { keyPath: ['device_id', 'seq'] })
      entries.createIndex('by_unsent', ['device_id', 'unsent', 'seq'])
      entries.createIndex('by_day', ['device_id', 'day'])
      entries.createIndex('by_id', 'id', { unique: true })
    },
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase).close()
      onPushedAside()
    },
    terminated: onPushedAside,
  })
}

export async function readGateFact<K extends keyof GateFacts>(db: GateDb, key: K): Promise<GateFacts[K] | undefined> {
  return (await db.get('facts', key)) as GateFacts[K] | undefined
}

export async function keepGateFact<K extends keyof GateFacts>(db: GateDb, key: K, value: GateFacts[K]): Promise<void> {
  await db.put('facts', value, key)
}

export async function dropGateFact(db: GateDb, key: keyof GateFacts): Promise<void> {
  await db.delete('facts', key)
}

const own = (deviceId: string): IDBKeyRange => IDBKeyRange.bound([deviceId, 0], [deviceId, Infinity])

/** What a finger wanted: people through the gate, or the last of it taken back. */
export type Wanted = { kind: 'tap' | 'group'; direction: Direction; people: number } | { kind: 'undo' }

export interface Moment {
  nowMs: number
  clockOffsetMs: number
}

/**
 * Writes taps, each with the next number, and returns what was written, in order. Nothing is half written. An undo
 * takes back the last entry of today that still stands, and is left out when there is none.
 */
export async function recordTaps(
  db: GateDb,
  { device_id, gate }: GatePairing,
  wanted: readonly (Wanted & Moment)[],
): Promise<StoredEntry[]> {
  const tx = db.transaction('entries', 'readwrite', { durability: 'strict' })
  const last = await tx.store.openCursor(own(device_id), 'prev')
  let seq = last === null ? 0 : last.value.seq
  const written: StoredEntry[] = []
  for (const one of wanted) {
    const day = fairDay(one.nowMs + one.clockOffsetMs, gate.day_boundary_minutes)
    const target = one.kind === 'undo' ? await lastStanding(day) : null
    if (one.kind === 'undo' && target === null) continue
    const counted = one.kind === 'undo' ? { direction: target!.direction, people: target!.people } : one
    const entry: StoredEntry = {
      device_id,
      seq: ++seq,
      id: newId(one.nowMs),
      kind: one.kind,
      direction: counted.direction,
      people: counted.people,
      ...(target === null ? {} : { undoes: target.id }),
      device_at_ms: one.nowMs,
      clock_offset_ms: one.clockOffsetMs,
      day,
      answer: null,
      unsent: 1,
    }
    await tx.store.add(entry)
    written.push(entry)
  }
  await tx.done
  return written

  async function lastStanding(day: string): Promise<StoredEntry | null> {
    const undone = new Set<string>()
    let cursor = await tx.store.openCursor(own(device_id), 'prev')
    while (cursor !== null && cursor.value.day === day) {
      const { value } = cursor
      if (value.undoes !== undefined) undone.add(value.undoes)
      else if (!undone.has(value.id)) return value
      cursor = await cursor.continue()
    }
    return null
  }
}

export const entriesOfDay = (db: GateDb, deviceId: string, day: string): Promise<StoredEntry[]> =>
  db.getAllFromIndex('entries', 'by_day', [deviceId, day])

const unsentOf = (deviceId: string): IDBKeyRange => IDBKeyRange.bound([deviceId, 1, 0], [deviceId, 1, Infinity])

export const countUnsent = (db: GateDb, deviceId: string): Promise<number> =>
  db.countFromIndex('entries', 'by_unsent', unsentOf(deviceId))

export const oldestUnsent = (db: GateDb, deviceId: string, most = MAX_ENTRIES): Promise<StoredEntry[]> =>
  db.getAllFromIndex('entries', 'by_unsent', unsentOf(deviceId), most === Infinity ? undefined : most)

export async function lastSeqOf(db: GateDb, deviceId: string): Promise<number> {
  const last = await db.transaction('entries').store.openCursor(own(deviceId), 'prev')
  return last === null ? 0 : last.value.seq
}

/** Exactly those that were answered for stop waiting; the entries themselves stay. Returns how many those were. */
export async function settleEntries(db: GateDb, deviceId: string, answers: readonly EntryAnswer[]): Promise<number> {
  const tx = db.transaction('entries', 'readwrite', { durability: 'strict' })
  let count = 0
  for (const { id, answer } of answers) {
    const entry = await tx.store.index('by_id').get(id)
    if (entry === undefined || entry.device_id !== deviceId || entry.unsent === undefined) continue
    const { unsent: _gone, ...rest } = entry
    await tx.store.put({ ...rest, answer })
    count++
  }
  await tx.done
  return count
}

/** Every entry of a phone that is still here, in the order of their numbers. */
export const entriesOf = (db: GateDb, deviceId: string): Promise<StoredEntry[]> => db.getAll('entries', own(deviceId))

/** What a file holds up to this number stops waiting; the entries themselves stay. Returns how many those were. */
export async function settleSaved(db: GateDb, deviceId: string, upToSeq: number): Promise<number> {
  const tx = db.transaction('entries', 'readwrite', { durability: 'strict' })
  let count = 0
  let cursor = await tx.store.openCursor(IDBKeyRange.bound([deviceId, 0], [deviceId, upToSeq]))
  while (cursor !== null) {
    const { unsent, ...rest } = cursor.value
    if (unsent !== undefined) {
      await cursor.update({ ...rest, answer: 'saved' })
      count++
    }
    cursor = await cursor.continue()
  }
  await tx.done
  return count
}

/** A server restored from a backup has forgotten what came after this number: it waits again. */
export async function feedEntriesAgain(db: GateDb, deviceId: string, afterSeq: number): Promise<number> {
  const tx = db.transaction('entries', 'readwrite', { durability: 'strict' })
  let count = 0
  let cursor = await tx.store.openCursor(IDBKeyRange.bound([deviceId, afterSeq], [deviceId, Infinity], true))
  while (cursor !== null) {
    await cursor.update({ ...cursor.value, answer: null, unsent: 1 })
    count++
    cursor = await cursor.continue()
  }
  await tx.done
  return count
}

/** One transaction, so that a phone is never half paired. Entries of an earlier pairing stay, and its secret with them. */
export async function keepGatePairing(db: GateDb, paired: GatePaired, offsetMs: number): Promise<GatePairing> {
  const { device_id, device_token, gate } = paired
  const pairing = { device_id, device_token, gate }
  const tx = db.transaction('facts', 'readwrite', { durability: 'strict' })
  const tokens = ((await tx.store.get('tokens')) ?? {}) as GateFacts['tokens']
  await Promise.all([
    tx.store.put({ ...tokens, [device_id]: device_token }, 'tokens'),
    tx.store.put(pairing, 'pairing'),
    tx.store.put(offsetMs, 'clock_offset_ms'),
    tx.store.put({ crowd: paired.crowd, at_ms: Date.parse(paired.server_time) - offsetMs }, 'crowd'),
    tx.store.delete('stopped'),
    tx.store.delete('all_sent_at_ms'),
    tx.done,
  ])
  return pairing
}

export async function dropGatePairing(db: GateDb): Promise<void> {
  const tx = db.transaction('facts', 'readwrite', { durability: 'strict' })
  await Promise.all([tx.store.delete('pairing'), tx.store.delete('crowd'), tx.store.delete('stopped'), tx.done])
}

/** Answered entries older than two weeks go; never the last of a device, which says what its next number is. */
export async function pruneEntries(db: GateDb, nowMs: number): Promise<number> {
  const tx = db.transaction('entries', 'readwrite')
  let count = 0
  let before: { key: [string, number]; device: string } | null = null
  let cursor = await tx.store.openCursor()
  while (cursor !== null) {
    const { device_id, device_at_ms, answer } = cursor.value
    if (before !== null && before.device === device_id) {
      await tx.store.delete(before.key)
      count++
    }
    before = answer !== null && device_at_ms < nowMs - KEPT_MS ? { key: cursor.primaryKey, device: device_id } : null
    cursor = await cursor.continue()
  }
  await tx.done
  return count
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** An entry as it travels. */
export function onTheWire(entry: StoredEntry): GateTap | GateUndo {
  const { id, seq, kind, direction, people, undoes, device_at_ms, clock_offset_ms } = entry
  const common = { id, seq, device_at: iso(device_at_ms), clock_offset_ms }
  return kind === 'undo' ? { kind, undoes: undoes!, ...common } : { kind, direction, people, ...common }
}
