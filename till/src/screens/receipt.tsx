import { useEffect, useMemo, useState } from 'preact/hooks'
import { commandOf } from '../ledger/sales'
import type { StoredSale } from '../ledger/schema'
import { Amount, lengthClass } from '../parts/amount'
import { StillStrip } from '../parts/banner'
import { Icon } from '../parts/icon'
import { Paper } from '../parts/paper'
import { ledger, words } from '../state/device'
import { shownSale } from '../state/sale'
import { goBack } from '../state/screen'

/** Beside the goods right after a sale; the next item tapped takes its place. */
export function JustSold({ sale }: { sale: StoredSale }) {
  const say = words.value
  const command = useMemo(() => commandOf(sale), [sale])
  const paid = command.payments[0]
  const change = paid?.change_dong ?? 0
  return (
    <section
      class="sold"
      data-testid="recorded"
      data-sale-id={command.id}
      data-receipt-number={command.receipt_number}
      data-total={command.total_dong}
      data-change={change}
    >
      <div class="sold-scroll" tabIndex={0} role="group" aria-label={say.receipt}>
        <h2 class="sold-title">
          <Icon name="check" />
          <span role="status">
            {say.recorded} <span class="sold-number">{command.receipt_number}</span>
          </span>
        </h2>
        <div class="sold-change">
          {paid?.method === 'transfer' ? (
            <p class="sold-none">{say.paidByTransfer}</p>
          ) : change === 0 ? (
            <p class="sold-none">{say.noChange}</p>
          ) : (
            <>
              <p class="sold-label">{say.change}</p>
              <p class={`sold-figure ${lengthClass(change)}`}>
                <Amount dong={change} />
              </p>
            </>
          )}
        </div>
        <Paper command={command} hash={sale.hash} />
      </div>
      <div class="sold-buttons">
        <button type="button" class="outlined" data-testid="print" onClick={() => print()}>
          <Icon name="print" />
          {say.print}
        </button>
        <button type="button" class="primary money" data-testid="new-sale" onClick={() => (shownSale.value = null)}>
          {say.newSale}
        </button>
      </div>
    </section>
  )
}

export function ReceiptScreen({ saleId }: { saleId: string }) {
  const say = words.value
  const [sale, setSale] = useState<StoredSale | null>(null)
  useEffect(() => {
    void ledger()
      .get('sales', saleId)
      .then((found) => setSale(found ?? null))
  }, [saleId])
  return (
    <main class="page receipt-page">
      <div class="page-head">
        <button type="button" class="quiet" data-testid="back" onClick={goBack}>
          <Icon name="back" />
          <span>{say.back}</span>
        </button>
        <h1>{say.receipt}</h1>
        <button type="button" class="outlined" data-testid="print" disabled={sale === null} onClick={() => print()}>
          <Icon name="print" />
          {say.print}
        </button>
      </div>
      <div class="page-body" tabIndex={0} role="group" aria-label={say.receipt}>
        <StillStrip />
        {sale !== null && <Paper command={commandOf(sale)} hash={sale.hash} />}
      </div>
    </main>
  )
}
