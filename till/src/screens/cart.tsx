import { useEffect, useRef } from 'preact/hooks'
import type { PackOnTill, ProductOnTill } from '../wire.gen'
import { Amount, lengthClass } from '../parts/amount'
import { Icon } from '../parts/icon'
import { discountDong, isWeighed, type PricedLine } from '../rules/line'
import { writtenDay } from '../rules/fair_day'
import { isExpired } from '../rules/lots'
import { formatDong, formatNumber } from '../rules/price'
import { writtenWeight } from '../rules/weight'
import { changeQuantity, needsSecond, oneMoreOf, priced, pricesWait } from '../state/cart'
import { countDraft } from '../state/count_draft'
import { countingNow } from '../state/counting'
import { maySell, producersById, today, words } from '../state/device'
import { parked } from '../state/parked'
import { openPay } from '../state/sale'
import { screen, show } from '../state/screen'
import { ParkedList } from './parked'

export function CartPanel() {
  const say = words.value
  const { lines, note, pieces } = priced.value
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
        <h2 class="cart-title">
          {say.cart}: {say.pieces(pieces)}
        </h2>
        {lines.length > 0 ? (
          <ul role="list">
            {lines.map((line) => (
              <Line key={line.key} line={line} />
            ))}
          </ul>
        ) : parked.value.length > 0 ? (
          <div class="cart-parked">
            <h2>{say.parkedTitle}</h2>
            <ParkedList />
          </div>
        ) : (
          <div class="cart-empty">
            <Icon name="point" />
            <p class="cart-empty-first">{say.emptyCart}</p>
            <p>{say.emptyCartMore}</p>
            {countingNow.value && <CountOn testId="count-on" />}
          </div>
        )}
        {note !== '' && <p class="cart-note">{say.noteIs(note)}</p>}
      </div>
      <MoneyBar />
    </>
  )
}

function Line({ line }: { line: PricedLine }) {
  const say = words.value
  const { key, product, quantity, grams, amountDong } = line
  const here = screen.value
  return (
    <li
      class="line"
      data-testid="cart-line"
      data-product-id={product.id}
      data-key={key}
      data-amount={amountDong}
      data-grams={grams ?? undefined}
    >
      <button
        type="button"
        class="line-open"
        data-testid="line-open"
        onClick={() => show({ name: 'line', key, back: here })}
      >
        <span class="line-name">{product.name}</span>
        <span class="line-sum">
          <Amount dong={amountDong} />
        </span>
        <span class="line-maker">
          <Facts line={line} />
        </span>
      </button>
      <span class="line-controls">
        {quantity === 1 ? (
          <button
            type="button"
            class="step taking"
            data-testid="less"
            aria-label={say.removeOf(product.name)}
            onClick={() => changeQuantity(key, 0)}
          >
            <Icon name="bin" />
            <span>{say.remove}</span>
          </button>
        ) : (
          <button
            type="button"
            class="step"
            data-testid="less"
            aria-label={say.less(product.name)}
            onClick={() => changeQuantity(key, quantity - 1)}
          >
            <Icon name="minus" />
          </button>
        )}
        {grams !== null ? (
          <button
            type="button"
            class="count weighed"
            data-testid="weight"
            aria-label={say.weightOf(product.name, writtenWeight(grams))}
            onClick={() => show({ name: 'weight', productId: product.id, key, back: here })}
          >
            {writtenWeight(grams)}
          </button>
        ) : (
          <>
            <button
              type="button"
              class="count"
              data-testid="quantity"
              aria-label={say.quantityOf(product.name, quantity)}
              onClick={() => show({ name: 'quantity', key, back: here })}
            >
              {formatNumber(quantity)}
            </button>
            <button
              type="button"
              class="step"
              data-testid="more"
              aria-label={say.more(product.name)}
              onClick={() => oneMoreOf(line)}
            >
              <Icon name="plus" />
            </button>
          </>
        )}
      </span>
    </li>
  )
}

/** Of weighed goods a pack holds grams. */
export const packHolds = (product: ProductOnTill, pack: PackOnTill): string =>
  isWeighed(product) ? writtenWeight(pack.size) : words.value.packHolds(pack.size, product.unit)

