// Asks for the board every three seconds and knows how old the figures are. No browser in it: clock, chance and server come in.
import { ask } from '../sync/server'
import type { Answer } from '../sync/ports'
import { isBoard, type WallBoard } from './board'

export const EVERY_MS = 3_000
export const LONGEST_PAUSE_MS = 10_000
export const OLD_AFTER_MS = 15_000
const TIMEOUT_MS = 8_000

export type Link = 'opening' | 'up' | 'down' | 'fault'
/** Why nothing is asked any more. */
export type Stop = 'no_address' | 'unknown' | 'revoked' | 'outdated'

export interface Watched {
  board: WallBoard | null
  /** When, on this machine's steady clock, the figures were read by the server; never later than that. */
  readAtMs: number
  link: Link
  stop: Stop | null
  answers: number
}

export const unwatched: Watched = { board: null, readAtMs: 0, link: 'opening', stop: null, answers: 0 }

export type AskBoard = (timeoutMs: number) => Promise<Answer<WallBoard | { v: number }>>

export const askWith =
  (token: string, fetcher: typeof fetch, steadyNow: () => number): AskBoard =>
  (timeoutMs) =>
    ask(fetcher, steadyNow, 'GET', '/api/board/wall', { deviceToken: token }, timeoutMs, isBoard)

export interface WatchNeeds {
  ask: AskBoard
  steadyNow(): number
  after(ms: number, run: () => void): () => void
  random(): number
  onChange(state: Watched): void
}

/** Begins to watch; returns how to stop. */
export function watch(needs: WatchNeeds): () => void {
  let state = unwatched
  let ended = false
  let failures = 0
  let cancel: () => void = () => {}

  const change = (next: Partial<Watched>): void => {
    state = { ...state, ...next }
    if (!ended) needs.onChange(state)
  }

  async function round(): Promise<void> {
    const beganMs = needs.steadyNow()
    const answer = await needs.ask(TIMEOUT_MS)
    if (ended) return
    take(answer)
    if (state.stop !== null) return
    cancel = needs.after(pause(beganMs), () => void round())
  }

  function take(answer: Answer<WallBoard | { v: number }>): void {
    if (answer.kind === 'answered') {
      failures = 0
      const { body, askedAtMs } = answer
      if (body.v !== 1) return change({ link: 'up', stop: 'outdated' })
      const board = body as WallBoard
      const heldMs = Math.max(0, Date.parse(board.server_time) - Date.parse(board.read_at))
      return change({ board, readAtMs: askedAtMs - heldMs, link: 'up', answers: state.answers + 1 })
    }
    failures++
    if (answer.kind === 'refused' && answer.code === 'display_revoked') return change({ stop: 'revoked' })
    if (answer.kind === 'refused' && answer.code === 'display_unknown') return change({ stop: 'unknown' })
    change({ link: answer.kind === 'offline' ? 'down' : 'fault' })
  }

  /** Three seconds from question to question; longer and at different moments for each display while nobody answers. */
  function pause(beganMs: number): number {
    if (failures === 0) return Math.max(200, EVERY_MS - (needs.steadyNow() - beganMs))
    return Math.min(LONGEST_PAUSE_MS, EVERY_MS * 1.5 ** (failures - 1)) * (0.75 + 0.25 * needs.random())
  }

  void round()
  return () => {
    ended = true
    cancel()
  }
}

/** Seconds since the figures were read. */
export const ageMs = (state: Watched, steadyNowMs: number): number => Math.max(0, steadyNowMs - state.readAtMs)

/** What is to be said of the figures' age. */
export type Freshness = 'fresh' | 'old' | 'down' | 'fault'

export function freshness(state: Watched, steadyNowMs: number): Freshness {
  if (ageMs(state, steadyNowMs) <= OLD_AFTER_MS) return 'fresh'
  if (state.link === 'down') return 'down'
  return state.link === 'fault' ? 'fault' : 'old'
}
