// Weights are whole grams. What is typed is text, since "0,5" is on its way to "0,575".
import { MAX_GRAMS } from './line'

export type WeightUnit = 'g' | 'kg'
export type WeightKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '000' | ',' | 'back'

export const QUICK_GRAMS = [100, 250, 500, 1000] as const

const PARTS = /^(\d*)(?:,(\d{0,3}))?$/

/** A key that makes no weight, or one past the limit, is ignored. */
export function typeWeight(text: string, unit: WeightUnit, key: WeightKey): string {
  if (key === 'back') return text.slice(0, -1)
  if (key === ',') return unit === 'g' || text.includes(',') ? text : `${text === '' ? '0' : text},`
  const next = (text === '0' ? '' : text) + key
  const tidy = unit === 'g' || !next.includes(',') ? next.replace(/^0+(?=\d)/, '') : next
  if (!PARTS.test(tidy)) return text
  return gramsOf(tidy, unit) > MAX_GRAMS ? text : tidy
}

/** "0,575" kg -> 575; nothing typed is nothing. */
export function gramsOf(text: string, unit: WeightUnit): number {
  const found = PARTS.exec(text)
  if (found === null) return 0
  const whole = Number(found[1] || '0')
  return unit === 'g' ? whole : whole * 1000 + Number((found[2] ?? '').padEnd(3, '0'))
}

/** 575 -> "0,575 kg"; the comma is Vietnam's decimal point. */
export function writtenWeight(grams: number): string {
  return `${Math.floor(grams / 1000)},${String(grams % 1000).padStart(3, '0')} kg`
}

/** What was typed, in the other unit. */
export function inUnit(grams: number, unit: WeightUnit): string {
  if (grams === 0) return ''
  if (unit === 'g') return String(grams)
  return writtenWeight(grams).slice(0, -3).replace(/,?0+$/, '')
}
