// The drawer to the đồng (pain 15) and till sessions in the ledger.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { commandsOfSession, markStored, readDrawer, recordCommand, Refusal, refundsOf } from '../src/ledger/sales'
import { openLedger, type TillDb } from '../src/ledger/schema'
import type { AnyCommand } from '../src/rules/command'
import {
  closingFields,
  countedOf,
  differenceOf,
  expectedCard,
  expectedCash,
  needsSecondPerson,
  sessionOf,
  unconfirmedOf,
  withNote,
} from '../src/rules/drawer'
import { fits } from '../src/rules/find'
import { cameBack, giveBack, originalMix, originalOf, buildRefund, paidUnseen } from '../src/rules/refund'
import { commonOf, type ChainPlace } from '../src/rules/sale'
import { cardPart, cashPart, transferPart, type Part } from '../src/rules/tender'
import { slipOf } from '../src/rules/z_slip'
import { vi } from '../src/words/vi'
import type { RefundCommand, SaleCommand, TillClosedCommand } from '../src/wire.gen'
import { composeSale, MOMENT, NOW, product, uuid } from './builders'

const BY = { letter: 'A', boothId: uuid(), personId: uuid(), appVersion: '1' }
const MORNING = uuid()
const at = (seq: number, session: string | null = MORNING): ChainPlace => ({
  seq,
  counter: seq,
  tillSessionId: session,
  zNumber: 1,
})
const common = (seq: number, session = MORNING) => commonOf(uuid(), BY, MOMENT, at(seq, session))

const opened = (dong: number, session = MORNING): AnyCommand => ({
  kind: 'till_opened',
  ...common(1, session),
  notes: [{ note_dong: 100_000, count: dong / 100_000 }],
  float_dong: dong,
})
const moved = (direction: 'in' | 'out', dong: number): AnyCommand => ({
  kind: 'cash_moved',
  ...common(1),
  direction,
  amount_dong: dong,
  reason: 'x',
})
function sold(dong: number, parts: Part[], session = MORNING): SaleCommand {
  const sale = composeSale(uuid(), at(1, session), [product({ price_dong: dong / 2 })])
  return { ...sale, payments: parts.map(({ seen: _s, lastDigits: _d, ...one }) => one) }
}
function refunded(sale: SaleCommand): RefundCommand {
  const original = originalOf(sale, [])
  const counts = sale.lines.map((line) => line.quantity)
  const payments = originalMix(original, giveBack(original, counts, 0).totalDong)
  const draft = { id: uuid(), receiptToken: 'x'.repeat(22) }
  return buildRefund({ draft, original, counts, payments, reason: 'x', secondPersonId: null }, 0, 1, BY, MOMENT, at(1))
}
const session = (...commands: AnyCommand[]) => sessionOf(commands)!

describe('expected cash', () => {
  test('change is not counted: 200.000 for 137.000 leaves 137.000', () =>
    expect(expectedCash(session(opened(500_000), sold(137_000, [cashPart(137_000, 200_000)])))).toBe(637_000))
  test('a refund takes out, it does not add', () => {
    const sale = sold(100_000, [cashPart(100_000)])
    expect(expectedCash(session(opened(500_000), sale, refunded(sale)))).toBe(500_000)
  })
  test('cash in adds, cash out takes', () =>
    expect(expectedCash(session(opened(500_000), moved('in', 200_000), moved('out', 50_000)))).toBe(650_000))
  test('transfer and card never touch the drawer', () => {
    const sale = sold(300_000, [
      cashPart(100_000, 200_000),
      transferPart(150_000, 'OCP', null, false),
      cardPart(50_000, ''),
    ])
    const one = session(opened(0), sale)
    expect(expectedCash(one)).toBe(100_000)
    expect(expectedCard(one)).toBe(50_000)
    expect(one.sold).toEqual({ cashDong: 100_000, transferDong: 150_000, cardDong: 50_000 })
  })
  test('the golden day', () => {
    const back = sold(80_000, [cashPart(80_000, 100_000)])
    const day = session(
      opened(1_000_000),
      sold(612_000, [cashPart(612_000, 700_000)]),
      back,
      sold(137_000, [cashPart(37_000, 50_000), transferPart(100_000, 'OCP7K3Q9X2', null, true)]),
      refunded(back),
      moved('out', 300_000),
      moved('in', 20_000),
    )
    expect(expectedCash(day)).toBe(1_000_000 + 612_000 + 80_000 + 37_000 - 80_000 - 300_000 + 20_000)
  })
  test('the afternoon does not count the morning again', () => {
    const noon = uuid()
    const all = [opened(100_000), sold(50_000, [cashPart(50_000)]), opened(100_000, noon)]
    const afternoon = all.filter((one) => one.till_session_id === noon)
    expect(expectedCash(sessionOf(afternoon)!)).toBe(100_000)
    expect(() => sessionOf(all)).toThrow(RangeError)
  })
  test('any day: the formula, and what is seen is not unconfirmed', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.constantFrom('sell', 'in', 'out', 'back'), fc.integer({ min: 1, max: 10 ** 7 }), fc.nat(100)),
        ),
        (deeds) => {
          const commands: AnyCommand[] = [opened(1_000_000)]
          let cash = 1_000_000
          let claimed = 0
          for (const [deed, half, percent] of deeds) {
            const dong = half * 2
            if (deed === 'in' || deed === 'out') {
              commands.push(moved(deed, dong))
              cash += deed === 'in' ? dong : -dong
            } else {
              const inCash = Math.floor((dong * percent) / 100)
              const parts = [cashPart(inCash, inCash + 5_000)]
              if (dong > inCash) parts.push(transferPart(dong - inCash, 'OCP', null, false))
              const sale = sold(dong, parts)
              commands.push(sale)
              cash += inCash
              // What was taken back goes back by transfer: nothing of it is waited for any more.
              if (deed !== 'back') claimed += dong - inCash
              if (deed === 'back') {
                commands.push(refunded(sale))
                cash -= inCash
              }
            }
          }
          const one = session(...commands)
          expect(expectedCash(one)).toBe(cash)
          expect(unconfirmedOf(one).reduce((sum, { amountDong }) => sum + amountDong, 0)).toBe(claimed)
        },
      ),
    ))
})

