// The receipt as the buyer sees it, on the screen and on 80 mm paper. Notes for the booth never reach it.
import type { LineSold, RefundCommand, SaleCommand, Tender } from '../wire.gen'
import { amountWords } from '../rules/amount_words'
import { localClock, writtenDay } from '../rules/fair_day'
import { formatDong, formatNumber } from '../rules/price'
import { writtenWeight } from '../rules/weight'
import { pairing, priceList, producersById, words } from '../state/device'
import { copyShown } from '../state/printing'
import { Qr } from './qr'

export type Document = SaleCommand | RefundCommand

export const receiptUrl = (document: Document): string | null =>
  priceList.value === null ? null : priceList.value.receipt_base_url + document.receipt_token

export function Paper({ command, hash, originalNumber }: { command: Document; hash: string; originalNumber?: string }) {
  const say = words.value
  const list = priceList.value
  const edition = list?.edition ?? pairing.value?.edition
  const booth = list?.booth ?? pairing.value?.booth
  const url = receiptUrl(command)
  const atMs = Date.parse(command.device_at) + command.clock_offset_ms
  const copyNo = copyShown.value?.saleId === command.id ? copyShown.value.copyNo : 0
  const rounding = command.rounding_dong ?? 0
  return (
    <article class="paper">
      {copyNo > 0 && (
        <p class="paper-copy" data-testid="copy-mark">
          {say.copy(copyNo)}
        </p>
      )}
      <h2 class="paper-fair">{edition?.name}</h2>
      <p class="paper-booth">
        {say.booth} {booth?.code}: {booth?.name}
      </p>
      {command.kind === 'refund' && (
        <p class="paper-back">
          <strong>{command.whole === true ? say.voidPaper : say.refundPaper}</strong>
          {originalNumber !== undefined && ` · ${say.forReceipt} ${originalNumber}`}
          <br />
          {say.reasonIs}: {command.reason}
        </p>
      )}
      <p class="paper-number">
        <strong>
          {say.receiptNumber} {command.receipt_number}
        </strong>
        <span>
          {localClock(atMs)} {writtenDay(command.fair_day)}
        </span>
      </p>
      <ul class="paper-lines">
        {command.lines.map((line, nth) => (
          <Line key={nth} line={line} />
        ))}
      </ul>
      <dl class="paper-sums">
        {rounding !== 0 && (
          <>
            <dt>{say.rounding}</dt>
            <dd>{formatDong(rounding)}</dd>
          </>
        )}
        <dt class="paper-total">{command.kind === 'refund' ? say.paidBack : say.total}</dt>
        <dd class="paper-total">{formatDong(command.total_dong)}</dd>
        {command.payments.map((tender, nth) => (
          <Paid key={nth} tender={tender} />
        ))}
      </dl>
      <p class="paper-words">
        {say.inWords}: {amountWords(command.total_dong)}
      </p>
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

function Line({ line }: { line: LineSold }) {
  const say = words.value
  const producer = producersById.value.get(line.producer_id)
  const discount = line.discount_dong ?? 0
  return (
    <li>
      <span class="paper-name">{line.name}</span>
      <span class="paper-sum">{formatDong(line.amount_dong)}</span>
      <span class="paper-detail">
        {line.grams == null ? formatNumber(line.quantity) : writtenWeight(line.grams)} ×{' '}
        {formatDong(line.unit_price_dong)} / {line.unit}
      </span>
      {line.list_price_dong != null && (
        <span class="paper-detail">{say.listPriceWas(formatDong(line.list_price_dong))}</span>
      )}
      {discount > 0 && (
        <span class="paper-detail">
          {say.discountIs} {formatDong(discount)}
        </span>
      )}
      {producer !== undefined && (
        <span class="paper-detail">
          {say.madeBy} {producer.name}
        </span>
      )}
    </li>
  )
}

function Paid({ tender }: { tender: Tender }) {
  const say = words.value
  const code = tender.reference ?? ''
  return (
    <>
      <dt>
        {tender.method === 'cash' ? say.cash : tender.method === 'card' ? say.card : say.transfer}
        {code !== '' && ` ${code}`}
      </dt>
      <dd>{formatDong(tender.tendered_dong)}</dd>
      {tender.method === 'cash' && tender.change_dong > 0 && (
        <>
          <dt>{say.change}</dt>
          <dd>{formatDong(tender.change_dong)}</dd>
        </>
      )}
    </>
  )
}
