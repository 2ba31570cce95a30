import { Amount, lengthClass } from '../parts/amount'
import { Icon } from '../parts/icon'
import { Numpad } from '../parts/numpad'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { PricedLine } from '../rules/cart'
import { formatNumber, MAX_QUANTITY } from '../rules/price'
import { changeQuantity, priced, quantities } from '../state/cart'
import { maySell, producersById, productsById, words } from '../state/device'
import { openPay } from '../state/sale'
import { screen, show } from '../state/screen'

export function CartPanel() {
  const say = words.value
  const { lines } = priced.value
  const place = useRef<HTMLDivElement>(null)
  const count = lines.length
  const before = useRef(count)
  useEffect(() => {
    // A new line goes to the end and must be seen.
    if (count > before.current) place.current?.scrollTo(0, place.current.scrollHeight)
    before.current = count
  }, [count])
  return (
    <>
      <div class="cart-lines" ref={place}>
        {lines.length === 0 ? (
          <div class="cart-empty">
            <Icon name="point" />
            <p class="cart-empty-first">{say.emptyCart}</p>
            <p>{say.emptyCartMore}</p>
          </div>
        ) : (
          <ul role="list">
            {lines.map((line) => (
              <Line key={line.product.id} line={line} />
            ))}
          </ul>
        )}
      </div>
      <MoneyBar />
    </>
  )
}

function Line({ line: { product, quantity, amountDong } }: { line: PricedLine }) {
  const say = words.value
  return (
    <li class="line" data-testid="cart-line" data-product-id={product.id}>
      <span class="line-name">{product.name}</span>
      <span class="line-sum">
        <Amount dong={amountDong} />
      </span>
      <span class="line-maker">{producersById.value.get(product.producer_id)?.name}</span>
      <span class="line-controls">
        <button
          type="button"
          class={quantity === 1 ? 'step taking' : 'step'}
          data-testid="less"
          aria-label={quantity === 1 ? say.removeOf(product.name) : say.less(product.name)}
          onClick={() => changeQuantity(product, quantity - 1)}
        >
          <Icon name={quantity === 1 ? 'bin' : 'minus'} />
          {quantity === 1 && <span>{say.remove}</span>}
        </button>
        <button
          type="button"
          class="count"
          data-testid="quantity"
          aria-label={say.quantityOf(product.name, quantity)}
          onClick={() =>
            show({ name: 'quantity', productId: product.id, from: screen.value.name === 'cart' ? 'cart' : 'sell' })
          }
        >
          {formatNumber(quantity)}
        </button>
        <button
          type="button"
          class="step"
          data-testid="more"
          aria-label={say.more(product.name)}
          onClick={() => changeQuantity(product, quantity + 1)}
        >
          <Icon name="plus" />
        </button>
      </span>
    </li>
  )
}

export function MoneyBar() {
  const say = words.value
  const { totalDong, pieces } = priced.value
  const inCart = screen.value.name === 'cart'
  return (
    <div class="money-bar">
      <p class="total-row">
        <span class="total-label">
          {pieces === 0 ? <span class="phone-hint">{say.emptyCart}</span> : say.pieces(pieces)}
        </span>
        <strong class={`total ${lengthClass(totalDong)}`} data-testid="cart-total" data-total={totalDong}>
          <Amount dong={totalDong} />
        </strong>
      </p>
      <div class="money-buttons">
        <button
          type="button"
          class="see-cart outlined"
          data-testid="see-cart"
          disabled={!inCart && pieces === 0}
          onClick={() => show({ name: inCart ? 'sell' : 'cart' })}
        >
          {inCart ? say.backToGoods : say.seeCart}
        </button>
        <button
          type="button"
          class="primary money"
          data-testid="pay-button"
          disabled={pieces === 0 || !maySell.value}
          onClick={openPay}
        >
          {say.takeMoney}
        </button>
      </div>
    </div>
  )
}

export function QuantityScreen({ productId, from }: { productId: string; from: 'sell' | 'cart' }) {
  const say = words.value
  const product = productsById.value.get(productId)
  const [value, setValue] = useState(0)
  const now = quantities.value.get(productId) ?? 0
  if (product === undefined) return null
  const wanted = value === 0 ? now : value
  const leave = (quantity: number): void => {
    changeQuantity(product, quantity)
    show({ name: from })
  }
  return (
    <main class="sheet quantity">
      <h1 class="sheet-title">{say.howMany}</h1>
      <p class="quantity-name">{product.name}</p>
      <output class={`given ${value === 0 ? 'faint' : ''}`}>{formatNumber(wanted)}</output>
      <Numpad value={value} limit={MAX_QUANTITY} onValue={setValue} />
      <div class="sheet-buttons">
        <button type="button" class="outlined taking" onClick={() => leave(0)}>
          <Icon name="bin" />
          {say.removeLine}
        </button>
        <button type="button" class="primary money" data-testid="quantity-done" onClick={() => leave(wanted)}>
          {say.done}
        </button>
      </div>
    </main>
  )
}
