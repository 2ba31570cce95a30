// One more tap: single or packed, each with its own price.
import { Amount } from '../parts/amount'
import { Sheet } from '../parts/sheet'
import { isWeighed } from '../rules/line'
import { chooseGoods } from '../state/cart'
import { packHolds } from './cart'
import { productsById, words } from '../state/device'
import type { Screen } from '../state/screen'

export function PacksScreen({ productId, back }: { productId: string; back: Screen }) {
  const say = words.value
  const product = productsById.value.get(productId)
  if (product === undefined) return null
  const weighed = isWeighed(product)
  const choices = [null, ...(product.packs ?? [])]
  return (
    <Sheet title={say.packsTitle}>
      <p class="packs-name">{product.name}</p>
      <div class="packs">
        {choices.map((pack) => (
          <button
            key={pack?.id ?? ''}
            type="button"
            class="pack"
            data-testid="pack"
            data-pack-id={pack?.id ?? ''}
            onClick={() => {
              chooseGoods(product, pack ?? undefined, back)
            }}
          >
            <b>{pack === null ? (weighed ? say.byWeight : say.single) : pack.name}</b>
            <span class="pack-holds">
              {pack === null ? (weighed ? say.perKilo : product.unit) : packHolds(product, pack)}
            </span>
            <strong>
              <Amount dong={pack?.price_dong ?? product.price_dong} />
            </strong>
          </button>
        ))}
      </div>
    </Sheet>
  )
}
