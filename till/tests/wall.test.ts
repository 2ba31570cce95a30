// The wall asks every three seconds, knows how old its figures are, and stops asking when it is told to.
import { describe, expect, test } from 'vitest'
import { mainDong, shortDong } from '../src/wall/amounts'
import { clockOf, hoursSoFar, isBoard, markOfNow, minuteOf, type WallBoard } from '../src/wall/board'
import { draw } from '../src/wall/chart'
import {
  ageMs,
  askWith,
  EVERY_MS,
  freshness,
  LONGEST_PAUSE_MS,
  OLD_AFTER_MS,
  watch,
  type AskBoard,
  type Watched,
} from '../src/wall/watch'
import { wallEn, wallVi } from '../src/wall/words'
import type { Answer } from '../src/sync/ports'

const board = (changes: Partial<WallBoard> = {}): WallBoard => ({
  v: 1,
  edition: 'Hội chợ thử',
  place: '',
  day: '2026-11-24',
  day_number: 2,
  phase: 'running',
  server_time: '2026-11-24T03:30:00.500Z', // 10:30 in Vietnam
  read_at: '2026-11-24T03:30:00.000Z',
  newest_receipt_at: null,
  net_dong: 3_000_000,
  receipts: 3,
  visitors: null,
  booths_selling: 1,
  booths: 2,
  hours: [8, 9, 10, 11].map((hour) => ({ hour, net_dong: (hour - 8) * 1_000_000, before_dong: 500_000 })),
  compared: { edition: 'Hội chợ năm ngoái', day: '2025-11-25' },
  top_kind: 'products',
  top: [],
  marks: [],
  badge: { complete: 0, total: 0, until: null, waiting: 0, is_final: false },
  crowd: { people: null, limit: null, level: 'calm' },
  sample: false,
  ...changes,
})

const words = { million: 'tr', billion: 'tỷ' }

describe('amounts', () => {
  test.each([
    [950, '950'],
    [84_500, '84,5k'],
    [12_450_000, '12,5 tr'],
    [999_950_000, '1 tỷ'],
    [1_487, '1.487'],
    [1_450_000, '1,45 tr'],
    [9_994_999, '9,99 tr'],
    [9_995_000, '10 tr'],
    [999_950, '1 tr'],
    [1_000_000_000, '1 tỷ'],
    [-2_000_000, '−2 tr'],
    [1_234_500_000_000, '1.234,5 tỷ'],
  ])('%i is short as %s', (dong, text) => expect(shortDong(dong, words)).toBe(text))

  test('the main number is whole đồng while it fits', () => {
    expect(mainDong(9_999_999_999, words)).toEqual({ number: '9.999.999.999', unit: '₫' })
    expect(mainDong(34_445_250_000, words)).toEqual({ number: '34.445', unit: 'tr ₫' })
    expect(mainDong(-5_000, words).number).toBe('−5.000')
  })
})

