import { describe, expect, test } from 'vitest'
import { en } from '../src/words/en'
import { payVi } from '../src/words/pay.vi'
import { sellVi } from '../src/words/sell.vi'
import { vi } from '../src/words/vi'

const MOST_WORDS = 14
const PROBE: Record<string, unknown[]> = {
  clockWrong: ['15 ngày'],
  refusedOther: ['http_404'],
  missing: ['137.000 ₫'],
  sumToday: [12, 2, '137.000 ₫'],
  bringNear: [12, 25],
}

/** Every sentence of a catalogue, functions called with plausible facts. */
function sentences(catalogue: Record<string, unknown>): [string, string][] {
  return Object.entries(catalogue).flatMap(([key, value]): [string, string][] => {
    if (typeof value === 'string') return [[key, value]]
    if (typeof value === 'function')
      return [[key, (value as (...facts: unknown[]) => string)(...(PROBE[key] ?? [12, 25]))]]
    return sentences(value as Record<string, unknown>).map(([inner, text]) => [`${key}.${inner}`, text])
  })
}

describe.each([
  ['vi', vi],
  ['en', en],
])('%s', (_name, catalogue) => {
  test.each(sentences(catalogue))('%s', (_key, text) => {
    expect(text.trim()).not.toBe('')
    expect(text).toBe(text.normalize('NFC'))
    expect(text).not.toContain('undefined')
    // Fourteen words are what a hurried reader takes in; names that are put in are not counted against the sentence.
    expect(text.split(/\s+/).length).toBeLessThanOrEqual(MOST_WORDS)
  })
})

test('selling and paying name different things differently', () => {
  // Spread into one catalogue, the later of two equal keys would win without a word.
  const all = new Set([...Object.keys(sellVi), ...Object.keys(payVi)])
  expect(Object.keys(sellVi).filter((key) => key in payVi)).toEqual([])
  expect([...all].filter((key) => vi[key as keyof typeof vi] !== { ...sellVi, ...payVi }[key as 'park'])).toEqual([])
})

test('both catalogues know the same refusals', () => {
  expect(Object.keys(en.refusals).sort()).toEqual(Object.keys(vi.refusals).sort())
})
