// Tastings, gifts, samples and what broke: the goods of the open cart leave stock, nothing is sold.
import { useState } from 'preact/hooks'
import { Chips, ReasonField, Sheet } from '../parts/sheet'
import { BEARERS, type BorneBy } from '../rules/discount'
import { PURPOSES, type Purpose } from '../rules/giveaway'
import { formatNumber } from '../rules/price'
import { writtenWeight } from '../rules/weight'
import { priced } from '../state/cart'
import { words } from '../state/device'
import { giveAway, givingAway } from '../state/giveaway'

export function GiveawayScreen() {
  const say = words.value
  const [purpose, setPurpose] = useState<Purpose>('tasting')
  const [borneBy, setBorneBy] = useState<BorneBy>('producer')
  const [note, setNote] = useState('')
  const [refused, setRefused] = useState(false)
  const record = async (): Promise<void> => {
    setRefused(false)
    if (!(await giveAway(purpose, borneBy, note.trim()))) setRefused(true)
  }
  return (
    <Sheet
      title={say.giveawayTitle}
      class="two-sides"
      foot={
        <>
          {refused && (
            <p class="refusal" role="alert" data-testid="refusal">
              {say.giveawayFailed}
            </p>
          )}
          <button
            type="button"
            class="primary"
            data-testid="giveaway-done"
            disabled={givingAway.value}
            onClick={() => void record()}
          >
            {say.recordGiveaway}
          </button>
        </>
      }
    >
      <div class="side-why">
        <Chips
          label={say.giveaway}
          testId="purpose"
          options={PURPOSES.map((one) => [one, say.purposes[one]] as const)}
          value={purpose}
          onChoose={setPurpose}
        />
        <Chips
          label={say.whoBears}
          testId="borne-by"
          options={BEARERS.map((one) => [one, say.bearers[one]] as const)}
          value={borneBy}
          onChoose={setBorneBy}
        />
        <ReasonField label={say.note} value={note} onValue={setNote} />
      </div>
      <ul class="given-list side-pad" role="list">
        {priced.value.lines.map((line) => (
          <li key={line.key}>
            <b>{line.grams === null ? formatNumber(line.quantity) : writtenWeight(line.grams)}</b> {line.product.name}
            {line.pack !== null && `, ${line.pack.name}`}
          </li>
        ))}
      </ul>
    </Sheet>
  )
}