/** "Lô L01 · Hạn 30/11/2026" */
export function lotWords(lot: { code: string; expires_day: string | null }): string {
  const say = words.value
  const code = lot.code === '' ? '' : `${say.lotCode(lot.code)} · `
  if (lot.expires_day === null) return `${code}${say.lotNoExpiry}`
  const written = writtenDay(lot.expires_day)
  return code + (isExpired(lot, today.value) ? say.expiredOn(written) : say.lotExpires(written))
}

/** The maker, and what is not as the tile says: pack, price, discount, note. */
export function Facts({ line }: { line: PricedLine }) {
  const say = words.value
  const off = discountDong(line)
  return (
    <>
      {producersById.value.get(line.product.producer_id)?.name}
      {line.pack !== null && (
        <span class="fact">
          {line.pack.name}: {packHolds(line.product, line.pack)}
        </span>
      )}
      {line.lot !== null && (
        <span class="fact" data-testid="line-lot-shown" data-lot-id={line.lot.id}>
          {lotWords(line.lot)}
          {line.lot.reason !== '' && ` · ${line.lot.reason}`}
        </span>
      )}
      {line.unitPriceDong !== line.listPriceDong && (
        <span class="fact">
          {say.newPrice} {say.perUnit(formatDong(line.unitPriceDong), line.unit)}
        </span>
      )}
      {off > 0 && <span class="fact">{say.takenOff(formatDong(off))}</span>}
      {line.note !== '' && <span class="fact">{say.noteIs(line.note)}</span>}
    </>
  )
}

/** Back to the count that goes on, while no buyer waits. */
const CountOn = ({ testId }: { testId: string }) => (
  <button type="button" class="outlined count-on" data-testid={testId} onClick={() => show({ name: 'count' })}>
    {words.value.countOn(countDraft.value?.entries.length ?? 0)}
  </button>
)

export function MoneyBar() {
  const say = words.value
  const { totalDong, discountDong: off, pieces } = priced.value
  const inCart = screen.value.name === 'cart'
  const waiting = parked.value.length
  return (
    <div class="money-bar">
      <p class="total-row">
        <span class="total-label">
          {pieces === 0 ? <span class="phone-hint">{say.emptyCart}</span> : say.pieces(pieces)}
          {off > 0 && <span class="total-off">{say.takenOff(formatDong(off))}</span>}
          {pricesWait.value && (
            <span class="prices-wait" role="status" data-testid="prices-wait">
              {say.pricesWait}
            </span>
          )}
        </span>
        <strong
          class={`total ${lengthClass(totalDong)}`}
          data-testid="cart-total"
          data-total={totalDong}
          data-discount={off}
        >
          <Amount dong={totalDong} />
        </strong>
      </p>
      <div class="money-buttons">
        {pieces === 0 && waiting > 0 && !inCart ? (
          <button
            type="button"
            class="see-cart outlined"
            data-testid="see-parked"
            onClick={() => show({ name: 'parked', back: screen.value })}
          >
            {say.parkedCarts(waiting)}
          </button>
        ) : pieces === 0 && countingNow.value && !inCart ? (
          <span class="see-cart count-on-place">
            <CountOn testId="count-on-phone" />
          </span>
        ) : (
          <button
            type="button"
            class="see-cart outlined"
            data-testid="see-cart"
            disabled={!inCart && pieces === 0}
            onClick={() => show({ name: inCart ? 'sell' : 'cart' })}
          >
            {inCart ? say.backToGoods : say.seeCart}
          </button>
        )}
        <button
          type="button"
          class={inCart ? 'cart-more outlined in-cart' : 'cart-more outlined'}
          data-testid="cart-more"
          disabled={pieces === 0 && waiting === 0}
          onClick={() => show({ name: 'cart_more', back: screen.value })}
        >
          {say.cartMore}
        </button>
        <button
          type="button"
          class="primary money"
          data-testid="pay-button"
          data-needs-second={needsSecond.value}
          disabled={pieces === 0 || !maySell.value}
          onClick={openPay}
        >
          {say.takeMoney}
        </button>
      </div>
    </div>
  )
}
