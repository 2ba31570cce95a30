// What waits for the server. A parcel leaves only when its id is answered; sales themselves stay.
import type { Parcel, ParcelAnswer } from '../wire.gen'
import type { AnyCommand } from '../rules/command'
import { counterOf } from '../rules/receipt_number'
import type { OutboxLedger } from '../sync/ports'
import { keysOf } from './sales'
import type { StoredSale, TillDb, WaitingParcel } from './schema'

const asParcel = ({ id, seq, prev_hash, hash, text }: WaitingParcel): Parcel => ({ id, seq, prev_hash, hash, text })

const asWaiting = ({ id, seq, prev_hash, hash, text, device_id, recorded_at_ms }: StoredSale): WaitingParcel => ({
  id,
  seq,
  prev_hash,
  hash,
  text,
  device_id,
  recorded_at_ms,
})

export function outboxOf(db: TillDb, deviceId: string): OutboxLedger {
  const own = IDBKeyRange.bound([deviceId, 0], [deviceId, Infinity])
  return {
    async waiting() {
      const { store } = db.transaction('outbox', 'readonly')
      const [count, first] = await Promise.all([store.count(own), store.openCursor(own)])
      return { count, oldestAtMs: first?.value.recorded_at_ms ?? null }
    },

    async oldest(limit, skip) {
      const found: Parcel[] = []
      let cursor = await db.transaction('outbox', 'readonly').store.openCursor(own)
      while (cursor !== null && found.length < limit) {
        if (!skip.has(cursor.value.id)) found.push(asParcel(cursor.value))
        cursor = await cursor.continue()
      }
      return found
    },

    async settle(answers, atMs) {
      const tx = db.transaction(['sales', 'outbox'], 'readwrite', { durability: 'strict' })
      const sales = tx.objectStore('sales')
      const outbox = tx.objectStore('outbox')
      await Promise.all([...answers.map((answer) => settleOne(answer)), tx.done])

      async function settleOne({ id, answer, reason }: ParcelAnswer): Promise<void> {
        const sale = await sales.get(id)
        if (sale !== undefined) {
          const { unsent: _gone, ...rest } = sale
          await sales.put({ ...rest, answer, reason, answered_at_ms: atMs })
        }
        const key = await outbox.index('by_id').getKey(id)
        if (key !== undefined) await outbox.delete(key)
      }
    },

    async feedAgain(afterSeq) {
      const tx = db.transaction(['sales', 'outbox'], 'readwrite', { durability: 'strict' })
      const range = IDBKeyRange.bound([deviceId, afterSeq], [deviceId, Infinity], true)
      let count = 0
      let cursor = await tx.objectStore('sales').index('by_seq').openCursor(range)
      while (cursor !== null) {
        await cursor.update({ ...cursor.value, unsent: 1, answer: null, reason: null, answered_at_ms: null })
        await tx.objectStore('outbox').put(asWaiting(cursor.value))
        count++
        cursor = await cursor.continue()
      }
      await tx.done
      return count
    },
  }
}

/**
 * At start: a sale without an answer waits even if its outbox row is gone, an outbox row without its sale gives the
 * sale back, and neither the chain head nor a day's receipt counter is behind the last sale. Returns how many rows were mended.
 */
export async function mend(db: TillDb, deviceId: string): Promise<number> {
  const tx = db.transaction(['sales', 'outbox', 'heads', 'counters'], 'readwrite', { durability: 'strict' })
  const sales = tx.objectStore('sales')
  const outbox = tx.objectStore('outbox')
  let mended = 0
  for (const sale of await sales.index('by_unsent').getAll(1)) {
    if ((await outbox.getKey([sale.device_id, sale.seq])) !== undefined) continue
    await outbox.put(asWaiting(sale))
    mended++
  }
  for (const row of await outbox.getAll()) {
    const sale = await sales.get(row.id)
    if (sale !== undefined && sale.answer !== null) {
      // The answer was kept but the row was not removed: the server has it.
      await outbox.delete([row.device_id, row.seq])
      mended++
    }
    if (sale !== undefined) continue
    const command = JSON.parse(row.text) as AnyCommand
    await sales.put({
      ...row,
      ...keysOf(command),
      fair_day: command.fair_day,
      answer: null,
      reason: null,
      answered_at_ms: null,
      unsent: 1,
    })
    mended++
  }
  const own = IDBKeyRange.bound([deviceId, 0], [deviceId, Infinity])
  const last = await sales.index('by_seq').openCursor(own, 'prev')
  if (last !== null) {
    const { seq, hash } = last.value
    const head = await tx.objectStore('heads').get(deviceId)
    if (head === undefined || head.seq < seq) {
      await tx.objectStore('heads').put({ device_id: deviceId, seq, hash })
      mended++
    }
  }
  const counters = tx.objectStore('counters')
  // Reading every sale is dear, so all are read only when the counter of the last receipt is wrong.
  let newest = await sales.index('by_seq').openCursor(own, 'prev')
  while (newest !== null && dayCount(newest.value) === null) newest = await newest.continue()
  const counted = newest === null ? null : dayCount(newest.value)
  if (counted !== null && ((await counters.get([deviceId, counted.day]))?.counter ?? 0) < counted.counter) {
    const highest = new Map<string, number>()
    for (const sale of await sales.index('by_seq').getAll(own)) {
      const one = dayCount(sale)
      if (one !== null) highest.set(one.day, Math.max(one.counter, highest.get(one.day) ?? 0))
    }
    for (const [day, counter] of highest) {
      if (((await counters.get([deviceId, day]))?.counter ?? 0) >= counter) continue
      await counters.put({ device_id: deviceId, day, counter })
      mended++
    }
  }
  await tx.done
  return mended
}

/** Which number of its fair day a receipt has; null when the record has none. */
function dayCount({ text, fair_day }: StoredSale): { day: string; counter: number } | null {
  try {
    const counter = counterOf((JSON.parse(text) as { receipt_number?: string }).receipt_number ?? '')
    return counter === null ? null : { day: fair_day, counter }
  } catch {
    return null // whatever it is, it is no reason not to open the till
  }
}
