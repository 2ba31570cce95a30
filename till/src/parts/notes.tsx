// Change as the hand gives it: which notes, and how many of each.
import { asNotes } from '../rules/change'
import { formatDong, formatNumber } from '../rules/price'
import { words } from '../state/device'

export function AsNotes({ dong }: { dong: number }) {
  const say = words.value
  const { notes, restDong } = asNotes(dong)
  if (notes.length === 0) return null
  return (
    <div class="as-notes" data-testid="change-notes">
      <ul role="list" aria-label={say.changeAsNotes}>
        {notes.map(({ note_dong, count }) => (
          <li key={note_dong} class="note-drawn" data-note={note_dong} data-count={count}>
            {count > 1 && <b>{formatNumber(count)} × </b>}
            {formatNumber(note_dong)}
          </li>
        ))}
      </ul>
      {restDong > 0 && <p>{say.restCoins(formatDong(restDong))}</p>}
    </div>
  )
}
