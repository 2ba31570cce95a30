// The glass stays lit while somebody sells, and says when the battery is nearly empty.
import { effect, signal } from '@preact/signals'
import { maySell } from './device'
import { waitsForDrawer } from './drawer'

/** Per cent left, when it is little and the tablet is not being charged. */
export const batteryLow = signal<number | null>(null)
const LITTLE = 0.2

interface Battery extends EventTarget {
  readonly charging: boolean
  readonly level: number
}

let lock: WakeLockSentinel | null = null
let asking = false

async function hold(): Promise<void> {
  if (asking || lock !== null || !('wakeLock' in navigator) || document.visibilityState !== 'visible') return
  asking = true
  try {
    lock = await navigator.wakeLock.request('screen')
    lock.addEventListener('release', () => (lock = null)) // the browser takes it back when the page is hidden
  } catch {
    lock = null // saving power forbids it: the screen goes dark as it always did, and nothing is lost
  } finally {
    asking = false
  }
}

export function stayAwake(): void {
  const isSelling = (): boolean => maySell.value && !waitsForDrawer.value
  effect(() => {
    if (isSelling()) void hold()
    else void lock?.release()
  })
  document.addEventListener('visibilitychange', () => {
    if (isSelling()) void hold()
  })
  void watchBattery()
}

async function watchBattery(): Promise<void> {
  const ask = (navigator as { getBattery?: () => Promise<Battery> }).getBattery
  const battery = await ask?.call(navigator).catch(() => undefined)
  if (battery === undefined) return
  const look = (): void => {
    batteryLow.value = battery.charging || battery.level > LITTLE ? null : Math.round(battery.level * 100)
  }
  for (const change of ['levelchange', 'chargingchange']) battery.addEventListener(change, look)
  look()
}
