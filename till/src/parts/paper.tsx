// The receipt as the buyer sees it, on the screen and on 80 mm paper.
import type { SaleCommand } from '../wire.gen'
import { localClock, writtenDay } from '../rules/fair_day'
import { formatDong } from '../rules/price'
import { pairing, priceList, producersById, words } from '../state/device'
import { Qr } from './qr'

export const receiptUrl = (command: SaleCommand): string | null =>
  priceList.value === null ? null : priceList.value.receipt_base_url + command.receipt_token

export function Paper({ command, hash }: { command: SaleCommand; hash: string }) {
  const say = words.value
  const list = priceList.value
  const edition = list?.edition ?? pairing.value?.edition
  const booth = list?.booth ?? pairing.value?.booth
  const url = receiptUrl(command)
  const paid = command.payments[0]
  const atMs = Date.parse(command.device_at) + command.clock_offset_ms
  return (
    <article class="paper">
      <h2 class="paper-fair">{edition?.name}</h2>
      <p class="paper-booth">
        {say.booth} {booth?.code}: {booth?.name}
      </p>
      <p class="paper-number">
        <strong>
          {say.receiptNumber} {command.receipt_number}
        </strong>
        <span>
          {localClock(atMs)} {writtenDay(command.fair_day)}
        </span>
      </p>
      <ul class="paper-lines">
        {command.lines.map((line, nth) => {
          const producer = producersById.value.get(line.producer_id)
          return (
            <li key={nth}>
              <span class="paper-name">{line.name}</span>
              <span class="paper-sum">{formatDong(line.amount_dong)}</span>
              <span class="paper-detail">
                {line.quantity} × {formatDong(line.unit_price_dong)} / {line.unit}
              </span>
              {producer !== undefined && (
                <span class="paper-detail">
                  {say.madeBy} {producer.name}
                </span>
              )}
            </li>
          )
        })}
      </ul>
      <dl class="paper-sums">
        <dt class="paper-total">{say.total}</dt>
        <dd class="paper-total">{formatDong(command.total_dong)}</dd>
        {paid !== undefined && (
          <>
            <dt>{paid.method === 'cash' ? say.cash : say.transfer}</dt>
            <dd>{formatDong(paid.tendered_dong)}</dd>
            {paid.method === 'cash' && (
              <>
                <dt>{say.change}</dt>
                <dd>{formatDong(paid.change_dong)}</dd>
              </>
            )}
          </>
        )}
      </dl>
      {url !== null && (
        <>
          <Qr url={url} label={say.qrOf(command.receipt_number)} />
          <p class="paper-scan">{say.scanForReceipt}</p>
        </>
      )}
      {/* Eight characters of the sale's own hash: paper in strangers' hands shows any later edit. */}
      <p class="paper-foot">
        {hash.slice(0, 8)} · {say.notInvoice}
      </p>
    </article>
  )
}
