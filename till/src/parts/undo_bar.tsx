import { useLayoutEffect } from 'preact/hooks'
import { closeUndo, undo, undoLast } from '../state/cart'
import { words } from '../state/device'

/** What was just done, and the way back; nothing is asked beforehand, since people say yes without reading. */
export function UndoBar() {
  const last = undo.value
  const isShown = last !== null
  useLayoutEffect(() => {
    // For strip and search, which make room. Not `:has()`: that looks through every tile at every tap.
    document.body.classList.toggle('undoing', isShown)
    return () => document.body.classList.remove('undoing')
  }, [isShown])
  return (
    <div class="undo-place" role="status" aria-live="polite">
      {last !== null && (
        <div class="undo">
          <span class="undo-text">{last.text}</span>
          <button
            type="button"
            class="undo-button"
            data-testid="undo"
            onClick={last.before === null ? closeUndo : undoLast}
          >
            {last.before === null ? words.value.done : words.value.undo}
          </button>
        </div>
      )}
    </div>
  )
}
