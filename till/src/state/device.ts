// What this tablet is: paired with whom, which list, which settings. Signals that the screens read.
import { computed, effect, signal } from '@preact/signals'
import type { PersonOnTill, PriceList } from '../wire.gen'
import { keepFact, type Pairing, type Settings, type TillDb } from '../ledger/schema'
import { fairDay } from '../rules/fair_day'
import { indexAll } from '../rules/search'
import type { SyncState } from '../sync/loop'
import { en } from '../words/en'
import { vi, type Words } from '../words/vi'

declare const __APP_VERSION__: string
export const APP_VERSION = __APP_VERSION__

export type Stage = 'opening' | 'other_tab' | 'no_secure_context' | 'ledger_broken' | 'pushed_aside' | 'ready'
export const stage = signal<Stage>('opening')

let opened: TillDb | null = null
export function useLedger(db: TillDb): void {
  opened = db
}
/** Screens are only drawn once the ledger is open. */
export function ledger(): TillDb {
  if (opened === null) throw new Error('the ledger is not open yet')
  return opened
}

export const pairing = signal<Pairing | null>(null)
export const person = signal<PersonOnTill | null>(null)
export const priceList = signal<PriceList | null>(null)
export const storagePersisted = signal(false)
export const sync = signal<SyncState>({
  link: 'unknown',
  waiting: { count: 0, oldestAtMs: null },
  allSentAtMs: null,
  clockOffsetMs: 0,
  stopped: null,
})

export const DEFAULT_SETTINGS: Settings = { language: 'vi', theme: 'light', hand: 'right', sound: true }
export const settings = signal<Settings>(DEFAULT_SETTINGS)
export const words = computed<Words>(() => (settings.value.language === 'en' ? en : vi))

export function changeSettings(change: Partial<Settings>): void {
  settings.value = { ...settings.value, ...change }
  // Losing a colour theme to a full disk is no loss worth stopping for.
  keepFact(ledger(), 'settings', settings.value).catch(() => {})
}

effect(() => {
  const { language, theme } = settings.value
  document.documentElement.lang = language
  document.documentElement.dataset['theme'] = theme
})

export const productsById = computed(() => new Map(priceList.value?.products.map((one) => [one.id, one])))
export const producersById = computed(() => new Map(priceList.value?.producers.map((one) => [one.id, one])))
export const searchIndex = computed(() =>
  indexAll(
    priceList.value?.products ?? [],
    (product) => product.name,
    (product) => {
      const producer = producersById.value.get(product.producer_id)
      const codes = (product.barcodes ?? []).concat(...(product.packs ?? []).map((pack) => pack.barcodes))
      return `${product.unit} ${producer?.name ?? ''} ${producer?.place ?? ''} ${codes.join(' ')}`
    },
  ),
)

/** Moves every ten seconds, so that ages grow and the fair day turns without a touch. */
export const tickMs = signal(Date.now())
setInterval(() => (tickMs.value = Date.now()), 10_000)

export const today = computed(() =>
  fairDay(tickMs.value + sync.value.clockOffsetMs, priceList.value?.edition.day_boundary_minutes ?? 0),
)

export const isSample = computed(() => (priceList.value?.edition ?? pairing.value?.edition)?.sample ?? false)
export const maySell = computed(() => pairing.value !== null && person.value !== null && sync.value.stopped === null)
