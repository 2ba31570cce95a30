// Ties ledger, sync and screens of a gate's phone together.
import { computed, effect, signal } from '@preact/signals'
import type { GateOnPhone, GatePaired } from '../wire.gen'
import { fairDay } from '../rules/fair_day'
import type { Answer } from '../sync/ports'
import { crowdLevel, insideShown, NO_SUMS, plus, sumsOf } from './count'
import {
  countUnsent,
  dropGatePairing,
  entriesOfDay,
  type GateDb,
  type GateFacts,
  type GatePairing,
  keepGateFact,
  keepGatePairing,
  type Moment,
  oldestUnsent,
  readGateFact,
  recordTaps,
  type Wanted,
} from './ledger'
import { entriesIn, letGoOfSaved, markTapsSaved, tapsFile } from './taps_file'
import { type GateLoop, gateServer, type GateSync, startGateLoop } from './sync'
import { gateEn, gateVi } from './words'

declare const __APP_VERSION__: string
export const APP_VERSION = __APP_VERSION__

export type Stage = 'opening' | 'other_tab' | 'no_secure_context' | 'ledger_broken' | 'pushed_aside' | 'ready'
export const stage = signal<Stage>('opening')
export const screen = signal<'count' | 'more'>('count')
export const pairing = signal<GatePairing | null>(null)
export const language = signal<'vi' | 'en'>('vi')
export const words = computed(() => (language.value === 'en' ? gateEn : gateVi))
export const sums = signal(NO_SUMS)
/** Taps of earlier days and of an earlier pairing wait too. */
export const unsentAll = signal(0)
export const notRecorded = signal(0)
/** How many people the last undo took back; 0 when there was nothing to undo, null after a tap. */
const takenBack = signal<number | null>(null)
export const said = computed(() => {
  const people = takenBack.value
  return people === null ? '' : people === 0 ? words.value.nothingToUndo : words.value.undone(people)
})
const NO_SYNC: GateSync = { link: 'unknown', clockOffsetMs: 0, crowd: null, allSentAtMs: null, stopped: null }
export const sync = signal<GateSync>(NO_SYNC)
export const tickMs = signal(Date.now())

export const inside = computed(() => insideShown(sync.value.crowd?.crowd ?? null, sums.value.unsentNet))
export const limit = computed(() => sync.value.crowd?.crowd.limit ?? null)
export const level = computed(() => crowdLevel(inside.value, limit.value))

let db: GateDb | null = null
let loop: GateLoop | null = null
let shownDay = ''
const opened = (): GateDb => {
  if (db === null) throw new Error('the ledger is not open yet')
  return db
}

const today = (): string =>
  fairDay(Date.now() + sync.value.clockOffsetMs, pairing.value?.gate.day_boundary_minutes ?? 0)

export async function openState(ledger: GateDb): Promise<void> {
  db = ledger
  language.value = (await readGateFact(ledger, 'language')) ?? 'vi'
  pairing.value = (await readGateFact(ledger, 'pairing')) ?? null
  await startSync()
  setInterval(() => {
    tickMs.value = Date.now()
    if (pairing.value !== null && today() !== shownDay) void recount()
  }, 5_000)
}

effect(() => {
  document.documentElement.lang = language.value
})

export function changeLanguage(): void {
  language.value = language.value === 'vi' ? 'en' : 'vi'
  keepGateFact(opened(), 'language', language.value).catch(() => {}) // a language lost to a full disk is no loss
}

// Sums are read and added to one after the other, so that a tap written during a reading is counted once.
let last: Promise<unknown> = Promise.resolve()
function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const mine = last.then(act, act)
  last = mine.catch(() => {})
  return mine
}

/** Reads what is on the disk: the numbers on the screen are never anything else. */
export const recount = (): Promise<void> =>
  inTurn(async () => {
    const tokens = (await readGateFact(opened(), 'tokens')) ?? {}
    const waiting = await Promise.all(Object.keys(tokens).map((id) => countUnsent(opened(), id)))
    unsentAll.value = waiting.reduce((sum, one) => sum + one, 0)
    const device = pairing.value
    if (device === null) return
    shownDay = today()
    sums.value = sumsOf(await entriesOfDay(opened(), device.device_id, shownDay))
  })

/** After an answer: only what still waits is read again. A day has thousands of entries, and taps must not wait for them. */
const recountUnsent = (): Promise<void> =>
  inTurn(async () => {
    const device = pairing.value
    if (device === null) return
    const waiting = await oldestUnsent(opened(), device.device_id, Infinity)
    const { unsent, unsentNet } = sumsOf(waiting.filter((one) => one.day === shownDay))
    const tokens = Object.keys((await readGateFact(opened(), 'tokens')) ?? {}).filter((id) => id !== device.device_id)
    const former = await Promise.all(tokens.map((id) => countUnsent(opened(), id)))
    unsentAll.value = former.reduce((sum, one) => sum + one, waiting.length)
    sums.value = { ...sums.value, unsent, unsentNet }
  })

// --- counting ---------------------------------------------------------------------------------------------------------

const pending: (Wanted & Moment)[] = []
let writing = false

/** A finger on a button. Counted on the screen once it is on the disk, some milliseconds later. */
export function want(wanted: Wanted): void {
  pending.push({ ...wanted, nowMs: Date.now(), clockOffsetMs: sync.value.clockOffsetMs })
  try {
    navigator.vibrate?.(wanted.kind === 'tap' ? 20 : 60)
  } catch {
    // some browsers have no motor and say so
  }
  void write()
}

