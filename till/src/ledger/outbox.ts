// What waits for the server. A parcel leaves only when its id is answered; sales themselves stay.
import type { Parcel, ParcelAnswer } from '../wire.gen'
import type { AnyCommand } from '../rules/command'
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
  return {
    async waiting() {
      const tx = db.transaction('outbox', 'readonly')
      const [count, first] = await Promise.all([tx.store.count(), tx.store.openCursor()])
      return { count, oldestAtMs: first?.value.recorded_at_ms ?? null }
    },

    async oldest(limit, skip) {
      const found: Parcel[] = []
      const own = IDBKeyRange.bound([deviceId, 0], [deviceId, Infinity])
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
 * sale back, and the chain head is never behind the last sale. Returns how many rows were mended.
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
  const last = await sales.index('by_seq').openCursor(IDBKeyRange.bound([deviceId, 0], [deviceId, Infinity]), 'prev')
  if (last !== null) {
    const { seq, hash } = last.value
    const head = await tx.objectStore('heads').get(deviceId)
    if (head === undefined || head.seq < seq) {
      await tx.objectStore('heads').put({ device_id: deviceId, seq, hash })
      mended++
    }
  }
  await tx.done
  return mended
}
