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
  /** The server was asked: it may hold this paper even if its answer was lost. */
  asked?: true
}

export interface Printed {
  saleId: string
  copyNo: number
  state: 'queued' | 'taken' | 'refused' | 'here'
}

export const printJobs = signal<readonly PrintJob[]>([])
/** Number of the copy that the paper on the glass shows; 0 is the receipt itself. */
export const copyShown = signal<{ saleId: string; copyNo: number } | null>(null)
export const lastPrint = signal<Printed | null>(null)

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
      lastPrint.value = { saleId: sale.id, copyNo, state: 'queued' }
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

/**
 * From this tablet, when the booth's printer does not come back. A paper that no printer can have is printed as it is; one that the
 * server has, or may have, is followed by a copy: it may still come out over there, and there is only one original.
 */
export async function printHere(saleId: string): Promise<void> {
  if (busy) return
  busy = true
  try {
    const copyNo = paperStillHere(saleId) ?? (await nextPaper(saleId))
    const dropped = keepJobs(printJobs.value.filter((job) => job.sale_id !== saleId))
    copyShown.value = { saleId, copyNo }
    lastPrint.value = { saleId, copyNo, state: 'here' }
    await dropped
    await nextFrame()
    print()
  } finally {
    busy = false
  }
}

/** Number of the paper that was asked for and that nobody but this tablet can have. */
function paperStillHere(saleId: string): number | null {
  const job = printJobs.value.find((one) => one.sale_id === saleId && one.asked !== true)
  if (job !== undefined) return job.copy_no
  const last = lastPrint.value
  return last?.saleId === saleId && last.state === 'refused' ? last.copyNo : null
}

async function keepJobs(jobs: readonly PrintJob[]): Promise<void> {
  printJobs.value = jobs
  await keepFact(ledger(), 'print_jobs', [...jobs]).catch(() => {})
}

let handing = false

/** Oldest first. The server must know the sale before it can print it. */
async function handOver(): Promise<void> {
  if (handing || sync.value.link !== 'up') return
  handing = true
  try {
    for (const { sale_id, copy_no } of [...printJobs.value]) {
      const isIt = (one: PrintJob): boolean => one.sale_id === sale_id && one.copy_no === copy_no
      const stored = await ledger().get('sales', sale_id)
      if (stored?.answer == null || !printJobs.value.some(isIt)) continue
      await keepJobs(printJobs.value.map((one) => (isIt(one) ? { ...one, asked: true } : one)))
      const answer = await desk()?.print({ sale_id, copy_no }, TIMEOUT_MS)
      const done = answer?.kind === 'answered'
      const refused = answer?.kind === 'refused' && ![401, 408, 429].includes(answer.status)
      if (!done && !refused) return
      await keepJobs(printJobs.value.filter((one) => !isIt(one)))
      const last = lastPrint.value
      if (last?.saleId === sale_id && last.copyNo === copy_no && last.state === 'queued')
        lastPrint.value = { ...last, state: done ? 'taken' : 'refused' }
    }
  } finally {
    handing = false
  }
}

export async function restorePrinting(): Promise<void> {
  printJobs.value = (await readFact(ledger(), 'print_jobs')) ?? []
  effect(() => {
    // Tried again whenever something was sent, and every ten seconds.
    void [tickMs.value, sync.value.waiting.count, sync.value.link]
    if (printJobs.value.length > 0) void handOver()
  })
}
