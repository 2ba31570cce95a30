// The buyer returns goods: which and how many, why, and how the money goes back.
import { useEffect, useMemo, useState } from 'preact/hooks'
import { PinPad } from '../parts/pin_pad'
import { Chips, ReasonField, Sheet } from '../parts/sheet'
import { Icon } from '../parts/icon'
import { soundRecorded, soundRefused } from '../parts/sound'
import { localClock } from '../rules/fair_day'
import { formatDong, formatNumber } from '../rules/price'
import {
  anything,
  everything,
  giveBack,
  type Method,
  type Original,
  originalMix,
  paidOut,
  paidUnseen,
} from '../rules/refund'
import { writtenWeight } from '../rules/weight'
import { person, words } from '../state/device'
import { giveBackNow, newRefundDraft, refundLimit, refundStep, seekOwn, type Sought } from '../state/giving_back'
import { show } from '../state/screen'
import { isClaimed, keepAsking } from '../state/transfers'

export function RefundScreen({ saleId, original }: { saleId: string; original: Original | null }) {
  const say = words.value
  const [sought, setSought] = useState<Sought | null>(
    original === null ? null : { kind: 'found', original, own: false },
  )
  useEffect(() => {
    if (original === null) void seekOwn(saleId).then(setSought)
  }, [saleId])
  if (sought?.kind === 'found') return <GiveBack original={sought.original} own={sought.own} />
  return (
    <Sheet title={say.giveBackTitle}>
      {sought?.kind === 'no' && (
        <p class="refusal" role="alert" data-testid="refusal">
          {sought.sentence}
        </p>
      )}
    </Sheet>
  )
}

type Way = 'as_paid' | Method

