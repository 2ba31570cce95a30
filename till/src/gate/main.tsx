// Start: become the one counter of this phone, open the ledger, draw.
import { render } from 'preact'
import { openGateLedger, pruneEntries } from './ledger'
import { GateApp } from './screens'
import { keepAwake, listen, openState, stage } from './state'
import { keepProgram } from './updates'
import './gate.css'

// A page that reloads holds its lock a moment longer than itself; only then is it another tab.
const OTHER_TAB_AFTER_MS = 800

async function start(): Promise<void> {
  const db = await openGateLedger(undefined, () => (stage.value = 'pushed_aside'))
  await pruneEntries(db, Date.now())
  await openState(db)
  listen()
  stage.value = 'ready'
  void keepAwake()
  void keepProgram()
}

render(<GateApp />, document.getElementById('app')!)

if (!isSecureContext || navigator.locks === undefined) {
  stage.value = 'no_secure_context'
} else {
  const late = setTimeout(() => (stage.value = 'other_tab'), OTHER_TAB_AFTER_MS)
  // Held until the tab closes. Two writers would give one number to two taps.
  void navigator.locks.request('gate-main', async () => {
    clearTimeout(late)
    stage.value = 'opening'
    try {
      await start()
    } catch {
      stage.value = 'ledger_broken'
    }
    return new Promise<never>(() => {})
  })
}
