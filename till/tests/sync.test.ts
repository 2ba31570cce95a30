import { describe, expect, test } from 'vitest'
import { shownLink } from '../src/sync/pauses'
import { fitting, MAX_UPLOAD_BYTES } from '../src/sync/send'
import { priceList } from './builders'
import { type Weather, world } from './world'

describe('sending', () => {
  test('a sale goes out at once and leaves the outbox when answered', async () => {
    const { clock, ledger, server, sell, state } = world()
    await clock.pass(100)
    sell(3)
    await clock.pass(100)
    expect(server.stored.size).toBe(3)
    expect(ledger.waitingIds.size).toBe(0)
    expect(state()).toMatchObject({ link: 'up', waiting: { count: 0 }, allSentAtMs: clock.now() - 100 })
  })

  test('120 sales go in uploads of at most fifty', async () => {
    const { clock, server, sell } = world()
    await clock.pass(100)
    sell(120)
    await clock.pass(100)
    expect(server.uploads).toEqual([50, 50, 20])
  })

  test('an upload stays below 256 kB, one parcel alone may pass it', () => {
    const parcel = (bytes: number) => ({ id: 'x', seq: 1, prev_hash: '', hash: '', text: '"'.repeat(bytes / 2) })
    const some = Array.from({ length: 50 }, () => parcel(20_000))
    const fit = fitting(some, 50)
    expect(fit.length).toBeGreaterThan(5)
    expect(JSON.stringify(fit).length).toBeLessThan(MAX_UPLOAD_BYTES)
    expect(fitting([parcel(400_000), parcel(10)], 50)).toHaveLength(1)
  })

  test('a lost answer: sent again, stored once', async () => {
    const { clock, ledger, server, sell } = world()
    await clock.pass(100)
    server.weather = 'answer_lost'
    sell(5)
    await clock.pass(10_000)
    expect(server.stored.size).toBe(5)
    expect(ledger.waitingIds.size).toBe(5)
    server.weather = 'fine'
    await clock.pass(10_000)
    expect(ledger.waitingIds.size).toBe(0)
    expect([...ledger.answers.values()]).toEqual(Array(5).fill('already_have'))
  })

  test('413 halves until it fits', async () => {
    const { clock, ledger, server, sell } = world()
    await clock.pass(100)
    server.largest = 12
    sell(50)
    await clock.pass(60_000)
    expect(server.uploads.slice(0, 4)).toEqual([50, 25, 12, 24])
    expect(ledger.waitingIds.size).toBe(0)
  })

  test('one parcel that no server takes does not hold its neighbours', async () => {
    const { clock, ledger, server, sell } = world()
    await clock.pass(100)
    server.poison.add('sale-3')
    sell(20)
    await clock.pass(600_000)
    expect([...ledger.waitingIds]).toEqual(['sale-3'])
    server.poison.clear()
    await clock.pass(600_000)
    expect(ledger.waitingIds.size).toBe(0)
  })

  test.each<Weather>([
    'refused_connection',
    'black_hole',
    'html',
    'server_fault',
    'busy_429',
    'unknown_device',
    'gate_401',
  ])('%s keeps everything', async (weather) => {
    const { clock, ledger, server, sell } = world()
    await clock.pass(100)
    server.weather = weather
    sell(4)
    await clock.pass(300_000)
    expect(ledger.waitingIds.size).toBe(4)
    expect(ledger.answers.size).toBe(0)
    server.weather = 'fine'
    await clock.pass(70_000)
    expect(ledger.waitingIds.size).toBe(0)
  })

  test('answers for strangers, and words that we do not know, remove nothing', async () => {
    const { clock, ledger, server, sell } = world()
    await clock.pass(100)
    const real = server.upload.bind(server)
    server.upload = async (body) => {
      const answer = await real(body)
      if (answer.kind !== 'answered') return answer
      const answers = [
        { id: 'somebody-else', answer: 'stored' as const, reason: null },
        { id: body.parcels[0]!.id, answer: 'rejected' as 'stored', reason: null },
      ]
      return { ...answer, body: { ...answer.body, answers } }
    }
    sell(2)
    await clock.pass(5_000)
    expect(ledger.waitingIds.size).toBe(2)
    expect(server.uploads.length).toBeLessThan(10) // no spinning
  })

  test('a server restored from yesterday gets the forgotten sales again, once', async () => {
    const { clock, ledger, server, sell } = world()
    await clock.pass(100)
    sell(10)
    await clock.pass(1_000)
    for (let seq = 6; seq <= 10; seq++) {
      server.stored.delete(`sale-${seq}`)
      server.seqs.delete(seq)
    }
    await clock.pass(20_000)
    expect(server.stored.size).toBe(10)
    expect(ledger.waitingIds.size).toBe(0)
  })

  test('a server that never counts a parcel is not fed for ever', async () => {
    const { clock, server, sell } = world()
    await clock.pass(100)
    sell(3)
    await clock.pass(100)
    server.seqs.delete(2)
    const add = server.seqs.add.bind(server.seqs)
    server.seqs.add = (seq) => (seq === 2 ? server.seqs : add(seq))
    await clock.pass(120_000)
    expect(server.uploads.length).toBeLessThan(5)
  })
})

