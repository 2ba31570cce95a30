// Nothing tapped is lost or counted twice, whatever the network does; the warning comes within five seconds.
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  countUnsent,
  type GateDb,
  keepGatePairing,
  openGateLedger,
  recordTaps,
  readGateFact,
  type Wanted,
} from '../src/gate/ledger'
import { gateServer, type GateLoop, type GateSync, startGateLoop } from '../src/gate/sync'
import { FakeGateClock, FakeGateServer, paired, type Weather } from './gate_world'

let db: GateDb
let opened = 0
let clock: FakeGateClock
let server: FakeGateServer
let loop: GateLoop
let state: GateSync
let gates = 0

async function start(device = 'd1'): Promise<void> {
  await keepGatePairing(db, paired(device), 0)
  loop = startGateLoop({
    db,
    deviceId: device,
    server,
    clock,
    random: () => 1,
    appVersion: 'test',
    initial: { link: 'unknown', clockOffsetMs: 0, crowd: null, allSentAtMs: null, stopped: null },
    onChange: (next) => (state = next),
    onSettled: () => {},
    onGate: () => gates++,
  })
}

beforeEach(async () => {
  db = await openGateLedger(`sync-${++opened}`)
  clock = new FakeGateClock()
  server = new FakeGateServer(clock.now)
  await start()
})
afterEach(() => {
  loop.stop()
  db.close()
})

const tap: Wanted = { kind: 'tap', direction: 'in', people: 1 }
async function taps(count: number, device = 'd1'): Promise<void> {
  const { device_id, device_token, gate } = paired(device)
  await recordTaps(
    db,
    { device_id, device_token, gate },
    Array.from({ length: count }, () => ({ ...tap, nowMs: clock.ms, clockOffsetMs: 0 })),
  )
  loop.nudge()
}
const total = (): number => [...server.stored.values()].reduce((sum, one) => sum + one, 0)

test('taps are sent within a second and a ping follows when nothing waits', async () => {
  await taps(3)
  await clock.pass(1_000)
  expect([total(), await countUnsent(db, 'd1'), state.link]).toEqual([3, 0, 'up'])
  await clock.pass(10_000)
  expect(server.pings).toBeGreaterThanOrEqual(3)
  expect(gates).toBeGreaterThanOrEqual(3)
})

test('what another gate taps is on this screen within five seconds', async () => {
  server.limit = 100
  await clock.pass(500)
  server.others = 96
  const before = clock.ms
  while (state.crowd?.crowd.people !== 96) await clock.pass(250)
  expect(clock.ms - before).toBeLessThanOrEqual(5_000)
})

test('ten thousand waiting taps go out in twenty uploads', async () => {
  server.weather = 'offline'
  for (let done = 0; done < 10; done++) await taps(1_000)
  await clock.pass(8_000)
  expect([state.link, await countUnsent(db, 'd1')]).toEqual(['down', 10_000])
  server.weather = 'fine'
  for (let round = 0; round < 60 && (await countUnsent(db, 'd1')) > 0; round++) await clock.pass(2_000)
  expect([total(), server.uploads.length]).toEqual([10_000, 20])
}, 60_000)

describe.each<Weather>(['offline', 'timeout', 'answer_lost', 'fault'])('%s', (weather) => {
  test('keeps everything, and afterwards each tap is there once', async () => {
    server.weather = weather
    await taps(40)
    await clock.pass(20_000)
    expect(await countUnsent(db, 'd1')).toBe(40)
    expect(state.link).toBe(weather === 'fault' ? 'fault' : 'down')
    server.weather = 'fine'
    await clock.pass(90_000)
    expect([await countUnsent(db, 'd1'), total(), server.stored.size]).toEqual([0, 40, 40])
  })
})

test('a revoked phone is told so, and hands in what it holds', async () => {
  server.weather = 'revoked'
  await taps(2)
  await clock.pass(2_000)
  expect([state.stopped, total(), await readGateFact(db, 'stopped')]).toEqual([
    'gate_device_revoked',
    2,
    'gate_device_revoked',
  ])
  await clock.pass(10_000)
  expect(state.stopped).toBe('gate_device_revoked')
})

test('a phone that the server does not know keeps its taps', async () => {
  server.weather = 'unknown'
  await taps(2)
  await clock.pass(2_000)
  expect([state.stopped, await countUnsent(db, 'd1')]).toEqual(['gate_device_unknown', 2])
})

test('what was tapped at another gate goes out under its old secret', async () => {
  server.weather = 'offline'
  await taps(3)
  await clock.pass(1_000)
  loop.stop()
  server.weather = 'fine'
  await start('d2')
  await taps(1, 'd2')
  await clock.pass(10_000)
  expect([server.seqs.get('secret-d1')?.size, server.seqs.get('secret-d2')?.size]).toEqual([3, 1])
})

test('a server restored from a backup is fed again, once', async () => {
  await taps(5)
  await clock.pass(2_000)
  server.stored.clear()
  server.seqs.clear()
  await clock.pass(15_000)
  expect([total(), server.stored.size]).toEqual([5, 5])
  const sent = server.uploads.length
  await clock.pass(30_000)
  expect(server.uploads.length).toBe(sent)
})

test('requests carry the secret to the gate’s own doors', async () => {
  const asked: [string, string | undefined][] = []
  const fetcher = (async (path: string, init: RequestInit) => {
    asked.push([path, (init.headers as Record<string, string>)['Authorization']])
    return new Response('<html>Wi-Fi</html>', { headers: { 'Content-Type': 'text/html' } })
  }) as unknown as typeof fetch
  const real = gateServer(fetcher, () => 0)
  const answer = await real.ping('secret', { waiting: 0, sent_at: '2026-11-24T03:00:00Z', app_version: '1' }, 1_000)
  await real.pair({ code: 'A', name: '' }, 1_000)
  expect(answer.kind).toBe('offline') // the market's login page says 200 too
  expect(asked).toEqual([
    ['/api/gate/ping', 'Bearer secret'],
    ['/api/gate/pair', undefined],
  ])
})
