import type { ComponentChildren } from 'preact'
import type { Key } from '../rules/keypad'
import { typeKey } from '../rules/keypad'
import { words } from '../state/device'
import type { Words } from '../words/vi'
import { Icon } from './icon'

const KEYS: Key[] = ['7', '8', '9', '4', '5', '6', '1', '2', '3', '000', '0', 'back']

interface Props {
  value: number
  limit: number
  onValue: (value: number) => void
}

export function Numpad({ value, limit, onValue }: Props) {
  return <Pad keys={KEYS} onKey={(key) => onValue(typeKey(value, key, limit))} />
}

interface PadProps<K extends string> {
  keys: readonly K[]
  onKey: (key: K) => void
  /** A last key of another kind, in the lower right corner. */
  children?: ComponentChildren
}

/** Big keys; what they mean is the caller's. */
export function Pad<K extends string>({ keys, onKey, children }: PadProps<K>) {
  const say = words.value
  return (
    <div class="numpad" role="group" aria-label={say.keypad}>
      {keys.map((key) => (
        <button
          key={key}
          type="button"
          class="key"
          {...spoken(key, say)}
          data-testid={key === ',' ? 'key-comma' : `key-${key}`}
          onClick={() => onKey(key)}
        >
          {key === 'back' ? <Icon name="backspace" /> : key === 'clear' ? <Icon name="close" /> : key}
        </button>
      ))}
      {children}
    </div>
  )
}

function spoken(key: string, say: Words): { 'aria-label'?: string } {
  if (key === 'back') return { 'aria-label': say.backspace }
  if (key === 'clear') return { 'aria-label': say.clear }
  return key === ',' ? { 'aria-label': say.comma } : {}
}
