// The strip that is always there: how many sales wait and since when. Not a network lamp: a lamp was green while sales were lost.
import { useEffect, useRef, useState } from 'preact/hooks'
import { localClock } from '../rules/fair_day'
import { isSample, sync, tickMs, words } from '../state/device'
import { screen, show } from '../state/screen'
import { mayUpdateNow, takeUpdate, updateReady } from '../state/updates'
import type { Words } from '../words/vi'
import type { SyncState } from '../sync/loop'
import { Icon, type IconName } from './icon'

const BRING_NEAR_AFTER_MIN = 20
const CLOCK_WRONG_MS = 120_000

export interface Strip {
  tone: 'calm' | 'waiting' | 'stop'
  icon: IconName
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

export function Banner() {
  const say = words.value
  const strip = stripOf(sync.value, tickMs.value, say)
  const wrong = clockError(sync.value.clockOffsetMs, say)
  return (
    <header class="top">
      <div class="bar">
        <button
          type="button"
          class={`strip ${strip.tone}`}
          data-testid="sales-button"
          onClick={() => show({ name: 'sales' })}
        >
          <Icon name={strip.icon} />
          <span class="strip-text" data-testid="waiting-count" data-count={sync.value.waiting.count}>
            {strip.text}
          </span>
          <span class="strip-open">{say.sales}</span>
        </button>
        <button type="button" class="quiet" data-testid="more-button" onClick={() => show({ name: 'more' })}>
          <Icon name="more" />
          <span>{say.moreTitle}</span>
        </button>
      </div>
      {isSample.value && <p class="note sample">{say.sample}</p>}
      {wrong !== null && (
        <p class="note clock" data-testid="clock-wrong">
          {say.clockWrong(wrong)}
        </p>
      )}
      {updateReady.value && screen.value.name === 'sell' && (
        <p class="note with-button">
          <span>
            {say.newVersion} {mayUpdateNow.value ? '' : say.updateLater}
          </span>
          {mayUpdateNow.value && (
            <button type="button" class="outlined" data-testid="update" onClick={takeUpdate}>
              {say.update}
            </button>
          )}
        </p>
      )}
      <Speaker text={strip.spoken} />
    </header>
  )
}

function Speaker({ text }: { text: string }) {
  const [said, setSaid] = useState('')
  const first = useRef(true)
  useEffect(() => {
    // What is true at start is on the screen; only what changes is spoken.
    if (first.current) first.current = false
    else setSaid(text)
  }, [text])
  return (
    <p class="hidden" aria-live="polite" role="status">
      {said}
    </p>
  )
}