describe('what became of a sale', () => {
  test('cancelled, all or a part of it back', () => {
    const sale = sold(100_000, [cashPart(100_000)])
    const all = refunded(sale)
    const half = { ...all, whole: false, lines: all.lines.map((line) => ({ ...line, quantity: 1 })) }
    expect(sale.lines.map((line) => line.quantity)).toEqual([2])
    expect(cameBack(sale, [])).toBeNull()
    expect(cameBack(sale, [all])).toBe('cancelled')
    expect(cameBack(sale, [half])).toBe('part_back')
    expect(cameBack(sale, [half, half])).toBe('all_back')
  })
  test('cash for a transfer is asked about while nobody has seen the money', () => {
    const original = originalOf(sold(100_000, [cashPart(40_000), transferPart(60_000, 'OCP', null, false)]), [])
    expect(paidUnseen(original, () => false)).toBe(true)
    expect(paidUnseen(original, (paymentNo) => paymentNo === 2)).toBe(false)
    expect(paidUnseen(originalOf(sold(100_000, [cashPart(100_000)]), []), () => false)).toBe(false)
  })
})

describe('transfers that nobody has seen', () => {
  const claimedSale = () => sold(100_000, [transferPart(100_000, 'OCP', null, false)])
  const back = (sale: SaleCommand, method: 'cash' | 'transfer', dong: number): RefundCommand => ({
    ...refunded(sale),
    payments: [{ method, amount_dong: dong, tendered_dong: dong, change_dong: 0 }],
  })
  const waits = (...commands: AnyCommand[]) =>
    unconfirmedOf(session(opened(0), ...commands)).map((one) => one.amountDong)
  const seen = (sale: SaleCommand): AnyCommand => ({
    kind: 'transfer_seen',
    ...common(1),
    sale_id: sale.id,
    payment_no: 1,
  })
  test('a sale taken back whole waits for nothing, a part of it for the rest', () => {
    const sale = claimedSale()
    expect(waits(sale)).toEqual([100_000])
    expect(waits(sale, refunded(sale))).toEqual([])
    expect(waits(sale, back(sale, 'transfer', 30_000))).toEqual([70_000])
    expect(waits(sale, back(sale, 'transfer', 30_000), back(sale, 'transfer', 70_000))).toEqual([])
  })
  test('another sale still waits', () => {
    const [one, other] = [claimedSale(), claimedSale()]
    expect(waits(one, refunded(one), other)).toEqual([100_000])
  })
  test('cash given back for money that never came leaves it missing', () => {
    const sale = claimedSale()
    expect(waits(sale, back(sale, 'cash', 100_000))).toEqual([100_000])
  })
  test('what is paid back is taken from money that arrived first', () => {
    const sale = sold(100_000, [transferPart(60_000, 'OCP', null, false), transferPart(40_000, 'OCQ', null, false)])
    expect(waits(sale, seen(sale), back(sale, 'transfer', 60_000))).toEqual([40_000])
    expect(waits(sale, seen(sale), back(sale, 'transfer', 75_000))).toEqual([25_000])
  })
  test('the slip says what arrived, and what still waits', () => {
    const [gone, there, open] = [claimedSale(), claimedSale(), claimedSale()]
    const day = session(opened(0), gone, refunded(gone), there, seen(there), open)
    const closing = { session: day, notes: [], countedCardDong: 0, explanation: '', secondPersonId: null }
    const command: TillClosedCommand = { kind: 'till_closed', ...common(9), z_number: 1, ...closingFields(closing, 0) }
    const names = { edition: 'x', booth: 'x', tablet: 'A', person: 'x', second: '' }
    const rows = slipOf(command, day, names, new Set(), 0, vi).rows
    const value = (label: string) => rows.filter((row) => row.label === label).map((row) => row.value)
    expect(value(vi.zDifference)).toEqual(['khớp', 'khớp'])
    const over: TillClosedCommand = { ...command, counted_dong: 95_000 }
    const short: TillClosedCommand = { ...command, counted_card_dong: -5_000 }
    const differences = (one: TillClosedCommand) =>
      slipOf(one, day, names, new Set(), 0, vi)
        .rows.filter((row) => row.label === vi.zDifference)
        .map((row) => row.value)
    expect(differences(over)).toEqual(['thừa 95.000 ₫', 'khớp'])
    expect(differences(short)).toEqual(['khớp', 'thiếu 5.000 ₫'])
    expect(value(vi.zConfirmed)).toEqual(['100.000 ₫'])
    expect(value(vi.zClaimed)).toEqual(['100.000 ₫'])
  })
})

