// Beside the goods right after a sale; the next item tapped takes its place.
import { useEffect, useMemo, useState } from 'preact/hooks'
import { commandOf } from '../ledger/sales'
import type { StoredSale } from '../ledger/schema'
import { Amount, lengthClass } from '../parts/amount'
import { Icon } from '../parts/icon'
import { AsNotes } from '../parts/notes'
import { Paper, receiptUrl } from '../parts/paper'
import { PinPad } from '../parts/pin_pad'
import { Qr } from '../parts/qr'
import { PrintButton, PrintState, ShareButton } from '../parts/receipt_actions'
import { everything, originalMix, originalOf } from '../rules/refund'
import { formatDong } from '../rules/price'
import { person, words } from '../state/device'
import { giveBackNow, newRefundDraft, refundLimit } from '../state/giving_back'
import { shownSale } from '../state/sale'
import { show } from '../state/screen'
import { isClaimed, keepAsking } from '../state/transfers'
import { soundRecorded, soundRefused } from '../parts/sound'
import type { SaleCommand } from '../wire.gen'

const UNDO_MS = 60_000

export function JustSold({ sale }: { sale: StoredSale }) {
  const say = words.value
  const command = useMemo(() => commandOf(sale), [sale])
  const [said, setSaid] = useState('')
  const url = receiptUrl(command)
  const change = command.payments.reduce((sum, one) => sum + one.change_dong, 0)
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
        <ChangeDue command={command} dong={change} />
        {/* The code beside the buttons: the buyer scans it while the change is counted, and nobody scrolls. */}
        <div class={url === null ? 'sold-next' : 'sold-next with-code'}>
          {url !== null && <Qr url={url} label={say.qrOf(command.receipt_number)} testId="buyer-qr" />}
          <div class="sold-more">
            <Undo command={command} />
            <ShareButton document={command} onSaid={setSaid} />
          </div>
        </div>
        {said !== '' && (
          <p class="hint" role="status">
            {said}
          </p>
        )}
        <PrintState sale={sale} />
        <Paper command={command} hash={sale.hash} />
      </div>
      <div class="sold-buttons">
        <PrintButton sale={sale} />
        <button type="button" class="primary money" data-testid="new-sale" onClick={() => (shownSale.value = null)}>
          {say.newSale}
        </button>
      </div>
    </section>
  )
}

function ChangeDue({ command, dong }: { command: SaleCommand; dong: number }) {
  const say = words.value
  const claimed = command.payments.some((one, at) => one.method === 'transfer' && isClaimed(command.id, at + 1))
  const cash = command.payments.some((one) => one.method === 'cash')
  // Asked for only while there is something to hear; the answer changes the line below.
  useEffect(() => (claimed ? keepAsking() : undefined), [claimed])
  return (
    <div class="sold-change">
      {dong > 0 ? (
        <>
          <p class="sold-label">{say.change}</p>
          <p class={`sold-figure ${lengthClass(dong)}`}>
            <Amount dong={dong} />
          </p>
          <AsNotes dong={dong} />
        </>
      ) : (
        <p class="sold-none">{cash ? say.noChange : claimed ? say.transfer : say.confirmedState}</p>
      )}
      {claimed && (
        <p class="claimed-mark" data-testid="claimed">
          <Icon name="wait" />
          {say.claimed}
        </p>
      )}
    </div>
  )
}

const bringNear = (place: HTMLElement | null): void => place?.scrollIntoView({ block: 'center' })

type Step = 'offer' | 'ask' | 'second' | 'failed'

/** For a minute after the sale: writes the reversing document, with a number of its own. */
function Undo({ command }: { command: SaleCommand }) {
  const say = words.value
  const [gone, setGone] = useState(false)
  const [step, setStep] = useState<Step>('offer')
  const [busy, setBusy] = useState(false)
  const draft = useMemo(newRefundDraft, [command.id])
  useEffect(() => {
    const timer = setTimeout(() => setGone(true), UNDO_MS)
    return () => clearTimeout(timer)
  }, [command.id])
  if (gone && step !== 'second') return null

  const undo = async (secondPersonId: string | null): Promise<void> => {
    if (busy) return
    setBusy(true)
    const original = originalOf(command, [])
    try {
      const stored = await giveBackNow({
        ...draft,
        original,
        counts: everything(original),
        payments: originalMix(original, original.totalDong),
        reason: say.undoReason,
        secondPersonId,
      })
      soundRecorded()
      shownSale.value = null
      show({ name: 'receipt', saleId: stored.id, justMade: true })
    } catch {
      soundRefused()
      setStep('failed')
    } finally {
      setBusy(false)
    }
  }
  switch (step) {
    case 'offer':
      return (
        <button type="button" class="outlined taking" data-testid="undo-sale" onClick={() => setStep('ask')}>
          <Icon name="give_back" />
          {say.undoSale}
        </button>
      )
    case 'ask':
      return (
        <div class="ask" role="alertdialog" aria-label={say.undoSale} ref={bringNear}>
          <p>{say.undoSaleAsk(formatDong(command.total_dong))}</p>
          <div class="part-body">
            <button type="button" class="outlined" disabled={busy} onClick={() => setStep('offer')}>
              {say.keep}
            </button>
            <button
              type="button"
              class="brick"
              data-testid="undo-sale-yes"
              disabled={busy}
              onClick={() => (command.total_dong > refundLimit() ? setStep('second') : void undo(null))}
            >
              {say.undoSaleYes}
            </button>
          </div>
        </div>
      )
    case 'second':
      return (
        <div class="ask" ref={bringNear}>
          <p>{say.secondAsk}</p>
          <PinPad
            allowed={(seller) => seller.may_sign_second && seller.id !== person.value?.id}
            onPerson={(seller) => void undo(seller.id)}
          />
        </div>
      )
    case 'failed':
      return (
        <p class="refusal" role="alert" data-testid="refusal">
          {say.backRefused}
        </p>
      )
  }
}
