import { Amount } from '../parts/amount'
import { Sheet } from '../parts/sheet'
import { localClock } from '../rules/fair_day'
import { cartIsEmpty } from '../state/cart'
import { sync, words } from '../state/device'
import { parked, resumeCart } from '../state/parked'

export function ParkedList() {
  const say = words.value
  return (
    <ul class="parked" role="list">
      {parked.value.map((one) => (
        <li key={one.id}>
          <button
            type="button"
            class="parked-row"
            data-testid="parked-row"
            data-number={one.number}
            data-total={one.total_dong}
            onClick={() => void resumeCart(one)}
          >
            <span class={`parked-number colour-${one.colour}`}>
              <span class="hidden">{say.parkedNumber(one.number)}</span>
              <span aria-hidden="true">{one.number}</span>
            </span>
            <span class="parked-what">
              <b>{one.first_item}</b>
              <span>
                {say.pieces(one.pieces)} · {localClock(one.parked_at_ms + sync.value.clockOffsetMs)}
              </span>
              <Amount dong={one.total_dong} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

export function Parked() {
  const say = words.value
  return (
    <Sheet title={say.parkedTitle}>
      {parked.value.length === 0 ? <p class="empty">{say.parkedEmpty}</p> : <ParkedList />}
      {!cartIsEmpty.value && parked.value.length > 0 && <p class="hint">{say.parkedSwap}</p>}
    </Sheet>
  )
}
