// The board as the server sends it (fair_pos/board/wire.py), and what is worked out of it. Amounts are whole đồng.
export interface Hour {
  hour: number
  net_dong: number
  before_dong: number | null
}

export interface TopRow {
  name: string
  net_dong: number | null
  pieces: number | null
}

export interface Mark {
  /** Since the midnight with which `day` begins in Vietnam; beyond 1440 in the night after. */
  minute: number
  kind: string
  title: string
}

export interface WallBoard {
  v: 1
  edition: string
  place: string
  day: string
  day_number: number | null
  phase: 'before' | 'running' | 'after'
  server_time: string
  read_at: string
  newest_receipt_at: string | null
  net_dong: number
  receipts: number
  visitors: number | null
  booths_selling: number
  booths: number
  hours: Hour[]
  compared: { edition: string; day: string } | null
  top_kind: 'booths' | 'products'
  top: TopRow[]
  marks: Mark[]
  badge: { complete: number; total: number; until: string | null; waiting: number; is_final: boolean }
  crowd: { people: number | null; limit: number | null; level: 'calm' | 'amber' | 'red' }
  /** Whether any of it is sample data. */
  sample: boolean
}

const KEYS = ['server_time', 'read_at', 'net_dong', 'receipts', 'hours', 'top', 'badge', 'crowd'] as const

/** Enough of a look to tell our board from a stranger's JSON; the server's own tests hold the exact shape. */
export const isBoard = (body: unknown): body is WallBoard | { v: number } =>
  typeof body === 'object' && body !== null && 'v' in body && KEYS.every((key) => key in body)

/** Vietnam keeps UTC+7 all year; the display's own clock and zone are never asked. */
const VIETNAM_MS = 7 * 3_600_000

/** "14:05" of an instant, in Vietnam. */
export const clockOf = (instantMs: number): string => new Date(instantMs + VIETNAM_MS).toISOString().slice(11, 16)

/** Minutes since midnight in Vietnam. */
export const minuteOf = (instantMs: number): number => Math.floor(((instantMs + VIETNAM_MS) % 86_400_000) / 60_000)

/** The hour that runs now, while the fair does; null before and after. */
export const hourOf = (board: WallBoard): number | null =>
  board.phase === 'running' ? Math.floor(minuteOf(Date.parse(board.server_time)) / 60) : null

/** Today's hours up to the one that runs now; on a day that is over or has not begun, all of them. */
export function hoursSoFar(board: WallBoard): Hour[] {
  const hour = hourOf(board)
  if (hour === null) return board.hours
  const at = board.hours.findIndex((one) => one.hour === hour)
  if (at >= 0) return board.hours.slice(0, at + 1)
  const first = board.hours[0]
  // Before opening nothing has run yet; after closing everything has.
  return first !== undefined && hour < first.hour && board.net_dong === 0 ? [] : board.hours
}

/** Minutes since the midnight in Vietnam with which the fair day began: after the next midnight they go on from 1440. */
const minuteOfDay = (board: WallBoard): number =>
  Math.floor((Date.parse(board.server_time) + VIETNAM_MS - Date.parse(board.day)) / 60_000)

/** The mark of the programme that runs now or comes next: the last one begun within the hour, else the first to come. */
export function markOfNow(board: WallBoard): Mark | null {
  const minute = minuteOfDay(board)
  const running = board.marks.filter((one) => one.minute <= minute && minute - one.minute < 60).at(-1)
  return running ?? board.marks.find((one) => one.minute > minute) ?? null
}
