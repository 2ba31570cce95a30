// A fair in memory: a clock that jumps, a server that forgets to answer, an outbox. Everything the sync core can see.
import type { Parcel, ParcelAnswer, Ping, Pong, PriceList, Upload, Uploaded } from '../src/wire.gen'
import { startLoop, type Loop, type SyncState } from '../src/sync/loop'
import type { Answer, Clock, FormerDevices, OutboxLedger, PriceListStore, Server } from '../src/sync/ports'
import { NOW, priceList } from './builders'

export class FakeClock implements Clock {
  ms = NOW
  /** Work that no timer knows of, such as a database's. */
  isBusy = (): boolean => false
  private timers: { at: number; act: () => void }[] = []
  now = (): number => this.ms
  after(ms: number, act: () => void): () => void {
    const timer = { at: this.ms + ms, act }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((one) => one !== timer)
    }
  }
  /** Lets time pass, timer by timer, and lets what they started come to rest. */
  async pass(ms: number): Promise<void> {
    const end = this.ms + ms
    for (;;) {
      await this.rest()
      const next = this.timers.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.timers = this.timers.filter((one) => one !== next)
      this.ms = Math.max(this.ms, next.at)
      next.act()
    }
    this.ms = end
    await this.rest()
  }
  private async rest(): Promise<void> {
    do await rest()
    while (this.isBusy())
  }
}

// A macrotask: every promise that can go on has gone on by then.
export const rest = (): Promise<void> => new Promise((done) => setImmediate(done))

/** An outbox and the way to fill it; `left` and `gone` are what a test compares with the server. */
export interface SellingLedger extends OutboxLedger {
  sell(atMs: number, bytes?: number): void
  lastSeq(): Promise<number>
  left(): Promise<string[]>
  gone(): Promise<string[]>
}

export class FakeLedger implements SellingLedger {
  sales: (Parcel & { atMs: number })[] = []
  waitingIds = new Set<string>()
  answers = new Map<string, string>()
  sell(atMs: number, bytes = 200): void {
    const seq = this.sales.length + 1
    const id = `sale-${seq}`
    this.sales.push({ id, seq, prev_hash: '', hash: '', text: 'x'.repeat(bytes), atMs })
    this.waitingIds.add(id)
  }
  lastSeq = async () => this.sales.length
  left = async () => [...this.waitingIds]
  gone = async () => this.sales.map((sale) => sale.id).filter((id) => !this.waitingIds.has(id))
  private get queue() {
    return this.sales.filter((sale) => this.waitingIds.has(sale.id))
  }
  waiting = async () => ({ count: this.waitingIds.size, oldestAtMs: this.queue[0]?.atMs ?? null })
  oldest = async (limit: number, skip: ReadonlySet<string>) =>
    this.queue
      .filter((sale) => !skip.has(sale.id))
      .slice(0, limit)
      .map(({ atMs: _at, ...parcel }) => parcel)
  settle = async (answers: readonly ParcelAnswer[]) => {
    for (const { id, answer } of answers) {
      this.waitingIds.delete(id)
      this.answers.set(id, answer)
    }
  }
  feedAgain = async (afterSeq: number) => {
    const again = this.sales.filter((sale) => sale.seq > afterSeq)
    for (const sale of again) this.waitingIds.add(sale.id)
    return again.length
  }
}

export type Weather =
  | 'fine'
  | 'refused_connection'
  | 'black_hole'
  | 'answer_lost'
  | 'html'
  | 'server_fault'
  | 'busy_429'
  | 'unknown_device'
  | 'gate_401'
  | 'revoked'

export class FakeServer implements Server {
  stored = new Map<string, number>() // id -> how often it was really written
  seqs = new Set<number>()
  weather: Weather = 'fine'
  largest = Infinity // parcels per upload before 413
  poison = new Set<string>() // ids that make any upload 400
  clockAheadMs = 0
  listVersion = 1
  uploads: number[] = []
  pings = 0
  lists = 0
  constructor(readonly clock: FakeClock) {}

