// One pairing ends, another begins: the loop of the old one writes nothing more, and what it left behind still goes out.
import { describe, expect, test } from 'vitest'
import type { FormerDevices } from '../src/sync/ports'
import { NOW, priceList } from './builders'
import { FakeClock, FakeLedger, FakeServer, type Weather, world } from './world'

describe('after stop()', () => {
  /** A server whose answers wait until they are let go. */
  function held(weather: Weather) {
    const all = world({ list: priceList(1) })
    const waiting: (() => void)[] = []
    const hold =
      <A extends unknown[], R>(ask: (...given: A) => Promise<R>) =>
      async (...given: A): Promise<R> => {
        const answer = await ask(...given)
        await new Promise<void>((go) => waiting.push(go))
        return answer
      }
    return {
      ...all,
      async begin() {
        await all.clock.pass(100)
        all.server.weather = weather
        all.server.ping = hold(all.server.ping.bind(all.server))
        all.server.upload = hold(all.server.upload.bind(all.server))
        all.server.priceList = hold(all.server.priceList.bind(all.server))
      },
      async letGo() {
        for (const go of waiting.splice(0)) go()
        await all.clock.pass(60_000)
      },
    }
  }

  test('a late ping of a restored server feeds nothing into the outbox of another pairing', async () => {
    const { begin, letGo, clock, ledger, server, loop, sell, seen } = held('fine')
    await clock.pass(100)
    sell(3)
    await begin()
    server.stored.clear()
    server.seqs.clear()
    await clock.pass(7_000)
    loop.stop()
    const before = seen.length
    await letGo()
    expect(ledger.waitingIds.size).toBe(0)
    expect(seen.length).toBe(before)
  })

  test('a late 401 stops nobody', async () => {
    const { begin, letGo, clock, loop, sell, seen } = held('unknown_device')
    await begin()
    sell(1)
    await clock.pass(1_000)
    loop.stop()
    await letGo()
    expect(seen.every((one) => one.stopped === null)).toBe(true)
  })

  test('a late price list is not kept', async () => {
    const { begin, letGo, clock, server, loop, list } = held('fine')
    await begin()
    server.listVersion = 2
    await clock.pass(7_000)
    const pinged = letGo() // the ping is answered and asks for the list
    await pinged
    loop.stop()
    await letGo()
    expect(list()?.version).toBe(1)
  })

  test('what an upload under way was answered for has left the outbox all the same', async () => {
    const { begin, letGo, clock, ledger, loop, sell } = held('fine')
    await begin()
    sell(2)
    await clock.pass(1_000)
    loop.stop()
    await letGo()
    expect(ledger.waitingIds.size).toBe(0)
  })
})

describe('what an earlier pairing left behind', () => {
  function withFormer(weather: Weather = 'fine') {
    const former = new FakeLedger()
    const door = new FakeServer(new FakeClock())
    door.weather = weather
    former.sell(NOW)
    former.sell(NOW)
    const devices: FormerDevices = {
      waiting: former.waiting,
      withParcels: async () => (former.waitingIds.size === 0 ? [] : [{ deviceId: 'x', server: door, ledger: former }]),
    }
    return { ...world({ former: devices }), former, door }
  }

  test('goes out through its own door, and counts as waiting until then', async () => {
    const { clock, former, door, server, seen, state } = withFormer()
    await clock.pass(100)
    expect(seen[0]!.waiting.count).toBe(2)
    expect([former.waitingIds.size, door.stored.size, server.stored.size]).toEqual([0, 2, 0])
    expect(state().waiting.count).toBe(0)
  })

  test('holds nothing of ours up and is not hammered when the server does not know it', async () => {
    const { clock, ledger, former, door, sell, state } = withFormer('unknown_device')
    await clock.pass(100)
    sell(3)
    await clock.pass(3_600_000)
    expect(ledger.waitingIds.size).toBe(0)
    expect(former.waitingIds.size).toBe(2)
    expect(door.uploads.length).toBeLessThanOrEqual(13)
    expect(state()).toMatchObject({ stopped: null, link: 'up', waiting: { count: 2 } })
    door.weather = 'fine'
    await clock.pass(360_000)
    expect(former.waitingIds.size).toBe(0)
  })
})
