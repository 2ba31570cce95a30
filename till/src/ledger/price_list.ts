// The whole price list as one document. A newer one waits as "next" while a cart is open: prices do not change under a buyer.
import type { PriceListStore } from '../sync/ports'
import type { StoredPriceList, TillDb } from './schema'

export const currentPriceList = (db: TillDb): Promise<StoredPriceList | undefined> => db.get('price_list', 'current')

export async function adoptNextPriceList(db: TillDb): Promise<StoredPriceList | undefined> {
  const tx = db.transaction('price_list', 'readwrite')
  const next = await tx.store.get('next')
  if (next !== undefined) {
    await tx.store.put(next, 'current')
    await tx.store.delete('next')
  }
  await tx.done
  return next
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
