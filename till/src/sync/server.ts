// HTTP at the edge of the tablet. Whatever is not clearly our server speaking is "offline".
import type { Answer, Desk, PairingServer, Server } from './ports'

const BASE = '/api/till/'
export const TIMEOUT_MS = 8_000

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Enough of a look to tell our answers from a stranger's JSON; the server's own tests hold the exact shapes.
const has = (body: unknown, ...keys: string[]): boolean => isRecord(body) && keys.every((key) => key in body)

type Look = (body: unknown) => boolean

export function pairingServer(fetcher: typeof fetch, now: () => number): PairingServer {
  return {
    pair: (body, timeoutMs) =>
      ask(fetcher, now, 'POST', 'pair', { body }, timeoutMs, (b) => has(b, 'device_token', 'server_time', 'letter')),
  }
}

export function serverFor(deviceToken: string, fetcher: typeof fetch, now: () => number): Server {
  const post = <T>(door: string, body: unknown, timeoutMs: number, look: Look) =>
    ask<T>(fetcher, now, 'POST', door, { body, deviceToken }, timeoutMs, look)
  return {
    upload: (body, timeoutMs) => post('commands', body, timeoutMs, (b) => has(b, 'answers', 'server_time')),
    ping: (body, timeoutMs) => post('ping', body, timeoutMs, (b) => has(b, 'server_time', 'high_water')),
    signIn: (body, timeoutMs) => post('sign-in', body, timeoutMs, (b) => has(b, 'person', 'server_time')),
    unpair: (body, timeoutMs) => post('unpair', body, timeoutMs, isRecord),
    priceList: (etag, timeoutMs) =>
      ask(fetcher, now, 'GET', 'price-list', { deviceToken, etag }, timeoutMs, (b) => has(b, 'products', 'version')),
  }
}

/** What is asked beside the syncing: states of transfers, receipts of other tablets, printing. */
export function deskFor(deviceToken: string, fetcher: typeof fetch, now: () => number): Desk {
  return {
    transfers: (timeoutMs) =>
      ask(fetcher, now, 'GET', 'transfers', { deviceToken }, timeoutMs, (b) => has(b, 'transfers', 'server_time')),
    receipts: (by, timeoutMs) =>
      ask(fetcher, now, 'GET', `receipts?${new URLSearchParams(by)}`, { deviceToken }, timeoutMs, (b) =>
        has(b, 'receipts'),
      ),
    print: (body, timeoutMs) =>
      ask(fetcher, now, 'POST', 'print', { body, deviceToken }, timeoutMs, (b) => has(b, 'job_id')),
  }
}

interface Request {
  body?: unknown
  deviceToken?: string
  etag?: string | null
}

/** One question. `door` is one of the till's, or a whole path. */
export async function ask<T>(
  fetcher: typeof fetch,
  now: () => number,
  method: 'GET' | 'POST',
  door: string,
  { body, deviceToken, etag }: Request,
  timeoutMs: number,
  look: Look,
): Promise<Answer<T>> {
  const headers: Record<string, string> = { 'X-Fair-Pos': 'till', Accept: 'application/json' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (deviceToken !== undefined) headers['Authorization'] = `Bearer ${deviceToken}`
  if (etag != null) headers['If-None-Match'] = etag
  const giveUp = new AbortController()
  // The timer covers the reading of the body too: a line that stalls in the middle is as dead as one that never opens.
  const timer = setTimeout(() => giveUp.abort(), timeoutMs)
  try {
    const askedAtMs = now()
    const response = await fetcher(door.startsWith('/') ? door : BASE + door, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: giveUp.signal,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error', // a captive portal's favourite answer
    })
    const answeredAtMs = now()
    const json = await readJson(response)
    if (response.status === 304) return { kind: 'not_modified' }
    if (response.ok) {
      if (!look(json)) return { kind: 'offline', timedOut: false } // a login page of the market's Wi-Fi says 200 too
      return { kind: 'answered', body: json as T, etag: response.headers.get('ETag'), askedAtMs, answeredAtMs }
    }
    return refusal(response.status, json)
  } catch {
    return { kind: 'offline', timedOut: giveUp.signal.aborted }
  } finally {
    clearTimeout(timer)
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!(response.headers.get('Content-Type') ?? '').includes('json')) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function refusal<T>(status: number, json: unknown): Answer<T> {
  // 413 and 429 may come from a proxy in front, with a page of its own; they mean what they say.
  if (status === 413 || status === 429) return { kind: 'refused', status, code: `http_${status}`, facts: {} }
  if (status >= 500) return { kind: 'server_fault', status }
  if (isRecord(json) && typeof json['code'] === 'string')
    return { kind: 'refused', status, code: json['code'], facts: (json['facts'] ?? {}) as Record<string, string> }
  // 401 or 403 in HTML is somebody else's gate. It must never stop a till.
  return { kind: 'offline', timedOut: false }
}
