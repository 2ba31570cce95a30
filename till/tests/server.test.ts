import { describe, expect, test } from 'vitest'
import { pairingServer, serverFor } from '../src/sync/server'

const PONG = { server_time: '2026-11-24T03:00:00.000Z', price_list_version: 1, high_water: { seq: 0, count: 0 } }
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
const html = (status: number) =>
  new Response('<html>Wi-Fi chợ</html>', { status, headers: { 'Content-Type': 'text/html' } })
const PING = { waiting: 0, oldest_waiting_at: null, sent_at: '', app_version: '', storage_persisted: false }

const ping = (answer: () => Response | Promise<Response>) =>
  serverFor(
    'token',
    async () => answer(),
    () => 5,
  ).ping(PING, 1_000)

describe('the edge', () => {
  test('our answer', async () =>
    expect(await ping(() => json(200, PONG))).toMatchObject({ kind: 'answered', body: PONG }))
  test.each([
    ['a captive portal says 200 in HTML', () => html(200), { kind: 'offline' }],
    ['a stranger says 200 in JSON', () => json(200, { ok: true }), { kind: 'offline' }],
    ['a gate says 401 in HTML', () => html(401), { kind: 'offline' }],
    ['a gate says 403 in HTML', () => html(403), { kind: 'offline' }],
    [
      'our 401',
      () => json(401, { code: 'device_revoked', facts: {} }),
      { kind: 'refused', status: 401, code: 'device_revoked' },
    ],
    ['a proxy says 413', () => html(413), { kind: 'refused', status: 413 }],
    ['a proxy says 429', () => html(429), { kind: 'refused', status: 429 }],
    ['a proxy says 502', () => html(502), { kind: 'server_fault', status: 502 }],
    ['no line', () => Promise.reject(new TypeError('fetch failed')), { kind: 'offline', timedOut: false }],
  ])('%s', async (_name, answer, expected) => expect(await ping(answer)).toMatchObject(expected))

  test('silence is given up', async () => {
    const silent: typeof fetch = (_url, init) =>
      new Promise((_done, fail) =>
        init?.signal?.addEventListener('abort', () => fail(new DOMException('', 'AbortError'))),
      )
    expect(await serverFor('token', silent, () => 5).ping(PING, 20)).toEqual({ kind: 'offline', timedOut: true })
  })

  test('headers: the mark of the till, the token, and no token when pairing', async () => {
    const seen: Headers[] = []
    const listen: typeof fetch = async (_url, init) => {
      seen.push(new Headers(init?.headers))
      return json(200, {})
    }
    await serverFor('secret', listen, () => 5).ping(PING, 100)
    await pairingServer(listen, () => 5).pair({ code: '', login_name: '', password: '', tablet_name: '' }, 100)
    await serverFor('secret', listen, () => 5).priceList('"7"', 100)
    expect(seen[0]!.get('X-Fair-Pos')).toBe('till')
    expect(seen[0]!.get('Authorization')).toBe('Bearer secret')
    expect(seen[1]!.get('Authorization')).toBeNull()
    expect(seen[2]!.get('If-None-Match')).toBe('"7"')
  })
})
