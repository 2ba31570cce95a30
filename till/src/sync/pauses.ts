// How long to wait before the next attempt. Figures come from what the seller sees: loss shown within 15 s, recovery within 5 s.

export const PING_TIMEOUT_MS = 8_000
const PROBE_TIMEOUT_MS = 4_000
const IDLE_SEEN_MS = 6_000 // 6 s + 8 s timeout < 15 s
const IDLE_HIDDEN_MS = 20_000
const LONGEST_MS = 60_000

export interface Situation {
  visible: boolean
  /** Failures in a row; 0 after an answer. */
  failures: number
  failed: 'no' | 'offline' | 'timed_out' | 'fault'
}

/** Every tablet of a fair loses the access point at one moment; without jitter they would all come back at one moment. */
const jittered = (ms: number, random: () => number): number => Math.round(ms * (0.75 + 0.25 * random()))

export function pauseMs({ visible, failures, failed }: Situation, random: () => number): number {
  const grown = Math.min(LONGEST_MS, 2_000 * 2 ** Math.min(failures, 6))
  if (failed === 'no') return visible ? jittered(IDLE_SEEN_MS, random) : jittered(IDLE_HIDDEN_MS, random)
  // A server in trouble is left in peace for longer and longer; a dead line costs nobody anything while someone is looking.
  if (failed === 'fault' || !visible) return jittered(grown, random)
  if (failures === 1 && failed === 'offline') return jittered(1_000, random)
  return failed === 'timed_out' ? jittered(800, random) : jittered(4_000, random)
}

export const probeTimeoutMs = (isDown: boolean, visible: boolean): number =>
  isDown && visible ? PROBE_TIMEOUT_MS : PING_TIMEOUT_MS

const UP_BEFORE_DOWN_MS = 10_000
const DOWN_BEFORE_UP_MS = 2_000

export type Link = 'unknown' | 'up' | 'down' | 'fault'

/** What the strip shows changes slowly: one dropped packet must not make an old woman look up. */
export function shownLink(shown: Link, changedAtMs: number, measured: Link, nowMs: number): Link {
  if (shown === 'unknown' || measured === shown) return measured
  // A clock set back would make the change lie in the future and freeze the strip.
  const age = nowMs < changedAtMs ? Infinity : nowMs - changedAtMs
  if (shown === 'up') return age >= UP_BEFORE_DOWN_MS ? measured : shown
  if (measured === 'up') return age >= DOWN_BEFORE_UP_MS ? measured : shown
  return measured
}
