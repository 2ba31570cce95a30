// The only place that makes ids and tokens. crypto.randomUUID would do for ids, but makes version 4 only.

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

const randomBytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count))

/** UUID version 7: begins with the time, so that the server's index grows at its end. */
export function newId(nowMs: number): string {
  const bytes = randomBytes(16)
  let time = Math.max(0, Math.floor(nowMs))
  for (let at = 5; at >= 0; at--) {
    bytes[at] = time % 256
    time = Math.floor(time / 256)
  }
  bytes[6] = 0x70 | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const digits = hex(bytes)
  return [0, 8, 12, 16, 20].map((from, at, all) => digits.slice(from, all[at + 1] ?? 32)).join('-')
}

/** 22 characters for 128 random bits: whoever has the receipt can open its page, nobody can guess another. */
export function newReceiptToken(): string {
  return btoa(String.fromCharCode(...randomBytes(16)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** OCP and 35 random bits: what the buyer's bank carries back in the note, so that the money finds its sale. */
export function newTransferReference(): string {
  const letters = Array.from(randomBytes(7), (byte) => CROCKFORD[byte & 31])
  return `OCP${letters.join('')}`
}
