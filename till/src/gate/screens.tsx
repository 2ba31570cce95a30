import { useEffect, useState } from 'preact/hooks'
import { localClock } from '../rules/fair_day'
import { Icon } from '../parts/icon'
import { crowdPercent, type Direction, GROUP_PEOPLE } from './count'
import {
  APP_VERSION,
  changeLanguage,
  forgetPairing,
  inside,
  level,
  limit,
  notRecorded,
  type Outcome,
  pairing,
  pairPhone,
  said,
  savedToFile,
  saveTaps,
  screen,
  stage,
  sums,
  sync,
  unpairPhone,
  unsentAll,
  want,
  words,
  write,
} from './state'
import type { Wanted } from './ledger'
import { startsOffline, takeUpdate, updateReady } from './updates'

const CLOCK_WRONG_MS = 120_000

export function GateApp() {
  const say = words.value
  if (stage.value === 'opening') return <Message text={say.opening} />
  if (stage.value === 'other_tab') return <Message text={say.otherTab} />
  if (stage.value === 'no_secure_context') return <Message text={say.noSecureContext} stop />
  if (stage.value === 'ledger_broken') return <Message text={say.ledgerBroken} stop />
  if (stage.value === 'pushed_aside')
    return (
      <Message text={say.pushedAside}>
        <button type="button" class="primary" onClick={() => location.reload()}>
          {say.reload}
        </button>
      </Message>
    )
  if (notRecorded.value > 0)
    return (
      <Message text={say.notRecorded(notRecorded.value)} stop>
        <button type="button" class="primary" data-testid="try-again" onClick={() => void write()}>
          {say.tryAgain}
        </button>
      </Message>
    )
  if (pairing.value === null) return <PairScreen />
  if (sync.value.stopped !== null) return <StoppedScreen />
  return screen.value === 'more' ? <MoreScreen /> : <CountScreen />
}

function Message({ text, stop, children }: { text: string; stop?: boolean; children?: preact.ComponentChildren }) {
  return (
    <main class={`message ${stop === true ? 'stop' : ''}`}>
      <h1 tabIndex={-1}>{text}</h1>
      <p class="hidden" role={stop === true ? 'alert' : 'status'}>
        {text}
      </p>
      {children}
    </main>
  )
}

function Strip() {
  const say = words.value
  const { link, allSentAtMs, clockOffsetMs } = sync.value
  const count = unsentAll.value
  const troubled = link === 'down' || link === 'fault'
  const why = link === 'down' ? say.offline : link === 'fault' ? say.fault : ''
  const sent = allSentAtMs === null ? say.nothingYet : say.allSentAt(localClock(allSentAtMs + clockOffsetMs))
  const text = count > 0 ? `${why} ${say.unsent(count)}`.trim() : why === '' ? sent : why
  return (
    <header class="gate-top">
      <p class={`gate-strip ${troubled ? 'waiting' : ''}`}>
        <Icon name={troubled ? 'cloud_off' : count > 0 ? 'wait' : 'sent'} />
        <span data-testid="unsent" data-count={count}>
          {text}
        </span>
      </p>
      <button type="button" class="quiet" data-testid="more" onClick={() => (screen.value = 'more')}>
        <Icon name="more" />
        <span>{say.more}</span>
      </button>
    </header>
  )
}

// A finger counts when it comes down: at five people a second, and with two thumbs, not every touch ends as a click.
let lastDownAt = -Infinity
const CLICK_OF_TOUCH_MS = 1_500

function TapButton({ wanted, testid, kind, children }: TapProps) {
  return (
    <button
      type="button"
      class={kind}
      data-testid={testid}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        lastDownAt = performance.now()
        want(wanted)
      }}
      // A keyboard or a screen reader only clicks.
      onClick={() => performance.now() - lastDownAt > CLICK_OF_TOUCH_MS && want(wanted)}
      onContextMenu={(event) => event.preventDefault()}
    >
      {children}
    </button>
  )
}

