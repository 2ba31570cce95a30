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

/** Notes in use; coins and the 500 have gone in practice. */
export const ALL_NOTES = [500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000] as const

export interface Notes {
  notes: { note_dong: number; count: number }[]
  /** What no note covers: less than 1.000. */
  restDong: number
}

/** The fewest notes for an amount, largest first: 88.000 is 50 + 20 + 10 + 5 + 2 + 1 thousand. */
export function asNotes(dong: number): Notes {
  let restDong = dong
  const notes: Notes['notes'] = []
  for (const note_dong of ALL_NOTES) {
    const count = Math.floor(restDong / note_dong)
    if (count > 0) notes.push({ note_dong, count })
    restDong -= count * note_dong
  }
  return { notes, restDong }
}
