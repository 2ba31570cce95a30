import { useComputed } from '@preact/signals'
import { useState } from 'preact/hooks'
import type { ProductOnTill } from '../wire.gen'
import { isWeighed } from '../rules/line'
import { shortDay, starsShown } from '../rules/fair_day'
import { lotMark } from '../rules/lots'
import { chooseProduct, quantities } from '../state/cart'
import { today, words } from '../state/device'
import { takenLots } from '../state/lots'
import { Amount } from './amount'
import { Placeholder } from './placeholder'

export function Tile({ product }: { product: ProductOnTill }) {
  const [photoFailed, setPhotoFailed] = useState(false)
  // Computed here, so that a tap redraws one tile and not sixty.
  const stars = useComputed(() => starsShown(product.stars, product.stars_until, today.value)).value
  const mark = useComputed(() => {
    const found = lotMark(product, takenLots.value, today.value)
    // As text, so that a sale of other goods redraws nothing here.
    if (found === null) return ''
    return found.kind === 'expired' ? words.value.expiredShort : words.value.lotExpires(shortDay(found.day))
  }).value
  const expired = mark !== '' && mark === words.value.expiredShort
  const packs = product.packs?.length ?? 0
  const inCart = useComputed(() => quantities.value.get(product.id) ?? 0).value
  return (
    <li class="tile-place">
      <button
        type="button"
        class={inCart > 0 ? 'tile in-cart' : 'tile'}
        data-testid="tile"
        data-product-id={product.id}
        onClick={() => chooseProduct(product)}
      >
        {product.photo_url === null || photoFailed ? (
          <Placeholder group={product.group} name={product.name} />
        ) : (
          <img
            class="photo"
            src={product.photo_url}
            alt=""
            loading="lazy"
            decoding="async"
            onError={() => setPhotoFailed(true)}
          />
        )}
        <span class="tile-words">
          <span class="tile-name">{product.name}</span>
          <span class="tile-unit">
            {packs > 0 ? `${product.unit} · ${words.value.packsToo(packs)}` : product.unit}
            {stars > 0 && (
              <span class="stars">
                <span aria-hidden="true">{stars}★</span>
                <span class="hidden">{words.value.stars(stars)}</span>
              </span>
            )}
          </span>
          {mark !== '' && (
            <span class={expired ? 'tile-lot expired' : 'tile-lot'} data-testid="tile-lot">
              {mark}
            </span>
          )}
          <span class="tile-price">
            <Amount dong={product.price_dong} />
            {isWeighed(product) && <span class="per-kilo"> / {words.value.perKilo}</span>}
          </span>
        </span>
        {inCart > 0 && (
          <span class="tile-count" aria-hidden="true">
            {inCart}
          </span>
        )}
      </button>
    </li>
  )
}
