// The open count of this tablet, as it lies on the disk.
import { signal } from '@preact/signals'
import { keepCountDraft } from '../ledger/count_draft'
import { readFact } from '../ledger/schema'
import { type CountDraft, notYetIn, withClockMoved } from '../rules/counting'
import { newId } from '../rules/ids'
import type { StockCountedCommand } from '../wire.gen'
import { ledger, pairing } from './device'

export const countDraft = signal<CountDraft | null>(null)
/** The last entry is not on the disk: said at once, so that the figures go on paper. */
export const draftNotKept = signal(false)

// One after the other: an older state must not be written over a newer one.
let last: Promise<void> = Promise.resolve()

export function setCountDraft(next: CountDraft | null): Promise<void> {
  countDraft.value = next
  last = last
    .then(() => keepCountDraft(ledger(), next))
    .then(
      () => void (draftNotKept.value = false),
      () => void (draftNotKept.value = true),
    )
  return last
}

/** In memory only: the disk has dropped it with the command, in one transaction. */
export function countWasWritten(): void {
  countDraft.value = null
  draftNotKept.value = false
}

export const draftWritten = (): Promise<void> => last

export function countClockMoved(byMs: number): void {
  if (countDraft.value !== null) void setCountDraft(withClockMoved(countDraft.value, byMs))
}

/** What a command on the disk says already is no draft any more; what it does not say goes on as a count of its own. */
export async function withoutWritten(draft: CountDraft): Promise<CountDraft | null> {
  const stored = await ledger().get('sales', draft.id)
  if (stored === undefined) return draft
  const entries = notYetIn(draft, JSON.parse(stored.text) as StockCountedCommand)
  return entries.length === 0 ? null : { ...draft, id: newId(Date.now()), entries }
}

/** A count of another booth is not counted on here. */
export async function restoreCount(): Promise<void> {
  const kept = (await readFact(ledger(), 'count_draft')) ?? null
  if (kept === null || pairing.value === null || kept.booth_id !== pairing.value.booth.id) {
    countDraft.value = null
    return
  }
  const open = await withoutWritten(kept)
  if (open === kept) countDraft.value = kept
  else await setCountDraft(open)
}
