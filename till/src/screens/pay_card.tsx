// A card terminal stands beside the till and knows nothing of it. We keep its approval code, never a card number.
import { useState } from 'preact/hooks'
import { Amount, lengthClass } from '../parts/amount'
import { Icon } from '../parts/icon'
import { approvalOf, cardPart, type Part } from '../rules/tender'
import { words } from '../state/device'
import { recording } from '../state/sale'

interface Props {
  dong: number
  onTaken: (part: Part) => void
  onBack: () => void
}

export function PayByCard({ dong, onTaken, onBack }: Props) {
  const say = words.value
  const [typed, setTyped] = useState('')
  const approval = approvalOf(typed)
  const busy = recording.value
  return (
    <main class="pay-other pay-by-card" aria-busy={busy} data-testid="card-screen">
      <div class="pay-head">
        <button type="button" class="quiet" data-testid="card-back" disabled={busy} onClick={onBack}>
          <Icon name="back" />
          <span>{say.back}</span>
        </button>
        <h1 class="pay-total">
          <span class="pay-total-label">{say.cardTitle}</span>{' '}
          <strong class={`total ${lengthClass(dong)}`}>
            <Amount dong={dong} />
          </strong>
        </h1>
      </div>
      <div class="card-place">
        <label class="field">
          <span>{say.approval}</span>
          <input
            type="text"
            data-testid="approval"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            maxLength={40}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        {approval.kind !== 'code' && (
          <p class="refusal" role="alert" data-testid="refusal">
            {approval.kind === 'card_number' ? say.cardNumberNever : say.approvalTooLong}
          </p>
        )}
        <button
          type="button"
          class="money primary"
          data-testid="card-done"
          disabled={busy || approval.kind !== 'code'}
          onClick={() => approval.kind === 'code' && onTaken(cardPart(dong, approval.code))}
        >
          {busy ? say.recording : say.cardDone}
        </button>
      </div>
    </main>
  )
}
