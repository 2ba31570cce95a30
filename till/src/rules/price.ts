// Whole đồng as JavaScript integers; everything stays far below 2^53 (wire.py bounds every amount by 10^13).

export const MAX_AMOUNT_DONG = 10 ** 13
export const MAX_PRICE_DONG = 10 ** 9
export const MAX_QUANTITY = 100_000
export const MAX_LINES = 200

/** 1234567 -> "1.234.567 ₫", -9000 -> "−9.000 ₫" */
export const formatDong = (dong: number): string => `${formatNumber(dong)} ₫`

export function formatNumber(whole: number): string {
  const digits = String(Math.abs(whole)).replace(/\B(?=(\d{3})+$)/g, '.')
  return whole < 0 ? `−${digits}` : digits // U+2212, as on the server's papers
}

/** Splits a total by weights so that the shares add up to it; the đồng left over go to the largest remainders, ties to the earlier. */
export function shares(total: number, weights: readonly number[]): number[] {
  // total × weight passes 2^53, so this one place counts in BigInt.
  const sum = weights.reduce((a, w) => a + BigInt(w), 0n)
  if (sum <= 0n) throw new RangeError('weights add up to nothing')
  const products = weights.map((w) => BigInt(total) * BigInt(w))
  const result = products.map((p) => p / sum)
  const left = Number(BigInt(total) - result.reduce((a, b) => a + b, 0n))
  products
    .map((p, at) => ({ rest: p % sum, at }))
    .sort((a, b) => (a.rest === b.rest ? a.at - b.at : a.rest > b.rest ? -1 : 1))
    .slice(0, left)
    .forEach(({ at }) => (result[at] = (result[at] ?? 0n) + 1n))
  return result.map(Number)
}
