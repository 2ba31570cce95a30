// From the first figure counted to «Đã ghi phiếu kiểm».
import { computed, signal } from '@preact/signals'
import { soundAdded, soundRecorded, soundRefused } from '../parts/sound'
import {
  allRows,
  buildCount,
  type CountDraft,
  type CountRow,
  rowsOf,
  summary,
  withCounted,
  withoutCounted,
} from '../rules/counting'
import { newId } from '../rules/ids'
import { findCode } from '../rules/scan'
import { noticeClockJump } from './clock_jump'
import { countDraft, countWasWritten, draftWritten, setCountDraft, withoutWritten } from './count_draft'
import { pairing, priceList, productsById } from './device'
import { sceneNow, write } from './record'
import { screen, show } from './screen'

export const countRows = computed(() => allRows(productsById.value, countDraft.value))
export const counted = computed(() => summary(countRows.value))
export const countingNow = computed(() => (countDraft.value?.entries.length ?? 0) > 0)

export const finishing = signal(false)

function openDraft(): CountDraft | null {
  const booth = pairing.value?.booth.id
  if (booth === undefined) return null
  return countDraft.value ?? { id: newId(Date.now()), booth_id: booth, entries: [], note: '' }
}

/** False when the count is full: it must be recorded first. The moment is taken here, when the figure is given. */
export function putCount(row: CountRow, quantity: number): boolean {
  noticeClockJump()
  const draft = openDraft()
  const next = draft === null ? null : withCounted(draft, row, quantity, Date.now())
  if (next === null) {
    soundRefused()
    return false
  }
  void setCountDraft(next)
  soundAdded()
  return true
}

export function takeCountBack(key: string): void {
  const draft = countDraft.value
  if (draft === null) return
  const next = withoutCounted(draft, key)
  void setCountDraft(next.entries.length === 0 && next.note === '' ? null : next)
}

export function noteCount(note: string): void {
  const draft = openDraft()
  if (draft !== null) void setCountDraft({ ...draft, note })
}

export const giveUpCount = (): Promise<void> => setCountDraft(null)

/** How many lines were recorded; null when it is not certain that they are on the disk. */
export async function finishCount(): Promise<number | null> {
  if (finishing.value) return null
  finishing.value = true
  try {
    await draftWritten() // an entry on its way to the disk must not come after the count has ended
    const before = countDraft.value
    const scene = sceneNow()
    if (before === null || scene === null) return null
    const draft = await withoutWritten(before)
    if (draft === null) {
      await setCountDraft(null) // an earlier try had reached the disk
    } else {
      await write(scene, {
        id: draft.id,
        numbered: false,
        emptiesCart: false,
        endsCount: true,
        compose: (place) => buildCount(draft, scene.by, scene.moment, place),
      })
      countWasWritten()
    }
    soundRecorded()
    return before.entries.length
  } catch {
    soundRefused()
    return null
  } finally {
    finishing.value = false
  }
}

/** While counting, a code means «count this», not «sell this». */
export function codeToCount(code: string): boolean {
  if (screen.value.name !== 'count' && screen.value.name !== 'count_line') return false
  const found = findCode(code, priceList.value?.products ?? [])
  if (found === null) {
    countSearch.value = code
    soundRefused()
    show({ name: 'count' })
    return true
  }
  const rows = rowsOf(found.product, countDraft.value)
  if (rows.length === 1) show({ name: 'count_line', key: rows[0]!.key, back: { name: 'count' } })
  else {
    countSearch.value = found.product.name
    show({ name: 'count' })
  }
  return true
}

/** What is searched for while counting. */
export const countSearch = signal('')
