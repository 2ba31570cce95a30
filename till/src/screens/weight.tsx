// Goods sold by weight: the seller reads the scale and types what it shows.
import { useState } from 'preact/hooks'
import { Amount, lengthClass } from '../parts/amount'
import { Pad } from '../parts/numpad'
import { Sheet } from '../parts/sheet'
import { lineOf } from '../rules/cart'
import { weighedGross } from '../rules/line'
import type { ChosenLot } from '../rules/lots'
import { formatDong, formatNumber } from '../rules/price'
import {
  gramsOf,
  inUnit,
  QUICK_GRAMS,
  typeWeight,
  type WeightKey,
  type WeightUnit,
  writtenWeight,
} from '../rules/weight'
import { addWeighed, cart, changeWeight } from '../state/cart'
import { productsById, words } from '../state/device'
import { type Screen, show } from '../state/screen'

export const GRAM_KEYS: WeightKey[] = ['7', '8', '9', '4', '5', '6', '1', '2', '3', '000', '0', 'back']
export const KILO_KEYS: WeightKey[] = ['7', '8', '9', '4', '5', '6', '1', '2', '3', ',', '0', 'back']

/** Whoever reads a scale in kilograms reads the next one so too. */
let lastUnit: WeightUnit = 'g'

interface Props {
  productId: string
  line: string | null // null: a new weighing
  lot: ChosenLot | null // of a new weighing
  back: Screen
}

export function WeightScreen({ productId, line: key, lot, back }: Props) {
  const say = words.value
  const product = productsById.value.get(productId)
  const line = key === null ? undefined : lineOf(cart.value, key)
  const [unit, setUnit] = useState<WeightUnit>(lastUnit)
  const [text, setText] = useState(inUnit(line?.grams ?? 0, lastUnit))
  const [fresh, setFresh] = useState(true) // what was weighed before is shown until a key is pressed
  const [refused, setRefused] = useState(false)
  if (product === undefined) return null
  const grams = gramsOf(text, unit)
  const price = line?.price?.dong ?? product.price_dong
  const amount = weighedGross(grams, price)

  const type = (next: string): void => {
    setText(next)
    setFresh(false)
    setRefused(false)
  }
  const take = (weighed: number): void => {
    if (weighed <= 0) {
      setRefused(true)
      return
    }
    if (key === null) addWeighed(product, weighed, lot)
    else changeWeight(key, weighed)
    show(back)
  }
  const useUnit = (next: WeightUnit): void => {
    setText(inUnit(grams, next))
    setUnit((lastUnit = next))
  }

  return (
    <Sheet
      title={product.name}
      class="weight-sheet"
      foot={
        <button type="button" class="primary" data-testid="weight-done" onClick={() => take(grams)}>
          {key === null ? say.addToCart : say.done}
        </button>
      }
    >
      <div class="weight-shown">
        <p class="weight-name">
          {say.weighTitle} <span>{say.perUnit(formatDong(price), say.perKilo)}</span>
        </p>
        <output
          class={text === '' ? 'weight-figure faint' : 'weight-figure'}
          data-testid="weight-shown"
          data-grams={grams}
        >
          {unit === 'g' ? `${formatNumber(grams)} g` : `${text === '' ? '0' : text} kg`}
        </output>
        {refused ? (
          <p class="refusal" role="alert" data-testid="refusal">
            {say.weightMissing}
          </p>
        ) : (
          <p class="weight-is">
            {grams > 0 && unit === 'g' && <span class="weight-kilos">{writtenWeight(grams)} · </span>}
            <strong class={`weight-amount ${lengthClass(amount)}`} data-testid="weight-amount" data-dong={amount}>
              <Amount dong={amount} />
            </strong>
          </p>
        )}
      </div>
      <div class="weight-pad">
        <Pad
          keys={unit === 'g' ? GRAM_KEYS : KILO_KEYS}
          onKey={(pressed) => type(typeWeight(fresh && pressed !== 'back' ? '' : text, unit, pressed))}
        />
      </div>
      <div class="weight-side">
        <div class="weight-quick">
          {QUICK_GRAMS.map((quick) => (
            <button
              key={quick}
              type="button"
              class="note-button"
              data-testid="quick-weight"
              data-grams={quick}
              onClick={() => take(quick)}
            >
              {quick < 1000 ? `${quick} g` : '1 kg'}
            </button>
          ))}
        </div>
        <div class="weight-units">
          <button
            type="button"
            class="choice"
            aria-pressed={unit === 'g'}
            data-testid="unit-g"
            onClick={() => useUnit('g')}
          >
            {say.grams}
          </button>
          <button
            type="button"
            class="choice"
            aria-pressed={unit === 'kg'}
            data-testid="unit-kg"
            onClick={() => useUnit('kg')}
          >
            {say.kilos}
          </button>
        </div>
      </div>
    </Sheet>
  )
}
