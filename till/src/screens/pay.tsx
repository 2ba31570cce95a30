// What the buyer hands over. One tap on a likely sum records the sale; the keypad is for everything else.
import { useState } from 'preact/hooks'
import { Amount, lengthClass } from '../parts/amount'
import { Icon } from '../parts/icon'
import { Numpad } from '../parts/numpad'
import { judgeTendered, quickNotes } from '../rules/change'
import { formatDong, MAX_AMOUNT_DONG } from '../rules/price'
import { cashPart, type Part } from '../rules/tender'
import { words } from '../state/device'
import { due, giveUpPart, parts, recording, take } from '../state/sale'
import { goBack } from '../state/screen'
import { PayByCard } from './pay_card'
import { PayByTransfer } from './pay_transfer'

/** What is being paid right now by other means than cash, and how much of it. */
type Other = { way: 'transfer' | 'card'; dong: number } | null

export function Pay() {
  const [other, setOther] = useState<Other>(null)
  if (other === null) return <CashAndMore onOther={setOther} />
  const taken = (part: Part): void => {
    void take(part).then(() => setOther(null))
  }
  const back = (): void => setOther(null)
  return other.way === 'card' ? (
    <PayByCard dong={other.dong} onTaken={taken} onBack={back} />
  ) : (
    <PayByTransfer dong={other.dong} onTaken={taken} onBack={back} />
  )
}

function CashAndMore({ onOther }: { onOther: (other: Other) => void }) {
  const say = words.value
  const { cashDong, otherDong, roundingDong } = due.value
  const [given, setGiven] = useState(0)
  const [typing, setTyping] = useState(false) // phones show either sums or keypad
  const [asking, setAsking] = useState(false)
  const busy = recording.value
  const judged = judgeTendered(cashDong, given)
  const notes = quickNotes(cashDong)
  // A sum below what is due means: a part of it, by any means.
  const isPart = given > 0 && given < Math.min(cashDong, otherDong)
  const otherSum = isPart ? given : otherDong

  const type = (value: number): void => {
    setGiven(value)
    setAsking(false)
  }
  const cash = (tendered: number): void => {
    type(0)
    setTyping(false)
    void take(cashPart(Math.min(tendered, cashDong), tendered))
  }
  const confirm = (): void => {
    if (judged.kind !== 'enough') return
    if (judged.implausible && !asking) setAsking(true)
    else cash(given)
  }

  return (
    <main class={typing ? 'pay typing' : 'pay'} aria-busy={busy}>
      <div class="pay-head">
        <button type="button" class="quiet" data-testid="pay-back" disabled={busy} onClick={goBack}>
          <Icon name="back" />
          <span>{say.back}</span>
        </button>
        <Taken />
        <h1 class="pay-total">
          <span class="pay-total-label">
            {parts.value.length > 0 ? say.left : say.toPay}
            {roundingDong !== 0 && (
              <small data-testid="cash-rounded" data-dong={cashDong}>
                {say.roundedCash(formatDong(cashDong))}
              </small>
            )}
          </span>{' '}
          <strong class={`total ${lengthClass(otherDong)}`} data-testid="pay-left" data-dong={otherDong}>
            <Amount dong={otherDong} />
          </strong>
        </h1>
      </div>

      <div class={`pay-sums notes-${notes.length}`} role="group" aria-label={say.quickNotes}>
        <button
          type="button"
          class={`primary money exact ${notes.length % 2 === 0 ? 'wide-tablet' : 'wide-phone'}`}
          data-testid="pay-exact"
          disabled={busy}
          onClick={() => cash(cashDong)}
        >
          <Icon name="cash" />
          <span>
            {say.exact}
            <small>{roundingDong === 0 ? say.exactMore : formatDong(cashDong)}</small>
          </span>
        </button>
        {notes.map((note) => (
          <button
            key={note}
            type="button"
            class="money note-button"
            data-testid="quick-note"
            data-dong={note}
            disabled={busy}
            onClick={() => cash(note)}
          >
            <Amount dong={note} />
          </button>
        ))}
        <button
          type="button"
          class="money outlined transfer"
          data-testid="pay-transfer"
          disabled={busy}
          onClick={() => onOther({ way: 'transfer', dong: otherSum })}
        >
          <Icon name="transfer" />
          <span>
            {say.transfer}
            <small>{isPart ? formatDong(otherSum) : 'VietQR'}</small>
          </span>
        </button>
        <button
          type="button"
          class="money outlined transfer card-button"
          data-testid="pay-card"
          disabled={busy}
          onClick={() => onOther({ way: 'card', dong: otherSum })}
        >
          <Icon name="card" />
          <span>
            {say.card}
            <small>{isPart ? formatDong(otherSum) : say.cardMore}</small>
          </span>
        </button>
        <button type="button" class="outlined other-sum" data-testid="other-sum" onClick={() => setTyping(true)}>
          {say.typeGiven}
        </button>
      </div>

      <div class="pay-pad">
        <div class={asking ? 'given-place asking' : 'given-place'}>
          <span class="given-label">
            {say.given} <span class="given-due">/ {formatDong(cashDong)}</span>
          </span>
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
        {isPart && (
          <div class="part-ways" role="group" aria-label={say.payPartIn}>
            <p class="part-title">{say.payPartIn}</p>
            <button type="button" class="outlined" data-testid="part-cash" disabled={busy} onClick={() => cash(given)}>
              {say.cash}
            </button>
            <button
              type="button"
              class="outlined"
              data-testid="part-transfer"
              disabled={busy}
              onClick={() => onOther({ way: 'transfer', dong: given })}
            >
              {say.transfer}
            </button>
            <button
              type="button"
              class="outlined"
              data-testid="part-card"
              disabled={busy}
              onClick={() => onOther({ way: 'card', dong: given })}
            >
              {say.card}
            </button>
          </div>
        )}
        <div class={isPart ? 'pad-buttons as-part' : 'pad-buttons'}>
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

/** What came in so far; each can be given back again while the sale is not recorded. */
function Taken() {
  const say = words.value
  if (parts.value.length === 0) return null
  const nameOf = (part: Part): string =>
    part.method === 'cash' ? say.cash : part.method === 'card' ? say.card : say.transfer
  return (
    <ul class="pay-taken" role="list" aria-label={say.takenSoFar} data-testid="taken">
      {parts.value.map((part, at) => (
        <li key={at}>
          <span>
            {nameOf(part)} <b>{formatDong(part.amount_dong)}</b>
          </span>
          <button
            type="button"
            class="outlined taking"
            aria-label={say.dropPart(`${nameOf(part)} ${formatDong(part.amount_dong)}`)}
            disabled={recording.value}
            onClick={() => giveUpPart(at)}
          >
            {say.remove}
          </button>
        </li>
      ))}
    </ul>
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
