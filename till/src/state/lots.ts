// What this tablet has sold out of its lots since the list was made: the list itself says what lay there then.
import { effect, signal } from '@preact/signals'
import { anyCommandOf } from '../ledger/sales'
import type { StoredSale } from '../ledger/schema'
import { backIntoLots, NONE_TAKEN, takeFromLots, type TakenLots } from '../rules/lots'
import { ledger, pairing, priceList, productsById, sync } from './device'

export const takenLots = signal<TakenLots>(NONE_TAKEN)

const hasLots = (): boolean => priceList.value?.products.some((one) => (one.lots?.length ?? 0) > 0) ?? false

function after(taken: TakenLots, stored: StoredSale): TakenLots {
  const { kind = 'sale' } = stored
  if (kind !== 'sale' && kind !== 'giveaway' && kind !== 'refund') return taken
  const command = anyCommandOf(stored)
  if (command.kind === 'refund') return backIntoLots(taken, command.lines)
  if (command.kind === 'sale' || command.kind === 'giveaway')
    return takeFromLots(taken, command.lines, productsById.value)
  return taken
}

/** The server made the list after it had answered for this one: the list has counted it. */
const isInList = (stored: StoredSale, listMs: number, offsetMs: number): boolean =>
  stored.answered_at_ms !== null && stored.answered_at_ms + offsetMs <= listMs

let round = 0
let reading = false
let missed = false

/** Reads again what the list does not know yet; a sale written meanwhile is read with it. */
export async function recountLots(): Promise<void> {
  const mine = ++round
  const list = priceList.value
  const device = pairing.value
  takenLots.value = NONE_TAKEN
  if (list === null || device === null || !hasLots()) return
  reading = true
  const listMs = Date.parse(list.server_time)
  const range = IDBKeyRange.bound([device.device_id, 0], [device.device_id, Infinity])
  const since: StoredSale[] = []
  let cursor = await ledger().transaction('sales').store.index('by_seq').openCursor(range, 'prev')
  while (cursor !== null && !isInList(cursor.value, listMs, sync.value.clockOffsetMs)) {
    since.push(cursor.value)
    cursor = await cursor.continue()
  }
  if (mine !== round) return
  reading = false
  takenLots.value = since.reduceRight(after, NONE_TAKEN)
  if (missed) {
    missed = false
    await recountLots()
  }
}

/** Right after a command was written. */
export function goodsLeft(stored: StoredSale): void {
  if (!hasLots()) return
  if (reading) missed = true
  else takenLots.value = after(takenLots.value, stored)
}

/** Once the ledger is open. A fault leaves the list's own figures, and the server lists what was sold all the same. */
export function watchLots(): void {
  effect(() => {
    if (priceList.value !== null) void recountLots().catch(() => (reading = false))
  })
}
