// The program's own files: kept for a start without a network, renewed only when somebody says so.
import { signal } from '@preact/signals'

const PAGE = '/gate/'
const AGAIN_MS = 60_000
const LOOK_EVERY_MS = 30 * 60_000

/** Whether this phone would open with no network at all; null until it can be known. */
export const startsOffline = signal<boolean | null>(null)
const waitingWorker = signal<ServiceWorker | null>(null)
export const updateReady = waitingWorker

export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  waitingWorker.value?.postMessage('take over')
}

async function look(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker.getRegistration(PAGE)
    startsOffline.value = registration?.active != null && (await caches.match(PAGE)) !== undefined
  } catch {
    startsOffline.value = false
  }
}

export async function keepProgram(): Promise<void> {
  if (!('serviceWorker' in navigator)) {
    startsOffline.value = false
    return
  }
  navigator.serviceWorker.addEventListener('controllerchange', () => void look())
  try {
    const registration = await navigator.serviceWorker.register('/gate/sw.js', { scope: PAGE, updateViaCache: 'none' })
    if (registration.active !== null) void look()
    if (registration.waiting !== null && navigator.serviceWorker.controller !== null)
      waitingWorker.value = registration.waiting
    registration.addEventListener('updatefound', () => {
      const coming = registration.installing
      coming?.addEventListener('statechange', () => {
        if (coming.state === 'installed' && navigator.serviceWorker.controller !== null) waitingWorker.value = coming
        if (coming.state === 'activated') void look()
      })
    })
    setInterval(() => void registration.update().catch(() => {}), LOOK_EVERY_MS)
    setTimeout(() => void look(), 15_000)
  } catch {
    void look()
    setTimeout(() => void keepProgram(), AGAIN_MS)
  }
}
