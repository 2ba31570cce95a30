// A new program is taken only between sales: at start with an empty cart, or when the seller taps "Cập nhật".
import { computed, signal } from '@preact/signals'
import { cartIsEmpty } from './cart'
import { screen } from './screen'

const waitingWorker = signal<ServiceWorker | null>(null)
export const updateReady = computed(() => waitingWorker.value !== null)
export const mayUpdateNow = computed(() => cartIsEmpty.value && screen.value.name !== 'pay')

const LOOK_EVERY_MS = 30 * 60_000

const TAKEN_OVER_WITHIN_MS = 3_000

/** The seller's tap. A browser may keep the old worker while it believes a request of its own is under way; a reload ends that. */
export function takeUpdate(): void {
  if (!mayUpdateNow.value) return
  takeOver()
  setTimeout(() => mayUpdateNow.value && location.reload(), TAKEN_OVER_WITHIN_MS)
}

function takeOver(): void {
  if (!mayUpdateNow.value) return
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  waitingWorker.value?.postMessage('take over')
}

const PAGE = '/till/'
const AGAIN_MS = 60_000
const FIRST_INSTALL_MS = 15_000

/** Whether this till would open with no network at all; null until it can be known. */
export const startsOffline = signal<boolean | null>(null)

export async function lookWhetherItStartsOffline(): Promise<void> {
  try {
    // Asked of what is there and not of `controller`: that one is also null after a forced reload, when all is well.
    const registration = await navigator.serviceWorker.getRegistration(PAGE)
    startsOffline.value = registration?.active != null && (await caches.match(PAGE)) !== undefined
  } catch {
    startsOffline.value = false
  }
}

export async function watchForUpdates(): Promise<void> {
  if (!('serviceWorker' in navigator)) {
    startsOffline.value = false
    return
  }
  navigator.serviceWorker.addEventListener('controllerchange', () => void lookWhetherItStartsOffline())
  setTimeout(() => void lookWhetherItStartsOffline(), FIRST_INSTALL_MS)
  await register()
}

async function register(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker.register('/till/sw.js', { scope: PAGE, updateViaCache: 'none' })
    if (registration.active !== null) void lookWhetherItStartsOffline()
    // Found waiting at start: nobody has begun anything yet.
    if (registration.waiting !== null && navigator.serviceWorker.controller !== null) {
      waitingWorker.value = registration.waiting
      takeOver()
    }
    const follow = (coming: ServiceWorker | null): void =>
      coming?.addEventListener('statechange', () => {
        // Without a controller this is the first install, not an update.
        if (coming.state === 'installed' && navigator.serviceWorker.controller !== null) waitingWorker.value = coming
        if (coming.state === 'activated') void lookWhetherItStartsOffline()
        // The very first install has failed, and its registration with it: nothing else would try again.
        if (coming.state === 'redundant' && registration.active === null) registerLater()
      })
    follow(registration.installing)
    registration.addEventListener('updatefound', () => follow(registration.installing))
    setInterval(() => void registration.update().catch(() => {}), LOOK_EVERY_MS)
  } catch {
    registerLater()
  }
}

/** Without a worker the till sells, it only does not start without a network; the banner and "Thêm" say so. */
function registerLater(): void {
  void lookWhetherItStartsOffline()
  setTimeout(() => void register(), AGAIN_MS)
}
