// The strip that is always there: how many sales wait and since when. Not a network lamp: a lamp was green while sales were lost.
import { useEffect, useRef, useState } from 'preact/hooks'
import { batteryLow } from '../state/awake'
import { clockError, stripOf } from '../rules/strip'
import { isSample, pairing, person, priceList, sync, tickMs, words } from '../state/device'
import { openSales } from '../state/sale'
import { screen, show } from '../state/screen'
import { mayUpdateNow, startsOffline, takeUpdate, updateReady } from '../state/updates'
import { withdrawn } from '../state/cart'
import { Icon } from './icon'

export function Banner() {
  const say = words.value
  const strip = stripOf(sync.value, tickMs.value, say)
  const wrong = clockError(sync.value.clockOffsetMs, say)
  return (
    <header class="top">
      <div class="bar">
        <button type="button" class={`strip ${strip.tone}`} data-testid="sales-button" onClick={openSales}>
          <Icon name={strip.icon} />
          <span class="strip-text">
            <span class="strip-says" data-testid="waiting-count" data-count={sync.value.waiting.count}>
              {strip.text}
            </span>
            <Who />
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
      {batteryLow.value !== null && (
        <p class="note" data-testid="battery-low" role="status">
          {say.batteryLow(batteryLow.value)}
        </p>
      )}
      {withdrawn.value.length > 0 && (
        <p class="note with-button" data-testid="withdrawn" role="status">
          <span>{say.withdrawn(withdrawn.value.join(', '))}</span>
          <button type="button" class="outlined" onClick={() => (withdrawn.value = [])}>
            {say.understood}
          </button>
        </p>
      )}
      {startsOffline.value === false && (
        <p class="note with-button" data-testid="no-offline-start">
          <span>{say.noOfflineStart}</span>
          {/* Only while the server answers: reloading without it is what this tablet cannot do. */}
          {sync.value.link === 'up' && (
            <button type="button" class="outlined" onClick={() => location.reload()}>
              {say.reload}
            </button>
          )}
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

/** Which booth this is and who sells: a wrong name is noticed before the first sale, not at closing. */
function Who() {
  const booth = (priceList.value?.booth ?? pairing.value?.booth)?.code
  if (booth === undefined || person.value === null) return null
  return (
    <span class="who" data-testid="who">
      <span class="who-booth">{words.value.booth} </span>
      {booth} · {person.value.name}
    </span>
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

/** On pages over the selling screen: the same words, not a control. */
export function StillStrip() {
  const strip = stripOf(sync.value, tickMs.value, words.value)
  return (
    <p class={`strip still ${strip.tone}`}>
      <Icon name={strip.icon} />
      <span>{strip.text}</span>
    </p>
  )
}
