// From "Thu tiền" to "Đã ghi".
import { signal } from '@preact/signals'
import { recordSale } from '../ledger/sales'
import type { StoredSale } from '../ledger/schema'
import { soundRecorded, soundRefused } from '../parts/sound'
import { tooMuchMoney } from '../rules/cart'
import { newId, newReceiptToken } from '../rules/ids'
import { buildSale, momentsFairDay, type Payment, type SaleDraft, type SaleMoment } from '../rules/sale'
import { cart, cartWasSold, priced } from './cart'
import { APP_VERSION, ledger, maySell, pairing, person, priceList, sync } from './device'
import { show } from './screen'
import { nudgeSync, recountSync } from './syncing'

/** Read back from the disk; its receipt is on the screen until the next item is tapped. */
export const shownSale = signal<StoredSale | null>(null)
export const recording = signal(false)
/** The full-screen stop: it is not certain that this sale is on the disk. */
export const notRecorded = signal<{ draft: SaleDraft; payment: Payment; totalDong: number } | null>(null)

let draft: SaleDraft | null = null

export function openPay(): void {
  if (!maySell.value || cart.value.length === 0 || tooMuchMoney(priced.value)) return
  // Made here and not at the confirming tap: however often that one comes, it names the same sale.
  draft = { id: newId(Date.now()), receiptToken: newReceiptToken() }
  show({ name: 'pay' })
}

/** The list has every receipt, the last one too; its panel gives way. */
export function openSales(): void {
  shownSale.value = null
  show({ name: 'sales' })
}

export async function pay(payment: Payment): Promise<void> {
  if (draft === null || recording.value) return
  await record(draft, payment)
}

export async function tryToRecordAgain(): Promise<void> {
  const failed = notRecorded.value
  if (failed === null || recording.value) return
  await record(failed.draft, failed.payment)
}

async function record(thisDraft: SaleDraft, payment: Payment): Promise<void> {
  const device = pairing.value
  const seller = person.value
  const list = priceList.value
  if (device === null || seller === null || list === null) return
  recording.value = true
  const sold = priced.value
  const moment: SaleMoment = {
    deviceAtMs: Date.now(),
    clockOffsetMs: sync.value.clockOffsetMs,
    dayBoundaryMinutes: list.edition.day_boundary_minutes,
  }
  const by = { letter: device.letter, boothId: list.booth.id, personId: seller.id, appVersion: APP_VERSION }
  try {
    const sale = await recordSale(ledger(), {
      id: thisDraft.id,
      deviceId: device.device_id,
      fairDay: momentsFairDay(moment),
      nowMs: moment.deviceAtMs,
      compose: (place) => buildSale(thisDraft, sold, payment, list.version, by, moment, place),
    })
    draft = null
    notRecorded.value = null
    shownSale.value = sale
    cartWasSold()
    show({ name: 'sell' })
    soundRecorded()
    void recountSync()
    nudgeSync()
  } catch {
    // Never a toast: a seller who looks away must still see it when she looks back.
    notRecorded.value = { draft: thisDraft, payment, totalDong: sold.totalDong }
    soundRefused()
  } finally {
    recording.value = false
  }
}
