// A note for the booth, on a line or on the whole sale. It is never on the receipt.
import { useState } from 'preact/hooks'
import { Sheet } from '../parts/sheet'
import { MAX_REASON } from '../rules/discount'
import { lineOf } from '../rules/cart'
import { cart, changeNote, priced } from '../state/cart'
import { words } from '../state/device'
import { goBack } from '../state/screen'

export function NoteScreen({ line: key }: { line: string | null }) {
  const say = words.value
  const now = key === null ? cart.value.note : lineOf(cart.value, key)?.note
  const [text, setText] = useState(now ?? '')
  const name = priced.value.lines.find((one) => one.key === key)?.product.name
  return (
    <Sheet
      title={name === undefined ? say.note : `${say.note}: ${name}`}
      foot={
        <button
          type="button"
          class="primary"
          data-testid="note-done"
          onClick={() => {
            changeNote(key, text.trim())
            goBack()
          }}
        >
          {say.done}
        </button>
      }
    >
      <label class="field">
        <span>{say.noteHint}</span>
        <textarea
          rows={3}
          maxLength={MAX_REASON}
          data-testid="note-text"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
    </Sheet>
  )
}
