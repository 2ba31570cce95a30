// Giving back: from this tablet's own receipts at any time, from those of other tablets only with the server's word.
// Offline two tablets would give the same goods back twice (pain 19).
import { commandOf, documentOf, Refusal, refundsOf } from '../ledger/sales'
import type { StoredSale } from '../ledger/schema'
import { newId, newReceiptToken } from '../rules/ids'
import {
  buildRefund,
  type Method,
  nothingLeft,
  type Original,
  originalFound,
  originalOf,
  tokenIn,
  withLeft,
} from '../rules/refund'
import type { FoundReceipt, RefundCommand, Tender } from '../wire.gen'
import { offerUndo } from './cart'
import { ledger, maySell, pairing, priceList, sync, words } from './device'
import { sceneNow, write } from './record'
import { show } from './screen'
import { desk } from './transfers'

const ASK_MS = 8_000
const SECOND_OPINION_MS = 3_000

export type Sought =
  | { kind: 'found'; original: Original; own: boolean }
  | { kind: 'many'; receipts: Original[] }
  | { kind: 'no'; sentence: string }

export type { Method }

const unsentRefunds = async (saleId: string): Promise<RefundCommand[]> =>
  (await refundsOf(ledger(), saleId))
    .filter((one) => one.answer === null)
    .map((one) => documentOf(one) as RefundCommand)

const allRefunds = async (saleId: string): Promise<RefundCommand[]> =>
  (await refundsOf(ledger(), saleId)).map((one) => documentOf(one) as RefundCommand)

const isOwnSale = (stored: StoredSale | undefined): stored is StoredSale =>
  stored !== undefined && (stored.kind ?? 'sale') === 'sale'

async function ownOriginal(stored: StoredSale): Promise<Original> {
  return originalOf(commandOf(stored), await allRefunds(stored.id))
}

async function fromServer(by: Record<string, string>, timeoutMs: number): Promise<FoundReceipt[] | string> {
  const say = words.value
  if (sync.value.link === 'down') return say.othersNeedNet
  const answer = await desk()?.receipts(by, timeoutMs)
  if (answer?.kind === 'answered') return answer.body.receipts
  return answer?.kind === 'refused' ? (say.refusals[answer.code] ?? say.refusedOther(answer.code)) : say.othersNeedNet
}

const asFound = async (found: FoundReceipt): Promise<Original> =>
  originalFound(found, await unsentRefunds(found.sale_id))

/** A receipt of this tablet; with a network the server may know of goods given back elsewhere. */
export async function seekOwn(saleId: string): Promise<Sought> {
  const say = words.value
  const stored = await ledger().get('sales', saleId)
  if (!isOwnSale(stored)) return { kind: 'no', sentence: say.notASale }
  let original = await ownOriginal(stored)
  if (stored.answer !== null && sync.value.link === 'up') {
    const told = await fromServer({ number: original.receiptNumber }, SECOND_OPINION_MS)
    const same = typeof told === 'string' ? undefined : told.find((one) => one.sale_id === saleId)
    if (same !== undefined) original = withLeft(original, (await asFound(same)).left)
  }
  if (nothingLeft(original)) return { kind: 'no', sentence: say.allGivenBack }
  return { kind: 'found', original, own: true }
}

/** The token from a receipt's QR: this tablet's own first, then the server. */
export async function seekToken(token: string): Promise<Sought> {
  let cursor = await ledger().transaction('sales').store.index('by_seq').openCursor(null, 'prev')
  while (cursor !== null) {
    const { id, text } = cursor.value
    if (text.includes(token) && documentOf(cursor.value).receipt_token === token) return seekOwn(id)
    cursor = await cursor.continue()
  }
  return seekElsewhere({ token })
}

export async function seekElsewhere(by: Record<string, string>): Promise<Sought> {
  const say = words.value
  const told = await fromServer(by, ASK_MS)
  if (typeof told === 'string') return { kind: 'no', sentence: told }
  const originals = await Promise.all(told.map(asFound))
  if (originals.length === 0) return { kind: 'no', sentence: say.noReceiptFound }
  if (originals.length > 1) return { kind: 'many', receipts: originals }
  const only = originals[0]!
  return nothingLeft(only)
    ? { kind: 'no', sentence: say.allGivenBack }
    : { kind: 'found', original: only, own: isOwnSale(await ledger().get('sales', only.saleId)) }
}

export interface Refunding {
  id: string
  receiptToken: string
  original: Original
  counts: readonly number[]
  payments: readonly Tender[]
  reason: string
  secondPersonId: string | null
}

export const newRefundDraft = () => ({ id: newId(Date.now()), receiptToken: newReceiptToken() })

export const refundLimit = (): number => priceList.value?.rules?.refund_limit_dong ?? 0
export const refundStep = (): number => priceList.value?.rules?.cash_rounding_dong ?? 0

/** What is left is read again between the place in the chain and the write: no two taps give the same piece back. */
export async function giveBackNow(refunding: Refunding): Promise<StoredSale> {
  const scene = sceneNow()
  if (scene === null || pairing.value === null) throw new Refusal('this tablet may not write')
  const { id, receiptToken, original } = refunding
  return write(scene, {
    id,
    numbered: true,
    emptiesCart: false,
    async compose(place) {
      const stored = await ledger().get('sales', original.saleId)
      const still = isOwnSale(stored) ? withLeft(await ownOriginal(stored), original.left) : original
      try {
        const request = {
          ...refunding,
          draft: { id, receiptToken },
          original: { ...still, paidOutDong: original.paidOutDong },
        }
        return buildRefund(request, refundStep(), scene.list.version, scene.by, scene.moment, place)
      } catch (cause) {
        throw new Refusal('more than is left', { cause })
      }
    },
  })
}

/** A receipt's QR read while selling: the buyer stands there with goods to give back. */
export function receiptScanned(code: string): boolean {
  const token = code.includes('/r/') ? tokenIn(code) : null
  if (token === null) return false
  if (maySell.value)
    void seekToken(token).then((found) => {
      if (found.kind === 'found')
        show({ name: 'refund', saleId: found.original.saleId, original: found.original, back: { name: 'sell' } })
      else offerUndo(found.kind === 'no' ? found.sentence : words.value.noReceiptFound, null)
    })
  return true
}
