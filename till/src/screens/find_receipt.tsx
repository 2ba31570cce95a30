// A receipt that this tablet may not have: by its QR (a keyboard scanner types it), its token or its number.
import { useEffect, useState } from 'preact/hooks'
import { Amount } from '../parts/amount'
import { Sheet } from '../parts/sheet'
import { localClock } from '../rules/fair_day'
import { nothingLeft, type Original, tokenIn } from '../rules/refund'
import { words } from '../state/device'
import { seekElsewhere, seekToken, type Sought } from '../state/giving_back'
import { takeCodes } from '../state/scanning'
import { type Screen, screen, show } from '../state/screen'

const byWhat = (typed: string): Record<string, string> =>
  /^\d[\d.]*$/.test(typed) ? { amount: typed.replaceAll('.', '') } : { number: typed.toUpperCase() }

export function FindReceipt({ back }: { back: Screen }) {
  const say = words.value
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [sought, setSought] = useState<Sought | null>(null)
  const open = (original: Original): void =>
    show({ name: 'refund', saleId: original.saleId, original, back: { name: 'find_receipt', back } })
  const seek = async (typedNow = typed): Promise<void> => {
    const text = typedNow.trim()
    if (busy || text === '') return
    setBusy(true)
    setSought(null)
    const token = tokenIn(text)
    const found = await (token === null ? seekElsewhere(byWhat(text)) : seekToken(token)).catch((): Sought => ({
      kind: 'no',
      sentence: say.othersNeedNet,
    }))
    setBusy(false)
    // The seller may have gone back while the server was asked.
    if (screen.value.name !== 'find_receipt') return
    if (found.kind === 'found') open(found.original)
    else setSought(found)
  }
  useEffect(
    () =>
      takeCodes((code) => {
        setTyped(code)
        void seek(code)
        return true
      }),
    [],
  )
  return (
    <Sheet title={say.findReceipt}>
      <form
        class="find-form"
        onSubmit={(event) => {
          event.preventDefault()
          void seek()
        }}
      >
        <p>{say.findReceiptDo}</p>
        <label class="field">
          <span>{say.receiptCode}</span>
          <input
            type="text"
            data-testid="receipt-code"
            autocomplete="off"
            spellcheck={false}
            maxLength={300}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary" data-testid="receipt-seek" disabled={busy || typed.trim() === ''}>
          {busy ? say.working : say.find}
        </button>
      </form>
      {sought?.kind === 'no' && (
        <p class="refusal" role="alert" data-testid="refusal">
          {sought.sentence}
        </p>
      )}
      {sought?.kind === 'many' && (
        <ul class="rows" role="list">
          {sought.receipts.map((original) => (
            <li key={original.saleId}>
              <button
                type="button"
                class="row"
                data-testid="found-row"
                disabled={nothingLeft(original)}
                onClick={() => open(original)}
              >
                <span class="row-number">{original.receiptNumber}</span>
                <span class="row-time">{localClock(original.atMs)}</span>
                <span class="row-sum">
                  <Amount dong={original.totalDong} />
                </span>
                <span class="state">{nothingLeft(original) ? say.allGivenBack : say.giveBack}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  )
}
