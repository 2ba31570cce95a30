// The receipt as the buyer sees it, on the screen and on 80 mm paper: it says what the server's receipt says, and no more.
import { Fragment } from 'preact'
import type { LineSold, RefundCommand, SaleCommand } from '../wire.gen'
import { amountWords } from '../rules/amount_words'
import { fairDay, localClock, writtenDay } from '../rules/fair_day'
import { formatNumber } from '../rules/price'
import { paidRows, paperDong, paperKind, paperLine, type PaperRow, sumRows } from '../rules/receipt_lines'
import { pairing, priceList, producersById, words } from '../state/device'
import { copyShown } from '../state/printing'
import { lookOf } from '../state/transfers'
import { Qr } from './qr'

export type Document = SaleCommand | RefundCommand

export const receiptUrl = (document: Document): string | null =>
  priceList.value === null ? null : priceList.value.receipt_base_url + document.receipt_token

/** As the server says it: money that a person has seen counts as confirmed. What is paid back is asked of nobody. */
function stateOf(document: Document, paymentNo: number) {
  if (document.kind === 'refund') return null
  const look = lookOf(document.id, paymentNo)
  return look === 'seen' ? 'confirmed' : look
}

export function Paper({ command, hash, originalNumber }: { command: Document; hash: string; originalNumber?: string }) {
  const say = words.value.paper
  const list = priceList.value
  const edition = list?.edition ?? pairing.value?.edition
  const booth = list?.booth ?? pairing.value?.booth
  const url = receiptUrl(command)
  const atMs = Date.parse(command.device_at) + command.clock_offset_ms
  const copyNo = copyShown.value?.saleId === command.id ? copyShown.value.copyNo : 0
  const kind = paperKind(command)
  return (
    <article class="paper">
      {copyNo > 0 && (
        <p class="paper-copy" data-testid="copy-mark">
          {say.copyOf(formatNumber(copyNo))}
        </p>
      )}
      <h2 class="paper-fair">{edition?.name}</h2>
      <p class="paper-booth">
        {booth?.code} · {booth?.name}
      </p>
      {edition?.sample === true && <p class="paper-sample">{say.sample}</p>}
      <p class="paper-number">
        <strong>
          {say.titles[kind]} {command.receipt_number}
        </strong>
        {/* The day by the calendar: after midnight it is another one than the fair's. */}
        <span>
          {writtenDay(fairDay(atMs, 0))} {localClock(atMs)}
        </span>
      </p>
      {kind !== 'sale' && originalNumber !== undefined && (
        <p>
          {say.originals[kind]} {originalNumber}
        </p>
      )}
      <ul class="paper-lines">
        {command.lines.map((line, nth) => (
          <Line key={nth} line={line} />
        ))}
      </ul>
      <dl class="paper-sums">
        <Rows rows={sumRows(command, say)} />
        <dt class="paper-total">{command.kind === 'refund' ? say.paidBack : say.total}</dt>
        <dd class="paper-total">{paperDong(command.total_dong)}</dd>
      </dl>
      <p class="paper-words">
        {say.inWords} <span lang="vi">{amountWords(command.total_dong)}</span>.
      </p>
      <dl class="paper-sums">
        <Rows rows={paidRows(command.payments, (paymentNo) => stateOf(command, paymentNo), say)} />
      </dl>
      {url !== null && (
        <>
          <Qr url={url} label={words.value.qrOf(command.receipt_number)} />
          <p class="paper-scan">{say.scan}</p>
        </>
      )}
      {/* Eight characters of the sale's own hash: paper in strangers' hands shows any later edit. */}
      <p class="paper-foot">
        {say.checkDigits} {hash.slice(0, 8)}
        <br />
        <b>{say.notInvoice}</b>
      </p>
    </article>
  )
}

function Line({ line }: { line: LineSold }) {
  const producer = producersById.value.get(line.producer_id)
  const { name, priced, discount } = paperLine(line, words.value.paper)
  return (
    <li>
      <span class="paper-name">{name}</span>
      <span>{priced.word}</span>
      <span class="paper-sum">{priced.amount}</span>
      {discount !== null && (
        <>
          <span>{discount.word}</span>
          <span class="paper-sum">{discount.amount}</span>
        </>
      )}
      {producer !== undefined && (
        <span class="paper-maker">{[producer.name, producer.place].filter((one) => one !== '').join(', ')}</span>
      )}
    </li>
  )
}

function Rows({ rows }: { rows: readonly PaperRow[] }) {
  return rows.map(({ word, amount }, nth) => (
    <Fragment key={nth}>
      <dt>{word}</dt>
      <dd>{amount}</dd>
    </Fragment>
  ))
}
