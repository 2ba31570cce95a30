// PINs: whose they are, and how often one may be wrong.
import { describe, expect, test } from 'vitest'
import { lockedForMs, LOCK_MS, oneMoreTry, pinFits, pinHash, TRIES, UNLOCKED } from '../src/rules/pin'
import type { SellerOnTill } from '../src/wire.gen'
import { NOW, uuid } from './builders'

describe('PIN', () => {
  const salt = '00112233445566778899aabbccddeeff'
  test('is what Python makes of it', async () =>
    // hashlib.pbkdf2_hmac("sha256", b"1234", bytes.fromhex(salt), 100_000, 32).hex()
    expect(await pinHash('1234', salt)).toBe('d7eb973c765dbd5bc56c68688684a18d9d1dfb52c4fbb44d128851477cf7246b'))
  test('fits its person only, and nobody without one', async () => {
    const seller: SellerOnTill = {
      id: uuid(),
      name: 'Mai',
      pin_salt: salt,
      pin_hash: await pinHash('4711', salt),
      discount_limit_percent: 0,
      may_change_price: false,
      may_sign_second: false,
    }
    expect(await pinFits('4711', seller)).toBe(true)
    expect(await pinFits('4712', seller)).toBe(false)
    expect(await pinFits('', { ...seller, pin_hash: '' })).toBe(false)
  })
  test('a thousand wrong ones: five at a time, a minute between, whatever the clock does', () => {
    let lock = UNLOCKED
    let nowMs = NOW
    let tried = 0
    while (tried < 1_000) {
      const wait = lockedForMs(lock, nowMs)
      expect(wait).toBeLessThanOrEqual(LOCK_MS)
      expect(wait > 0).toBe(tried > 0 && tried % TRIES === 0)
      nowMs += wait
      lock = oneMoreTry(lock, nowMs)
      tried++
    }
    expect(nowMs - NOW).toBe((1_000 / TRIES - 1) * LOCK_MS)
    expect(lockedForMs({ wrong: 5, until_ms: NOW + 10 * LOCK_MS }, NOW)).toBe(LOCK_MS)
  })
})
