// What is done to a cart as a whole.
import { Deed, Sheet } from '../parts/sheet'
import { cart, cartIsEmpty } from '../state/cart'
import { words } from '../state/device'
import { parkCart, parked } from '../state/parked'
import { type Screen, show } from '../state/screen'

export function CartMore({ back }: { back: Screen }) {
  const say = words.value
  const empty = cartIsEmpty.value
  return (
    <Sheet title={say.cartMoreTitle}>
      <div class="deeds">
        <Deed
          icon="basket"
          name={say.park}
          more={say.parkMore}
          testId="park"
          disabled={empty}
          onDo={() => void parkCart()}
        />
        <Deed
          icon="list"
          name={say.parkedCarts(parked.value.length)}
          testId="parked-open"
          disabled={parked.value.length === 0}
          onDo={() => show({ name: 'parked', back })}
        />
        <Deed
          icon="discount"
          name={say.discountOn(say.wholeSale)}
          more={cart.value.discount?.reason}
          testId="cart-discount"
          disabled={empty}
          onDo={() => show({ name: 'discount', key: null, back })}
        />
        <Deed
          icon="pen"
          name={say.note}
          more={cart.value.note}
          testId="cart-note"
          disabled={empty}
          onDo={() => show({ name: 'note', key: null, back })}
        />
        <Deed
          icon="gift"
          name={say.giveaway}
          more={say.giveawayMore}
          testId="giveaway"
          disabled={empty}
          onDo={() => show({ name: 'giveaway', back })}
        />
      </div>
    </Sheet>
  )
}