describe('time', () => {
  test('is Vietnam’s, whatever the display’s own zone', () => {
    expect(clockOf(Date.parse('2026-11-24T18:05:59Z'))).toBe('01:05')
    expect(minuteOf(Date.parse('2026-11-24T18:05:59Z'))).toBe(65)
  })

  test('hours end with the one that runs', () => {
    expect(hoursSoFar(board()).map((one) => one.hour)).toEqual([8, 9, 10])
    const early = board({ server_time: '2026-11-24T00:10:00Z', net_dong: 0 })
    expect(hoursSoFar(early)).toEqual([])
    // Sold in the night, after the last hour of the curve and before the first: all of it has run.
    expect(hoursSoFar(board({ server_time: '2026-11-24T17:10:00Z' }))).toHaveLength(4)
    const late = board({ server_time: '2026-11-24T16:10:00Z' })
    expect(hoursSoFar(late)).toHaveLength(4)
    expect(hoursSoFar(board({ phase: 'after' }))).toHaveLength(4)
  })

  test('the mark shown is the one that runs, else the next', () => {
    const marks = [540, 620, 700].map((minute) => ({ minute, kind: 'opening', title: String(minute) }))
    expect(markOfNow(board({ marks }))?.title).toBe('620')
    expect(markOfNow(board({ marks: marks.slice(2) }))?.title).toBe('700')
    expect(markOfNow(board({ marks: marks.slice(0, 1) }))).toBeNull()
  })

  test('after midnight the morning’s mark does not come again, and one of the night does', () => {
    const night = { server_time: '2026-11-24T17:30:00Z' } // 00:30 of the 25th in Vietnam, in the fair day of the 24th
    const marks = [540, 24 * 60 + 60].map((minute) => ({ minute, kind: 'opening', title: String(minute) }))
    expect(markOfNow(board({ ...night, marks: marks.slice(0, 1) }))).toBeNull()
    expect(markOfNow(board({ ...night, marks }))?.title).toBe('1500')
    expect(markOfNow(board({ marks: marks.slice(1) }))?.title).toBe('1500')
  })
})

describe('the chart', () => {
  const size = { width: 1120, height: 440 }

  test('draws today up to now and the edition before to its end', () => {
    const drawn = draw(board(), size)
    expect(drawn.today.map((one) => one.hour)).toEqual([8, 9])
    expect(drawn.running?.hour, 'an hour that runs is a dot by itself: the line would plunge at every full hour').toBe(
      10,
    )
    expect(draw(board({ phase: 'after' }), size).running).toBeNull()
    expect(drawn.before).toHaveLength(4)
    expect(drawn.peak?.dong).toBe(2_000_000)
    expect(drawn.todayPath).toMatch(/^M/)
  })

  test('keeps every point and number inside, refunds below zero', () => {
    const hours = board().hours.map((one) => ({ ...one, net_dong: one.hour === 9 ? -4_000_000 : one.net_dong }))
    const { today, before, zeroY } = draw(board({ hours }), size)
    for (const { x, y } of [...today, ...before]) {
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x).toBeLessThanOrEqual(size.width)
      expect(y).toBeGreaterThanOrEqual(0)
      expect(y).toBeLessThanOrEqual(size.height)
    }
    expect(today[1]!.y).toBeGreaterThan(zeroY)
  })

  test('stands on zero and has room for a number over its peak', () => {
    const { zeroY, peak } = draw(board(), size)
    expect(zeroY).toBeLessThanOrEqual(size.height - 92)
    expect(peak!.y).toBeGreaterThanOrEqual(92)
  })

  test('an empty day and a day of one hour are drawn', () => {
    expect(draw(board({ hours: [] }), size).ticks).toEqual([])
    const empty = draw(board({ hours: board().hours.map((one) => ({ ...one, net_dong: 0, before_dong: null })) }), size)
    expect(empty.peak).toBeNull()
    expect(empty.before).toEqual([])
    expect(draw(board({ hours: [{ hour: 9, net_dong: 5, before_dong: null }] }), size).todayPath).not.toContain('NaN')
  })

  test('numbers below never touch: at most one in 210 pixels', () => {
    const hours = Array.from({ length: 24 }, (_, hour) => ({ hour, net_dong: 1, before_dong: null }))
    const { ticks } = draw(board({ hours }), size)
    expect(ticks.length).toBeLessThanOrEqual(5)
    expect(ticks[0]!.hour).toBe(0)
  })
})

type Said = Answer<WallBoard | { v: number }>
const answered = (body: WallBoard | { v: number }, askedAtMs: number): Said => ({
  kind: 'answered',
  body,
  etag: null,
  askedAtMs,
  answeredAtMs: askedAtMs + 20,
})
const offline: Said = { kind: 'offline', timedOut: false }

