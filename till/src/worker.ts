/// <reference lib="webworker" />
// Keeps the program's files, so that the till opens without a network. It never sees a sale: a worker is killed at any moment,
// and a fault in it would be an outage without a button. To switch it off in the field serve a worker.js that unregisters itself.
import { foreignFiles } from './rules/page_files'
declare const self: ServiceWorkerGlobalScope
declare const __FILES__: string[]
declare const __VERSION__: string

const CACHE = `till-${__VERSION__}`
const PHOTOS = 'till-photos'
const PAGE = '/till/'

self.addEventListener('install', (event) => {
  event.waitUntil(keepAll())
})

/** All or nothing: half a program in the cache would be found out in the middle of a field. */
async function keepAll(): Promise<void> {
  const page = await fetch(new Request(PAGE, { cache: 'reload' }))
  if (!page.ok) throw new Error(`the page answers ${page.status}`)
  // A server in the middle of a change may hand out the page of another build; kept, it would open white for ever.
  const foreign = foreignFiles(await page.clone().text(), __FILES__)
  if (foreign.length > 0) throw new Error(`the page is of another build: ${foreign.join(', ')}`)
  const cache = await caches.open(CACHE)
  await cache.addAll(__FILES__.map((url) => new Request(url, { cache: 'reload' })))
  await cache.put(PAGE, page)
}

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys())
        if (name.startsWith('till-') && name !== CACHE && name !== PHOTOS) await caches.delete(name)
      // The very first visit must do: from now on the page is ours, also without a reload.
      await self.clients.claim()
    })(),
  )
})

// Only the page knows whether a sale is under way, so only the page may say when.
self.addEventListener('message', (event) => {
  if (event.data === 'take over') void self.skipWaiting()
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin || url.pathname.startsWith('/api/')) return
  if (request.mode === 'navigate') {
    if (url.pathname === PAGE) event.respondWith(ours(PAGE, request))
  } else if (__FILES__.includes(url.pathname)) event.respondWith(ours(url.pathname, request))
  else if (url.pathname.endsWith('.wasm')) event.respondWith(reader(request))
  else if (request.destination === 'image') event.respondWith(photo(request))
})

/** From this version's cache, whatever the network says: page and files always belong together. */
async function ours(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request)
}

/** The camera's reader: large, and most browsers need none. Kept when the page asks for it, gone with this version. */
async function reader(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  const kept = await cache.match(request.url, { ignoreVary: true })
  if (kept !== undefined) return kept
  const response = await fetch(request)
  if (response.ok) void cache.put(request.url, response.clone()).catch(() => {})
  return response
}

async function photo(request: Request): Promise<Response> {
  const cache = await caches.open(PHOTOS)
  const kept = await cache.match(request, { ignoreVary: true })
  if (kept !== undefined) return kept
  const response = await fetch(request)
  // A full disk must not cost the photo on the screen, and photos are the first thing to do without.
  if (response.ok && response.type === 'basic') void cache.put(request, response.clone()).catch(() => {})
  return response
}
