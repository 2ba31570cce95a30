// Small true-to-life things for tests.
import type { Paired, PriceList, ProductOnTill, SaleCommand } from '../src/wire.gen'
import { priceCart } from '../src/rules/cart'
import { newReceiptToken, newTransferReference } from '../src/rules/ids'
import { transferPart } from '../src/rules/tender'
import { buildSale, type ChainPlace, type SaleMoment } from '../src/rules/sale'

let made = 0
export const uuid = (): string => `00000000-0000-7000-8000-${String(++made).padStart(12, '0')}`

export const product = (change: Partial<ProductOnTill> = {}): ProductOnTill => ({
  id: uuid(),
  slug: 'mat-ong',
  name: 'Mật ong Pa Ủ',
  unit: 'chai 500ml',
  price_dong: 220_000,
  group: 'thuc_pham',
  producer_id: uuid(),
  stars: 3,
  stars_until: '2026-12-31',
  photo_url: null,
  ...change,
})

export const NOW = Date.parse('2026-11-24T03:00:00.000Z')
export const MOMENT: SaleMoment = { deviceAtMs: NOW, clockOffsetMs: 0, dayBoundaryMinutes: 240 }
export const PLACE: ChainPlace = { seq: 1, counter: 1, tillSessionId: null, zNumber: 1 }

export function composeSale(id: string, seq: ChainPlace, goods = [product()]): SaleCommand {
  const cart = priceCart(
    { lines: goods.map((one) => ({ key: one.id, product_id: one.id, quantity: 2 })) },
    new Map(goods.map((one) => [one.id, one])),
  )
  const by = { letter: 'A', boothId: uuid(), personId: uuid(), appVersion: '0.1.0' }
  return buildSale(
    { id, receiptToken: newReceiptToken() },
    cart,
    [transferPart(cart.totalDong, newTransferReference(), null, false)],
    7,
    by,
    MOMENT,
    seq,
  )
}

export const priceList = (version: number): PriceList => ({
  version,
  edition: {
    id: uuid(),
    name: 'Hội chợ',
    kind: 'fair',
    starts_day: '2026-11-20',
    ends_day: null,
    day_boundary_minutes: 240,
    sample: false,
  },
  booth: { id: uuid(), code: 'A12', name: 'Gian', zone: 'A' },
  receipt_base_url: 'https://example.vn/r/',
  groups: [],
  products: [product()],
  producers: [],
  rules: { cash_rounding_dong: 0, close_limit_dong: 50_000, refund_limit_dong: 500_000, drawer: false },
  server_time: new Date(NOW).toISOString(),
})

export const pairedAs = (letter: string): Paired => ({
  device_id: uuid(),
  device_token: `token ${letter}`,
  letter,
  person: { id: uuid(), name: 'Mai' },
  booth: priceList(1).booth,
  edition: priceList(1).edition,
  last_seq: 0,
  last_hash: '0'.repeat(64),
  last_counter: null,
  server_time: new Date(NOW).toISOString(),
})
