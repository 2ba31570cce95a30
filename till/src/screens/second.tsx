// More is taken off than this seller may give: a second person enters her own PIN, for this cart only.
import { PinPad } from '../parts/pin_pad'
import { Sheet } from '../parts/sheet'
import { approve, mayApprove, sellerNow } from '../state/cart'
import { words } from '../state/device'
import { goBack } from '../state/screen'

export function SecondScreen() {
  const say = words.value
  return (
    <Sheet title={say.secondTitle}>
      <p class="second-why" data-testid="second">
        {say.secondDiscount(sellerNow.value?.discount_limit_percent ?? 0)}
      </p>
      <PinPad
        allowed={mayApprove}
        onPerson={(person) => {
          approve(person)
          goBack()
        }}
      />
    </Sheet>
  )
}
