// Start: become the one writer, open the ledger, mend it, then draw.
import { render } from 'preact'
import { mend } from './ledger/outbox'
import { currentPriceList } from './ledger/price_list'
import { openLedger, readFact } from './ledger/schema'
import { swallowGhostTaps } from './parts/ghost_tap'
import { EMPTY_CART } from './rules/cart'
import { App, fetchCountScreens } from './screens/app'
import { adoptNewPrices, restoreCart } from './state/cart'
import {
  DEFAULT_SETTINGS,
  pairing,
  person,
  priceList,
  settings,
  stage,
  storagePersisted,
  useLedger,
} from './state/device'
import { stayAwake } from './state/awake'
import { keepReaderAtHand } from './state/camera'
import { watchClock } from './state/clock_jump'
import { restoreCount } from './state/count_draft'
import { codeToCount } from './state/counting'
import { watchLots } from './state/lots'
import { readParked } from './state/parked'
import { restoreDrawer } from './state/drawer'
import { receiptScanned } from './state/giving_back'
import { keepPhotosAtHand } from './state/photos'
import { listenForScanners, takeCodes } from './state/scanning'
import { restorePinLock } from './state/pin'
import { restorePrinting } from './state/printing'
import { catchBackKey } from './state/screen'
import { askToPersist } from './state/session'
import { listenForHints, recountSync, startSyncing, stopSyncing } from './state/syncing'
import { restoreAttempt, restoreTransfers } from './state/transfers'
import { watchForUpdates } from './state/updates'
import './till.css'

const LOCK = 'till-main'
// A page that reloads holds its lock a moment longer than itself; only then is it another tab.
const OTHER_TAB_AFTER_MS = 800

async function start(): Promise<void> {
  const db = await openLedger(undefined, () => {
    stopSyncing()
    stage.value = 'pushed_aside'
  })
  useLedger(db)
  settings.value = { ...DEFAULT_SETTINGS, ...(await readFact(db, 'settings')) }
  const device = (await readFact(db, 'pairing')) ?? null
  await Promise.all([restorePinLock(), restoreAttempt(), restoreTransfers(), restorePrinting()])
  if (device !== null) {
    await mend(db, device.device_id)
    person.value = (await readFact(db, 'person')) ?? null
    priceList.value = (await currentPriceList(db))?.document ?? null
    storagePersisted.value = (await readFact(db, 'storage_persisted')) ?? false
    restoreCart((await readFact(db, 'cart')) ?? EMPTY_CART, await readFact(db, 'cart_names'))
    await readParked()
    pairing.value = device
    await adoptNewPrices()
    await restoreCount()
  }
  watchLots()
  await restoreDrawer()
  listenForHints()
  watchClock()
  stayAwake()
  catchBackKey()
  listenForScanners()
  takeCodes(receiptScanned)
  takeCodes(codeToCount)
  await startSyncing()
  // Counted before anything is shown: «all sent» while a sale is still here is what the strip must never say.
  await recountSync()
  stage.value = 'ready'
  if (device !== null) void askToPersist()
  void watchForUpdates()
  keepPhotosAtHand()
  void keepReaderAtHand()
  void fetchCountScreens()
}

const root = document.getElementById('app')!
swallowGhostTaps(root)
render(<App />, root)

if (!isSecureContext || navigator.locks === undefined || crypto.subtle === undefined) {
  stage.value = 'no_secure_context'
} else {
  const late = setTimeout(() => (stage.value = 'other_tab'), OTHER_TAB_AFTER_MS)
  // Held until the tab closes. Two writers would give one receipt number to two sales.
  void navigator.locks.request(LOCK, async () => {
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
