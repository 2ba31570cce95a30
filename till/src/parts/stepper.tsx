// How many notes of each kind: a big minus, a figure, a big plus. The figure can be tapped and typed.
import { useState } from 'preact/hooks'
import { ALL_NOTES } from '../rules/change'
import { countOf, withNote } from '../rules/drawer'
import { formatDong, formatNumber } from '../rules/price'
import { words } from '../state/device'
import type { NoteCount } from '../wire.gen'
import { Icon } from './icon'
import { Numpad } from './numpad'

const MOST_NOTES = 9_999

export function NoteSteppers({ notes, onNotes }: { notes: NoteCount[]; onNotes: (notes: NoteCount[]) => void }) {
  const say = words.value
  const [typing, setTyping] = useState<number | null>(null)
  const set = (note: number, count: number): void =>
    onNotes(withNote(notes, note, Math.min(MOST_NOTES, Math.max(0, count))))
  return (
    <div class="steppers">
      <ul role="list">
        {ALL_NOTES.map((note) => {
          const count = countOf(notes, note)
          return (
            <li key={note} class={typing === note ? 'stepper typing' : 'stepper'} data-note={note}>
              <span class="stepper-note">{formatNumber(note)}</span>
              <button
                type="button"
                class="step"
                data-testid="note-less"
                data-note={note}
                aria-label={say.fewer(formatDong(note))}
                disabled={count === 0}
                onClick={() => set(note, count - 1)}
              >
                <Icon name="minus" />
              </button>
              <button
                type="button"
                class="count"
                data-testid="note-count"
                data-note={note}
                aria-pressed={typing === note}
                aria-label={`${say.noteOf(formatDong(note))}: ${formatNumber(count)}`}
                onClick={() => setTyping(typing === note ? null : note)}
              >
                {formatNumber(count)}
              </button>
              <button
                type="button"
                class="step"
                data-testid="note-more"
                data-note={note}
                aria-label={say.oneMore(formatDong(note))}
                onClick={() => set(note, count + 1)}
              >
                <Icon name="plus" />
              </button>
              <span class="stepper-sum">{count === 0 ? '' : formatNumber(note * count)}</span>
              {typing === note && <Numpad value={count} limit={MOST_NOTES} onValue={(value) => set(note, value)} />}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
