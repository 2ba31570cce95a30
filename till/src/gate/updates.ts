// The program's own files: kept for a start without a network, renewed only when somebody says so.
import { signal } from '@preact/signals'

const PAGE = '/gate/'
const AGAIN_MS = 10_000
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
  try {
    const registration = await navigator.serviceWorker.register('/gate/sw.js', { scope: PAGE, updateViaCache: 'none' })
    if (registration.active !== null) void look()
    navigator.serviceWorker.oncontrollerchange = () => void look()
    if (registration.waiting !== null && navigator.serviceWorker.controller !== null)
      waitingWorker.value = registration.waiting
    const follow = (coming: ServiceWorker | null): void =>
      coming?.addEventListener('statechange', () => {
        if (coming.state === 'installed' && navigator.serviceWorker.controller !== null) waitingWorker.value = coming
        if (coming.state === 'activated') void look()
        // The very first install has failed, and its registration with it: nothing else would try again.
        if (coming.state === 'redundant' && registration.active === null) setTimeout(() => void keepProgram(), AGAIN_MS)
      })
    follow(registration.installing)
    registration.addEventListener('updatefound', () => follow(registration.installing))
    setInterval(() => void registration.update().catch(() => {}), LOOK_EVERY_MS)
    setTimeout(() => void look(), 15_000)
  } catch {
    void look()
    setTimeout(() => void keepProgram(), AGAIN_MS)
  }
}