interface TapProps {
  wanted: Wanted
  testid: string
  kind: string
  children: preact.ComponentChildren
}

function Crowd() {
  const say = words.value
  const people = inside.value
  const most = limit.value
  if (level.value === 'calm' || people === null || most === null) return <p class="crowd" role="status" hidden />
  const percent = crowdPercent(people, most)
  return (
    <p class={`crowd ${level.value}`} role="status" data-testid="crowd" data-level={level.value}>
      <Icon name="stop" />
      <span>{level.value === 'red' ? say.red(people, most, percent) : say.amber(people, most, percent)}</span>
    </p>
  )
}

export function CountScreen() {
  const say = words.value
  const { gate } = pairing.value!
  const { crowd, link, clockOffsetMs } = sync.value
  const ways: Direction[] = [
    ...(gate.counts_in ? (['in'] as const) : []),
    ...(gate.counts_out ? (['out'] as const) : []),
  ]
  const people = inside.value
  return (
    <div class="gate">
      <Strip />
      <main>
        <Crowd />
        <div class="gate-name">
          <h1>{gate.name}</h1>
          <p role="status" data-testid="said">
            {said.value}
          </p>
        </div>
        <dl class="gate-figures">
          <div>
            <dt>{say.inside}</dt>
            <dd data-testid="inside" data-people={people ?? ''}>
              {people === null ? say.insideUnknown : say.people(people)}
              {people !== null && link !== 'up' && crowd !== null && (
                <small> {say.asOf(localClock(crowd.at_ms + clockOffsetMs))}</small>
              )}
            </dd>
          </div>
          <div>
            <dt>{say.thisPhone}</dt>
            <dd>
              {gate.counts_in && (
                <span data-testid="in-today" data-people={sums.value.in}>
                  {say.inToday(sums.value.in)}
                </span>
              )}
              {ways.length === 2 && ' · '}
              {gate.counts_out && (
                <span data-testid="out-today" data-people={sums.value.out}>
                  {say.outToday(sums.value.out)}
                </span>
              )}
            </dd>
          </div>
        </dl>
        <div class={`big ways-${ways.length}`}>
          {ways.map((way) => (
            <TapButton
              key={way}
              wanted={{ kind: 'tap', direction: way, people: 1 }}
              testid={`tap-${way}`}
              kind={`way ${way}`}
            >
              <span class="sign" aria-hidden="true">
                {way === 'in' ? '+1' : '−1'}
              </span>
              <span>{way === 'in' ? say.into : say.out}</span>
            </TapButton>
          ))}
        </div>
        <div class={`groups ways-${ways.length}`}>
          {ways.map((way) => (
            <TapButton
              key={way}
              wanted={{ kind: 'group', direction: way, people: GROUP_PEOPLE }}
              testid={`group-${way}`}
              kind="outlined"
            >
              {way === 'in' ? say.groupIn(GROUP_PEOPLE) : say.groupOut(GROUP_PEOPLE)}
            </TapButton>
          ))}
        </div>
        <TapButton wanted={{ kind: 'undo' }} testid="undo" kind="outlined undo-tap">
          <Icon name="give_back" />
          <span>{say.undo}</span>
        </TapButton>
      </main>
    </div>
  )
}

function useOutcome(act: () => Promise<Outcome>) {
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Outcome>(null)
  const go = async (): Promise<void> => {
    if (busy) return
    setBusy(true)
    setRefused(null)
    setRefused(await act().catch(() => words.value.ledgerBroken))
    setBusy(false)
  }
  return { busy, refused, go }
}

const Refused = ({ text }: { text: Outcome }) =>
  text === null ? null : (
    <p class="refusal" role="alert" data-testid="refusal">
      {text}
    </p>
  )

