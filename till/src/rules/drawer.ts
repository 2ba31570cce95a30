// What the drawer should hold. One formula: float + cash sales − cash refunds + in − out. Change is never counted: it left the drawer
// with the same sale that brought the note in, and `amount_dong` is what stayed.
import type { NoteCount, RefundCommand, SaleCommand, TillClosedCommand, TillOpenedCommand } from '../wire.gen'
import type { AnyCommand } from './command'

export interface ByMethod {
  cashDong: number
  transferDong: number
  cardDong: number
}

export interface Session {
  id: string
  floatDong: number
  openedAtMs: number
  sold: ByMethod
  givenBack: ByMethod
  inDong: number
  outDong: number
  /** Documents in the order of their numbers: sales and refunds. */
  documents: (SaleCommand | RefundCommand)[]
  /** Sale ids and payment numbers of transfers somebody saw arrive. */
  seen: ReadonlySet<string>
  moves: { direction: 'in' | 'out'; amountDong: number; reason: string; atMs: number }[]
}

const NOTHING: ByMethod = { cashDong: 0, transferDong: 0, cardDong: 0 }

export const paymentKey = (saleId: string, paymentNo: number): string => `${saleId}/${paymentNo}`

const trueMs = (command: { device_at: string; clock_offset_ms: number }): number =>
  Date.parse(command.device_at) + command.clock_offset_ms

function plus(sum: ByMethod, { payments }: SaleCommand | RefundCommand): ByMethod {
  const next = { ...sum }
  for (const { method, amount_dong } of payments) next[`${method}Dong`] += amount_dong
  return next
}

/** All commands that name one till session, in their order. Those of another are refused, so that a morning is never counted twice. */
export function sessionOf(commands: readonly AnyCommand[]): Session | null {
  const opened = commands.find((command): command is TillOpenedCommand => command.kind === 'till_opened')
  if (opened?.till_session_id == null) return null
  const id = opened.till_session_id
  const session: Session = {
    id,
    floatDong: opened.float_dong,
    openedAtMs: trueMs(opened),
    sold: NOTHING,
    givenBack: NOTHING,
    inDong: 0,
    outDong: 0,
    documents: [],
    seen: new Set(),
    moves: [],
  }
  const seen = new Set<string>()
  for (const command of commands) {
    if (command.till_session_id !== id) throw new RangeError('a command of another till session')
    switch (command.kind) {
      case 'sale':
        session.sold = plus(session.sold, command)
        session.documents.push(command)
        break
      case 'refund':
        session.givenBack = plus(session.givenBack, command)
        session.documents.push(command)
        break
      case 'cash_moved':
        if (command.direction === 'in') session.inDong += command.amount_dong
        else session.outDong += command.amount_dong
        session.moves.push({
          direction: command.direction,
          amountDong: command.amount_dong,
          reason: command.reason,
          atMs: trueMs(command),
        })
        break
      case 'transfer_seen':
        seen.add(paymentKey(command.sale_id, command.payment_no))
        break
      default:
        break
    }
  }
  return { ...session, seen }
}

export const expectedCash = (session: Session): number =>
  session.floatDong + session.sold.cashDong - session.givenBack.cashDong + session.inDong - session.outDong

export const expectedCard = (session: Session): number => session.sold.cardDong - session.givenBack.cardDong

export interface Unconfirmed {
  receiptNumber: string
  amountDong: number
}

/**
 * What of each transfer of a sale is still waited for, by the payment's number. What was paid back by transfer is taken from money
 * that arrived first and then from what nobody has seen, so that undoing a sale whose money never came leaves nothing to wait
 * for; the server counts the same way (fair_pos/payments/rules.py, split_paid_back). Cash paid back does not touch it: then the
 * money is missing twice, and somebody must ask for it.
 */
export function claimsLeft(
  sale: SaleCommand,
  refunds: readonly Pick<RefundCommand, 'payments'>[],
  arrived: (paymentNo: number) => boolean,
): Map<number, number> {
  const transfers = sale.payments.flatMap((one, at) =>
    one.method === 'transfer' ? [{ paymentNo: at + 1, dong: one.amount_dong }] : [],
  )
  const here = transfers.reduce((sum, { paymentNo, dong }) => (arrived(paymentNo) ? sum + dong : sum), 0)
  const paidBack = refunds
    .flatMap(({ payments }) => payments)
    .reduce((sum, one) => (one.method === 'transfer' ? sum + one.amount_dong : sum), 0)
  let gone = Math.max(0, paidBack - here)
  const left = new Map<number, number>()
  for (const { paymentNo, dong } of transfers) {
    if (arrived(paymentNo)) continue
    const taken = Math.min(gone, dong)
    gone -= taken
    if (dong > taken) left.set(paymentNo, dong - taken)
  }
  return left
}

