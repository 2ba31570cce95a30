// The whole price list as one document. A newer one waits as "next" while a cart is open: prices do not change under a buyer.
import type { PriceListStore } from '../sync/ports'
import type { StoredPriceList, TillDb } from './schema'

export const currentPriceList = (db: TillDb): Promise<StoredPriceList | undefined> => db.get('price_list', 'current')

export const nextPriceList = (db: TillDb): Promise<StoredPriceList | undefined> => db.get('price_list', 'next')

/** This list is the one in use from now on; a still newer one that came meanwhile goes on waiting. */
export async function takePriceList(db: TillDb, taken: StoredPriceList): Promise<void> {
  const tx = db.transaction('price_list', 'readwrite')
  const next = await tx.store.get('next')
  await tx.store.put(taken, 'current')
  if (next?.document.server_time === taken.document.server_time) await tx.store.delete('next')
  await tx.done
}

export function priceListStoreOf(db: TillDb, onNewer: () => void): PriceListStore {
  return {
    async newest() {
      const stored = (await db.get('price_list', 'next')) ?? (await db.get('price_list', 'current'))
      if (stored === undefined) return null
      const { version, server_time, edition } = stored.document
      const made = { madeAtMs: Date.parse(server_time), dayBoundaryMinutes: edition.day_boundary_minutes }
      return { version, etag: stored.etag, ...made }
    },
    async keepNext(document, etag) {
      await db.put('price_list', { document, etag }, 'next')
      onNewer()
    },
  }
}