/** A display with a clock that moves when told to, and a server that says what it is told to. */
class World {
  ms = 1_000
  asked: number[] = []
  states: Watched[] = []
  private timer: { atMs: number; run: () => void } | null = null
  readonly stop: () => void

  constructor(public say: (askedAtMs: number) => Said = (askedAtMs) => answered(board(), askedAtMs)) {
    const ask: AskBoard = () => {
      this.asked.push(this.ms)
      return Promise.resolve(this.say(this.ms))
    }
    this.stop = watch({
      ask: (timeoutMs) => ask(timeoutMs),
      steadyNow: () => this.ms,
      after: (ms, run) => {
        const mine = { atMs: this.ms + ms, run }
        this.timer = mine
        return () => {
          if (this.timer === mine) this.timer = null
        }
      },
      random: () => 1,
      onChange: (state) => this.states.push(state),
    })
  }

  get state(): Watched {
    return this.states.at(-1)!
  }

  async pass(ms: number): Promise<void> {
    const until = this.ms + ms
    await this.settle()
    while (this.timer !== null && this.timer.atMs <= until) {
      const { atMs, run } = this.timer
      this.timer = null
      this.ms = atMs
      run()
      await this.settle()
    }
    this.ms = until
  }

  private async settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
  }
}

describe('watching', () => {
  test('asks every three seconds', async () => {
    const world = new World()
    await world.pass(60_000)
    expect(world.asked).toHaveLength(21)
    expect(world.asked[1]! - world.asked[0]!).toBe(EVERY_MS)
    expect(world.state.link).toBe('up')
    expect(world.state.answers).toBe(21)
  })

  test('asks three seconds after it asked, however long the answer took: five seconds is what is promised', async () => {
    const world = new World()
    world.say = (askedAtMs) => {
      world.ms += 2_000
      return answered(board(), askedAtMs)
    }
    await world.pass(60_000)
    const pauses = world.asked.slice(2).map((at, i) => at - world.asked[i + 1]!)
    expect(new Set(pauses)).toEqual(new Set([EVERY_MS]))
  })

  test('stopped while an answer is on its way, it takes nothing in and asks no more', async () => {
    let answer: (said: Said) => void = () => {}
    let asked = 0
    const states: Watched[] = []
    const timers: (() => void)[] = []
    const stop = watch({
      ask: () => {
        asked++
        return new Promise<Said>((resolve) => (answer = resolve))
      },
      steadyNow: () => 0,
      after: (_ms, run) => {
        timers.push(run)
        return () => {}
      },
      random: () => 1,
      onChange: (state) => states.push(state),
    })
    stop()
    answer(answered(board(), 0))
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    expect([asked, timers.length, states.length], 'a new address would be asked beside the old one for ever').toEqual([
      1, 0, 0,
    ])
  })

  test('knows how old the figures are, and is never too hopeful', async () => {
    const world = new World()
    await world.pass(1)
    // Asked at 1.000; the server says it read them half a second before it answered.
    expect(world.state.readAtMs).toBe(500)
    expect(ageMs(world.state, 3_500)).toBe(3_000)
    expect(ageMs(world.state, 0)).toBe(0)
  })

  test('says when the figures are old and why, and is fresh again by itself', async () => {
    const world = new World()
    await world.pass(1)
    world.say = () => offline
    await world.pass(OLD_AFTER_MS - 1_000)
    expect(freshness(world.state, world.ms)).toBe('fresh')
    await world.pass(2_000)
    expect(freshness(world.state, world.ms)).toBe('down')
    expect(world.state.board?.net_dong, 'the last figures stay').toBe(3_000_000)
    world.say = () => ({ kind: 'server_fault', status: 503 })
    await world.pass(LONGEST_PAUSE_MS)
    expect(freshness(world.state, world.ms)).toBe('fault')
    world.say = (askedAtMs) => answered(board({ net_dong: 4 }), askedAtMs)
    await world.pass(LONGEST_PAUSE_MS)
    expect(freshness(world.state, world.ms)).toBe('fresh')
    expect(world.state.board?.net_dong).toBe(4)
    expect(freshness({ ...world.state, readAtMs: world.ms - 16_000 }, world.ms)).toBe('old')
  })

  test('waits longer while nobody answers, and ten seconds at most', async () => {
    const world = new World(() => offline)
    await world.pass(120_000)
    const pauses = world.asked.slice(1).map((at, i) => at - world.asked[i]!)
    expect(pauses[0]).toBe(EVERY_MS)
    expect(Math.max(...pauses)).toBe(LONGEST_PAUSE_MS)
    expect(world.asked.length).toBeLessThan(16)
    expect(world.state.board).toBeNull()
    expect(world.state.link).toBe('down')
  })

  test.each([
    ['display_revoked', 'revoked'],
    ['display_unknown', 'unknown'],
  ])('%s ends the asking for good', async (code, stop) => {
    const world = new World()
    await world.pass(4_000)
    world.say = () => ({ kind: 'refused', status: 401, code, facts: {} })
    await world.pass(600_000)
    expect(world.state.stop).toBe(stop)
    expect(world.asked).toHaveLength(3)
  })

  test('another refusal is no end: a proxy may say it', async () => {
    const world = new World()
    world.say = () => ({ kind: 'refused', status: 429, code: 'http_429', facts: {} })
    await world.pass(60_000)
    expect(world.state.stop).toBeNull()
    expect(world.state.link).toBe('fault')
  })

  test('a board of a later version is not shown half', async () => {
    const world = new World((askedAtMs) => answered({ v: 2 }, askedAtMs))
    await world.pass(60_000)
    expect(world.state.stop).toBe('outdated')
    expect(world.asked).toHaveLength(1)
  })

  test('stopped, it neither asks nor speaks', async () => {
    const world = new World()
    await world.pass(1)
    const said = world.states.length
    world.stop()
    await world.pass(60_000)
    expect(world.asked).toHaveLength(1)
    expect(world.states).toHaveLength(said)
  })

  test('twelve hours keep nothing but the last board', async () => {
    let told = 0
    const world = new World((askedAtMs) => answered(board({ receipts: ++told }), askedAtMs))
    for (let minute = 0; minute < 12 * 60; minute++) {
      await world.pass(60_000)
      world.states = world.states.slice(-1)
      world.asked = world.asked.slice(-1)
    }
    expect(told).toBeGreaterThanOrEqual(14_400)
    expect(world.state.board?.receipts).toBe(told)
  })
})

