// VietQR: what a buyer's bank app reads off the glass. Layout and limits are those of NAPAS' format 1.0 (9/2021).
// Builder, parser and CRC are our own sixty lines: the published libraries write codes that banks cannot read.

const NAPAS = 'A000000727'
const VND = '704'
export const MAX_NOTE = 25
export const MAX_ACCOUNT = 19
const MAX_AMOUNT_DIGITS = 13

export interface Transfer {
  bankBin: string
  account: string
  toCard: boolean
  /** One payment of a known amount; without an amount the code can be used again and again. */
  amountDong: number | null
  billNo: string
  note: string
}

export type Read = { kind: 'read'; transfer: Transfer } | { kind: 'refused'; why: string }

class Misprint extends Error {}

const misprint = (why: string): never => {
  throw new Misprint(why)
}

/** CRC-16/CCITT-FALSE over UTF-8, four upper-case digits: "123456789" -> "29B1" */
export function crc16(text: string): string {
  let crc = 0xffff
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
  }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}

function object(id: string, value: string): string {
  if (value.length < 1 || value.length > 99) throw new RangeError(`length of ${id}`)
  return id + String(value.length).padStart(2, '0') + value
}

export function buildVietQr({ bankBin, account, toCard, amountDong, billNo, note }: Transfer): string {
  if (!/^\d{6}$/.test(bankBin)) throw new RangeError('bank')
  if (!/^[0-9A-Za-z]{1,19}$/.test(account)) throw new RangeError('account')
  if (amountDong !== null && !(Number.isSafeInteger(amountDong) && amountDong > 0 && amountDong < 10 ** 13))
    throw new RangeError('amount')
  // Banks strip or refuse everything but letters, digits and spaces.
  for (const text of [billNo, note]) if (!/^[0-9A-Za-z ]{0,25}$/.test(text)) throw new RangeError('note')
  const beneficiary = object('00', bankBin) + object('01', account)
  const more = (billNo === '' ? '' : object('01', billNo)) + (note === '' ? '' : object('08', note))
  const body =
    object('00', '01') +
    object('01', amountDong === null ? '11' : '12') +
    object('38', object('00', NAPAS) + object('01', beneficiary) + object('02', toCard ? 'QRIBFTTC' : 'QRIBFTTA')) +
    object('53', VND) +
    (amountDong === null ? '' : object('54', String(amountDong))) +
    object('58', 'VN') +
    (more === '' ? '' : object('62', more)) +
    '6304'
  return body + crc16(body)
}

function objects(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (let at = 0; at < text.length;) {
    const head = /^(\d\d)(\d\d)/.exec(text.slice(at, at + 4)) ?? misprint('object')
    const [id, length] = [head[1]!, Number(head[2])]
    const value = text.slice(at + 4, at + 4 + length)
    if (length === 0 || value.length !== length) misprint(`length of ${id}`)
    if (found.has(id)) misprint(`${id} twice`)
    found.set(id, value)
    at += 4 + length
  }
  return found
}

function amountOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const whole = /^(\d+)(?:\.0*)?$/.exec(text)
  if (whole === null || text.length > MAX_AMOUNT_DIGITS || Number(whole[1]) === 0) return misprint('amount')
  return Number(whole[1])
}

function read(payload: string): Transfer {
  if (!payload.startsWith('000201')) misprint('format')
  const crcAt = payload.length - 8
  if (payload.slice(crcAt, crcAt + 4) !== '6304') misprint('no checksum')
  // MB Bank writes its checksum in small letters.
  if (payload.slice(-4).toUpperCase() !== crc16(payload.slice(0, -4))) misprint('checksum')
  const all = objects(payload)
  if (all.get('53') !== VND || all.get('58') !== 'VN') misprint('currency')
  const method = all.get('01')
  if (method !== '11' && method !== '12') misprint('method')
  const template = objects(all.get('38') ?? misprint('no beneficiary'))
  if (template.get('00') !== NAPAS) misprint('network')
  const service = template.get('02')
  if (service !== 'QRIBFTTA' && service !== 'QRIBFTTC') misprint('service')
  const beneficiary = objects(template.get('01') ?? misprint('no beneficiary'))
  const [bankBin, account] = [beneficiary.get('00') ?? '', beneficiary.get('01') ?? '']
  if (!/^\d{6}$/.test(bankBin)) misprint('bank')
  if (!/^[0-9A-Za-z]{1,19}$/.test(account)) misprint('account')
  const more = all.has('62') ? objects(all.get('62')!) : new Map<string, string>()
  const [billNo, note] = [more.get('01') ?? '', more.get('08') ?? '']
  if (billNo.length > MAX_NOTE || note.length > MAX_NOTE) misprint('note')
  return { bankBin, account, toCard: service === 'QRIBFTTC', amountDong: amountOf(all.get('54')), billNo, note }
}

/** Any order of objects is read; a length or checksum that does not fit is refused, never guessed at. */
export function readVietQr(payload: string): Read {
  try {
    return { kind: 'read', transfer: read(payload) }
  } catch (error) {
    if (error instanceof Misprint) return { kind: 'refused', why: error.message }
    throw error
  }
}

/** "0011012345678" -> "5678": what the seller reads aloud and the buyer sees in the bank app. */
export const lastDigits = (account: string): string => account.slice(-4)
