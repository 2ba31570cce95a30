// Who is it, and her PIN: for taking over the till and for standing in as the second person. Needs no network.
import { useEffect, useState } from 'preact/hooks'
import { hasPin, lockedForMs, MAX_PIN } from '../rules/pin'
import { priceList, words } from '../state/device'
import { checkPin, pinLock } from '../state/pin'
import type { SellerOnTill } from '../wire.gen'
import { Icon } from './icon'
import { Pad } from './numpad'

const KEYS = ['7', '8', '9', '4', '5', '6', '1', '2', '3', 'back', '0'] as const

interface Props {
  onPerson: (person: SellerOnTill) => void
  allowed: (seller: SellerOnTill) => boolean
  /** Where there is no head with a way back. */
  onBack?: () => void
}

export function PinPad({ onPerson, allowed, onBack }: Props) {
  const say = words.value
  const people = (priceList.value?.sellers ?? []).filter((seller) => hasPin(seller) && allowed(seller))
  const [chosen, setChosen] = useState<SellerOnTill | null>(people.length === 1 ? people[0]! : null)
  const [pin, setPin] = useState('')
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState('')
  const lockedMs = useLockedMs()
  if (people.length === 0)
    return (
      <p class="refusal" role="alert" data-testid="refusal">
        {say.nobodyMay}
      </p>
    )
  if (chosen === null)
    return (
      <div class="people">
        {onBack !== undefined && <Back onBack={onBack} />}
        {people.map((one) => (
          <button
            key={one.id}
            type="button"
            class="choice"
            data-testid="pin-person"
            data-person-id={one.id}
            onClick={() => setChosen(one)}
          >
            {one.name}
          </button>
        ))}
      </div>
    )
  const enter = async (): Promise<void> => {
    setBusy(true)
    const answer = await checkPin(pin, chosen)
    setBusy(false)
    setPin('')
    if (answer.kind === 'right') onPerson(chosen)
    else setSaid(answer.kind === 'wrong' ? say.pinWrong(answer.left) : '')
  }
  const locked = lockedMs > 0
  return (
    <div class={locked ? 'pin locked' : 'pin'}>
      <div class="pin-head">
        <p class="pin-name">{say.pinOf(chosen.name)}</p>
        <output class="pin-dots" data-testid="pin-dots" data-length={pin.length} aria-label={say.pinOf(chosen.name)}>
          {'●'.repeat(pin.length)}
        </output>
      </div>
      <p class={said !== '' || locked ? 'refusal' : 'pin-quiet'} role="alert" data-testid="pin-says">
        {locked ? say.pinLocked(Math.ceil(lockedMs / 1000)) : said}
      </p>
      <Pad
        keys={KEYS}
        onKey={(key) => {
          if (busy || locked) return
          setSaid('')
          setPin(key === 'back' ? pin.slice(0, -1) : (pin + key).slice(0, MAX_PIN))
        }}
      >
        {/* In the pad and not below it: below, a low screen cuts it off. */}
        <button
          type="button"
          class="primary key"
          data-testid="pin-done"
          disabled={busy || locked || pin === ''}
          onClick={() => void enter()}
        >
          {say.done}
        </button>
      </Pad>
      <div class="sheet-buttons">
        {people.length > 1 && (
          <button
            type="button"
            class="outlined"
            data-testid="pin-other"
            disabled={busy}
            onClick={() => setChosen(null)}
          >
            {say.otherPerson}
          </button>
        )}
        {people.length === 1 && onBack !== undefined && <Back onBack={onBack} />}
      </div>
    </div>
  )
}

const Back = ({ onBack }: { onBack: () => void }) => (
  <button type="button" class="quiet pin-back" data-testid="pin-back" onClick={onBack}>
    <Icon name="back" />
    <span>{words.value.back}</span>
  </button>
)

/** Counts down while it is shut. */
function useLockedMs(): number {
  const [nowMs, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  return lockedForMs(pinLock.value, nowMs)
}
