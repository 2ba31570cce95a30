import { useEffect, useState } from 'preact/hooks'
import { documentOf, isDocument, refundsBySale, salesOfDay, waitingSales } from '../ledger/sales'
import type { StoredSale } from '../ledger/schema'
import { Amount } from '../parts/amount'
import { Icon } from '../parts/icon'
import type { Document } from '../parts/paper'
import { claimsLeft } from '../rules/drawer'
import { localClock } from '../rules/fair_day'
import { fits } from '../rules/find'
import { formatDong } from '../rules/price'
import { cameBack } from '../rules/refund'
import { ledger, maySell, sync, today, words } from '../state/device'
import { goBack, screen, show } from '../state/screen'
import { isClaimed, keepAsking } from '../state/transfers'
import type { RefundCommand } from '../wire.gen'

const FIRST_ROWS = 100

type Row = StoredSale & { command: Document; refunds: readonly RefundCommand[] }

const clockOf = ({ command }: Row): string => localClock(Date.parse(command.device_at) + command.clock_offset_ms)
const signed = ({ command }: Row): number => (command.kind === 'refund' ? -command.total_dong : command.total_dong)

/** Sums of a sale's transfers that nobody has confirmed, less what was paid back of them. */
const claimedOf = ({ command, refunds }: Row): number[] =>
  command.kind === 'refund'
    ? []
    : [...claimsLeft(command, refunds, (paymentNo) => !isClaimed(command.id, paymentNo)).values()]

/** Today's receipts, and older ones only while they wait. Reads again whenever the number waiting changes. */
export function Sales() {
  const say = words.value
  const [rows, setRows] = useState<Row[] | null>(null)
  const [most, setMost] = useState(FIRST_ROWS)
  const [wanted, setWanted] = useState('')
  const [onlyClaimed, setOnlyClaimed] = useState(false)
  const waiting = sync.value.waiting.count
  useEffect(() => {
    let left = false
    const read = [salesOfDay(ledger(), today.value), waitingSales(ledger()), refundsBySale(ledger())] as const
    void Promise.all(read).then(([ofToday, unsent, refunds]) => {
      const older = unsent.filter((sale) => sale.fair_day !== today.value && isDocument(sale)).reverse()
      if (left) return
      setRows(
        [...ofToday, ...older].map((sale) => ({
          ...sale,
          command: documentOf(sale),
          refunds: refunds.get(sale.id) ?? [],
        })),
      )
    })
    return () => {
      left = true
    }
  }, [waiting, today.value])
  useEffect(() => keepAsking(), [])
  const ofToday = rows?.filter((row) => row.fair_day === today.value) ?? []
  const sold = ofToday.filter((row) => row.command.kind === 'sale').length
  const claimed = rows?.flatMap(claimedOf) ?? []
  const shown = (rows ?? []).filter(
    (row) =>
      (!onlyClaimed || claimedOf(row).length > 0) &&
      fits({ number: row.command.receipt_number, clock: clockOf(row), totalDong: row.command.total_dong }, wanted),
  )
  const sum = (dongs: number[]): number => dongs.reduce((all, one) => all + one, 0)
  return (
    <main class="page">
      <div class="page-head">
        <button type="button" class="quiet" data-testid="back" onClick={goBack}>
          <Icon name="back" />
          <span>{say.back}</span>
        </button>
        <h1>{say.salesToday}</h1>
        <p class="page-sum" data-testid="sum-today">
          {say.sumToday(sold, ofToday.length - sold, formatDong(sum(ofToday.map(signed))))}
        </p>
      </div>
      <div class="page-body">
        <div class="find-row">
          <label class="find">
            <Icon name="search" />
            <span class="hidden">{say.searchSales}</span>
            <input
              type="search"
              inputMode="decimal"
              data-testid="find-sale"
              placeholder={say.searchSales}
              autocomplete="off"
              value={wanted}
              onInput={(event) => setWanted(event.currentTarget.value)}
            />
          </label>
          {maySell.value && (
            <button
              type="button"
              class="outlined"
              data-testid="find-receipt"
              onClick={() => show({ name: 'find_receipt', back: screen.value })}
            >
              {say.findReceipt}
            </button>
          )}
        </div>
        {claimed.length > 0 && (
          <div class="claimed-bar" data-testid="claimed-list" data-count={claimed.length}>
            <p>
              <Icon name="wait" />
              {say.claimedCount(claimed.length, formatDong(sum(claimed)))}
            </p>
            <button
              type="button"
              class="choice"
              aria-pressed={onlyClaimed}
              data-testid="only-claimed"
              onClick={() => setOnlyClaimed(!onlyClaimed)}
            >
              {onlyClaimed ? say.showAll : say.showClaimed}
            </button>
          </div>
        )}
        {rows !== null && rows.length === 0 ? (
          <p class="empty">
            <b>{say.noSales}</b> {say.noSalesDo}
          </p>
        ) : (
          rows !== null && shown.length === 0 && <p class="empty">{say.noSuchSale}</p>
        )}
        <ul class="rows" role="list" data-testid="receipts-list">
          {shown.slice(0, most).map((row) => (
            <li key={row.id}>
              <button
                type="button"
                class="row"
                data-testid="receipt-row"
                data-sale-id={row.id}
                data-kind={row.command.kind}
                data-sent={row.answer !== null}
                onClick={() => show({ name: 'receipt', saleId: row.id })}
              >
                <span class="row-number">{row.command.receipt_number}</span>
                <span class="row-time">
                  {clockOf(row)}
                  <Kind row={row} />
                </span>
                <span class="row-sum">
                  <Amount dong={signed(row)} />
                </span>
                <span class="states">
                  {claimedOf(row).length > 0 && (
                    <span class="state waiting">
                      <Icon name="wait" />
                      {say.claimed}
                    </span>
                  )}
                  {(claimedOf(row).length === 0 || row.answer === null) && <State sale={row} />}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {shown.length > most && (
          <button type="button" class="outlined grow" onClick={() => setMost(most + FIRST_ROWS)}>
            {say.showMore}
          </button>
        )}
      </div>
    </main>
  )
}

/** Money that went back again must not be counted on by who reads down the list. */
function Kind({ row: { command, refunds } }: { row: Row }) {
  const say = words.value
  if (command.kind === 'refund')
    return <span class="row-kind">{command.whole === true ? say.voidShort : say.refundShort}</span>
  const came = cameBack(command, refunds)
  if (came === null) return null
  const text = { cancelled: say.wasCancelled, all_back: say.wasReturned, part_back: say.wasReturnedPart }[came]
  return (
    <span class="row-kind" data-testid="came-back" data-came={came}>
      {text}
    </span>
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
