// What the tablet keeps. Stores are only ever added to or extended, never moved in place: a failed move would take sales with it.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type {
  BoothOnTill,
  EditionOnTill,
  NoteCount,
  Parcel,
  ParcelAnswer,
  PersonOnTill,
  PriceList,
  TransferState,
} from '../wire.gen'
import type { AnyCommand } from '../rules/command'
import type { Cart, OldCart } from '../rules/cart'
import type { CountDraft } from '../rules/counting'

export interface StoredSale extends Parcel {
  kind?: AnyCommand['kind'] // absent in what an earlier program wrote: a sale
  till_session_id?: string // absent when no drawer was open
  refund_of?: string // of a refund: the sale it gives back; what is left is a sum over these
  copy_of?: string // of a copy: the receipt that was printed again
  printed?: 1 // the first paper has been asked for; further ones are copies
  slip?: string // of a closing: the slip as first drawn, so that printing it again gives the same letters
  device_id: string
  fair_day: string
  recorded_at_ms: number // tablet clock
  answer: ParcelAnswer['answer'] | null
  reason: ParcelAnswer['reason']
  answered_at_ms: number | null
  /** Present until the server has answered for this id; absence of the key takes the sale out of the index. */
  unsent?: 1
}

/** A second, independent record of a sale that waits; either store can be mended from the other. */
export interface WaitingParcel extends Parcel {
  device_id: string
  recorded_at_ms: number
}

export interface ChainHead {
  device_id: string
  seq: number
  hash: string
}

/** One row per fair day: a clock set back and forth must not give a number twice. */
export interface DayCount {
  device_id: string
  day: string
  counter: number
}

export interface Pairing {
  device_id: string
  device_token: string
  letter: string
  booth: BoothOnTill
  edition: EditionOnTill
}

/** A device that this tablet is or was. */
export interface KnownDevice {
  device_token: string // empty when it was not kept; its parcels then only leave in a file
  letter: string
  saved_seq?: number // what waited up to here is in a file
  saved_whole_seq?: number // every sale up to here is in a file
}

export interface Settings {
  language: 'vi' | 'en'
  theme: 'light' | 'sun'
  hand: 'right' | 'left'
  sound: boolean
}

export interface Facts {
  pairing: Pairing
  person: PersonOnTill
  cart: Cart | OldCart
  /** Names of what is in the cart: goods that the list no longer has must still be called something. */
  cart_names: Record<string, string>
  /** By device id; the secret of a former device sends what it still holds. */
  devices: Record<string, KnownDevice>
  settings: Settings
  clock_offset_ms: number
  all_sent_at_ms: number
  storage_persisted: boolean
  /** The server no longer knows this tablet: nothing is sold until a person has looked. */
  stopped: 'device_revoked' | 'device_unknown'
  /** Wrong PINs in a row, counted before they are checked, so that a reload gives no free try. */
  pin_lock: { wrong: number; until_ms: number }
  /** The transfer code last shown: the same payment shown again after a restart must carry the same reference. */
  attempt: { key: string; reference: string; at_ms: number }
  /** What the server last said of this device's transfers. */
  transfers: TransferState[]
  /** Receipts that the booth's printer has not taken yet. */
  print_jobs: { sale_id: string; copy_no: number; asked?: true }[]
  /** The float the drawer was last opened with, offered again. */
  usual_float: NoteCount[]
  /** The fair day of that opening; absent in what an earlier program kept. */
  usual_float_day: string
  /** Goods counted so far and not recorded yet. */
  count_draft: CountDraft
}

/** A cart laid aside; `cart` is whole, so that nothing is lost by waiting. */
export interface ParkedCart {
  id: string
  number: number
  colour: number
  first_item: string
  total_dong: number // as it was when laid aside
  pieces: number
  parked_at_ms: number
  cart: Cart
}

/** One row per device, written with the command that opens or closes: never two drawers at once, no Z number twice. */
export interface DrawerState {
  device_id: string
  session_id: string | null // the open one
  z_number: number // of the last closing
}

export interface StoredPriceList {
  document: PriceList
  etag: string | null
}

export interface TillSchema extends DBSchema {
  facts: { key: keyof Facts; value: Facts[keyof Facts] }
  price_list: { key: 'current' | 'next'; value: StoredPriceList }
  sales: {
    key: string
    value: StoredSale
    indexes: {
      by_seq: [string, number]
      by_day: [string, number]
      by_unsent: number
      by_session: [string, number]
      by_original: string
      by_copied: string
    }
  }
  outbox: { key: [string, number]; value: WaitingParcel; indexes: { by_id: string } }
  heads: { key: string; value: ChainHead }
  counters: { key: [string, string]; value: DayCount }
  parked: { key: string; value: ParkedCart }
  drawer: { key: string; value: DrawerState }
}

export type TillDb = IDBPDatabase<TillSchema>

export const DB_NAME = 'fair-pos-till'

export function openLedger(name = DB_NAME, onPushedAside: () => void = () => {}): Promise<TillDb> {
  return openDB<TillSchema>(name, 2, {
    upgrade(db, from, _to, tx) {
      if (from < 1) {
        db.createObjectStore('facts')
        db.createObjectStore('price_list')
        const sales = db.createObjectStore('sales', { keyPath: 'id' })
        sales.createIndex('by_seq', ['device_id', 'seq'], { unique: true })
        sales.createIndex('by_day', ['fair_day', 'seq'])
        sales.createIndex('by_unsent', 'unsent')
        const outbox = db.createObjectStore('outbox', { keyPath: ['device_id', 'seq'] })
        outbox.createIndex('by_id', 'id')
        db.createObjectStore('heads', { keyPath: 'device_id' })
        db.createObjectStore('counters', { keyPath: ['device_id', 'day'] })
      }
      if (from < 2) {
        db.createObjectStore('parked', { keyPath: 'id' })
        db.createObjectStore('drawer', { keyPath: 'device_id' })
        const sales = tx.objectStore('sales')
        sales.createIndex('by_session', ['till_session_id', 'seq'])
        sales.createIndex('by_original', 'refund_of')
        sales.createIndex('by_copied', 'copy_of')
      }
    },
    // A newer program in another tab wants to extend the stores: let go, or it waits for ever.
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase).close()
      onPushedAside()
    },
    terminated: onPushedAside,
  })
}

export async function readFact<K extends keyof Facts>(db: TillDb, key: K): Promise<Facts[K] | undefined> {
  return (await db.get('facts', key)) as Facts[K] | undefined
}

export async function keepFact<K extends keyof Facts>(db: TillDb, key: K, value: Facts[K]): Promise<void> {
  await db.put('facts', value, key)
}

export async function dropFact(db: TillDb, key: keyof Facts): Promise<void> {
  await db.delete('facts', key)
}
