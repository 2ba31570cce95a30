// Before the first sale: the float is counted, a person stands for it, and only then goods are sold.
import { useState } from 'preact/hooks'
import { Amount } from '../parts/amount'
import { PinPad } from '../parts/pin_pad'
import { NoteSteppers } from '../parts/stepper'
import { countedOf } from '../rules/drawer'
import { hasPin } from '../rules/pin'
import { formatDong } from '../rules/price'
import { person, priceList, words } from '../state/device'
import { floatWasYesterdays, openDrawer, usualFloat } from '../state/drawer'
import { takeOver } from '../state/pin'
import type { NoteCount } from '../wire.gen'

export function OpenTill() {
  const say = words.value
  const [notes, setNotes] = useState<NoteCount[]>([])
  const [who, setWho] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  const usual = usualFloat.value
  const somebodyHasPin = (priceList.value?.sellers ?? []).some(hasPin)

  const open = async (): Promise<void> => {
    if (busy) return
    setBusy(true)
    setFailed(false)
    await openDrawer(notes).catch(() => setFailed(true))
    setBusy(false)
  }
  return (
    <main class="open-till" data-testid="open-till">
      <div class={who ? 'open-head asking-who' : 'open-head'}>
        <div>
          <h1>{say.openTill}</h1>
          <p>{who ? say.signInTitle : say.openTillDo}</p>
        </div>
      </div>
      {who ? (
        <div class="open-who">
          <PinPad
            allowed={() => true}
            onPerson={(seller) => {
              void takeOver(seller).then(open)
            }}
            onBack={() => setWho(false)}
          />
        </div>
      ) : (
        <NoteSteppers notes={notes} onNotes={setNotes} />
      )}
      <div class="open-side" hidden={who && !failed}>
        {failed && (
          <p class="refusal" role="alert" data-testid="refusal">
            {say.ledgerBroken}
          </p>
        )}
        <p class="float-row">
          <span>{say.floatIs}</span>
          <strong class="total" data-testid="float" data-dong={countedOf(notes)}>
            <Amount dong={countedOf(notes)} />
          </strong>
        </p>
        {usual.length > 0 && !who && (
          <button type="button" class="outlined" data-testid="usual-float" onClick={() => setNotes(usual)}>
            {(floatWasYesterdays.value ? say.asYesterday : say.asLastTime)(formatDong(countedOf(usual)))}
          </button>
        )}
        {!who && (
          <button
            type="button"
            class="primary money"
            data-testid="open-till-done"
            disabled={busy || person.value === null}
            onClick={() => (somebodyHasPin ? setWho(true) : void open())}
          >
            {say.openTill}
          </button>
        )}
      </div>
    </main>
  )
}
