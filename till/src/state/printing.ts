// Paper. The first is the receipt, every further one a copy that says so. A printer that is off never holds up or undoes a sale.
import { effect, signal } from '@preact/signals'
import { copiesOf, markStored } from '../ledger/sales'
import { keepFact, readFact, type StoredSale } from '../ledger/schema'
import { newId } from '../rules/ids'
import { commonOf } from '../rules/sale'
import { TIMEOUT_MS } from '../sync/server'
import { ledger, priceList, sync, tickMs } from './device'
import { sceneNow, write } from './record'
import { desk } from './transfers'

export interface PrintJob {
  sale_id: string
  copy_no: number
}

export const printJobs = signal<readonly PrintJob[]>([])
/** Number of the copy that the paper on the glass shows; 0 is the receipt itself. */
export const copyShown = signal<{ saleId: string; copyNo: number } | null>(null)
export const lastPrint = signal<{ saleId: string; state: 'queued' | 'taken' | 'refused' } | null>(null)

/** Asked for before printing, so that a second paper can never pass for the first. */
async function nextPaper(saleId: string): Promise<number> {
  const stored = await ledger().get('sales', saleId)
  if (stored?.printed === undefined) {
    await markStored(ledger(), saleId, { printed: 1 })
    return 0
  }
  const scene = sceneNow()
  const copyNo = (await copiesOf(ledger(), saleId)) + 1
  if (scene === null) return copyNo
  const id = newId(Date.now())
  await write(scene, {
    id,
    numbered: false,
    emptiesCart: false,
    compose: (place) => ({
      kind: 'receipt_copied',
      ...commonOf(id, scene.by, scene.moment, place),
      sale_id: saleId,
      copy_no: copyNo,
    }),
  })
  return copyNo
}

const nextFrame = (): Promise<unknown> =>
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))

let busy = false

export async function printReceipt(sale: StoredSale): Promise<void> {
  if (busy) return
  busy = true
  try {
    const copyNo = await nextPaper(sale.id)
    copyShown.value = { saleId: sale.id, copyNo }
    if (priceList.value?.printer === true) {
      lastPrint.value = { saleId: sale.id, state: 'queued' }
      await keepJobs([...printJobs.value, { sale_id: sale.id, copy_no: copyNo }])
      void handOver()
      return
    }
    await nextFrame()
    print()
  } finally {
    busy = false
  }
}

/** The same paper from this tablet, when the booth's printer does not come back. */
export async function printHere(saleId: string): Promise<void> {
  await keepJobs(printJobs.value.filter((job) => job.sale_id !== saleId))
  lastPrint.value = null
  await nextFrame()
  print()
}

async function keepJobs(jobs: readonly PrintJob[]): Promise<void> {
  printJobs.value = jobs
  await keepFact(ledger(), 'print_jobs', [...jobs]).catch(() => {})
}

let handing = false

/** Oldest first. The server must know the sale before it can print it. */
async function handOver(): Promise<void> {
  if (handing) return
  handing = true
  try {
    for (const job of [...printJobs.value]) {
      const stored = await ledger().get('sales', job.sale_id)
      if (stored?.answer == null) continue
      const answer = await desk()?.print(job, TIMEOUT_MS)
      const done = answer?.kind === 'answered'
      const refused = answer?.kind === 'refused' && ![401, 408, 429].includes(answer.status)
      if (!done && !refused) return
      await keepJobs(printJobs.value.filter((one) => one !== job))
      if (lastPrint.value?.saleId === job.sale_id)
        lastPrint.value = { saleId: job.sale_id, state: done ? 'taken' : 'refused' }
    }
  } finally {
    handing = false
  }
}

export async function restorePrinting(): Promise<void> {
  printJobs.value = (await readFact(ledger(), 'print_jobs')) ?? []
  effect(() => {
    // Tried again whenever something was sent, and every ten seconds.
    void [tickMs.value, sync.value.waiting.count]
    if (printJobs.value.length > 0 && sync.value.link === 'up') void handOver()
  })
}
