// What the buyer hands over. One tap on a likely sum records the sale; the keypad is for everything else.
import { useState } from 'preact/hooks'
import { Amount, lengthClass } from '../parts/amount'
import { StillStrip } from '../parts/banner'
import { Icon } from '../parts/icon'
import { Numpad } from '../parts/numpad'
import { judgeTendered, quickNotes } from '../rules/change'
import { formatDong, MAX_AMOUNT_DONG } from '../rules/price'
import { priced } from '../state/cart'
import { words } from '../state/device'
import { pay, recording } from '../state/sale'
import { goBack } from '../state/screen'

export function Pay() {
  const say = words.value
  const total = priced.value.totalDong
  const [given, setGiven] = useState(0)
  const [typing, setTyping] = useState(false) // phones show either sums or keypad
  const [asking, setAsking] = useState(false)
  const busy = recording.value
  const judged = judgeTendered(total, given)

  const confirm = (): void => {
    if (judged.kind !== 'enough') return
    if (judged.implausible && !asking) setAsking(true)
    else void pay({ method: 'cash', tenderedDong: given })
  }
  const type = (value: number): void => {
    setGiven(value)
    setAsking(false)
  }

  return (
    <main class={typing ? 'pay typing' : 'pay'} aria-busy={busy}>
      <div class="pay-head">
        <button type="button" class="quiet" data-testid="pay-back" disabled={busy} onClick={goBack}>
          <Icon name="back" />
          <span>{say.back}</span>
        </button>
        <StillStrip />
        <h1 class="pay-total">
          <span class="pay-total-label">{say.toPay}</span>{' '}
          <strong class={`total ${lengthClass(total)}`}>
            <Amount dong={total} />
          </strong>
        </h1>
      </div>

      <div class="pay-sums" role="group" aria-label={say.quickNotes}>
        <button
          type="button"
          class={quickNotes(total).length % 2 === 1 ? 'primary money exact wide' : 'primary money exact'}
          data-testid="pay-exact"
          disabled={busy}
          onClick={() => void pay({ method: 'cash', tenderedDong: total })}
        >
          <Icon name="cash" />
          <span>
            {say.exact}
            <small>{say.exactMore}</small>
          </span>
        </button>
        {quickNotes(total).map((note) => (
          <button
            key={note}
            type="button"
            class="money note-button"
            data-testid="quick-note"
            data-dong={note}
            disabled={busy}
            onClick={() => void pay({ method: 'cash', tenderedDong: note })}
          >
            <Amount dong={note} />
          </button>
        ))}
        <button
          type="button"
          class="money outlined transfer"
          data-testid="pay-transfer"
          disabled={busy}
          onClick={() => void pay({ method: 'transfer' })}
        >
          <Icon name="transfer" />
          <span>
            {say.transfer}
            <small>{say.transferMore}</small>
          </span>
        </button>
        <button type="button" class="outlined other-sum" data-testid="other-sum" onClick={() => setTyping(true)}>
          {say.typeGiven}
        </button>
      </div>

      <div class="pay-pad">
        <div class={asking ? 'given-place asking' : 'given-place'}>
          <span class="given-label">{say.given}</span>
          <output class={`given ${lengthClass(given)}`} data-testid="given">
            <Amount dong={given} />
          </output>
          <div class="given-says" role="status" data-testid="given-says">
            {asking ? (
              <>
                <b>{say.askImplausible(formatDong(given))}</b>
                <p>{say.askImplausibleMore}</p>
              </>
            ) : judged.kind === 'nothing_yet' ? (
              say.typeGiven
            ) : judged.kind === 'missing' ? (
              <b>{say.missing(formatDong(judged.missingDong))}</b>
            ) : (
              <b>{say.changeWillBe(formatDong(judged.changeDong))}</b>
            )}
          </div>
        </div>
        <Numpad value={given} limit={MAX_AMOUNT_DONG} onValue={type} />
        <div class="pad-buttons">
          {!asking && (
            <button type="button" class="outlined only-phone" onClick={() => setTyping(false)}>
              {say.back}
            </button>
          )}
          {asking && (
            <button type="button" class="outlined" onClick={() => type(0)}>
              {say.noFix}
            </button>
          )}
          <button
            type="button"
            class="primary money"
            data-testid="pay-confirm"
            disabled={busy || judged.kind !== 'enough'}
            onClick={confirm}
          >
            {busy ? say.recording : asking ? say.yesRight : say.record}
          </button>
        </div>
      </div>
    </main>
  )
}

/** Nothing else on the glass, until a person has acted. */
export function NotRecordedStop({ totalDong, onTry }: { totalDong: number; onTry: () => void }) {
  const say = words.value
  return (
    <main class="full-stop" data-testid="not-recorded">
      <Icon name="stop" />
      <div role="alert">
        <h1>{say.notRecordedTitle}</h1>
        <p class="full-stop-do">{say.notRecordedDo}</p>
        <p>{say.notRecordedAmount(formatDong(totalDong))}</p>
      </div>
      <button type="button" class="on-stop" data-testid="try-again" disabled={recording.value} onClick={onTry}>
        {recording.value ? say.recording : say.tryAgain}
      </button>
    </main>
  )
}
