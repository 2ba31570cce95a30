import { words } from '../state/device'
import { lookOf } from '../state/transfers'
import { Icon } from './icon'

/** What is known of a transfer: in words, with a drawing, and only then in colour. */
export function TransferMark({ saleId, paymentNo }: { saleId: string; paymentNo: number }) {
  const say = words.value
  const look = lookOf(saleId, paymentNo)
  const open = look === 'claimed' || look === 'underpaid'
  const text = {
    claimed: say.claimed,
    seen: say.seenState,
    confirmed: say.confirmedState,
    underpaid: say.underpaid,
    overpaid: say.overpaid,
  }[look]
  return (
    <span class={open ? 'state waiting' : 'state'} data-testid="transfer-state" data-state={look}>
      <Icon name={open ? 'wait' : 'check'} />
      {text}
    </span>
  )
}
