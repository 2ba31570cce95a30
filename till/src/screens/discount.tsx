// Something taken off one line or the whole cart: how much, why, and who bears it.
import { useState } from 'preact/hooks'
import { Amount } from '../parts/amount'
import { Numpad } from '../parts/numpad'
import { Chips, Reasons, Sheet } from '../parts/sheet'
import { bearersFor, lineOf, priceCart, withDiscount } from '../rules/cart'
import { BEARERS, type BorneBy, type Discount, mostOf } from '../rules/discount'
import { formatDong } from '../rules/price'
import { cart, changeDiscount, mayDiscount, priced } from '../state/cart'
import { productsById, words } from '../state/device'
import { goBack, type Screen, show } from '../state/screen'

export function DiscountScreen({ line: key, back }: { line: string | null; back: Screen }) {
  const say = words.value
  const now = key === null ? cart.value.discount : lineOf(cart.value, key)?.discount
  const bearers = bearersFor(cart.value, key)
  const [kind, setKind] = useState<Discount['kind']>(now?.kind ?? 'percent')
  const [value, setValue] = useState(now?.value ?? 0)
  const [reason, setReason] = useState(now?.reason ?? '')
  const [borneBy, setBorneBy] = useState<BorneBy | null>(now?.borne_by ?? bearers[0] ?? null)
  const [refused, setRefused] = useState('')

  const line = priced.value.lines.find((one) => one.key === key)
  const wanted: Discount | null =
    value === 0 || borneBy === null ? null : { kind, value, reason: reason.trim(), borne_by: borneBy }
  const next = withDiscount(cart.value, key, wanted)
  const after = priceCart(next, productsById.value)
  const costs = key === null ? after.totalDong : (after.lines.find((one) => one.key === key)?.amountDong ?? 0)
  const before = key === null ? after.grossDong : (line?.grossDong ?? 0)

  const take = (): void => {
    if (bearers.length === 0) return setRefused(say.bearersDiffer)
    if (wanted === null) return setRefused(say.valueMissing)
    if (wanted.reason === '') return setRefused(say.reasonMissing)
    const fine = mayDiscount(next)
    changeDiscount(key, wanted)
    if (fine) goBack()
    else show({ name: 'second', back })
  }
  const choose = (id: string): void => {
    setRefused('')
    setReason(id)
  }
  return (
    <Sheet
      title={say.discountOn(line?.product.name ?? say.wholeSale)}
      class="two-sides"
      foot={
        <>
          {refused !== '' && (
            <p class="refusal" role="alert" data-testid="refusal">
              {refused}
            </p>
          )}
          {now !== undefined && (
            <button
              type="button"
              class="outlined taking"
              data-testid="discount-remove"
              onClick={() => {
                changeDiscount(key, null)
                goBack()
              }}
            >
              {say.removeDiscount}
            </button>
          )}
          <button type="button" class="primary" data-testid="discount-done" onClick={take}>
            {say.done}
          </button>
        </>
      }
    >
      <div class="side-pad">
        <output class="weight-figure" data-testid="discount-shown">
          {kind === 'percent' ? `${value} %` : <Amount dong={value} />}
        </output>
        <p class="weight-is">
          <s>{formatDong(before)}</s> {say.nowCosts}{' '}
          <strong data-testid="discount-costs" data-dong={costs}>
            <Amount dong={costs} />
          </strong>
        </p>
        <Numpad
          value={value}
          limit={mostOf(kind)}
          onValue={(typed) => {
            setRefused('')
            setValue(typed)
          }}
        />
      </div>
      <div class="side-why">
        <div class="weight-units" role="group" aria-label={say.discount}>
          {(['percent', 'amount'] as const).map((one) => (
            <button
              key={one}
              type="button"
              class="choice"
              aria-pressed={kind === one}
              data-testid={`discount-${one}`}
              onClick={() => {
                setKind(one)
                setValue(0)
              }}
            >
              {one === 'percent' ? `${say.percent} %` : `${say.dongUnit} ₫`}
            </button>
          ))}
        </div>
        <Reasons
          testId="discount-reason"
          reasons={say.discountReasons}
          value={reason}
          onValue={choose}
          isMissing={refused === say.reasonMissing}
        />
        <Chips
          label={say.bornBy}
          testId="borne-by"
          options={BEARERS.filter((one) => bearers.includes(one)).map((one) => [one, say.bearers[one]] as const)}
          value={borneBy}
          onChoose={setBorneBy}
        />
        {bearers.length === 1 && <p class="hint">{say.oneBearer}</p>}
        {bearers.length === 0 && <p class="hint">{say.bearersDiffer}</p>}
      </div>
    </Sheet>
  )
}
