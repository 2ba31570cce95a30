// The service worker's own file, run with a stand-in for the browser around it.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { foreignFiles } from '../src/rules/page_files'

const FILES = ['/static/till/assets/main-new.js', '/static/till/icon.svg']
const page = (script: string) =>
  `<link rel="icon" href="/static/till/icon.svg"><script type="module" src="/static/till/assets/${script}"></script>`

type Handler = (event: { waitUntil: (work: Promise<unknown>) => void }) => void
const handlers = new Map<string, Handler>()
const kept = new Set<string>()
let served = page('main-new.js')
let status = 200

beforeEach(async () => {
  kept.clear()
  handlers.clear()
  status = 200
  const cache = {
    addAll: async (all: { url: string }[]) => all.forEach(({ url }) => kept.add(url)),
    put: async (path: string) => void kept.add(path),
  }
  vi.stubGlobal('__FILES__', FILES)
  vi.stubGlobal('__VERSION__', 'test')
  vi.stubGlobal('self', { addEventListener: (name: string, act: Handler) => handlers.set(name, act) })
  vi.stubGlobal('caches', { open: async () => cache })
  vi.stubGlobal(
    'Request',
    class {
      constructor(readonly url: string) {}
    },
  )
  vi.stubGlobal('fetch', async () => new Response(served, { status }))
  vi.resetModules()
  const worker = '../src/worker' // not named in the import itself: its types are those of a worker, not of a page
  await import(/* @vite-ignore */ worker)
})
afterEach(() => vi.unstubAllGlobals())

function install(): Promise<unknown> {
  let work: Promise<unknown> = Promise.resolve()
  handlers.get('install')!({ waitUntil: (given) => (work = given) })
  return work
}

describe('install', () => {
  test('keeps the page and every file of the build', async () => {
    served = page('main-new.js')
    await install()
    expect([...kept].sort()).toEqual(['/till/', ...FILES].sort())
  })

  test('fails on the page of another build and keeps nothing of it', async () => {
    served = page('main-old.js')
    await expect(install()).rejects.toThrow('/static/till/assets/main-old.js')
    expect(kept.size).toBe(0)
  })

  test('fails on an error page', async () => {
    served = page('main-new.js')
    status = 503
    await expect(install()).rejects.toThrow('503')
    expect(kept.size).toBe(0)
  })
})

test('every file of the program that a page names counts, other files do not', () => {
  const html = `${page('a.js')}<link rel=stylesheet href=/static/till/assets/b.css><img src='/static/till/c.png?1'>
    <link href="/static/tokens.css"><link href="/static/till/icon.svg">`
  const found = ['/static/till/assets/a.js', '/static/till/assets/b.css', '/static/till/c.png']
  expect(foreignFiles(html, FILES)).toEqual(found)
})
