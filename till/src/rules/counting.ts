// Counting goods while selling goes on. Every line carries the moment it was counted: what is sold before and after it is told apart
// by that alone, so nothing has to stand still.
import type { CountLine, LotOnTill, ProductOnTill, StockCountedCommand } from '../wire.gen'
import { isWeighed } from './line'
import { type ChainPlace, commonOf, type SaleMoment, type Seller } from './sale'

export const MAX_COUNTED = 999_999
export const MAX_COUNT_LINES = 500
/** The server takes 131,072 characters a command; what is not lines must fit beside them. */
const MAX_LINES_TEXT = 120_000
const MAX_UNIT = 60

export interface CountEntry {
  product_id: string
  /** null: everything of the product that no other line names by lot. */
  lot_id: string | null
  /** Base units, of weighed goods grams. */
  quantity: number
  counted_at_ms: number // tablet clock, moved along when that clock is set
  /** As counted: goods that leave the list meanwhile must still be called something. */
  name: string
  unit: string
  weighed: boolean
  lot_code: string
}

/** Kept on the disk at every entry; its id becomes the command's, so that finishing ten times is one count. */
export interface CountDraft {
  id: string
  booth_id: string
  entries: readonly CountEntry[]
  note: string
}

export interface CountRow {
  key: string
  product_id: string
  name: string
  unit: string
  weighed: boolean
  lot: LotOnTill | null
  /** Of goods in several lots: what lies there without any of these lots. Nobody need count it. */
  rest: boolean
  entry: CountEntry | null
}

export const rowKey = (productId: string, lotId: string | null): string =>
  lotId === null ? productId : `${productId}@${lotId}`

const entryAt = (draft: CountDraft | null, productId: string, lotId: string | null): CountEntry | null =>
  draft?.entries.find((one) => one.product_id === productId && one.lot_id === lotId) ?? null

/** What is to be counted of one product: itself, or each of its lots when it lies here in several. */
export function rowsOf(product: ProductOnTill, draft: CountDraft | null): CountRow[] {
  const { id, name, unit } = product
  const lots = product.lots ?? []
  const row = (lot: LotOnTill | null, lotId: string | null, rest: boolean): CountRow => ({
    key: rowKey(id, lotId),
    product_id: id,
    name,
    unit,
    weighed: isWeighed(product),
    lot,
    rest,
    entry: entryAt(draft, id, lotId),
  })
  const byLot = (draft?.entries ?? []).some((one) => one.product_id === id && one.lot_id !== null)
  if (lots.length < 2 && !byLot) return [row(lots[0] ?? null, null, false)]
  const known = new Set(lots.map((lot) => lot.id))
  return [
    ...lots.map((lot) => row(lot, lot.id, false)),
    // A lot that has left the list since it was counted.
    ...(draft?.entries ?? [])
      .filter((one) => one.product_id === id && one.lot_id !== null && !known.has(one.lot_id))
      .map((one) => ({ ...row(null, one.lot_id, false), lot: goneLot(one) })),
    row(null, null, true),
  ]
}

const goneLot = ({ lot_id, lot_code }: CountEntry): LotOnTill => ({
  id: lot_id ?? '',
  code: lot_code,
  expires_day: null,
  owner_id: '',
  owner_name: '',
  left: 0,
})

/** Rows of goods that the list no longer has, but that were counted. */
function goneRows(products: ReadonlyMap<string, ProductOnTill>, draft: CountDraft | null): CountRow[] {
  return (draft?.entries ?? [])
    .filter((one) => !products.has(one.product_id))
    .map((one) => ({
      key: rowKey(one.product_id, one.lot_id),
      product_id: one.product_id,
      name: one.name,
      unit: one.unit,
      weighed: one.weighed,
      lot: one.lot_id === null ? null : goneLot(one),
      rest: false,
      entry: one,
    }))
}

export const allRows = (products: ReadonlyMap<string, ProductOnTill>, draft: CountDraft | null): CountRow[] => [
  ...[...products.values()].flatMap((product) => rowsOf(product, draft)),
  ...goneRows(products, draft),
]

export interface Summary {
  counted: CountRow[]
  missing: CountRow[]
}

export function summary(rows: readonly CountRow[]): Summary {
  return {
    counted: rows.filter((row) => row.entry !== null),
    missing: rows.filter((row) => row.entry === null && !row.rest),
  }
}

const asLine = (entry: CountEntry): CountLine => ({
  product_id: entry.product_id,
  name: entry.name,
  unit: entry.unit.slice(0, MAX_UNIT),
  quantity: entry.quantity,
  counted_at: new Date(entry.counted_at_ms).toISOString(),
  ...(entry.lot_id === null ? {} : { lot_id: entry.lot_id }),
})

const fits = (entries: readonly CountEntry[]): boolean =>
  entries.length <= MAX_COUNT_LINES && JSON.stringify(entries.map(asLine)).length <= MAX_LINES_TEXT

/** Stamped with this moment, also when it was counted before. null: the draft is full, it must be finished first. */
export function withCounted(draft: CountDraft, row: CountRow, quantity: number, atMs: number): CountDraft | null {
  const lotId = row.lot === null || row.key === row.product_id ? null : row.lot.id
  const entry: CountEntry = {
    product_id: row.product_id,
    lot_id: lotId,
    quantity,
    counted_at_ms: atMs,
    name: row.name,
    unit: row.unit,
    weighed: row.weighed,
    lot_code: row.lot?.code ?? '',
  }
  const at = draft.entries.findIndex((one) => one.product_id === entry.product_id && one.lot_id === lotId)
  const entries = at < 0 ? [...draft.entries, entry] : draft.entries.map((one, nth) => (nth === at ? entry : one))
  return fits(entries) ? { ...draft, entries } : null
}

export const withoutCounted = (draft: CountDraft, key: string): CountDraft => ({
  ...draft,
  entries: draft.entries.filter((one) => rowKey(one.product_id, one.lot_id) !== key),
})

/** The tablet's clock was set: the stamps move along, or everything sold in between would fall on the wrong side of them. */
export const withClockMoved = (draft: CountDraft, byMs: number): CountDraft => ({
  ...draft,
  entries: draft.entries.map((one) => ({ ...one, counted_at_ms: one.counted_at_ms + byMs })),
})

/**
 * What of the draft a command that was written under its id does not say. A write that could not be read back may be on the disk
 * all the same; counted on after it, the rest is a count of its own.
 */
export function notYetIn(draft: CountDraft, written: StockCountedCommand): readonly CountEntry[] {
  const said = new Set(written.lines.map((line) => JSON.stringify(line)))
  return draft.entries.filter((one) => !said.has(JSON.stringify(asLine(one))))
}

export function buildCount(
  draft: CountDraft,
  seller: Seller,
  moment: SaleMoment,
  place: ChainPlace,
): StockCountedCommand {
  if (draft.entries.length === 0 || !fits(draft.entries))
    throw new RangeError('nothing was counted, or too much for one')
  return {
    kind: 'stock_counted',
    ...commonOf(draft.id, seller, moment, place),
    lines: draft.entries.map(asLine),
    ...(draft.note === '' ? {} : { note: draft.note }),
  }
}
