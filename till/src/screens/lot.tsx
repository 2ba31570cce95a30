// A lot of these goods has expired: from which lot are the ones in the seller's hand? The expired one only with a reason.
import { useState } from 'preact/hooks'
import type { LotOnTill, ProductOnTill } from '../wire.gen'
import { Icon } from '../parts/icon'
import { Reasons, Sheet } from '../parts/sheet'
import { isWeighed } from '../rules/line'
import { type ChosenLot, isExpired, lyingLots } from '../rules/lots'
import { writtenDay } from '../rules/fair_day'
import { writtenWeight } from '../rules/weight'
import { changeLot, takeFromLot } from '../state/cart'
import { productsById, today, words } from '../state/device'
import { takenLots } from '../state/lots'
import { type Screen, show } from '../state/screen'
import { lotWords } from './cart'

interface Props {
  productId: string
  packId: string | null
  line: string | null // a line whose lot is changed; null: goods that come into the cart
  back: Screen
}

export function LotScreen({ productId, packId, line: key, back }: Props) {
  const say = words.value
  const [expired, setExpired] = useState<LotOnTill | null>(null)
  const [reason, setReason] = useState('')
  const [refused, setRefused] = useState(false)
  const product = productsById.value.get(productId)
  if (product === undefined) return null
  const lots = lyingLots(product, takenLots.value)
  const holding = lots.filter((lot) => !isExpired(lot, today.value))
  const gone = lots.filter((lot) => isExpired(lot, today.value))
  const take = (lot: LotOnTill, why: string): void => {
    const chosen: ChosenLot = { id: lot.id, code: lot.code, expires_day: lot.expires_day, reason: why }
    if (key === null)
      return takeFromLot(
        product,
        product.packs?.find((pack) => pack.id === packId),
        chosen,
        back,
      )
    changeLot(key, chosen)
    show(back)
  }
  if (expired !== null)
    return (
      <Sheet
        title={product.name}
        foot={
          <>
            {refused && (
              <p class="refusal" role="alert" data-testid="refusal">
                {say.reasonMissing}
              </p>
            )}
            <button
              type="button"
              class="primary"
              data-testid="lot-anyway"
              onClick={() => (reason.trim() === '' ? setRefused(true) : take(expired, reason.trim()))}
            >
              {say.sellAnyway}
            </button>
          </>
        }
      >
        <p class="lot-warning">
          <Icon name="stop" />
          <span>{lotWords(expired)}</span>
        </p>
        <h2 class="lot-why">{say.expiredWhy}</h2>
        <Reasons
          testId="lot-reason"
          reasons={say.expiredReasons}
          value={reason}
          onValue={(text) => {
            setRefused(false)
            setReason(text)
          }}
          isMissing={refused}
        />
      </Sheet>
    )
  return (
    <Sheet title={say.lotTitle}>
      <p class="packs-name">{product.name}</p>
      {gone[0]?.expires_day != null && (
        <p class="lot-warning" role="status" data-testid="lot-warning">
          <Icon name="stop" />
          <span>{say.lotExpired(writtenDay(gone[0].expires_day))}</span>
        </p>
      )}
      {holding.length === 0 ? (
        <p class="hint" data-testid="lot-none">
          {say.lotNoneHolds}
        </p>
      ) : (
        <div class="packs" role="group" aria-label={say.lotHolds}>
          {holding.map((lot) => (
            <button
              key={lot.id}
              type="button"
              class="pack"
              data-testid="lot"
              data-lot-id={lot.id}
              onClick={() => take(lot, '')}
            >
              <LotFacts lot={lot} product={product} />
            </button>
          ))}
        </div>
      )}
      <div class="lots-gone">
        {gone.map((lot) => (
          <button
            key={lot.id}
            type="button"
            class="outlined taking"
            data-testid="lot-expired"
            data-lot-id={lot.id}
            onClick={() => setExpired(lot)}
          >
            <span>
              <b>{say.sellExpired}</b>
              <small>{lotWords(lot)}</small>
            </span>
          </button>
        ))}
      </div>
    </Sheet>
  )
}

function LotFacts({ lot, product }: { lot: LotOnTill; product: ProductOnTill }) {
  const say = words.value
  const left = isWeighed(product) ? writtenWeight(lot.left) : `${lot.left} ${product.unit}`
  return (
    <>
      <b>{lot.expires_day === null ? say.lotNoExpiry : say.lotExpires(writtenDay(lot.expires_day))}</b>
      {lot.code !== '' && <span>{say.lotCode(lot.code)}</span>}
      {lot.owner_id !== product.producer_id && <span class="pack-holds">{lot.owner_name}</span>}
      <span class="pack-holds">{say.lotLeft(left)}</span>
    </>
  )
}
