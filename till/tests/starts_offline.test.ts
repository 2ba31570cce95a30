// Whether the tablet would open without a network, and that no decision rests on what the browser thinks of the network.
import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const root = new URL('../src/', import.meta.url)
const sources = readdirSync(root, { recursive: true, encoding: 'utf-8' }).filter((name) => /\.tsx?$/.test(name))

// Read from the sources: `onLine` stays true behind a dead access point, and a till that believes it calls sales lost.
test('nothing reads navigator.onLine', () => {
  expect(sources.length).toBeGreaterThan(30)
  const code = (name: string): string =>
    readFileSync(new URL(name, root), 'utf-8')
      .split('\n')
      .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
      .join('\n')
  expect(sources.filter((name) => /\bonLine\b/.test(code(name)))).toEqual([])
})

describe('opening without a network', () => {
  let state: typeof import('../src/state/updates')
  let registration: { active: object | null; waiting: null; installing: null; addEventListener: () => void }
  let page: object | undefined
  let register: ReturnType<typeof vi.fn>

  beforeEach(async () => {
    vi.useFakeTimers()
    vi.stubGlobal('document', { documentElement: { dataset: {} } })
    registration = { active: {}, waiting: null, installing: null, addEventListener: () => {} }
    page = {}
    register = vi.fn(async () => registration)
    vi.stubGlobal('navigator', {
      serviceWorker: { controller: null, register, getRegistration: async () => registration, addEventListener() {} },
    })
    vi.stubGlobal('caches', { match: async () => page })
    vi.resetModules()
    state = await import('../src/state/updates')
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
  const after = async (ms: number) => {
    await state.watchForUpdates()
    await vi.advanceTimersByTimeAsync(ms)
    return state.startsOffline.value
  }

  test('a worker and its page are there', async () => expect(await after(10)).toBe(true))

  test('nothing is said while the first install runs, then the truth', async () => {
    registration.active = null
    expect(await after(10_000)).toBe(null)
    await vi.advanceTimersByTimeAsync(6_000)
    expect(state.startsOffline.value).toBe(false)
  })

  test('a worker whose cache was cleared', async () => {
    page = undefined
    expect(await after(10)).toBe(false)
  })

  test('a browser that has no workers', async () => {
    vi.stubGlobal('navigator', {})
    expect(await after(0)).toBe(false)
  })

  test('a refused registration is said at once and tried again', async () => {
    registration.active = null
    register.mockRejectedValueOnce(new Error('404'))
    expect(await after(10)).toBe(false)
    registration.active = {}
    await vi.advanceTimersByTimeAsync(61_000)
    expect(register).toHaveBeenCalledTimes(2)
    expect(state.startsOffline.value).toBe(true)
  })

  test('a new worker that the browser does not let in is let in by the tap of the seller, not by itself', async () => {
    const posted = vi.fn()
    const reload = vi.fn()
    vi.stubGlobal('location', { reload })
    Object.assign(registration, { waiting: { postMessage: posted } })
    Object.assign(navigator.serviceWorker, { controller: {} })
    await after(60_000)
    expect(posted).toHaveBeenCalledTimes(1)
    expect(reload).not.toHaveBeenCalled()
    state.takeUpdate()
    await vi.advanceTimersByTimeAsync(4_000)
    expect(posted).toHaveBeenCalledTimes(2)
    expect(reload).toHaveBeenCalledTimes(1)
  })
})