export function PairScreen() {
  const say = words.value
  const [code, setCode] = useState(new URLSearchParams(location.search).get('code') ?? '')
  const [name, setName] = useState('')
  const { busy, refused, go } = useOutcome(() => pairPhone(code, name))
  const kept = unsentAll.value
  return (
    <main class="form-screen">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void go()
        }}
      >
        <h1>{say.title}</h1>
        <p>{say.pairIntro}</p>
        {kept > 0 && <p>{say.keptFromBefore(kept)}</p>}
        <label class="field" for="gate-code">
          <span>{say.pairCode}</span>
          <input
            id="gate-code"
            data-testid="gate-code"
            class="code"
            value={code}
            required
            autocapitalize="characters"
            autocomplete="off"
            spellcheck={false}
            onInput={(e) => setCode(e.currentTarget.value)}
          />
        </label>
        <label class="field" for="gate-name">
          <span>{say.phoneName}</span>
          <input
            id="gate-name"
            data-testid="gate-name"
            value={name}
            maxLength={100}
            autocomplete="off"
            onInput={(e) => setName(e.currentTarget.value)}
          />
        </label>
        <Refused text={refused} />
        <button type="submit" class="primary money" data-testid="gate-pair" disabled={busy}>
          {busy ? say.working : say.pair}
        </button>
        <button type="button" class="quiet" onClick={changeLanguage}>
          {say.language}
        </button>
      </form>
    </main>
  )
}

function StoppedScreen() {
  const say = words.value
  const { busy, refused, go } = useOutcome(saveTaps)
  const unknown = sync.value.stopped === 'gate_device_unknown'
  return (
    <main class="message stop" data-testid="stopped">
      <h1>{unknown ? say.refusals['gate_device_unknown'] : say.stopped}</h1>
      <p>{unknown ? say.stoppedKept : say.stoppedSafe(unsentAll.value)}</p>
      {unknown && (
        <>
          <button type="button" class="outlined" data-testid="save-taps" disabled={busy} onClick={() => void go()}>
            {say.saveTaps}
          </button>
          <p role="status">{savedToFile.value !== null && say.savedToFile(savedToFile.value)}</p>
          <Refused text={refused} />
        </>
      )}
      <button type="button" class="outlined" data-testid="pair-again" onClick={() => void forgetPairing()}>
        {say.pairAgain}
      </button>
    </main>
  )
}

function MoreScreen() {
  const say = words.value
  const [asked, setAsked] = useState(false)
  const { busy, refused, go } = useOutcome(unpairPhone)
  useEffect(() => document.querySelector<HTMLElement>('h1')?.focus(), [])
  return (
    <div class="gate">
      <Strip />
      <main class="gate-more">
        <h1 tabIndex={-1}>{say.more}</h1>
        {Math.abs(sync.value.clockOffsetMs) > CLOCK_WRONG_MS && <p class="note">{say.clockWrong}</p>}
        <button type="button" class="primary" data-testid="back" onClick={() => (screen.value = 'count')}>
          {say.back}
        </button>
        <button type="button" class="outlined" data-testid="language" onClick={changeLanguage}>
          {say.language}
        </button>
        {updateReady.value !== null && (
          <button type="button" class="outlined" data-testid="update" onClick={takeUpdate}>
            {say.update}
          </button>
        )}
        <p data-testid="starts-offline" data-value={String(startsOffline.value)}>
          {say.startsOffline}: {startsOffline.value === true ? say.yes : say.no}.{' '}
          {startsOffline.value === false && say.noOfflineStart}
        </p>
        <p>{say.version(APP_VERSION)}</p>
        <Refused text={refused} />
        {asked ? (
          <>
            <p>{say.unpairAsk}</p>
            <button type="button" class="brick" data-testid="unpair-yes" disabled={busy} onClick={() => void go()}>
              {say.unpairYes}
            </button>
          </>
        ) : (
          <button type="button" class="outlined" data-testid="unpair" onClick={() => setAsked(true)}>
            {say.unpair}
          </button>
        )}
      </main>
    </div>
  )
}