describe('closing', () => {
  const day = session(opened(500_000), sold(100_000, [cashPart(100_000)]))
  const closing = (dong: number, explanation = '', secondPersonId: string | null = null) =>
    closingFields(
      {
        session: day,
        notes: [{ note_dong: 1_000, count: dong / 1_000 }],
        countedCardDong: 0,
        explanation,
        secondPersonId,
      },
      50_000,
    )
  test('names what it covers', () =>
    expect(closing(600_000)).toMatchObject({
      counted_dong: 600_000,
      expected_dong: 600_000,
      first_number: 'A-261124-001',
      last_number: 'A-261124-001',
      sale_count: 1,
    }))
  test('a difference needs a reason, a large one a second person', () => {
    expect(() => closing(590_000)).toThrow(RangeError)
    expect(closing(590_000, 'Thối nhầm').explanation).toBe('Thối nhầm')
    expect(() => closing(549_000, 'Chưa rõ')).toThrow(RangeError)
    expect(closing(549_000, 'Chưa rõ', uuid()).second_person_id).toBeTruthy()
    expect(needsSecondPerson(differenceOf(day, 550_000, 0), 50_000)).toBe(false)
    expect(needsSecondPerson(differenceOf(day, 600_000, 60_000), 50_000)).toBe(true)
  })
  test('notes', () => {
    const notes = withNote(withNote(withNote([], 500_000, 2), 1_000, 3), 500_000, 1)
    expect(notes).toEqual([
      { note_dong: 500_000, count: 1 },
      { note_dong: 1_000, count: 3 },
    ])
    expect(countedOf(notes)).toBe(503_000)
    expect(withNote(notes, 500_000, 0)).toHaveLength(1)
  })
  test('the slip is made from the commands alone: twice the same letters', () => {
    const command: TillClosedCommand = { kind: 'till_closed', ...common(9), z_number: 3, ...closing(600_000) }
    const names = { edition: 'Hội chợ', booth: 'A1', tablet: 'A', person: 'Mai', second: '' }
    const draw = () => JSON.stringify(slipOf(command, day, names, new Set(), 2, vi))
    expect(draw()).toBe(draw())
    expect(draw()).toContain('Phiếu kết ca Z số 3')
    expect(draw()).toContain('600.000 ₫')
  })
})

test('a receipt is found by sum, time and number', () => {
  const one = { number: 'A-261124-012', clock: '09:42', totalDong: 137_000 }
  for (const typed of ['', '137', '137.000', '9:4', '09:42', '012', 'a-261124']) expect(fits(one, typed)).toBe(true)
  for (const typed of ['138', '10:', 'B-', 'mật']) expect(fits(one, typed)).toBe(false)
})

