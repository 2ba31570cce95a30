/// <reference lib="webworker" />
// Keeps the files of the gate's program, so that it opens without a network. It never sees a tap.
import { foreignFiles } from '../rules/page_files'
declare const self: ServiceWorkerGlobalScope
declare const __FILES__: string[]
declare const __VERSION__: string

const CACHE = `gate-${__VERSION__}`
const PAGE = '/gate/'

self.addEventListener('install', (event) => {
  event.waitUntil(keepAll())
})

/** All or nothing, and page and files of one build: half a program would be found out at a gate full of people. */
async function keepAll(): Promise<void> {
  const page = await fetch(new Request(PAGE, { cache: 'reload' }))
  if (!page.ok) throw new Error(`the page answers ${page.status}`)
  const foreign = foreignFiles(await page.clone().text(), __FILES__, '/static/gate/')
  if (foreign.length > 0) throw new Error(`the page is of another build: ${foreign.join(', ')}`)
  const cache = await caches.open(CACHE)
  await cache.addAll(__FILES__.map((url) => new Request(url, { cache: 'reload' })))
  await cache.put(PAGE, page)
}

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith('gate-') && name !== CACHE) await caches.delete(name)
      await self.clients.claim()
    })(),
  )
})

self.addEventListener('message', (event) => {
  if (event.data === 'take over') void self.skipWaiting()
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate') {
    if (url.pathname === PAGE) event.respondWith(ours(PAGE, request))
  } else if (__FILES__.includes(url.pathname)) event.respondWith(ours(url.pathname, request))
})

/** From this version's cache, whatever the network says. */
async function ours(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request)
}
