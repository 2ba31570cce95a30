// One line of a count, typed: pieces, or what the scale shows.
import { useState } from 'preact/hooks'
import { Numpad, Pad } from '../parts/numpad'
import { Sheet } from '../parts/sheet'
import { MAX_COUNTED } from '../rules/counting'
import { localClock } from '../rules/fair_day'
import { formatNumber } from '../rules/price'
import { gramsOf, inUnit, typeWeight, type WeightUnit, writtenWeight } from '../rules/weight'
import { countRows, putCount, takeCountBack } from '../state/counting'
import { sync, words } from '../state/device'
import { type Screen, show } from '../state/screen'
import { countedLast, writtenCount } from './count'
import { lotWords } from './cart'
import { GRAM_KEYS, KILO_KEYS } from './weight'

let lastUnit: WeightUnit = 'kg' // what lies in sacks is weighed on a scale that shows kilograms

export function CountLineScreen({ line: key, back }: { line: string; back: Screen }) {
  const say = words.value
  const row = countRows.value.find((one) => one.key === key)
  const [typed, setTyped] = useState<number | null>(null)
  const [unit, setUnit] = useState<WeightUnit>(lastUnit)
  const [text, setText] = useState('')
  const [full, setFull] = useState(false)
  if (row === undefined) return null
  const { entry, weighed } = row
  const value = weighed ? (text === '' ? null : gramsOf(text, unit)) : typed
  const take = (quantity: number): void => {
    countedLast(key)
    if (putCount(row, quantity)) show(back)
    else setFull(true)
  }
  const takeBack = (): void => {
    countedLast(key)
    takeCountBack(key)
    show(back)
  }
  const useUnit = (next: WeightUnit): void => {
    setText(text === '' ? '' : inUnit(gramsOf(text, unit), next))
    setUnit((lastUnit = next))
  }
  return (
    <Sheet
      title={row.name}
      class={weighed ? 'weight-sheet count-line' : 'quantity-sheet count-line'}
      foot={
        <>
          {full && (
            <p class="refusal" role="alert" data-testid="refusal">
              {say.countFull}
            </p>
          )}
          {entry === null ? (
            <button type="button" class="outlined" data-testid="count-nothing" onClick={() => take(0)}>
              {say.countNothing}
            </button>
          ) : (
            <button type="button" class="outlined taking" data-testid="count-take-back" onClick={takeBack}>
              {say.countTakeBack}
            </button>
          )}
          <button
            type="button"
            class="primary"
            data-testid="count-line-done"
            disabled={value === null}
            onClick={() => value !== null && take(value)}
          >
            {say.done}
          </button>
        </>
      }
    >
      <div class={weighed ? 'weight-shown' : 'count-shown'}>
        <p class="weight-name">{weighed ? say.weighTitle : say.countHowMany}</p>
        <p class="count-about">
          {row.rest ? say.countRest : row.lot === null ? (weighed ? say.perKilo : row.unit) : lotWords(row.lot)}
        </p>
        <output
          class={value === null ? 'weight-figure faint' : 'weight-figure'}
          data-testid="count-typed"
          data-value={value ?? undefined}
        >
          {value !== null && weighed
            ? unit === 'g'
              ? `${formatNumber(value)} g`
              : `${text} kg`
            : value === null && entry === null
              ? '–'
              : writtenCount(row, value ?? entry!.quantity)}
        </output>
        {entry !== null ? (
          <p class="weight-is">{say.countedClock(localClock(entry.counted_at_ms + sync.value.clockOffsetMs))}</p>
        ) : (
          weighed && <p class="weight-is">{value === null ? '' : writtenWeight(value)}</p>
        )}
      </div>
      {weighed ? (
        <>
          <div class="weight-pad">
            <Pad
              keys={unit === 'g' ? GRAM_KEYS : KILO_KEYS}
              onKey={(pressed) => setText(typeWeight(text, unit, pressed))}
            />
          </div>
          <div class="weight-side">
            <div class="weight-units" role="group" aria-label={say.weighTitle}>
              {(['g', 'kg'] as const).map((one) => (
                <button
                  key={one}
                  type="button"
                  class="choice"
                  aria-pressed={unit === one}
                  data-testid={`unit-${one}`}
                  onClick={() => useUnit(one)}
                >
                  {one === 'g' ? say.grams : say.kilos}
                </button>
              ))}
            </div>
          </div>
        </>
      ) : (
        <Numpad value={typed ?? 0} limit={MAX_COUNTED} onValue={setTyped} />
      )}
    </Sheet>
  )
}
