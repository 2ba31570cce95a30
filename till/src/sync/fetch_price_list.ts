import type { PriceListStore, Server } from './ports'

// A showroom's list of 3,000 goods on a thin line; nothing waits for it.
const TIMEOUT_MS = 40_000

export async function fetchPriceList(
  server: Server,
  store: PriceListStore,
  isWanted: () => boolean = () => true,
): Promise<boolean> {
  const newest = await store.newest()
  const answer = await server.priceList(newest?.etag ?? null, TIMEOUT_MS)
  if (!isWanted()) return false
  if (answer.kind !== 'answered') return answer.kind === 'not_modified'
  const { body } = answer
  // A list without goods or with broken prices would empty the till; the old one still sells.
  const sound =
    Array.isArray(body.products) && body.products.every((product) => Number.isSafeInteger(product.price_dong))
  if (!sound) return false
  await store.keepNext(body, answer.etag)
  return true
}
