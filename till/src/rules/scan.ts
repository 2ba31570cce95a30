// What a scanner has read. A keyboard scanner types faster than any hand and ends with Enter; a camera sees one code in many frames.
import type { PackOnTill, ProductOnTill } from '../wire.gen'

const FASTEST_HAND_MS = 50
const LEAST_CHARACTERS = 4
/** A scanner's echo, or two frames of one sight: the same code within this time is the same goods. */
export const ECHO_MS = 300
/** A camera loses a code for a frame or two while it is still held there. */
export const CAMERA_ECHO_MS = 1_200

export interface Burst {
  text: string
  atMs: number
}
export const NO_BURST: Burst = { text: '', atMs: -Infinity }

/** One key after another; `code` is what the scanner has read when the key was its Enter. */
export function typed(burst: Burst, key: string, atMs: number): { burst: Burst; code: string | null } {
  const quick = atMs - burst.atMs <= FASTEST_HAND_MS
  if (key === 'Enter')
    return { burst: NO_BURST, code: quick && burst.text.length >= LEAST_CHARACTERS ? burst.text : null }
  if ([...key].length !== 1) return { burst: key === 'Shift' ? burst : NO_BURST, code: null }
  return { burst: { text: (quick ? burst.text : '') + key, atMs }, code: null }
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
