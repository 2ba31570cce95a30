// When to send. Pure of DOM: the simulator under node and the page run the same file.
import { fairDay } from '../rules/fair_day'
import type { HighWater } from '../wire.gen'
import { fetchPriceList } from './fetch_price_list'
import { FormerSender } from './former'
import { type Link, pauseMs, PING_TIMEOUT_MS, probeTimeoutMs, shownLink, type Situation } from './pauses'
import type { Answer, Clock, FormerDevices, NewestList, OutboxLedger, PriceListStore, Server, Waiting } from './ports'
import { Batching, sendOldest } from './send'

export interface SyncState {
  link: Link // as shown, flicker removed
  waiting: Waiting
  allSentAtMs: number | null
  clockOffsetMs: number
  stopped: 'device_revoked' | 'device_unknown' | null
}

export interface LoopParts {
  server: Server
  ledger: OutboxLedger
  former: FormerDevices
  priceLists: PriceListStore
  clock: Clock
  random: () => number
  appVersion: string
  storagePersisted: () => boolean
  /** Last number given to a sale on this tablet. */
  lastSeq: () => Promise<number>
  initial: Pick<SyncState, 'allSentAtMs' | 'clockOffsetMs' | 'stopped'>
  onChange: (state: SyncState) => void
}

/** Stars begin and end with the fair day, so a list is good for one day even when no price has changed. */
function isOfToday(list: NewestList, serverTime: string): boolean {
  const boundary = list.dayBoundaryMinutes
  return fairDay(list.madeAtMs, boundary) === fairDay(Date.parse(serverTime), boundary)
}

/** Only our server's own words stop a till; any other 401 is a fault that passes. */
export function letGo(answer: Answer<unknown>): SyncState['stopped'] {
  if (answer.kind !== 'refused' || answer.status !== 401) return null
  return answer.code === 'device_revoked' || answer.code === 'device_unknown' ? answer.code : null
}

function together(one: Waiting, other: Waiting): Waiting {
  const known = [one.oldestAtMs, other.oldestAtMs].filter((at) => at !== null)
  return { count: one.count + other.count, oldestAtMs: known.length === 0 ? null : Math.min(...known) }
}

export interface Loop {
  /** Something happened that makes an attempt worth while: a sale, the screen came back, the browser thinks it is online. */
  nudge(): void
  setVisible(visible: boolean): void
  /** The tablet's clock was set: what was measured against it moves along, until the server's next answer. */
  clockMoved(byMs: number): void
  /** Re-reads the outbox without talking to anybody. */
  recount(): Promise<void>
  stop(): void
}

