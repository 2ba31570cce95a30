// Who stands at the till: a PIN is accountability, not secrecy. Checked on the tablet, so that it needs no network.
import type { SellerOnTill } from '../wire.gen'

export const TRIES = 5
export const LOCK_MS = 60_000
export const MAX_PIN = 12
const ROUNDS = 100_000

export interface PinLock {
  wrong: number
  until_ms: number
}
export const UNLOCKED: PinLock = { wrong: 0, until_ms: 0 }

/** Never longer than one lock: a clock set back must not shut the till for days. */
export const lockedForMs = (lock: PinLock, nowMs: number): number =>
  Math.min(LOCK_MS, Math.max(0, lock.until_ms - nowMs))

/** Counted before the PIN is looked at; a right one puts the count back to nought. */
export function oneMoreTry(lock: PinLock, nowMs: number): PinLock {
  const wrong = lock.wrong >= TRIES ? 1 : lock.wrong + 1
  return { wrong, until_ms: wrong >= TRIES ? nowMs + LOCK_MS : 0 }
}

export const triesLeft = (lock: PinLock): number => Math.max(0, TRIES - lock.wrong)

const bytes = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** hex of PBKDF2-SHA256(PIN, salt, 100,000 rounds, 32 bytes) */
export async function pinHash(pin: string, saltHex: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits'])
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(saltHex), iterations: ROUNDS }
  const derived = new Uint8Array(await crypto.subtle.deriveBits(how, key, 256))
  return Array.from(derived, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export const hasPin = (seller: SellerOnTill): boolean => seller.pin_hash !== ''

export async function pinFits(pin: string, seller: SellerOnTill): Promise<boolean> {
  if (!hasPin(seller) || pin === '') return false
  return (await pinHash(pin, seller.pin_salt)) === seller.pin_hash.toLowerCase()
}
