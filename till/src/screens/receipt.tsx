// One receipt of this tablet: as paper, and what can be done with it.
import { useEffect, useState } from 'preact/hooks'
import { documentOf } from '../ledger/sales'
import type { StoredSale } from '../ledger/schema'
import { Amount, lengthClass } from '../parts/amount'
import { Icon } from '../parts/icon'
import { AsNotes } from '../parts/notes'
import { Paper } from '../parts/paper'
import { PrintButton, PrintState, ShareButton } from '../parts/receipt_actions'
import { TransferMark } from '../parts/transfer_mark'
import { formatDong } from '../rules/price'
import { ledger, maySell, words } from '../state/device'
import { goBack, screen, show } from '../state/screen'
import { isClaimed, keepAsking, transferSeen } from '../state/transfers'
import type { RefundCommand, SaleCommand } from '../wire.gen'

export { JustSold } from './just_sold'

export function ReceiptScreen({ saleId, justMade }: { saleId: string; justMade: boolean }) {
  const say = words.value
  const [sale, setSale] = useState<StoredSale | null>(null)
  const [originalNumber, setOriginalNumber] = useState<string>()
  const [said, setSaid] = useState('')
  useEffect(() => {
    void ledger()
      .get('sales', saleId)
      .then(async (found) => {
        setSale(found ?? null)
        const original = found?.refund_of === undefined ? undefined : await ledger().get('sales', found.refund_of)
        setOriginalNumber(original === undefined ? undefined : documentOf(original).receipt_number)
      })
  }, [saleId])
  useEffect(() => keepAsking(), [])
  const document = sale === null ? null : documentOf(sale)
  return (
    <main class="page receipt-page">
      <div class="page-head">
        <button type="button" class="quiet" data-testid="back" onClick={goBack}>
          <Icon name="back" />
          <span>{say.back}</span>
        </button>
        <h1>{say.receipt}</h1>
        <PrintButton sale={sale} />
      </div>
      <div class="page-body" tabIndex={0} role="group" aria-label={say.receipt}>
        {sale !== null && document !== null && (
          <>
            {document.kind === 'refund' ? (
              <PaidBack refund={document} originalNumber={originalNumber} justMade={justMade} />
            ) : (
              <Transfers sale={document} />
            )}
            <PrintState sale={sale} />
            <div class="receipt-deeds">
              <ShareButton document={document} onSaid={setSaid} />
              {document.kind === 'sale' && maySell.value && (
                <button
                  type="button"
                  class="outlined taking"
                  data-testid="give-back"
                  onClick={() => show({ name: 'refund', saleId, original: null, back: screen.value })}
                >
                  <Icon name="give_back" />
                  {say.giveBack}
                </button>
              )}
            </div>
            {said !== '' && (
              <p class="hint" role="status">
                {said}
              </p>
            )}
            <Paper command={document} hash={sale.hash} {...(originalNumber === undefined ? {} : { originalNumber })} />
          </>
        )}
      </div>
    </main>
  )
}

interface PaidBackProps {
  refund: RefundCommand
  originalNumber: string | undefined
  justMade: boolean
}

/** The money to hand back, as large as change is. */
function PaidBack({ refund, originalNumber, justMade }: PaidBackProps) {
  const say = words.value
  const cash = refund.payments.reduce((sum, one) => (one.method === 'cash' ? sum + one.amount_dong : sum), 0)
  const cancelled = refund.whole === true ? (originalNumber ?? null) : null
  const other = refund.payments.filter((one) => one.method !== 'cash')
  return (
    <section
      class="paid-back"
      data-testid="refunded"
      data-refund-id={refund.id}
      data-receipt-number={refund.receipt_number}
      data-total={refund.total_dong}
      data-cash={cash}
    >
      <h2>
        <Icon name="check" />
        {cancelled === null ? `${say.backRecorded} ${refund.receipt_number}` : say.cancelledNow(cancelled)}
      </h2>
      {cancelled !== null && <p>{say.cancelledBy(refund.receipt_number)}</p>}
      {cash > 0 && (
        <>
          <p class="sold-label">{say.handBack}</p>
          <p class={`sold-figure ${lengthClass(cash)}`}>
            <Amount dong={cash} />
          </p>
          <AsNotes dong={cash} />
        </>
      )}
      {other.map((one, at) => (
        <p key={at} class="paid-back-other">
          {one.method === 'card' ? say.card : say.transfer}: {formatDong(one.amount_dong)}
        </p>
      ))}
      {justMade && (
        <button type="button" class="primary" data-testid="sell-on" onClick={() => show({ name: 'sell' })}>
          {say.sellOn}
        </button>
      )}
    </section>
  )
}

/** A transfer that nobody has confirmed can still be seen arriving. */
function Transfers({ sale }: { sale: SaleCommand }) {
  const say = words.value
  const [busy, setBusy] = useState(false)
  const seen = async (paymentNo: number): Promise<void> => {
    if (busy) return
    setBusy(true)
    await transferSeen(sale, paymentNo, '').catch(() => {})
    setBusy(false)
  }
  const transfers = sale.payments.flatMap((one, at) => (one.method === 'transfer' ? [{ one, no: at + 1 }] : []))
  if (transfers.length === 0) return null
  return (
    <ul class="transfers" role="list">
      {transfers.map(({ one, no }) => (
        <li key={no}>
          <span>
            {say.transfer} <b>{formatDong(one.amount_dong)}</b> {one.reference}
          </span>
          <TransferMark saleId={sale.id} paymentNo={no} />
          {isClaimed(sale.id, no) && (
            <button
              type="button"
              class="outlined"
              data-testid="seen-later"
              disabled={busy}
              onClick={() => void seen(no)}
            >
              {say.moneyArrived}
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}
