// A gate, a server that remembers taps, and a clock that moves when told to.
import type { GateOnPhone, GatePaired, GatePing, GatePong, GateUpload, GateUploaded } from '../src/wire.gen'
import type { GateServer } from '../src/gate/sync'
import type { GatePairing } from '../src/gate/ledger'
import type { Answer } from '../src/sync/ports'

export const gate: GateOnPhone = {
  id: '01936f5e-7a3b-7c1d-8e2f-000000000001',
  name: 'Cổng chính',
  counts_in: true,
  counts_out: true,
  edition_id: '01936f5e-7a3b-7c1d-8e2f-000000000002',
  edition: 'Hội chợ thử',
  day_boundary_minutes: 240,
}
export const pairing: GatePairing = { device_id: 'd1', device_token: 'secret-d1', gate }
const calm = { people: 0, limit: null, level: 'calm', entries: 0 } as const
export const paired = (device_id: string): GatePaired => ({
  device_id,
  device_token: `secret-${device_id}`,
  gate,
  crowd: calm,
  server_time: '2026-11-24T03:00:00.000Z',
})

export type Weather = 'fine' | 'offline' | 'timeout' | 'answer_lost' | 'fault' | 'revoked' | 'unknown'

export class FakeGateServer implements GateServer {
  weather: Weather = 'fine'
  readonly stored = new Map<string, number>() // id → people in less out
  readonly seqs = new Map<string, Set<number>>()
  limit: number | null = null
  others = 0
  uploads: number[] = []
  pings = 0

  constructor(private readonly now: () => number) {}

  private common(token: string) {
    const seqs = this.seqs.get(token) ?? new Set()
    let seq = 0
    while (seqs.has(seq + 1)) seq++
    const people = Math.max(0, this.others + [...this.stored.values()].reduce((sum, one) => sum + one, 0))
    return {
      server_time: new Date(this.now()).toISOString(),
      high_water: { seq, count: seqs.size },
      crowd: { people, limit: this.limit, level: 'calm' as const, entries: 0 },
    }
  }

  private answered<T>(body: T): Answer<T> {
    return { kind: 'answered', body, etag: null, askedAtMs: this.now(), answeredAtMs: this.now() }
  }

  private trouble<T>(): Answer<T> | null {
    if (this.weather === 'offline') return { kind: 'offline', timedOut: false }
    if (this.weather === 'timeout') return { kind: 'offline', timedOut: true }
    if (this.weather === 'fault') return { kind: 'server_fault', status: 503 }
    if (this.weather === 'unknown') return { kind: 'refused', status: 401, code: 'gate_device_unknown', facts: {} }
    return null
  }

  async upload(token: string, body: GateUpload): Promise<Answer<GateUploaded>> {
    const trouble = this.trouble<GateUploaded>()
    if (trouble !== null) return trouble
    this.uploads.push(body.entries.length)
    const seqs = this.seqs.get(token) ?? new Set<number>()
    this.seqs.set(token, seqs)
    const answers = body.entries.map((entry) => {
      const known = this.stored.has(entry.id)
      const people =
        entry.kind === 'undo'
          ? -(this.stored.get(entry.undoes) ?? 0)
          : entry.people * (entry.direction === 'in' ? 1 : -1)
      this.stored.set(entry.id, people)
      seqs.add(entry.seq)
      return { id: entry.id, answer: known ? ('already_have' as const) : ('stored' as const), reason: null }
    })
    if (this.weather === 'answer_lost') return { kind: 'offline', timedOut: true }
    return this.answered({ answers, revoked: this.weather === 'revoked', ...this.common(token) })
  }

  async ping(token: string, _body: GatePing): Promise<Answer<GatePong>> {
    this.pings++
    if (this.weather === 'revoked') return { kind: 'refused', status: 401, code: 'gate_device_revoked', facts: {} }
    return this.trouble<GatePong>() ?? this.answered({ gate, ...this.common(token) })
  }

  pair = async (): Promise<never> => Promise.reject(new Error('not part of the loop'))
  unpair = async (): Promise<never> => Promise.reject(new Error('not part of the loop'))
}

/** Time passes only between the phone's own waits; IndexedDB's real ones are waited for. */
export class FakeGateClock {
  ms = Date.parse('2026-11-24T03:00:00Z')
  private timers: { at: number; act: () => void }[] = []
  now = (): number => this.ms
  after = (ms: number, act: () => void): (() => void) => {
    const timer = { at: this.ms + ms, act }
    this.timers.push(timer)
    return () => (this.timers = this.timers.filter((one) => one !== timer))
  }
  async pass(ms: number): Promise<void> {
    const until = this.ms + ms
    for (;;) {
      // An idle loop always has its next turn on the clock: without one the ledger still has something under way.
      do await new Promise((done) => setTimeout(done, 1))
      while (this.timers.length === 0)
      const next = this.timers.toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined || next.at > until) break
      this.ms = Math.max(this.ms, next.at)
      this.timers = this.timers.filter((one) => one !== next)
      next.act()
    }
    this.ms = until
  }
}
