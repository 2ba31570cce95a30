// Sends what waits, asks who is inside, and knows when to try again. No browser in it: clock, chance and server come in.
import type {
  GateOnPhone,
  GatePaired,
  GatePairRequest,
  GatePing,
  GatePong,
  GateUnpair,
  GateUnpaired,
  GateUpload,
  GateUploaded,
} from '../wire.gen'
import { pauseMs, probeTimeoutMs } from '../sync/pauses'
import type { Answer, Clock } from '../sync/ports'
import { ask } from '../sync/server'
import {
  countUnsent,
  dropGateFact,
  feedEntriesAgain,
  type GateDb,
  type GateFacts,
  keepGateFact,
  lastSeqOf,
  MAX_ENTRIES,
  oldestUnsent,
  onTheWire,
  readGateFact,
  settleEntries,
} from './ledger'

export interface GateServer {
  upload(token: string, body: GateUpload, timeoutMs: number): Promise<Answer<GateUploaded>>
  ping(token: string, body: GatePing, timeoutMs: number): Promise<Answer<GatePong>>
  pair(body: GatePairRequest, timeoutMs: number): Promise<Answer<GatePaired>>
  unpair(token: string, body: GateUnpair, timeoutMs: number): Promise<Answer<GateUnpaired>>
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const has =
  (...keys: string[]) =>
  (body: unknown): boolean =>
    isRecord(body) && keys.every((key) => key in body)

export function gateServer(fetcher: typeof fetch, now: () => number): GateServer {
  const post = <T>(door: string, body: unknown, timeoutMs: number, look: (b: unknown) => boolean, token?: string) =>
    ask<T>(
      fetcher,
      now,
      'POST',
      `/api/gate/${door}`,
      token === undefined ? { body } : { body, deviceToken: token },
      timeoutMs,
      look,
    )
  return {
    upload: (token, body, timeoutMs) => post('taps', body, timeoutMs, has('answers', 'server_time', 'crowd'), token),
    ping: (token, body, timeoutMs) => post('ping', body, timeoutMs, has('server_time', 'gate', 'crowd'), token),
    pair: (body, timeoutMs) => post('pair', body, timeoutMs, has('device_token', 'gate', 'crowd')),
    unpair: (token, body, timeoutMs) => post('unpair', body, timeoutMs, isRecord, token),
  }
}

export type GateLink = 'unknown' | 'up' | 'down' | 'fault'

export interface GateSync {
  link: GateLink
  clockOffsetMs: number
  crowd: GateFacts['crowd'] | null
  allSentAtMs: number | null
  stopped: GateFacts['stopped'] | null
}

export interface GateNeeds {
  db: GateDb
  deviceId: string
  server: GateServer
  clock: Clock
  random: () => number
  appVersion: string
  initial: GateSync
  onChange(state: GateSync): void
  /** Entries were settled or wait again: the sums of what is unsent are to be read anew. */
  onSettled(): void
  onGate(gate: GateOnPhone): void
}

// The warning must be on the screen within five seconds of the tap that fills the fair.
const IDLE_SEEN_MS = 3_000
const AFTER_TAP_MS = 250
const TIMEOUT_MS = 8_000

export interface GateLoop {
  nudge(): void
  setVisible(visible: boolean): void
  stop(): void
}

export function startGateLoop(needs: GateNeeds): GateLoop {
  const { db, deviceId, server, clock, random, appVersion } = needs
  let state = needs.initial
  let visible = true
  let stopped = false
  let busy = false
  let again = false
  let failures = 0
  let fedFor = -1
  let size = MAX_ENTRIES
  let cancel: () => void = () => {}

  const change = (next: Partial<GateSync>): void => {
    state = { ...state, ...next }
    needs.onChange(state)
  }

  function later(ms: number): void {
    cancel()
    if (!stopped) cancel = clock.after(ms, () => void run())
  }

  async function run(): Promise<void> {
    if (busy || stopped) {
      again = true
      return
    }
    busy = true
    again = false
    let pause = IDLE_SEEN_MS
    try {
      pause = await once()
    } catch {
      pause = 5_000 // the ledger did not answer; what waits is still there
    }
    busy = false
    later(again ? 0 : pause)
  }

  /** One exchange; returns how long to wait before the next. */
  async function once(): Promise<number> {
    const sent = (await sendFrom(deviceId)) ?? (await sendFormer()) ?? (await ping())
    if (stopped) return IDLE_SEEN_MS
    switch (sent.kind) {
      case 'answered':
        failures = 0
        if (state.link !== 'up') change({ link: 'up' })
        if ((await countUnsent(db, deviceId)) > 0) return 0
        return visible ? IDLE_SEEN_MS * (0.75 + 0.25 * random()) : pauseMs({ visible, failures, failed: 'no' }, random)
      case 'offline':
        failures++
        if (state.link !== 'down') change({ link: 'down' })
        if (sent.timedOut) size = Math.max(20, Math.floor(size / 2))
        return pauseMs({ visible, failures, failed: sent.timedOut ? 'timed_out' : 'offline' }, random)
      default:
        failures++
        if (sent.kind === 'refused' && sent.status !== 401) size = Math.max(1, Math.floor(size / 2))
        if (state.link !== 'fault') change({ link: 'fault' })
        return pauseMs({ visible, failures, failed: 'fault' }, random)
    }
  }

  async function sendFrom(id: string): Promise<Answer<unknown> | null> {
    const entries = await oldestUnsent(db, id, size)
    if (entries.length === 0) return null
    const token = ((await readGateFact(db, 'tokens')) ?? {})[id]
    if (token === undefined) return null
    const body: GateUpload = {
      entries: entries.map(onTheWire),
      waiting: await countUnsent(db, id),
      sent_at: new Date(clock.now()).toISOString(),
      app_version: appVersion,
    }
    const answer = await server.upload(token, body, TIMEOUT_MS)
    if (answer.kind !== 'answered') {
      if (id === deviceId) await noteRefusal(answer)
      return answer
    }
    const asked = new Set(entries.map((one) => one.id))
    const settled = await settleEntries(
      db,
      id,
      answer.body.answers.filter((one) => asked.has(one.id)),
    )
    if (settled === 0) return { kind: 'server_fault', status: 200 } // names nothing of ours; not to be spun on
    size = Math.min(MAX_ENTRIES, size * 2)
    if (id !== deviceId) return answer
    await heard(answer, answer.body, answer.body.revoked ? 'gate_device_revoked' : null)
    needs.onSettled()
    if ((await countUnsent(db, id)) === 0) await allSent()
    return answer
  }

  /** What this phone still holds from when it stood at another gate. An unknown one is left alone: nobody takes it. */
  async function sendFormer(): Promise<Answer<unknown> | null> {
    for (const id of Object.keys((await readGateFact(db, 'tokens')) ?? {})) {
      if (id === deviceId || (await countUnsent(db, id)) === 0) continue
      const answer = await sendFrom(id)
      if (answer !== null && answer.kind === 'answered') return answer
    }
    return null
  }

  async function ping(): Promise<Answer<unknown>> {
    const token = ((await readGateFact(db, 'tokens')) ?? {})[deviceId] ?? ''
    const body: GatePing = {
      waiting: await countUnsent(db, deviceId),
      sent_at: new Date(clock.now()).toISOString(),
      app_version: appVersion,
    }
    const answer = await server.ping(token, body, probeTimeoutMs(state.link === 'down', visible))
    if (answer.kind !== 'answered') {
      await noteRefusal(answer)
      return answer
    }
    needs.onGate(answer.body.gate)
    await heard(answer, answer.body, null)
    await allSent()
    const { seq } = answer.body.high_water
    if (seq < (await lastSeqOf(db, deviceId)) && seq !== fedFor) {
      fedFor = seq // once for each number: a gap that nobody can fill must not be sent for ever
      await feedEntriesAgain(db, deviceId, seq)
      needs.onSettled()
    }
    return answer
  }

  async function heard(
    times: { askedAtMs: number; answeredAtMs: number },
    body: GateUploaded | GatePong,
    revoked: GateSync['stopped'],
  ): Promise<void> {
    const clockOffsetMs = Math.round(Date.parse(body.server_time) - (times.askedAtMs + times.answeredAtMs) / 2)
    const crowd = { crowd: body.crowd, at_ms: times.answeredAtMs }
    change({ clockOffsetMs, crowd, stopped: revoked })
    await Promise.all([keepGateFact(db, 'clock_offset_ms', clockOffsetMs), keepGateFact(db, 'crowd', crowd)])
    if (revoked === null) await dropGateFact(db, 'stopped')
    else await keepGateFact(db, 'stopped', revoked)
  }

  async function allSent(): Promise<void> {
    const allSentAtMs = clock.now()
    change({ allSentAtMs })
    await keepGateFact(db, 'all_sent_at_ms', allSentAtMs)
  }

  async function noteRefusal(answer: Answer<unknown>): Promise<void> {
    if (answer.kind !== 'refused' || answer.status !== 401) return
    if (answer.code !== 'gate_device_revoked' && answer.code !== 'gate_device_unknown') return
    change({ stopped: answer.code })
    await keepGateFact(db, 'stopped', answer.code)
  }

  later(0)
  return {
    nudge: () => (busy ? (again = true) : later(failures > 0 ? 0 : AFTER_TAP_MS)),
    setVisible(next) {
      visible = next
      if (next) later(0)
    },
    stop() {
      stopped = true
      cancel()
    },
  }
}
