// Digits typed one by one become a number; the keypad shows it with dots at once.

export type Key = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '000' | 'back' | 'clear'

/** A key that would pass the limit is ignored: it was a finger left lying on the glass. */
export function typeKey(value: number, key: Key, limit: number): number {
  if (key === 'clear') return 0
  if (key === 'back') return Math.floor(value / 10)
  const next = value * 10 ** key.length + Number(key)
  return next > limit ? value : next
}
