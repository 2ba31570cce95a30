// Ties the sync core to this browser: its clock, its events, its signals.
import { adoptNewPrices } from './cart'
import { APP_VERSION, ledger, pairing, storagePersisted, sync } from './device'
import { formerDevicesOf } from '../ledger/former'
import { outboxOf } from '../ledger/outbox'
import { priceListStoreOf } from '../ledger/price_list'
import { dropFact, keepFact, readFact } from '../ledger/schema'
import { type Loop, startLoop, type SyncState } from '../sync/loop'
import type { Clock } from '../sync/ports'
import { serverFor } from '../sync/server'

let loop: Loop | null = null

const browserClock: Clock = {
  now: () => Date.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
}

const browserFetch: typeof fetch = (...request) => fetch(...request)

export const ourServer = (deviceToken: string) => serverFor(deviceToken, browserFetch, () => Date.now())
export { browserFetch }

export const nudgeSync = (): void => loop?.nudge()
export const clockMoved = (byMs: number): void => loop?.clockMoved(byMs)
export const recountSync = async (): Promise<void> => loop?.recount()

function stateChanged(next: SyncState): void {
  const before = sync.value
  sync.value = next
  const db = ledger()
  const kept: Promise<void>[] = []
  if (next.clockOffsetMs !== before.clockOffsetMs) kept.push(keepFact(db, 'clock_offset_ms', next.clockOffsetMs))
  if (next.stopped !== before.stopped)
    kept.push(next.stopped === null ? dropFact(db, 'stopped') : keepFact(db, 'stopped', next.stopped))
  if (next.allSentAtMs !== before.allSentAtMs && next.allSentAtMs !== null)
    kept.push(keepFact(db, 'all_sent_at_ms', next.allSentAtMs))
  Promise.all(kept).catch(() => {}) // all of it is learned again at the next answer
}

export async function startSyncing(): Promise<void> {
  stopSyncing()
  const device = pairing.value
  if (device === null) return
  const db = ledger()
  const [allSentAtMs, clockOffsetMs, stopped] = await Promise.all([
    readFact(db, 'all_sent_at_ms'),
    readFact(db, 'clock_offset_ms'),
    readFact(db, 'stopped'),
  ])
  // Paired, unpaired or started again meanwhile: then this is not the loop that is wanted.
  if (pairing.value?.device_id !== device.device_id || loop !== null) return
  const initial = { allSentAtMs: allSentAtMs ?? null, clockOffsetMs: clockOffsetMs ?? 0, stopped: stopped ?? null }
  sync.value = { ...sync.value, ...initial }
  loop = startLoop({
    server: ourServer(device.device_token),
    ledger: outboxOf(db, device.device_id),
    former: formerDevicesOf(db, device.device_id, ourServer),
    priceLists: priceListStoreOf(db, () => void adoptNewPrices()),
    clock: browserClock,
    random: Math.random,
    appVersion: APP_VERSION,
    storagePersisted: () => storagePersisted.value,
    lastSeq: async () => (await db.get('heads', device.device_id))?.seq ?? 0,
    initial,
    onChange: stateChanged,
  })
}

export function stopSyncing(): void {
  loop?.stop()
  loop = null
}

/** The browser's opinions are hints to look, never answers: onLine stays true behind a dead access point. */
export function listenForHints(): void {
  const look = (): void => nudgeSync()
  addEventListener('online', look)
  addEventListener('offline', look)
  addEventListener('pageshow', look)
  document.addEventListener('visibilitychange', () => loop?.setVisible(document.visibilityState === 'visible'))
}
