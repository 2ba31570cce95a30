import { type Key, typeKey } from '../rules/keypad'
import { words } from '../state/device'
import { Icon } from './icon'

const KEYS: Key[] = ['7', '8', '9', '4', '5', '6', '1', '2', '3', '000', '0', 'back']

interface Props {
  value: number
  limit: number
  onValue: (value: number) => void
}

export function Numpad({ value, limit, onValue }: Props) {
  return (
    <div class="numpad" role="group" aria-label={words.value.keypad}>
      {KEYS.map((key) => (
        <button
          key={key}
          type="button"
          class="key"
          {...(key === 'back' ? { 'aria-label': words.value.backspace } : {})}
          data-testid={`key-${key}`}
          onClick={() => onValue(typeKey(value, key, limit))}
        >
          {key === 'back' ? <Icon name="backspace" /> : key}
        </button>
      ))}
    </div>
  )
}
