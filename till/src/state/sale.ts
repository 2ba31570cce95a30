// From "Thu tiền" to "Đã ghi".
import { computed, signal } from '@preact/signals'
import type { StoredSale } from '../ledger/schema'
import { commandOf } from '../ledger/sales'
import { soundRecorded, soundRefused } from '../parts/sound'
import { tooMuchMoney } from '../rules/cart'
import { newId, newReceiptToken } from '../rules/ids'
import { buildSale, type SaleDraft } from '../rules/sale'
import { dueOf, MAX_TENDERS, onlyCash, paidOf, type Part } from '../rules/tender'
import { cartIsEmpty, cartWasSold, needsSecond, priced } from './cart'
import { maySell, priceList } from './device'
import { sceneNow, write } from './record'
import { screen, show } from './screen'
import { attemptIsOver, transferSeen } from './transfers'

/** Read back from the disk; its receipt is on the screen until the next item is tapped. */
export const shownSale = signal<StoredSale | null>(null)
export const recording = signal(false)
/** The full-screen stop: it is not certain that this sale is on the disk. */
export const notRecorded = signal<{ draft: SaleDraft; parts: readonly Part[]; totalDong: number } | null>(null)

/** What the buyer has handed over so far, when it comes in more than one way. */
export const parts = signal<readonly Part[]>([])
export const due = computed(() =>
  dueOf(priced.value.totalDong, parts.value, priceList.value?.rules?.cash_rounding_dong ?? 0),
)

let draft: SaleDraft | null = null

export function openPay(): void {
  if (!maySell.value || cartIsEmpty.value || tooMuchMoney(priced.value)) return
  if (needsSecond.value) return show({ name: 'second', back: screen.value })
  // Made here and not at the confirming tap: however often that one comes, it names the same sale.
  draft = { id: newId(Date.now()), receiptToken: newReceiptToken() }
  parts.value = []
  show({ name: 'pay' })
}

/** The list has every receipt, the last one too; its panel gives way. */
export function openSales(): void {
  shownSale.value = null
  show({ name: 'sales' })
}

/** Takes one tender. When nothing is left to pay, the sale is recorded. */
export async function take(part: Part): Promise<void> {
  if (draft === null || recording.value) return
  const next = [...parts.value, part]
  const total = priced.value.totalDong
  const paid = paidOf(next)
  const rounded = onlyCash(next) ? total + due.value.roundingDong : total
  if (paid === total || paid === rounded) return record(draft, next)
  if (next.length < MAX_TENDERS) parts.value = next
}

export function giveUpPart(at: number): void {
  parts.value = parts.value.filter((_, nth) => nth !== at)
}

export async function tryToRecordAgain(): Promise<void> {
  const failed = notRecorded.value
  if (failed === null || recording.value) return
  await record(failed.draft, failed.parts)
}

async function record(thisDraft: SaleDraft, taken: readonly Part[]): Promise<void> {
  const scene = sceneNow()
  if (scene === null) return
  recording.value = true
  const sold = priced.value
  try {
    const sale = await write(scene, {
      id: thisDraft.id,
      numbered: true,
      emptiesCart: true,
      compose: (place) => buildSale(thisDraft, sold, taken, scene.list.version, scene.by, scene.moment, place),
    })
    draft = null
    attemptIsOver()
    notRecorded.value = null
    await noteWhatWasSeen(sale, taken)
    shownSale.value = sale
    parts.value = []
    cartWasSold()
    show({ name: 'sell' })
    soundRecorded()
  } catch {
    // Never a toast: a seller who looks away must still see it when she looks back.
    notRecorded.value = { draft: thisDraft, parts: taken, totalDong: sold.totalDong }
    soundRefused()
  } finally {
    recording.value = false
  }
}

/** A fault here leaves the transfer claimed, which is true as far as the books know; the list offers it again. */
async function noteWhatWasSeen(sale: StoredSale, taken: readonly Part[]): Promise<void> {
  const command = commandOf(sale)
  for (const [at, part] of taken.entries())
    if (part.seen) await transferSeen(command, at + 1, part.lastDigits).catch(() => {})
}
