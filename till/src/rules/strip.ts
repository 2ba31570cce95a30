// What the strip at the top says about waiting sales. Pure, so that every case is a test.
import type { SyncState } from '../sync/loop'
import type { Words } from '../words/vi'
import { localClock } from './fair_day'

const BRING_NEAR_AFTER_MIN = 20
const CLOCK_WRONG_MS = 120_000

export interface Strip {
  tone: 'calm' | 'waiting' | 'stop'
  icon: 'stop' | 'wait' | 'cloud_off' | 'sent'
  text: string
  /** Without figures that move, so that a screen reader speaks once per change and not every minute. */
  spoken: string
}

export function stripOf(state: SyncState, nowMs: number, say: Words): Strip {
  const { count, oldestAtMs } = state.waiting
  if (state.stopped !== null) {
    const text = state.stopped === 'device_revoked' ? say.stoppedRevoked : say.stoppedUnknown
    return { tone: 'stop', icon: 'stop', text, spoken: text }
  }
  const minutes = oldestAtMs === null ? 0 : Math.max(0, Math.floor((nowMs - oldestAtMs) / 60_000))
  if (count > 0 && minutes >= BRING_NEAR_AFTER_MIN) {
    const text = say.bringNear(count, minutes)
    return { tone: 'waiting', icon: 'wait', text, spoken: say.offlineSells }
  }
  const age = count > 0 && minutes >= 1 ? ` ${say.oldestFor(minutes)}` : ''
  if (state.link === 'down' || state.link === 'fault') {
    const why = state.link === 'down' ? say.offlineSells : say.faultSells
    const text = count > 0 ? `${why} ${say.waiting(count)}${age}` : why
    return { tone: 'waiting', icon: 'cloud_off', text, spoken: why }
  }
  if (count > 0) {
    const text = (state.link === 'up' ? say.sending(count) : say.waiting(count)) + age
    return { tone: minutes >= 1 ? 'waiting' : 'calm', icon: 'wait', text, spoken: '' }
  }
  if (state.link === 'unknown')
    return { tone: 'calm', icon: 'wait', text: `${say.nothingWaits} ${say.connecting}`, spoken: '' }
  const text =
    state.allSentAtMs === null ? say.nothingWaits : say.allSentAt(localClock(state.allSentAtMs + state.clockOffsetMs))
  return { tone: 'calm', icon: 'sent', text, spoken: say.nothingWaits }
}

export function clockError(offsetMs: number, say: Words): string | null {
  const off = Math.abs(offsetMs)
  if (off <= CLOCK_WRONG_MS) return null
  const minutes = Math.round(off / 60_000)
  if (minutes < 60) return say.minutes(minutes)
  return minutes < 48 * 60 ? say.hours(Math.round(minutes / 60)) : say.days(Math.round(minutes / 1440))
}
