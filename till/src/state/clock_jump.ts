// Watches for a clock that is set in the middle of a day: the measured offset moves with it, so that sales stay in their fair day.
import { type Clocks, jumpedMs } from '../rules/clock_jump'
import { countClockMoved } from './count_draft'
import { clockMoved } from './syncing'

const LOOK_MS = 1_000

const read = (): Clocks => ({ wallMs: Date.now(), steadyMs: performance.now() })
let last: Clocks | null = null

/** Also called right before a command is written: the clock may have been set a moment ago. */
export function noticeClockJump(): void {
  const now = read()
  // Behind a dark screen the steady clock may have stood still; that is sleep and no jump.
  const jumped = last === null ? 0 : jumpedMs(last, now)
  last = document.visibilityState === 'visible' ? now : null
  if (jumped === 0) return
  clockMoved(jumped)
  countClockMoved(jumped)
}

export function watchClock(): void {
  last = read()
  setInterval(noticeClockJump, LOOK_MS)
  document.addEventListener('visibilitychange', () => (last = null))
}
