// How many notes of each kind: a big minus, a figure, a big plus. The figure can be tapped and typed.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { ALL_NOTES } from '../rules/change'
import { countOf, withNote } from '../rules/drawer'
import { typeKey } from '../rules/keypad'
import { formatDong, formatNumber } from '../rules/price'
import { words } from '../state/device'
import type { NoteCount } from '../wire.gen'
import { Icon } from './icon'
import { Pad } from './numpad'

const MOST_NOTES = 9_999
const KEYS = ['7', '8', '9', '4', '5', '6', '1', '2', '3', 'back', '0'] as const

export function NoteSteppers({ notes, onNotes }: { notes: NoteCount[]; onNotes: (notes: NoteCount[]) => void }) {
  const say = words.value
  const [typing, setTyping] = useState<number | null>(null)
  const set = (note: number, count: number): void =>
    onNotes(withNote(notes, note, Math.min(MOST_NOTES, Math.max(0, count))))
  const list = useRef<HTMLUListElement>(null)
  useLayoutEffect(() => {
    // Back at the kind of note that was typed: the next one is beside it.
    if (typing === null) list.current?.querySelector('.was-typed')?.scrollIntoView({ block: 'nearest' })
  }, [typing])
  const last = useRef<number | null>(null)
  if (typing !== null) {
    const count = countOf(notes, typing)
    return (
      <div class="steppers count-pad" data-testid="count-pad">
        <p class="count-typed">
          <span>{say.noteOf(formatDong(typing))}</span>
          <output class="count-figure" data-testid="note-typed">
            {formatNumber(count)}
          </output>
        </p>
        <Pad keys={KEYS} onKey={(key) => set(typing, typeKey(count, key, MOST_NOTES))}>
          <button type="button" class="primary key" data-testid="note-count-done" onClick={() => setTyping(null)}>
            {say.done}
          </button>
        </Pad>
      </div>
    )
  }
  return (
    <div class="steppers">
      <ul role="list" ref={list}>
        {ALL_NOTES.map((note) => {
          const count = countOf(notes, note)
          return (
            <li key={note} class={last.current === note ? 'stepper was-typed' : 'stepper'} data-note={note}>
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
                aria-label={`${say.noteOf(formatDong(note))}: ${formatNumber(count)}`}
                onClick={() => {
                  last.current = note
                  setTyping(note)
                }}
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
            </li>
          )
        })}
      </ul>
    </div>
  )
}
