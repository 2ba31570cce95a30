// Sends the oldest waiting parcels once and removes exactly those that the server has answered for.
import type { Parcel, ParcelAnswer, Upload, Uploaded } from '../wire.gen'
import type { Answer, OutboxLedger, Server } from './ports'

export const MAX_PARCELS = 50
export const MAX_UPLOAD_BYTES = 256 * 1024
const ROOM_FOR_THE_REST = 1024 // waiting, sent_at and the like

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length

/** The first parcel always goes, however long: alone the server can answer for it. */
export function fitting(parcels: readonly Parcel[], most: number): Parcel[] {
  const fit: Parcel[] = []
  let bytes = ROOM_FOR_THE_REST
  for (const parcel of parcels) {
    bytes += bytesOf(parcel) + 1
    if (fit.length >= most || (fit.length > 0 && bytes > MAX_UPLOAD_BYTES)) break
    fit.push(parcel)
  }
  return fit
}

/** Lives as long as the loop: how much to send at once, and which parcels to go round for now. */
export class Batching {
  size = MAX_PARCELS
  readonly setAside = new Set<string>()

  /** After a refusal of the whole upload: half as much, and a single parcel steps aside so that its neighbours get through. */
  tooMuch(batch: readonly Parcel[]): void {
    if (batch.length > 1) this.size = Math.max(1, Math.floor(batch.length / 2))
    else for (const { id } of batch) this.setAside.add(id)
  }

  tooSlow(batch: readonly Parcel[]): void {
    this.size = Math.max(1, Math.floor(batch.length / 2))
  }

  wentWell(): void {
    this.size = Math.min(MAX_PARCELS, this.size * 2)
  }
}

export type Sent =
  | { kind: 'nothing_to_send' }
  | { kind: 'settled'; count: number; contact: Extract<Answer<Uploaded>, { kind: 'answered' }> }
  | { kind: 'try_less' }
  | Exclude<Answer<Uploaded>, { kind: 'answered' }>

const ANSWERS: readonly string[] = ['stored', 'already_have', 'quarantined'] satisfies ParcelAnswer['answer'][]

export async function sendOldest(
  server: Pick<Server, 'upload'>,
  ledger: OutboxLedger,
  batching: Batching,
  now: () => number,
  appVersion: string,
  timeoutMs: number,
): Promise<Sent> {
  const waiting = await ledger.waiting()
  let oldest = await ledger.oldest(batching.size, batching.setAside)
  if (oldest.length === 0 && batching.setAside.size > 0) {
    // Only parcels that were refused are left; give each another chance.
    batching.setAside.clear()
    oldest = await ledger.oldest(1, batching.setAside)
  }
  const batch = fitting(oldest, batching.size)
  if (batch.length === 0) return { kind: 'nothing_to_send' }

  const upload: Upload = {
    parcels: batch,
    waiting: waiting.count,
    oldest_waiting_at: waiting.oldestAtMs === null ? null : new Date(waiting.oldestAtMs).toISOString(),
    sent_at: new Date(now()).toISOString(),
    app_version: appVersion,
  }
  const answer = await server.upload(upload, timeoutMs)
  switch (answer.kind) {
    case 'answered': {
      const asked = new Set(batch.map((parcel) => parcel.id))
      const dealtWith = answer.body.answers.filter((one) => asked.has(one.id) && ANSWERS.includes(one.answer))
      // An answer that names nothing of ours settles nothing; taken as a fault so that the loop does not spin.
      if (dealtWith.length === 0) return { kind: 'server_fault', status: 200 }
      await ledger.settle(dealtWith, now())
      batching.wentWell()
      return { kind: 'settled', count: dealtWith.length, contact: answer }
    }
    case 'refused':
      if (answer.status < 500 && ![401, 408, 429].includes(answer.status)) {
        batching.tooMuch(batch)
        return batch.length > 1 || (await othersMayGo()) ? { kind: 'try_less' } : answer
      }
      return answer
    case 'offline':
      // On a thin line 50 sales may never fit into the time allowed; fewer will.
      if (answer.timedOut) batching.tooSlow(batch)
      return answer
    default:
      return answer
  }

  // A few parcels in a row are gone round at once; if every one is refused the fault is not theirs, and a pause is due.
  async function othersMayGo(): Promise<boolean> {
    return batching.setAside.size <= 3 && (await ledger.oldest(1, batching.setAside)).length > 0
  }
}