describe('till sessions in the ledger', () => {
  const DEVICE = uuid()
  let db: TillDb
  beforeEach(async () => {
    globalThis.indexedDB = new IDBFactory()
    db = await openLedger()
  })
  afterEach(() => db.close())

  const write = (compose: (place: ChainPlace, id: string) => AnyCommand | Promise<AnyCommand>, numbered = false) => {
    const id = uuid()
    return recordCommand(db, {
      id,
      deviceId: DEVICE,
      fairDay: '2026-11-24',
      nowMs: NOW,
      numbered,
      emptiesCart: false,
      compose: (place) => compose(place, id),
    })
  }
  const open = () =>
    write((place, id) => {
      if (place.tillSessionId !== null) throw new Refusal('open')
      return {
        kind: 'till_opened',
        ...commonOf(id, BY, MOMENT, place),
        till_session_id: uuid(),
        notes: [],
        float_dong: 0,
      }
    })
  const sell = () => write((place, id) => composeSale(id, place), true)
  const close = () =>
    write(async (place, id) => {
      if (place.tillSessionId === null) throw new Refusal('closed')
      const one = sessionOf(await commandsOfSession(db, place.tillSessionId))!
      const fields = closingFields(
        {
          session: one,
          notes: [{ note_dong: 1, count: expectedCash(one) }],
          countedCardDong: 0,
          explanation: '',
          secondPersonId: null,
        },
        0,
      )
      return { kind: 'till_closed', ...commonOf(id, BY, MOMENT, place), z_number: place.zNumber, ...fields }
    })
  const textOf = async <T>(stored: Promise<{ text: string }>): Promise<T> => JSON.parse((await stored).text) as T

  test('each sale belongs to exactly one session, closings skip and repeat nothing, Z has no gap', async () => {
    const before = await textOf<SaleCommand>(sell())
    expect(before.till_session_id).toBeUndefined()
    const closings: TillClosedCommand[] = []
    for (let round = 0; round < 3; round++) {
      await open()
      await Promise.all(Array.from({ length: 4 + round }, sell))
      closings.push(await textOf<TillClosedCommand>(close()))
    }
    expect(closings.map((one) => one.z_number)).toEqual([1, 2, 3])
    expect(closings.map((one) => one.sale_count)).toEqual([4, 5, 6])
    expect(closings.map((one) => one.first_number)).toEqual(['A-261124-002', 'A-261124-006', 'A-261124-011'])
    expect(closings.map((one) => one.last_number)).toEqual(['A-261124-005', 'A-261124-010', 'A-261124-016'])
    expect((await readDrawer(db, DEVICE)).session_id).toBeNull()
  })
  test('a sale that races the closing is either covered by it or outside of the session, never between', async () => {
    for (let round = 0; round < 10; round++) {
      await open()
      const both = [sell(), close(), sell()]
      if (round % 2 === 1) both.reverse()
      await Promise.all(both)
    }
    const all = (await db.getAllFromIndex('sales', 'by_seq')).map((one) => JSON.parse(one.text) as AnyCommand)
    for (const closing of all.filter((one) => one.kind === 'till_closed')) {
      const covered = all.filter((one) => one.kind === 'sale' && one.till_session_id === closing.till_session_id)
      expect(covered.every((one) => one.seq < closing.seq)).toBe(true)
      expect(covered.length).toBe(closing.sale_count)
    }
  })
  test('opened twice, closed twice: refused, and nothing is written', async () => {
    await open()
    await expect(open()).rejects.toBeInstanceOf(Refusal)
    await close()
    await expect(close()).rejects.toBeInstanceOf(Refusal)
    expect(await db.count('outbox')).toBe(2)
  })
  test('ten taps on "give back" at once never give more than was sold', async () => {
    const sale = await textOf<SaleCommand>(sell())
    const back = () =>
      write(async (place, id) => {
        const before = (await refundsOf(db, sale.id)).map((one) => JSON.parse(one.text) as RefundCommand)
        const original = originalOf(sale, before)
        try {
          const payments = originalMix(original, giveBack(original, [1], 0).totalDong)
          const draft = { id, receiptToken: 'x'.repeat(22) }
          return buildRefund(
            { draft, original, counts: [1], payments, reason: 'x', secondPersonId: null },
            0,
            1,
            BY,
            MOMENT,
            place,
          )
        } catch (cause) {
          throw new Refusal('more than is left', { cause })
        }
      }, true)
    const ends = await Promise.allSettled(Array.from({ length: 10 }, back))
    expect(ends.filter((one) => one.status === 'fulfilled')).toHaveLength(2)
    expect(await refundsOf(db, sale.id)).toHaveLength(2)
  })
  test('marks beside a command leave its text and its place alone', async () => {
    const sale = await sell()
    await markStored(db, sale.id, { printed: 1 })
    expect(await db.get('sales', sale.id)).toEqual({ ...sale, printed: 1 })
  })
})
