// Pairing, signing in and out, unpairing: the few things that need the network.
import type { Paired, SignedIn } from '../wire.gen'
import { holdingUp } from '../ledger/former'
import { dropPairing, keepPairing } from '../ledger/pairing'
import { dropFact, keepFact } from '../ledger/schema'
import { letGo } from '../sync/loop'
import type { Answer } from '../sync/ports'
import { pairingServer, TIMEOUT_MS } from '../sync/server'
import { EMPTY_CART } from '../rules/cart'
import { cart } from './cart'
import { countDraft, restoreCount } from './count_draft'
import { ledger, pairing, person, priceList, storagePersisted, sync, words } from './device'
import { parked } from './parked'
import { drawerOpen } from './drawer'
import { shownSale } from './sale'
import { show } from './screen'
import { browserFetch, nudgeSync, ourServer, startSyncing, stopSyncing } from './syncing'

/** null when it went well, otherwise the sentence to show. */
export type Outcome = string | null

function sentence(answer: Exclude<Answer<unknown>, { kind: 'answered' }>): string {
  const say = words.value
  switch (answer.kind) {
    case 'offline':
      return say.offlineNow
    case 'refused':
      return answer.status === 429
        ? (say.refusals['too_many_attempts'] ?? say.serverBusy)
        : (say.refusals[answer.code] ?? say.refusedOther(answer.code))
    default:
      return say.serverBusy
  }
}

export async function askToPersist(): Promise<void> {
  try {
    const promised = (await navigator.storage.persisted()) || (await navigator.storage.persist())
    storagePersisted.value = promised
    await keepFact(ledger(), 'storage_persisted', promised)
  } catch {
    storagePersisted.value = false
  }
}

export async function pairTablet(code: string, login: string, password: string, tabletName: string): Promise<Outcome> {
  void askToPersist() // browsers that ask the person want it close to a tap
  const body = { code: code.trim().toUpperCase(), login_name: login.trim(), password, tablet_name: tabletName.trim() }
  const answer: Answer<Paired> = await pairingServer(browserFetch, () => Date.now()).pair(body, TIMEOUT_MS)
  if (answer.kind !== 'answered') return sentence(answer)
  const offset = Math.round(Date.parse(answer.body.server_time) - (answer.askedAtMs + answer.answeredAtMs) / 2)
  try {
    pairing.value = await keepPairing(ledger(), answer.body, offset)
  } catch {
    return words.value.ledgerBroken
  }
  person.value = answer.body.person
  priceList.value = null
  cart.value = EMPTY_CART
  parked.value = []
  await restoreCount()
  sync.value = { ...sync.value, stopped: null, allSentAtMs: null, clockOffsetMs: offset }
  history.replaceState(null, '', '/till/') // the code is used up
  show({ name: 'sell' })
  await startSyncing()
  return null
}

export async function signIn(login: string, password: string): Promise<Outcome> {
  const device = pairing.value
  if (device === null) return words.value.refusedOther('not_paired')
  const answer: Answer<SignedIn> = await ourServer(device.device_token).signIn(
    { login_name: login.trim(), password },
    TIMEOUT_MS,
  )
  if (answer.kind !== 'answered') {
    if (letGo(answer) !== null) nudgeSync()
    return sentence(answer)
  }
  await keepFact(ledger(), 'person', answer.body.person)
  person.value = answer.body.person
  show({ name: 'sell' })
  return null
}

/** Other tills lose unsent sales at this very button. Here it does not work while one waits. */
async function refusalWhileWaiting(): Promise<Outcome> {
  const device = pairing.value
  if (device === null) return null
  // Counted afresh: the number on the screen may be a moment old.
  const isUnknown = sync.value.stopped === 'device_unknown'
  const waiting = await holdingUp(ledger(), device, isUnknown)
  if (waiting === 0) return null
  return isUnknown ? words.value.saveFirst(waiting) : words.value.waitFirst(waiting)
}

export async function signOut(): Promise<Outcome> {
  const refusal = await refusalWhileWaiting()
  if (refusal !== null) return refusal
  await dropFact(ledger(), 'person')
  await dropFact(ledger(), 'cart')
  cart.value = EMPTY_CART
  shownSale.value = null
  person.value = null
  show({ name: 'sell' })
  return null
}

export async function unpair(): Promise<Outcome> {
  if (drawerOpen.value) return words.value.closeTillFirst // nobody could close it any more
  if (countDraft.value !== null) return words.value.finishCountFirst
  const refusal = await refusalWhileWaiting()
  if (refusal !== null) return refusal
  const device = pairing.value
  if (device === null) return null
  const answer = await ourServer(device.device_token).unpair({ waiting: 0 }, TIMEOUT_MS)
  // A device that the server has already let go needs nobody's leave.
  if (answer.kind !== 'answered' && letGo(answer) === null)
    return answer.kind === 'offline' ? words.value.unpairNeedsNet : sentence(answer)
  return forgetPairing()
}

/** After a revocation, once everything is sent or, to a server that does not know us, saved: back to the pairing screen. */
export async function forgetPairing(): Promise<Outcome> {
  const refusal = await refusalWhileWaiting()
  if (refusal !== null) return refusal
  stopSyncing()
  await dropPairing(ledger())
  cart.value = EMPTY_CART
  parked.value = []
  shownSale.value = null
  person.value = null
  priceList.value = null
  pairing.value = null
  sync.value = { ...sync.value, stopped: null, link: 'unknown', allSentAtMs: null }
  show({ name: 'sell' })
  return null
}
