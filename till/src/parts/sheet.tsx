// What opens over the selling screen for one thing to be done: title and way back above, the deed below.
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { words } from '../state/device'
import { goBack } from '../state/screen'
import { Icon, type IconName } from './icon'

interface Props {
  title: string
  children: ComponentChildren
  foot?: ComponentChildren
  class?: string
}

export function Sheet({ title, children, foot, class: more }: Props) {
  return (
    <main class={`page sheet-page ${more ?? ''}`}>
      <div class="page-head">
        <button type="button" class="quiet" data-testid="back" onClick={goBack}>
          <Icon name="back" />
          <span>{words.value.back}</span>
        </button>
        <h1>{title}</h1>
      </div>
      <div class="page-body sheet-body">{children}</div>
      {foot !== undefined && <div class="sheet-foot">{foot}</div>}
    </main>
  )
}

interface ChipsProps<T extends string> {
  label: string
  options: readonly (readonly [value: T, name: string])[]
  value: T | null
  onChoose: (value: T) => void
  testId: string
}

/** One of a few; all are seen at once, since what is folded away is not found. */
export function Chips<T extends string>({ label, options, value, onChoose, testId }: ChipsProps<T>) {
  return (
    <section class="chips-part">
      <h2>{label}</h2>
      <div class="chips" role="group" aria-label={label}>
        {options.map(([id, name]) => (
          <button
            key={id}
            type="button"
            class="choice"
            aria-pressed={value === id}
            data-testid={testId}
            data-value={id}
            onClick={() => onChoose(id)}
          >
            {value === id && <Icon name="check" />}
            {name}
          </button>
        ))}
      </div>
    </section>
  )
}

interface DeedProps {
  icon: IconName
  name: string
  more?: string | undefined
  testId: string
  taking?: boolean
  disabled?: boolean
  onDo: () => void
}

/** A large row with a drawing, its name and what it does. */
export function Deed({ icon, name, more, testId, taking, disabled, onDo }: DeedProps) {
  return (
    <button
      type="button"
      class={taking === true ? 'deed taking' : 'deed'}
      data-testid={testId}
      disabled={disabled ?? false}
      onClick={onDo}
    >
      <Icon name={icon} />
      <span>
        <b>{name}</b>
        {more !== undefined && more !== '' && <small>{more}</small>}
      </span>
    </button>
  )
}

interface ReasonProps {
  reasons: readonly string[]
  value: string
  onValue: (text: string) => void
  testId: string
  /** It was asked for and is missing: on small glass it comes into sight. */
  isMissing: boolean
}

const OTHER = '\u0000' // no reason reads like this

/** The usual reasons, and one in words of one's own. */
export function Reasons({ reasons, value, onValue, testId, isMissing }: ReasonProps) {
  const say = words.value
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isMissing) place.current?.scrollIntoView({ block: 'center' })
  }, [isMissing])
  const [other, setOther] = useState(value !== '' && !reasons.includes(value))
  return (
    <div class="reasons" ref={place}>
      <Chips
        label={say.reason}
        testId={testId}
        options={[...reasons.map((one) => [one, one] as const), [OTHER, say.otherReason]]}
        value={other ? OTHER : value}
        onChoose={(id) => {
          setOther(id === OTHER)
          onValue(id === OTHER ? '' : id)
        }}
      />
      {other && <ReasonField label={say.otherReason} value={value} onValue={onValue} />}
    </div>
  )
}

export function ReasonField(props: { label: string; value: string; onValue: (text: string) => void }) {
  return (
    <label class="field">
      <span>{props.label}</span>
      <input
        type="text"
        data-testid="reason-text"
        maxLength={200}
        autocomplete="off"
        value={props.value}
        onInput={(event) => props.onValue(event.currentTarget.value)}
      />
    </label>
  )
}
