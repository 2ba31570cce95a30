// How a total is paid: any mix of cash, transfer and card. Sum of tenders − change = total.
import type { AccountOnTill, Tender } from '../wire.gen'

export const MAX_TENDERS = 10
const MIN_CARD_DIGITS = 13

/** A tender that was taken; the screen adds them one by one until nothing remains. */
export interface Part extends Tender {
  /** Of a transfer: a person saw the money in the shop's own bank app. */
  seen: boolean
  lastDigits: string
}

export const cashPart = (amountDong: number, tenderedDong = amountDong): Part => {
  if (tenderedDong < amountDong) throw new RangeError('tendered less than the amount')
  return {
    method: 'cash',
    amount_dong: amountDong,
    tendered_dong: tenderedDong,
    change_dong: tenderedDong - amountDong,
    seen: false,
    lastDigits: '',
  }
}

export const transferPart = (
  amountDong: number,
  reference: string,
  accountId: string | null,
  seen: boolean,
  lastDigits = '',
): Part => ({
  method: 'transfer',
  amount_dong: amountDong,
  tendered_dong: amountDong,
  change_dong: 0,
  reference,
  account_id: accountId,
  seen,
  lastDigits: seen ? lastDigits : '',
})

export const cardPart = (amountDong: number, approval: string): Part => ({
  method: 'card',
  amount_dong: amountDong,
  tendered_dong: amountDong,
  change_dong: 0,
  reference: approval,
  seen: false,
  lastDigits: '',
})

export const paidOf = (parts: readonly Tender[]): number => parts.reduce((sum, part) => sum + part.amount_dong, 0)

export const onlyCash = (parts: readonly Tender[]): boolean => parts.every((part) => part.method === 'cash')

/** What the wire takes; whether somebody saw the money is a fact of its own (transfer_seen). */
export const tenderOf = ({ seen: _seen, lastDigits: _digits, ...tender }: Part): Tender => tender

/** What is added to a total that is paid in cash alone; half up, so 21.850 becomes 22.000 and 21.400 becomes 21.000. */
export function cashRounding(totalDong: number, stepDong: number): number {
  if (stepDong <= 0) return 0
  return Math.floor((totalDong + stepDong / 2) / stepDong) * stepDong - totalDong
}

export interface Due {
  /** What is left when the rest is paid in cash: rounded when everything is cash. */
  cashDong: number
  /** What is left when the rest is transferred or paid by card: never rounded. */
  otherDong: number
  /** The rounding line, should the rest be paid in cash. */
  roundingDong: number
}

export function dueOf(totalDong: number, parts: readonly Tender[], stepDong: number): Due {
  const left = totalDong - paidOf(parts)
  const roundingDong = onlyCash(parts) ? cashRounding(totalDong, stepDong) : 0
  return { cashDong: Math.max(0, left + roundingDong), otherDong: Math.max(0, left), roundingDong }
}

/** The rounding that a finished payment carries. */
export const roundingOf = (totalDong: number, parts: readonly Tender[]): number => paidOf(parts) - totalDong

export type Approval = { kind: 'code'; code: string } | { kind: 'card_number' } | { kind: 'too_long' }

/** A terminal's approval code. Thirteen digits are a card number, which must not be kept anywhere. */
export function approvalOf(typed: string): Approval {
  const code = typed.toUpperCase().replace(/[^0-9A-Z]/g, '')
  if (code.replace(/\D/g, '').length >= MIN_CARD_DIGITS) return { kind: 'card_number' }
  return code.length > 25 ? { kind: 'too_long' } : { kind: 'code', code }
}

/** The producer's own account when all goods are theirs and they have one, otherwise the booth's. */
export function accountFor(
  accounts: readonly AccountOnTill[],
  producerIds: readonly string[],
): AccountOnTill | undefined {
  const owners = new Set(producerIds)
  const only = owners.size === 1 ? [...owners][0] : undefined
  const theirs = only === undefined ? undefined : accounts.find((account) => account.producer_id === only)
  return theirs ?? accounts.find((account) => account.producer_id === null)
}
