// What a buyer is likely to hand over, and what to give back.

const NOTES = [10_000, 50_000, 100_000, 200_000, 500_000]
/** More than this many times the total is asked about once: 1.370.000 typed for 137.000. */
export const PLAUSIBLE_TIMES = 10

/**
 * Up to four amounts above the total: it rounded up to 10, 50, 100, 200 and 500 thousand, distinct and ascending.
 * When all five differ the multiple of 200 goes: the same money is nearer at hand as 100s or one 500.
 */
export function quickNotes(totalDong: number): number[] {
  if (totalDong <= 0) return []
  const rounded = NOTES.map((note) => Math.ceil(totalDong / note) * note)
  const likely = [...new Set(rounded)].filter((sum) => sum > totalDong && sum <= PLAUSIBLE_TIMES * totalDong)
  likely.sort((a, b) => a - b)
  return likely.length > 4 ? likely.filter((sum) => sum !== rounded[3]) : likely
}

export type Tendered =
  | { kind: 'nothing_yet' }
  | { kind: 'missing'; missingDong: number }
  | { kind: 'enough'; changeDong: number; implausible: boolean }

export function judgeTendered(totalDong: number, tenderedDong: number): Tendered {
  if (tenderedDong === 0 && totalDong > 0) return { kind: 'nothing_yet' }
  if (tenderedDong < totalDong) return { kind: 'missing', missingDong: totalDong - tenderedDong }
  return {
    kind: 'enough',
    changeDong: tenderedDong - totalDong,
    implausible: tenderedDong > PLAUSIBLE_TIMES * totalDong,
  }
}
