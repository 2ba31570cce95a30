// What can be done with a receipt: print it (again), hand its link over.
import { useState } from 'preact/hooks'
import type { StoredSale } from '../ledger/schema'
import { priceList, words } from '../state/device'
import { lastPrint, printHere, printJobs, printReceipt } from '../state/printing'
import { Icon } from './icon'
import { type Document, receiptUrl } from './paper'

export function PrintButton({ sale }: { sale: StoredSale | null }) {
  const say = words.value
  return (
    <button
      type="button"
      class="outlined"
      data-testid="print"
      disabled={sale === null}
      onClick={() => sale !== null && void printReceipt(sale)}
    >
      <Icon name="print" />
      {say.print}
    </button>
  )
}

/** Says how the booth's printer fares. It never holds anything up, so it is a line and not a window. */
export function PrintState({ sale }: { sale: StoredSale }) {
  const say = words.value
  const last = lastPrint.value?.saleId === sale.id ? lastPrint.value : null
  const waits = printJobs.value.some((job) => job.sale_id === sale.id)
  if (priceList.value?.printer !== true || (last === null && !waits && sale.printed === undefined)) return null
  const state = last?.state ?? (waits ? 'queued' : 'earlier')
  const told = { queued: say.printQueued, taken: say.printTaken, refused: say.printRefused, here: '', earlier: '' }[
    state
  ]
  return (
    <div class="print-state" data-testid="print-state" data-state={state}>
      <span role="status">{told}</span>
      {/* Also after the server has taken the paper: whether the printer lives, only the seller sees. */}
      <button type="button" class="outlined" data-testid="print-here" onClick={() => void printHere(sale.id)}>
        {say.printHere}
      </button>
    </div>
  )
}

export function ShareButton({ document, onSaid }: { document: Document; onSaid: (sentence: string) => void }) {
  const say = words.value
  const [busy, setBusy] = useState(false)
  const url = receiptUrl(document)
  const share = async (): Promise<void> => {
    if (url === null || busy) return
    setBusy(true)
    try {
      if (navigator.share !== undefined) await navigator.share({ title: document.receipt_number, url })
      else {
        await navigator.clipboard.writeText(url)
        onSaid(say.linkCopied)
      }
    } catch (cause) {
      // Closing the sheet without sending is no fault.
      if (!(cause instanceof DOMException && cause.name === 'AbortError')) onSaid(say.shareFailed)
    } finally {
      setBusy(false)
    }
  }
  return (
    <button type="button" class="outlined" data-testid="share" disabled={url === null} onClick={() => void share()}>
      <Icon name="share" />
      {say.share}
    </button>
  )
}
