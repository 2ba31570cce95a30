// Each command names the hash of the one before it, so a dropped, reordered or edited sale shows.

export const FIRST_PREV_HASH = '0'.repeat(64)

const VERSION_BYTE = 0x01

/** hex of SHA-256( 0x01 ‖ 32 bytes of prevHash ‖ UTF-8 of text ) */
export async function chainHash(prevHash: string, text: string): Promise<string> {
  const body = new TextEncoder().encode(text)
  const bytes = new Uint8Array(33 + body.length)
  bytes[0] = VERSION_BYTE
  for (let at = 0; at < 32; at++) bytes[1 + at] = Number.parseInt(prevHash.slice(2 * at, 2 * at + 2), 16)
  bytes.set(body, 33)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
