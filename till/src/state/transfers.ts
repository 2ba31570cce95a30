// Transfers: the code shown, who saw the money, and what the server has heard of it since.
import { computed, signal } from '@preact/signals'
import { keepFact, readFact } from '../ledger/schema'
import { paymentKey } from '../rules/drawer'
import { newId, newTransferReference } from '../rules/ids'
import { commonOf } from '../rules/sale'
import { accountFor } from '../rules/tender'
import { deskFor, TIMEOUT_MS } from '../sync/server'
import type { SaleCommand, TransferState } from '../wire.gen'
import { cart, priced } from './cart'
import { ledger, pairing, priceList, sync } from './device'
import { sceneNow, write } from './record'
import { browserFetch } from './syncing'

const SAME_ATTEMPT_MS = 10 * 60_000
const ASK_EVERY_MS = 15_000

export const desk = () => {
  const device = pairing.value
  return device === null ? null : deskFor(device.device_token, browserFetch, () => Date.now())
}

/** The account that this cart's money should go to, if the price list names one. */
export const accountNow = computed(() =>
  accountFor(
    priceList.value?.accounts ?? [],
    priced.value.lines.map((line) => line.product.producer_id),
  ),
)

let attempt: { key: string; reference: string; at_ms: number } | null = null

export async function restoreAttempt(): Promise<void> {
  attempt = (await readFact(ledger(), 'attempt')) ?? null
}

/** One reference per payment attempt: the same cart and sum, shown again within minutes, is the same attempt. */
export function referenceFor(amountDong: number, paidSoFar: number): string {
  const key = JSON.stringify([cart.value, amountDong, paidSoFar, accountNow.value?.id])
  if (attempt === null || attempt.key !== key || Math.abs(Date.now() - attempt.at_ms) > SAME_ATTEMPT_MS) {
    attempt = { key, reference: newTransferReference(), at_ms: Date.now() }
    keepFact(ledger(), 'attempt', attempt).catch(() => {})
  }
  return attempt.reference
}

export function attemptIsOver(): void {
  attempt = null
}

/** Payment keys that somebody at this tablet saw arrive; filled while sales are read. */
export const seenHere = signal<ReadonlySet<string>>(new Set())
export const toldByServer = signal<readonly TransferState[]>([])
const toldByKey = computed(
  () => new Map(toldByServer.value.map((one) => [paymentKey(one.sale_id, one.payment_no), one.state])),
)

export type TransferLook = 'seen' | TransferState['state']

export function lookOf(saleId: string, paymentNo: number): TransferLook {
  const key = paymentKey(saleId, paymentNo)
  const told = toldByKey.value.get(key)
  if (told !== undefined && told !== 'claimed') return told
  return seenHere.value.has(key) ? 'seen' : (told ?? 'claimed')
}

/** What the bank said is worth more than what a person saw; a person who saw it is worth more than nothing. */
export const isClaimed = (saleId: string, paymentNo: number): boolean => lookOf(saleId, paymentNo) === 'claimed'

export async function restoreTransfers(): Promise<void> {
  toldByServer.value = (await readFact(ledger(), 'transfers')) ?? []
  const keys = new Set<string>()
  let cursor = await ledger().transaction('sales').store.index('by_seq').openCursor(null, 'prev')
  // The last few hundred commands: older transfers are the office's business.
  for (let read = 0; cursor !== null && read < 600; read++, cursor = await cursor.continue()) {
    if (cursor.value.kind !== 'transfer_seen') continue
    const { sale_id, payment_no } = JSON.parse(cursor.value.text) as { sale_id: string; payment_no: number }
    keys.add(paymentKey(sale_id, payment_no))
  }
  seenHere.value = keys
}

/** A person has seen the money in the shop's own bank app; who and when stays with it. */
export async function transferSeen(sale: SaleCommand, paymentNo: number, lastDigits: string): Promise<void> {
  const scene = sceneNow()
  if (scene === null) return
  const id = newId(Date.now())
  await write(scene, {
    id,
    numbered: false,
    emptiesCart: false,
    compose: (place) => ({
      kind: 'transfer_seen',
      ...commonOf(id, scene.by, scene.moment, place),
      sale_id: sale.id,
      payment_no: paymentNo,
      ...(lastDigits === '' ? {} : { last_digits: lastDigits }),
    }),
  })
  seenHere.value = new Set([...seenHere.value, paymentKey(sale.id, paymentNo)])
}

let asking = false

export async function askForTransfers(): Promise<void> {
  if (asking || sync.value.link !== 'up' || sync.value.stopped !== null) return
  asking = true
  try {
    const answer = await desk()?.transfers(TIMEOUT_MS)
    if (answer?.kind !== 'answered' || !Array.isArray(answer.body.transfers)) return
    toldByServer.value = answer.body.transfers
    await keepFact(ledger(), 'transfers', answer.body.transfers)
  } catch {
    // Learned again at the next answer.
  } finally {
    asking = false
  }
}

/** While a screen shows transfers that nobody has confirmed. Returns the way to stop. */
export function keepAsking(): () => void {
  void askForTransfers()
  const timer = setInterval(() => void askForTransfers(), ASK_EVERY_MS)
  return () => clearInterval(timer)
}
