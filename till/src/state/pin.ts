// Checking a PIN: five wrong ones shut the pad for a minute, and a reload does not open it.
import { signal } from '@preact/signals'
import { keepFact, readFact } from '../ledger/schema'
import { lockedForMs, oneMoreTry, type PinLock, pinFits, triesLeft, UNLOCKED } from '../rules/pin'
import type { SellerOnTill } from '../wire.gen'
import { ledger, person } from './device'

export const pinLock = signal<PinLock>(UNLOCKED)

export async function restorePinLock(): Promise<void> {
  pinLock.value = (await readFact(ledger(), 'pin_lock')) ?? UNLOCKED
}

export type PinAnswer = { kind: 'right' } | { kind: 'wrong'; left: number } | { kind: 'locked'; forMs: number }

// One after the other: two checks at once would both count from the same number.
let last: Promise<unknown> = Promise.resolve()

export function checkPin(pin: string, seller: SellerOnTill): Promise<PinAnswer> {
  const call = last.then(() => checkNow(pin, seller))
  last = call.catch(() => {})
  return call
}

async function checkNow(pin: string, seller: SellerOnTill): Promise<PinAnswer> {
  const locked = lockedForMs(pinLock.value, Date.now())
  if (locked > 0) return { kind: 'locked', forMs: locked }
  const counted = oneMoreTry(pinLock.value, Date.now())
  await keepLock(counted)
  if (await pinFits(pin, seller)) {
    await keepLock(UNLOCKED)
    pinLock.value = UNLOCKED
    return { kind: 'right' }
  }
  pinLock.value = counted
  const forMs = lockedForMs(counted, Date.now())
  return forMs > 0 ? { kind: 'locked', forMs } : { kind: 'wrong', left: triesLeft(counted) }
}

// A disk that is full must not keep the right person out.
const keepLock = (lock: PinLock): Promise<void> => keepFact(ledger(), 'pin_lock', lock).catch(() => {})

/** Another seller takes over, without a network. */
export async function takeOver({ id, name }: SellerOnTill): Promise<void> {
  person.value = { id, name }
  await keepFact(ledger(), 'person', { id, name }).catch(() => {})
}
