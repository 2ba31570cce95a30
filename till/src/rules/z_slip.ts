// The Z slip as rows of text, frozen when the drawer is closed: printing it again gives the same letters.
import type { TillClosedCommand } from '../wire.gen'
import type { Words } from '../words/vi'
import { arrivedOf, differenceOf, expectedCard, type Session, unconfirmedOf } from './drawer'
import { localClock, writtenDay } from './fair_day'
import { formatDong, formatNumber } from './price'

export interface SlipRow {
  label: string
  value: string
  kind: 'head' | 'row' | 'sum'
}

export interface Slip {
  title: string
  rows: SlipRow[]
}

export interface SlipNames {
  edition: string
  booth: string
  tablet: string
  person: string
  second: string
}

/** Too much and too little are two different mishaps: a sign alone is misread. */
export function saidDifference(dong: number, say: Words): string {
  if (dong === 0) return say.fits
  return dong > 0 ? say.overBy(formatDong(dong)) : say.shortBy(formatDong(-dong))
}

export function slipOf(
  command: TillClosedCommand,
  session: Session,
  names: SlipNames,
  confirmed: ReadonlySet<string>,
  parkedCarts: number,
  say: Words,
): Slip {
  const rows: SlipRow[] = []
  const row = (label: string, value: string, kind: SlipRow['kind'] = 'row') => rows.push({ label, value, kind })
  const money = (label: string, dong: number, kind: SlipRow['kind'] = 'row') => row(label, formatDong(dong), kind)
  const closedAtMs = Date.parse(command.device_at) + command.clock_offset_ms
  const counted = command.counted_dong
  const countedCard = command.counted_card_dong ?? 0
  const difference = differenceOf(session, counted, countedCard)

  row(names.edition, '', 'head')
  row(say.booth, names.booth)
  row(say.zTablet, names.tablet)
  row(say.zOpened, localClock(session.openedAtMs))
  row(say.zClosed, `${localClock(closedAtMs)} ${writtenDay(command.fair_day)}`)
  row(say.seller, names.person)
  if (names.second !== '') row(say.secondPerson, names.second)

  row(say.zCovers, '', 'head')
  row(say.zDocuments, formatNumber(command.sale_count ?? 0))
  row(say.zNumbers, command.first_number === '' ? '–' : `${command.first_number} → ${command.last_number}`)
  if (parkedCarts > 0) row(say.zParked, formatNumber(parkedCarts))

  row(say.cash, '', 'head')
  money(say.zFloat, session.floatDong)
  money(say.zSold, session.sold.cashDong)
  money(say.zGivenBack, -session.givenBack.cashDong)
  money(say.cashIn, session.inDong)
  money(say.cashOut, -session.outDong)
  money(say.zExpected, command.expected_dong, 'sum')
  money(say.zCounted, counted, 'sum')
  row(say.zDifference, saidDifference(difference.cashDong, say), 'sum')
  for (const { note_dong, count } of command.notes)
    row(`${formatNumber(note_dong)} × ${formatNumber(count)}`, formatDong(note_dong * count))

  row(say.card, '', 'head')
  money(say.zSold, session.sold.cardDong)
  money(say.zGivenBack, -session.givenBack.cardDong)
  money(say.zExpected, expectedCard(session), 'sum')
  money(say.zCounted, countedCard, 'sum')
  row(say.zDifference, saidDifference(difference.cardDong, say), 'sum')

  row(say.transfer, '', 'head')
  money(say.zSold, session.sold.transferDong)
  money(say.zGivenBack, -session.givenBack.transferDong)
  const open = unconfirmedOf(session, confirmed)
  const unconfirmed = open.reduce((sum, one) => sum + one.amountDong, 0)
  money(say.zConfirmed, arrivedOf(session, confirmed))
  money(say.zClaimed, unconfirmed, 'sum')
  for (const { receiptNumber, amountDong } of open) row(receiptNumber, formatDong(amountDong))

  if (session.moves.length > 0) row(say.zMoves, '', 'head')
  for (const { direction, amountDong, reason, atMs } of session.moves)
    row(`${localClock(atMs)} ${reason}`, formatDong(direction === 'in' ? amountDong : -amountDong))
  if ((command.explanation ?? '') !== '') {
    row(say.zExplained, '', 'head')
    row(command.explanation ?? '', '')
  }
  return { title: say.zTitle(command.z_number), rows }
}
