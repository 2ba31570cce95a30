// What a scanner has read. A keyboard scanner types faster than any hand and ends with Enter; a camera sees one code in many frames.
// Over Bluetooth keys come slower, as fast as a quick hand: such a run counts only when it is a barcode's length of digits and no
// more, which nobody types on glass at that pace.
import type { PackOnTill, ProductOnTill } from '../wire.gen'

const FASTEST_HAND_MS = 50
const LEAST_CHARACTERS = 4
const SLOWEST_SCANNER_MS = 110
const LEAST_SLOW_DIGITS = 8 // EAN-8, the shortest barcode in shops
/** A scanner's echo, or two frames of one sight: the same code within this time is the same goods. */
export const ECHO_MS = 300
/** A camera loses a code for a frame or two while it is still held there. */
export const CAMERA_ECHO_MS = 1_200

export interface Burst {
  text: string
  atMs: number
  /** A gap in it was longer than a cabled scanner leaves. */
  slow: boolean
}
export const NO_BURST: Burst = { text: '', atMs: -Infinity, slow: false }

const onlyDigits = (text: string): boolean => /^\d+$/.test(text)

/** One key after another; `code` is what the scanner has read when the key was its Enter. */
export function typed(burst: Burst, key: string, atMs: number): { burst: Burst; code: string | null } {
  const gapMs = atMs - burst.atMs
  const slow = burst.slow || gapMs > FASTEST_HAND_MS
  if (key === 'Enter') {
    const read = slow
      ? gapMs <= SLOWEST_SCANNER_MS && burst.text.length >= LEAST_SLOW_DIGITS && onlyDigits(burst.text)
      : burst.text.length >= LEAST_CHARACTERS
    return { burst: NO_BURST, code: read ? burst.text : null }
  }
  if ([...key].length !== 1) return { burst: key === 'Shift' ? burst : NO_BURST, code: null }
  const goesOn = slow ? gapMs <= SLOWEST_SCANNER_MS && onlyDigits(burst.text + key) : true
  return { burst: goesOn ? { text: burst.text + key, atMs, slow } : { text: key, atMs, slow: false }, code: null }
}

export interface Sight {
  code: string
  atMs: number
}
export const NO_SIGHT: Sight = { code: '', atMs: -Infinity }

/** Each sight of the same code renews the wait, so that a code held still counts once however long. */
export function isEcho(last: Sight, code: string, atMs: number, withinMs: number): boolean {
  return last.code === code && atMs - last.atMs <= withinMs
}

export interface Found {
  product: ProductOnTill
  pack: PackOnTill | null
}

const SLUG = /\/p\/([^/?#]+)/

/** UPC-A is EAN-13 with its leading nought left out; readers differ. */
const spellings = (code: string): string[] =>
  /^0\d{12}$/.test(code) ? [code, code.slice(1)] : /^\d{12}$/.test(code) ? [code, `0${code}`] : [code]

export function findCode(code: string, products: readonly ProductOnTill[]): Found | null {
  const slug = SLUG.exec(code)?.[1]
  if (slug !== undefined) {
    const product = products.find((one) => one.slug === slug)
    return product === undefined ? null : { product, pack: null }
  }
  const wanted = spellings(code.trim())
  const has = (barcodes: readonly string[] | undefined): boolean =>
    barcodes?.some((one) => wanted.includes(one)) ?? false
  for (const product of products) {
    if (has(product.barcodes)) return { product, pack: null }
    const pack = product.packs?.find((one) => has(one.barcodes))
    if (pack !== undefined) return { product, pack }
  }
  return null
}