describe('a tablet that was let go', () => {
  test('revoked: what it holds is still handed in, and it knows', async () => {
    const { clock, ledger, server, sell, state } = world()
    await clock.pass(100)
    server.weather = 'revoked'
    sell(60)
    await clock.pass(30_000)
    expect(ledger.waitingIds.size).toBe(0)
    expect(state().stopped).toBe('device_revoked')
  })

  test('revoked while idle is found by the next ping', async () => {
    const { clock, server, state } = world()
    await clock.pass(100)
    server.weather = 'revoked'
    await clock.pass(8_000)
    expect(state().stopped).toBe('device_revoked')
  })

  test('known again: it sells again', async () => {
    const { clock, server, state } = world({ stopped: 'device_unknown' })
    server.weather = 'fine'
    await clock.pass(1_000)
    expect(state().stopped).toBeNull()
  })

  test('a stopped tablet does not storm the server', async () => {
    const { clock, server, sell } = world()
    await clock.pass(100)
    server.weather = 'unknown_device'
    sell(3)
    await clock.pass(600_000)
    expect(server.uploads.length + server.pings).toBeLessThan(30)
  })
})

describe('a 401 that is not ours', () => {
  test('stops nothing and is tried again', async () => {
    const { clock, ledger, server, sell, seen, state } = world()
    await clock.pass(100)
    server.weather = 'gate_401'
    sell(2)
    await clock.pass(60_000)
    expect(state()).toMatchObject({ stopped: null, link: 'fault' })
    server.weather = 'fine'
    await clock.pass(70_000)
    expect(ledger.waitingIds.size).toBe(0)
    expect(seen.every((one) => one.stopped === null)).toBe(true)
  })
})

describe('what the seller sees', () => {
  test('loss within 15 s, recovery within 5 s, for a dead line and a silent one', async () => {
    for (const weather of ['refused_connection', 'black_hole', 'html'] as const) {
      const { clock, server, state, seen } = world()
      await clock.pass(60_000)
      server.weather = weather
      // A black hole answers after its timeout; here at once, so the eight seconds are taken off the time allowed.
      await clock.pass(weather === 'black_hole' ? 7_000 : 15_000)
      expect(state().link).toBe('down')
      await clock.pass(300_000)
      server.weather = 'fine'
      await clock.pass(5_000)
      expect(state().link).toBe('up')
      expect(seen.filter((one, at) => one.link !== seen[at - 1]?.link).map((one) => one.link)).toEqual([
        'unknown',
        'up',
        'down',
        'up',
      ])
    }
  })

  test('one dropped ping is no loss', async () => {
    const { clock, server, seen } = world()
    await clock.pass(60_000)
    const real = server.ping.bind(server)
    let dropped = false
    server.ping = async (body) => {
      if (dropped) return real(body)
      dropped = true
      return { kind: 'offline', timedOut: false }
    }
    await clock.pass(60_000)
    expect(dropped).toBe(true)
    expect(seen.some((one) => one.link === 'down')).toBe(false)
  })

  test('however the network shakes, "down" comes at most once in ten seconds', async () => {
    const { clock, server, seen } = world()
    await clock.pass(20_000)
    const downs: number[] = []
    for (let at = 0; at < 300; at++) {
      server.weather = at % 2 === 0 ? 'black_hole' : 'fine'
      const before = seen.length
      await clock.pass(700)
      if (seen.slice(before).some((one, i) => one.link === 'down' && seen[before + i - 1]?.link !== 'down'))
        downs.push(clock.now())
    }
    downs.forEach((at, i) => i > 0 && expect(at - downs[i - 1]!).toBeGreaterThanOrEqual(10_000))
  })

  test('a clock set back does not freeze the strip', () => {
    expect(shownLink('up', 1_000_000, 'down', 0)).toBe('down')
  })

  test('clock offset is the middle of asking and answering', async () => {
    const { clock, server, state } = world()
    server.clockAheadMs = 172_800_000
    await clock.pass(1_000)
    expect(state().clockOffsetMs).toBe(172_800_000)
  })

  test('a new price list is fetched when an answer names it, and only then', async () => {
    const { clock, server, list } = world()
    await clock.pass(60_000)
    expect(list()?.version).toBe(1)
    expect(server.lists).toBe(1)
    server.listVersion = 2
    await clock.pass(10_000)
    expect(list()?.version).toBe(2)
    await clock.pass(60_000)
    expect(server.lists).toBe(2)
  })

  test('the list is asked for once at every start, though version and day are the same', async () => {
    const { clock, server } = world({ list: priceList(1) })
    await clock.pass(120_000)
    expect(server.lists).toBe(1)
  })

  test('a new fair day brings the list again, once, though no price has changed', async () => {
    const { clock, server } = world()
    await clock.pass(60_000)
    expect(server.lists).toBe(1)
    await clock.pass(86_400_000)
    expect(server.lists).toBe(2)
  })

  test('a server in trouble is asked less and less, at most once a minute', async () => {
    const { clock, server } = world()
    await clock.pass(1_000)
    server.weather = 'server_fault'
    await clock.pass(120_000)
    const before = server.pings
    await clock.pass(600_000)
    expect(server.pings - before).toBeLessThanOrEqual(11)
  })
})