/** Transfers of the session that nobody has seen arrive, less what was paid back of them. */
export const unconfirmedOf = (session: Session, confirmed: ReadonlySet<string> = new Set()): Unconfirmed[] =>
  session.documents.flatMap((document) => {
    if (document.kind !== 'sale') return []
    const refunds = session.documents.filter(
      (one): one is RefundCommand => one.kind === 'refund' && one.refund_of === document.id,
    )
    const arrived = (paymentNo: number): boolean => {
      const key = paymentKey(document.id, paymentNo)
      return session.seen.has(key) || confirmed.has(key)
    }
    return [...claimsLeft(document, refunds, arrived).values()].map((amountDong) => ({
      receiptNumber: document.receipt_number,
      amountDong,
    }))
  })

/** What arrived of the session's transfers, before anything was paid back. */
export const arrivedOf = (session: Session, confirmed: ReadonlySet<string> = new Set()): number =>
  session.documents.reduce(
    (sum, document) =>
      document.kind !== 'sale'
        ? sum
        : document.payments.reduce((all, one, at) => {
            const key = paymentKey(document.id, at + 1)
            return one.method === 'transfer' && (session.seen.has(key) || confirmed.has(key))
              ? all + one.amount_dong
              : all
          }, sum),
    0,
  )

export const countedOf = (notes: readonly NoteCount[]): number =>
  notes.reduce((sum, { note_dong, count }) => sum + note_dong * count, 0)

export const withNote = (notes: readonly NoteCount[], noteDong: number, count: number): NoteCount[] => {
  const rest = notes.filter((one) => one.note_dong !== noteDong)
  const all = count > 0 ? [...rest, { note_dong: noteDong, count }] : rest
  return all.sort((a, b) => b.note_dong - a.note_dong)
}

export const countOf = (notes: readonly NoteCount[], noteDong: number): number =>
  notes.find((one) => one.note_dong === noteDong)?.count ?? 0

export interface Closing {
  session: Session
  notes: readonly NoteCount[]
  countedCardDong: number
  explanation: string
  secondPersonId: string | null
}

export interface Difference {
  cashDong: number
  cardDong: number
}

export const differenceOf = (session: Session, countedDong: number, countedCardDong: number): Difference => ({
  cashDong: countedDong - expectedCash(session),
  cardDong: countedCardDong - expectedCard(session),
})

export const isDifferent = ({ cashDong, cardDong }: Difference): boolean => cashDong !== 0 || cardDong !== 0

/** Either figure alone; a surplus of cash must not hide behind a lack of card money. */
export const needsSecondPerson = ({ cashDong, cardDong }: Difference, limitDong: number): boolean =>
  Math.abs(cashDong) > limitDong || Math.abs(cardDong) > limitDong

/** The part of a closing that the figures make; who and when come from the place in the chain. */
export function closingFields(
  closing: Closing,
  limitDong: number,
): Omit<TillClosedCommand, 'kind' | 'v' | 'id' | 'seq' | 'z_number' | keyof CommonFields> {
  const { session, notes, countedCardDong, explanation, secondPersonId } = closing
  const counted = countedOf(notes)
  const difference = differenceOf(session, counted, countedCardDong)
  if (isDifferent(difference) && explanation.trim() === '') throw new RangeError('a difference must be explained')
  if (needsSecondPerson(difference, limitDong) && secondPersonId === null)
    throw new RangeError('a second person must sign')
  const { documents } = session
  return {
    notes: [...notes],
    counted_dong: counted,
    expected_dong: expectedCash(session),
    counted_card_dong: countedCardDong,
    explanation: explanation.trim(),
    ...(secondPersonId === null ? {} : { second_person_id: secondPersonId }),
    first_number: documents[0]?.receipt_number ?? '',
    last_number: documents.at(-1)?.receipt_number ?? '',
    sale_count: documents.length,
  }
}

interface CommonFields {
  booth_id: string
  person_id: string
  device_at: string
  clock_offset_ms: number
  fair_day: string
  till_session_id: string
  app_version: string
}
