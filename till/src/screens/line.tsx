// One line of the cart: what it is, and everything that may be done to it.
import { useState } from 'preact/hooks'
import { Amount } from '../parts/amount'
import { Numpad } from '../parts/numpad'
import { Deed, Sheet } from '../parts/sheet'
import { Icon } from '../parts/icon'
import { formatDong, formatNumber, MAX_QUANTITY } from '../rules/price'
import { writtenWeight } from '../rules/weight'
import { changeQuantity, priced } from '../state/cart'
import { words } from '../state/device'
import { goBack, type Screen, screen, show } from '../state/screen'
import { Facts, lotWords } from './cart'

const pricedLine = (key: string) => priced.value.lines.find((line) => line.key === key)

export function LineScreen({ line: key, back }: { line: string; back: Screen }) {
  const say = words.value
  const line = pricedLine(key)
  if (line === undefined) return null
  const here = screen.value
  const { product, grams, quantity } = line
  return (
    <Sheet
      title={product.name}
      class="line-sheet"
      foot={
        <button type="button" class="primary" data-testid="line-done" onClick={() => show(back)}>
          {say.done}
        </button>
      }
    >
      <div class="line-sums">
        <p>
          {grams === null ? formatNumber(quantity) : writtenWeight(grams)} ×{' '}
          {say.perUnit(formatDong(line.unitPriceDong), grams === null ? line.unit : say.perKilo)}
        </p>
        <strong class="line-figure">
          <Amount dong={line.amountDong} />
        </strong>
        <p class="line-maker">
          <Facts line={line} />
        </p>
      </div>
      <div class="deeds">
        {grams === null ? (
          <Deed
            icon="plus"
            name={say.editQuantity}
            testId="line-quantity"
            onDo={() => show({ name: 'quantity', key, back: here })}
          />
        ) : (
          <Deed
            icon="scale"
            name={say.weighAgain}
            testId="line-weight"
            onDo={() => show({ name: 'weight', productId: product.id, key, back: here })}
          />
        )}
        {line.lot !== null && (
          <Deed
            icon="list"
            name={say.changeLot}
            more={lotWords(line.lot)}
            testId="line-lot"
            onDo={() => show({ name: 'lot', productId: product.id, packId: line.pack?.id ?? null, key, back: here })}
          />
        )}
        <Deed
          icon="discount"
          name={say.discount}
          more={line.discountReason}
          testId="line-discount"
          onDo={() => show({ name: 'discount', key, back: here })}
        />
        <Deed
          icon="tag"
          name={say.changePrice}
          more={line.priceReason}
          testId="line-price"
          onDo={() => show({ name: 'price', key, back: here })}
        />
        <Deed
          icon="pen"
          name={say.note}
          more={line.note}
          testId="line-note"
          onDo={() => show({ name: 'note', key, back: here })}
        />
        <Deed
          icon="bin"
          name={say.removeLine}
          testId="line-remove"
          taking
          onDo={() => {
            changeQuantity(key, 0)
            show(back)
          }}
        />
      </div>
    </Sheet>
  )
}

export function QuantityScreen({ line: key }: { line: string }) {
  const say = words.value
  const line = pricedLine(key)
  const [value, setValue] = useState(0)
  if (line === undefined) return null
  const wanted = value === 0 ? line.quantity : value
  const leave = (quantity: number): void => {
    goBack()
    changeQuantity(key, quantity)
  }
  return (
    <Sheet
      title={line.product.name}
      class="quantity-sheet"
      foot={
        <>
          <button type="button" class="outlined taking" data-testid="quantity-remove" onClick={() => leave(0)}>
            <Icon name="bin" />
            {say.removeLine}
          </button>
          <button type="button" class="primary" data-testid="quantity-done" onClick={() => leave(wanted)}>
            {say.done}
          </button>
        </>
      }
    >
      <p class="quantity-figure">
        <span>{say.howMany}</span>
        <output class={value === 0 ? 'weight-figure faint' : 'weight-figure'}>{formatNumber(wanted)}</output>
      </p>
      <Numpad value={value} limit={MAX_QUANTITY} onValue={setValue} />
    </Sheet>
  )
}
