import { describe, expect, test } from 'vitest'
import { CAMERA_ECHO_MS, ECHO_MS, findCode, isEcho, NO_BURST, NO_SIGHT, typed } from '../src/rules/scan'
import { product, uuid } from './builders'

/** Feeds keys at a pace; what was read at the end. */
function feed(keys: string[], paceMs: number): string | null {
  let burst = NO_BURST
  let code: string | null = null
  keys.forEach((key, at) => ({ burst, code } = typed(burst, key, 1_000 + at * paceMs)))
  return code
}
const CODE = '8936012345678'

describe('a scanner that types', () => {
  test('a burst ended by Enter is a code', () => expect(feed([...CODE, 'Enter'], 5)).toBe(CODE))
  test('a hand is no scanner', () => expect(feed([...CODE, 'Enter'], 120)).toBeNull())
  test('a slow scanner over Bluetooth: a barcode of digits at up to 100 ms a key', () => {
    expect(feed([...CODE, 'Enter'], 80)).toBe(CODE)
    expect(feed([...CODE, 'Enter'], 100)).toBe(CODE)
  })
  test('at that pace nothing else is a code: no words, no sum, no mixture', () => {
    expect(feed([...'mat ong bac ha', 'Enter'], 80)).toBeNull()
    expect(feed([...'2000000', 'Enter'], 80)).toBeNull()
    expect(feed([...'ABC12345678x', 'Enter'], 80)).toBeNull()
  })
  test('letters typed before a slow scan are not part of it', () => {
    expect(feed([...'tra', ...CODE, 'Enter'], 90)).toBe(CODE)
  })
  test('three characters are no code, Enter alone is none', () => {
    expect(feed(['1', '2', '3', 'Enter'], 5)).toBeNull()
    expect(feed(['Enter'], 5)).toBeNull()
  })
  test('capital letters come with Shift', () =>
    expect(feed(['Shift', 'A', 'B', 'Shift', 'C', '1', 'Enter'], 5)).toBe('ABC1'))
  test('what was typed slowly before is not part of it', () => {
    let { burst } = typed(NO_BURST, 'm', 0)
    let code: string | null = null
    ;[...CODE, 'Enter'].forEach((key, at) => ({ burst, code } = typed(burst, key, 900 + at * 4)))
    expect(code).toBe(CODE)
  })
})

describe('echo', () => {
  test('the same code within 300 ms is one', () => {
    expect(isEcho({ code: CODE, atMs: 1_000 }, CODE, 1_000 + ECHO_MS, ECHO_MS)).toBe(true)
    expect(isEcho({ code: CODE, atMs: 1_000 }, CODE, 1_001 + ECHO_MS, ECHO_MS)).toBe(false)
    expect(isEcho({ code: CODE, atMs: 1_000 }, 'other', 1_010, ECHO_MS)).toBe(false)
    expect(isEcho(NO_SIGHT, CODE, 0, CAMERA_ECHO_MS)).toBe(false)
  })
})

describe('what a code means', () => {
  const box = { id: uuid(), name: 'Hộp 12', size: 12, price_dong: 1, barcodes: ['8930000000012'] }
  const one = product({ slug: 'mat-ong', barcodes: ['012345678905'], packs: [box] })
  const other = product({ slug: 'che-shan', barcodes: [CODE] })
  const all = [one, other]
  test('a barcode is its product, that of a pack the pack', () => {
    expect(findCode(CODE, all)).toEqual({ product: other, pack: null })
    expect(findCode('8930000000012', all)).toEqual({ product: one, pack: box })
  })
  test('UPC with and without its leading nought', () => {
    expect(findCode('0012345678905', all)?.product).toBe(one)
    expect(findCode('012345678905', all)?.product).toBe(one)
  })
  test('the QR of a shelf label', () => {
    expect(findCode('https://hoicho.example/p/che-shan', all)?.product).toBe(other)
    expect(findCode('https://hoicho.example/p/che-shan?x=1', all)?.product).toBe(other)
    expect(findCode('https://hoicho.example/p/khong-co', all)).toBeNull()
  })
  test('an unknown code is nothing, never a line at nought', () => expect(findCode('999', all)).toBeNull())
})