/** One writer: taps that come while it is at work are written together next. */
export async function write(): Promise<void> {
  const device = pairing.value
  if (writing || device === null) return
  writing = true
  while (pending.length > 0) {
    const some = pending.slice(0, 100)
    try {
      const written = await inTurn(async () => {
        const entries = await recordTaps(opened(), device, some)
        pending.splice(0, some.length)
        sums.value = plus(sums.value, sumsOf(entries))
        unsentAll.value += entries.length
        return entries
      })
      notRecorded.value = 0
      if (written.some((one) => one.day !== shownDay)) await recount()
      const undo = some.at(-1)?.kind === 'undo'
      const taken = written.at(-1)
      takenBack.value = !undo ? null : taken?.kind === 'undo' ? taken.people : 0
      loop?.nudge()
    } catch {
      notRecorded.value = pending.length // they stay at hand, and the screen is red until they are on the disk
      break
    }
  }
  writing = false
}

// --- talking to the server --------------------------------------------------------------------------------------------

const clock = {
  now: () => Date.now(),
  after(ms: number, act: () => void) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
}
const server = gateServer((...request) => fetch(...request), clock.now)

async function startSync(): Promise<void> {
  loop?.stop()
  loop = null
  const device = pairing.value
  const ledger = opened()
  const [offset, crowd, allSentAtMs, stopped] = await Promise.all([
    readGateFact(ledger, 'clock_offset_ms'),
    readGateFact(ledger, 'crowd'),
    readGateFact(ledger, 'all_sent_at_ms'),
    readGateFact(ledger, 'stopped'),
  ])
  sync.value = {
    ...NO_SYNC,
    clockOffsetMs: offset ?? 0,
    crowd: crowd ?? null,
    allSentAtMs: allSentAtMs ?? null,
    stopped: stopped ?? null,
  }
  await recount()
  if (device === null) return
  loop = startGateLoop({
    db: ledger,
    deviceId: device.device_id,
    server,
    clock,
    random: Math.random,
    appVersion: APP_VERSION,
    initial: sync.value,
    onChange: (next) => (sync.value = next),
    onSettled: () => void recountUnsent(),
    onGate: (gate) => void gateChanged(gate),
  })
}

async function gateChanged(gate: GateOnPhone): Promise<void> {
  const device = pairing.value
  if (device === null || JSON.stringify(gate) === JSON.stringify(device.gate)) return
  pairing.value = { ...device, gate }
  await keepGateFact(opened(), 'pairing', pairing.value)
}

export function listen(): void {
  const look = (): void => loop?.nudge()
  for (const name of ['online', 'offline', 'pageshow']) addEventListener(name, look)
  document.addEventListener('visibilitychange', () => {
    loop?.setVisible(document.visibilityState === 'visible')
    if (document.visibilityState === 'visible') void keepAwake()
  })
}

/** A phone at a gate must not fall asleep between two visitors. */
export async function keepAwake(): Promise<void> {
  try {
    await navigator.wakeLock?.request('screen')
  } catch {
    // low battery: the system decides
  }
}

// --- pairing ----------------------------------------------------------------------------------------------------------

/** null when it went well, otherwise the sentence to show. */
export type Outcome = string | null

function sentence(answer: Exclude<Answer<unknown>, { kind: 'answered' }>): string {
  const say = words.value
  if (answer.kind === 'offline') return say.offlineNow
  return answer.kind === 'refused' ? (say.refusals[answer.code] ?? say.refusedOther(answer.code)) : say.serverBusy
}

export async function pairPhone(code: string, name: string): Promise<Outcome> {
  const body = { code: code.trim().toUpperCase(), name: name.trim().slice(0, 100) }
  const answer: Answer<GatePaired> = await server.pair(body, 8_000)
  if (answer.kind !== 'answered') return sentence(answer)
  const offset = Math.round(Date.parse(answer.body.server_time) - (answer.askedAtMs + answer.answeredAtMs) / 2)
  try {
    pairing.value = await keepGatePairing(opened(), answer.body, offset)
  } catch {
    return words.value.ledgerBroken
  }
  history.replaceState(null, '', '/gate/') // the code is used up
  screen.value = 'count'
  await startSync()
  void navigator.storage?.persist?.().catch(() => {})
  return null
}

export async function unpairPhone(): Promise<Outcome> {
  const device = pairing.value
  if (device === null) return null
  if ((await countUnsent(opened(), device.device_id)) > 0) return words.value.refusals['taps_waiting']!
  const answer = await server.unpair(device.device_token, { waiting: 0 }, 8_000)
  if (answer.kind === 'offline') return words.value.unpairNeedsNet
  if (answer.kind !== 'answered' && !(answer.kind === 'refused' && answer.status === 401)) return sentence(answer)
  await forgetPairing()
  return null
}

/** Back to the pairing screen. What still waits stays on the phone and is handed in with the secret it was tapped under. */
export async function forgetPairing(): Promise<void> {
  loop?.stop()
  loop = null
  if (pairing.value !== null && sync.value.stopped === 'gate_device_unknown')
    await letGoOfSaved(opened(), pairing.value.device_id)
  savedToFile.value = null
  await dropGatePairing(opened())
  pairing.value = null
  sums.value = NO_SUMS
  screen.value = 'count'
  await startSync()
}

/** How many taps the file holds that was saved last; null before one was saved. */
export const savedToFile = signal<number | null>(null)

export async function saveTaps(): Promise<Outcome> {
  const forgotten = sync.value.stopped === 'gate_device_unknown' ? (pairing.value?.device_id ?? null) : null
  const file = await tapsFile(opened(), forgotten)
  const count = entriesIn(file)
  const url = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `luot-dem-${count}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
  if (forgotten !== null) await markTapsSaved(opened(), file, forgotten)
  savedToFile.value = count
  return null
}

export type { GateFacts }
