// The tablet's receipt says what the server's says; tests/receipts/test_wording.py holds the server to the same file.
import type { ComponentChildren, VNode } from 'preact'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test, vi as vitest } from 'vitest'
import { paidRows, paperKind, paperLine, type PaperRow, sumRows } from '../src/rules/receipt_lines'
import type { RefundCommand, SaleCommand, TransferState } from '../src/wire.gen'
import { paperEn } from '../src/words/paper.en'
import { paperVi } from '../src/words/paper.vi'
import { MOMENT, NOW, priceList, uuid } from './builders'

interface Says {
  title: string
  original: string | null
  lines: [string, string, string, string | null, string | null][]
  sums: [string, string][]
  total: string
  paid: [string, string][]
  copy?: string
  sample?: string
  in_words?: string
  scan?: string
  check?: string
  no_invoice?: string
}

type Given = (SaleCommand | RefundCommand) & {
  states: Record<string, TransferState['state']>
  says: Partial<Record<'vi' | 'en', Says>>
}

const { receipts, never } = JSON.parse(
  readFileSync(new URL('../../tests/vectors/receipt_lines.json', import.meta.url), 'utf-8'),
) as { receipts: Given[]; never: string[] }
const WORDS = { vi: paperVi, en: paperEn }
const cases = receipts.flatMap((given, nth) =>
  (['vi', 'en'] as const).flatMap((language) => {
    const says = given.says[language]
    return says === undefined ? [] : [{ name: `receipt ${nth + 1} in ${language}`, given, language, says }]
  }),
)
const pairs = (rows: PaperRow[]) => rows.map(({ word, amount }) => [word, amount])

describe.each(cases)('$name', ({ given, language, says }) => {
  const say = WORDS[language]
  test('every line, sum and tender', () => {
    const lines = given.lines.map((line) => paperLine(line, say))
    expect(
      lines.map((one) => [
        one.name,
        one.priced.word,
        one.priced.amount,
        one.discount?.word ?? null,
        one.discount?.amount ?? null,
      ]),
    ).toEqual(says.lines)
    expect(pairs(sumRows(given, say))).toEqual(says.sums)
    expect(pairs(paidRows(given.payments, (no) => given.states[no] ?? null, say))).toEqual(says.paid)
  })
  test('what kind of paper it is', () => {
    const kind = paperKind(given)
    expect(say.titles[kind]).toBe(says.title)
    expect(kind === 'sale' ? null : say.originals[kind]).toBe(says.original)
    expect(given.kind === 'refund' ? say.paidBack : say.total).toBe(says.total)
  })
})

test.each(cases.slice(0, 2))('$name: the words around it', ({ language, says }) => {
  const say = WORDS[language]
  expect([say.copyOf('2'), say.sample, say.inWords, say.scan, say.checkDigits, say.notInvoice]).toEqual([
    says.copy,
    says.sample,
    says.in_words,
    says.scan,
    says.check,
    says.no_invoice,
  ])
})

describe('the whole paper', () => {
  let Paper: typeof import('../src/parts/paper').Paper
  let device: typeof import('../src/state/device')

  beforeAll(async () => {
    vitest.useFakeTimers({ toFake: ['setInterval'] })
    vitest.stubGlobal('document', { documentElement: { dataset: {} } })
    vitest.stubGlobal('navigator', {})
    ;({ Paper } = await import('../src/parts/paper'))
    device = await import('../src/state/device')
    device.priceList.value = priceList(1)
    return () => {
      vitest.useRealTimers()
      vitest.unstubAllGlobals()
    }
  })

  /** Every letter of it; the code is a picture. */
  function textOf(node: ComponentChildren): string {
    if (Array.isArray(node)) return node.map(textOf).join('')
    if (node === null || typeof node !== 'object') return typeof node === 'boolean' ? '' : String(node ?? '')
    const { type, props } = node as VNode<{ children?: ComponentChildren; label?: string }>
    if (typeof type !== 'function') return `${textOf(props.children)}\n`
    return type.name === 'Qr' ? '' : textOf((type as (props: object) => ComponentChildren)(props))
  }
  const common = { v: 1, id: uuid(), clock_offset_ms: 0, device_at: new Date(NOW).toISOString(), receipt_number: 'A-1' }
  const paper = (given: Given) =>
    textOf(Paper({ command: { ...common, ...given } as SaleCommand, hash: '0123456789', originalNumber: 'A-0' }))

  test.each(receipts.map((given, nth) => ({ nth, given })))('$nth says nothing it must not', ({ given }) => {
    const text = paper(given)
    for (const word of never) expect(text).not.toContain(word)
    expect(text).toContain('Phiếu này không phải hóa đơn.')
    expect(text).toContain('Bằng chữ: ')
    expect(text).toContain('01234567')
    expect(text).toContain(given.says.vi!.title)
    for (const row of [...given.says.vi!.lines, ...given.says.vi!.sums])
      for (const said of row) if (said !== null) expect(text).toContain(said)
  })
  test('after midnight the day is the calendar’s', () => {
    const late = { ...receipts[0]!, fair_day: '2026-11-24', device_at: '2026-11-24T18:30:00.000Z' }
    expect(MOMENT.dayBoundaryMinutes).toBeGreaterThan(90)
    expect(paper(late)).toContain('25/11/2026 01:30')
  })
  test('a sample says that it is one', () => {
    expect(paper(receipts[0]!)).not.toContain('dữ liệu mẫu')
    device.priceList.value = { ...priceList(1), edition: { ...priceList(1).edition, sample: true } }
    expect(paper(receipts[0]!)).toContain('dữ liệu mẫu')
  })
})
