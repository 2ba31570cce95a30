import { useEffect, useState } from 'preact/hooks'
import { ledger, sync, words } from '../state/device'
import { forgetPairing, type Outcome, pairTablet, signIn } from '../state/session'
import { savedToFile, saveWaiting } from '../state/waiting_file'
import { Icon } from '../parts/icon'

interface FieldProps {
  id: string
  label: string
  value: string
  onValue: (value: string) => void
  type?: 'text' | 'password'
  autocomplete?: string
  capital?: boolean
  required?: boolean
}

const Field = ({ id, label, value, onValue, type = 'text', autocomplete = 'off', capital, required }: FieldProps) => (
  <label class="field" for={id}>
    <span>{label}</span>
    <input
      id={id}
      data-testid={id}
      name={id}
      type={type as 'text'} // the types allow one kind of input at a time
      value={value}
      required={required ?? true}
      autocomplete={autocomplete}
      autocapitalize={capital ? 'characters' : 'none'}
      spellcheck={false}
      class={capital ? 'code' : ''}
      onInput={(event) => onValue(event.currentTarget.value)}
    />
  </label>
)

function PasswordField({ id, value, onValue }: { id: string; value: string; onValue: (value: string) => void }) {
  const [seen, setSeen] = useState(false)
  return (
    <>
      <Field
        id={id}
        label={words.value.password}
        type={seen ? 'text' : 'password'}
        value={value}
        onValue={onValue}
        autocomplete="current-password"
      />
      <label class="tick">
        <input type="checkbox" checked={seen} onChange={(event) => setSeen(event.currentTarget.checked)} />
        <span>{words.value.showPassword}</span>
      </label>
    </>
  )
}

function useSending(send: () => Promise<Outcome>) {
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Outcome>(null)
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setRefused(null)
    const outcome = await send().catch(() => words.value.ledgerBroken)
    setRefused(outcome)
    setBusy(false)
  }
  return { busy, refused, submit }
}

export function PairScreen() {
  const say = words.value
  const [code, setCode] = useState(new URLSearchParams(location.search).get('code') ?? '')
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [tabletName, setTabletName] = useState('')
  const [kept, setKept] = useState(0)
  useEffect(() => void ledger().count('outbox').then(setKept), [])
  const { busy, refused, submit } = useSending(() => pairTablet(code, login, password, tabletName))
  return (
    <main class="form-screen">
      <form class="pair-form" onSubmit={(event) => void submit(event)}>
        <h1>{say.pairTitle}</h1>
        <p>{say.pairIntro}</p>
        {kept > 0 && <p data-testid="kept">{say.keptFromBefore(kept)}</p>}
        <Field id="pair-code" label={say.pairCode} value={code} onValue={setCode} capital />
        <Field id="pair-tablet" label={say.tabletName} value={tabletName} onValue={setTabletName} required={false} />
        <Field id="pair-login" label={say.loginName} value={login} onValue={setLogin} autocomplete="username" />
        <PasswordField id="pair-password" value={password} onValue={setPassword} />
        {refused !== null && (
          <p class="refusal" role="alert" data-testid="refusal">
            {refused}
          </p>
        )}
        <button type="submit" class="primary money" data-testid="pair-submit" disabled={busy}>
          {busy ? say.working : say.pair}
        </button>
      </form>
    </main>
  )
}

export function SignInScreen() {
  const say = words.value
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const { busy, refused, submit } = useSending(() => signIn(login, password))
  return (
    <main class="form-screen">
      <form onSubmit={(event) => void submit(event)}>
        <h1>{say.signInTitle}</h1>
        <Field id="sign-in-login" label={say.loginName} value={login} onValue={setLogin} autocomplete="username" />
        <PasswordField id="sign-in-password" value={password} onValue={setPassword} />
        {refused !== null && (
          <p class="refusal" role="alert" data-testid="refusal">
            {refused}
          </p>
        )}
        <button type="submit" class="primary money" data-testid="sign-in-submit" disabled={busy}>
          {busy ? say.working : say.signIn}
        </button>
      </form>
    </main>
  )
}

/** The server no longer knows the tablet. What was sold stays and goes on being sent. */
export function StoppedScreen() {
  const say = words.value
  const [refused, setRefused] = useState<Outcome>(null)
  const { stopped, waiting } = sync.value
  const isUnknown = stopped === 'device_unknown'
  return (
    <main class="stopped" data-testid="stopped">
      <Icon name="stop" />
      <h1>{stopped === 'device_revoked' ? say.stoppedRevoked : say.stoppedUnknown}</h1>
      <p>{isUnknown ? say.stoppedKept : say.stoppedSafe(waiting.count)}</p>
      {isUnknown && (
        <>
          <button
            type="button"
            class="outlined"
            data-testid="save-waiting"
            onClick={() => void saveWaiting().then(() => setRefused(null))}
          >
            {say.saveAll}
          </button>
          <p role="status">{savedToFile.value !== null && say.savedToFile(savedToFile.value)}</p>
        </>
      )}
      {refused !== null && (
        <p class="refusal" role="alert" data-testid="refusal">
          {refused}
        </p>
      )}
      <button
        type="button"
        class="outlined"
        data-testid="pair-again"
        onClick={() => void forgetPairing().then(setRefused)}
      >
        {say.pairAgain}
      </button>
    </main>
  )
}
