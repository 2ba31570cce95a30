import { useEffect, useState } from 'preact/hooks'
import type { SaleCommand } from '../wire.gen'
import { commandOf, isDocument, salesOfDay, waitingSales } from '../ledger/sales'
import type { StoredSale } from '../ledger/schema'
import { Amount } from '../parts/amount'
import { StillStrip } from '../parts/banner'
import { Icon } from '../parts/icon'
import { localClock } from '../rules/fair_day'
import { formatDong } from '../rules/price'
import { ledger, sync, today, words } from '../state/device'
import { goBack, show } from '../state/screen'

const FIRST_ROWS = 100

type Row = StoredSale & { command: SaleCommand }

/** Today's sales, and older ones only while they wait. Reads again whenever the number waiting changes. */
export function Sales() {
  const say = words.value
  const [rows, setRows] = useState<Row[] | null>(null)
  const [most, setMost] = useState(FIRST_ROWS)
  const waiting = sync.value.waiting.count
  useEffect(() => {
    let left = false
    void Promise.all([salesOfDay(ledger(), today.value), waitingSales(ledger())]).then(([ofToday, unsent]) => {
      const older = unsent.filter((sale) => isDocument(sale) && sale.fair_day !== today.value).reverse()
      if (!left) setRows([...ofToday, ...older].map((sale) => ({ ...sale, command: commandOf(sale) })))
    })
    return () => {
      left = true
    }
  }, [waiting, today.value])
  const ofToday = rows?.filter((row) => row.fair_day === today.value) ?? []
  const sum = ofToday.reduce((dong, row) => dong + row.command.total_dong, 0)
  return (
    <main class="page">
      <div class="page-head">
        <button type="button" class="quiet" data-testid="back" onClick={goBack}>
          <Icon name="back" />
          <span>{say.back}</span>
        </button>
        <h1>{say.salesToday}</h1>
        <p class="page-sum">{say.sumToday(ofToday.length, formatDong(sum))}</p>
      </div>
      <div class="page-body">
        <StillStrip />
        {rows !== null && rows.length === 0 && (
          <p class="empty">
            <b>{say.noSales}</b> {say.noSalesDo}
          </p>
        )}
        <ul class="rows" role="list" data-testid="receipts-list">
          {rows?.slice(0, most).map((row) => (
            <li key={row.id}>
              <button
                type="button"
                class="row"
                data-testid="receipt-row"
                data-sale-id={row.id}
                data-sent={row.answer !== null}
                onClick={() => show({ name: 'receipt', saleId: row.id })}
              >
                <span class="row-number">{row.command.receipt_number}</span>
                <span class="row-time">
                  {localClock(Date.parse(row.command.device_at) + row.command.clock_offset_ms)}
                </span>
                <span class="row-sum">
                  <Amount dong={row.command.total_dong} />
                </span>
                <State sale={row} />
              </button>
            </li>
          ))}
        </ul>
        {rows !== null && rows.length > most && (
          <button type="button" class="outlined grow" onClick={() => setMost(most + FIRST_ROWS)}>
            {say.showMore}
          </button>
        )}
      </div>
    </main>
  )
}

function State({ sale }: { sale: StoredSale }) {
  const say = words.value
  if (sale.answer === null)
    return (
      <span class="state waiting">
        <Icon name="wait" />
        {say.notSent}
      </span>
    )
  return (
    <span class="state">
      <Icon name="sent" />
      {sale.answer === 'quarantined' ? say.keptAside : say.sent}
    </span>
  )
}