export function startLoop(parts: LoopParts): Loop {
  const { server, ledger, clock, random } = parts
  const batching = new Batching()
  const former = new FormerSender(parts.former, clock, parts.appVersion)
  let own: Waiting = { count: 0, oldestAtMs: null }
  const situation: Situation = { visible: true, failures: 0, failed: 'no' }
  const state: SyncState = { link: 'unknown', waiting: { count: 0, oldestAtMs: null }, ...parts.initial }
  let measured: Link = 'unknown'
  let linkChangedAtMs = -Infinity
  let cancelTimer = (): void => {}
  let cancelShow = (): void => {}
  let running = false
  let again = false
  let over = false
  let straddled = false
  let listUnderWay = false
  let listAsked = false
  let fedAgainFor: number | null = null

  // After stop() the ledger may belong to another pairing: whatever an exchange under way still brings is not ours to write.
  function show(): void {
    if (over) return
    const now = clock.now()
    const link = shownLink(state.link, linkChangedAtMs, measured, now)
    if (link !== state.link) {
      // The first answer after a start is not a change anybody could call flicker.
      linkChangedAtMs = state.link === 'unknown' ? -Infinity : now
      state.link = link
    }
    cancelShow()
    if (state.link !== measured) cancelShow = clock.after(500, show)
    parts.onChange({ ...state })
  }

  async function recount(): Promise<void> {
    const [ours, theirs] = [await ledger.waiting(), await parts.former.waiting()]
    if (over) return
    const hadSome = state.waiting.count > 0
    own = ours
    state.waiting = together(ours, theirs)
    if (state.waiting.count > 0) state.allSentAtMs = null
    else if (hadSome || (state.allSentAtMs === null && measured === 'up')) state.allSentAtMs = clock.now()
    show()
  }

  function failed(how: 'offline' | 'timed_out' | 'fault'): void {
    situation.failures++
    situation.failed = how
    if (how === 'fault') measured = 'fault'
    // One refused connection may be a blip and is tried again after a second; eight seconds of silence are not.
    else if (how === 'timed_out' || situation.failures >= 2) measured = 'down'
  }

  function heard(): void {
    situation.failures = 0
    situation.failed = 'no'
    measured = 'up'
  }

  async function contact(
    answer: Extract<
      Answer<{ server_time: string; price_list_version: number; high_water: HighWater }>,
      { kind: 'answered' }
    >,
    revoked: boolean,
  ): Promise<void> {
    heard()
    // The server's clock was read somewhere between asking and answering; the middle is off by half the way at most.
    const offset = Math.round(Date.parse(answer.body.server_time) - (answer.askedAtMs + answer.answeredAtMs) / 2)
    if (Number.isFinite(offset) && !straddled) state.clockOffsetMs = offset
    straddled = false
    state.stopped = revoked ? 'device_revoked' : null
    if (!revoked) void refreshPriceList(answer.body)
    await feedRestoredServer(answer.body.high_water)
    if (!over && own.count === 0 && (await former.sendOnce())) again = true
  }

  /** A server brought back from a backup has forgotten sales it once answered for; the tablet still has them. */
  async function feedRestoredServer({ seq }: HighWater): Promise<void> {
    own = await ledger.waiting()
    if (over || own.count > 0) return
    const lastSeq = await parts.lastSeq()
    if (over) return
    if (seq >= lastSeq) {
      fedAgainFor = null
      return
    }
    // Once per number: were the server never to count a parcel it keeps, we would send it for ever.
    if (fedAgainFor === seq) return
    fedAgainFor = seq
    if ((await ledger.feedAgain(seq)) > 0) again = true
  }

  async function refreshPriceList(heardNow: { price_list_version: number; server_time: string }): Promise<void> {
    if (listUnderWay) return
    listUnderWay = true
    try {
      const newest = await parts.priceLists.newest()
      // Asked for at every start: what is not in the version, as the address of the receipts, comes only this way.
      const isSame = newest?.version === heardNow.price_list_version && isOfToday(newest, heardNow.server_time)
      if (over || (isSame && listAsked)) return
      if (await fetchPriceList(server, parts.priceLists, () => !over)) listAsked = true
    } catch {
      // The disk would not take it; the list in hand still sells.
    } finally {
      listUnderWay = false
    }
  }

  function notAnswered(answer: Exclude<Answer<unknown>, { kind: 'answered' }>): void {
    switch (answer.kind) {
      case 'offline':
        return failed(answer.timedOut ? 'timed_out' : 'offline')
      case 'server_fault':
        return failed('fault')
      case 'refused':
        if (letGo(answer) !== null) {
          // The line works, we are just not welcome. Everything is kept, nothing more is sold; a person must look.
          state.stopped = letGo(answer)
          situation.failures++
          situation.failed = 'fault'
          measured = 'up'
          return
        }
        return failed('fault')
      case 'not_modified':
        return heard()
    }
  }

  /** One exchange with the server. Returns whether more should be sent at once. */
  async function exchange(): Promise<boolean> {
    const isDown = measured === 'down' || measured === 'unknown'
    // While the line is thought dead a ping is cheaper than fifty sales; a revoked device is only heard at the commands door.
    if (own.count === 0 || (isDown && state.stopped === null)) {
      const pong = await server.ping(
        {
          waiting: own.count,
          oldest_waiting_at: own.oldestAtMs === null ? null : new Date(own.oldestAtMs).toISOString(),
          sent_at: new Date(clock.now()).toISOString(),
          app_version: parts.appVersion,
          storage_persisted: parts.storagePersisted(),
        },
        probeTimeoutMs(measured === 'down', situation.visible),
      )
      if (over) return false
      if (pong.kind === 'answered') {
        await contact(pong, false)
        return own.count > 0
      }
      notAnswered(pong)
      return letGo(pong) !== null && own.count > 0
    }
    const sent = await sendOldest(server, ledger, batching, clock.now, parts.appVersion, PING_TIMEOUT_MS)
    if (over) return false
    switch (sent.kind) {
      case 'settled':
        await contact(sent.contact, sent.contact.body.revoked)
        return true
      case 'try_less':
        return true
      case 'nothing_to_send':
        return false
      default:
        notAnswered(sent)
        return false
    }
  }

  async function run(): Promise<void> {
    if (running || over) {
      again = true
      return
    }
    running = true
    cancelTimer()
    try {
      do {
        again = false
        await recount()
        if (over) return
        const more = await exchange()
        await recount()
        if (more && own.count > 0) again = true
      } while (again && !over)
    } catch {
      // The ledger itself failed (disk, closed by a newer tab). Sales say so by themselves; here only try later.
      failed('fault')
      show()
    } finally {
      running = false
      if (!over) cancelTimer = clock.after(pauseMs(situation, random), () => void run())
    }
  }

  void run()
  return {
    nudge: () => void run(),
    setVisible(visible) {
      situation.visible = visible
      if (visible) void run()
    },
    clockMoved(byMs) {
      state.clockOffsetMs -= byMs
      straddled = running // an answer under way was asked by one clock and read by another
      show()
      void run()
    },
    recount,
    stop() {
      over = true
      cancelTimer()
      cancelShow()
    },
  }
}
