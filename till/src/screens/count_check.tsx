// Before a count is recorded: what was counted first, what was not folded away below it. Afterwards: that it is on the disk.
import { useState } from 'preact/hooks'
import { Icon } from '../parts/icon'
import { Sheet } from '../parts/sheet'
import type { CountRow } from '../rules/counting'
import { MAX_REASON } from '../rules/discount'
import { countDraft } from '../state/count_draft'
import { counted, finishCount, finishing, giveUpCount, noteCount } from '../state/counting'
import { words } from '../state/device'
import { screen, show } from '../state/screen'
import { lotWords } from './cart'
import { writtenCount } from './count'

/** Who counts down the list of what is missing comes back to it after every line. */
let missingOpen = false

export function CountCheck() {
  const say = words.value
  const { counted: done, missing } = counted.value
  const [failed, setFailed] = useState(false)
  const [asking, setAsking] = useState(false)
  const record = async (): Promise<void> => {
    setFailed(false)
    const lines = await finishCount()
    if (lines === null) return setFailed(true)
    missingOpen = false
    show({ name: 'count_recorded', lines })
  }
  const giveUp = async (): Promise<void> => {
    await giveUpCount()
    missingOpen = false
    show({ name: 'sell' })
  }
  if (asking)
    return (
      <Sheet title={say.giveUpCount}>
        <div class="ask" role="alertdialog" aria-label={say.giveUpCountAsk}>
          <p>{say.giveUpCountAsk}</p>
          <div class="part-body">
            <button type="button" class="outlined" onClick={() => setAsking(false)}>
              {say.keep}
            </button>
            <button type="button" class="brick" data-testid="count-give-up-yes" onClick={() => void giveUp()}>
              {say.yesGiveUpCount}
            </button>
          </div>
        </div>
      </Sheet>
    )
  return (
    <Sheet
      title={say.countCheckTitle}
      class="count-sheet"
      foot={
        <>
          {failed && (
            <p class="refusal" role="alert" data-testid="refusal">
              {say.countFailed}
            </p>
          )}
          <button
            type="button"
            class="primary"
            data-testid="count-finish"
            disabled={finishing.value || done.length === 0}
            onClick={() => void record()}
          >
            {failed ? say.tryAgain : say.recordCount}
          </button>
        </>
      }
    >
      <section class="count-part" data-testid="count-counted" data-lines={done.length}>
        <h2>{say.countedLines(done.length)}</h2>
        <Lines rows={done} />
      </section>
      {missing.length === 0 ? (
        <p class="count-part">{say.nothingMissing}</p>
      ) : (
        <details
          class="count-part"
          data-testid="count-missing"
          data-lines={missing.length}
          open={missingOpen || done.length === 0}
          onToggle={(event) => (missingOpen = event.currentTarget.open)}
        >
          <summary data-testid="count-missing-open">{say.missingLines(missing.length)}</summary>
          <p class="hint">{say.missingStay}</p>
          <Lines rows={missing} />
        </details>
      )}
      <label class="field">
        <span>{say.countNote}</span>
        <textarea
          rows={2}
          maxLength={MAX_REASON}
          data-testid="count-note"
          value={countDraft.value?.note ?? ''}
          onInput={(event) => noteCount(event.currentTarget.value)}
        />
      </label>
      <button type="button" class="outlined taking" data-testid="count-give-up" onClick={() => setAsking(true)}>
        <Icon name="bin" />
        {say.giveUpCount}
      </button>
    </Sheet>
  )
}

function Lines({ rows }: { rows: readonly CountRow[] }) {
  const say = words.value
  return (
    <ul class="rows" role="list">
      {rows.map((row) => (
        <li key={row.key}>
          <button
            type="button"
            class="count-check-row"
            data-testid="count-check-row"
            data-key={row.key}
            onClick={() => show({ name: 'count_line', key: row.key, back: screen.value })}
          >
            <span class="count-what">
              <b>{row.name}</b>
              {(row.rest || row.lot !== null) && <span>{row.rest ? say.countRest : lotWords(row.lot!)}</span>}
            </span>
            <strong>{row.entry === null ? say.countIt : writtenCount(row, row.entry.quantity)}</strong>
          </button>
        </li>
      ))}
    </ul>
  )
}

export function CountRecorded({ lines }: { lines: number }) {
  const say = words.value
  return (
    <Sheet
      title={say.countGoods}
      foot={
        <button type="button" class="primary" data-testid="count-sell" onClick={() => show({ name: 'sell' })}>
          {say.goOnSelling}
        </button>
      }
    >
      <div class="count-said" role="status" data-testid="count-recorded" data-lines={lines}>
        <Icon name="check" />
        <h2>{say.countRecorded}</h2>
        <p>{say.countRecordedMore(lines)}</p>
      </div>
    </Sheet>
  )
}
