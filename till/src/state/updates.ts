// A new program is taken only between sales: at start with an empty cart, or when the seller taps "Cập nhật".
import { computed, signal } from '@preact/signals'
import { cartIsEmpty } from './cart'
import { screen } from './screen'

const waitingWorker = signal<ServiceWorker | null>(null)
export const updateReady = computed(() => waitingWorker.value !== null)
export const mayUpdateNow = computed(() => cartIsEmpty.value && screen.value.name !== 'pay')

const LOOK_EVERY_MS = 30 * 60_000

export function takeUpdate(): void {
  if (!mayUpdateNow.value) return
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  waitingWorker.value?.postMessage('take over')
}

export async function watchForUpdates(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  try {
    const registration = await navigator.serviceWorker.register('/till/sw.js', {
      scope: '/till/',
      updateViaCache: 'none',
    })
    // Found waiting at start: nobody has begun anything yet.
    if (registration.waiting !== null && navigator.serviceWorker.controller !== null) {
      waitingWorker.value = registration.waiting
      takeUpdate()
    }
    registration.addEventListener('updatefound', () => {
      const coming = registration.installing
      coming?.addEventListener('statechange', () => {
        // Without a controller this is the first install, not an update.
        if (coming.state === 'installed' && navigator.serviceWorker.controller !== null) waitingWorker.value = coming
      })
    })
    setInterval(() => void registration.update().catch(() => {}), LOOK_EVERY_MS)
  } catch {
    // Without a worker the till sells, it only does not start without a network; "Thêm" shows it.
  }
}

export const startsOffline = (): boolean => navigator.serviceWorker?.controller != null