describe('the door', () => {
  test('is asked with the token in a header and nowhere else', async () => {
    const seen: { url: string; init: RequestInit }[] = []
    const fetcher = ((url: string, init: RequestInit) => {
      seen.push({ url, init })
      return Promise.resolve(new Response(JSON.stringify(board()), { headers: { 'Content-Type': 'application/json' } }))
    }) as unknown as typeof fetch
    const answer = await askWith('secret', fetcher, () => 5)(1_000)
    expect(answer.kind).toBe('answered')
    expect(seen[0]!.url).toBe('/api/board/wall')
    expect((seen[0]!.init.headers as Record<string, string>)['Authorization']).toBe('Bearer secret')
    expect(seen[0]!.init.credentials).toBe('omit')
  })

  test('a stranger’s page is no board', () => {
    expect(isBoard(board())).toBe(true)
    for (const other of [null, 'x', [], {}, { v: 1 }]) expect(isBoard(other)).toBe(false)
  })
})

describe('words', () => {
  const texts = (of: object): string[] =>
    Object.values(of).flatMap((one) => (typeof one === 'string' ? one : texts(one)))

  test('are at most fourteen to a sentence, in both languages', () => {
    for (const text of [...texts(wallVi), ...texts(wallEn)]) expect(text.split(/\s+/).length).toBeLessThanOrEqual(14)
  })
})
