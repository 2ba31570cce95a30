// Another price than the list's, by someone who may. The list's price and the reason go with the line.
import { useState } from 'preact/hooks'
import type { SellerOnTill } from '../wire.gen'
import { Amount } from '../parts/amount'
import { Numpad } from '../parts/numpad'
import { PinPad } from '../parts/pin_pad'
import { Reasons, Sheet } from '../parts/sheet'
import { formatDong, MAX_PRICE_DONG } from '../rules/price'
import { approvePrice, changePrice, priced, sellerNow } from '../state/cart'
import { words } from '../state/device'
import { goBack } from '../state/screen'

export function PriceScreen({ line: key }: { line: string }) {
  const say = words.value
  const line = priced.value.lines.find((one) => one.key === key)
  const [second, setSecond] = useState<SellerOnTill | null>(null)
  const [value, setValue] = useState(0)
  const [reason, setReason] = useState('')
  const [refused, setRefused] = useState('')
  if (line === undefined) return null
  if (sellerNow.value?.may_change_price !== true && second === null)
    return (
      <Sheet title={say.secondTitle}>
        <p class="second-why">{say.secondPrice}</p>
        <PinPad allowed={(seller) => seller.may_change_price} onPerson={setSecond} />
      </Sheet>
    )
  const take = (): void => {
    if (value === 0) return setRefused(say.valueMissing)
    if (reason.trim() === '') return setRefused(say.reasonMissing)
    changePrice(key, value === line.listPriceDong ? null : { dong: value, reason: reason.trim() })
    if (second !== null) approvePrice(second)
    goBack()
  }
  const choose = (text: string): void => {
    setRefused('')
    setReason(text)
  }
  const unit = line.grams === null ? line.unit : say.perKilo
  return (
    <Sheet
      title={line.product.name}
      class="two-sides"
      foot={
        <>
          {refused !== '' && (
            <p class="refusal" role="alert" data-testid="refusal">
              {refused}
            </p>
          )}
          {line.unitPriceDong !== line.listPriceDong && (
            <button
              type="button"
              class="outlined"
              data-testid="price-list"
              onClick={() => {
                changePrice(key, null)
                goBack()
              }}
            >
              {say.backToList}
            </button>
          )}
          <button type="button" class="primary" data-testid="price-done" onClick={take}>
            {say.done}
          </button>
        </>
      }
    >
      <div class="side-pad">
        <p class="weight-is">{say.listPrice(say.perUnit(formatDong(line.listPriceDong), unit))}</p>
        <output class={value === 0 ? 'weight-figure faint' : 'weight-figure'} data-testid="price-shown">
          <Amount dong={value} />
        </output>
        <Numpad
          value={value}
          limit={MAX_PRICE_DONG}
          onValue={(typed) => {
            setRefused('')
            setValue(typed)
          }}
        />
      </div>
      <div class="side-why">
        <Reasons
          testId="price-reason"
          reasons={say.priceReasons}
          value={reason}
          onValue={choose}
          isMissing={refused === say.reasonMissing}
        />
      </div>
    </Sheet>
  )
}