  private fault(): Answer<never> | null {
    switch (this.weather) {
      case 'fine':
      case 'answer_lost':
        return null
      case 'refused_connection':
      case 'html':
        return { kind: 'offline', timedOut: false }
      case 'black_hole':
        return { kind: 'offline', timedOut: true }
      case 'server_fault':
        return { kind: 'server_fault', status: 500 }
      case 'busy_429':
        return { kind: 'refused', status: 429, code: 'http_429', facts: {} }
      case 'unknown_device':
        return { kind: 'refused', status: 401, code: 'device_unknown', facts: {} }
      case 'gate_401':
        return { kind: 'refused', status: 401, code: 'sign_in_first', facts: {} }
      case 'revoked':
        return { kind: 'refused', status: 401, code: 'device_revoked', facts: {} }
    }
  }
  private answered<T>(body: T): Answer<T> {
    const at = this.clock.now()
    return { kind: 'answered', body, etag: null, askedAtMs: at - 100, answeredAtMs: at + 100 }
  }
  private get common() {
    let seq = 0
    while (this.seqs.has(seq + 1)) seq++
    return {
      server_time: new Date(this.clock.now() + this.clockAheadMs).toISOString(),
      price_list_version: this.listVersion,
      high_water: { seq, count: this.stored.size },
    }
  }

  async upload(body: Upload): Promise<Answer<Uploaded>> {
    this.uploads.push(body.parcels.length)
    const fault = this.weather === 'revoked' ? null : this.fault()
    if (fault !== null) return fault
    if (body.parcels.length > this.largest) return { kind: 'refused', status: 413, code: 'http_413', facts: {} }
    if (body.parcels.some((parcel) => this.poison.has(parcel.id)))
      return { kind: 'refused', status: 400, code: 'wrong_shape', facts: {} }
    const answers: ParcelAnswer[] = body.parcels.map(({ id, seq }) => {
      if (this.stored.has(id)) return { id, answer: 'already_have', reason: null }
      this.stored.set(id, 1)
      this.seqs.add(seq)
      return { id, answer: 'stored', reason: null }
    })
    if (this.weather === 'answer_lost') return { kind: 'offline', timedOut: true }
    return this.answered({ answers, ...this.common, revoked: this.weather === 'revoked' })
  }
  async ping(_body: Ping): Promise<Answer<Pong>> {
    this.pings++
    const fault = this.fault()
    if (fault !== null) return fault
    return this.weather === 'answer_lost' ? { kind: 'offline', timedOut: true } : this.answered(this.common)
  }
  async priceList(): Promise<Answer<PriceList>> {
    this.lists++
    const made = new Date(this.clock.ms + this.clockAheadMs).toISOString()
    return this.fault() ?? this.answered({ ...priceList(this.listVersion), server_time: made })
  }
  signIn = (): never => this.unused()
  unpair = (): never => this.unused()
  private unused(): never {
    throw new Error('not part of the sync core')
  }
}

const NOBODY: FormerDevices = { waiting: async () => ({ count: 0, oldestAtMs: null }), withParcels: async () => [] }

interface Given {
  stopped?: SyncState['stopped']
  list?: PriceList
  former?: FormerDevices
}

export const world = (given: Given = {}) => worldWith(new FakeLedger(), given)

export function worldWith<L extends SellingLedger>(ledger: L, given: Given = {}) {
  const clock = new FakeClock()
  const server = new FakeServer(clock)
  let kept: PriceList | null = given.list ?? null
  const priceLists: PriceListStore = {
    newest: async () =>
      kept === null
        ? null
        : { version: kept.version, etag: null, madeAtMs: Date.parse(kept.server_time), dayBoundaryMinutes: 240 },
    keepNext: async (list) => void (kept = list),
  }
  const seen: SyncState[] = []
  const loop: Loop = startLoop({
    server,
    ledger,
    former: given.former ?? NOBODY,
    priceLists,
    clock,
    random: () => 1,
    appVersion: 'test',
    storagePersisted: () => true,
    lastSeq: () => ledger.lastSeq(),
    initial: { allSentAtMs: null, clockOffsetMs: 0, stopped: given.stopped ?? null },
    onChange: (state) => seen.push(state),
  })
  const sell = (count = 1, bytes?: number): void => {
    for (let at = 0; at < count; at++) ledger.sell(clock.now(), bytes)
    loop.nudge()
  }
  /** For what takes longer than the clock knows of: the real ledger's transactions. */
  async function until(holds: () => Promise<boolean>): Promise<void> {
    for (let round = 0; round < 200 && !(await holds()); round++) await clock.pass(100)
  }
  return { clock, ledger, server, loop, seen, sell, until, state: () => seen.at(-1)!, list: () => kept }
}