function GiveBack({ original, own }: { original: Original; own: boolean }) {
  const say = words.value
  const [counts, setCounts] = useState<number[]>(() => original.left.map(() => 0))
  const [reason, setReason] = useState<string | null>(null)
  const [more, setMore] = useState('')
  const [way, setWay] = useState<Way>('as_paid')
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  const [second, setSecond] = useState(false)
  const [asking, setAsking] = useState(false)
  useEffect(() => keepAsking(), [])
  const draft = useMemo(newRefundDraft, [])
  const given = anything(counts) ? giveBack(original, counts, refundStep()) : null
  const total = given?.totalDong ?? 0
  const payments = way === 'as_paid' ? originalMix(original, total) : paidOut(way, total)
  // Cash for a transfer that never came is money given away: said at once, and tapped a second time.
  const forUnseen = way === 'cash' && paidUnseen(original, (paymentNo) => !isClaimed(original.saleId, paymentNo))
  const warning = own ? say.cashForUnseen : say.cashForUnknown
  const mixed = new Set(original.payments.map((one) => one.method)).size > 1

  const record = async (secondPersonId: string | null): Promise<void> => {
    if (busy || reason === null) return
    setBusy(true)
    setFailed(false)
    try {
      const whole = more.trim() === '' ? reason : `${reason}: ${more.trim()}`
      const stored = await giveBackNow({ ...draft, original, counts, payments, reason: whole, secondPersonId })
      soundRecorded()
      show({ name: 'receipt', saleId: stored.id, justMade: true })
    } catch {
      soundRefused()
      setFailed(true)
      setSecond(false)
    } finally {
      setBusy(false)
    }
  }
  const set = (at: number, count: number): void =>
    setCounts(counts.map((one, nth) => (nth === at ? Math.min(original.left[at]!, Math.max(0, count)) : one)))
  const choose = (next: Way): void => {
    setWay(next)
    setAsking(false)
  }
  const nameOf = (method: Method): string =>
    method === 'cash' ? say.cash : method === 'card' ? say.card : say.transfer

  if (second)
    return (
      <Sheet title={say.secondPerson}>
        <p class="second-why">{say.secondAsk}</p>
        <PinPad
          allowed={(seller) => seller.may_sign_second && seller.id !== person.value?.id}
          onPerson={(seller) => void record(seller.id)}
        />
      </Sheet>
    )
  return (
    <Sheet
      title={say.giveBackTitle}
      class="two-sides"
      foot={
        <>
          {failed && (
            <p class="refusal" role="alert" data-testid="refusal">
              {say.backRefused}
            </p>
          )}
          {forUnseen && asking && (
            <>
              <p class="refusal" role="alert" data-testid="cash-for-unseen">
                {warning}
              </p>
              <button
                type="button"
                class="primary"
                data-testid="refund-by-transfer"
                disabled={busy}
                onClick={() => choose('as_paid')}
              >
                {say.payBackByTransfer}
              </button>
            </>
          )}
          <button
            type="button"
            class="brick money"
            data-testid="refund-done"
            data-total={total}
            disabled={busy || given === null || reason === null}
            onClick={() => {
              if (forUnseen && !asking) setAsking(true)
              else if (total > refundLimit()) setSecond(true)
              else void record(null)
            }}
          >
            {busy
              ? say.recording
              : forUnseen && asking
                ? say.payBackCash(formatDong(total))
                : say.payBack(formatDong(total))}
          </button>
        </>
      }
    >
      <div class="side-why">
        <Chips
          label={say.whyBack}
          testId="refund-reason"
          options={say.backReasons.map((one) => [one, one] as const)}
          value={reason}
          onChoose={setReason}
        />
        <ReasonField label={say.moreWords} value={more} onValue={setMore} />
        <Chips
          label={say.payBackIn}
          testId="refund-way"
          options={
            mixed
              ? [['as_paid', say.asPaid] as const, ['cash', say.cash] as const, ['transfer', say.transfer] as const]
              : [
                  ['as_paid', nameOf(original.payments[0]?.method ?? 'cash')] as const,
                  ...(original.payments[0]?.method === 'cash'
                    ? [['transfer', say.transfer] as const]
                    : [['cash', say.cash] as const]),
                ]
          }
          value={way}
          onChoose={choose}
        />
        {forUnseen && !asking && (
          <p class="refusal" data-testid="cash-for-unseen">
            {warning}
          </p>
        )}
        {payments.length > 1 && (
          <p class="hint" data-testid="refund-mix">
            {payments.map((one) => `${nameOf(one.method)} ${formatDong(one.amount_dong)}`).join(' + ')}
          </p>
        )}
      </div>
      <div class="side-what">
        <p class="back-from">
          {say.forReceipt} <b>{original.receiptNumber}</b>, {localClock(original.atMs)},{' '}
          {formatDong(original.totalDong)}
        </p>
        {original.left.reduce((sum, one) => sum + one, 0) > 1 && (
          <button
            type="button"
            class="outlined grow"
            data-testid="refund-all"
            onClick={() => setCounts(everything(original))}
          >
            {say.allBack}
          </button>
        )}
        <ul class="back-lines" role="list">
          {original.lines.map((line, at) => {
            const left = original.left[at]!
            const count = counts[at]!
            return (
              <li key={at} class="back-line" data-testid="refund-line" data-left={left} data-count={count}>
                <span class="line-name">
                  {line.name}
                  {line.grams != null && ` ${writtenWeight(line.grams)}`}
                </span>
                <span class="line-maker">{say.leftToGive(left, line.quantity)}</span>
                <span class="line-controls">
                  <button
                    type="button"
                    class="step"
                    data-testid="refund-less"
                    aria-label={say.less(line.name)}
                    disabled={count === 0}
                    onClick={() => set(at, count - 1)}
                  >
                    <Icon name="minus" />
                  </button>
                  <span class="back-count" aria-label={say.pieces(count)}>
                    {formatNumber(count)}
                  </span>
                  <button
                    type="button"
                    class="step"
                    data-testid="refund-more"
                    aria-label={say.more(line.name)}
                    disabled={count >= left}
                    onClick={() => set(at, count + 1)}
                  >
                    <Icon name="plus" />
                  </button>
                </span>
              </li>
            )
          })}
        </ul>
      </div>
    </Sheet>
  )
}
